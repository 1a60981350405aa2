"""Who tests both sides of an edge, told from what ran."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.crossed import body_lines, find_seams
from app.analysis.edges import Edge
from app.analysis.modules import ModuleIndex
from app.analysis.question import Reached
from app.analysis.seams import Crossing, Crossings, Sides
from app.analysis.testmap.carry import Carried
from app.domain.change import FileChange, Hunk, Role, Span, Status, Symbol
from app.domain.lines import lines_of, spans_of
from app.domain.seam import Basis, Seam, SeamKind
from app.domain.testmap import FileCover

NEAR = b"from payments import client\n\n\ndef checkout(cart):\n    total = cart.total()\n    client.charge(total)\n"
FAR = b"def charge(total):\n    return total\n\n\ndef refund(total):\n    return -total\n"
TESTS = {
    "tests/test_a.py": b"from unittest import mock\n\n\n@mock.patch('payments.client.charge')\ndef test_a(m):\n    checkout(1)\n",
    "tests/test_b.py": b"def test_b():\n    charge(1)\n",
}
A, B, BOTH = "tests/test_a.py::test_a", "tests/test_b.py::test_b", "tests/test_b.py::test_both"


def ran(path: str, **lines: Sequence[int]) -> Mapping[str, tuple[Carried, ...]]:
    """A cover in which the tests a, b and both ran these lines."""
    tests = (A, B, BOTH)
    groups = tuple((lines_of(lines[short]), 1 << n) for n, short in enumerate(("a", "b", "both")) if short in lines)
    return {path: (Carried(FileCover(path, "0" * 40, tests, groups), exact=True),)}


def seam(covers: Mapping[str, tuple[Carried, ...]], edge: Edge | None = None) -> Seam:
    """The seam from the checkout to the payments, or that of another edge."""
    function = Symbol("checkout", "checkout", "function", Span(4, 6))
    hunk = Hunk(Span(5, 5), Span(5, 5), 4)
    path = "shop/checkout.py"
    file = FileChange(path, path, Status.MODIFIED, Role.CODE, "python", (hunk,), (function,))
    far = "payments/client.py"
    edge = edge or Edge(path, far, SeamKind.MODULE, (far,), (("charge",),), (6,))
    index = ModuleIndex.build([path, far, "shop/__init__.py", "payments/__init__.py", *TESTS])
    reached = {"tests/test_a.py": [Reached(path, 1.0, "imports")]}
    sides = Sides([file], {path: NEAR}, TESTS, {(path, "checkout"): ["tests/test_a.py"]}, reached)
    crossing = Crossing(edge, edge.far, (Span(1, 2),) if edge.files else ())
    (found,) = find_seams(Crossings(index, (crossing,), {far: FAR}), sides, covers)
    return found


def test_a_test_that_ran_lines_of_both_sides_tests_both() -> None:
    found = seam(ran("shop/checkout.py", a=[5], both=[5, 6]) | ran("payments/client.py", b=[2], both=[2]))
    assert (found.basis, found.tests_near, found.tests_far, found.tests_both) == (Basis.EXECUTED, (A, BOTH), (B, BOTH), (BOTH,))


def test_sides_that_only_ran_apart_are_called_so() -> None:
    assert seam(ran("shop/checkout.py", a=[5]) | ran("payments/client.py", b=[2])).apart


def test_to_define_a_function_is_not_to_run_it() -> None:
    assert seam(ran("shop/checkout.py", a=[4]) | ran("payments/client.py", b=[1])).tests_near == ()


def test_another_function_of_the_far_file_is_not_the_far_side() -> None:
    assert seam(ran("shop/checkout.py", a=[5]) | ran("payments/client.py", b=[6])).tests_far == ()


def test_a_far_file_that_the_map_does_not_know_leaves_its_tests_empty() -> None:
    found = seam(ran("shop/checkout.py", a=[5], b=[5]))
    assert (found.tests_far, found.apart) == ((), False)


def test_the_mock_of_a_test_that_ran_only_the_near_side_is_named() -> None:
    found = seam(ran("shop/checkout.py", a=[5]) | ran("payments/client.py", b=[2]))
    assert [(one.path, one.line, one.test) for one in found.severed_by] == [("tests/test_a.py", 4, "test_a")]


def test_a_mock_in_a_test_that_ran_the_far_side_all_the_same_cuts_nothing() -> None:
    found = seam(ran("shop/checkout.py", a=[5], b=[5]) | ran("payments/client.py", a=[2]))
    assert found.severed_by == ()


def test_without_the_near_file_in_the_map_imports_speak() -> None:
    assert seam(ran("payments/client.py", b=[2])).basis is Basis.IMPORTS


def test_a_map_that_knows_only_one_suite_tells_nobody_apart() -> None:
    cover = FileCover("shop/checkout.py", "0" * 40, ("all",), ((lines_of([5]), 1),))
    assert seam({"shop/checkout.py": (Carried(cover, exact=True),)}).basis is Basis.IMPORTS


def test_who_ran_a_call_out_of_the_process_without_a_mock_reached_it() -> None:
    edge = Edge("shop/checkout.py", "requests", SeamKind.HTTP, (), (("post",),), (6,))
    assert seam(ran("shop/checkout.py", a=[5], b=[5, 6]), edge).tests_far == (B,)


@pytest.mark.parametrize(
    ("source", "inside"),
    [
        (b"@cached\ndef f(a,\n      b):\n    return a\n", [Span(3, 4)]),
        (b"def f(): return 1\n", []),
    ],
)
def test_the_body_of_a_python_function_begins_below_its_def(source: bytes, inside: list[Span]) -> None:
    whole = Span(1, source.count(b"\n"))
    assert list(spans_of(body_lines("python", source, [whole]))) == inside


@given(st.binary(max_size=80), st.lists(st.tuples(st.integers(1, 40), st.integers(0, 40)), max_size=4))
def test_a_body_never_leaves_its_span(source: bytes, spans: list[tuple[int, int]]) -> None:
    for language in ("python", "go", "javascript"):
        for start, length in spans:
            for inside in spans_of(body_lines(language, source, [Span(start, start + length)])):
                assert start <= inside.start <= inside.end <= start + length
