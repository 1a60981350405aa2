"""A GitHub that answers what a test tells it to, over `httpx.MockTransport`; it remembers what was asked of it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import httpx

from app.domain.delivery import Repository
from app.github.auth import Given, Host
from app.github.forge import RepositoryForge

SHOP = Repository(9, "acme/shop")
HOME = {"id": 9, "full_name": "acme/shop", "visibility": "public", "default_branch": "main"}
TOKEN = "ghs_" + "a" * 40

Answer = httpx.Response | Callable[[httpx.Request], httpx.Response]


def answer(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> httpx.Response:
    return httpx.Response(status, json=body, headers=headers)


@dataclass
class Server:
    """`answers` by `METHOD /path`; each a response, or several that are given in turn (the last one stays)."""

    answers: dict[str, Answer | Sequence[Answer]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        key = f"{request.method} {request.url.path}"
        turn = self.asked.count(key)
        self.asked.append(key)
        self.requests.append(request)
        given = self.answers.get(key)
        if given is None:
            return answer({"message": "Not Found"}, 404)
        if isinstance(given, Sequence):
            given = given[min(turn, len(given) - 1)]
        return (
            given(request) if callable(given) else httpx.Response(given.status_code, content=given.content, headers=given.headers)
        )

    @property
    def host(self) -> Host:
        return Host("https://api.test", "https://web.test", httpx.MockTransport(self))

    def forge(self) -> RepositoryForge:
        self.answers.setdefault("GET /repos/acme/shop", answer(HOME))
        return RepositoryForge(self.host, Given(TOKEN, "recall[bot]"), SHOP)


def sent(request: httpx.Request) -> dict[str, object]:
    body = json.loads(request.content)
    assert isinstance(body, dict)
    return body
