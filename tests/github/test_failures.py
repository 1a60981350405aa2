"""What each refusal of GitHub means for a job."""

import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import GiveUp, RecallError, TellUser, TryLater
from app.domain.job import State
from app.github.failures import without_secrets
from tests.github.server import TOKEN, Server, answer

ISSUE = "GET /repos/acme/shop/issues/42"
COMMENTS = "POST /repos/acme/shop/issues/42/comments"


def failing(response: httpx.Response, write: bool = False) -> tuple[RecallError, Server]:
    server = Server({COMMENTS if write else ISSUE: response})
    forge = server.forge()
    with pytest.raises(RecallError) as raised:
        _ = forge.create_comment(42, "hello") if write else forge.issue(42)
    return raised.value, server


@pytest.mark.parametrize(
    ("status", "message", "state"),
    [
        (403, "Repository was archived so is read-only.", State.ARCHIVED),
        (403, "Unable to create comment because issue is locked.", State.LOCKED),
        (403, "This installation has been suspended", State.SUSPENDED),
        (403, "Resource not accessible by integration", State.FORBIDDEN),
        (404, "Not Found", State.DELETED),
        (410, "This issue was deleted", State.DELETED),
        (451, "Repository access blocked", State.FORBIDDEN),
    ],
)
def test_final_refusals_are_given_up_in_a_named_state(status: int, message: str, state: State) -> None:
    error, _ = failing(answer({"message": message}, status), write=True)
    assert isinstance(error, GiveUp)
    assert error.state == state


def test_a_missing_permission_is_named() -> None:
    headers = {"x-accepted-github-permissions": "issues=write"}
    error, _ = failing(answer({"message": "Resource not accessible by integration"}, 403, headers), write=True)
    assert "issues=write" in str(error)


def test_a_refused_body_is_told_in_github_s_words() -> None:
    body = {"message": "Validation Failed", "errors": [{"message": "body is too long (maximum is 65536 characters)"}]}
    error, _ = failing(answer(body, 422), write=True)
    assert isinstance(error, TellUser)
    assert "body is too long" in str(error)


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (403, {"retry-after": "120"}, 120),
        (429, {"retry-after": "30"}, 30),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "+600"}, 600),
        (403, {"x-ratelimit-remaining": "4000"}, 60),
        (429, {}, 60),
        (429, {"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, 60),
    ],
)
def test_a_rate_limit_is_tried_later_at_the_moment_it_names(status: int, headers: dict[str, str], seconds: int) -> None:
    reset = headers.get("x-ratelimit-reset")
    if reset:
        headers = {**headers, "x-ratelimit-reset": str(int(time.time()) + int(reset))}
    start = datetime.now(UTC)
    error, server = failing(answer({"message": "You have exceeded a secondary rate limit."}, status, headers))
    assert isinstance(error, TryLater)
    assert error.at is not None
    assert abs(error.at - start - timedelta(seconds=seconds)) < timedelta(seconds=5)
    assert datetime.now(UTC) - start < timedelta(seconds=5)
    assert server.asked.count(ISSUE) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_read_that_met_a_server_error_is_repeated_and_then_tried_later(status: int) -> None:
    error, server = failing(answer({}, status))
    assert isinstance(error, TryLater)
    assert server.asked.count(ISSUE) == 3


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_write_that_met_a_server_error_is_not_repeated(status: int) -> None:
    error, server = failing(answer({}, status), write=True)
    assert isinstance(error, TryLater)
    assert server.asked.count(COMMENTS) == 1


@pytest.mark.parametrize("trouble", [httpx.ReadTimeout, httpx.ConnectError, httpx.RemoteProtocolError])
def test_a_broken_connection_is_tried_later(trouble: type[httpx.TransportError]) -> None:
    def breaks(request: httpx.Request) -> httpx.Response:
        raise trouble("broken", request=request)

    server = Server({COMMENTS: breaks})
    with pytest.raises(TryLater):
        server.forge().create_comment(42, "hello")
    assert server.asked.count(COMMENTS) == 1


@pytest.mark.parametrize("content", [b"<html>", b"", b"[]", b"\xff"])
def test_an_answer_that_is_no_json_object_is_tried_later(content: bytes) -> None:
    error, _ = failing(httpx.Response(200, content=content))
    assert isinstance(error, TryLater)


def test_no_secret_of_github_s_words_comes_through() -> None:
    error, _ = failing(answer({"message": f"bad token {TOKEN} {TOKEN}.{'b' * 90}.{'c' * 90}"}, 422), write=True)
    assert "aaaa" not in str(error)


@given(st.sampled_from(["ghs_", "ghp_", "gho_", "ghu_", "ghr_"]), st.from_regex(r"[A-Za-z0-9._-]{36,500}", fullmatch=True))
def test_tokens_old_and_new_are_blotted_out(prefix: str, rest: str) -> None:
    assert rest not in without_secrets(f"token {prefix}{rest} end")


def test_keys_and_jwts_are_blotted_out() -> None:
    told = without_secrets(
        "eyJhbGciOiJ.eyJpc3MiOiIx.c2lnbmF0 -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"
    )
    assert told == "(secret) (secret)"
