"""A receipt in sentences: the verdict first, every slug has words, and nothing of a repository does anything in Markdown."""

from dataclasses import replace

import pytest

from app.analysis.redness import Why
from app.domain.proof import Ending, Failure, Receipt, Run, Side, Verdict
from app.domain.suite import TestId
from app.render.proof import receipt_markdown, receipt_text
from app.render.words import folder, sections

TEST = TestId("tests/test_cart.py", "test_many")
WORDS = sections((folder() / "words" / "proof.j2").read_text())


def run(side: Side, attempt: int, ending: Ending, reason: str = "", message: str = "") -> Run:
    return Run(side, attempt, TEST, ending, 0.1, reason, Failure("AssertionError", message) if message else None)


RECEIPT = Receipt(
    Verdict.PROVED,
    "assertion",
    (TEST,),
    "a" * 40,
    "b" * 40,
    tip="c" * 40,
    files=(("tests/test_cart.py", "d" * 40),),
    command=("python", "-m", "pytest", "tests/test_cart.py"),
    environment=(("os", "Linux x86_64"), ("python", "3.11.7")),
    seconds=12.3,
    runs=(
        *(run(Side.PARENT, n, Ending.FAILED, "assertion", "assert 1000 == 900\nmore") for n in (1, 2, 3)),
        *(run(Side.FIX, n, Ending.PASSED) for n in (1, 2, 3)),
    ),
    guards_today=True,
    tip_reason="guards",
    repeat="recall prove tests/test_cart.py::test_many --fix bbbb --repo .",
)


def test_a_receipt_for_a_terminal() -> None:
    assert receipt_text(RECEIPT).splitlines() == [
        "Proved: tests/test_cart.py::test_many is red without the fix and green with it, in each of 3 runs.",
        "  Without the fix (aaaaaaa): red 3 times, by an assertion.",
        "  AssertionError: assert 1000 == 900",
        "  With the fix (bbbbbbb): green 3 times.",
        "  Today's tip ccccccc is guarded: with the fix undone there, the test is red.",
        "  Laid over both sides: tests/test_cart.py.",
        "  Command: python -m pytest tests/test_cart.py",
        "  Ran on Linux x86_64 and python 3.11.7, in 12 seconds.",
        "  Again: recall prove tests/test_cart.py::test_many --fix bbbb --repo .",
    ]


def test_the_markdown_says_the_same_and_begins_with_the_verdict() -> None:
    first, *rest = receipt_markdown(RECEIPT).splitlines()
    assert first.startswith("**Proved: `tests/test_cart.py::test_many` is red")
    assert any(line == "- With the fix (`bbbbbbb`): green 3 times." for line in rest)


def test_what_a_test_printed_does_nothing_in_markdown() -> None:
    hostile = replace(
        RECEIPT, runs=(run(Side.PARENT, 1, Ending.FAILED, "assertion", "@team closes #1 <img src=x> [a](http://b)"),)
    )
    told = receipt_markdown(hostile)
    assert "@team" not in told and "<img" not in told and "](http" not in told


def test_a_test_that_proved_nothing_is_told_beside_the_one_that_did() -> None:
    other = TestId("tests/test_cart.py", "test_few")
    runs = [Run(side, n, other, Ending.PASSED) for side in (Side.PARENT, Side.FIX) for n in (1, 2, 3)]
    told = receipt_text(replace(RECEIPT, runs=(*RECEIPT.runs, *runs)))
    assert "test_few is green without the fix, so it does not guard it." in told


@pytest.mark.parametrize("why", [*Why, "green-without-fix", "red-with-fix", "differs", "no-tests"])
def test_every_reason_has_words(why: str) -> None:
    assert f"why-{why}" in WORDS


@pytest.mark.parametrize("why", Why)
def test_every_reason_of_a_run_has_short_words(why: str) -> None:
    assert f"short-{why}" in WORDS


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_can_be_told(verdict: Verdict) -> None:
    assert receipt_text(replace(RECEIPT, verdict=verdict, reason="green-without-fix", runs=()))


def test_an_unknown_reason_is_no_error() -> None:
    assert "not known" in receipt_text(replace(RECEIPT, verdict=Verdict.NOT_PROVED, reason="of-a-later-recall"))
