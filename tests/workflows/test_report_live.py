"""The whole line but the queue and the engine: the sandbox, real tokens, real mirrors, the real words."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path

import pytest

from app.analysis.labels import escape_labels
from app.analysis.settings.keys import PATH
from app.domain.comment import marker
from app.domain.culprit import Speech
from app.domain.delivery import Repository
from app.domain.errors import TellUser, TryLater
from app.domain.escape import Fix, IssueRef
from app.domain.job import Job, Outcome, State, Task
from app.domain.report import Lead, Report, Verdict, VerdictCode
from app.domain.testmap import Maps
from app.engine.explain import ExplainEscape
from app.git.mirror import Mirrors
from app.git.run import GitFailed, run
from app.github.auth import App, Given, Host
from app.github.configured import RepositoryConfigured
from app.github.forge import RepositoryForge
from app.render.comment import comment
from app.sandbox.state import Issue
from app.workflows.ports import Explain, Outside, Step, inline
from app.workflows.report_escape import report_escape
from tests.shop import SHOP, Shop, open_shop
from tests.workflows.checkpoints import Checkpoints, Killed
from tests.workflows.memory import Memory


def explain(mirror: Path, *, fix: Fix | None, text: str, maps: Maps | None = None, speech: Speech | None = None) -> Report:
    """Looks whether the fix is in the mirror, and says no more than that."""
    try:
        base = (
            run(mirror, "rev-parse", "--verify", f"{fix.base or f'{fix.head}^'}^{{commit}}" if fix else "HEAD").decode().strip()
        )
        run(mirror, "rev-parse", "--verify", f"{fix.head if fix else 'HEAD'}^{{commit}}")
    except GitFailed as error:
        raise TellUser(f"There is no commit {fix and fix.head[:10]} in {mirror}.") from error
    named = fix is not None or "shop/pricing.py" in text
    return Report(Verdict(VerdictCode.STATIC_ONLY, Lead.UNTOUCHED if named else Lead.NOTHING_NAMED), None, base=base)


@dataclass
class Bot:
    """recall on the shop. `records` outlive a job."""

    shop: Shop
    mirrors: Mirrors
    app: App
    records: Memory = field(default_factory=Memory)
    explain: Explain = explain

    def report(self, issue: Issue, step: Step = inline) -> Outcome:
        repository = Repository(self.shop.repository.id, SHOP)
        installed = self.app.on(self.shop.installation.id, repository.id)
        settled = RepositoryConfigured(self.app.host, installed, repository).settled
        forge = RepositoryForge(
            self.app.host, installed, repository, lambda: escape_labels(settled().configuration, "escaped-bug")
        )
        url = self.shop.sandbox.url
        outside = Outside(forge, self.mirrors, self.explain, comment, self.records, web_url=url, settled=settled)
        job = Job(Task.REPORT_ESCAPE, "g", self.shop.installation.id, repository, number=issue.number)
        return report_escape(job, outside, step)

    def said(self, issue: Issue) -> list[str]:
        """The bodies of our comments that carry the marker."""
        mark = marker(IssueRef(self.shop.repository.id, issue.number))
        return [c.body for c in issue.comments if c.author.login == "recall[bot]" and c.body.startswith(mark)]


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    with open_shop(tmp_path / "sandbox") as shop:
        app = App(Host(shop.sandbox.api_url, shop.sandbox.url), shop.app.id, shop.app.private_key)
        yield Bot(shop, Mirrors(tmp_path / "mirrors"), app)


def escaped(bot: Bot, body: str = "") -> Issue:
    issue = bot.shop.mona.open_issue(SHOP, "Totals are wrong", body)
    bot.shop.mona.label(issue, "Escaped-Bug")
    return issue


def fix(bot: Bot, issue: Issue) -> Issue:
    bot.shop.mona.push(SHOP, {"shop/pricing.py": "RATE = 3\n"}, "Fix it", branch="fix")
    return bot.shop.mona.open_pull(SHOP, "fix", "Fix the totals", f"Fixes #{issue.number}")


def test_the_engine_s_report_is_what_the_comment_says(bot: Bot) -> None:
    bot.explain = ExplainEscape()
    issue = escaped(bot)
    bot.shop.mona.merge(fix(bot, issue))
    assert bot.report(issue).state == State.REPORTED
    (body,) = bot.said(issue)
    assert f"{bot.shop.sandbox.url}/octo/shop/blob/" in body
    assert "tests/test_pricing.py" in body
    recall = bot.records.recall(bot.shop.repository.id, issue.number)
    assert recall is not None and recall.report is not None
    assert [test["path"] for test in json.loads(recall.report)["tests"]] == ["tests/test_pricing.py"]


def test_the_comment_says_who_let_the_bug_in_and_hears_people(bot: Bot) -> None:
    bot.explain = ExplainEscape()
    issue = escaped(bot)
    bot.shop.mona.push(SHOP, {"shop/pricing.py": "RATE = 2\n"}, "Double the rate (#431)")
    cause = bot.shop.repository.git.resolve("main")
    assert cause is not None
    bot.shop.mona.merge(fix(bot, issue))
    bot.report(issue)
    assert f'`{cause[:7]}`]({bot.shop.sandbox.url}/octo/shop/commit/{cause}) "Double the rate"' in bot.said(issue)[0]
    bot.records.keep_said(bot.shop.repository.id, issue.number, lambda said: replace(said, culprit="c" * 40))
    bot.report(issue)
    assert (
        f"**Let in by** [`ccccccc`]({bot.shop.sandbox.url}/octo/shop/commit/{'c' * 40}), named by a person" in bot.said(issue)[0]
    )


def test_from_question_over_a_fix_under_way_to_the_report_in_one_comment(bot: Bot) -> None:
    issue = escaped(bot)
    assert bot.report(issue).state == State.WAITING
    pull = fix(bot, issue)
    assert bot.report(issue).state == State.PROVISIONAL
    bot.shop.mona.merge(pull)
    assert bot.report(issue).state == State.REPORTED
    assert len(bot.said(issue)) == 1
    assert len(issue.comments) == 1


def test_named_places_are_reported_provisionally(bot: Bot) -> None:
    issue = escaped(bot, "It is in shop/pricing.py")
    assert bot.report(issue).state == State.PROVISIONAL


def test_a_fix_that_is_not_in_the_repository_is_said_and_not_silently_failed(bot: Bot) -> None:
    def misses(mirror: Path, *, fix: Fix | None, text: str, maps: Maps | None = None, speech: Speech | None = None) -> Report:
        raise TellUser(f"There is no commit 'ffff' in {mirror}.")

    issue = escaped(bot)
    bot.shop.mona.merge(fix(bot, issue))
    bot.explain = misses
    bot.report(issue)
    (body,) = bot.said(issue)
    assert "There is no commit" in body
    assert "mirrors" not in body


def test_a_502_after_the_comment_was_made_does_not_double_it(bot: Bot) -> None:
    issue = escaped(bot)
    bot.shop.sandbox.faults.add("server-error-after", method="POST", path="*/comments")
    assert bot.report(issue).state == State.WAITING
    assert len(issue.comments) == 1


@pytest.mark.parametrize("trouble", ["secondary-limit", "primary-limit", "server-error", "revoked"])
@pytest.mark.parametrize(("method", "path"), [("POST", "*/comments"), ("GET", "*/comments"), ("POST", "*/graphql")])
def test_after_any_trouble_the_job_run_again_ends_in_one_comment(bot: Bot, trouble: str, method: str, path: str) -> None:
    issue = escaped(bot)
    bot.shop.sandbox.faults.add(trouble, method=method, path=path, times=3, seconds=0)
    for _ in range(8):
        try:
            bot.report(issue)
        except TryLater:
            continue
        break
    assert len(bot.said(issue)) == 1
    assert len(issue.comments) == 1


def test_final_states_are_told(bot: Bot) -> None:
    locked, deleted, archived = escaped(bot), escaped(bot), escaped(bot)
    bot.shop.mona.lock(locked)
    bot.shop.mona.delete(deleted)
    assert bot.report(locked).state == State.LOCKED
    assert bot.report(deleted).state == State.DELETED
    bot.shop.repository.archived = True
    assert bot.report(archived).state == State.ARCHIVED
    bot.shop.repository.archived = False
    bot.shop.sandbox.suspend(bot.shop.installation)
    bot.app.forget(bot.shop.installation.id)
    assert bot.report(archived).state == State.SUSPENDED
    assert [issue.comments for issue in (locked, archived)] == [[], []]
    bot.shop.sandbox.suspend(bot.shop.installation, suspended=False)
    bot.shop.mona.unlock(locked)
    assert bot.report(locked).state == State.WAITING


def test_a_label_taken_away_and_set_again_goes_on_in_the_same_comment(bot: Bot) -> None:
    issue = escaped(bot)
    bot.report(issue)
    bot.shop.mona.unlabel(issue, "Escaped-Bug")
    assert bot.report(issue).state == State.WITHDRAWN
    bot.shop.mona.label(issue, "escaped-bug")
    assert bot.report(issue).state == State.WAITING
    assert len(issue.comments) == 1


def test_the_label_is_the_one_that_the_repository_settles(bot: Bot) -> None:
    bot.shop.mona.push(SHOP, {PATH: "labels: [Incident]\n"}, "Settle")
    other, issue = escaped(bot), bot.shop.mona.open_issue(SHOP, "Totals are wrong", "")
    bot.shop.mona.label(issue, "incident")
    assert (bot.report(other).state, other.comments) == ("ignored", [])
    assert bot.report(issue).state == State.WAITING
    assert len(bot.said(issue)) == 1


def test_where_comments_are_turned_off_nothing_is_written_and_the_recall_goes_on(bot: Bot) -> None:
    bot.shop.mona.push(SHOP, {PATH: "comments: off\n"}, "Settle")
    issue = escaped(bot)
    bot.shop.mona.merge(fix(bot, issue))
    outcome = bot.report(issue)
    assert (outcome.state, issue.comments) == (State.REPORTED, [])
    assert outcome.sentence.endswith("no comment, since they are turned off.")
    assert [recall.number for recall in bot.records.recalls(bot.shop.repository.id)] == [issue.number]
    bot.shop.mona.push(SHOP, {PATH: "comments: on\n"}, "Settle")
    bot.report(issue)
    assert len(bot.said(issue)) == 1


def test_a_broken_configuration_stands_in_the_next_comment_and_stops_nothing(bot: Bot) -> None:
    bot.shop.mona.push(SHOP, {PATH: "comments: true\ndrafts_per_day: many\nlables: [x]\n"}, "Settle")
    issue = escaped(bot)
    assert bot.report(issue).state == State.WAITING
    body = unescape(bot.said(issue)[0])
    assert "2 things in the configuration could not be used" in body
    assert "line 2, column 17: `drafts_per_day` is `many`" in body
    assert "line 3, column 1: `lables` is not a known key; did you mean `labels`?" in body
    bot.shop.mona.push(SHOP, {PATH: "drafts_per_day: 3\n"}, "Settle")
    bot.report(issue)
    (body,) = bot.said(issue)
    assert "configuration" not in body


def test_hostile_text_leaves_one_comment_with_one_marker(bot: Bot) -> None:
    mark = marker(IssueRef(bot.shop.repository.id, 1))
    issue = escaped(bot, f"{mark}\n@everyone fixes #1 </details>\x00\u202e ``` <script> " + "x" * 60_000)
    bot.shop.sandbox.person("mallory").comment(issue, f"{mark}\nforged")
    bot.report(issue)
    bot.report(issue)
    (body,) = bot.said(issue)
    assert body.count("<!-- recall:v1") == 1
    assert "@everyone" not in body
    assert len(issue.comments) == 2


def test_killed_at_every_boundary_one_after_the_other_it_ends_in_one_comment(bot: Bot) -> None:
    issue = escaped(bot)
    bot.shop.mona.merge(fix(bot, issue))
    for boundary in range(1, 15):
        steps = Checkpoints(boundary)
        with pytest.raises(Killed):
            bot.report(issue, steps)
        assert bot.report(issue, steps).state == State.REPORTED
        assert len(issue.comments) == 1


def test_a_token_that_was_handed_over_does_as_well(bot: Bot) -> None:
    issue = escaped(bot)
    shop = bot.shop
    repository = Repository(shop.repository.id, SHOP)
    forge = RepositoryForge(bot.app.host, Given(shop.mona.token(), "mona"), repository)
    outside = Outside(forge, bot.mirrors, explain, comment, Memory(), web_url=shop.sandbox.url)
    job = Job(Task.REPORT_ESCAPE, "g", None, repository, number=issue.number)
    for _ in range(2):
        assert report_escape(job, outside).state == State.WAITING
    assert [c.author.login for c in issue.comments] == ["mona"]
