"""What is remembered as lines reads back as it was written, and any text at all is read without a word of complaint."""

import json

from hypothesis import given
from hypothesis import strategies as st

from app.analysis.course import kept
from app.analysis.ledger import MOST_CHARACTERS, number_of, place, read, read_keys, slim, with_key, written
from app.domain.correction import Corrections, Part, Verdict
from app.domain.draft import DraftState, Guard, ProofState
from app.domain.job import Recall, State

NOW = "2026-11-23T09:00:00+00:00"
WORDS = st.text(max_size=20)
GUARDS = st.builds(
    Guard,
    draft=st.sampled_from(DraftState),
    pull=st.none() | st.integers(1, 99),
    proof=st.sampled_from(ProofState),
    receipt=WORDS,
)
SAID = st.builds(
    Corrections,
    fix=WORDS,
    verdicts=st.lists(st.builds(Verdict, st.sampled_from(Part), st.booleans(), WORDS), max_size=2).map(tuple),
)
RECALLS = st.builds(
    Recall,
    repository_id=st.just(9),
    number=st.just(42),
    installation=st.none() | st.integers(1, 9),
    repository=st.just("acme/shop"),
    state=st.sampled_from(State),
    comment_id=st.none() | st.integers(1, 9),
    fix_head=st.none() | WORDS,
    guard=GUARDS,
    title=WORDS,
    said=SAID,
)


@given(st.lists(RECALLS, min_size=1, max_size=5))
def test_the_last_of_several_changes_is_what_is_read(recalls: list[Recall]) -> None:
    text = ""
    for recall in recalls:
        text = written(text, recall, NOW)
    assert read(text) == recalls[-1]


@given(RECALLS)
def test_writing_the_same_again_adds_nothing(recall: Recall) -> None:
    recall = kept(None, recall, NOW)
    once = written("", recall, NOW)
    assert written(once, recall, "2027-01-01T00:00:00+00:00") == once


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    read(text)
    read_keys(text)
    assert "k" in read_keys(with_key(text if text.endswith("\n") or not text else text + "\n", "k", NOW))


@given(
    st.dictionaries(
        st.sampled_from(["repository_id", "number", "state", "guard", "said", "course", "report"]), st.integers() | WORDS
    )
)
def test_odd_fields_make_no_recall_and_no_trouble(fields: dict[str, object]) -> None:
    assert read(json.dumps(fields)) is None


def test_a_file_that_grew_long_becomes_one_line() -> None:
    one = Recall(9, 42, None, "acme/shop", State.REPORTED, guard=Guard(receipt="x" * 150_000))
    other = Recall(9, 42, None, "acme/shop", State.REPORTED, guard=Guard(receipt="y" * 150_000))
    text = written(written("", one, NOW), other, NOW)
    assert len(text.splitlines()) == 1
    assert len(text) < MOST_CHARACTERS
    assert read(text) == other


def test_files_are_named_by_issue() -> None:
    assert number_of(place(42).partition("/")[2]) == 42
    assert [number_of(name) for name in ("README.md", "x.jsonl", "42.json", "²2.jsonl", ".jsonl")] == [None] * 5


def test_a_report_is_kept_without_its_evidence() -> None:
    tests = [{"path": f"tests/test_{n}.py", "evidence": [{"detail": "x" * 900}], "kind": "unit", "score": 0.5} for n in range(80)]
    report = {"fix": {"sha": "f" * 40}, "base": "b" * 40, "verdict": {"code": "none-ran"}, "tests": tests, "swallowed": [{}]}
    kept = json.loads(slim(json.dumps(report)))
    assert (kept["fix"], kept["base"], kept["verdict"]) == (report["fix"], report["base"], report["verdict"])
    assert [test["path"] for test in kept["tests"]] == [f"tests/test_{n}.py" for n in range(10)]
    assert "evidence" not in kept["tests"][0]
