"""Map files given by hand: shards of one commit are one map, and a file that is none is named."""

from pathlib import Path

import pytest

from app.domain.errors import TellUser
from app.engine.map_files import open_maps
from tests.analysis.testmap.build import CART, COMMIT, USER, map_bytes


def written(folder: Path, **files: bytes) -> list[Path]:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in files]


def test_the_shards_of_a_commit_are_one_map(tmp_path: Path) -> None:
    maps = open_maps(written(tmp_path, a=map_bytes(CART, shards=2), b=map_bytes(CART, USER, shard=2, shards=2)))
    assert maps.commits() == (COMMIT,)
    found = maps.at(COMMIT)
    assert [segment.origin.shard for segment in found.segments] == [1, 2]
    assert set(found.paths) == {CART.path, USER.path}
    assert {path: len(covers) for path, covers in found.covers([CART.path, USER.path, "other.py"]).items()} == {
        CART.path: 2,
        USER.path: 1,
    }


def test_two_files_that_call_themselves_the_same_shard_both_count(tmp_path: Path) -> None:
    maps = open_maps(written(tmp_path, a=map_bytes(CART), b=map_bytes(USER)))
    assert set(maps.at(COMMIT).paths) == {CART.path, USER.path}


def test_maps_of_several_commits_are_kept_apart(tmp_path: Path) -> None:
    maps = open_maps(written(tmp_path, a=map_bytes(CART), b=map_bytes(USER, commit="d" * 40)))
    assert set(maps.commits()) == {COMMIT, "d" * 40}
    assert set(maps.at("d" * 40).paths) == {USER.path}


def test_a_file_that_is_no_map_is_named(tmp_path: Path) -> None:
    (other,) = written(tmp_path, other=b"SQLite format 3\0")
    with pytest.raises(TellUser, match=r"other: This is not a map of recall\. Make one with `recall map build`\.$"):
        open_maps([other])


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TellUser, match=r"gone\.recall cannot be read: No such file or directory\.$"):
        open_maps([tmp_path / "gone.recall"])
