"""Folding comments away at a GitHub that knows no such thing."""

import json

import httpx
import pytest

from app.domain.delivery import Repository
from app.github.auth import Given, Host
from app.github.remarks import RepositoryRemarks

UNKNOWN = {
    "message": "Field 'minimizeComment' doesn't exist on type 'Mutation'",
    "path": ["mutation RecallHide", "minimizeComment"],
    "extensions": {"code": "undefinedField", "typeName": "Mutation", "fieldName": "minimizeComment"},
}


@pytest.mark.parametrize(("act", "hidden"), [("hide", False), ("show", True)])
def test_where_github_cannot_hide_comments_nothing_happens(act: str, hidden: bool) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"id": 7, "node_id": "IC_7"})
        asked.append(json.loads(request.content)["query"].split()[0])
        known = {"data": {"node": {"isMinimized": hidden}}}
        return httpx.Response(200, json=known if asked[-1] == "query" else {"errors": [UNKNOWN]})

    host = Host("https://ghe.example/api/v3", "https://ghe.example", httpx.MockTransport(answer))
    remarks = RepositoryRemarks(host, Given("x" * 40, "recall[bot]"), lambda: Repository(9, "acme/shop"))
    getattr(remarks, act)(7)
    assert asked == ["query", "mutation"]
