"""A sandbox GitHub in this process and the served recall in another, talking to each other over HTTP."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, NullPool, create_engine, text

from app.demo.play import free_port
from app.sandbox.sandbox import PERMISSIONS, WRITING
from app.sandbox.state import Comment, Issue, WorkflowRun
from tests.jobs.build import until
from tests.jobs.undying import ROOT, Service
from tests.shop import SHOP, Shop, open_shop

LABEL = "escaped-bug"
BOUNDARIES = range(15)  # two for each of the seven steps of `report_escape`, and one behind them
DRAFT_BOUNDARIES = range(10, 23)  # the same for `draft_test`, from its sixth step on, before which it only reads
BODY = "The total is wrong, see `shop/pricing.py`."


@dataclass
class Bot:
    """The served recall. `death` is a folder of marks for `tests.jobs.deadly`; each missing one is a death to come."""

    shop: Shop
    port: int
    database_url: str
    folder: Path
    service: Service | None = None

    @cached_property
    def database(self) -> Engine:
        return create_engine(self.database_url, poolclass=NullPool)

    @property
    def death(self) -> Path:
        return self.folder / "death"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, deaths: str) -> None:
        """`deaths` names whose boundaries are deadly: `report`, `draft` or nobody's."""
        self.death.mkdir(exist_ok=True)
        spared = [f"died-{boundary}" for boundary in BOUNDARIES if deaths != "report"]
        spared += [f"died-draft-{n}" for n in range(DRAFT_BOUNDARIES.stop) if deaths != "draft" or n not in DRAFT_BOUNDARIES]
        for name in spared:
            (self.death / name).touch()
        app = self.shop.app
        environment = {name: value for name, value in os.environ.items() if not name.startswith("RECALL_")} | {
            "RECALL_GITHUB_APP_ID": str(app.id),
            "RECALL_GITHUB_PRIVATE_KEY": app.private_key,
            "RECALL_GITHUB_WEBHOOK_SECRET": app.webhook_secret,
            "RECALL_GITHUB_API_URL": self.shop.sandbox.api_url,
            "RECALL_GITHUB_WEB_URL": self.shop.sandbox.url,
            "RECALL_DATA_DIR": str(self.folder / "data"),
            "RECALL_DATABASE_URL": self.database_url.replace("+psycopg", ""),
            "RECALL_WORKER_TIMEOUT": "1",
            "RECALL_DRAIN_SECONDS": "0",
            "RECALL_PUBLIC_URL": self.address,
        }
        arguments = ("tests.end_to_end.server", self.port, self.death)
        self.service = Service(*arguments, log=self.folder / "server.log", environment=environment)
        until(lambda: self.ready() or self.service.ended, 60)

    @property
    def now(self) -> datetime:
        """The time in the sandbox, and by the bot's clock."""
        return self.shop.sandbox.hub.now()

    def travel(self, moment: datetime) -> None:
        """Lets time pass until then, for the sandbox and for the bot."""
        sandbox = self.shop.sandbox
        sandbox.skip(moment - self.now)
        written = self.death / "ahead.new"
        written.write_text(str(sandbox.hub.skipped.total_seconds()))
        written.rename(self.death / "ahead")

    def ready(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=5, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def ask(self, query: str, **values: object) -> list[str]:
        """One column, read beside the server that has the database."""
        with self.database.connect() as connection:
            return [str(value) for value in connection.execute(text(query), values).scalars()]

    def settle(self, seconds: float = 60) -> None:
        """Waits until every delivery was taken and every job is done; sends deliveries again that nobody took."""
        until(self._settled, seconds)

    def _settled(self) -> bool:
        hooks = self.shop.sandbox.hub.webhooks
        hooks.drain()
        taken = {delivery.guid for delivery in hooks.log if delivery.status == "OK"}
        lost = {delivery.guid: delivery for delivery in hooks.log if delivery.guid not in taken}
        if lost:
            until(self.ready)
        for delivery in lost.values():
            hooks.redeliver(self.shop.app, delivery.id)
        return not lost and set(self.ask("SELECT state FROM recall_job")) <= {"done"}

    def issue(self, title: str = "Total is wrong") -> Issue:
        return self.shop.mona.open_issue(SHOP, title, BODY)

    def comments(self, issue: Issue) -> list[Comment]:
        return [c for c in issue.comments if c.author.login == "recall[bot]"]

    def one_right_comment(self, issue: Issue) -> str:
        """The body of the only comment on the issue, without what tells issues apart."""
        (comment,) = self.comments(issue)
        assert comment.body.startswith("<!-- recall:v1 ")
        return comment.body.partition("\n")[2].replace(f"#{issue.number}", "#N").replace(f"/issues/{issue.number}", "/issues/N")


def step(bot: Bot, run: WorkflowRun, folder: Path, name: str, **inputs: str) -> "subprocess.CompletedProcess[str]":
    """One step of the action in a job of that run; recall is installed there already."""
    recall = folder / "recall"
    recall.mkdir(exist_ok=True)
    if not (recall / "venv").exists():
        (recall / "venv").symlink_to(sys.prefix)
    known = {name: value for name, value in os.environ.items() if not name.startswith(("RECALL_", "GITHUB_", "ACTIONS_"))}
    given = {"STRICT": "true", "ACTION": str(ROOT), "RUNNER_TEMP": str(folder), "GITHUB_OUTPUT": str(folder / "output")}
    environment = known | bot.shop.sandbox.environment(run) | given | inputs
    return subprocess.run(
        ["bash", str(ROOT / "deploy/action.sh"), name], env=environment, cwd=folder, text=True, capture_output=True, check=False
    )


@contextmanager
def serving(
    kind: str, request: pytest.FixtureRequest, deaths: str = "", permissions: Mapping[str, str] = PERMISSIONS
) -> Iterator[Bot]:
    """A sandbox and a served recall on a database of that kind."""
    folder: Path = request.getfixturevalue("tmp_path_factory").mktemp("bot")
    url = f"sqlite:///{folder / 'recall.db'}" if kind == "sqlite" else request.getfixturevalue("postgres_server")()
    port = free_port()
    with open_shop(folder / "github", webhook_url=f"http://127.0.0.1:{port}/webhook", permissions=permissions) as shop:
        bot = Bot(shop, port, url, folder)
        try:
            bot.start(deaths)
            yield bot
        finally:
            if bot.service:
                bot.service.kill()


KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(scope="module", params=KINDS)
def bot(request: pytest.FixtureRequest) -> Iterator[Bot]:
    with serving(request.param, request) as made:
        yield made


@pytest.fixture(params=KINDS)
def dying_bot(request: pytest.FixtureRequest) -> Iterator[Bot]:
    with serving(request.param, request, deaths="report") as made:
        yield made


@pytest.fixture
def dying_drafter(request: pytest.FixtureRequest) -> Iterator[Bot]:
    """One that may write code, and dies while it does."""
    with serving("sqlite", request, deaths="draft", permissions=WRITING) as made:
        yield made
