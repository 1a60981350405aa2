"""`dry_run` in `.github/recall.yml`: everything is computed and told, nothing is written and nothing is remembered."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap.github import Kept, Terms
from app.bootstrap.preview import HandedMaps
from app.bootstrap.rehearse import REHEARSED, obeying
from app.domain.delivery import Repository
from app.domain.job import Job, Task
from app.engine.map_files import FilesMaps
from app.github.auth import App, Host
from app.jobs import Perform
from app.sandbox.sandbox import WRITING
from app.sandbox.state import Issue
from app.store.memory import Memory, MemoryWatches
from app.workflows.ports import inline
from tests.shop import SHOP, Shop, open_shop


class Served:
    """What doing a job means on the shop, and what is remembered."""

    def __init__(self, shop: Shop, folder: Path) -> None:
        self.shop, self.records = shop, Memory()
        host = Host(shop.sandbox.api_url, shop.sandbox.url)
        app = App(host, shop.app.id, shop.app.private_key)
        kept = Kept(self.records, MemoryWatches(), HandedMaps(0, FilesMaps(())))
        access = app.on(shop.installation.id, shop.repository.id)
        self.perform: Perform = obeying(host, lambda _: access, kept, Terms(folder))

    def report(self, issue: Issue) -> tuple[str, str, int]:
        home = Repository(self.shop.repository.id, SHOP)
        done = self.perform(Job(Task.REPORT_ESCAPE, "g", self.shop.installation.id, home, number=issue.number), inline)
        return done.state, done.sentence, len(done.next)

    def settle(self, text: str) -> None:
        self.shop.mona.push(SHOP, {".github/recall.yml": text}, "Settle it")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with open_shop(tmp_path / "sandbox", permissions=WRITING) as shop:
        yield Served(shop, tmp_path / "data")


def escaped(shop: Shop) -> Issue:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong", "")
    files = {"shop/pricing.py": "RATE = 3\n\n\ndef total(n):\n    return n * RATE\n"}
    shop.mona.push(SHOP, files, "Count it right", branch="fix")
    shop.mona.merge(shop.mona.open_pull(SHOP, "fix", "Count it right", f"Fixes #{issue.number}"))
    shop.mona.label(issue, "escaped-bug")
    return issue


def test_a_dry_run_tells_all_that_follows_and_writes_nothing(served: Served) -> None:
    issue = escaped(served.shop)
    served.settle("dry_run: true\n")
    before = (served.shop.repository.git.refs(), len(served.shop.repository.issues), len(issue.comments))
    state, sentence, queued = served.report(issue)
    assert (state, queued) == (REHEARSED, 0)
    assert f"comment on {SHOP}#{issue.number}" in sentence
    assert f"new branch recall/issue-{issue.number}" in sentence
    assert (served.shop.repository.git.refs(), len(served.shop.repository.issues), len(issue.comments)) == before
    assert served.records.history(served.shop.repository.id) == ()


def test_when_the_dry_run_ends_everything_is_written(served: Served) -> None:
    issue = escaped(served.shop)
    served.settle("dry_run: true\n")
    served.report(issue)
    served.settle("dry_run: false\n")
    state, _, queued = served.report(issue)
    assert (state, queued) == ("reported", 1)
    assert [comment.author.login for comment in issue.comments] == ["recall[bot]"]


def test_what_stood_before_a_dry_run_stays_as_it_is(served: Served) -> None:
    issue = escaped(served.shop)
    served.report(issue)
    known, body = served.records.history(served.shop.repository.id), issue.comments[0].body
    served.settle("dry_run: true\n")
    served.shop.mona.unlabel(issue, "escaped-bug")
    assert served.report(issue)[0] == REHEARSED
    assert issue.comments[0].body == body
    assert served.records.history(served.shop.repository.id) == known
