"""Receipts and challenges survive being written and read, are what the schemas say; strangers' are refused in a sentence."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.receipt import MAX_BYTES, challenge_json, read_challenges, read_receipt, receipt_json
from app.domain.errors import TellUser
from app.domain.proof import Catch, Challenge, Ending, Failure, Receipt, Run, Side, Verdict
from app.domain.suite import TestId

DOCS = Path(__file__).parents[2] / "docs"
RECEIPT = jsonschema_rs.validator_for(json.loads((DOCS / "receipt.schema.json").read_text()))
CHALLENGE = jsonschema_rs.validator_for(json.loads((DOCS / "challenge.schema.json").read_text()))

words = st.text(max_size=200)
shas = st.text("0123456789abcdef", min_size=40, max_size=40)
paths = st.text(min_size=1, max_size=60)
tests = st.builds(TestId, paths, words)
seconds = st.floats(0, 1e6)
failures = st.builds(Failure, words, words, words, st.lists(st.tuples(paths, st.integers(0, 99_999)), max_size=4).map(tuple))
runs = st.builds(
    Run, st.sampled_from(Side), st.integers(1, 3), tests, st.sampled_from(Ending), seconds, words, st.none() | failures
)
receipts = st.builds(
    Receipt,
    verdict=st.sampled_from(Verdict),
    reason=words,
    tests=st.lists(tests, max_size=3).map(tuple),
    parent=shas,
    fix=st.none() | shas,
    tip=st.none() | shas,
    files=st.lists(st.tuples(paths, shas), max_size=3).map(tuple),
    command=st.lists(words, max_size=4).map(tuple),
    environment=st.dictionaries(words, words, max_size=3).map(lambda known: tuple(known.items())),
    started=words,
    seconds=seconds,
    runs=st.lists(runs, max_size=4).map(tuple),
    guards_today=st.none() | st.booleans(),
    tip_reason=words,
    reverse=st.text(max_size=500),
    repeat=words,
    issue=st.none() | st.integers(0, 10**9),
    framework=words,
)
challenges = st.builds(
    Challenge,
    st.none() | st.integers(0, 10**9),
    shas,
    shas,
    st.sampled_from(Catch),
    words,
    st.lists(tests, max_size=2).map(tuple),
    st.lists(tests, max_size=2).map(tuple),
    seconds,
    st.booleans(),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def plain(**changed: Any) -> dict[str, Any]:
    receipt = Receipt(Verdict.PROVED, "", (TestId("test_a.py", "test_b"),), "a" * 40, "b" * 40)
    return {**receipt_json(receipt), **changed}


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


@given(receipts)
def test_a_receipt_reads_as_it_was_written(receipt: Receipt) -> None:
    assert read_receipt(as_json(receipt_json(receipt))) == receipt


@given(receipts)
def test_a_receipt_is_what_its_schema_says(receipt: Receipt) -> None:
    RECEIPT.validate(json.loads(as_json(receipt_json(receipt))))


@given(st.lists(challenges, max_size=3).map(tuple))
def test_challenges_read_as_they_were_written_and_as_their_schema_says(told: tuple[Challenge, ...]) -> None:
    written = json.loads(as_json(challenge_json(told)))
    CHALLENGE.validate(written)
    assert read_challenges(as_json(written)) == told


@given(st.binary(max_size=200))
def test_bytes_that_are_no_receipt_are_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(TellUser) as refused:
        read_receipt(data)
    assert len(str(refused.value).splitlines()) == 1


@given(st.sampled_from(sorted(plain())), anything)
def test_a_key_that_is_anything_else_is_refused_or_read_as_the_schema_allows(key: str, value: object) -> None:
    data = as_json(plain(**{key: value}))
    try:
        read = read_receipt(data)
    except TellUser:
        return
    RECEIPT.validate(json.loads(as_json(receipt_json(read))))


@pytest.mark.parametrize("key", sorted(plain()))
def test_a_missing_key_is_refused_unless_it_may_be_nothing(key: str) -> None:
    said = plain()
    del said[key]
    if key in ("issue", "fix", "tip", "guards_today"):
        assert read_receipt(as_json(said)).tests
        return
    with pytest.raises(TellUser):
        read_receipt(as_json(said))


@pytest.mark.parametrize(
    "changed",
    [
        {"parent": "HEAD"},
        {"fix": "../../etc"},
        {"seconds": float("nan")},
        {"seconds": -1},
        {"seconds": True},
        {"reason": "x" * 300},
        {"tests": [{"path": "a"}]},
        {"version": 2},
        {"runs": [{}] * 20_001},
        {"files": [{"path": "a", "blob": "g" * 40}]},
    ],
)
def test_what_recall_never_writes_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(TellUser):
        read_receipt(as_json(plain(**changed)))


def test_too_large_a_receipt_is_not_even_parsed() -> None:
    with pytest.raises(TellUser, match="larger than 8 MB"):
        read_receipt(b" " * (MAX_BYTES + 1))


def test_a_deep_one_is_refused() -> None:
    with pytest.raises(TellUser):
        read_receipt(b"[" * 200_000)


def test_a_long_trace_is_cut_to_what_is_read_back() -> None:
    run = Run(Side.PARENT, 1, TestId("a"), Ending.FAILED, failure=Failure("E", "m" * 9_000, "t" * 90_000, (("a.py", 1),) * 90))
    receipt = Receipt(Verdict.PROVED, "", (), "a" * 40, None, runs=(run,))
    read = read_receipt(as_json(receipt_json(receipt))).runs[0].failure
    assert read is not None
    assert (len(read.message), len(read.trace), len(read.frames)) == (2_000, 8_000, 50)
