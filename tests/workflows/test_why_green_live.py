"""Why it was green, the whole line but the guess: the sandbox's checks, real mirrors, the real engine, the real words."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

import pytest

from app.domain.culprit import Origin, Speech, Suspect
from app.domain.delivery import Repository
from app.domain.escape import Fix
from app.domain.job import Job, State, Task
from app.domain.report import Report
from app.domain.testmap import Maps
from app.engine.explain import ExplainEscape
from app.engine.why_green import look_back
from app.git.mirror import Mirrors
from app.git.run import run
from app.github.auth import App, Host
from app.github.forge import RepositoryForge
from app.github.green import RepositoryGreen
from app.render.comment import comment
from app.sandbox.state import Issue
from app.workflows.ports import Outside
from app.workflows.report_escape import report_escape
from tests.shop import SHOP, Shop, open_shop
from tests.workflows.memory import Memory

BUG = "RATE = 2\n\n\ndef total(n):\n    return n + RATE\n"
FIXED = "RATE = 2\n\n\ndef total(n):\n    return n * RATE + 0\n"


@dataclass
class Escaped:
    """The shop after a bug came in by a squashed pull request and was repaired; `culprit` is the commit that landed."""

    shop: Shop
    issue: Issue
    culprit: str
    head: str
    origin: Origin | None = None

    def explain(
        self, mirror: Path, *, fix: Fix | None, text: str, maps: Maps | None = None, speech: Speech | None = None
    ) -> Report:
        """What the engine says, of another change than it found where a test names one."""
        report = ExplainEscape()(mirror, fix=fix, text=text, maps=maps, speech=speech)
        return replace(report, origin=self.origin) if self.origin else report

    def body(self, folder: Path) -> str:
        """The one comment."""
        shop = self.shop
        app = App(Host(shop.sandbox.api_url, shop.sandbox.url), shop.app.id, shop.app.private_key)
        home = Repository(shop.repository.id, SHOP)
        installed = app.on(shop.installation.id, home.id)
        with closing(RepositoryGreen(app.host, installed, lambda: home)) as green:
            outside = Outside(
                forge=RepositoryForge(app.host, installed, home),
                mirrors=Mirrors(folder),
                explain=self.explain,
                render=comment,
                records=Memory(),
                web_url=shop.sandbox.url,
                landed=green.landed,
                look_back=look_back,
            )
            job = Job(Task.REPORT_ESCAPE, "g", shop.installation.id, home, number=self.issue.number)
            assert report_escape(job, outside).state == State.REPORTED
        (made,) = self.issue.comments
        return unescape(made.body)


@pytest.fixture
def escaped(tmp_path: Path) -> Iterator[Escaped]:
    with open_shop(tmp_path / "sandbox") as shop:
        mona, git = shop.mona, shop.repository.git
        head = mona.push(SHOP, {"shop/pricing.py": BUG}, "Add up", branch="add")
        pull = mona.open_pull(SHOP, "add", "Add up")
        run_of_ci = shop.sandbox.start_run_at(SHOP, head, "ci")
        shop.sandbox.job(run_of_ci, "unit", "failure")
        shop.sandbox.job(run_of_ci, "unit", "success")
        culprit = mona.merge(pull, "squash")
        run(git.path, "tag", "v1.0", culprit)
        issue = mona.open_issue(SHOP, "Totals are wrong", f"This was introduced in {culprit}.")
        mona.label(issue, "escaped-bug")
        files = {
            "shop/pricing.py": FIXED,
            "tests/test_total.py": "from shop.pricing import total\n\n\ndef test_it():\n    assert total(3) == 6\n",
        }
        mona.push(SHOP, files, "Multiply", branch="fix")
        mona.merge(mona.open_pull(SHOP, "fix", "Multiply", f"Fixes #{issue.number}"))
        yield Escaped(shop, issue, culprit, head)


def test_the_comment_tells_checks_tests_and_life(escaped: Escaped, tmp_path: Path) -> None:
    body = escaped.body(tmp_path / "mirrors")
    url = f"{escaped.shop.sandbox.url}/octo/shop"
    assert "Why the change that let it in was green: 1 of 1 check passed" in body
    assert f"[#1]({url}/pull/1) at [`{escaped.head[:7]}`]({url}/commit/{escaped.head})" in body
    assert f"[`v1.0`]({url}/releases/tag/v1.0)" in body
    assert "[`ci / unit`](" in body
    assert "passed after it had failed once on the same commit" in body
    assert "did not exist yet: the fix brought it" in body


def test_without_a_culprit_there_is_no_ledger(escaped: Escaped, tmp_path: Path) -> None:
    escaped.origin = Origin()
    assert "that let it in" not in escaped.body(tmp_path / "mirrors")


def test_of_two_that_are_close_the_first_is_looked_at_and_that_is_said(escaped: Escaped, tmp_path: Path) -> None:
    escaped.origin = Origin(escaped.culprit, suspects=(Suspect(escaped.culprit, "Add up (#1)", 0, 0.8),), close=True)
    assert "two changes are about as likely: this is about the first".capitalize() in escaped.body(tmp_path / "mirrors")


def test_a_culprit_that_the_repository_does_not_have_keeps_no_comment_back(escaped: Escaped, tmp_path: Path) -> None:
    escaped.origin = Origin("f" * 40)
    body = escaped.body(tmp_path / "mirrors")
    assert "What the tests of that day could see was not read in time" in body


def test_a_github_that_answers_nothing_on_checks_keeps_no_comment_back(escaped: Escaped, tmp_path: Path) -> None:
    for path in ("*/check-runs", "*/statuses", "*/pulls"):
        escaped.shop.sandbox.faults.add("server-error", method="GET", path=f"*/commits/{escaped.culprit}{path[1:]}", times=9)
    body = escaped.body(tmp_path / "mirrors")
    assert "with no pull request" not in body
    assert "GitHub could not tell now which pull request brought the change that let the bug in" in body
    assert "GitHub could not tell the check runs of the change that let the bug in now" in body
