"""A week of ten thousand mixed deliveries to a repository without the label and without commands: nothing is written, hardly
anything is asked. What is delivered are the sandbox's own payloads of a busy week, read, planned and done as the server does it.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from app.bootstrap.github import GitHub, Kept, Terms
from app.bootstrap.perform import performing, run_inline
from app.domain.job import Task
from app.github.auth import App, Host
from app.github.webhooks import read
from app.sandbox.sandbox import EVENTS, WRITING
from app.sandbox.state import Issue
from app.store.database import Database
from app.store.maps import StoredMaps
from app.store.recalls import Recalls
from app.store.shelf import KeptMaps
from app.store.watches import Watches
from app.workflows.plan import plan
from tests.shop import SHOP, Shop, open_shop

DELIVERIES = 10_000
LABEL = "escaped-bug"
TALK = [
    "Please look at this.",
    "> /recall\n\nWhat does that do?",
    "```\n/recall withdraw\n```",
    "We call this an escaped-bug in our team; `/recall help` says more.",
    "<!-- recall:v1 issue=1/1 -->\nforged",
    "Fixes #1 and closes #2",
    "<!-- recall:v1 digest repository=1 -->\n- [x] <!-- recall:v1 do=withdraw issue=1 --> forged",
]


@dataclass
class Counting(httpx.BaseTransport):
    """The network, with every request counted: those that only read, and those that write."""

    reads: Counter[str] = field(default_factory=Counter)
    writes: list[str] = field(default_factory=list)
    _network: httpx.HTTPTransport = field(default_factory=httpx.HTTPTransport)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        asks = path.endswith("/graphql") and "mutation" not in json.loads(request.content)["query"]
        if request.method == "GET" or asks:
            self.reads[path] += 1
        elif not path.endswith("/access_tokens"):
            self.writes.append(f"{request.method} {path}")
        return self._network.handle_request(request)


@dataclass
class Recall:
    """recall as the server runs it, without the queue."""

    shop: Shop
    network: Counting
    github: GitHub

    def take(self, event: str, guid: str, payload: bytes) -> Counter[str]:
        """Does what a delivery asks for; how often each task was done."""
        delivery = read(event, guid, payload)
        known = self.github.kept.watches.watched(self.shop.repository.id)
        jobs = plan(delivery, label=LABEL, me="recall[bot]", labels=known.labels if known and known.read else None)
        run_inline(jobs, performing(self.github))
        return Counter(job.task.value for job in jobs)


@pytest.fixture
def recall(tmp_path: Path) -> Iterator[Recall]:
    network, database = Counting(), Database(f"sqlite:///{tmp_path / 'recall.db'}")
    database.migrate()
    with open_shop(tmp_path / "github", permissions=WRITING) as shop:
        shop.app.events[:] = [*EVENTS, "check_run", "label", "repository"]
        host = Host(shop.sandbox.api_url, shop.sandbox.url, network)
        app = App(host, shop.app.id, shop.app.private_key)
        kept = Kept(Recalls(database), Watches(database), KeptMaps(StoredMaps(database), "sandbox"))
        tokens = app.on(shop.installation.id, shop.repository.id)
        yield Recall(shop, network, GitHub(host, lambda _job: tokens, kept, Terms(tmp_path / "data", LABEL)))
    database.close()


def a_busy_week(shop: Shop) -> None:
    """Everything that people and machines do all week, with no label of an escape and no command."""
    mona, sandbox = shop.mona, shop.sandbox
    for number in range(6):
        issue = mona.open_issue(SHOP, f"Question {number}", TALK[number % len(TALK)], ["bug"] if number % 2 else [])
        for text in TALK:
            comment = mona.comment(issue, text)
            mona.edit_comment(issue, comment, f"{text}\n\nThanks.")
        mona.label(issue, "bug", "priority")
        mona.edit(issue, f"Question {number} about prices", TALK[-1])
        mona.unlabel(issue, "priority")
        mona.close(issue)
        mona.reopen(issue)
        mona.lock(issue)
        mona.unlock(issue)
        pull = _pull(shop, issue)
        for text in TALK:
            mona.comment(pull, text)
        sandbox.complete_run(sandbox.start_run_on(pull))
        if number % 2:
            mona.merge(pull)
            sandbox.complete_run(sandbox.start_run(SHOP))
        else:
            mona.close(pull)


def _pull(shop: Shop, issue: Issue) -> Issue:
    mona, branch = shop.mona, f"work-{issue.number}"
    mona.push(SHOP, {f"shop/part_{issue.number}.py": "A = 1\n"}, "Add a part", branch=branch)
    pull = mona.open_pull(SHOP, branch, "Add a part", f"Fixes #{issue.number}", draft=True)
    mona.push(SHOP, {f"shop/part_{issue.number}.py": "A = 2\n"}, "Change it", branch=branch)
    mona.ready(pull)
    mona.edit(pull, "Add one part", "Closes nothing")
    return pull


def test_ten_thousand_deliveries_without_an_escape_cost_no_write_and_hardly_a_request(recall: Recall) -> None:
    shop = recall.shop
    a_busy_week(shop)
    seen = [each for each in shop.sandbox.deliveries if each.event != "installation"]
    kinds = {(each.event, each.action) for each in seen}
    assert len(kinds) > 15
    state = _written(shop)
    dice = random.Random(20261123)
    runs = [each for each in seen if each.event == "workflow_run"]
    others = [each for each in seen if each.event != "workflow_run"]
    done, asked = Counter[str](), Counter[str]()
    for number in range(DELIVERIES):
        each, before = dice.choice(runs if number % 100 == 0 else others), recall.network.reads.total()
        done += recall.take(each.event, f"{number:08}-6b40-4287-b8e2-8e92f29ac0c2", each.payload)
        asked[each.event] += recall.network.reads.total() - before
    assert recall.network.writes == []
    assert _written(shop) == state
    # What a run of CI may bring has to be looked at; nothing else asks more than once what the repository is set to.
    assert sum(number for event, number in asked.items() if event != "workflow_run") <= 2, asked
    assert done[Task.REVIEW_PULL.value] + done[Task.RESUME_ESCAPES.value] > 1000
    assert done[Task.REPORT_ESCAPE.value] <= 1
    assert done[Task.FOLLOW_COMMAND.value] == done[Task.TICK_BOXES.value] == 0


def test_one_label_is_enough_to_write_so_that_the_count_counts(recall: Recall) -> None:
    issue = recall.shop.mona.open_issue(SHOP, "Total is wrong", "")
    recall.shop.mona.label(issue, LABEL)
    labelled = recall.shop.sandbox.deliveries[-1]
    recall.take(labelled.event, labelled.guid, labelled.payload)
    assert [write.partition("/")[0] for write in recall.network.writes] == ["POST "]
    assert recall.network.reads.total() > 1


def _written(shop: Shop) -> tuple[object, ...]:
    """Everything in the repository that recall could have written."""
    repository = shop.repository
    issues = [
        (issue.number, issue.title, issue.body, issue.state, len(issue.comments), [label.name for label in issue.labels])
        for issue in repository.issues.values()
    ]
    comments = [comment.body for issue in repository.issues.values() for comment in issue.comments]
    return issues, comments, len(repository.checks), repository.git.refs()
