"""What a push to the configuration leads to on the sandbox: labels that are known, and one check run while something is wrong."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from app.analysis.labels import noted
from app.analysis.settings.keys import PATH
from app.domain.configuration import Settled
from app.domain.delivery import Repository
from app.domain.job import Job, Outcome, Task
from app.domain.watch import Watched
from app.github.auth import App, Host
from app.github.checks import RepositoryChecks
from app.github.configured import RepositoryConfigured
from app.render.configured import configuration_check
from app.sandbox.sandbox import PERMISSIONS
from app.store.memory import MemoryWatches
from app.workflows.check_configuration import check_configuration
from app.workflows.ports import Configuring
from tests.shop import SHOP, Shop, open_shop


@dataclass
class Bot:
    """recall on the shop."""

    shop: Shop
    watches: MemoryWatches = field(default_factory=MemoryWatches)

    @property
    def home(self) -> Repository:
        return Repository(self.shop.repository.id, SHOP)

    def settle(self, text: str) -> None:
        self.shop.mona.push(SHOP, {PATH: text}, "Settle")

    def check(self, number: int | None = None) -> Outcome:
        app = App(Host(self.shop.sandbox.api_url, self.shop.sandbox.url), self.shop.app.id, self.shop.app.private_key)
        installed = app.on(self.shop.installation.id, self.home.id)
        with closing(RepositoryConfigured(app.host, installed, self.home)) as configured:

            def settled() -> Settled:
                found = configured.settled()
                installation = self.shop.installation.id
                self.watches.keep(self.home.id, lambda known: noted(known, self.home, installation, found, now=9.0))
                return found

            checks = RepositoryChecks(app.host, installed, lambda: self.home)
            job = Job(Task.CHECK_CONFIGURATION, "d", self.shop.installation.id, self.home, number=number)
            return check_configuration(job, Configuring(settled, checks, self.watches, configuration_check))

    def told(self) -> list[tuple[str, str | None, str]]:
        return [(run.name, run.conclusion, run.output["title"]) for run in self.shop.repository.checks]


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    with open_shop(tmp_path, permissions=PERMISSIONS | {"checks": "write"}) as shop:
        yield Bot(shop)


BROKEN = ("recall / config", "neutral", "1 thing in the configuration could not be used")


def test_a_configuration_without_problems_leaves_no_trace_but_its_labels(bot: Bot) -> None:
    bot.settle("labels: [incident]\n")
    bot.check()
    assert bot.told() == []
    assert bot.watches.known[bot.home.id].labels == ("incident",)


def test_a_broken_one_is_told_on_its_commit_once_and_so_is_the_day_when_it_is_right_again(bot: Bot) -> None:
    bot.settle("drafts: maybe\n")
    bot.check()
    bot.check()
    assert bot.told() == [BROKEN]
    (run,) = bot.shop.repository.checks
    assert run.head_sha == bot.shop.repository.git.ref("refs/heads/main")
    assert "line 1, column 9" in run.output["summary"]
    bot.settle("drafts: false\n")
    bot.check()
    bot.check()
    assert bot.told() == [BROKEN, ("recall / config", "success", "All of the configuration is in force")]
    bot.settle("drafts: true\n")
    bot.check()
    assert len(bot.told()) == 2


def test_where_checks_are_turned_off_nothing_is_written(bot: Bot) -> None:
    bot.settle("checks: false\ndrafts: maybe\n")
    assert bot.check().sentence.endswith("check runs are turned off.")
    assert bot.told() == []


def test_without_the_right_to_write_checks_the_log_says_so(tmp_path: Path) -> None:
    with open_shop(tmp_path, permissions={"metadata": "read", "contents": "read"}) as shop:
        bot = Bot(shop)
        bot.settle("drafts: maybe\n")
        assert "no check run says so" in bot.check().sentence
        assert bot.told() == []


def test_a_label_that_may_be_one_has_its_issue_looked_at_where_the_repository_names_labels(bot: Bot) -> None:
    assert bot.check(number=4).next == ()
    bot.settle("labels: [incident]\n")
    assert [(job.task, job.number) for job in bot.check(number=4).next] == [(Task.REPORT_ESCAPE, 4)]


def test_a_push_to_the_owners_repository_makes_what_is_known_of_all_its_repositories_stale(tmp_path: Path) -> None:
    with open_shop(tmp_path) as shop:
        bot = Bot(shop)
        bot.watches.known[77] = Watched(Repository(77, "octo/other"), shop.installation.id, ("p1",), read=5.0)
        bot.check()
        assert bot.watches.known[77].read == 5.0
        shared = replace(bot.home, full_name="octo/.github")
        outside = Configuring(Settled, RepositoryChecks.__new__(RepositoryChecks), bot.watches, configuration_check)
        check_configuration(Job(Task.CHECK_CONFIGURATION, "d", shop.installation.id, shared), outside)
        assert bot.watches.known[77].read == 0.0
