"""The runner of GitHub Actions as a step of a job sees it: what happened, where GitHub is, its OIDC tokens, and why a job may
have none.

Source: docs.github.com/en/actions/reference/security/oidc, and the workflow syntax's page on permissions: runs of forks' pull
requests and of Dependabot cannot be given `id-token: write`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from app.domain.delivery import Delivery, Repository
from app.domain.errors import TellUser, TryLater
from app.github.auth import USER_AGENT, Host
from app.github.fields import Fields, at, number, record, text
from app.github.shapes import FULL_NAME
from app.github.webhooks import read

_LONGEST_EVENT = 25 << 20
_SECONDS = httpx.Timeout(10)
_ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s?#]*")


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

    def host(self) -> Host:
        """The GitHub that the job is of. Raises TellUser outside of a job."""
        api, web = self.told.get("GITHUB_API_URL", ""), self.told.get("GITHUB_SERVER_URL", "")
        if not (_ADDRESS.fullmatch(api) and _ADDRESS.fullmatch(web)):
            raise TellUser("GITHUB_API_URL and GITHUB_SERVER_URL name no GitHub: this runs in jobs of GitHub Actions.")
        return Host(api.rstrip("/"), web.rstrip("/"), self.transport)

    def delivery(self) -> Delivery:
        """What the run is for, as a webhook would have told it. Raises TellUser where the variables name no repository.

        The payload of a schedule may leave the repository out, which the variables name.
        """
        run = f"{self.told.get('GITHUB_RUN_ID', '0')}.{self.told.get('GITHUB_RUN_ATTEMPT', '1')}"
        told = read(self.told.get("GITHUB_EVENT_NAME", ""), f"run-{run}", json.dumps(self.event()).encode())
        name, numeric = self.told.get("GITHUB_REPOSITORY", ""), self.told.get("GITHUB_REPOSITORY_ID", "")
        if not (FULL_NAME.fullmatch(name) and numeric.isascii() and numeric.isdigit()):
            raise TellUser("GITHUB_REPOSITORY and its _ID name no repository: this runs in jobs of GitHub Actions.")
        if told.repository is not None and told.repository.id == int(numeric):
            return told
        return replace(told, repository=Repository(int(numeric), name))

    def event(self) -> Fields:
        """What happened that the run is for; empty where the runner does not tell, or not in JSON."""
        path = Path(self.told.get("GITHUB_EVENT_PATH", ""))
        try:
            if not path.is_file() or path.stat().st_size > _LONGEST_EVENT:
                return {}
            return record(json.loads(path.read_bytes()))
        except (OSError, ValueError, RecursionError):
            return {}
