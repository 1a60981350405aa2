"""The remark on a pull request, over the sandbox's pull requests, comments and check runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.configuration import Configuration, ReviewRules
from app.domain.draft import ProofState
from app.domain.errors import GiveUp
from app.domain.job import State, Task
from app.domain.review import Missing
from app.sandbox.state import Issue
from tests.reviews import MARK, Reviews
from tests.shop import SHOP, open_shop
from tests.workflows.checkpoints import Checkpoints, Killed


@pytest.fixture
def reviews(tmp_path: Path) -> Iterator[Reviews]:
    with open_shop(tmp_path) as shop:
        yield Reviews(shop)


def head(pull: Issue) -> str:
    assert pull.pull is not None
    return pull.pull.head_sha


def test_a_finding_is_one_comment_and_one_neutral_check_run(reviews: Reviews) -> None:
    assert reviews.review().state == "remarked"
    (comment,) = reviews.comments()
    assert comment.body.startswith(f"{MARK}pull={reviews.home.id}/{reviews.pull.number} -->\n**This change touches")
    assert (comment.author.login, comment.hidden) == ("recall[bot]", None)
    (check,) = reviews.checks
    assert (check.name, check.head_sha, check.conclusion) == ("recall / review", head(reviews.pull), "neutral")
    assert check.external_id == f"recall:v1 review {reviews.pull.number}"
    assert [(one["path"], one["start_line"], one["end_line"]) for one in check.annotations] == [("shop/pricing.py", 5, 5)]


def test_without_a_finding_nothing_is_written(reviews: Reviews) -> None:
    reviews.missing = None
    assert reviews.review().state == "silent"
    assert (reviews.comments(), reviews.checks) == ([], [])


def test_without_recalls_nothing_is_asked(reviews: Reviews) -> None:
    reviews.remember(state=State.WITHDRAWN)
    assert reviews.review().state == "ignored"
    assert reviews.asked == []


def test_run_again_nothing_is_written(reviews: Reviews) -> None:
    reviews.review()
    (before,) = reviews.comments()
    updated = before.updated_at
    reviews.review()
    assert [one.updated_at for one in reviews.comments()] == [updated]
    assert (len(reviews.checks), len(reviews.checks[0].annotations)) == (1, 1)


def test_a_later_push_edits_the_same_comment_and_has_a_check_run_of_its_own(reviews: Reviews) -> None:
    reviews.review()
    (first,) = reviews.comments()
    reviews.push()
    reviews.review()
    assert [one.id for one in reviews.comments()] == [first.id]
    assert head(reviews.pull)[:7] in reviews.comments()[0].body
    assert [check.head_sha for check in reviews.checks][-1] == head(reviews.pull)


def test_once_the_cause_is_gone_the_comment_is_folded_away_and_the_check_is_green(reviews: Reviews) -> None:
    reviews.review()
    reviews.push()
    reviews.missing = None
    assert reviews.review().state == "settled"
    (comment,) = reviews.comments()
    assert comment.hidden == "resolved"
    assert comment.body.startswith(f"{MARK}pull={reviews.home.id}/{reviews.pull.number} gone -->\nNothing is missing")
    assert [check.conclusion for check in reviews.checks] == ["neutral", "success"]


def test_when_the_cause_comes_back_the_same_comment_is_shown_again(reviews: Reviews) -> None:
    reviews.review()
    for missing in (None, Missing.NO_GUARD):
        reviews.push()
        reviews.missing = missing
        reviews.review()
    (comment,) = reviews.comments()
    assert (comment.hidden, "touches the code" in comment.body) == (None, True)


def test_a_comment_that_people_folded_away_stays_so(reviews: Reviews) -> None:
    reviews.review()
    reviews.shop.mona.hide_comment(reviews.comments()[0])
    reviews.push()
    reviews.review()
    assert [one.hidden for one in reviews.comments()] == ["off-topic"]


def test_a_comment_that_people_deleted_is_not_made_again_for_the_same_findings(reviews: Reviews) -> None:
    reviews.review()
    reviews.shop.mona.delete_comment(reviews.pull, reviews.comments()[0])
    reviews.push()
    reviews.review()
    assert reviews.comments() == []


def test_a_comment_that_people_deleted_is_made_again_once_there_is_news(reviews: Reviews) -> None:
    reviews.review()
    reviews.shop.mona.delete_comment(reviews.pull, reviews.comments()[0])
    reviews.missing = Missing.GUARD_ROTTEN
    reviews.review()
    assert len(reviews.comments()) == 1


def test_a_marker_that_somebody_pasted_is_not_ours(reviews: Reviews) -> None:
    pasted = reviews.shop.mona.comment(reviews.pull, f"{MARK}pull={reviews.home.id}/{reviews.pull.number} -->\nmine")
    reviews.review()
    assert [one.author.login for one in reviews.comments()] == ["mona", "recall[bot]"]
    assert pasted.body.endswith("mine")


def test_asked_for_silence_nothing_is_written(reviews: Reviews) -> None:
    reviews.records.follow(reviews.home.id, f"quiet-{reviews.pull.number}")
    assert reviews.review().state == "ignored"
    assert (reviews.comments(), reviews.checks) == ([], [])


def test_asked_for_silence_what_was_said_is_folded_away_once(reviews: Reviews) -> None:
    reviews.review()
    reviews.records.follow(reviews.home.id, f"quiet-{reviews.pull.number}")
    reviews.review()
    (comment,) = reviews.comments()
    assert (comment.hidden, "touches the code" in comment.body) == ("resolved", True)
    comment.hidden = None
    reviews.push()
    reviews.review()
    assert comment.hidden is None


@pytest.mark.parametrize("wished", [False, True])
def test_drafts_are_reviewed_where_that_is_wished(reviews: Reviews, wished: bool) -> None:
    reviews.configuration = Configuration(review=ReviewRules(drafts=wished))
    pull = reviews.open("draft", draft=True)
    reviews.review(pull)
    assert bool(reviews.comments(pull)) is wished


@pytest.mark.parametrize("wished", [False, True])
def test_bots_are_reviewed_where_that_is_wished(reviews: Reviews, wished: bool) -> None:
    reviews.configuration = Configuration(review=ReviewRules(bots=wished))
    reviews.pull.author = reviews.shop.app.bot
    reviews.review()
    assert bool(reviews.comments()) is wished


@pytest.mark.parametrize(
    ("configuration", "comments", "checks"),
    [
        (Configuration(comments=False), 0, 1),
        (Configuration(checks=False), 1, 0),
        (Configuration(comments=False, checks=False), 0, 0),
        (Configuration(dry_run=True), 0, 0),
        (Configuration(review=ReviewRules(enabled=False)), 0, 0),
    ],
)
def test_what_is_turned_off_is_not_written(reviews: Reviews, configuration: Configuration, comments: int, checks: int) -> None:
    reviews.configuration = configuration
    reviews.review()
    assert (len(reviews.comments()), len(reviews.checks)) == (comments, checks)


def test_comments_that_were_turned_off_and_on_again_are_not_taken_for_deleted(reviews: Reviews) -> None:
    reviews.configuration = Configuration(comments=False)
    reviews.review()
    reviews.configuration = Configuration()
    reviews.review()
    assert len(reviews.comments()) == 1


def test_the_check_run_fails_only_where_that_is_wished(reviews: Reviews) -> None:
    reviews.configuration = Configuration(review=ReviewRules(fail=True))
    reviews.review()
    assert [check.conclusion for check in reviews.checks] == ["failure"]


def test_without_the_right_to_write_checks_the_comment_stands_alone(reviews: Reviews) -> None:
    del reviews.shop.installation.permissions["checks"]
    assert "No check run" in reviews.review().sentence
    assert len(reviews.comments()) == 1


def test_on_a_locked_conversation_the_check_run_stands_alone(reviews: Reviews) -> None:
    reviews.shop.mona.lock(reviews.pull)
    assert "No comment" in reviews.review().sentence
    assert (reviews.comments(), len(reviews.checks)) == ([], 1)


def test_a_closed_pull_request_is_left_alone(reviews: Reviews) -> None:
    reviews.review()
    (before,) = reviews.comments()
    body = before.body
    reviews.missing = None
    reviews.shop.mona.close(reviews.pull)
    assert reviews.review().state == "ignored"
    assert [one.body for one in reviews.comments()] == [body]


def test_an_issue_is_no_pull_request(reviews: Reviews) -> None:
    with pytest.raises(GiveUp):
        reviews.review(reviews.issue)


def test_a_head_that_moves_while_it_is_reviewed_is_reviewed_again_before_anything_is_said(reviews: Reviews) -> None:
    reviews.meanwhile = reviews.push
    outcome = reviews.review()
    assert (reviews.comments(), reviews.checks) == ([], [])
    assert [(job.task, job.number) for job in outcome.next] == [(Task.REVIEW_PULL, reviews.pull.number)]
    reviews.meanwhile = lambda: None
    reviews.review()
    assert [check.head_sha for check in reviews.checks] == [head(reviews.pull)]


def test_a_fork_is_reviewed_from_the_repositorys_own_copy(reviews: Reviews) -> None:
    sandbox = reviews.shop.sandbox
    sandbox.create_repository("eve/shop", fork_of=SHOP)
    eve = sandbox.person("eve")
    eve.push("eve/shop", {"shop/pricing.py": "RATE = 3\n"}, "Change", branch="theirs")
    pull = eve.open_pull(SHOP, "eve:theirs", "From afar")
    reviews.review(pull)
    assert reviews.asked == [head(pull)]
    assert len(reviews.comments(pull)) == 1


@pytest.mark.parametrize(
    ("proof", "told"), [(ProofState.NOT_PROVED, 1), (ProofState.FLAKY, 1), (ProofState.UNKNOWN, 0), (ProofState.PROVED, 0)]
)
def test_a_pull_request_that_closes_an_escape_is_told_of_its_own_test_alone(
    reviews: Reviews, proof: ProofState, told: int
) -> None:
    pull = reviews.open("fix", f"Fixes #{reviews.issue.number}")
    reviews.remember(fix_pull=pull.number, proof=proof)
    reviews.review(pull)
    assert [("closes the escape" in one.body) for one in reviews.comments(pull)] == [True] * told


@pytest.mark.parametrize(
    ("missing", "state"), [(Missing.NO_GUARD, "silent"), (Missing.GUARD_DISARMED, "remarked")], ids=["touched", "disarmed"]
)
def test_that_a_pull_request_closes_an_escape_again_excuses_no_guard_that_goes(
    reviews: Reviews, missing: Missing, state: str
) -> None:
    reviews.remember(fix_pull=reviews.pull.number)
    pull = reviews.open("again", f"Fixes #{reviews.issue.number}")
    reviews.missing = missing
    assert reviews.review(pull).state == state


def test_a_configuration_that_cannot_be_read_is_named_in_the_remark(reviews: Reviews) -> None:
    reviews.problems = ("line 3, column 1: tets is no key.",)
    reviews.review()
    assert "line 3, column 1" in reviews.comments()[0].body


def test_an_answer_lost_after_the_comment_was_made_makes_one_comment(reviews: Reviews) -> None:
    reviews.shop.sandbox.faults.add("server-error-after", method="POST", path="*/comments")
    reviews.review()
    assert len(reviews.comments()) == 1
    assert reviews.shop.sandbox.faults.listed() == []


@pytest.mark.parametrize("boundary", range(13, 23))
def test_killed_while_it_speaks_there_is_one_comment_and_one_check_run(reviews: Reviews, boundary: int) -> None:
    killed_once(reviews, boundary)
    assert [one.hidden for one in reviews.comments()] == [None]
    assert [check.conclusion for check in reviews.checks] == ["neutral"]


@pytest.mark.parametrize("boundary", range(11, 19))
def test_killed_while_it_settles_the_one_comment_is_folded_away(reviews: Reviews, boundary: int) -> None:
    reviews.review()
    reviews.push()
    reviews.missing = None
    killed_once(reviews, boundary)
    assert [one.hidden for one in reviews.comments()] == ["resolved"]
    assert [check.conclusion for check in reviews.checks] == ["neutral", "success"]


def killed_once(reviews: Reviews, boundary: int) -> None:
    """A job that dies at that moment, and goes on behind the last step that had ended."""
    step = Checkpoints(boundary)
    with pytest.raises(Killed):
        reviews.review(step=step)
    reviews.review(step=step)
