"""One label, one branch, one draft: wherever the process is killed on the way."""

from app.sandbox.state import Issue
from tests.end_to_end.conftest import DRAFT_BOUNDARIES, LABEL, Bot
from tests.shop import SHOP


def mended(bot: Bot, issue: Issue) -> None:
    """The issue's fix, merged."""
    mona, branch = bot.shop.mona, f"fix-{issue.number}"
    code = f"RATE = 2\n\n\ndef total(n):\n    return n * RATE + {issue.number}\n"
    mona.push(SHOP, {"shop/pricing.py": code}, "Count it right", branch=branch)
    mona.merge(mona.open_pull(SHOP, branch, "Count it right", f"Fixes #{issue.number}"))


def drafts(bot: Bot, issue: Issue) -> list[Issue]:
    branch = f"recall/issue-{issue.number}"
    return [pull for pull in bot.shop.repository.pulls() if pull.pull and pull.pull.head_ref == branch]


def test_a_process_killed_at_every_step_boundary_makes_one_branch_and_one_draft_each(dying_drafter: Bot) -> None:
    bot = dying_drafter
    bot.shop.mona.push(SHOP, {".github/recall.yml": "drafts_per_day: 50\n"}, "Settle")
    issues = [bot.issue() for _ in range(DRAFT_BOUNDARIES.stop)]
    deadly = [issues[boundary] for boundary in DRAFT_BOUNDARIES]
    for issue in deadly:
        mended(bot, issue)
    for issue in deadly:
        bot.shop.mona.label(issue, LABEL)
    bot.settle(240)
    assert {mark.name for mark in bot.death.glob("died-draft-*")} == {f"died-draft-{n}" for n in range(DRAFT_BOUNDARIES.stop)}
    git = bot.shop.repository.git
    for issue in deadly:
        (pull,) = drafts(bot, issue)
        assert pull.pull is not None
        assert len(git.log(f"main..recall/issue-{issue.number}")) == 1
        assert git.ref(f"refs/heads/recall/issue-{issue.number}") == pull.pull.head_sha
        assert [label.name for label in pull.labels] == [LABEL]
        (comment,) = bot.comments(issue)
        assert f"draft [#{pull.number}]" in comment.body
        assert pull.comments == []
