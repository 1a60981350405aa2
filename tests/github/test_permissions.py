"""The table of permissions: complete, true to GitHub's descriptions, and the one place that features are found out from."""

import ast
from pathlib import Path

import pytest

import app.github
from app.github.permissions import CALLS, GRAPHQL, NEEDS, Feature, address, allows, together

FOLDER = Path(app.github.__file__).parent
ROOMS = {"actions", "apps", "checks", "git", "issues", "pulls", "reactions", "repos", "search", "users"}
COMMENT_ONLY = together((Feature.READ, Feature.COMMENT))


def asked() -> set[str]:
    """Every `<verbs>.room.verb` in the code that knows githubkit."""
    found = set()
    for file in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.Attribute(
                    value=ast.Attribute(value=ast.Name(id="rest") | ast.Attribute(attr="verbs"), attr=room), attr=name
                ):
                    found.add(f"{room}.{name}")
    return found


def test_every_request_of_the_code_is_in_the_table() -> None:
    assert asked() - CALLS.keys() == set()


def test_every_request_of_the_table_is_in_the_code() -> None:
    assert CALLS.keys() - asked() == set()


@pytest.mark.parametrize("verb", CALLS)
def test_every_request_has_an_address_that_github_describes(verb: str) -> None:
    found = address(verb)
    assert found.path.startswith("/")
    assert found.page.startswith("https://docs.github.com/rest/")


@pytest.mark.parametrize("verb", CALLS)
def test_what_changes_something_takes_write(verb: str) -> None:
    changes = address(verb).method != "GET" and not verb.startswith("apps.")
    assert ("write" in CALLS[verb].values()) is changes


@pytest.mark.parametrize("needs", [*CALLS.values(), *GRAPHQL.values()], ids=str)
def test_every_request_is_of_some_feature(needs: dict[str, str]) -> None:
    assert all(any(level == NEEDS[feature].get(name) for feature in Feature) or level == "read" for name, level in needs.items())


def test_all_permissions_are_enough_for_everything() -> None:
    assert all(allows(together(Feature), feature) for feature in Feature)


def test_what_only_trying_tells_is_allowed() -> None:
    assert all(allows(None, feature) for feature in Feature)


def test_comment_only_can_comment_and_write_no_code() -> None:
    assert allows(COMMENT_ONLY, Feature.COMMENT)
    rest = {Feature.DRAFT, Feature.CHECK, Feature.GREEN, Feature.MAPS, Feature.DISPATCH, Feature.RECORDS}
    assert {feature for feature in Feature if not allows(COMMENT_ONLY, feature)} == rest


def test_a_higher_level_is_enough_for_a_lower_one() -> None:
    assert allows({"actions": "write"}, Feature.MAPS)
    assert not allows({"actions": "read"}, Feature.DISPATCH)


def test_a_level_that_nobody_knows_is_none() -> None:
    assert not allows({"checks": "sometimes"}, Feature.CHECK)
