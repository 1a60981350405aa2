"""The list of past escapes: what goes over the network comes back the same, and nothing else is read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.past import escapes_json, read_escapes
from app.domain.draft import ProofState
from app.domain.errors import TellUser
from app.domain.past import PastEscape
from app.domain.suite import TestId

SHA = st.text("0123456789abcdef", min_size=40, max_size=40)
NAME = st.from_regex(r"[A-Za-z_][A-Za-z_. 0-9>-]{0,30}", fullmatch=True)
TEST = st.builds(TestId, st.from_regex(r"[a-z]{1,8}(/[a-z_]{1,8}){0,3}\.py", fullmatch=True), st.one_of(st.just(""), NAME))
ESCAPE = st.builds(
    PastEscape,
    st.integers(1, 10**9),
    SHA,
    SHA,
    st.lists(TEST, max_size=4).map(tuple),
    st.sampled_from(ProofState),
    st.text(max_size=50),
)


@given(st.lists(ESCAPE, max_size=4))
def test_what_is_told_is_read_back_the_same(escapes: list[PastEscape]) -> None:
    assert read_escapes(json.dumps(escapes_json("octo/shop", escapes)).encode()) == tuple(escapes)


ONE = escapes_json("octo/shop", [PastEscape(1, "a" * 40, "b" * 40, (TestId("tests/test_a.py", "test_x"),))])


@pytest.mark.parametrize(
    "change",
    [
        {"issue": 0},
        {"issue": True},
        {"issue": "1"},
        {"fix": "HEAD"},
        {"fix": "--upload-pack=x"},
        {"parent": "b" * 39},
        {"tests": ["../../etc/passwd::x"]},
        {"tests": ["/etc/passwd"]},
        {"tests": ["a.py::x\n::error::"]},
        {"tests": "a.py"},
        {"tests": [1]},
        {"tests": ["a.py"] * 101},
        {"proof": "sure"},
        {"reverse": None},
    ],
)
def test_an_odd_escape_is_refused_in_one_sentence(change: dict[str, object]) -> None:
    said = ONE | {"escapes": [ONE["escapes"][0] | change]}
    with pytest.raises(TellUser, match="no list of escapes") as refusal:
        read_escapes(json.dumps(said).encode())
    assert "\n" not in str(refusal.value)


@given(st.binary(max_size=200))
def test_nothing_else_is_read(data: bytes) -> None:
    with pytest.raises(TellUser):
        read_escapes(data)
