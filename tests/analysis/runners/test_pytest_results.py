"""What pytest's real results say of single tests."""

from pathlib import Path

import pytest

from app.analysis.runners.results import Outcome, read_run
from app.domain.proof import Ending
from app.domain.suite import Format, TestId

DATA = Path(__file__).parent / "data" / "pytest"


def outcome(name: str, results: str = "cart", returncode: int = 1, path: str = "tests/test_cart.py") -> Outcome:
    (one,) = read_run(
        Format.JUNIT, (DATA / f"{results}.xml").read_bytes(), "ERROR: not found", returncode, [TestId(path, name)], "/src"
    )
    return one


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("test_adds", Ending.PASSED),
        ("test_differs", Ending.FAILED),
        ("test_raises", Ending.FAILED),
        ("test_wants", Ending.ERROR),
        ("test_far", Ending.ERROR),
        ("test_later", Ending.SKIPPED),
        ("test_known", Ending.SKIPPED),
        ("test_each", Ending.FAILED),
        ("test_each[prices0]", Ending.PASSED),
        ("test_each[a::b]", Ending.FAILED),
        ("test_each[x.y]", Ending.FAILED),
        ("test_each[prices9]", Ending.ABSENT),
        ("TestCart.test_inside", Ending.FAILED),
        ("TestCart.TestDeep.test_deep", Ending.PASSED),
        ("TestDeep.test_deep", Ending.ABSENT),
        ("CartCase.test_case", Ending.FAILED),
        ("test_add", Ending.ABSENT),
        ("", Ending.FAILED),
    ],
)
def test_a_test_ended_as_pytest_says(name: str, ending: Ending) -> None:
    assert outcome(name).ending is ending


def test_an_error_of_the_code_has_its_type_and_frames_in_the_repository() -> None:
    failure = outcome("test_raises").failure
    assert failure is not None
    assert (failure.type, failure.message) == ("ZeroDivisionError", "division by zero")
    assert failure.frames == (("tests/test_cart.py", 17), ("shop/__init__.py", 2))


def test_a_plain_assertion_is_an_assertion_error() -> None:
    failure = outcome("test_differs").failure
    assert failure is not None
    assert failure.type == "AssertionError"
    assert failure.frames == (("tests/test_cart.py", 13),)


@pytest.mark.parametrize(("file", "kind"), [("import", "ModuleNotFoundError"), ("syntax", "SyntaxError")])
def test_a_module_that_cannot_be_collected_is_the_error_of_its_tests(file: str, kind: str) -> None:
    one = outcome("test_it", file, 4, f"tests/test_{file}.py")
    assert one.ending is Ending.ERROR
    assert one.failure is not None
    assert one.failure.type == kind
    assert (f"tests/test_{file}.py", 1) in one.failure.frames


def test_a_test_that_is_not_found_is_absent_and_keeps_what_pytest_printed() -> None:
    one = outcome("test_nowhere", "nowhere", 4)
    assert one.ending is Ending.ABSENT
    assert one.failure is not None
    assert one.failure.trace == "ERROR: not found"


def test_a_run_without_results_came_to_nothing() -> None:
    (one,) = read_run(Format.JUNIT, b"", "ImportError while loading conftest", 4, [TestId("tests/test_a.py", "test_b")])
    assert one.ending is Ending.BROKEN
    assert one.failure is not None
    assert one.failure.trace == "ImportError while loading conftest"


def test_a_project_below_the_root_is_still_told_by_its_own_paths() -> None:
    assert outcome("test_adds", path="backend/tests/test_cart.py").ending is Ending.PASSED


def test_the_same_name_in_another_file_is_not_meant() -> None:
    assert outcome("test_adds", path="tests/test_other.py").ending is Ending.ABSENT
