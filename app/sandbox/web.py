"""The sandbox as a web application: REST under `/api/v3`, GraphQL beside it, git and pages under the names of repositories."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import Receive, Scope, Send

from app.git.run import GitFailed
from app.sandbox import (
    api_actions,
    api_apps,
    api_checks,
    api_git,
    api_gitdata,
    api_issues,
    api_pulls,
    control,
    git_http,
    graphql,
    oidc,
    pages,
)
from app.sandbox.api import HUB, hub_of
from app.sandbox.faults import HOURLY, Fault, Trouble
from app.sandbox.hub import Hub
from app.sandbox.refusals import Refused

Next = Callable[[Request], Awaitable[Response]]
VERSIONS = ("2022-11-28", "2026-03-10")
API = ("/api/v3", "/api/graphql")
PRIMARY = "API rate limit exceeded for installation."
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."


class Web:
    """The application that shows one hub, as ASGI."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        await application()({**scope, HUB: self._hub}, receive, send)


@cache
def application() -> FastAPI:
    """All addresses, for whichever hub the scope names; building them takes longer than a test should, so it is done once.

    Only names of this machine are answered, so that no web page can reach in.
    """
    web = FastAPI(title="recall sandbox", docs_url=None, redoc_url=None, openapi_url=None)
    rest = APIRouter(prefix="/api/v3")
    for module in (api_apps, api_issues, api_pulls, api_checks, api_actions, api_gitdata, api_git):
        rest.include_router(module.router)
    web.include_router(rest)
    for router in (graphql.router, control.router, oidc.router, api_actions.downloads, git_http.router, pages.router):
        web.include_router(router)
    web.add_exception_handler(Refused, _refuse)
    web.add_exception_handler(HTTPException, _refuse_http)
    web.add_exception_handler(RequestValidationError, _refuse_request)
    web.add_exception_handler(GitFailed, _refuse_git)
    web.middleware("http")(as_github)
    web.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "testserver", "sandbox.invalid"])
    return web


async def as_github(request: Request, answer: Next) -> Response:
    """Around every request: the faults it meets, and around the API versions, limits and headers."""
    hub = hub_of(request)
    path = request.url.path
    fault = hub.faults.meet(request.method, path)
    if fault:
        early = await _before(hub, fault, path)
        if early is not None:
            return early
    if not path.startswith(API):
        return await answer(request)
    version = request.headers.get("x-github-api-version", VERSIONS[0])
    if version not in VERSIONS:
        return JSONResponse({"message": f'"{version}" is not a valid API version.', "status": "400"}, 400)
    _follow_id(hub, request)
    given = await answer(request)
    if fault and fault.trouble is Trouble.SERVER_ERROR_AFTER:
        return _broken(fault.status)
    return await _dress(hub, request, given, version, cut=bool(fault and fault.trouble is Trouble.TRUNCATED))


async def _before(hub: Hub, fault: Fault, path: str) -> Response | None:
    """What a fault answers instead, or None when it strikes later."""
    match fault.trouble:
        case Trouble.SLOW:
            await asyncio.sleep(fault.seconds)
        case Trouble.SERVER_ERROR:
            return _broken(fault.status)
        case Trouble.REVOKED:
            return JSONResponse(Refused(401, "Bad credentials").body(), 401)
        case Trouble.SECONDARY_LIMIT:
            extra = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
            return _limited(SECONDARY, {**hub.faults.headers(0), **extra}, path)
        case Trouble.PRIMARY_LIMIT:
            until = int(hub.now().timestamp() + fault.seconds)
            return _limited(PRIMARY, {**hub.faults.headers(HOURLY), "X-RateLimit-Reset": str(until)}, path)
    return None


def _limited(message: str, headers: dict[str, str], path: str) -> Response:
    """A limit: 403 from REST, an error with status 200 from GraphQL."""
    if path.endswith("/graphql"):
        return JSONResponse({"errors": [{"type": "RATE_LIMITED", "message": message}]}, headers=headers)
    return JSONResponse(Refused(403, message).body(), 403, headers=headers)


def _broken(status: int) -> Response:
    return Response("<html><body><h1>Server Error</h1></body></html>", status, media_type="text/html")


def _follow_id(hub: Hub, request: Request) -> None:
    """`/repositories/{id}/…` is the address that survives a rename."""
    start = "/api/v3/repositories/"
    number, slash, rest = request.scope["path"].removeprefix(start).partition("/")
    if request.scope["path"].startswith(start) and number.isdigit():
        for repository in list(hub.repositories.values()):
            if repository.id == int(number):
                request.scope["path"] = f"/api/v3/repos/{repository.full_name}{slash}{rest}"


async def _dress(hub: Hub, request: Request, given: Response, version: str, cut: bool) -> Response:
    """The answer with GitHub's headers, in the shape of the asked version, cut in the middle if a fault says so."""
    body = b"".join([chunk async for chunk in given.body_iterator])  # type: ignore[attr-defined]
    if version == VERSIONS[1] and body and given.headers.get("content-type", "").startswith("application/json"):
        body = json.dumps(_without(json.loads(body))).encode()
    headers = {name: value for name, value in given.headers.items() if name != "content-length"}
    who = request.headers.get("authorization", "")
    counted = hub.faults.headers(hub.faults.used(who)) if request.url.path.endswith("/rate_limit") else hub.faults.count(who)
    headers |= {**counted, "X-GitHub-Media-Type": "github.v3; format=json", "X-GitHub-Api-Version-Selected": version}
    if request.method == "GET" and given.status_code == 200:
        headers["Cache-Control"] = f"{'private' if who else 'public'}, max-age=60, s-maxage=60"
        headers["Vary"] = "Accept, Authorization, Cookie, X-GitHub-OTP"
    return Response(body[: len(body) // 2] if cut else body, given.status_code, headers)


def _without(shown: Any) -> Any:
    """An answer without what version 2026-03-10 took away."""
    if isinstance(shown, list):
        return [_without(one) for one in shown]
    if not isinstance(shown, dict):
        return shown
    gone = {"assignee", "has_downloads"}
    if "head" in shown:
        gone.add("merge_commit_sha")
    if "resources" in shown:
        gone.add("rate")
    return {name: _without(value) for name, value in shown.items() if name not in gone}


def _refuse(_: Request, error: Exception) -> Response:
    if not isinstance(error, Refused):
        raise error
    return JSONResponse(error.body(), error.status, headers=error.headers)


def _refuse_http(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return JSONResponse(Refused(status, "Not Found" if status == 404 else str(getattr(error, "detail", ""))).body(), status)


def _refuse_request(_: Request, error: Exception) -> Response:
    errors = error.errors() if isinstance(error, RequestValidationError) else []
    in_path = any(one["loc"][:1] == ("path",) for one in errors)
    return (
        JSONResponse(Refused(404, "Not Found").body(), 404)
        if in_path
        else JSONResponse(Refused(400, "Problems parsing JSON").body(), 400)
    )


def _refuse_git(_: Request, error: Exception) -> Response:
    return JSONResponse(Refused(422, f"Git refused: {error}").body(), 422)
