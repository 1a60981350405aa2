"""The draft, over the sandbox: real tokens, real mirrors, the real engine, the real words."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.comment import marker
from app.domain.delivery import Repository
from app.domain.draft import Drafted, DraftState, Guard, ProofState, read_marker
from app.domain.errors import TryLater
from app.domain.escape import Fix, IssueRef
from app.domain.job import Job, Outcome, State, Task
from app.domain.report import Report
from app.domain.scaffold import Story
from app.domain.suite import TestId
from app.engine.explain import ExplainEscape
from app.engine.scaffold import WriteScaffold
from app.git.mirror import Mirrors
from app.github.auth import App, Host
from app.github.configured import RepositoryConfigured
from app.github.drafts import RepositoryDrafts
from app.github.forge import RepositoryForge
from app.render.comment import comment
from app.render.draft import draft_text, farewell
from app.sandbox.pulls import person
from app.sandbox.sandbox import PERMISSIONS, WRITING
from app.sandbox.state import Issue
from app.sandbox.timeline import closes
from app.workflows.draft_test import draft_test
from app.workflows.ports import Drafting, Outside, Scaffolding, Step, inline
from app.workflows.report_escape import report_escape
from tests.shop import SHOP, Shop, open_shop
from tests.workflows.checkpoints import Checkpoints, Killed
from tests.workflows.memory import Memory


@dataclass
class Bot:
    """recall on the shop. `records` outlive a job."""

    shop: Shop
    mirrors: Mirrors
    app: App
    records: Memory = field(default_factory=Memory)
    scaffold: Scaffolding = field(default_factory=WriteScaffold)

    def outside(self) -> Outside:
        repository = Repository(self.shop.repository.id, SHOP)
        installed = self.app.on(self.shop.installation.id, repository.id)
        settled = RepositoryConfigured(self.app.host, installed, repository).settled
        forge = RepositoryForge(self.app.host, installed, repository)
        url = self.shop.sandbox.url
        return Outside(forge, self.mirrors, ExplainEscape(), comment, self.records, web_url=url, settled=settled)

    def drafting(self) -> Drafting:
        outside = self.outside()
        home = outside.forge.repository()
        drafts = RepositoryDrafts(self.app.host, self.app.on(self.shop.installation.id, home.id), home)
        return Drafting(outside, drafts, self.scaffold, draft_text, farewell)

    def job(self, task: Task, issue: Issue) -> Job:
        return Job(task, "g", self.shop.installation.id, Repository(self.shop.repository.id, SHOP), number=issue.number)

    def report(self, issue: Issue) -> Outcome:
        return report_escape(self.job(Task.REPORT_ESCAPE, issue), self.outside())

    def draft(self, issue: Issue, step: Step = inline) -> Outcome:
        return draft_test(self.job(Task.DRAFT_TEST, issue), self.drafting(), step)

    def settle(self, issue: Issue, most: int = 8) -> list[Outcome]:
        """Everything that a label leads to, until nothing is to be done any more."""
        waiting, done = [self.job(Task.REPORT_ESCAPE, issue)], list[Outcome]()
        while waiting and len(done) < most:
            job = waiting.pop(0)
            if job.task in (Task.REPORT_ESCAPE, Task.DRAFT_TEST):
                done.append(self.report(issue) if job.task is Task.REPORT_ESCAPE else self.draft(issue))
                waiting += done[-1].next
        assert len(done) < most
        return done

    def guard(self, issue: Issue) -> Guard:
        known = self.records.recall(self.shop.repository.id, issue.number)
        assert known is not None
        return known.guard

    def drafts(self) -> list[Issue]:
        return [pull for pull in self.shop.repository.pulls() if pull.author.login == "recall[bot]"]

    def said(self, issue: Issue) -> str:
        mark = marker(IssueRef(self.shop.repository.id, issue.number))
        (body,) = [c.body for c in issue.comments if c.author.login == "recall[bot]" and c.body.startswith(mark)]
        return body


def opened(tmp_path: Path, **how: object) -> Iterator[Bot]:
    with open_shop(tmp_path / "sandbox", **({"permissions": WRITING} | how)) as shop:  # type: ignore[arg-type]
        app = App(Host(shop.sandbox.api_url, shop.sandbox.url), shop.app.id, shop.app.private_key)
        yield Bot(shop, Mirrors(tmp_path / "mirrors"), app)


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    yield from opened(tmp_path)


def escaped(bot: Bot, title: str = "Totals are wrong", body: str = "", **merged: str) -> Issue:
    """A labelled issue whose fix is merged."""
    mona = bot.shop.mona
    issue = mona.open_issue(SHOP, title, body)
    files = {"shop/pricing.py": f"RATE = 3\n\n\ndef total(n):\n    return n * RATE + {issue.number}\n", **merged}
    mona.push(SHOP, files, "Count it right", branch=f"fix-{issue.number}")
    mona.merge(mona.open_pull(SHOP, f"fix-{issue.number}", "Count it right", f"Fixes #{issue.number}"))
    mona.label(issue, "Escaped-Bug")
    return issue


def branch(issue: Issue) -> str:
    return f"recall/issue-{issue.number}"


def file_of(bot: Bot, pull: Issue, path: str) -> str:
    assert pull.pull is not None
    content = bot.shop.repository.git.file(pull.pull.head_sha, path)
    assert content is not None
    return content.decode()


def applied(bot: Bot, issue: Issue, folder: Path) -> None:
    """The patch in the comment, as a person copies it out and applies it in a clone."""
    body = bot.said(issue)
    ((_, patch),) = re.findall(r"^(`{3,})diff\n(.*?\n)\1$", body, re.DOTALL | re.MULTILINE)
    subprocess.run(["git", "clone", "-q", str(bot.shop.repository.git.path), str(folder)], check=True)
    subprocess.run(["git", "apply", "-"], cwd=folder, input=patch.encode(), check=True)
    changed = subprocess.run(["git", "status", "--short"], cwd=folder, capture_output=True, text=True, check=True).stdout
    assert changed == " M tests/test_pricing.py\n"


def branches(bot: Bot) -> list[str]:
    return [name.removeprefix("refs/heads/") for name in bot.shop.repository.git.refs() if "/recall/" in name]


def test_a_merged_fix_leads_to_one_draft_with_one_commit_on_the_tip(bot: Bot) -> None:
    issue = escaped(bot)
    bot.settle(issue)
    (pull,) = bot.drafts()
    git, tip = bot.shop.repository.git, bot.shop.repository.git.ref("refs/heads/main")
    assert pull.pull is not None
    assert pull.pull.draft
    (commit,) = git.log(f"{tip}..{pull.pull.head_sha}")
    assert list(commit.parents) == [tip]
    assert commit.sha in git.signed
    assert branches(bot) == [f"recall/issue-{issue.number}"]
    assert [label.name for label in pull.labels] == ["Escaped-Bug"]
    assert bot.guard(issue).draft is DraftState.OPEN
    assert f"draft [#{pull.number}]" in bot.said(issue)
    told = read_marker(pull.body)
    assert told is not None
    assert told.issue == IssueRef(bot.shop.repository.id, issue.number)
    assert [test.path for test in told.tests] == ["tests/test_pricing.py"]


def test_the_commit_of_a_draft_is_not_taken_for_a_fix(bot: Bot) -> None:
    issue = escaped(bot)
    bot.settle(issue)
    bot.settle(issue)
    assert "its message names this issue" not in bot.said(issue)


def test_everything_again_writes_nothing(bot: Bot) -> None:
    issue = escaped(bot)
    bot.settle(issue)
    (pull,) = bot.drafts()
    before, guard = (pull.title, pull.body, pull.updated_at, branches(bot), len(pull.labels)), bot.guard(issue)
    bot.settle(issue)
    assert (pull.title, pull.body, pull.updated_at, branches(bot), len(pull.labels)) == before
    assert bot.guard(issue) == guard
    assert bot.drafts() == [pull]


def test_the_draft_grows_with_the_evidence(bot: Bot) -> None:
    issue = escaped(bot)
    bot.settle(issue)
    (pull,) = bot.drafts()
    bot.shop.mona.edit(issue, title="Totals are doubled", body="### Expected behavior\n\nThe total is 6.")
    bot.settle(issue)
    assert bot.drafts() == [pull]
    assert "Totals are doubled" in pull.title
    assert "The total is 6" in file_of(bot, pull, "tests/test_pricing.py")


def test_a_test_that_moves_to_another_file_leaves_the_first_as_it_was(bot: Bot) -> None:
    issue = escaped(bot)
    bot.settle(issue)
    (pull,) = bot.drafts()
    before = bot.shop.repository.git.file("refs/heads/main", "tests/test_pricing.py")
    real = bot.scaffold

    def elsewhere(mirror: Path, *, fix: Fix, story: Story, report: Report, on: str) -> Drafted:
        drafted = real(mirror, fix=fix, story=story, report=report, on=on)
        test = TestId("tests/test_new.py", "test_it")
        return replace(drafted, scaffold=replace(drafted.scaffold, test=test, text="def test_it(): fail\n", before=None))

    bot.scaffold = elsewhere
    bot.settle(issue)
    head = bot.shop.repository.git
    assert pull.pull is not None
    assert head.file(pull.pull.head_sha, "tests/test_pricing.py") == before
    bot.scaffold = real
    bot.settle(issue)
    assert head.file(pull.pull.head_sha, "tests/test_new.py") is None


def test_nothing_is_written_once_a_person_has_pushed(bot: Bot) -> None:
    issue = escaped(bot)
    bot.settle(issue)
    (pull,) = bot.drafts()
    bot.shop.mona.push(SHOP, {"tests/test_pricing.py": "def test_total():\n    assert 6\n"}, "Finish it", branch=branch(issue))
    bot.shop.mona.edit(issue, title="Something else")
    bot.settle(issue)
    assert pull.title == "test: guard #1 (Totals are wrong)"
    assert file_of(bot, pull, "tests/test_pricing.py") == "def test_total():\n    assert 6\n"
    assert bot.guard(issue).draft is DraftState.THEIRS
    assert "is being finished" in bot.said(issue)


def test_a_commit_of_ours_that_a_person_wrote_anew_is_theirs(bot: Bot) -> None:
    issue = escaped(bot)
    bot.settle(issue)
    git, name = bot.shop.repository.git, f"refs/heads/{branch(issue)}"
    head = git.ref(name)
    assert head is not None
    ours = git.commit(head)
    amended = git.write_commit(
        ours.tree, list(ours.parents), "Reword it", ours.author, person(bot.shop.mona.account, ours.author.date)
    )
    git.set_ref(name, amended, head)
    bot.shop.mona.edit(issue, title="Something else")
    bot.settle(issue)
    assert git.ref(name) == amended
    assert bot.guard(issue).draft is DraftState.THEIRS


def test_a_draft_that_was_called_ready_is_theirs(bot: Bot) -> None:
    issue = escaped(bot)
    bot.settle(issue)
    (pull,) = bot.drafts()
    bot.shop.mona.ready(pull)
    bot.shop.mona.edit(issue, title="Something else")
    bot.settle(issue)
    assert bot.guard(issue).draft is DraftState.THEIRS
    assert "Something else" not in pull.title


@pytest.mark.parametrize("state", ["open", "closed"])
def test_a_draft_whose_body_a_person_wrote_anew_is_theirs_and_once_closed_stays_closed(bot: Bot, state: str) -> None:
    issue = escaped(bot)
    bot.settle(issue)
    (pull,) = bot.drafts()
    bot.shop.mona.edit(pull, body="I take this from here.")
    if state == "closed":
        bot.shop.mona.close(pull)
    bot.shop.mona.edit(issue, title="Something else")
    bot.settle(issue)
    assert (bot.drafts(), pull.state, pull.body) == ([pull], state, "I take this from here.")
    assert (bot.guard(issue).draft, bot.guard(issue).pull) == (
        DraftState.THEIRS if state == "open" else DraftState.CLOSED,
        pull.number,
    )


@pytest.mark.parametrize("gone", [True, False])
def test_a_draft_that_a_person_closed_stays_closed(bot: Bot, gone: bool) -> None:
    issue = escaped(bot)
    bot.settle(issue)
    (pull,) = bot.drafts()
    bot.shop.mona.close(pull)
    if gone:
        bot.shop.mona.delete_branch(SHOP, branch(issue))
    bot.shop.mona.unlabel(issue, "Escaped-Bug")
    bot.settle(issue)
    bot.shop.mona.label(issue, "Escaped-Bug")
    bot.settle(issue)
    assert (pull.state, bot.drafts()) == ("closed", [pull])
    assert bot.guard(issue).draft is DraftState.CLOSED
    assert "recall opens no other" in bot.said(issue)
    assert pull.comments == []


def test_a_branch_that_a_person_removed_is_not_made_again(bot: Bot) -> None:
    issue = escaped(bot)
    bot.settle(issue)
    bot.shop.mona.delete_branch(SHOP, branch(issue))
    bot.settle(issue)
    assert branches(bot) == []
    assert len(bot.drafts()) == 1


@pytest.mark.parametrize(
    ("before", "proof"),
    [
        ({}, ProofState.PROVED),
        ({"fix_head": "9" * 40}, ProofState.PROVED),  # the same pull request, before it was merged
        ({"fix_head": "9" * 40, "fix_pull": 99}, ProofState.UNKNOWN),
        ({"fix_head": None, "fix_pull": None}, ProofState.UNKNOWN),
    ],
)
def test_a_proof_of_another_fix_is_forgotten(bot: Bot, before: dict[str, object], proof: ProofState) -> None:
    issue = escaped(bot)
    bot.settle(issue)
    at = (bot.shop.repository.id, issue.number)
    bot.records.keep_guard(*at, lambda guard: replace(guard, proof=ProofState.PROVED, tests=("tests/test_pricing.py::test_x",)))
    known = bot.records.recall(*at)
    assert known is not None
    bot.records.save(replace(known, **before))  # type: ignore[arg-type]
    told = bot.report(issue)
    assert bot.guard(issue).proof is proof
    assert (Task.CHECK_PROOF in [job.task for job in told.next]) is (proof is ProofState.UNKNOWN)


def test_a_merged_draft_is_remembered(bot: Bot) -> None:
    issue = escaped(bot)
    bot.settle(issue)
    (pull,) = bot.drafts()
    bot.shop.mona.ready(pull)
    bot.shop.mona.merge(pull)
    bot.settle(issue)
    assert bot.drafts() == [pull]
    assert bot.guard(issue).draft is DraftState.MERGED
    assert "came in with" in bot.said(issue)
    assert bot.report(issue).state == State.REPORTED
    assert f"Fix [#{pull.number}]" not in bot.said(issue)


def test_without_the_label_the_draft_is_closed_with_one_word_and_comes_back_with_it(bot: Bot) -> None:
    issue = escaped(bot)
    bot.settle(issue)
    (pull,) = bot.drafts()
    for _ in range(2):
        bot.shop.mona.unlabel(issue, "Escaped-Bug")
        bot.settle(issue)
        assert pull.state == "closed"
        bot.shop.mona.label(issue, "Escaped-Bug")
        bot.settle(issue)
        assert (pull.state, bot.drafts()) == ("open", [pull])
    (word,) = pull.comments
    assert "The label was taken off" in word.body


def test_without_the_label_a_draft_that_people_work_on_stays_open(bot: Bot) -> None:
    issue = escaped(bot)
    bot.settle(issue)
    (pull,) = bot.drafts()
    bot.shop.mona.push(SHOP, {"tests/test_pricing.py": "def test_total():\n    assert 6\n"}, "Finish it", branch=branch(issue))
    bot.shop.mona.unlabel(issue, "Escaped-Bug")
    bot.settle(issue)
    bot.settle(issue)
    (word,) = pull.comments
    assert pull.state == "open"
    assert "it stays open" in word.body
    assert "stays open" in bot.said(issue)


def test_no_more_drafts_a_day_than_configured(bot: Bot) -> None:
    bot.shop.mona.push(SHOP, {".github/recall.yml": "drafts_per_day: 1\n"}, "Settle")
    first, second = escaped(bot), escaped(bot)
    bot.settle(first)
    bot.settle(second)
    assert len(bot.drafts()) == 1
    assert bot.guard(second).draft is DraftState.PATCH
    assert "as many drafts as it may in a day" in bot.said(second)
    bot.drafts()[0].created_at -= timedelta(days=2)
    bot.settle(second)
    assert len(bot.drafts()) == 2


def test_the_label_is_the_configured_one(bot: Bot) -> None:
    bot.shop.mona.push(SHOP, {".github/recall.yml": "draft_label: regression\n"}, "Settle")
    bot.settle(escaped(bot))
    assert [label.name for label in bot.drafts()[0].labels] == ["regression"]


def test_where_drafts_are_turned_off_the_test_is_a_patch_that_git_applies(bot: Bot, tmp_path: Path) -> None:
    bot.shop.mona.push(SHOP, {".github/recall.yml": "drafts: false\n"}, "Settle")
    issue = escaped(bot, body="```\n````\n</details> fixes #1 @mona\n```")
    bot.settle(issue)
    assert bot.drafts() == []
    assert branches(bot) == []
    assert "turned off in `.github/recall.yml`" in bot.said(issue)
    applied(bot, issue, tmp_path / "clone")


def test_without_the_permission_the_test_is_a_patch(tmp_path: Path) -> None:
    with contextmanager(opened)(tmp_path, permissions=PERMISSIONS) as bot:
        issue = escaped(bot)
        bot.settle(issue)
        assert bot.drafts() == []
        assert "recall may not write code here" in bot.said(issue)
        applied(bot, issue, tmp_path / "clone")


@pytest.mark.parametrize("act", ["creation", "update"])
def test_what_a_ruleset_refuses_is_said_once_and_shown_as_a_patch(bot: Bot, act: str) -> None:
    bot.shop.repository.rules["recall/*"] = frozenset({act})
    issue = escaped(bot)
    bot.settle(issue)
    assert bot.drafts() == []
    assert "the rules of this repository" in bot.said(issue)
    assert "```diff" in bot.said(issue)
    body = bot.said(issue)
    bot.settle(issue)
    assert bot.said(issue) == body


@pytest.mark.parametrize("fallback", ["pull-request", "branch", "patch"])
def test_where_the_plan_has_no_drafts_the_fall_back_is_as_configured(bot: Bot, fallback: str) -> None:
    bot.shop.repository.drafts = False
    bot.shop.mona.push(SHOP, {".github/recall.yml": f"draft_fallback: {fallback}\n"}, "Settle")
    issue = escaped(bot)
    bot.settle(issue)
    bot.settle(issue)
    opened = [(pull.title.partition(" (")[0], pull.pull and pull.pull.draft) for pull in bot.drafts()]
    assert opened == ([("Draft: test: guard #1", False)] if fallback == "pull-request" else [])
    assert branches(bot) == ([] if fallback == "patch" else [branch(issue)])
    if fallback != "pull-request":
        assert "this repository's plan has no draft pull requests" in bot.said(issue)
    states = {"pull-request": DraftState.OPEN, "branch": DraftState.BRANCH, "patch": DraftState.PATCH}
    assert bot.guard(issue).draft is states[fallback]


def test_a_branch_without_a_pull_request_goes_with_the_label(bot: Bot) -> None:
    bot.shop.repository.drafts = False
    bot.shop.mona.push(SHOP, {".github/recall.yml": "draft_fallback: branch\n"}, "Settle")
    issue = escaped(bot)
    bot.settle(issue)
    bot.shop.mona.unlabel(issue, "Escaped-Bug")
    bot.settle(issue)
    assert branches(bot) == []


def test_an_outsider_s_label_leads_to_no_draft(bot: Bot) -> None:
    issue = escaped(bot)
    bot.shop.mona.unlabel(issue, "Escaped-Bug")
    bot.shop.sandbox.person("ivy").label(issue, "Escaped-Bug")
    bot.settle(issue)
    assert bot.drafts() == []
    assert "whoever set the label has no triage rights here" in bot.said(issue)
    assert "```diff" not in bot.said(issue)


def test_a_fix_with_a_test_of_its_own_leads_to_no_draft_but_to_its_proof(bot: Bot) -> None:
    issue = escaped(bot, **{"tests/test_totals.py": "from shop.pricing import total\n\n\ndef test_it():\n    assert total(1)\n"})
    done = bot.settle(issue)
    assert bot.drafts() == []
    assert "the fix brought a test of its own" in bot.said(issue)
    assert [job.number for outcome in done for job in outcome.next if job.task is Task.CHECK_PROOF] == [2]


def test_a_fix_elsewhere_leads_to_no_draft(bot: Bot) -> None:
    mona = bot.shop.mona
    bot.shop.sandbox.create_repository("octo/other")
    issue = mona.open_issue(SHOP, "Totals are wrong", "Fixed by https://github.com/octo/other/pull/7, see shop/pricing.py")
    mona.label(issue, "Escaped-Bug")
    bot.settle(issue)
    assert bot.drafts() == []


def test_a_branch_of_that_name_that_is_a_person_s_is_left_alone(bot: Bot) -> None:
    issue = escaped(bot)
    sha = bot.shop.mona.push(SHOP, {"mine.txt": "mine"}, "Mine", branch=branch(issue))
    bot.settle(issue)
    assert bot.drafts() == []
    assert bot.shop.repository.git.ref(f"refs/heads/{branch(issue)}") == sha
    assert "holds commits that are not recall" in bot.said(issue)


def test_a_pull_request_with_a_pasted_marker_is_not_taken_for_ours(bot: Bot) -> None:
    issue = escaped(bot)
    mark = f"<!-- recall:v1 draft issue={bot.shop.repository.id}/{issue.number} fix={'a' * 40} parent={'b' * 40} tests=[] -->"
    bot.shop.mona.push(SHOP, {"mine.txt": "mine"}, "Mine", branch="other")
    bot.shop.mona.open_pull(SHOP, "other", "Forged", mark)
    bot.settle(issue)
    assert len(bot.drafts()) == 1


def test_nothing_below_github_is_ever_written(bot: Bot) -> None:
    real = bot.scaffold

    def there(mirror: Path, *, fix: Fix, story: Story, report: Report, on: str) -> Drafted:
        drafted = real(mirror, fix=fix, story=story, report=report, on=on)
        return replace(drafted, scaffold=replace(drafted.scaffold, test=TestId(".GitHub/workflows/x.yml", "x")))

    bot.scaffold = there
    issue = escaped(bot)
    bot.settle(issue)
    assert (bot.drafts(), branches(bot)) == ([], [])


def test_hostile_words_close_nothing_and_call_nobody(bot: Bot) -> None:
    victim = bot.shop.mona.open_issue(SHOP, "Victim")
    number, page = victim.number, f"{bot.shop.sandbox.url}/{SHOP}/issues/{victim.number}"
    words = f"fixes #{number} closes {SHOP}#{number} @mona resolves {page}"
    issue = escaped(bot, f"Totals {words}", f"### Expected\n\n{words} --> <!-- recall:v1 draft -->\n\n```python\n# {words}\n```")
    bot.settle(issue)
    (pull,) = bot.drafts()
    assert "@mona" not in pull.title + pull.body
    assert victim not in closes(bot.shop.sandbox.hub, pull)
    bot.shop.mona.ready(pull)
    bot.shop.mona.merge(pull, "squash", message=f"{pull.title}\n\n{pull.body}")
    assert victim.state == "open"


def test_killed_at_every_boundary_one_after_the_other_there_is_one_branch_and_one_draft(bot: Bot) -> None:
    for boundary in range(9, 21):  # from the writing of the test on; before that nothing was done
        issue = escaped(bot)
        bot.report(issue)
        steps = Checkpoints(boundary)
        with pytest.raises(Killed):
            bot.draft(issue, steps)
        assert bot.draft(issue, steps).state == DraftState.OPEN
        mine = [pull for pull in bot.drafts() if pull.pull and pull.pull.head_ref == branch(issue)]
        assert len(mine) == 1
        assert len(mine[0].labels) == 1
        assert [pull.pull.head_sha for pull in mine if pull.pull] == [bot.shop.repository.git.ref(f"refs/heads/{branch(issue)}")]
        assert len(bot.shop.repository.git.log(f"main..{branch(issue)}")) == 1
        bot.shop.mona.close(mine[0])
        mine[0].created_at -= timedelta(days=2)


@pytest.mark.parametrize("trouble", ["secondary-limit", "server-error", "server-error-after"])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "*/git/refs"), ("POST", "*/pulls"), ("POST", "*/graphql"), ("POST", "*/labels")]
)
def test_after_any_trouble_the_job_run_again_ends_in_one_draft(bot: Bot, trouble: str, method: str, path: str) -> None:
    issue = escaped(bot)
    bot.report(issue)
    bot.shop.sandbox.faults.add(trouble, method=method, path=path, times=2, seconds=0)
    for _ in range(6):
        try:
            bot.draft(issue)
        except TryLater:
            continue
        break
    assert len(bot.drafts()) == 1
    assert len(bot.shop.repository.git.log(f"main..{branch(issue)}")) == 1
    assert [label.name for label in bot.drafts()[0].labels] == ["Escaped-Bug"]
