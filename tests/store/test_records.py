"""What is remembered of issues and workers, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace

import pytest

from app.domain.correction import Corrections, Part, Verdict
from app.domain.course import Course, Stage
from app.domain.delivery import Repository
from app.domain.draft import DraftState, Guard
from app.domain.job import Recall, State
from app.domain.watch import Watched
from app.store.database import Database
from app.store.recalls import Recalls
from app.store.watches import Watches
from app.store.workers import Workers

BIG = 9_000_000_001
ONE = Recall(BIG, 5, BIG, "acme/shop", State.REPORTED, BIG, BIG, "a" * 40, '{"x": "\\u0000"}')


@pytest.fixture
def recalls(database: Database) -> Recalls:
    database.migrate()
    return Recalls(database)


def known(recalls: Recalls) -> Recall:
    """What is remembered of `ONE`, but for when."""
    found = recalls.recall(ONE.repository_id, ONE.number)
    assert found is not None
    return replace(found, course=Course())


def test_a_recall_comes_back_as_it_was_saved(recalls: Recalls) -> None:
    recalls.save(ONE)
    assert known(recalls) == ONE
    assert recalls.recall(BIG, 6) is None


def test_saving_again_replaces(recalls: Recalls) -> None:
    recalls.save(ONE)
    recalls.save(replace(ONE, state=State.WITHDRAWN, fix_pull=None, report=None))
    assert known(recalls) == replace(ONE, state=State.WITHDRAWN, fix_pull=None, report=None)


def test_only_what_is_not_final_is_listed_for_a_repository(recalls: Recalls) -> None:
    for number, state in enumerate(State):
        recalls.save(replace(ONE, number=number, state=state))
    recalls.save(replace(ONE, repository_id=1))
    assert {r.state for r in recalls.recalls(BIG)} == {State.REPORTED, State.PROVISIONAL, State.WAITING}


def test_the_end_of_an_installation_forgets_its_recalls_alone(recalls: Recalls) -> None:
    recalls.save(ONE)
    recalls.save(replace(ONE, number=6))
    recalls.save(replace(ONE, number=7, installation=1))
    assert recalls.end_installation(BIG) == 2
    assert [r.number for r in recalls.recalls(BIG)] == [7]


def test_a_worker_is_alive_until_its_time_is_over(database: Database) -> None:
    database.migrate()
    workers = Workers(database)
    workers.join("a")
    assert workers.alive(60) == {"a"}
    assert workers.alive(-1) == frozenset()


def test_a_worker_taken_for_dead_learns_of_it(database: Database) -> None:
    database.migrate()
    workers = Workers(database)
    workers.join("a")
    assert workers.beat("a")
    workers.leave("a")
    assert not workers.beat("a")
    assert workers.alive(60) == frozenset()


def test_saving_a_recall_leaves_its_guard_as_it_is(recalls: Recalls) -> None:
    recalls.save(ONE)
    recalls.keep_guard(ONE.repository_id, ONE.number, lambda guard: replace(guard, draft=DraftState.OPEN, tests=("a.py::b",)))
    recalls.save(replace(ONE, state=State.WAITING))
    assert known(recalls) == replace(ONE, state=State.WAITING, guard=Guard(DraftState.OPEN, tests=("a.py::b",)))


def test_a_guard_of_an_unknown_issue_is_not_kept(recalls: Recalls) -> None:
    assert recalls.keep_guard(1, 2, lambda guard: replace(guard, pull=3)) == Guard()
    assert recalls.recall(1, 2) is None


def test_what_people_said_outlives_the_next_save(recalls: Recalls) -> None:
    said = Corrections(fix="#7", verdicts=(Verdict(Part.LINK, False, "2026-01-01T00:00:00+00:00", "another bug"),))
    recalls.save(ONE)
    recalls.keep_said(BIG, 5, lambda _: said)
    recalls.save(ONE)
    assert known(recalls).said == said


def test_nothing_is_kept_of_what_people_say_of_an_unknown_issue(recalls: Recalls) -> None:
    assert recalls.keep_said(BIG, 5, lambda said: replace(said, quiet=True)) == Corrections()
    assert recalls.recall(BIG, 5) is None


def test_the_course_goes_on_with_what_is_kept(recalls: Recalls) -> None:
    recalls.save(replace(ONE, comment_id=None, fix_head=None))
    recalls.save(ONE)
    recalls.keep_guard(BIG, 5, lambda guard: replace(guard, draft=DraftState.OPEN))
    found = recalls.recall(BIG, 5)
    assert found is not None
    assert [moment.stage for moment in found.course.moments] == [Stage.LABELLED, Stage.LINKED, Stage.COMMENTED, Stage.DRAFTED]


def test_a_command_is_followed_once_and_forgotten_with_its_installation(recalls: Recalls) -> None:
    recalls.save(ONE)
    assert not recalls.followed(BIG, "12-a")
    recalls.follow(BIG, "12-a")
    recalls.follow(BIG, "12-a")
    assert recalls.followed(BIG, "12-a")
    recalls.end_installation(BIG)
    assert not recalls.followed(BIG, "12-a")


def test_every_field_of_a_watched_repository_is_kept(database: Database) -> None:
    database.migrate()
    home = Repository(BIG, "acme/shop", "internal", "trunk")
    one = Watched(home, BIG, ("incident", "p1"), due=100.0, read=5.0, collector="acme/home", broken="a" * 40)
    plain = Watched(Repository(BIG, "acme/other"), None)
    assert [each.name for each in fields(Watched) if getattr(one, each.name) == getattr(plain, each.name)] == []
    Watches(database).keep(BIG, lambda _: plain)
    Watches(database).keep(BIG, lambda _: one)
    assert Watches(database).watched(BIG) == one


def test_changes_of_a_watched_repository_at_once_lose_nothing(database: Database) -> None:
    database.migrate()
    watches, begun = Watches(database), Watched(Repository(BIG, "acme/shop"), BIG, due=0.0)

    def counted(known: Watched | None) -> Watched:
        return replace(known or begun, due=((known or begun).due or 0.0) + 1)

    with ThreadPoolExecutor(8) as pool:
        for each in [pool.submit(watches.keep, BIG, counted) for _ in range(40)]:
            each.result()
    assert watches.watched(BIG) == replace(begun, due=40.0)


def test_a_repository_is_watched_until_its_installation_ends(database: Database) -> None:
    database.migrate()
    watches, one = (
        Watches(database),
        Watched(Repository(BIG, "acme/shop", default_branch="trunk"), BIG, ("incident",), 100.0, 5.0),
    )
    watches.keep(BIG, lambda known: None if known else one)
    watches.keep(BIG, lambda known: replace(known, due=50.0) if known else None)
    assert watches.watched(BIG) == replace(one, due=50.0)
    watches.stale(1)
    assert watches.watched(BIG) == replace(one, due=50.0)
    watches.stale(BIG)
    one = replace(one, read=0.0)
    assert watches.watched(BIG) == replace(one, due=50.0)
    assert (watches.due(49.9), watches.due(50.0)) == ((), (replace(one, due=50.0),))
    Recalls(database).end_installation(BIG)
    assert watches.watched(BIG) is None
