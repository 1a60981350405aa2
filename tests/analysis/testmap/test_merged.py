"""Parts of one file become one, and say the same."""

from hypothesis import given
from hypothesis import strategies as st

from app.analysis.testmap.merged import merged
from app.domain.lines import LineSet, lines_of
from app.domain.testmap import Measured

LINES = st.frozensets(st.integers(1, 30), max_size=6).map(lines_of)
PARTS = st.lists(
    st.tuples(
        st.builds(
            Measured, st.sampled_from("ab"), st.dictionaries(st.integers(0, 3), LINES, max_size=3), LINES, st.none() | LINES
        ),
        st.sampled_from(["1" * 40, "2" * 40]),
    ),
    max_size=12,
)
Said = dict[tuple[str, str, str], LineSet]


def said(parts: list[tuple[Measured, str]]) -> Said:
    """All that the parts say together, by file and blob: who ran what, what ran outside, what is code."""
    found: Said = {}
    for measured, blob in parts:
        told = {str(test): lines for test, lines in measured.ran.items()} | {
            "outside": measured.outside,
            "code": measured.code or 0,
        }
        for what, lines in told.items():
            key = (measured.path, blob, what)
            found[key] = found.get(key, 0) | lines
    return found


@given(PARTS, st.sampled_from([0, 300, 1 << 20]))
def test_merged_parts_say_what_the_parts_said(parts: list[tuple[Measured, str]], most: int) -> None:
    assert said(list(merged(parts, most))) == said(parts)


@given(PARTS)
def test_a_file_whose_code_is_known_or_not_comes_once(parts: list[tuple[Measured, str]]) -> None:
    keys = [(measured.path, blob, measured.code is None) for measured, blob in merged(parts)]
    assert len(keys) == len(set(keys))


def test_no_more_is_held_than_was_allowed() -> None:
    parts = iter([(Measured(f"{at}.js", {0: lines_of([8000])}), "1" * 40) for at in range(10)])
    next(merged(parts, 2000))
    assert len(list(parts)) == 8
