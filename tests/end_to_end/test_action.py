"""recall without a server, by the very steps of action.yml: what it writes, what it remembers, and what a token may not do."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.analysis.ledger import BRANCH
from app.bootstrap.bot import GitHubApp
from app.bootstrap.github import Kept
from app.bootstrap.perform import run_inline
from app.domain.delivery import Repository
from app.domain.job import Job, Task
from app.sandbox.sandbox import WRITING
from app.sandbox.state import Issue
from app.settings import Settings
from app.store.database import Database
from app.store.maps import StoredMaps
from app.store.recalls import Recalls
from app.store.shelf import KeptMaps
from app.store.watches import Watches
from tests.action import READING, Actions, actions
from tests.end_to_end.conftest import LABEL, Bot, serving
from tests.shop import SHOP, Shop

BODY = "The total is wrong, see `shop/pricing.py`."


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Actions]:
    with actions(tmp_path) as made:
        yield made


def escaped(shop: Shop) -> Issue:
    """A labelled issue whose fix is merged."""
    mona = shop.mona
    issue = mona.open_issue(SHOP, "Total is wrong", BODY)
    mona.push(SHOP, {"shop/pricing.py": "RATE = 2\n\n\ndef total(n):\n    return n * RATE + 1\n"}, "Count it right", branch="fix")
    mona.merge(mona.open_pull(SHOP, "fix", "Count it right", f"Fixes #{issue.number}"))
    mona.label(issue, LABEL)
    return issue


def drafts(shop: Shop) -> list[Issue]:
    return [pull for pull in shop.repository.pulls() if pull.pull and pull.pull.head_ref.startswith("recall/")]


def remembered(shop: Shop) -> list[dict[str, object]]:
    """The lines of all recalls on the branch, oldest first."""
    git = shop.repository.git
    tip = git.ref(f"refs/heads/{BRANCH}")
    folder = git.entry(tip, "recalls") if tip else None
    files = git.tree(folder.sha) if folder else []
    return [json.loads(line) for file in files for line in git.blob(file.sha).decode().splitlines()]


def test_a_label_leads_to_a_comment_and_a_draft_and_is_remembered(runner: Actions) -> None:
    issue = escaped(runner.shop)
    ran = runner.act("recall", runner.last("issues", "labeled"))
    assert ran.code == 0, ran.log
    (comment,) = runner.comments(issue)
    (draft,) = drafts(runner.shop)
    assert f"draft [#{draft.number}]" in comment.body
    assert {"reported"} <= {str(line.get("state")) for line in remembered(runner.shop)}
    assert f"comment {comment.id}" in ran.summary
    assert f"comment {comment.id}" in ran.log


def test_the_next_run_knows_what_the_last_one_did(runner: Actions) -> None:
    issue = escaped(runner.shop)
    happened = runner.last("issues", "labeled")
    runner.act("recall", happened)
    lines = remembered(runner.shop)
    ran = runner.act("recall", happened)
    assert ran.code == 0, ran.log
    assert len(runner.comments(issue)) == 1
    assert len(drafts(runner.shop)) == 1
    assert remembered(runner.shop) == lines


def test_another_label_asks_github_nothing(runner: Actions) -> None:
    issue = runner.shop.mona.open_issue(SHOP, "Total is wrong", BODY)
    runner.shop.mona.label(issue, "bug")
    ran = runner.act("recall", runner.last("issues", "labeled"))
    assert ran.code == 0, ran.log
    assert runner.comments(issue) == []
    assert runner.shop.repository.git.ref(f"refs/heads/{BRANCH}") is None
    assert "Nothing to do here." in ran.summary


def test_a_label_of_the_repositorys_own_is_heard_at_once(runner: Actions) -> None:
    mona = runner.shop.mona
    mona.push(SHOP, {".github/recall.yml": "labels: [regression]\ndrafts: false\n"}, "Settle")
    issue = mona.open_issue(SHOP, "Total is wrong", BODY)
    mona.label(issue, "regression")
    ran = runner.act("recall", runner.last("issues", "labeled"))
    assert ran.code == 0, ran.log
    assert len(runner.comments(issue)) == 1


def test_a_token_that_may_only_read_writes_the_summary_alone(runner: Actions) -> None:
    issue = escaped(runner.shop)
    ran = runner.act("recall", runner.last("issues", "labeled"), READING)
    assert ran.code == 0, ran.log
    assert runner.comments(issue) == []
    assert drafts(runner.shop) == []
    assert runner.shop.repository.git.ref(f"refs/heads/{BRANCH}") is None
    assert "Nothing more was written" in ran.summary
    assert "shop/pricing.py" in ran.summary


def test_what_may_not_be_remembered_is_done_and_said(runner: Actions) -> None:
    issue = escaped(runner.shop)
    ran = runner.act("recall", runner.last("issues", "labeled"), {**WRITING, "contents": "read"})
    assert ran.code == 0, ran.log
    assert len(runner.comments(issue)) == 1
    assert "The next run will not know of this" in ran.summary


def test_two_runs_at_once_for_two_issues_lose_nothing(runner: Actions) -> None:
    mona = runner.shop.mona
    issues = [mona.open_issue(SHOP, f"Total {n} is wrong", BODY) for n in range(2)]
    begun = []
    for issue in issues:
        mona.label(issue, LABEL)
        begun.append(runner.begin("recall", runner.last("issues", "labeled"))[0])
    logs = [process.communicate(timeout=120)[0] for process in begun]
    assert [process.returncode for process in begun] == [0, 0], logs
    assert [len(runner.comments(issue)) for issue in issues] == [1, 1]
    assert {line["number"] for line in remembered(runner.shop) if "number" in line} == {issue.number for issue in issues}


def test_the_words_of_strangers_give_the_runner_no_commands(runner: Actions) -> None:
    issue = runner.shop.mona.open_issue(
        SHOP, "::error::taken\n::add-mask::x", "::stop-commands::x\n::error::taken `shop/pricing.py`"
    )
    runner.shop.mona.label(issue, LABEL)
    ran = runner.act("recall", runner.last("issues", "labeled"), READING)
    commands = [line for line in ran.log.splitlines() if line.startswith("::")]
    assert len(commands) == 2
    assert commands[1] == f"::{commands[0].removeprefix('::stop-commands::')}::"


def test_without_a_token_it_says_so_in_one_sentence(runner: Actions) -> None:
    escaped(runner.shop)
    ran = runner.act("recall", runner.last("issues", "labeled"), GITHUB_TOKEN="")
    assert ran.code == 2
    assert "GITHUB_TOKEN is not set" in ran.log
    assert "Traceback" not in ran.log


def told(shop: Shop, body: str) -> str:
    """Without what tells two sandboxes apart: where they are served, the number of the repository, and the names of commits."""
    body = body.replace(shop.sandbox.url, "https://github.test").replace(str(shop.repository.id), "ID")
    git = shop.repository.git
    for commit in {commit.sha: commit for tip in git.refs().values() for commit in git.log(tip)}.values():
        subject = commit.message.partition("\n")[0]
        body = re.sub(rf"{commit.sha[:7]}[0-9a-f]*", subject, body)
    return body


def draft_of(shop: Shop, issue: Issue) -> tuple[str, str, bool, dict[str, str]]:
    """Title, body, whether it is a draft, and the files of its branch."""
    (pull,) = drafts(shop)
    git = shop.repository.git
    head = git.ref(f"refs/heads/recall/issue-{issue.number}")
    assert head is not None
    assert pull.pull is not None
    files = {
        entry.path: told(shop, git.blob(entry.sha).decode()) for entry in git.tree(head, recursive=True) if entry.type == "blob"
    }
    return pull.title, told(shop, pull.body), pull.pull.draft, files


def digest_of(shop: Shop) -> tuple[str, str]:
    """Title and body of the one digest issue, whatever minute it is."""
    (issue,) = [one for one in shop.repository.issues.values() if one.body.startswith("<!-- recall:v1 digest ")]
    body = re.sub(r"[0-9]+ minutes?", "minutes", told(shop, issue.body))
    return issue.title, re.sub(r"As of \S+ \S+ UTC", "As of now", body)


def by_server(bot: Bot) -> None:
    """Has the digest written as the server does it when it is due, on what the server remembers."""
    assert bot.service is not None
    bot.service.kill()
    shop, app = bot.shop, bot.shop.app
    settings = Settings(
        github_app_id=str(app.id),
        github_private_key=app.private_key,
        github_webhook_secret=app.webhook_secret,
        github_api_url=shop.sandbox.api_url,
        github_web_url=shop.sandbox.url,
        data_dir=bot.folder / "data",
    )
    database = Database(bot.database_url)
    kept = Kept(Recalls(database), Watches(database), KeptMaps(StoredMaps(database), settings.github_host))
    job = Job(Task.SEND_DIGEST, "due", shop.installation.id, Repository(shop.repository.id, SHOP))
    run_inline([job], GitHubApp(settings).perform(kept))
    database.close()


def test_server_and_action_write_the_same_digest(runner: Actions, request: pytest.FixtureRequest) -> None:
    escaped(runner.shop)
    runner.act("recall", runner.last("issues", "labeled"))
    for _ in range(2):
        ran = runner.act("digest")
        assert ran.code == 0, ran.log
    with serving("sqlite", request, permissions=WRITING) as bot:
        escaped(bot.shop)
        bot.settle()
        by_server(bot)
        assert digest_of(runner.shop) == digest_of(bot.shop)


def test_server_and_action_end_in_the_same_comment_and_draft(runner: Actions, request: pytest.FixtureRequest) -> None:
    issue = escaped(runner.shop)
    assert runner.act("recall", runner.last("issues", "labeled")).code == 0
    with serving("sqlite", request, permissions=WRITING) as bot:
        same = escaped(bot.shop)
        bot.settle()
        (by_action,), (by_server,) = runner.comments(issue), bot.comments(same)
        assert told(runner.shop, by_action.body) == told(bot.shop, by_server.body)
        assert draft_of(runner.shop, issue) == draft_of(bot.shop, same)
