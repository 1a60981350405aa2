"""Who may do what: JWTs, tokens, their narrowing, and what is refused."""

import jwt
import pytest

from app.sandbox.auth import key_pair
from tests.shop import SHOP, Shop, app_jwt

READ = f"/repos/{SHOP}/issues"


@pytest.fixture(scope="module")
def other_key() -> str:
    return key_pair()[0]


def test_an_app_is_known_by_its_jwt(shop: Shop) -> None:
    with shop.as_app() as client:
        assert client.get("/app").json()["slug"] == "recall"


def test_the_client_id_may_be_the_issuer(shop: Shop) -> None:
    with shop.as_app(issuer=shop.app.client_id) as client:
        assert client.get("/app").status_code == 200


@pytest.mark.parametrize(
    "how",
    [{"issued": 300}, {"ends": -1}, {"ends": 1200}, {"issuer": 4711}],
    ids=["issued in the future", "ended", "ends too late", "unknown issuer"],
)
def test_a_bad_jwt_is_refused(shop: Shop, how: dict[str, float]) -> None:
    with shop.as_app(**how) as client:
        assert client.get("/app").status_code == 401


def test_a_jwt_of_another_key_is_refused(shop: Shop, other_key: str) -> None:
    with shop.as_app(key=other_key) as client:
        assert client.get("/app").status_code == 401


def test_a_jwt_signed_with_the_public_key_as_a_secret_is_refused(shop: Shop) -> None:
    claims = jwt.decode(app_jwt(shop.app), options={"verify_signature": False})
    forged = jwt.encode(claims, "x" * 64, algorithm="HS256")
    with shop.client(forged) as client:
        assert client.get("/app").status_code == 401


def test_an_installation_token_cannot_speak_as_the_app(shop: Shop) -> None:
    with shop.as_bot() as client:
        assert client.get("/app").status_code == 401


def test_a_jwt_cannot_read_a_repository(shop: Shop) -> None:
    with shop.as_app() as client:
        assert client.get(READ).status_code == 401


@pytest.mark.parametrize("token", ["ghs_" + "0" * 36, "nonsense", "a.b.c"])
def test_an_unknown_token_is_refused(shop: Shop, token: str) -> None:
    with shop.client(token) as client:
        answer = client.get(READ)
    assert (answer.status_code, answer.json()["message"][:4]) in [(401, "Bad "), (401, "A JS")]


def test_a_private_repository_does_not_exist_for_nobody(shop: Shop) -> None:
    with shop.client(None) as client:
        assert client.get(READ).status_code == 404


def test_a_token_ends_after_an_hour(shop: Shop) -> None:
    with shop.as_bot() as client:
        shop.sandbox.advance(minutes=61)
        assert client.get(READ).json()["message"] == "Bad credentials"


def test_a_revoked_token_is_refused(shop: Shop) -> None:
    with shop.as_bot() as client:
        assert client.delete("/installation/token").status_code == 204
        assert client.get(READ).status_code == 401


def test_a_stateless_token_has_about_520_characters_and_works(shop: Shop) -> None:
    token = shop.mint(headers={"X-GitHub-Stateless-S2S-Token": "enabled"})["token"]
    assert (len(token), token.count("."), token[:4]) == (520, 2, "ghs_")
    with shop.client(token) as client:
        assert client.get(READ).status_code == 200


def test_a_narrowed_token_lacks_the_rest(shop: Shop) -> None:
    with shop.as_bot(contents="read") as client:
        answer = client.get(READ)
    assert answer.status_code == 403
    assert answer.json()["message"] == "Resource not accessible by integration"
    assert answer.headers["X-Accepted-GitHub-Permissions"] == "issues=read"


def test_a_token_cannot_be_widened(shop: Shop) -> None:
    with shop.as_app() as client:
        wish = {"permissions": {"contents": "write"}}
        assert client.post(f"/app/installations/{shop.installation.id}/access_tokens", json=wish).status_code == 422


def test_a_token_for_one_repository_does_not_see_another(shop: Shop) -> None:
    shop.sandbox.create_repository("octo/other", visibility="private")
    shop.sandbox.add_repositories(shop.installation, "octo/other")
    token = shop.mint({"repository_ids": [shop.repository.id]})
    with shop.client(token["token"]) as client:
        assert client.get(READ).status_code == 200
        assert client.get("/repos/octo/other").status_code == 404
    assert [one["full_name"] for one in token["repositories"]] == [SHOP]


def test_a_token_for_a_foreign_repository_is_refused(shop: Shop) -> None:
    foreign = shop.sandbox.create_repository("acme/foreign")
    with shop.as_app() as client:
        wish = {"repository_ids": [foreign.id]}
        assert client.post(f"/app/installations/{shop.installation.id}/access_tokens", json=wish).status_code == 422


def test_a_public_repository_can_be_read_but_not_written_by_a_stranger(shop: Shop) -> None:
    shop.sandbox.create_repository("acme/open")
    with shop.as_bot() as client:
        assert client.get("/repos/acme/open").status_code == 200
        assert client.post("/repos/acme/open/issues", json={"title": "x"}).status_code == 403


def test_a_suspended_installation_gets_no_token_and_loses_those_it_has(shop: Shop) -> None:
    with shop.as_bot() as bot, shop.as_app() as client:
        shop.sandbox.suspend(shop.installation)
        minted = client.post(f"/app/installations/{shop.installation.id}/access_tokens")
        assert (minted.status_code, minted.json()["message"]) == (403, "This installation has been suspended")
        assert bot.get(READ).status_code == 403


def test_an_uninstalled_app_gets_no_token(shop: Shop) -> None:
    shop.sandbox.uninstall(shop.installation)
    with shop.as_app() as client:
        assert client.post(f"/app/installations/{shop.installation.id}/access_tokens").status_code == 404


def test_the_installation_of_a_repository_is_found(shop: Shop) -> None:
    with shop.as_app() as client:
        assert client.get(f"/repos/{SHOP}/installation").json()["id"] == shop.installation.id
        assert client.get("/repos/acme/none/installation").status_code == 404


@pytest.mark.parametrize(
    ("role", "older"), [("read", "read"), ("triage", "read"), ("write", "write"), ("maintain", "write"), ("admin", "admin")]
)
def test_the_role_is_told_beside_the_older_permission(shop: Shop, role: str, older: str) -> None:
    shop.sandbox.person("hubot", SHOP, role=role)
    with shop.as_bot() as client:
        told = client.get(f"/repos/{SHOP}/collaborators/hubot/permission").json()
    assert (told["role_name"], told["permission"]) == (role, older)


def test_a_person_needs_triage_to_label(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    reader = shop.sandbox.person("reader", SHOP, role="read")
    with shop.client(reader.token()) as client:
        assert client.post(f"{READ}/{issue.number}/labels", json={"labels": ["escaped-bug"]}).status_code == 403
        assert client.post(f"{READ}/{issue.number}/comments", json={"body": "me too"}).status_code == 201
    with shop.as_mona() as client:
        assert client.post(f"{READ}/{issue.number}/labels", json={"labels": ["escaped-bug"]}).status_code == 200


def test_a_request_under_a_foreign_host_name_is_refused(shop: Shop) -> None:
    with shop.client(None) as client:
        assert client.get("/meta", headers={"Host": "evil.example"}).status_code == 400
