"""What the real results of Jest, Vitest, Mocha, Node's runner and Playwright say of single tests."""

from pathlib import Path

import pytest

from app.analysis.runners.results import Outcome, read_run
from app.domain.proof import Ending
from app.domain.suite import Format, TestId

DATA = Path(__file__).parent / "data"
RUNNERS = {
    "jest": (Format.JEST_JSON, "jest/all.json", "src/cart.test.js"),
    "vitest": (Format.JEST_JSON, "vitest/all.json", "src/cart.test.ts"),
    "mocha": (Format.MOCHA_JSON, "mocha/all.json", "test/cart.js"),
    "node": (Format.JUNIT, "node/all.xml", "test/cart.test.js"),
}


def outcome(runner: str, name: str, path: str = "") -> Outcome:
    form, file, cart = RUNNERS[runner]
    (one,) = read_run(form, (DATA / file).read_bytes(), "", 1, [TestId(path or cart, name)], "/src")
    return one


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("Cart > adds (all) prices", Ending.PASSED),
        ("Cart > differs", Ending.FAILED),
        ("Cart > raises", Ending.FAILED),
        ("Cart > comes later", Ending.SKIPPED),
        ('Cart > it\'s quoted > nested "x"', Ending.PASSED),
        ('Cart > it\\\'s quoted > nested \\"x\\"', Ending.PASSED),
        ("Cart > inner > deeper > deep", Ending.PASSED),
        ("adds [1] $x.y ^a|b", Ending.PASSED),
        ("cart adds", Ending.PASSED),
        ("Cart adds", Ending.ABSENT),
        ("template ${n} ends", Ending.FAILED),
        ("template 1 ends", Ending.PASSED),
        ("nowhere", Ending.ABSENT),
    ],
)
def test_a_test_ended_as_its_runner_says(runner: str, name: str, ending: Ending) -> None:
    assert outcome(runner, name).ending is ending


@pytest.mark.parametrize(("runner", "ending"), [("vitest", Ending.SKIPPED), ("mocha", Ending.ERROR), ("node", Ending.ERROR)])
def test_a_test_whose_group_could_not_be_set_up_never_ran(runner: str, ending: Ending) -> None:
    assert outcome(runner, "hooks > needs it").ending is ending


@pytest.mark.parametrize(
    ("runner", "frames"),
    [
        ("mocha", (("test/cart.js", 7), ("cart.js", 3))),
        ("node", (("test/cart.test.js", 8), ("cart.js", 3))),
    ],
)
def test_frames_are_outermost_first_and_relative_to_the_worktree(runner: str, frames: tuple[tuple[str, int], ...]) -> None:
    failure = outcome(runner, "Cart > raises").failure
    assert failure is not None
    assert (failure.type, failure.message) == ("TypeError", "prices is not iterable")
    assert failure.frames == frames


@pytest.mark.parametrize("runner", RUNNERS)
def test_an_assertion_is_told_as_one(runner: str) -> None:
    failure = outcome(runner, "Cart > differs").failure
    assert failure is not None
    assert failure.type == "AssertionError"


@pytest.mark.parametrize(
    ("runner", "path"), [("jest", "src/import.test.js"), ("vitest", "src/import.test.ts"), ("node", "test/import.test.js")]
)
def test_a_file_that_cannot_be_loaded_is_the_error_of_its_tests(runner: str, path: str) -> None:
    assert outcome(runner, "is here", path).ending is Ending.ERROR


def test_a_crash_of_mocha_while_loading_leaves_nothing_but_what_it_printed() -> None:
    output = (DATA / "mocha/import.txt").read_text()
    (one,) = read_run(Format.MOCHA_JSON, b"", output, 1, [TestId("test/import.js", "is here")], "/src")
    assert one.ending is Ending.BROKEN
    assert one.failure is not None
    assert "Cannot find module './nowhere'" in one.failure.trace
    assert one.failure.frames[-1] == ("test/import.js", 1)


def test_mocha_s_report_is_found_among_what_the_tests_print() -> None:
    report = (DATA / "mocha/all.json").read_bytes()
    (one,) = read_run(
        Format.MOCHA_JSON, b"{ a: 1 }\nlistening\n" + report + b"\nbye {\n", "", 1, [TestId("test/cart.js", "cart adds")]
    )
    assert one.ending is Ending.PASSED


def test_tests_that_node_was_not_asked_for_are_absent() -> None:
    data = (DATA / "node/one.xml").read_bytes()
    asked = [TestId("test/cart.test.js", name) for name in ("Cart > adds (all) prices", "Cart > differs")]
    assert [one.ending for one in read_run(Format.JUNIT, data, "", 0, asked)] == [Ending.PASSED, Ending.ABSENT]


@pytest.mark.parametrize(
    ("name", "ending"),
    [("Cart > adds (all) prices", Ending.PASSED), ("Cart > differs", Ending.FAILED), ("Cart > comes later", Ending.SKIPPED)],
)
def test_playwright_s_tests_end_as_it_says(name: str, ending: Ending) -> None:
    data = (DATA / "node/playwright.xml").read_bytes()
    (one,) = read_run(Format.JUNIT, data, "", 1, [TestId("tests/cart.spec.js", name)], "/src")
    assert one.ending is ending


def test_a_file_of_the_same_name_in_another_folder_is_another_file() -> None:
    data = (DATA / "jest/all.json").read_bytes()
    asked = [TestId("cart.test.js", "Cart > differs"), TestId("src/cart.test.js", "Cart > differs")]
    assert [one.ending for one in read_run(Format.JEST_JSON, data, "", 1, asked, "/src")] == [Ending.ABSENT, Ending.FAILED]
