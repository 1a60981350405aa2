"""The life of a bug, on real histories."""

from pathlib import Path

import pytest

from app.domain.green import Release
from app.domain.unchecked import Unchecked
from app.engine.life import Facts, first_release, read_life
from app.git.ancestry import landing
from app.git.repository import open_repository
from app.git.tags import Tag, tags_containing
from tests.build import WorkingCopy, working_copy

DAY = "2020-09-{:02d}T12:26:40+00:00"


@pytest.fixture
def copy(tmp_path: Path) -> WorkingCopy:
    made = working_copy(tmp_path / "shop")
    made.commit("Begin", {"a.py": "1\n"})
    return made


def branched(copy: WorkingCopy) -> tuple[str, str]:
    """A commit on a branch while main goes on, and the merge that brought it."""
    copy.git("checkout", "--quiet", "-b", "topic")
    culprit = copy.commit("Let it in", {"a.py": "2\n"})
    copy.git("checkout", "--quiet", "main")
    copy.commit("Go on", {"b.py": "1\n"})
    copy.day += 1
    copy.git("merge", "--quiet", "--no-ff", "--no-edit", "topic")
    return culprit, copy.git("rev-parse", "HEAD")


def test_what_brought_a_commit_is_its_merge(copy: WorkingCopy) -> None:
    culprit, merge = branched(copy)
    tip = copy.commit("Later", {"c.py": "1\n"})
    assert landing(open_repository(copy.path), culprit, tip) == merge


def test_a_commit_of_the_branch_itself_brought_itself(copy: WorkingCopy) -> None:
    culprit = copy.commit("Let it in", {"a.py": "2\n"})
    repository = open_repository(copy.path)
    assert landing(repository, culprit, culprit) == culprit
    assert landing(repository, culprit, copy.commit("Later", {"c.py": "1\n"})) == culprit


def test_a_merge_inside_a_branch_is_not_what_brought_it_to_main(copy: WorkingCopy) -> None:
    copy.git("checkout", "--quiet", "-b", "feature")
    copy.git("checkout", "--quiet", "-b", "topic")
    culprit = copy.commit("Let it in", {"a.py": "2\n"})
    copy.git("checkout", "--quiet", "feature")
    copy.commit("Feature", {"f.py": "1\n"})
    copy.git("merge", "--quiet", "--no-ff", "--no-edit", "topic")
    copy.git("checkout", "--quiet", "main")
    copy.commit("Go on", {"b.py": "1\n"})
    copy.git("merge", "--quiet", "--no-ff", "--no-edit", "feature")
    merge = copy.git("rev-parse", "HEAD")
    tip = copy.commit("Later", {"c.py": "1\n"})
    assert landing(open_repository(copy.path), culprit, tip) == merge


def test_what_never_landed_was_brought_by_nothing(copy: WorkingCopy) -> None:
    copy.git("checkout", "--quiet", "-b", "topic")
    culprit = copy.commit("Let it in", {"a.py": "2\n"})
    assert landing(open_repository(copy.path), culprit, copy.git("rev-parse", "main")) is None


def test_a_life_from_its_commit_to_the_release_of_its_fix(copy: WorkingCopy) -> None:
    culprit, base = branched(copy)
    copy.git("tag", "v1.0rc1")
    copy.commit("More", {"d.py": "1\n"})
    copy.git("tag", "--annotate", "--message", "one", "v1.0")
    fix = copy.commit("Fix it", {"a.py": "3\n"})
    copy.git("tag", "nightly-1")
    copy.commit("Even more", {"e.py": "1\n"})
    copy.git("tag", "v1.1")
    life, unchecked = read_life(open_repository(copy.path), culprit, base, fix, Facts(reported="2020-09-18T00:00:00Z"))
    assert (life.introduced, life.merged, life.fixed) == (DAY.format(15), DAY.format(17), DAY.format(19))
    assert (life.released, life.fix_released) == (Release("v1.0", DAY.format(18)), Release("v1.1", DAY.format(20)))
    assert (life.reported, life.days, unchecked) == ("2020-09-18T00:00:00+00:00", 2, ())


def test_github_s_word_on_the_merge_goes_first(copy: WorkingCopy) -> None:
    culprit = copy.commit("Let it in", {"a.py": "2\n"})
    life, _ = read_life(open_repository(copy.path), culprit, culprit, None, Facts(merged="2020-09-30T02:00:00+02:00"))
    assert life.merged == "2020-09-30T00:00:00+00:00"


def test_what_is_not_fixed_has_no_end(copy: WorkingCopy) -> None:
    culprit = copy.commit("Let it in", {"a.py": "2\n"})
    life, _ = read_life(open_repository(copy.path), culprit, culprit, None, Facts())
    assert (life.fixed, life.fix_released, life.days) == ("", None, None)


def test_a_fix_dated_before_its_bug_gives_no_days(copy: WorkingCopy) -> None:
    culprit = copy.commit("Let it in", {"a.py": "2\n"})
    fix = copy.commit("Fix it", {"a.py": "3\n"})
    life, _ = read_life(open_repository(copy.path), culprit, culprit, fix, Facts(merged="2031-01-01T00:00:00Z"))
    assert life.days is None


def test_a_commit_that_is_not_there_is_said(copy: WorkingCopy) -> None:
    tip, gone = copy.git("rev-parse", "HEAD"), "f" * 40
    life, unchecked = read_life(open_repository(copy.path), gone, tip, None, Facts())
    assert (life.introduced, life.merged, life.released) == ("", "", None)
    assert unchecked == (Unchecked("life-dates", (gone,)), Unchecked("life-released", (gone,)))


def test_the_first_release_is_the_one_of_the_oldest_commit_whenever_it_was_tagged() -> None:
    tags = (Tag("v2.0", made=900, committed=300), Tag("v1.9", made=1000, committed=200), Tag("v1.9rc1", made=50, committed=100))
    assert first_release(tags) == Release("v1.9", "1970-01-01T00:16:40+00:00")


def test_of_tags_on_one_commit_the_lower_version_is_first() -> None:
    assert first_release((Tag("v1.10", 5, 5), Tag("v1.9", 5, 5))) == Release("v1.9", "1970-01-01T00:00:05+00:00")


def test_what_comes_before_a_release_counts_where_there_is_no_release() -> None:
    assert first_release((Tag("v1.0rc1", 5, 5), Tag("ci", 1, 1))) == Release("v1.0rc1", "1970-01-01T00:00:05+00:00", final=False)


def test_only_the_tags_that_lead_to_a_commit_contain_it(copy: WorkingCopy) -> None:
    copy.git("tag", "v0.1")
    culprit = copy.commit("Let it in", {"a.py": "2\n"})
    copy.git("tag", "--annotate", "--message", "two", "v0.2")
    copy.git("tag", "--annotate", "--message", "a file", "blob", "HEAD:a.py")
    assert [tag.name for tag in tags_containing(open_repository(copy.path), culprit)] == ["v0.2"]
