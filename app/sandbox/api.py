"""What every REST address of the sandbox shares: who calls, which repository they reach, pages with Link headers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Body, Depends, Request, Response

from app.sandbox.auth import Caller, identify, require
from app.sandbox.faults import Trouble
from app.sandbox.hub import Hub
from app.sandbox.refusals import Refused, not_found
from app.sandbox.state import App, Issue, Repository

Item = TypeVar("Item")
HUB = "recall.sandbox.hub"  # where the ASGI scope names the hub
Json = Annotated[dict[str, Any], Body()]


@dataclass(frozen=True)
class Reach:
    """A repository that the caller may use in the way the address needs."""

    hub: Hub
    caller: Caller
    repository: Repository

    def issue(self, number: int) -> Issue:
        """That issue or pull request; raises the 404, the 410 of a deleted one, the 301 of one that moved."""
        found = self.repository.issues.get(number)
        if found and found.moved_to:
            to = found.moved_to
            raise moved_permanently(f"{self.hub.api_url}/repos/{to.repository.full_name}/issues/{to.number}")
        if found and found.gone:
            raise Refused(410, "This issue was deleted")
        if found is None:
            raise not_found()
        return found

    def pull(self, number: int) -> Issue:
        """That pull request; raises the 404 of an unknown one, and of an issue."""
        found = self.issue(number)
        if found.pull is None:
            raise not_found()
        return found


def moved_permanently(url: str) -> Refused:
    """The redirect that GitHub gives for what was renamed or transferred."""
    return Refused(301, "Moved Permanently", headers={"Location": url})


def hub_of(request: Request) -> Hub:
    """The hub that this server shows."""
    hub: Hub = request.scope[HUB]
    return hub


def caller_of(request: Request) -> Caller:
    """Whoever sent the request; raises the 401 of a bad token."""
    return identify(hub_of(request), request.headers.get("authorization"))


def app_of(request: Request) -> App:
    """The App whose JWT the request carries; raises the 401 of anyone else."""
    caller = caller_of(request)
    if caller.app is None or caller.token is not None:
        raise Refused(401, "A JSON web token could not be decoded")
    return caller.app


HubOf = Annotated[Hub, Depends(hub_of)]
CallerOf = Annotated[Caller, Depends(caller_of)]
AppOf = Annotated[App, Depends(app_of)]


def reach(permissions: str, level: str = "read", role: str = "write") -> Any:
    """The dependency of an address under `/repos/{owner}/{repo}`: the repository, if the caller holds one of `permissions`.

    `role` is what a person needs for a write instead.
    """

    def resolve(request: Request, owner: str, repo: str) -> Reach:
        hub, caller = hub_of(request), caller_of(request)
        if caller.app and not caller.token:
            raise Refused(401, "Bad credentials")
        name = f"{owner}/{repo}".casefold()
        if name in hub.renamed and name not in hub.repositories:
            repository = hub.renamed[name]
            rest = request.url.path.partition(f"/repos/{owner}/{repo}")[2]
            raise moved_permanently(f"{hub.api_url}/repositories/{repository.id}{rest}")
        repository = hub.repository(name)
        require(caller, repository, permissions, level, role)
        return Reach(hub, caller, repository)

    return Depends(resolve)


def page_of(request: Request, response: Response, items: Sequence[Item], largest: int = 100) -> list[Item]:
    """The page of `items` that `page` and `per_page` ask for; the Link header leads to the others."""
    size = _number(request, "per_page", 30, largest)
    page = _number(request, "page", 1, 1_000_000)
    step = max(1, size // 2) if hub_of(request).faults.in_force(Trouble.SHORT_PAGES, request.method, request.url.path) else size
    last = max(1, -(-len(items) // step))
    links = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
    shown = {
        name: at for name, at in links.items() if 1 <= at <= last and (page < last if name in ("next", "last") else page > 1)
    }
    if shown:
        response.headers["Link"] = ", ".join(f'<{_with(request, page=at)}>; rel="{name}"' for name, at in shown.items())
    return list(items[(page - 1) * step : page * step])


def text(body: Mapping[str, Any], name: str) -> str | None:
    """A text of a JSON body, None when it is missing or null; raises the 422 of another type."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise Refused(422, f"Invalid request.\n\nFor 'properties/{name}', {value!r:.80} is not a string.")
    return value


def needed(body: Mapping[str, Any], name: str) -> str:
    """A text that a JSON body must have; raises the 422 of a missing one."""
    value = text(body, name)
    if value is None:
        raise Refused(422, f'Invalid request.\n\n"{name}" wasn\'t supplied.')
    return value


def _with(request: Request, **changes: int) -> str:
    query = {**request.query_params, **{name: str(value) for name, value in changes.items()}}
    return f"{hub_of(request).web_url}{request.url.path}?{urlencode(query)}"


def _number(request: Request, name: str, default: int, largest: int) -> int:
    value = request.query_params.get(name, "")
    return min(max(1, int(value)), largest) if value.isdigit() else default
