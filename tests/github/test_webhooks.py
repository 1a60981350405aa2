"""Signatures over raw bytes, and payloads read leniently."""

import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.delivery import Actor, Delivery, Repository, RunSaid
from app.domain.errors import TellUser
from app.github.webhooks import read, verify

SECRET = "It's a Secret to Everybody"
BODY = b"Hello, World!"
SIGNED = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

LABELED = {
    "action": "labeled",
    "issue": {
        "number": 42,
        "title": "Total is wrong",
        "body": "see #7",
        "labels": [{"name": "bug"}, {"name": "Escaped-Bug"}],
    },
    "label": {"name": "Escaped-Bug"},
    "repository": {
        "id": 9,
        "full_name": "acme/shop",
        "private": True,
        "visibility": "internal",
        "default_branch": "trunk",
        "archived": True,
    },
    "sender": {"login": "ada", "type": "User"},
    "installation": {"id": 5},
}


def sign(body: bytes, secret: str) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def test_the_published_test_vector_is_accepted() -> None:
    assert verify(BODY, SIGNED, (SECRET,))


@pytest.mark.parametrize("secrets", [("old", "new"), ("new", "old")])
def test_during_a_rotation_either_secret_is_accepted(secrets: tuple[str, str]) -> None:
    assert verify(BODY, sign(BODY, "old"), secrets)
    assert verify(BODY, sign(BODY, "new"), secrets)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        SIGNED.removeprefix("sha256="),
        SIGNED.replace("sha256", "sha1"),
        SIGNED + "0",
        "sha256=é" + SIGNED[8:],
    ],
)
def test_other_headers_are_refused(header: str | None) -> None:
    assert not verify(BODY, header, (SECRET,))


def test_no_secret_at_all_accepts_nothing() -> None:
    assert not verify(BODY, sign(BODY, ""), ())
    assert not verify(BODY, sign(BODY, ""), ("",))


@given(st.binary(), st.text(), st.text(min_size=1))
def test_no_header_makes_verify_raise(body: bytes, header: str, secret: str) -> None:
    assert verify(body, header, (secret,)) == (header == sign(body, secret))


def test_one_changed_byte_is_refused() -> None:
    assert not verify(BODY + b" ", SIGNED, (SECRET,))


def test_read_takes_the_fields_that_are_used() -> None:
    assert read("issues", "guid-1", json.dumps(LABELED).encode()) == Delivery(
        id="guid-1",
        event="issues",
        action="labeled",
        installation=5,
        repository=Repository(9, "acme/shop", "internal", "trunk", archived=True),
        sender=Actor("ada", "User"),
        number=42,
        label="Escaped-Bug",
        labels=("bug", "Escaped-Bug"),
        text="Total is wrong\n\nsee #7",
    )


def test_a_workflow_run_is_named_by_its_id() -> None:
    run = {"id": 77, "run_number": 3, "event": "push", "head_branch": "trunk", "head_repository": {"id": 9}}
    told = read("workflow_run", "g", json.dumps({"action": "completed", "workflow_run": run}).encode())
    assert (told.number, told.run) == (77, RunSaid("push", "trunk", 9))


def test_of_a_comment_only_its_body_is_text() -> None:
    body = {"action": "created", "issue": LABELED["issue"], "comment": {"body": "fixed by #8"}}
    assert read("issue_comment", "g", json.dumps(body).encode()).text == "fixed by #8"


def test_a_comment_is_named_with_its_author_and_what_it_was_before() -> None:
    issue = LABELED["issue"] | {"user": {"login": "ada"}}
    comment = {"id": 71, "body": "/recall draft", "user": {"login": "bob", "type": "User"}}
    body = {"action": "edited", "issue": issue, "comment": comment, "changes": {"body": {"from": "hello"}}}
    told = read("issue_comment", "g", json.dumps(body).encode())
    assert (told.comment, told.author, told.before) == (71, Actor("bob"), "hello")


def test_a_pull_request_that_goes_into_another_branch_is_told() -> None:
    body = {"action": "edited", "pull_request": {"number": 7}, "changes": {"base": {"ref": {"from": "main"}}}}
    assert read("pull_request", "g", json.dumps(body).encode()).rebased
    assert not read("pull_request", "g", json.dumps(body | {"changes": {"title": {"from": "x"}}}).encode()).rebased


def test_an_issue_has_its_own_author() -> None:
    body = {"action": "edited", "issue": {"number": 3, "user": {"login": "recall[bot]", "type": "Bot"}}}
    assert read("issues", "g", json.dumps(body).encode()).author == Actor("recall[bot]", "Bot")


def test_a_button_is_named_with_its_check_run() -> None:
    check = {"id": 8, "external_id": "recall:v1 proof 7"}
    body = {"action": "requested_action", "check_run": check, "requested_action": {"identifier": "prove"}}
    told = read("check_run", "g", json.dumps(body).encode())
    assert (told.button, told.check) == ("prove", "recall:v1 proof 7")


@pytest.mark.parametrize(
    "body", [{"pull_request": {"number": 3}}, {"issue": {"number": 3, "pull_request": {"url": "https://example.test"}}}]
)
def test_pull_requests_are_told_from_issues(body: dict[str, object]) -> None:
    delivery = read("issue_comment", "g", json.dumps(body).encode())
    assert delivery.on_pull
    assert delivery.number == 3


@pytest.mark.parametrize("body", [b"", b"payload=%7B%7D", b"[]", b"null", b'"x"', b"\xff", b"[" * 100_000, b"9" * 5_000])
def test_what_is_not_a_json_object_is_told(body: bytes) -> None:
    with pytest.raises(TellUser):
        read("issues", "g", body)


def test_over_long_texts_are_cut() -> None:
    body = {"issue": {"number": 1, "title": "t", "body": "x" * 1_000_000, "labels": [{"name": "l" * 999}] * 999}}
    delivery = read("issues", "g" * 999, json.dumps(body).encode())
    assert len(delivery.text) < 80_000
    assert len(delivery.labels) == 100
    assert max(map(len, (delivery.id, *delivery.labels))) == 255


def test_what_no_database_can_hold_is_replaced() -> None:
    delivery = read("issues", "g", b'{"issue": {"title": "a\\u0000b\\ud800c"}}')
    assert "\0" not in delivery.text
    assert delivery.text.encode().decode() == delivery.text


@pytest.mark.parametrize("full_name", ["shop", "../../etc", "a/b/c", "a b/c", "acme/shop\n", 7, None])
def test_a_repository_without_a_sane_name_is_absent(full_name: object) -> None:
    assert read("issues", "g", json.dumps({"repository": {"id": 1, "full_name": full_name}}).encode()).repository is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3),
    max_leaves=8,
)
fields = ["action", "issue", "pull_request", "comment", "label", "labels", "repository", "sender", "installation", "number", "id"]
objects = st.dictionaries(st.sampled_from([*fields, "name", "title", "body", "login", "type", "full_name"]), json_values)


@given(st.dictionaries(st.sampled_from(fields), json_values | objects))
def test_no_object_makes_read_raise(payload: dict[str, object]) -> None:
    delivery = read("issues", "g", json.dumps(payload).encode())
    assert delivery.number is None or 0 < delivery.number < 2**63
    assert delivery.text.encode().decode() == delivery.text


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_told(body: bytes) -> None:
    try:
        read("issues", "g", body)
    except TellUser:
        return
    assert isinstance(json.loads(body), dict)


PUSH = {
    "ref": "refs/heads/trunk",
    "repository": LABELED["repository"],
    "commits": [{"added": ["a.py"], "modified": [], "removed": []}, {"added": [], "modified": [".github/recall.yml"]}],
}


@pytest.mark.parametrize(
    ("changed", "configures"),
    [
        ({}, True),
        ({"ref": "refs/heads/other"}, False),
        ({"commits": [{"added": ["recall.yml"]}]}, False),
        ({"commits": [{"removed": [".github/recall.yml"]}]}, True),
        ({"commits": []}, False),
        ({"commits": [], "forced": True}, True),
        ({"deleted": True}, False),
        ({"commits": [{"added": 3}, 4, None]}, False),
    ],
)
def test_a_push_tells_whether_it_may_change_the_configuration(changed: dict[str, object], configures: bool) -> None:
    assert read("push", "g", json.dumps(PUSH | changed).encode()).configures is configures
