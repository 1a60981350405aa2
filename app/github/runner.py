"""The runner of GitHub Actions as a step of a job sees it: its OIDC tokens, and why a job may have none.

Source: docs.github.com/en/actions/reference/security/oidc, and the workflow syntax's page on permissions: runs of forks' pull
requests and of Dependabot cannot be given `id-token: write`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.domain.errors import TellUser, TryLater
from app.github.auth import USER_AGENT
from app.github.fields import Fields, at, number, record, text

_LONGEST_EVENT = 25 << 20
_SECONDS = httpx.Timeout(10)


@dataclass(frozen=True, slots=True)
class Runner:
    """`told` are the variables of the step; `transport` replaces the network in tests."""

    told: Mapping[str, str]
    transport: httpx.BaseTransport | None = None

    @property
    def has_tokens(self) -> bool:
        """Whether the job may ask for tokens."""
        return bool(self.told.get("ACTIONS_ID_TOKEN_REQUEST_URL") and self.told.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN"))

    @property
    def cannot_have_tokens(self) -> str:
        """Whose run it is that GitHub gives no tokens to, whatever its workflow asks for; empty for all others."""
        if self.told.get("GITHUB_ACTOR") == "dependabot[bot]":
            return "Dependabot"
        pull = at(self.event(), "pull_request")
        home, head = number(at(pull, "base", "repo"), "id"), number(at(pull, "head", "repo"), "id")
        return "a fork" if pull and home != head else ""

    def token(self, audience: str) -> str:
        """A fresh token for that audience. Raises TellUser where the job may have none, TryLater where the runner fails."""
        if self.told.get("GITHUB_ACTIONS") != "true":
            raise TellUser("Maps are sent from runs of GitHub Actions, whose tokens say which commit was tested.")
        if not self.has_tokens:
            raise TellUser(
                "The job may ask for no OIDC token: give it the permission `id-token: write`, beside `contents: read`."
            )
        failed = TryLater("The runner gave no OIDC token.")
        headers = {
            "Authorization": f"bearer {self.told['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}",
            "Accept": "application/json",
            "User-Agent": USER_AGENT,
        }
        try:
            with httpx.Client(transport=self.transport, timeout=_SECONDS) as client:
                url = httpx.URL(self.told["ACTIONS_ID_TOKEN_REQUEST_URL"]).copy_merge_params({"audience": audience})
                answer = client.get(url, headers=headers)
            value = text(record(answer.json()), "value", 20_000) if answer.is_success else ""
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            raise failed from None
        if not value:
            raise failed
        return value

    def event(self) -> Fields:
        """What happened that the run is for; empty where the runner does not tell, or not in JSON."""
        path = Path(self.told.get("GITHUB_EVENT_PATH", ""))
        try:
            if not path.is_file() or path.stat().st_size > _LONGEST_EVENT:
                return {}
            return record(json.loads(path.read_bytes()))
        except (OSError, ValueError, RecursionError):
            return {}
