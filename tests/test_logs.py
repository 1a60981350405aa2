"""Logs: one JSON object a line, with its context and without secrets."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from app.logs import MARK, configure, scrub

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxMjM0NTYifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\nabc/+=\n-----END RSA PRIVATE KEY-----"
LONG = "ghs_1234567_" + JWT + "x" * 400
SECRETS = ["ghp_" + "a1B2" * 9, "gho_" + "a1B2" * 9, "ghs_" + "a1B2" * 9, LONG, JWT, PEM, "github_pat_" + "a1B2_" * 10]


@pytest.mark.parametrize("secret", SECRETS)
@given(before=st.text(max_size=20), after=st.sampled_from(["", " ", "'", "\n", ",", '"', ")"]))
def test_no_secret_is_left_whatever_stands_around_it(secret: str, before: str, after: str) -> None:
    assert secret not in scrub(before + secret + after)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("clone https://x-access-token:abc@github.com/a/b", f"clone https://{MARK}@github.com/a/b"),
        ("postgresql://u:hunter2@db/x", f"postgresql://{MARK}@db/x"),
        ("Authorization: Basic eDp5OnoxMjM0NTY=", f"Authorization: {MARK}"),
        ("{'Authorization': 'token abc', 'Accept': 'x'}", f"{{'Authorization': '{MARK}', 'Accept': 'x'}}"),
        ("sent Bearer abcdefghijklmnop.q", f"sent Bearer {MARK}"),
        ("commit 3f2a9c1 of acme/shop#5 at https://github.com/a", "commit 3f2a9c1 of acme/shop#5 at https://github.com/a"),
    ],
)
def test_only_the_secret_part_goes(text: str, clean: str) -> None:
    assert scrub(text) == clean


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    root, stream = logging.getLogger(), io.StringIO()
    before, level = list(root.handlers), root.level
    configure("json", "info", stream)
    yield stream
    root.handlers, root.level = before, level
    structlog.reset_defaults()


def last(logs: io.StringIO) -> dict[str, object]:
    line: dict[str, object] = json.loads(logs.getvalue().splitlines()[-1])
    return line


def test_a_line_carries_what_is_bound(logs: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(delivery="d-1"):
        structlog.get_logger("x").info("job started", number=5)
    line = last(logs)
    assert (line["event"], line["delivery"], line["number"], line["level"]) == ("job started", "d-1", 5, "info")


def test_the_standard_librarys_lines_come_out_the_same_way(logs: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(delivery="d-1"):
        logging.getLogger("lib").warning("sent %s", SECRETS[0])
    line = last(logs)
    assert (line["event"], line["delivery"]) == (f"sent {MARK}", "d-1")


def test_a_traceback_is_logged_without_the_secret_in_it(logs: io.StringIO) -> None:
    try:
        raise ValueError(LONG)
    except ValueError:
        structlog.get_logger("x").exception("broken", where={"deep": [LONG]}, body=b"123")
    line = last(logs)
    assert "ValueError" in str(line["exception"])
    assert LONG[20:60] not in json.dumps(line)
    assert line["body"] == "3 bytes"
