"""Stored maps, on both databases: kept whole or not at all, replaced by later runs, read by their own repository alone."""

import pytest
from sqlalchemy import text

from app.analysis.testmap import records
from app.analysis.testmap.mapfile import open_map
from app.domain.errors import TellUser, TryLater
from app.domain.lines import lines_of
from app.domain.testmap import Measured, Place
from app.store.database import Database
from app.store.maps import StoredMaps
from app.store.recalls import Recalls
from tests.analysis.testmap.build import CART, COMMIT, TESTS, USER, forged, map_file

HOST, REPOSITORY = "github.com", 9_000_000_001
HERE = Place(HOST, REPOSITORY, 9_000_000_002)


@pytest.fixture
def stored(database: Database) -> StoredMaps:
    database.migrate()
    return StoredMaps(database)


def rows(database: Database) -> tuple[int, int]:
    """How many segments and file records there are, of whomever."""
    with database.engine.connect() as connection:
        segments = connection.scalar(text("SELECT count(*) FROM recall_map_segment"))
        return segments, connection.scalar(text("SELECT count(*) FROM recall_map_file"))


def runs(stored: StoredMaps) -> list[str]:
    return sorted(kept.origin.run for kept in stored.segments(HOST, REPOSITORY))


def test_a_kept_map_answers_as_the_file_did(stored: StoredMaps) -> None:
    file = map_file()
    stored.keep(HERE, file, baseline=True, run="1.1")
    kept = stored.maps(HOST, REPOSITORY).at(COMMIT)
    assert kept.segments == (file.segment,)
    assert set(kept.paths) == {"shop/cart.py", "shop/user.py"}
    assert kept.covers(["shop/cart.py", "shop/user.py", "other.py"]) == {
        "shop/cart.py": file.cover("shop/cart.py"),
        "shop/user.py": file.cover("shop/user.py"),
    }


def test_a_file_measured_twice_keeps_both_parts(stored: StoredMaps) -> None:
    again = Measured(CART.path, {2: lines_of([7])})
    stored.keep(HERE, map_file(CART, again), baseline=True, run="1.1")
    (first, second) = stored.maps(HOST, REPOSITORY).at(COMMIT).covers([CART.path])[CART.path]
    assert (first.covered, second.covered) == (lines_of([1, 2, 3, 4]), lines_of([7]))


def test_shards_are_read_as_one(stored: StoredMaps) -> None:
    stored.keep(HERE, map_file(CART, shard=1, shards=2), baseline=True, run="1.1")
    stored.keep(HERE, map_file(CART, USER, shard=2, shards=2), baseline=True, run="1.1")
    kept = stored.maps(HOST, REPOSITORY).at(COMMIT)
    assert [segment.origin.shard for segment in kept.segments] == [1, 2]
    assert [len(covers) for covers in kept.covers([CART.path, USER.path]).values()] == [2, 1]


def test_a_shard_of_a_later_run_replaces_and_of_an_earlier_run_does_not(stored: StoredMaps) -> None:
    stored.keep(HERE, map_file(run="9.1"), baseline=True, run="9.1")
    stored.keep(HERE, map_file(run="10.1"), baseline=True, run="10.1")
    stored.keep(HERE, map_file(run="9.2"), baseline=True, run="9.2")
    assert runs(stored) == ["10.1"]


def test_two_jobs_of_one_run_that_call_themselves_the_same_are_both_kept(stored: StoredMaps) -> None:
    stored.keep(HERE, map_file(CART), baseline=True, run="1.1")
    stored.keep(HERE, map_file(USER), baseline=True, run="1.1")
    assert set(stored.maps(HOST, REPOSITORY).at(COMMIT).paths) == {CART.path, USER.path}


def test_the_same_map_is_kept_once_however_often_it_comes(stored: StoredMaps, database: Database) -> None:
    for _ in range(3):
        stored.keep(HERE, map_file(), baseline=True, run="1.1")
    assert rows(database) == (1, 2)


def test_a_later_run_in_another_number_of_shards_replaces_all_shards(stored: StoredMaps) -> None:
    for shard in (1, 2, 3):
        stored.keep(HERE, map_file(shard=shard, shards=3), baseline=True, run="1.1")
    stored.keep(HERE, map_file(shard=1, shards=2, run="2.1"), baseline=True, run="2.1")
    assert runs(stored) == ["2.1"]


def test_a_map_of_a_branch_neither_answers_nor_replaces_the_baseline(stored: StoredMaps) -> None:
    stored.keep(HERE, map_file(CART), baseline=True, run="1.1")
    stored.keep(HERE, map_file(USER, run="2.1"), baseline=False, run="2.1")
    stored.keep(HERE, map_file(USER, commit="d" * 40), baseline=False, run="1.1")
    maps = stored.maps(HOST, REPOSITORY)
    assert maps.commits() == (COMMIT,)
    assert set(maps.at(COMMIT).paths) == {CART.path}
    assert maps.at("d" * 40).covers([USER.path]) == {}


@pytest.mark.parametrize(("host", "repository"), [(HOST, REPOSITORY + 1), ("ghe.example.com", REPOSITORY)])
def test_no_other_repository_sees_a_map(stored: StoredMaps, host: str, repository: int) -> None:
    stored.keep(HERE, map_file(), baseline=True, run="1.1")
    other = stored.maps(host, repository)
    assert other.commits() == ()
    assert (other.at(COMMIT).segments, set(other.at(COMMIT).paths), other.at(COMMIT).covers([CART.path])) == ((), set(), {})
    assert stored.segments(host, repository) == ()
    assert stored.prune(host, repository, commits=0, most=0) == 0
    assert len(stored.segments(HOST, REPOSITORY)) == 1


def test_another_repositorys_map_of_the_same_commit_replaces_nothing(stored: StoredMaps) -> None:
    stored.keep(HERE, map_file(CART), baseline=True, run="1.1")
    stored.keep(Place(HOST, 1, 1), map_file(USER, run="2.1"), baseline=True, run="2.1")
    assert set(stored.maps(HOST, REPOSITORY).at(COMMIT).paths) == {CART.path}
    assert set(stored.maps(HOST, 1).at(COMMIT).paths) == {USER.path}


def test_nothing_is_stored_of_a_map_with_one_damaged_record(stored: StoredMaps, database: Database) -> None:
    stored.keep(HERE, map_file(CART), baseline=True, run="1.1")
    lie = forged({file.path: records.encode(file) for file in (CART, USER)}, tests=TESTS[:2])
    with pytest.raises(TellUser, match=r"what it holds of shop/user.py names tests that are not in the dictionary"):
        stored.keep(HERE, open_map(lie), baseline=True, run="2.1")
    assert rows(database) == (1, 1)
    assert runs(stored) == ["1.1"]


def test_a_commit_takes_no_more_than_it_may(stored: StoredMaps, database: Database) -> None:
    with pytest.raises(TellUser, match=r"The maps of commit cccccccccc would take more than 0 MiB"):
        stored.keep(HERE, map_file(), baseline=True, run="1.1", most=100)
    assert rows(database) == (0, 0)


def test_the_last_commits_stay_and_older_ones_go(stored: StoredMaps, database: Database) -> None:
    for name in "abcd":
        stored.keep(HERE, map_file(commit=name * 40), baseline=True, run="1.1")
        stored.keep(HERE, map_file(commit=name * 40), baseline=False, run="1.1")
    assert stored.prune(HOST, REPOSITORY, commits=2) == 4
    assert set(stored.maps(HOST, REPOSITORY).commits()) == {"c" * 40, "d" * 40}
    assert rows(database) == (4, 8)


def test_commits_that_take_too_many_bytes_go_but_the_last_one_stays(stored: StoredMaps) -> None:
    for name in "abc":
        stored.keep(HERE, map_file(commit=name * 40), baseline=True, run="1.1")
    size = stored.segments(HOST, REPOSITORY)[0].size
    assert stored.prune(HOST, REPOSITORY, most=2 * size) == 1
    assert stored.prune(HOST, REPOSITORY, most=0) == 1
    assert stored.maps(HOST, REPOSITORY).commits() == ("c" * 40,)


def test_maps_of_branches_cannot_push_the_baseline_out(stored: StoredMaps) -> None:
    stored.keep(HERE, map_file(), baseline=True, run="1.1")
    for name in "def":
        stored.keep(HERE, map_file(commit=name * 40), baseline=False, run="1.1")
    stored.prune(HOST, REPOSITORY, commits=1)
    assert stored.maps(HOST, REPOSITORY).commits() == (COMMIT,)


def test_the_end_of_an_installation_forgets_its_maps_alone(stored: StoredMaps, database: Database) -> None:
    stored.keep(HERE, map_file(), baseline=True, run="1.1")
    stored.keep(Place(HOST, 1, 1), map_file(), baseline=True, run="1.1")
    Recalls(database).end_installation(9_000_000_002)
    assert rows(database) == (1, 2)
    assert stored.maps(HOST, 1).commits() == (COMMIT,)


def test_a_map_that_is_replaced_while_it_is_read_is_said_to_be(stored: StoredMaps) -> None:
    stored.keep(HERE, map_file(CART), baseline=True, run="1.1")
    reading = stored.maps(HOST, REPOSITORY).at(COMMIT)
    assert len(reading.segments) == 1
    stored.keep(HERE, map_file(USER, run="2.1"), baseline=True, run="2.1")
    with pytest.raises(TryLater, match="was replaced while it was read"):
        reading.covers([CART.path])


def test_what_is_kept_can_be_listed(stored: StoredMaps) -> None:
    stored.keep(HERE, map_file(shard=2, shards=3, branch="main", tool="coverage.py 7"), baseline=True, run="7.1")
    (kept,) = stored.segments(HOST, REPOSITORY, COMMIT)
    assert (kept.origin.run, kept.origin.shard, kept.origin.shards, kept.origin.tool) == ("7.1", 2, 3, "coverage.py 7")
    assert (kept.baseline, kept.tests, kept.files) == (True, 3, 2)
    assert stored.segments(HOST, REPOSITORY, "d" * 40) == ()


def test_a_database_that_refuses_says_to_ask_again(stored: StoredMaps, database: Database) -> None:
    maps = stored.maps(HOST, REPOSITORY)
    with database.engine.begin() as connection:
        for table in ("recall_map_file", "recall_map_segment"):
            connection.execute(text(f"DROP TABLE {table}"))
    with pytest.raises(TryLater, match="The database refused"):
        maps.commits()
    with pytest.raises(TryLater, match="The database refused"):
        maps.at(COMMIT).covers([CART.path])
