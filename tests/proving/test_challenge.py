"""Past bugs really put back on the tip: caught, still uncaught, or not to be told."""

from dataclasses import replace

import pytest

from app.domain.draft import ProofState
from app.domain.past import PastEscape
from app.domain.proof import Challenge
from app.domain.suite import TestId
from app.proving.asked import Asked
from app.proving.challenge import Asking, challenge
from app.proving.prove import prove
from tests.build import WorkingCopy
from tests.escaped import AFTER, FEW, MANY

GUARD = TestId("tests/test_cart.py", "test_many")


@pytest.fixture
def escape(shop: WorkingCopy) -> PastEscape:
    """The bug that the shop's last commit fixed, with the patch that its receipt kept."""
    receipt = prove(shop.path, Asked((GUARD,), "HEAD", tip=False))
    assert receipt.fix
    return PastEscape(7, receipt.fix, receipt.parent, receipt.tests, ProofState.PROVED, receipt.reverse)


def one(shop: WorkingCopy, escape: PastEscape, **asking: bool | str) -> Challenge:
    (told,) = challenge(shop.path, [escape], replace(Asking(), **asking))
    return told


def outcome(told: Challenge) -> tuple[str, str]:
    return told.catch.value, told.reason


def test_a_guard_that_stands_catches_the_bug(shop: WorkingCopy, escape: PastEscape) -> None:
    shop.commit("something else", {"src/shop/mail.py": "FROM = 1\n"})
    told = one(shop, escape)
    assert outcome(told) == ("caught", "")
    assert told.by == (GUARD,)
    assert (told.issue, told.tip) == (7, shop.git("rev-parse", "HEAD"))
    assert told.seconds > 0


def test_a_guard_that_asserts_nothing_any_more_lets_the_bug_through(shop: WorkingCopy, escape: PastEscape) -> None:
    shop.commit("weaken", {"tests/test_cart.py": FEW + "\n\ndef test_many():\n    total(100)\n"})
    assert outcome(one(shop, escape)) == ("uncaught", "green-without-fix")


def test_a_guard_that_was_deleted_lets_the_bug_through(shop: WorkingCopy, escape: PastEscape) -> None:
    shop.commit("delete", {"tests/test_cart.py": FEW})
    assert outcome(one(shop, escape)) == ("uncaught", "guard-gone")


def test_the_whole_suite_may_catch_what_the_guard_does_not(shop: WorkingCopy, escape: PastEscape) -> None:
    other = MANY.replace("test_many", "test_another")
    shop.commit("move", {"tests/test_cart.py": FEW, "tests/test_other.py": "from shop.cart import total\n" + other})
    told = one(shop, escape, whole=True)
    assert outcome(told) == ("caught", "")
    assert told.by == (TestId("tests/test_other.py", "test_another"),)
    assert told.whole_suite


def test_a_bug_that_the_whole_suite_misses_is_uncaught(shop: WorkingCopy, escape: PastEscape) -> None:
    shop.commit("delete", {"tests/test_cart.py": FEW})
    assert outcome(one(shop, escape, whole=True)) == ("uncaught", "green-without-fix")


def test_code_that_has_moved_on_cannot_be_given_its_bug_back(shop: WorkingCopy, escape: PastEscape) -> None:
    shop.commit("rewrite", {"src/shop/cart.py": "def total(n):\n    return {100: 900}.get(n, n * 10)\n"})
    assert outcome(one(shop, escape)) == ("unknown", "patch")


def test_code_in_a_renamed_file_is_given_its_bug_back_from_the_commits(shop: WorkingCopy, escape: PastEscape) -> None:
    moved = (FEW + MANY).replace("shop.cart", "shop.basket")
    shop.commit("rename", {"src/shop/basket.py": AFTER, "src/shop/cart.py": None, "tests/test_cart.py": moved})
    assert outcome(one(shop, escape)) == ("caught", "")


def test_the_kept_patch_is_enough_where_the_commits_are_gone(shop: WorkingCopy, escape: PastEscape) -> None:
    unknown = replace(escape, fix="1" * 40, parent="2" * 40)
    assert outcome(one(shop, unknown)) == ("caught", "")
    assert outcome(one(shop, replace(unknown, reverse=""))) == ("unknown", "patch")


def test_a_guard_that_is_red_anyway_tells_nothing(shop: WorkingCopy, escape: PastEscape) -> None:
    shop.commit("break", {"tests/test_cart.py": FEW + "\n\ndef test_many():\n    assert total(1) == 2\n"})
    assert outcome(one(shop, escape)) == ("unknown", "red-before")


def test_the_checkout_stays_as_it_is(shop: WorkingCopy, escape: PastEscape) -> None:
    before = shop.git("status", "--porcelain"), shop.git("rev-parse", "HEAD")
    one(shop, escape)
    assert (shop.git("status", "--porcelain"), shop.git("rev-parse", "HEAD")) == before
    assert shop.git("worktree", "list").count("\n") == 0
