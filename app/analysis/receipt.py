"""Receipts of proofs and results of challenges as JSON, written by whoever ran the tests and read by a server that did not.

`docs/receipt.schema.json` and `docs/challenge.schema.json` tell the form to everybody else. What is read is a stranger's: bounded
in every direction, and refused with one sentence where it is anything else. Whether it may be believed is for the caller.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any, TypeVar

from app.domain.errors import TellUser
from app.domain.proof import Catch, Challenge, Ending, Failure, Receipt, Run, Side, Verdict
from app.domain.suite import TestId

VERSION = 1
MAX_BYTES = 8 << 20
MAX_PATCH = 1 << 20
MAX_TESTS = 1_000
MAX_RUNS = 20_000
MAX_FILES = 2_000
MAX_FRAMES = 50
MAX_WORD = 200
MAX_PATH = 4_096
MAX_LINE = 10_000
MAX_MESSAGE = 2_000
MAX_TRACE = 8_000
_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_MOST_SECONDS = 1e9
_MOST_NUMBER = 2**53

Json = Mapping[str, Any]
T = TypeVar("T")
E = TypeVar("E", bound=Enum)


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """The receipt as `docs/receipt.schema.json` describes it. Long messages and traces are cut to what `read_receipt` takes."""
    return {
        "recall": "receipt",
        "version": VERSION,
        "verdict": receipt.verdict.value,
        "reason": receipt.reason,
        "issue": receipt.issue,
        "parent": receipt.parent,
        "fix": receipt.fix,
        "tip": receipt.tip,
        "guards_today": receipt.guards_today,
        "tip_reason": receipt.tip_reason,
        "tests": [_test_json(test) for test in receipt.tests],
        "files": [{"path": path, "blob": blob} for path, blob in receipt.files],
        "framework": receipt.framework,
        "command": list(receipt.command),
        "environment": dict(receipt.environment),
        "started": receipt.started,
        "seconds": receipt.seconds,
        "runs": [_run_json(run) for run in receipt.runs],
        "reverse": receipt.reverse,
        "repeat": receipt.repeat,
    }


def read_receipt(data: bytes) -> Receipt:
    """The receipt that `receipt_json` made. Raises TellUser, in one sentence, for anything else and for what is over 8 MB."""
    return _read(data, "receipt", _receipt)


def kept_receipt(text: str) -> Receipt | None:
    """The receipt that is kept with a guard; None where there is none, or one that a later version can no longer read."""
    try:
        return read_receipt(text.encode()) if text else None
    except TellUser:
        return None


def challenge_json(challenges: Iterable[Challenge]) -> dict[str, Any]:
    """Results of challenges as `docs/challenge.schema.json` describes them."""
    return {
        "recall": "challenge",
        "version": VERSION,
        "challenges": [
            {
                "issue": each.issue,
                "fix": each.fix,
                "tip": each.tip,
                "catch": each.catch.value,
                "reason": each.reason,
                "by": [_test_json(test) for test in each.by],
                "guards": [_test_json(test) for test in each.guards],
                "seconds": each.seconds,
                "whole_suite": each.whole_suite,
            }
            for each in challenges
        ],
    }


def read_challenges(data: bytes) -> tuple[Challenge, ...]:
    """The results that `challenge_json` made. Raises TellUser, in one sentence, for anything else and for what is over 8 MB."""
    return _read(data, "challenge", lambda said: tuple(_listed(said, "challenges", _challenge, MAX_TESTS)))


class _Odd(ValueError):
    """Names the key that is not as it has to be."""


def _read(data: bytes, kind: str, reader: Callable[[Json], T]) -> T:
    if len(data) > MAX_BYTES:
        raise TellUser(f"The {kind} is larger than {MAX_BYTES >> 20} MB, so it was not made by recall: make it anew.")
    try:
        said = json.loads(data)
        if not isinstance(said, dict) or said.get("recall") != kind:
            raise _Odd("recall")
        if said.get("version") != VERSION:
            raise TellUser(f"The {kind} is of a version that this recall does not know: use the same recall on both sides.")
        return reader(said)
    except _Odd as error:
        raise TellUser(f"This is no {kind} of recall: `{error}` is not as docs/{kind}.schema.json describes it.") from error
    except (ValueError, RecursionError) as error:
        raise TellUser(f"This is no {kind} of recall: it is not JSON.") from error


def _receipt(said: Json) -> Receipt:
    guards = said.get("guards_today")
    if guards is not None and not isinstance(guards, bool):
        raise _Odd("guards_today")
    environment = said.get("environment")
    if not isinstance(environment, dict) or len(environment) > MAX_WORD:
        raise _Odd("environment")
    return Receipt(
        verdict=_choice(said, "verdict", Verdict),
        reason=_text(said, "reason"),
        tests=tuple(_listed(said, "tests", _test, MAX_TESTS)),
        parent=_sha(said, "parent"),
        fix=_optional_sha(said, "fix"),
        tip=_optional_sha(said, "tip"),
        files=tuple(_listed(said, "files", lambda each: (_text(each, "path", MAX_PATH), _sha(each, "blob")), MAX_FILES)),
        command=tuple(_texts(said, "command", MAX_TESTS)),
        environment=tuple((name[:MAX_WORD], _text(environment, name)) for name in environment),
        started=_text(said, "started"),
        seconds=_seconds(said),
        runs=tuple(_listed(said, "runs", _run, MAX_RUNS)),
        guards_today=guards,
        tip_reason=_text(said, "tip_reason"),
        reverse=_text(said, "reverse", MAX_PATCH),
        repeat=_text(said, "repeat", MAX_LINE),
        issue=_optional_number(said, "issue"),
        framework=_text(said, "framework"),
    )


def _run(said: Json) -> Run:
    failure = said.get("failure")
    if failure is not None and not isinstance(failure, dict):
        raise _Odd("failure")
    return Run(
        side=_choice(said, "side", Side),
        attempt=_number(said, "attempt"),
        test=_test(_mapping(said, "test")),
        ending=_choice(said, "ending", Ending),
        seconds=_seconds(said),
        reason=_text(said, "reason"),
        failure=None if failure is None else _failure(failure),
    )


def _failure(said: Json) -> Failure:
    frames = tuple(_listed(said, "frames", lambda each: (_text(each, "path", MAX_PATH), _number(each, "line")), MAX_FRAMES))
    return Failure(_text(said, "type"), _text(said, "message", MAX_MESSAGE), _text(said, "trace", MAX_TRACE), frames)


def _challenge(said: Json) -> Challenge:
    whole = said.get("whole_suite")
    if not isinstance(whole, bool):
        raise _Odd("whole_suite")
    return Challenge(
        issue=_optional_number(said, "issue"),
        fix=_sha(said, "fix"),
        tip=_sha(said, "tip"),
        catch=_choice(said, "catch", Catch),
        reason=_text(said, "reason"),
        by=tuple(_listed(said, "by", _test, MAX_TESTS)),
        guards=tuple(_listed(said, "guards", _test, MAX_TESTS)),
        seconds=_seconds(said),
        whole_suite=whole,
    )


def _run_json(run: Run) -> dict[str, Any]:
    failure = run.failure
    return {
        "side": run.side.value,
        "attempt": run.attempt,
        "test": _test_json(run.test),
        "ending": run.ending.value,
        "seconds": run.seconds,
        "reason": run.reason,
        "failure": failure
        and {
            "type": failure.type[:MAX_WORD],
            "message": failure.message[:MAX_MESSAGE],
            "trace": failure.trace[:MAX_TRACE],
            "frames": [{"path": path[:MAX_PATH], "line": line} for path, line in failure.frames[-MAX_FRAMES:]],
        },
    }


def _test_json(test: TestId) -> dict[str, str]:
    return {"path": test.path, "name": test.name}


def _test(said: Json) -> TestId:
    return TestId(_text(said, "path", MAX_PATH), _text(said, "name", MAX_PATH))


def _mapping(said: Json, key: str) -> Json:
    value = said.get(key)
    if not isinstance(value, dict):
        raise _Odd(key)
    return value


def _listed(said: Json, key: str, reader: Callable[[Json], T], most: int) -> Iterable[T]:
    value = said.get(key)
    if not isinstance(value, list) or len(value) > most or not all(isinstance(each, dict) for each in value):
        raise _Odd(key)
    return [reader(each) for each in value]


def _texts(said: Json, key: str, most: int) -> list[str]:
    value = said.get(key)
    if not isinstance(value, list) or len(value) > most:
        raise _Odd(key)
    return [_text({key: each}, key, MAX_LINE) for each in value]


def _text(said: Json, key: str, most: int = MAX_WORD) -> str:
    value = said.get(key)
    if not isinstance(value, str) or len(value) > most:
        raise _Odd(key)
    return value


def _choice(said: Json, key: str, among: type[E]) -> E:
    try:
        return among(said.get(key))
    except ValueError as error:
        raise _Odd(key) from error


def _sha(said: Json, key: str) -> str:
    value = _text(said, key)
    if not _SHA.fullmatch(value):
        raise _Odd(key)
    return value


def _optional_sha(said: Json, key: str) -> str | None:
    return None if said.get(key) is None else _sha(said, key)


def _number(said: Json, key: str) -> int:
    value = said.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _MOST_NUMBER:
        raise _Odd(key)
    return value


def _optional_number(said: Json, key: str) -> int | None:
    return None if said.get(key) is None else _number(said, key)


def _seconds(said: Json) -> float:
    value = said.get("seconds")
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _Odd("seconds")
    if not math.isfinite(value) or not 0 <= value <= _MOST_SECONDS:
        raise _Odd("seconds")
    return float(value)
