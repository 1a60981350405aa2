"""The issuer of Actions' OIDC tokens: its keys, and the claims of a run; serving them is `oidc`'s.

Source of the claims: docs.github.com/en/actions/reference/security/oidc.
"""

import secrets
import threading
from collections.abc import Mapping
from typing import Any

import jwt
from jwt.algorithms import RSAAlgorithm

from app.sandbox.auth import key_pair
from app.sandbox.state import WorkflowRun
from app.sandbox.world import World

PATH = "/_services/token"
LIFE = 300


class Issuer:
    """Signs by RS256 with the newest of its keys; the first is made when it is needed."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._keys: list[tuple[str, str, str]] = []
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """What the `iss` claim says, and where the discovery document lies, as on an Enterprise Server."""
        return f"{self._world.web_url}{PATH}"

    def rotate(self, *, forget: bool = False) -> None:
        """Signs with a fresh key from now on; `forget` takes the others out of the key set."""
        made = (secrets.token_hex(20), *key_pair())
        with self._lock:
            self._keys = [made] if forget else [*self._keys, made]

    def public_key(self) -> str:
        """The public key that tokens are checked with now, as PEM text."""
        return self._newest()[2]

    def jwks(self) -> dict[str, Any]:
        """The key set."""
        self._newest()
        return {"keys": [_jwk(kid, public) for kid, _, public in self._keys]}

    def sign(self, claims: Mapping[str, Any]) -> str:
        """The claims as a token."""
        kid, private, _ = self._newest()
        return jwt.encode(dict(claims), private, algorithm="RS256", headers={"kid": kid})

    def claims(self, run: WorkflowRun, audience: str | None = None) -> dict[str, Any]:
        """What a token of that run says; without an audience it is the owner's address, as GitHub's default is."""
        now = int(self._world.clock().timestamp())
        on = run.repository
        name = on.full_name
        return {
            "jti": secrets.token_hex(16),
            "sub": f"repo:{name}:{'pull_request' if run.pull else f'ref:{run.ref}'}",
            "aud": audience or f"{self._world.web_url}/{on.owner.login}",
            "iss": self.url,
            "iat": now,
            "nbf": now - 10,
            "exp": now + LIFE,
            "ref": run.ref,
            "ref_type": "branch",
            "ref_protected": "false",
            "sha": run.sha,
            "base_ref": run.pull.pull.base_ref if run.pull and run.pull.pull else "",
            "head_ref": run.head_branch if run.pull else "",
            "event_name": run.event,
            "repository": name,
            "repository_id": str(on.id),
            "repository_owner": on.owner.login,
            "repository_owner_id": str(on.owner.id),
            "repository_visibility": on.visibility,
            "actor": run.actor.login,
            "actor_id": str(run.actor.id),
            "run_id": str(run.id),
            "run_number": str(run.number),
            "run_attempt": str(run.attempt),
            "runner_environment": "github-hosted",
            "workflow": "tests",
            "workflow_ref": f"{name}/.github/workflows/tests.yml@{run.ref}",
            "workflow_sha": run.sha,
            "job_workflow_ref": f"{name}/.github/workflows/tests.yml@{run.ref}",
            "job_workflow_sha": run.sha,
        }

    def _newest(self) -> tuple[str, str, str]:
        if not self._keys:
            self.rotate()
        return self._keys[-1]


def _jwk(kid: str, public: str) -> dict[str, Any]:
    key = RSAAlgorithm(RSAAlgorithm.SHA256).prepare_key(public)
    return {**RSAAlgorithm.to_jwk(key, as_dict=True), "kid": kid, "use": "sig", "alg": "RS256"}
