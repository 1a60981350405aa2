"""The client that recall speaks to GitHub with works against the sandbox, typed answers included."""

from collections.abc import Iterator

import pytest
from githubkit import AppAuthStrategy, GitHub
from githubkit.auth import AppInstallationAuthStrategy
from githubkit.exception import GraphQLFailed, RequestFailed

from tests.shop import SHOP, Shop

OWNER, NAME = SHOP.split("/")


@pytest.fixture
def kit(shop: Shop) -> Iterator[GitHub[AppInstallationAuthStrategy]]:
    app = GitHub(AppAuthStrategy(shop.app.id, shop.app.private_key), base_url=shop.sandbox.api_url, http_cache=False)
    yield app.with_auth(app.auth.as_installation(shop.installation.id))


def test_answers_are_read_by_its_models(shop: Shop, kit: GitHub[AppInstallationAuthStrategy]) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong", labels=["escaped-bug"])
    rest = kit.rest("2022-11-28")
    made = rest.issues.create_comment(OWNER, NAME, issue.number, body="hello").parsed_data
    assert made.user
    assert (made.user.login, made.body) == ("recall[bot]", "hello")
    assert rest.issues.get(OWNER, NAME, issue.number).parsed_data.title == "Totals are wrong"
    assert rest.repos.get(OWNER, NAME).parsed_data.default_branch == "main"
    with pytest.raises(RequestFailed):
        rest.issues.get(OWNER, NAME, 99)


def test_graphql_is_asked_beside_rest(shop: Shop, kit: GitHub[AppInstallationAuthStrategy]) -> None:
    assert kit.graphql("{ viewer { login } }") == {"viewer": {"login": "recall"}}
    with pytest.raises(GraphQLFailed) as failed:
        kit.graphql('{ repository(owner: "octo", name: "none") { id } viewer { login } }')
    assert failed.value.response.data == {"repository": None, "viewer": {"login": "recall"}}
