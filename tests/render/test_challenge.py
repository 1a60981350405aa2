"""What `recall challenge` says, from the headline to each escape."""

from app.domain.proof import Catch, Challenge
from app.domain.suite import TestId
from app.render.challenge import challenge_markdown, challenge_text

GUARD = TestId("tests/test_cart.py", "test_many")
TIP = "c" * 40
CAUGHT = Challenge(7, "a" * 40, TIP, Catch.CAUGHT, by=(GUARD,), guards=(GUARD,), seconds=0.25)
UNCAUGHT = Challenge(8, "b" * 40, TIP, Catch.UNCAUGHT, "green-without-fix", guards=(GUARD,))
GONE = Challenge(9, "d" * 40, TIP, Catch.UNCAUGHT, "guard-gone")
UNKNOWN = Challenge(None, "e" * 40, TIP, Catch.UNKNOWN, "patch", guards=(GUARD,))


def test_the_headline_is_what_would_get_through_and_the_uncaught_come_first() -> None:
    assert challenge_text([CAUGHT, UNKNOWN, UNCAUGHT, GONE]).splitlines() == [
        "2 of 3 escapes would get through again today. 1 could not be tried.",
        "  #8 (bbbbbbb): still uncaught, tests/test_cart.py::test_many is green with the bug put back",
        "  #9 (ddddddd): still uncaught, no test guards it",
        "  eeeeeee: not tried, the code has moved on so far that the bug cannot be put back by itself",
        "  #7 (aaaaaaa): caught by tests/test_cart.py::test_many in 0.2 s",
        "  On ccccccc.",
    ]


def test_one_that_is_caught_is_not_called_all() -> None:
    assert challenge_text([CAUGHT]).splitlines()[0] == "The escape would be caught today."


def test_nothing_to_challenge_is_said() -> None:
    assert challenge_text([]) == "There is no escape to challenge."


def test_where_nothing_could_be_tried_nothing_is_claimed() -> None:
    assert challenge_text([UNKNOWN]).splitlines()[0] == "No escape could be challenged. 1 could not be tried."


def test_markdown_is_a_list_with_names_in_code_spans() -> None:
    line = challenge_markdown([CAUGHT]).splitlines()[2]
    assert line == "- #7 (`aaaaaaa`): caught by `tests/test_cart.py::test_many` in 0.2 s"
