"""A job of GitHub Actions beside a sandbox: the steps of action.yml really run, on event files as the sandbox told them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.sandbox.sandbox import WRITING
from app.sandbox.state import Comment, Issue
from app.sandbox.webhooks import WebhookDelivery
from tests.shop import SHOP, Shop, open_shop

ROOT = Path(__file__).parents[1]
READING = {"metadata": "read", "contents": "read", "issues": "read", "pull_requests": "read", "actions": "read"}


@dataclass
class Ran:
    """How a step ended: its exit code, what it printed, and the summary of the run."""

    code: int
    log: str
    summary: str


@dataclass
class Actions:
    """The runner of `octo/shop`. `token` is what `GITHUB_TOKEN` may do."""

    shop: Shop
    folder: Path
    runs: int = 0

    def last(self, event: str, action: str | None = None) -> WebhookDelivery:
        """The newest thing that happened of that kind."""
        log = reversed(self.shop.sandbox.hub.webhooks.log)
        return next(one for one in log if one.event == event and action in (None, one.action))

    def act(
        self, mode: str, happened: WebhookDelivery | None = None, permissions: Mapping[str, str] = WRITING, **also: str
    ) -> Ran:
        """Runs the step; with nothing that happened it is a schedule."""
        process, summary = self.begin(mode, happened, permissions, **also)
        log, _ = process.communicate(timeout=120)
        return Ran(process.returncode, log, summary.read_text() if summary.exists() else "")

    def begin(
        self, mode: str, happened: WebhookDelivery | None = None, permissions: Mapping[str, str] = WRITING, **also: str
    ) -> tuple["subprocess.Popen[str]", Path]:
        """Begins the step in a job of its own."""
        self.runs += 1
        place = self.folder / f"run-{self.runs}"
        (place / "recall").mkdir(parents=True)
        (place / "recall" / "venv").symlink_to(sys.prefix)
        told = json.loads(happened.payload) if happened else {"schedule": "17 6 * * 1"}
        told.pop("installation", None)
        (place / "event.json").write_text(json.dumps(told))
        hub = self.shop.sandbox
        known = {name: value for name, value in os.environ.items() if not name.startswith(("RECALL_", "GITHUB_", "ACTIONS_"))}
        environment = known | {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": hub.api_url,
            "GITHUB_SERVER_URL": hub.url,
            "GITHUB_REPOSITORY": SHOP,
            "GITHUB_REPOSITORY_ID": str(self.shop.repository.id),
            "GITHUB_EVENT_NAME": happened.event if happened else "schedule",
            "GITHUB_EVENT_PATH": str(place / "event.json"),
            "GITHUB_STEP_SUMMARY": str(place / "summary.md"),
            "GITHUB_OUTPUT": str(place / "output"),
            "GITHUB_RUN_ID": str(self.runs),
            "GITHUB_TOKEN": self.shop.mint({"permissions": dict(permissions)})["token"],
            "RUNNER_TEMP": str(place),
            "ACTION": str(ROOT),
            "MODE": mode,
            "LABEL": "escaped-bug",
            "LOGIN": "github-actions[bot]",
            "STRICT": "true",
            **also,
        }
        command = ["bash", str(ROOT / "deploy/action.sh"), "act"]
        process = subprocess.Popen(
            command, env=environment, cwd=place, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        return process, place / "summary.md"

    def comments(self, issue: Issue) -> list[Comment]:
        """What was written there in the name of the job's token."""
        return [comment for comment in issue.comments if comment.author.login == "github-actions[bot]"]


@contextmanager
def actions(folder: Path) -> Iterator[Actions]:
    """A sandbox whose repository has no App but GitHub's own."""
    with open_shop(folder / "github", permissions=WRITING, slug="github-actions") as shop:
        yield Actions(shop, folder)
