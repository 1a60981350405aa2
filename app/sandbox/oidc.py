"""The addresses of the OIDC issuer of Actions: discovery, key set, and what a runner asks for a token of its job."""

import hmac
from typing import Any

from fastapi import APIRouter, Request

from app.sandbox.api import HubOf
from app.sandbox.issuer import PATH
from app.sandbox.refusals import Refused, not_found

router = APIRouter()


@router.get(f"{PATH}/.well-known/openid-configuration")
def discovery(hub: HubOf) -> dict[str, Any]:
    """Where the keys are."""
    return {
        "issuer": hub.issuer.url,
        "jwks_uri": f"{hub.issuer.url}/.well-known/jwks",
        "subject_types_supported": ["public", "pairwise"],
        "response_types_supported": ["id_token"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid"],
    }


@router.get(f"{PATH}/.well-known/jwks")
def jwks(hub: HubOf) -> dict[str, Any]:
    """The keys."""
    return hub.issuer.jwks()


@router.get("/_services/runner/{run_id}/token")
def token(request: Request, hub: HubOf, run_id: int, audience: str | None = None) -> dict[str, Any]:
    """A token for the job that holds the run's secret."""
    given = request.headers.get("authorization", "").partition(" ")[2]
    for repository in list(hub.repositories.values()):
        run = repository.runs.get(run_id)
        if run and run.secret and hmac.compare_digest(run.secret.encode(), given.encode()):
            return {"count": 1, "value": hub.issuer.sign(hub.issuer.claims(run, audience))}
    raise Refused(401, "Requires authentication") if given else not_found()
