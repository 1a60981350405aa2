"""Why the tests of the day were blind: one reason for each, on histories in which a bug came in and was fixed later."""

from pathlib import Path

import pytest

from app.domain.green import UnseeingTest, Unseen
from app.domain.testmap import Ended, TestResult
from app.engine.explain import Asked, explain
from app.engine.green import Unseeing, unseen
from app.engine.weights import load_weights
from app.git.repository import open_repository
from tests.build import WorkingCopy, working_copy
from tests.maps import MemoryMap, MemoryMaps, cover

WEIGHTS = load_weights()
RIGHT = """from shop.rates import rate


class Cart:
    def total(self, price):
        return price * rate()

    def count(self):
        return 0
"""
WRONG = RIGHT.replace("price * rate()", "price + rate()")
TEST = "from shop.cart import Cart\n\n\ndef test_total():\n    assert Cart().total(2) == 2\n"


@pytest.fixture
def shop(tmp_path: Path) -> WorkingCopy:
    """A shop with a cart and its rates, before the bug."""
    copy = working_copy(tmp_path / "shop")
    copy.commit("Begin", {"shop/__init__.py": "", "shop/rates.py": "def rate():\n    return 1\n", "shop/cart.py": RIGHT})
    return copy


def found(copy: WorkingCopy, culprit: str, maps: MemoryMaps | None = None) -> Unseeing:
    report = explain(copy.path, Asked(fix="HEAD"), WEIGHTS)
    return unseen(open_repository(copy.path), culprit, report, maps)


def ledger(copy: WorkingCopy, culprit: str, maps: MemoryMaps | None = None) -> dict[str, UnseeingTest]:
    return {test.path: test for test in found(copy, culprit, maps).tests}


def reason(copy: WorkingCopy, test: str) -> UnseeingTest:
    """The reason of a test file that stood there when the bug came in."""
    copy.commit("Test the cart", {"tests/test_cart.py": test})
    culprit = copy.commit("Add the rate", {"shop/cart.py": WRONG})
    copy.commit("Fix the total", {"shop/cart.py": RIGHT})
    return ledger(copy, culprit)["tests/test_cart.py"]


def ran(copy: WorkingCopy, lines: dict[str, list[int]], results: tuple[TestResult, ...] = ()) -> MemoryMaps:
    """A map of the last commit: which lines of the cart each test ran."""
    commit, blob = copy.git("rev-parse", "HEAD"), copy.git("rev-parse", "HEAD:shop/cart.py")
    return MemoryMaps([MemoryMap(commit, [cover("shop/cart.py", blob, list(lines), lines)], results)])


def test_a_test_that_came_after_the_bug_was_not_there_yet(shop: WorkingCopy) -> None:
    culprit = shop.commit("Add the rate", {"shop/cart.py": WRONG})
    came = shop.commit("Test the cart", {"tests/test_cart.py": TEST})
    shop.commit("Fix the total", {"shop/cart.py": RIGHT})
    told = ledger(shop, culprit)["tests/test_cart.py"]
    assert (told.reason, told.commit, told.when[:10]) == (Unseen.NOT_YET, came, "2020-09-16")


def test_a_test_that_was_renamed_since_was_there_under_its_older_name(shop: WorkingCopy) -> None:
    shop.commit("Test the cart", {"tests/test_carts.py": TEST})
    culprit = shop.commit("Add the rate", {"shop/cart.py": WRONG})
    shop.commit("Rename the test", {"tests/test_carts.py": None, "tests/test_cart.py": TEST})
    shop.commit("Fix the total", {"shop/cart.py": RIGHT})
    told = ledger(shop, culprit)
    assert (list(told), told["tests/test_carts.py"].reason) == (["tests/test_carts.py"], Unseen.CANNOT_TELL)


def test_a_test_that_was_renamed_and_rewritten_in_steps_was_there(shop: WorkingCopy) -> None:
    lines = [f"    assert Cart().total({n}) == {n}\n" for n in range(30)]
    head = "from shop.cart import Cart\n\n\ndef test_total():\n"
    shop.commit("Test the cart", {"tests/test_carts.py": head + "".join(lines)})
    culprit = shop.commit("Add the rate", {"shop/cart.py": WRONG})
    shop.commit("Rename the test", {"tests/test_carts.py": None, "tests/test_cart.py": head + "".join(lines)})
    shop.commit("Rewrite the test", {"tests/test_cart.py": TEST.replace("Cart().total(2)", "Cart().total(price=2)")})
    shop.commit("Fix the total", {"shop/cart.py": RIGHT})
    assert ledger(shop, culprit)["tests/test_carts.py"].commit == culprit


def test_a_test_that_is_a_copy_of_another_came_when_it_was_copied(shop: WorkingCopy) -> None:
    shop.commit("Test the cart", {"tests/test_old.py": TEST})
    culprit = shop.commit("Add the rate", {"shop/cart.py": WRONG})
    came = shop.commit("Copy the test", {"tests/test_cart.py": TEST})
    shop.commit("Fix the total", {"shop/cart.py": RIGHT})
    told = ledger(shop, culprit)["tests/test_cart.py"]
    assert (told.reason, told.commit) == (Unseen.NOT_YET, came)


def test_tests_that_were_taken_out_of_another_file_stood_in_that_one(shop: WorkingCopy) -> None:
    more = "\n\ndef test_more():\n    assert Cart().total(3) == 3\n"
    other = "\n\ndef test_count():\n    assert Cart().count() == 0\n"
    rest = "".join(f"\n\ndef test_word_{n}():\n    assert 'word {n}'.split() == ['word', '{n}']\n" for n in range(20))
    shop.commit("Test all", {"tests/test_all.py": TEST + more + other + rest})
    culprit = shop.commit("Add the rate", {"shop/cart.py": WRONG})
    shop.commit("Split the tests", {"tests/test_all.py": "from os import path\n" + rest, "tests/test_cart.py": TEST + more})
    shop.commit("Fix the total", {"shop/cart.py": RIGHT})
    told = ledger(shop, culprit)
    assert (list(told), told["tests/test_all.py"].why) == (["tests/test_all.py"], "asserts-about")


def test_the_test_that_the_fix_brought_came_with_it(shop: WorkingCopy) -> None:
    shop.commit("Test the cart", {"tests/test_cart.py": TEST})
    culprit = shop.commit("Add the rate", {"shop/cart.py": WRONG})
    more = TEST + "\n\ndef test_dear():\n    assert Cart().total(9) == 9\n"
    fix = shop.commit("Fix the total", {"shop/cart.py": RIGHT, "tests/test_cart.py": more})
    told = found(shop, culprit).tests[-1]
    assert (told.reason, told.why, told.names, told.commit) == (Unseen.NOT_YET, "with-fix", ("test_dear",), fix)


def test_a_test_that_the_fix_only_changed_was_there(shop: WorkingCopy) -> None:
    shop.commit("Test the cart", {"tests/test_cart.py": TEST})
    culprit = shop.commit("Add the rate", {"shop/cart.py": WRONG})
    shop.commit("Fix the total", {"shop/cart.py": RIGHT, "tests/test_cart.py": TEST.replace("== 2", "== 3")})
    assert [test.reason for test in found(shop, culprit).tests] == [Unseen.CANNOT_TELL]


def test_the_test_that_the_introducing_change_touched_is_among_them(shop: WorkingCopy) -> None:
    culprit = shop.commit("Add the rate", {"shop/cart.py": WRONG, "tests/test_words.py": "def test_a():\n    assert 'a'\n"})
    shop.commit("Delete the test", {"tests/test_words.py": None})
    shop.commit("Fix the total", {"shop/cart.py": RIGHT})
    assert "tests/test_words.py" in ledger(shop, culprit)


def test_a_skipped_test_could_not_see_it(shop: WorkingCopy) -> None:
    told = reason(shop, TEST.replace("def test_total", "@pytest.mark.skip(reason='slow')\ndef test_total"))
    assert (told.reason, told.why, told.lines[0].start) == (Unseen.SKIPPED, "skip", 4)


def test_a_skipped_test_that_names_only_another_part_of_the_file_says_nothing(shop: WorkingCopy) -> None:
    head = "from shop.all import basket\nfrom shop.cart import Cart\n\n\ndef test_a():\n    assert basket()\n"
    skipped = "\n\n@pytest.mark.skip\ndef test_count():\n    assert Cart\n"
    told = reason(shop, head + skipped)
    assert told.reason is not Unseen.SKIPPED


def test_a_test_beside_the_skipped_ones_that_uses_the_code_is_no_skipped_one(shop: WorkingCopy) -> None:
    told = reason(shop, "import pytest\n" + TEST + "\n\n@pytest.mark.skip\ndef test_more():\n    Cart().total(1)\n")
    assert told.reason is not Unseen.SKIPPED


def test_a_test_that_replaces_what_the_wrong_line_calls_could_not_see_it(shop: WorkingCopy) -> None:
    shop.commit("Move the rates", {"taxes/__init__.py": "", "taxes/rates.py": "def rate():\n    return 1\n"})
    right = RIGHT.replace("from shop.rates import rate", "from taxes import rates").replace("rate()", "rates.rate()")
    mocked = TEST.replace("def test", "@patch('taxes.rates.rate', return_value=0)\ndef test").replace("():", "(_):", 1)
    shop.commit("Test the cart", {"shop/cart.py": right, "tests/test_cart.py": "from unittest.mock import patch\n" + mocked})
    culprit = shop.commit("Add the rate", {"shop/cart.py": right.replace("price *", "price +")})
    shop.commit("Fix the total", {"shop/cart.py": right})
    told = ledger(shop, culprit)["tests/test_cart.py"]
    assert (told.reason, told.why, told.names) == (Unseen.MOCKED, "far-side", ("taxes/rates.py",))


def test_a_test_that_replaces_the_wrong_function_itself_could_not_see_it(shop: WorkingCopy) -> None:
    mocked = TEST.replace("def test", "@patch('shop.cart.Cart.total', return_value=2)\ndef test").replace("():", "(_):", 1)
    told = reason(shop, "from unittest.mock import patch\n" + mocked)
    assert (told.reason, told.why, told.names) == (Unseen.MOCKED, "itself", ("Cart.total",))


def test_a_test_that_replaces_another_function_of_the_file_may_have_seen_it(shop: WorkingCopy) -> None:
    mocked = TEST.replace("def test", "@patch('shop.cart.Cart.count', return_value=2)\ndef test").replace("():", "(_):", 1)
    assert reason(shop, "from unittest.mock import patch\n" + mocked).reason is not Unseen.MOCKED


def test_a_test_beside_the_one_that_replaces_the_function_may_have_seen_it(shop: WorkingCopy) -> None:
    mocked = TEST.replace("def test", "@patch('shop.cart.Cart.total', return_value=2)\ndef test").replace("():", "(_):", 1)
    beside = "\n\ndef test_more():\n    assert Cart().total(1) == 1\n"
    assert reason(shop, "from unittest.mock import patch\n" + mocked + beside).reason is not Unseen.MOCKED


def test_of_the_lines_that_the_fix_changes_those_that_the_commit_wrote_are_the_place(shop: WorkingCopy) -> None:
    shop.commit("Test the cart", {"tests/test_cart.py": TEST.replace("total(2) == 2", "count() == 0")})
    culprit = shop.commit("Add the rate", {"shop/cart.py": WRONG})
    maps = ran(shop, {"tests/test_cart.py::test_total": [9]})
    shop.commit("Fix the total", {"shop/cart.py": RIGHT.replace("return 0", "return 1")})
    assert ledger(shop, culprit, maps)["tests/test_cart.py"].reason is Unseen.NEVER_RAN


def test_what_the_tests_of_a_file_share_may_bring_each_of_them_to_the_code(shop: WorkingCopy) -> None:
    test = "import pytest\n\nfrom shop.cart import Cart\n\n\n@pytest.fixture\ndef sum():\n    return Cart().total(2)\n\n\n"
    told = reason(shop, test + "@pytest.mark.skip\ndef test_a():\n    Cart()\n\n\ndef test_b(sum):\n    assert sum == 2\n")
    assert told.reason is not Unseen.SKIPPED


def test_a_test_whose_map_shows_that_it_never_ran_the_line_could_not_see_it(shop: WorkingCopy) -> None:
    shop.commit("Test the cart", {"tests/test_cart.py": TEST.replace("total(2) == 2", "count() == 0")})
    culprit = shop.commit("Add the rate", {"shop/cart.py": WRONG})
    maps = ran(shop, {"tests/test_cart.py::test_total": [9]})
    shop.commit("Fix the total", {"shop/cart.py": RIGHT})
    told = ledger(shop, culprit, maps)["tests/test_cart.py"]
    assert (told.reason, told.by_map, told.names) == (Unseen.NEVER_RAN, True, ("shop/cart.py",))


def test_a_test_that_ran_the_line_is_not_called_one_that_never_did(shop: WorkingCopy) -> None:
    shop.commit("Test the cart", {"tests/test_cart.py": TEST})
    culprit = shop.commit("Add the rate", {"shop/cart.py": WRONG})
    maps = ran(shop, {"tests/test_cart.py::test_total": [6]})
    shop.commit("Fix the total", {"shop/cart.py": RIGHT})
    told = ledger(shop, culprit, maps)["tests/test_cart.py"]
    assert (told.reason, told.why, told.by_map) == (Unseen.CANNOT_TELL, "asserts-about", True)


def test_a_map_of_another_commit_is_not_the_days_map(shop: WorkingCopy) -> None:
    shop.commit("Test the cart", {"tests/test_cart.py": TEST})
    maps = ran(shop, {"tests/test_cart.py::test_total": [9]})
    culprit = shop.commit("Add the rate", {"shop/cart.py": WRONG})
    shop.commit("Fix the total", {"shop/cart.py": RIGHT})
    assert found(shop, culprit, maps).map is None


def test_a_map_that_lacks_a_shard_proves_nothing_by_its_silence(shop: WorkingCopy) -> None:
    shop.commit("Test the cart", {"tests/test_cart.py": TEST})
    culprit = shop.commit("Add the rate", {"shop/cart.py": WRONG})
    blob = shop.git("rev-parse", "HEAD:shop/cart.py")
    name = "tests/test_cart.py::test_total"
    maps = MemoryMaps([MemoryMap(culprit, [cover("shop/cart.py", blob, [name], {name: [9]})], shard=(1, 2))])
    shop.commit("Fix the total", {"shop/cart.py": RIGHT})
    assert ledger(shop, culprit, maps)["tests/test_cart.py"].reason is Unseen.CANNOT_TELL


def test_a_test_that_the_mapped_run_skipped_could_not_see_it(shop: WorkingCopy) -> None:
    shop.commit("Test the cart", {"tests/test_cart.py": TEST, "tests/test_other.py": "def test_other():\n    assert 1\n"})
    culprit = shop.commit("Add the rate", {"shop/cart.py": WRONG})
    skipped = TestResult("tests/test_cart.py::test_total", Ended.SKIPPED)
    maps = ran(shop, {"tests/test_cart.py::test_total": [2], "tests/test_other.py::test_other": [9]}, (skipped,))
    shop.commit("Fix the total", {"shop/cart.py": RIGHT})
    told = ledger(shop, culprit, maps)["tests/test_cart.py"]
    assert (told.reason, told.why, told.by_map) == (Unseen.SKIPPED, "in-run", True)


def test_a_test_that_asserts_nothing_could_not_see_it(shop: WorkingCopy) -> None:
    told = reason(shop, TEST.replace("assert Cart().total(2) == 2", "Cart().total(2)"))
    assert (told.reason, told.why, told.lines[0].start) == (Unseen.ASSERTS_NOTHING, "no-assertion", 4)


def test_a_test_that_asserts_about_something_else_could_not_see_it(shop: WorkingCopy) -> None:
    asserted = "response = client.get(Cart().total(2))\n    assert response.status_code == 200"
    told = reason(shop, TEST.replace("test_total()", "test_total(client)").replace("assert Cart().total(2) == 2", asserted))
    assert (told.reason, told.why, told.lines[0].start) == (Unseen.ASSERTS_ELSEWHERE, "only-status", 6)


def test_one_test_that_asserts_about_it_is_enough(shop: WorkingCopy) -> None:
    told = reason(shop, TEST + "\n\ndef test_more():\n    Cart().total(3)\n")
    assert (told.reason, told.why, told.lines[0].start) == (Unseen.CANNOT_TELL, "asserts-about", 5)


def test_by_the_map_only_the_tests_that_ran_the_line_are_asked_what_they_assert(shop: WorkingCopy) -> None:
    more = TEST.replace("total(2) == 2", "count() == 0") + "\n\ndef test_more():\n    Cart().total(3)\n"
    shop.commit("Test the cart", {"tests/test_cart.py": more})
    culprit = shop.commit("Add the rate", {"shop/cart.py": WRONG})
    maps = ran(shop, {"tests/test_cart.py::test_total": [9], "tests/test_cart.py::test_more": [6]})
    shop.commit("Fix the total", {"shop/cart.py": RIGHT})
    told = ledger(shop, culprit, maps)["tests/test_cart.py"]
    assert (told.reason, told.by_map, told.lines[0].start) == (Unseen.ASSERTS_NOTHING, True, 8)


def touched(copy: WorkingCopy, files: dict[str, str | bytes | None], path: str = "tests/test_words.py") -> UnseeingTest:
    """The reason of a test that the introducing change touched."""
    culprit = copy.commit("Add the rate", {"shop/cart.py": WRONG, **files})
    copy.commit("Fix the total", {"shop/cart.py": RIGHT})
    return ledger(copy, culprit)[path]


def test_a_test_whose_imports_lead_nowhere_near_never_ran_it(shop: WorkingCopy) -> None:
    told = touched(shop, {"tests/test_words.py": "from shop.rates import rate\n\n\ndef test_a():\n    assert rate() == 1\n"})
    assert (told.reason, told.why, told.names, told.by_map) == (Unseen.NEVER_RAN, "imports", ("shop/cart.py",), False)


def test_imports_are_followed_through_other_files(shop: WorkingCopy) -> None:
    shop.commit("Go round", {"shop/one.py": "from shop import two\n", "shop/two.py": "from shop import cart\n"})
    shop.commit("Go on", {"shop/none.py": "from shop import one\n"})
    told = touched(shop, {"tests/test_words.py": "from shop import none\n\n\ndef test_a():\n    assert none\n"})
    assert (told.reason, told.why) == (Unseen.CANNOT_TELL, "elsewhere")


def test_what_a_conftest_imports_counts_for_the_tests_below_it(shop: WorkingCopy) -> None:
    files = {"tests/conftest.py": "import shop.cart\n", "tests/test_words.py": "def test_a(cart):\n    assert cart\n"}
    assert touched(shop, files).why == "elsewhere"


def test_imports_by_a_name_made_while_running_are_not_followed(shop: WorkingCopy) -> None:
    told = touched(
        shop, {"tests/test_words.py": "import importlib\n\n\ndef test_a():\n    importlib.import_module('s' + 'hop')\n"}
    )
    assert (told.reason, told.why) == (Unseen.CANNOT_TELL, "unfollowed")


def test_a_test_that_starts_processes_may_have_run_it(shop: WorkingCopy) -> None:
    told = touched(shop, {"tests/test_words.py": "import subprocess\n\n\ndef test_a():\n    subprocess.run(['shop'])\n"})
    assert told.reason is Unseen.CANNOT_TELL


def test_a_test_that_no_check_ran_could_not_see_it(shop: WorkingCopy) -> None:
    workflow = "on: push\njobs:\n  test:\n    steps:\n      - run: pytest tests/unit\n"
    shop.commit("Check changes", {".github/workflows/ci.yml": workflow, "tests/unit/test_a.py": "def test_a():\n    assert 1\n"})
    told = reason(shop, TEST)
    assert (told.reason, told.why) == (Unseen.NOT_IN_CHECKS, "paths")
    assert told.names == ("pytest tests/unit", ".github/workflows/ci.yml:5")


def test_a_file_that_moved_since_is_followed_back(shop: WorkingCopy) -> None:
    shop.commit("Test the cart", {"tests/test_cart.py": TEST})
    culprit = shop.commit("Add the rate", {"shop/cart.py": WRONG})
    maps = ran(shop, {"tests/test_cart.py::test_total": [9]})
    moved = TEST.replace("shop.cart", "shop.basket")
    shop.commit("Move the cart", {"shop/cart.py": None, "shop/basket.py": WRONG, "tests/test_cart.py": moved})
    shop.commit("Fix the total", {"shop/basket.py": RIGHT})
    assert ledger(shop, culprit, maps)["tests/test_cart.py"].names == ("shop/cart.py",)


def test_a_bug_of_the_first_commit_has_its_ledger(tmp_path: Path) -> None:
    copy = working_copy(tmp_path / "shop")
    culprit = copy.commit(
        "Begin", {"shop/__init__.py": "", "shop/rates.py": "", "shop/cart.py": WRONG, "tests/test_cart.py": TEST}
    )
    copy.commit("Fix the total", {"shop/cart.py": RIGHT})
    assert ledger(copy, culprit)["tests/test_cart.py"].why == "asserts-about"


def test_a_place_that_was_not_there_yet_is_said(shop: WorkingCopy) -> None:
    culprit = shop.commit("Write it down", {"shop/notes.py": "NOTES = 1\n"})
    shop.commit(
        "Sell gifts", {"shop/gifts.py": "def wrap(gift):\n    return gift\n", "tests/test_gifts.py": "import shop.gifts\n"}
    )
    shop.commit("Fix the gifts", {"shop/gifts.py": "def wrap(gift):\n    return [gift]\n"})
    assert [one.reason for one in found(shop, culprit).unchecked] == ["green-no-place"]
