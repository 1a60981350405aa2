"""REST for the App itself: installations and their tokens, webhook deliveries, rate limits."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response

from app.sandbox import shapes, webhooks
from app.sandbox.api import AppOf, CallerOf, HubOf, page_of, reach
from app.sandbox.api import Reach as _Reach
from app.sandbox.auth import mint, owned
from app.sandbox.faults import HOURLY
from app.sandbox.hub import Hub
from app.sandbox.refusals import Refused, forbidden, not_found
from app.sandbox.shapes import Shape
from app.sandbox.state import Repository, stamp

router = APIRouter()
DELIVERY_DAYS = 3


@router.get("/app")
def own_app(hub: HubOf, app: AppOf) -> Shape:
    """The App that the JWT is of."""
    mine = [one for one in list(hub.installations.values()) if one.app is app and not one.deleted]
    return {**shapes.app(hub, app), "installations_count": len(mine)}


@router.get("/app/installations")
def installations(request: Request, response: Response, hub: HubOf, app: AppOf) -> list[Shape]:
    """All installations of the App."""
    mine = [one for one in list(hub.installations.values()) if one.app is app and not one.deleted]
    return [shapes.installation(hub, one) for one in page_of(request, response, mine)]


@router.get("/app/installations/{installation_id}")
def installation(hub: HubOf, app: AppOf, installation_id: int) -> Shape:
    """One installation of the App."""
    return shapes.installation(hub, owned(hub, app, installation_id))


@router.post("/app/installations/{installation_id}/access_tokens", status_code=201)
def access_token(
    request: Request, hub: HubOf, app: AppOf, installation_id: int, wish: Annotated[dict[str, Any] | None, Body()] = None
) -> Shape:
    """A token of the installation, of the stateless form if the header asks for it."""
    stateless = request.headers.get("x-github-stateless-s2s-token") == "enabled"
    token = mint(hub, app, installation_id, wish or {}, stateless)
    shape: Shape = {
        "token": token.value,
        "expires_at": stamp(token.expires_at),
        "permissions": token.permissions,
        "repository_selection": "all"
        if token.repositories is None and owned(hub, app, installation_id).repositories is None
        else "selected",
    }
    if token.repositories is not None:
        shape["repositories"] = [shapes.repository(hub, hub.by_id(one)) for one in sorted(token.repositories)]
    return shape


@router.delete("/installation/token", status_code=204)
def revoke(caller: CallerOf) -> None:
    """Ends the installation token that the request carries."""
    if caller.token is None or caller.token.installation is None:
        raise Refused(401, "Requires authentication")
    caller.token.revoked = True


@router.get("/installation/repositories")
def own_repositories(request: Request, response: Response, hub: HubOf, caller: CallerOf) -> Shape:
    """The repositories that an installation token reaches."""
    if caller.token is None or caller.token.installation is None:
        raise forbidden("metadata", "read")
    mine = [one for one in list(hub.repositories.values()) if caller.reaches(one)]
    shown = [shapes.repository(hub, one, caller.account) for one in page_of(request, response, mine)]
    return {"total_count": len(mine), "repository_selection": "selected", "repositories": shown}


@router.get("/repos/{owner}/{repo}/installation")
def repository_installation(hub: HubOf, app: AppOf, owner: str, repo: str) -> Shape:
    """The App's installation that covers a repository."""
    covering = [one for one in hub.installations_on(hub.repository(f"{owner}/{repo}")) if one.app is app]
    if not covering:
        raise not_found()
    return shapes.installation(hub, covering[0])


@router.get("/app/hook/deliveries")
def deliveries(request: Request, response: Response, hub: HubOf, app: AppOf) -> list[Shape]:
    """The App's deliveries of the last days, newest first, by cursor; `status=failure` knows only HTTP errors."""
    query = request.query_params
    mine = [one for one in reversed(list(hub.webhooks.log)) if one.app is app and one.status != "pending"]
    if query.get("status") in ("success", "failure"):
        failed = query["status"] == "failure"
        mine = [one for one in mine if (400 <= one.status_code <= 599) is failed]
    size = min(int(query.get("per_page", "30")), 100)
    cursor = query.get("cursor", "").removeprefix("v1_")
    rest = [one for one in mine if one.id <= int(cursor)] if cursor.isdigit() else mine
    if len(rest) > size:
        response.headers["Link"] = f'<{hub.api_url}/app/hook/deliveries?per_page={size}&cursor=v1_{rest[size].id}>; rel="next"'
    return [webhooks.item(one) for one in rest[:size]]


@router.get("/app/hook/deliveries/{delivery_id}")
def delivery(hub: HubOf, app: AppOf, delivery_id: int) -> Shape:
    """One delivery with request and answer."""
    return webhooks.full(hub.webhooks.find(app, delivery_id))


@router.post("/app/hook/deliveries/{delivery_id}/attempts", status_code=202)
def redeliver(hub: HubOf, app: AppOf, delivery_id: int) -> Shape:
    """Sends a delivery again under its GUID."""
    hub.webhooks.redeliver(app, delivery_id)
    return {}


@router.get("/rate_limit")
def rate_limit(request: Request, hub: HubOf) -> Shape:
    """What is left of the hour; asking costs nothing."""
    used = hub.faults.used(request.headers.get("authorization", ""))
    core = {"limit": HOURLY, "used": used, "remaining": max(0, HOURLY - used), "reset": int(hub.faults.reset().timestamp())}
    return {"resources": {"core": core, "search": {**core, "limit": 30}, "graphql": core}, "rate": core}


@router.get("/meta")
def meta() -> Shape:
    """What GitHub tells of itself; hooks come from this machine."""
    return {"verifiable_password_authentication": False, "hooks": ["127.0.0.1/32"], "installed_version": "3.20.0"}


@router.get("/user")
def user(hub: HubOf, caller: CallerOf) -> Shape:
    """The person behind a token; Apps have none."""
    if caller.account is None:
        raise Refused(401, "Requires authentication")
    if caller.account.type == "Bot":
        raise Refused(403, "Resource not accessible by integration")
    return shapes.profile(hub, caller.account)


@router.get("/users/{login}")
def any_user(hub: HubOf, login: str) -> Shape:
    """Any account, a bot included (`recall[bot]`)."""
    found = hub.accounts.get(login.casefold())
    if found is None:
        raise not_found()
    return shapes.profile(hub, found)


@router.get("/repos/{owner}/{repo}")
def repository(at: Annotated[_Reach, reach("metadata")]) -> Shape:
    """The repository."""
    return shapes.repository(at.hub, at.repository, at.caller.account, full=True)


@router.get("/repos/{owner}/{repo}/collaborators/{login}/permission")
def permission(at: Annotated[_Reach, reach("metadata")], login: str) -> Shape:
    """The role of an account. `permission` is the older field: triage reads as read, maintain as write."""
    found = at.hub.accounts.get(login.casefold())
    if found is None:
        raise Refused(404, f"{login} is not a user")
    role = at.repository.role(found)
    older = {"triage": "read", "maintain": "write"}.get(role, role)
    user = {**shapes.account(at.hub, found), "permissions": _role_flags(at.hub, at.repository, found.login), "role_name": role}
    return {"permission": older, "user": user, "role_name": role}


def _role_flags(hub: Hub, of: Repository, login: str) -> Shape:
    flags: Shape = shapes.repository(hub, of, hub.account(login))["permissions"]
    return flags
