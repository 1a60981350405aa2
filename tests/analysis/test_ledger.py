"""What is remembered as lines reads back as it was written, and any text at all is read without a word of complaint."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.course import kept
from app.analysis.ledger import MOST_CHARACTERS, number_of, place, read, read_keys, slim, with_key, written
from app.analysis.rightness import guessed_culprit
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


DEEP: dict[str, list[object]] = {
    "guard": ["x", {"pull": "7"}, {"tests": [5]}, {"receipt": {}}, {"run_url": 5}],
    "said": [{"fix": 5}, {"not_culprits": [[]]}, {"verdicts": [{"part": "link", "right": True, "when": 5}]}],
    "course": [{"moments": [{"stage": "labelled", "when": 5}]}],
    "report": [
        *("no json", "[]", "5", "[" * 50_000, '{"fix": "abc"}', '{"fix": {"sha": 5}, "base": "b"}'),
        *('{"changed": 5}', '{"changed": [{"path": 5, "role": "code"}]}', '{"tests_in_fix": [{}]}'),
        '{"seams": [{"from": "a", "to": "b", "kind": "odd", "counts": {"both": 0}}]}',
    ],
}


@pytest.mark.parametrize(("field", "value"), [(name, value) for name, values in DEEP.items() for value in values])
def test_what_is_odd_in_its_depths_makes_no_recall_that_others_would_trip_over(field: str, value: object) -> None:
    sound = written("", Recall(9, 42, None, "acme/shop", State.REPORTED), NOW)
    assert read(sound) is not None
    assert read(sound + json.dumps({field: value}) + "\n") is None


def test_of_too_many_commands_the_oldest_are_forgotten() -> None:
    text = ""
    for first in range(0, 6_000, 2_000):
        keys = (f"{number}-0123456789abcdef" for number in range(first, first + 2_000))
        text += "".join(json.dumps({"at": NOW, "key": key}) + "\n" for key in keys)
        text = with_key(text, f"last-{first}", NOW)
    known = read_keys(text)
    assert len(text) <= 2 * MOST_CHARACTERS
    assert {"last-4000", "5999-0123456789abcdef"} <= known
    assert "0-0123456789abcdef" not in known


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


def test_of_the_culprit_it_is_kept_who_was_named_and_how() -> None:
    suspects = [{"sha": letter * 40, "pull_request": None, "score": 0.4, "reasons": [{"code": "newest"}]} for letter in "abc"]
    origin = {"basis": "guessed", "close": True, "said": [], "sentence": "Let in by one of two changes."}
    report = {"base": "b" * 40, "culprit": "a" * 40, "suspects": suspects, "origin": origin}
    kept = slim(json.dumps(report))
    assert guessed_culprit(kept, "b" * 40, None) is True
    assert guessed_culprit(kept, "c" * 40, None) is False
    assert "reasons" not in kept


def test_a_culprit_of_another_shape_is_passed_over() -> None:
    sound = Recall(9, 42, None, "acme/shop", State.REPORTED, report=json.dumps({"culprit": "a", "suspects": [], "origin": None}))
    odd = replace(sound, report=json.dumps({"culprit": "a", "suspects": [{"sha": 1}], "origin": {"basis": "guessed"}}))
    assert read(written("", sound, NOW)) is not None
    assert read(written("", odd, NOW)) is None
