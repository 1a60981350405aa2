"""A sandbox GitHub with one furnished repository, `octo/shop`, for whatever test needs a GitHub to talk to."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import jwt

from app.sandbox import Person, Sandbox
from app.sandbox.auth import key_pair
from app.sandbox.sandbox import PERMISSIONS
from app.sandbox.state import App, Installation, Repository

SHOP = "octo/shop"
same_keys = cache(key_pair)


def mint(issuer: object, key: str, issued: float = -60, ends: float = 540) -> str:
    """A JWT as an App makes it; `issued` and `ends` are seconds from now."""
    now = int(time.time())
    claims = {"iat": now + int(issued), "exp": now + int(ends), "iss": str(issuer)}
    return jwt.encode(claims, key, algorithm="RS256")


def app_jwt(app: App, issuer: object = None, key: str | None = None, **times: float) -> str:
    """A JWT of an App, or one that pretends to be."""
    return mint(app.id if issuer is None else issuer, key or app.private_key, **times)


@dataclass
class Shop:
    """The sandbox, its App and installation, the repository, and mona, who may write there."""

    sandbox: Sandbox
    app: App
    installation: Installation
    repository: Repository
    mona: Person

    def as_app(self, **how: Any) -> httpx.Client:
        """A client that speaks as the App itself."""
        return self.client(app_jwt(self.app, **how))

    def mint(self, wish: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """A fresh installation token, as the answer that brings it."""
        with self.as_app() as client:
            answer = client.post(f"/app/installations/{self.installation.id}/access_tokens", json=wish or {}, headers=headers)
            return dict(answer.raise_for_status().json())

    def as_bot(self, **permissions: str) -> httpx.Client:
        """A client with an installation token, narrowed to `permissions` if any are named."""
        return self.client(self.mint({"permissions": permissions} if permissions else {})["token"])

    def as_mona(self) -> httpx.Client:
        """A client with mona's own token."""
        return self.client(self.mona.token())

    def client(self, token: str | None) -> httpx.Client:
        """A client with any token, or none."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.sandbox.api_url, headers=headers, trust_env=False, verify=False)


@contextmanager
def open_shop(
    folder: Path,
    visibility: str = "private",
    webhook_url: str | None = None,
    permissions: Mapping[str, str] = PERMISSIONS,
    slug: str = "recall",
) -> Iterator[Shop]:
    """A running sandbox with `octo/shop`: two commits on main, and the App installed on it."""
    with Sandbox(folder) as sandbox:
        app = sandbox.create_app(slug, webhook_url=webhook_url, permissions=permissions, keys=same_keys())
        repository = sandbox.create_repository(SHOP, visibility=visibility)
        mona = sandbox.person("mona", SHOP, role="write")
        mona.push(SHOP, {"shop/pricing.py": "RATE = 2\n\n\ndef total(n):\n    return n * RATE\n"}, "Price things")
        mona.push(SHOP, {"tests/test_pricing.py": "def test_total():\n    assert True\n"}, "Test the prices")
        yield Shop(sandbox, app, sandbox.install(app, SHOP), repository, mona)
