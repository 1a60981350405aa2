"""Istanbul's JSON: statements become lines, the innermost deciding."""

import json
from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.coverage import istanbul
from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import MAX_LINE
from app.domain.testmap import Grain
from tests.analysis.coverage.seen import Seen, read_fixture, seen

PRICING = Seen("/home/runner/work/shop/shop/src/pricing.js", {"unit": [1, 2, 4, 5]}, [13], [1, 2, 3, 4, 5, 8, 9, 10, 13])


def test_what_vitest_writes_with_istanbul_is_read() -> None:
    assert read_fixture("vitest-istanbul.json")[0] == PRICING


@pytest.mark.parametrize("name", ["jest.json", "nyc.json"])
def test_what_jest_and_nyc_write_is_read(name: str) -> None:
    assert read_fixture(name) == [PRICING._replace(path="/home/runner/work/shop/shop/cjs/pricing.js")]


def test_what_vitest_writes_with_v8_is_read() -> None:
    pricing, stock = read_fixture("vitest-v8.json")
    assert (pricing.ran, pricing.outside) == ({"unit": [1, 2, 5, 6]}, [13])
    assert (stock.ran, stock.outside) == ({"unit": [2, 3, 4, 6, 7, 8, 9, 10]}, [1, 11])


def test_what_c8_writes_is_read() -> None:
    (pricing,) = read_fixture("c8.json")
    assert (pricing.ran, pricing.outside) == ({"unit": [1, 2, 5, 6]}, [7, 12, 13])


def test_what_jest_writes_of_typescript_is_in_the_lines_of_the_source() -> None:
    (pricing,) = read_fixture("jest-typescript.json")
    assert (pricing.ran, pricing.outside, pricing.code) == ({"unit": [6, 7, 9, 10]}, [18], [6, 7, 8, 9, 10, 13, 14, 15, 18])


def test_what_nyc_keeps_for_itself_of_typescript_is_refused() -> None:
    with pytest.raises(Unreadable, match="generated code"):
        read_fixture("nyc-raw-typescript.json")


Where = tuple[int, int, int, int]


def place(where: Where) -> dict[str, object]:
    """First line and column, last line and column."""
    return {"start": {"line": where[0], "column": where[1]}, "end": {"line": where[2], "column": where[3]}}


def entry(
    statements: Sequence[tuple[Where, int]],
    functions: Sequence[tuple[int, Where, int]] = (),
    branches: Sequence[tuple[str, list[tuple[Where, int]]]] = (),
) -> dict[str, object]:
    return {
        "path": "a.js",
        "statementMap": {str(at): place(where) for at, (where, _) in enumerate(statements)},
        "s": {str(at): count for at, (_, count) in enumerate(statements)},
        "fnMap": {
            str(at): {"name": "f", "decl": place((line, 9, line, 10)), "loc": place(where)}
            for at, (line, where, _) in enumerate(functions)
        },
        "f": {str(at): count for at, (_, _, count) in enumerate(functions)},
        "branchMap": {
            str(at): {"type": kind, "locations": [place(where) for where, _ in parts]}
            for at, (kind, parts) in enumerate(branches)
        },
        "b": {str(at): [count for _, count in parts] for at, (_, parts) in enumerate(branches)},
    }


def read(file: dict[str, object]) -> Seen:
    (found,) = seen(istanbul.read(json.dumps({"a.js": file}).encode(), "unit"))
    return found


BODY = (1, 13, 9, 1)


def test_all_lines_of_a_statement_that_ran_have_run() -> None:
    assert read(entry([((2, 2, 4, 4), 1)], [(1, BODY, 1)])).ran == {"unit": [1, 2, 3, 4]}


def test_a_statement_within_that_did_not_run_keeps_its_lines() -> None:
    assert read(entry([((2, 2, 5, 4), 1), ((3, 4, 4, 9), 0)], [(1, BODY, 1)])).ran == {"unit": [1, 2, 5]}


def test_a_statement_on_the_line_of_one_that_ran_does_not_take_it_back() -> None:
    assert read(entry([((2, 2, 2, 20), 1), ((2, 9, 2, 20), 0)], [(1, BODY, 1)])).ran == {"unit": [1, 2]}


def test_a_statement_outside_of_all_functions_ran_when_the_file_was_loaded() -> None:
    assert read(entry([((2, 0, 3, 4), 1)])) == Seen("a.js", {}, [2, 3], [2, 3])


def test_a_function_that_was_not_called_has_not_run_because_its_definition_has() -> None:
    definition, inside = ((1, 0, 5, 2), 1), ((3, 4, 3, 9), 0)
    assert read(entry([definition, inside], [(1, (1, 20, 5, 1), 0)])) == Seen("a.js", {}, [1, 5], [1, 3, 5])


def test_the_lines_that_declare_a_function_that_was_called_have_run() -> None:
    assert read(entry([], [(1, (3, 4, 5, 1), 2)])).ran == {"unit": [1, 2, 3]}


def test_the_lines_that_declare_a_function_that_nobody_called_are_code() -> None:
    assert read(entry([], [(1, (2, 4, 5, 1), 0)])) == Seen("a.js", {}, [], [1, 2])


def test_the_side_of_a_condition_that_was_not_taken_has_not_run() -> None:
    sides = ("cond-expr", [((3, 6, 3, 9), 1), ((4, 6, 4, 9), 0)])
    assert read(entry([((2, 2, 4, 9), 1)], [(1, BODY, 1)], [sides])).ran == {"unit": [1, 2, 3]}


def test_of_two_that_begin_at_one_place_the_shorter_stands_within() -> None:
    first_half = ("binary-expr", [((2, 2, 3, 9), 0)])
    assert read(entry([((2, 2, 4, 9), 1)], [(1, BODY, 1)], [first_half])).ran == {"unit": [1, 2, 4]}


def test_the_alternative_that_nobody_wrote_is_no_code() -> None:
    file = entry([((2, 2, 2, 9), 1)], [(1, BODY, 1)])
    file["branchMap"] = {"0": {"type": "if", "locations": [place((2, 2, 2, 9)), {"start": {}, "end": {}}]}}
    file["b"] = {"0": [1, 0]}
    assert read(file).ran == {"unit": [1, 2]}


def test_a_place_without_a_column_ends_with_its_line() -> None:
    file = entry([], [(1, BODY, 1)])
    file["statementMap"] = {"0": {"start": {"line": 2, "column": 0}, "end": {"line": 3, "column": None}}}
    file["s"] = {"0": 1}
    assert read(file).ran == {"unit": [1, 2, 3]}


@pytest.mark.parametrize("lines", [(0, 1), (-1, 1), (5, 4), (1, MAX_LINE + 1)])
def test_a_place_that_cannot_be_is_left_out(lines: tuple[int, int]) -> None:
    assert read(entry([((lines[0], 0, lines[1], 0), 1)])) == Seen("a.js", {}, [], [])


def test_the_suite_is_the_one_test() -> None:
    reading = istanbul.read(b"{}", "packages/a/a.spec.ts")
    assert (reading.grain, reading.tests) == (Grain.SUITE, ["packages/a/a.spec.ts"])


def test_an_empty_object_is_a_run_in_which_nothing_was_counted() -> None:
    assert istanbul.recognises(b"{}\n")


def test_lines_of_generated_code_are_refused() -> None:
    with pytest.raises(Unreadable, match="inputSourceMap"):
        read({**entry([]), "inputSourceMap": {"version": 3}})


@pytest.mark.parametrize("data", [b"{", b'{"a.js": {"path": "a.js", "statementMap"', b"[]", b"[" * 100_000, b'{"a": ' * 100_000])
def test_json_that_is_damaged_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        istanbul.read(data, "unit")


def test_statements_that_all_stand_around_a_million_lines_are_refused_in_time() -> None:
    with pytest.raises(Unreadable, match="around one another"):
        read(entry([((1, 0, MAX_LINE, at), 1) for at in range(2000)]))


def test_coverage_pys_json_is_not_taken_for_istanbuls() -> None:
    assert not istanbul.recognises(b'{"meta": {"format": 3, "version": "7.6"}, "files": {"a.py": {"statementMap": []}}}')


Block = tuple[int, bool, list["Block"]]
"""A statement with how often it ran, whether a function opens on its first line, and the statements within, line by line."""

BLOCKS = st.recursive(
    st.tuples(st.integers(0, 1), st.booleans(), st.just([])),
    lambda inner: st.tuples(st.integers(0, 1), st.booleans(), st.lists(inner, max_size=4)),
    max_leaves=12,
)


def laid_out(blocks: list[Block], first: int, deep: int = 0) -> tuple[list[tuple[Where, int]], list[tuple[int, Where, int]], int]:
    """Each block on lines of its own: one to open, those within, one to close. Also gives the line after the last."""
    statements: list[tuple[Where, int]] = []
    functions: list[tuple[int, Where, int]] = []
    for count, opens, within in blocks:
        inner = laid_out(within, first + 1, deep + 1)
        statements += [((first, deep, inner[2], 99 - deep), count), *inner[0]]
        functions += [(first, (first, deep + 50, inner[2], 98 - deep), count)] * opens + inner[1]
        first = inner[2] + 1
    return statements, functions, first


def slowly(statements: list[tuple[Where, int]], functions: list[tuple[int, Where, int]]) -> Seen:
    """The obvious way: ask for every line which statement or function is the innermost around it."""
    ran, outside, code = [], [], []
    for line in range(1, 1 + max((where[2] for where, _ in statements), default=0)):
        around = [((where[2] - where[0], 1), where, count) for where, count in statements if where[0] <= line <= where[2]]
        bodies = [((where[2] - where[0], 0), where, -1) for _, where, _ in functions if where[0] < line < where[2]]
        called = [count for declared, _, count in functions if declared == line]
        _, where, count = min(around + bodies, key=lambda each: each[0])
        if count < 0:
            continue
        code.append(line)
        inside = any(body[:2] < where[:2] and where[2] <= body[2] for _, body, _ in functions)
        if (count and inside) or any(called):
            ran.append(line)
        elif count:
            outside.append(line)
    return Seen("a.js", {"unit": ran} if ran else {}, outside, code)


@settings(max_examples=200, deadline=None)
@given(st.lists(BLOCKS, max_size=4))
def test_nested_statements_and_functions_are_read_as_the_obvious_way_reads_them(blocks: list[Block]) -> None:
    statements, functions, _ = laid_out(blocks, 1)
    assert read(entry(statements, functions)) == slowly(statements, functions)


def test_of_the_lines_in_istanbuls_own_lcov_the_same_ones_ran() -> None:
    for full, brief in zip(read_fixture("vitest-istanbul.json"), read_fixture("vitest-istanbul.info"), strict=True):
        run = {*full.ran["unit"], *full.outside}
        assert run & set(brief.code or ()) == set(brief.ran["unit"])


ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.floats() | st.sampled_from(["cond-expr", "binary-expr", ""]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "path",
                    "statementMap",
                    "s",
                    "fnMap",
                    "f",
                    "branchMap",
                    "b",
                    "0",
                    "1",
                    "start",
                    "end",
                    "line",
                    "column",
                    "loc",
                    "decl",
                    "locations",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=40,
)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(),
        ANY.map(lambda file: json.dumps({"a": {"statementMap": {}, **file} if isinstance(file, dict) else file}).encode()),
    )
)
def test_any_bytes_are_a_reading_or_unreadable(data: bytes) -> None:
    istanbul.recognises(data)
    with suppress(Unreadable):
        seen(istanbul.read(data, "unit"))
