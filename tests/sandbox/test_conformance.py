"""Every answer of the sandbox against GitHub's own descriptions: REST's OpenAPI document and the GraphQL schema."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import jsonschema_rs
import pytest
from graphql import GraphQLNamedType, GraphQLSchema, build_schema, find_breaking_changes

from app.sandbox.graphql import SCHEMA
from tests.shop import SHOP, Shop, open_shop

pytestmark = pytest.mark.emulator
REPO = f"/repos/{SHOP}"
DOCUMENT = "https://docs.invalid/openapi"


class Description:
    """GitHub's OpenAPI document, asked for the schema of one answer."""

    def __init__(self, path: Path) -> None:
        self.document = _plain(json.loads(path.read_text()))
        self._registry = jsonschema_rs.Registry([(DOCUMENT, self.document)])
        self._paths = [(re.compile("^" + re.sub(r"\{[^}]+\}", "([^?]+)", path) + "$"), path) for path in self.document["paths"]]

    def mistakes(self, answer: httpx.Response) -> list[str]:
        """What in an answer is not as described; an address or status that is not described is a mistake too."""
        method = answer.request.method.lower()
        asked = answer.request.url.path.removeprefix("/api/v3")
        found = sorted(
            (len(path.split("/")) != len(asked.split("/")), -len(re.sub(r"\{[^}]+\}", "", path)), path)
            for match, path in self._paths
            if match.match(asked)
        )
        for *_, path in found:
            described = self.document["paths"][path].get(method)
            if described:
                return [f"{method} {path}: {one}" for one in self._check(answer, described, path, method)]
        return [f"{method} {asked} is not described"]

    def told_wrong(self, event: str, payload: object) -> list[str]:
        """What in the payload of a webhook (`issues-labeled`) is not as described."""
        return list(self._validate(f"/x-webhooks/{event}/post/requestBody/content/application~1json/schema", payload))

    def _check(self, answer: httpx.Response, described: dict[str, Any], path: str, method: str) -> Iterator[str]:
        status = str(answer.status_code)
        if status not in described["responses"]:
            yield f"status {status} is not described"
            return
        response = described["responses"][status]
        pointer = f"/paths/{_escaped(path)}/{method}/responses/{status}"
        if "$ref" in response:
            pointer = response["$ref"].removeprefix("#")
            response = self.document["components"]["responses"][pointer.rpartition("/")[2]]
        content = response.get("content", {})
        if "application/json" in content:
            yield from self._validate(f"{pointer}/content/application~1json/schema", answer.json())

    @cache  # noqa: B019 - lives as long as the one test session
    def _validator(self, pointer: str) -> Any:
        schema = {"$ref": f"{DOCUMENT}#{quote(pointer)}"}
        return jsonschema_rs.Draft202012Validator(schema, registry=self._registry, validate_formats=True)

    def _validate(self, pointer: str, shown: Any) -> Iterator[str]:
        for error in self._validator(pointer).iter_errors(shown):
            yield f"{'/'.join(map(str, error.instance_path))}: {error.message[:300]}"


def _plain(schema: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema: `nullable` becomes a type of its own."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _plain(value) for name, value in schema.items()}
    if made.get("nullable") is True and "nullable" not in schema.get("properties", {}):
        made.pop("nullable")
        return {"anyOf": [made, {"type": "null"}]}
    return made


def _escaped(path: str) -> str:
    return path.replace("~", "~0").replace("/", "~1")


@pytest.fixture(scope="module")
def described(node_modules: Path) -> Description:
    return Description(node_modules / "@octokit/openapi/generated/api.github.com.json")


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with open_shop(tmp_path_factory.mktemp("sandbox")) as shop:
        shop.installation.permissions["contents"] = "write"
        mona, issue = shop.mona, shop.mona.open_issue(SHOP, "Totals are wrong", "text", labels=["escaped-bug"])
        mona.push(SHOP, {"a": "1", "shop/pricing.py": None, "logo": b"\0"}, f"Repair\n\nFixes #{issue.number}", branch="fix")
        pull = mona.open_pull(SHOP, "fix", "Repair", f"Fixes #{issue.number}")
        mona.comment(issue, "hello")
        mona.connect(issue, pull)
        mona.edit(issue, title="Totals are off")
        mona.merge(pull)
        mona.reopen(issue)
        mona.lock(issue)
        mona.unlock(issue)
        mona.push(SHOP, {"b": "1"}, "More", branch="more")
        mona.open_pull(SHOP, "more", "More", draft=True)
        shop.sandbox.add_artifact(SHOP, "coverage", b"zip", shop.repository.git.ref("refs/heads/main") or "")
        run = shop.sandbox.start_run(SHOP)
        shop.sandbox.add_artifact_of(run, "recall-map", b"zip")
        shop.sandbox.complete_run(run)
        shop.sandbox.job(run, "unit")
        with shop.as_mona() as client:
            client.post(f"{REPO}/statuses/{run.head_sha}", json={"state": "success"}).raise_for_status()
        yield shop


@pytest.fixture
def bot(furnished: Shop) -> Iterator[httpx.Client]:
    with furnished.as_bot() as client:
        yield client


READ = [
    "",
    "/issues",
    "/issues/1",
    "/issues/2",
    "/issues/99",
    "/issues/1/comments",
    "/issues/1/labels",
    "/issues/1/timeline",
    "/issues/2/timeline",
    "/labels",
    "/labels/escaped-bug",
    "/collaborators/mona/permission",
    "/pulls?state=all",
    "/pulls/2",
    "/pulls/3",
    "/pulls/2/files",
    "/pulls/2/commits",
    "/commits",
    "/commits/main",
    "/commits/none",
    "/commits/main/pulls",
    "/commits/main/check-runs",
    "/commits/main/statuses",
    "/compare/main~1...main",
    "/branches",
    "/branches/main",
    "/rules/branches/main",
    "/contents/tests",
    "/contents/tests/test_pricing.py",
    "/git/ref/heads/main",
    "/git/matching-refs/heads",
    "/git/trees/main?recursive=1",
    "/actions/artifacts",
    "/actions/runs",
    "/actions/runs/{run}",
    "/actions/runs/{run}/artifacts",
]


@pytest.mark.parametrize("path", READ)
def test_what_is_read_is_as_described(described: Description, bot: httpx.Client, furnished: Shop, path: str) -> None:
    run = next(iter(furnished.repository.runs))
    assert described.mistakes(bot.get(f"{REPO}{path.format(run=run)}")) == []


@pytest.mark.parametrize("path", ["/installation/repositories", "/rate_limit", "/users/mona"])
def test_what_is_read_beside_a_repository_is_as_described(described: Description, bot: httpx.Client, path: str) -> None:
    assert described.mistakes(bot.get(path)) == []


# The list of installations is left out: its description asks of an account to be a user and an enterprise at once.
@pytest.mark.parametrize("path", ["/app", "/app/hook/deliveries", f"{REPO}/installation"])
def test_what_an_app_reads_is_as_described(described: Description, furnished: Shop, path: str) -> None:
    with furnished.as_app() as client:
        assert described.mistakes(client.get(path)) == []


def test_a_token_and_an_installation_are_as_described(described: Description, furnished: Shop) -> None:
    own = f"/app/installations/{furnished.installation.id}"
    with furnished.as_app() as client:
        wish = {"repository_ids": [furnished.repository.id], "permissions": {"issues": "read"}}
        for answer in (client.get(own), client.post(f"{own}/access_tokens", json=wish), client.post(f"{own}/access_tokens")):
            assert described.mistakes(answer) == []


def writes(bot: httpx.Client, shop: Shop) -> list[Callable[[], httpx.Response]]:
    tip = shop.repository.git.ref("refs/heads/main") or ""
    tree = shop.repository.git.commit(tip).tree
    entry = {"path": "n", "mode": "100644", "type": "blob", "content": "x"}
    output = {"title": "t", "summary": "s"}
    comment = shop.repository.issues[1].comments[0].id
    return [
        lambda: bot.post(f"{REPO}/issues", json={"title": "x"}),
        lambda: bot.post(f"{REPO}/issues", json={}),
        lambda: bot.patch(f"{REPO}/issues/1", json={"title": "y"}),
        lambda: bot.post(f"{REPO}/issues/1/labels", json={"labels": ["z"]}),
        lambda: bot.delete(f"{REPO}/issues/1/labels/z"),
        lambda: bot.post(f"{REPO}/issues/1/comments", json={"body": "hello"}),
        lambda: bot.get(f"{REPO}/issues/comments/{comment}"),
        lambda: bot.post(f"{REPO}/labels", json={"name": "new"}),
        lambda: bot.post(f"{REPO}/git/blobs", json={"content": "x"}),
        lambda: bot.get(f"{REPO}/git/blobs/{shop.repository.git.write_blob(b'x')}"),
        lambda: bot.post(f"{REPO}/git/trees", json={"base_tree": tree, "tree": [entry]}),
        lambda: bot.post(f"{REPO}/git/commits", json={"message": "m", "tree": tree, "parents": [tip]}),
        lambda: bot.get(f"{REPO}/git/commits/{tip}"),
        lambda: bot.post(f"{REPO}/git/refs", json={"ref": "refs/heads/new", "sha": tip}),
        lambda: bot.patch(f"{REPO}/git/refs/heads/new", json={"sha": tip}),
        lambda: bot.delete(f"{REPO}/git/refs/heads/new"),
        lambda: bot.post(f"{REPO}/pulls", json={"title": "x", "head": "none", "base": "main"}),
        lambda: bot.patch(f"{REPO}/pulls/3", json={"body": "y"}),
        lambda: bot.post(f"{REPO}/check-runs", json={"name": "recall", "head_sha": tip, "output": output}),
    ]


@pytest.mark.parametrize("which", range(19))
def test_what_is_written_is_as_described(described: Description, furnished: Shop, bot: httpx.Client, which: int) -> None:
    assert described.mistakes(writes(bot, furnished)[which]()) == []


def test_every_webhook_is_as_described(described: Description, tmp_path: Path) -> None:
    with open_shop(tmp_path) as shop:
        everything_happens(shop)
        told = {
            "-".join(part.replace("_", "-") for part in (one.event, one.action) if part): json.loads(one.payload)
            for one in shop.sandbox.deliveries
        }
    assert len(told) == 23
    assert {event: wrong for event, payload in told.items() if (wrong := described.told_wrong(event, payload))} == {}


def everything_happens(shop: Shop) -> None:
    mona, issue = shop.mona, shop.mona.open_issue(SHOP, "Totals are wrong", "text", labels=["escaped-bug"])
    mona.unlabel(issue, "escaped-bug")
    mona.edit(issue, title="Totals are off")
    mona.close(issue)
    mona.reopen(issue)
    mona.lock(issue)
    mona.unlock(issue)
    mona.edit_comment(issue, mona.comment(issue, "one"), "two")
    mona.push(SHOP, {"a": "1"}, "one", branch="fix")
    pull = mona.open_pull(SHOP, "fix", "Fix it")
    mona.push(SHOP, {"a": "2"}, "two", branch="fix")
    mona.edit(pull, body="text")
    mona.close(pull)
    mona.reopen(pull)
    mona.merge(pull)
    shop.sandbox.create_repository("octo/other")
    shop.sandbox.add_repositories(shop.installation, "octo/other")
    mona.transfer(issue, "octo/other")
    mona.delete(mona.open_issue(SHOP, "Never mind"))
    shop.sandbox.suspend(shop.installation)
    shop.sandbox.suspend(shop.installation, suspended=False)
    shop.sandbox.uninstall(shop.installation)


@pytest.fixture(scope="module")
def schema(node_modules: Path) -> GraphQLSchema:
    text = (node_modules / "@octokit/graphql-schema/schema.graphql").read_text()
    return build_schema(text, assume_valid=True)


def test_every_type_and_field_of_the_schema_is_githubs(schema: GraphQLSchema) -> None:
    """Whatever works against the sandbox's part of the schema works against the whole: going from the part to the whole
    breaks nothing, except that unions and enumerations have more members.
    """
    part = build_schema(SCHEMA.read_text())
    changes = [change.description for change in find_breaking_changes(part, schema)]
    assert changes == []


def test_no_type_is_an_invention(schema: GraphQLSchema) -> None:
    part = build_schema(SCHEMA.read_text())
    invented: list[GraphQLNamedType] = [one for name, one in part.type_map.items() if name not in schema.type_map]
    assert invented == []
