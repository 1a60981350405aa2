"""What people say of the cause, looked up in real histories: only what is here and older than the fix counts."""

from pathlib import Path

import pytest

from app.domain.correction import Corrections
from app.domain.culprit import Basis, Saying, Speech, Suspect
from app.domain.unchecked import Unchecked
from app.engine.culprit import trace
from app.engine.sayings import Heard, hear
from app.git.repository import find_fix, open_repository
from tests.build import WorkingCopy, working_copy


@pytest.fixture
def copy(tmp_path: Path) -> WorkingCopy:
    copy = working_copy(tmp_path / "repo")
    copy.commit("first", {"a.py": "a = 1\n"})
    return copy


def heard(copy: WorkingCopy, speech: Speech | None = None, *suspects: str) -> Heard:
    repository = open_repository(copy.path)
    guessed = tuple(Suspect(sha, "", 0, 0.5) for sha in suspects)
    return hear(repository, find_fix(repository, "HEAD"), speech or Speech(), guessed)


def merged(copy: WorkingCopy, number: int, *messages: str) -> tuple[str, list[str]]:
    """A merged pull request: the merge, and its commits."""
    copy.git("switch", "--quiet", "--create", f"pull-{number}")
    brought = [copy.commit(message, {f"{number}-{n}.py": "b = 1\n"}) for n, message in enumerate(messages)]
    copy.git("switch", "--quiet", "main")
    copy.commit("meanwhile", {"c.py": f"c = {number}\n"})
    copy.git("merge", "--quiet", "--no-ff", "-m", f"Merge pull request #{number} from acme/it", f"pull-{number}")
    return copy.git("rev-parse", "HEAD"), brought


def test_a_commit_in_the_fixs_message_is_told_by_its_full_sha(copy: WorkingCopy) -> None:
    cause = copy.commit("Round twice", {"a.py": "a = 2\n"})
    copy.commit(f"Round once\n\nFixes: {cause[:10]}", {"a.py": "a = 1\n"})
    told = heard(copy)
    assert told.said == (Saying(cause, "fixes-trailer", "fix"),)
    assert told.known[cause].subject == "Round twice"


def test_a_commit_on_the_issue_is_told_as_said_there(copy: WorkingCopy) -> None:
    cause = copy.commit("Round twice", {"a.py": "a = 2\n"})
    copy.commit("Round once", {"a.py": "a = 1\n"})
    assert heard(copy, Speech(f"Bisected to {cause}")).said == (Saying(cause, "bisect", "issue"),)


def test_a_commit_that_is_not_here_is_left_out(copy: WorkingCopy) -> None:
    copy.commit("Round once\n\nFixes: deadbeef1234", {"a.py": "a = 2\n"})
    assert heard(copy).said == ()


def test_a_commit_that_is_not_older_than_the_fix_is_left_out(copy: WorkingCopy) -> None:
    copy.git("switch", "--quiet", "--create", "aside")
    aside = copy.commit("Aside", {"b.py": "b = 1\n"})
    copy.git("switch", "--quiet", "main")
    copy.commit(f"Round once\n\nFixes: {aside}", {"a.py": "a = 2\n"})
    assert heard(copy).said == ()


def test_a_branch_that_is_called_like_a_commit_is_not_taken_for_one(copy: WorkingCopy) -> None:
    copy.git("branch", "deadbee1")
    copy.commit("Round once\n\nFixes: deadbee1", {"a.py": "a = 2\n"})
    assert heard(copy).said == ()


def test_a_beginning_of_two_commits_names_neither(copy: WorkingCopy) -> None:
    copy.commit("Round once\n\nThe bug was introduced in 0000000", {"a.py": "a = 2\n"})
    assert heard(copy).said == ()


def test_a_squashed_pull_request_is_the_commit_that_bears_its_number(copy: WorkingCopy) -> None:
    cause = copy.commit("Round twice (#431)", {"a.py": "a = 2\n"})
    copy.commit("Speak of it\n\nUndo what came with (#431)\nand go on (#440)", {"b.py": "b = 1\n"})
    copy.commit("Round once", {"a.py": "a = 1\n"})
    told = heard(copy, Speech("Regression from #431", repository="acme/shop"))
    assert told.said == (Saying(cause, "regression", "issue"),)
    assert told.known[cause].pull_request == 431


def test_a_merged_pull_request_of_one_commit_is_that_commit(copy: WorkingCopy) -> None:
    _, (brought,) = merged(copy, 431, "Round twice")
    copy.commit("Round once", {"a.py": "a = 3\n"})
    assert heard(copy, Speech("It broke in #431", repository="acme/shop")).said[0].sha == brought


def test_of_a_pull_request_of_several_commits_the_best_suspect_is_meant(copy: WorkingCopy) -> None:
    merge, brought = merged(copy, 431, "Move", "Round twice", "Document")
    copy.commit("Round once", {"a.py": "a = 3\n"})
    speech = Speech("It broke in #431", repository="acme/shop")
    assert heard(copy, speech, brought[1], brought[0]).said[0].sha == brought[1]
    assert heard(copy, speech).said[0].sha == merge


def test_a_number_of_no_pull_request_is_left_out(copy: WorkingCopy) -> None:
    copy.commit("Round once", {"a.py": "a = 3\n"})
    assert heard(copy, Speech("It broke in #431", repository="acme/shop")).said == ()


def test_a_correction_that_names_a_merge_is_about_what_it_brought(copy: WorkingCopy) -> None:
    merge, brought = merged(copy, 431, "Move", "Round twice")
    copy.commit("Round once", {"a.py": "a = 3\n"})
    named = heard(copy, Speech(corrections=Corrections(culprit=merge)), brought[0])
    denied = heard(copy, Speech(corrections=Corrections(not_culprits=(merge,))), brought[0])
    assert named.corrections.culprit == brought[0]
    assert set(denied.corrections.not_culprits) == {merge, *brought}


def test_a_correction_that_names_what_is_not_here_stands_as_it_is(copy: WorkingCopy) -> None:
    copy.commit("Round once", {"a.py": "a = 3\n"})
    corrections = Corrections(culprit="d" * 40, not_culprits=("e" * 40,))
    assert heard(copy, Speech(corrections=corrections)).corrections == corrections


@pytest.mark.parametrize("wrong", ["HEAD", "HEAD~1"])
def test_no_command_makes_the_fix_or_what_came_after_it_the_culprit(copy: WorkingCopy, wrong: str) -> None:
    cause = copy.commit("Round twice", {"a.py": "a = 2\n"})
    fix = copy.commit("Round once", {"a.py": "a = 3\n"})
    copy.commit("Go on", {"a.py": "a = 4\n"})
    sha = copy.git("rev-parse", wrong)
    origin = trace(copy.path, fix, speech=Speech(corrections=Corrections(culprit=sha)))
    assert (origin.suspects[0].sha, origin.basis) == (cause, Basis.GUESSED)
    assert origin.unchecked == (Unchecked("culprit-after-fix", (sha[:10],)),)


def test_a_commit_that_is_named_twice_is_told_once(copy: WorkingCopy) -> None:
    cause = copy.commit("Round twice (#431)", {"a.py": "a = 2\n"})
    copy.commit(f"Round once\n\nFixes: {cause[:9]}", {"a.py": "a = 1\n"})
    assert len(heard(copy, Speech(f"Regression from #431, caused by {cause}", repository="acme/shop")).said) == 1


def test_who_is_named_gets_the_pull_request_of_the_merge_that_brought_it(copy: WorkingCopy) -> None:
    _, (brought,) = merged(copy, 431, "Round twice")
    fix = copy.commit("Round once", {"431-0.py": "b = 2\n"})
    first = trace(copy.path, fix).suspects[0]
    assert (first.sha, first.pull_request) == (brought, 431)
