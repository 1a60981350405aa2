"""The review of a change against past escapes, on real repositories: what is touched, what stays silent."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.change import Span
from app.domain.draft import ProofState
from app.domain.errors import TellUser
from app.domain.review import How, KnownEscape, Missing, Review, SeamSides, Touch
from app.domain.seam import SeamKind
from app.domain.suite import TestId
from app.engine.review import ReviewChange
from tests.build import WorkingCopy, working_copy

CART = """import math


class Cart:
    def total(self):
        found = self.sum()
        return found

    def sum(self):
        return 10

    def empty(self):
        return False
"""
FIXED = CART.replace("        return found\n", "        if found < 0:\n            return 0\n        return found\n")
TEST = "from shop.cart import Cart\n\n\ndef test_total():\n    assert Cart().total() == 10\n"


class Shop:
    """A shop with one past escape, and the reviews of its branches."""

    def __init__(self, copy: WorkingCopy) -> None:
        self.copy = copy
        self.parent = copy.commit("Begin", {"shop/cart.py": CART, "shop/mail.py": "def send():\n    return 1\n"})
        self.fix = copy.commit("Fix the total", {"shop/cart.py": FIXED, "tests/test_cart.py": TEST})

    def escape(self, *tests: TestId, proof: ProofState = ProofState.UNKNOWN) -> KnownEscape:
        return KnownEscape(7, "Totals are off", self.fix, self.parent, tests=tests, proof=proof, paths=("shop/cart.py",))

    def branch(self, files: dict[str, str | bytes | None], name: str = "change") -> str:
        self.copy.git("switch", "--quiet", "--create", name, "main")
        head = self.copy.commit("Change", files)
        self.copy.git("switch", "--quiet", "main")
        return head

    def review(self, head: str, *escapes: KnownEscape, **asked: object) -> Review:
        return ReviewChange()(self.copy.path, base="main", head=head, escapes=escapes or [self.escape()], **asked)  # type: ignore[arg-type]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(working_copy(tmp_path / "shop"))


GUARD = TestId("tests/test_cart.py", "test_total")


def test_a_change_to_the_lines_of_an_unguarded_fix_is_told_with_them(shop: Shop) -> None:
    (finding,) = shop.review(shop.branch({"shop/cart.py": FIXED.replace("found < 0", "found <= 0")})).findings
    assert finding.missing is Missing.NO_GUARD
    assert Touch("shop/cart.py", (Span(7, 7),)) in finding.touches


def test_the_function_that_the_fix_changed_is_told_too(shop: Shop) -> None:
    (finding,) = shop.review(shop.branch({"shop/cart.py": FIXED.replace("found < 0", "found <= 0")})).findings
    assert {touch.symbol for touch in finding.touches} == {None, "Cart.total"}


def test_a_change_elsewhere_in_the_file_is_silent(shop: Shop) -> None:
    assert shop.review(shop.branch({"shop/cart.py": FIXED.replace("return False", "return True")})).findings == ()


def test_a_change_of_another_file_does_not_look_at_the_escape(shop: Shop) -> None:
    assert shop.review(shop.branch({"shop/mail.py": "def send():\n    return 2\n"})).looked == 0


def test_a_proved_guard_that_stands_keeps_it_silent(shop: Shop) -> None:
    head = shop.branch({"shop/cart.py": FIXED.replace("found < 0", "found <= 0")})
    assert shop.review(head, shop.escape(GUARD, proof=ProofState.PROVED)).findings == ()


def test_a_test_that_nobody_proved_is_told_so(shop: Shop) -> None:
    head = shop.branch({"shop/cart.py": FIXED.replace("found < 0", "found <= 0")})
    assert shop.review(head, shop.escape(GUARD)).findings[0].missing is Missing.NOT_PROVED


def test_a_guard_that_went_rotten_is_told_so(shop: Shop) -> None:
    head = shop.branch({"shop/cart.py": FIXED.replace("found < 0", "found <= 0")})
    assert shop.review(head, shop.escape(GUARD, proof=ProofState.ROTTEN)).findings[0].missing is Missing.GUARD_ROTTEN


def test_lines_are_followed_through_later_changes_and_a_rename(shop: Shop) -> None:
    moved = FIXED.replace("import math\n", "import math\nimport sys\n\nLIMIT = 3\n")
    shop.copy.commit("Move", {"shop/cart.py": None, "shop/basket.py": moved})
    (finding,) = shop.review(shop.branch({"shop/basket.py": moved.replace("found < 0", "found <= 0")})).findings
    assert Touch("shop/basket.py", (Span(10, 10),)) in finding.touches


def test_comments_blank_lines_and_indentation_touch_nothing(shop: Shop) -> None:
    shy = FIXED.replace("        if found", "        # never below nothing\n\n        if found")
    again = shy.replace("            return 0\n", "                return 0\n")
    assert shop.review(shop.branch({"shop/cart.py": again})).findings == ()


def test_an_import_over_several_lines_touches_nothing(shop: Shop) -> None:
    many = FIXED.replace("import math\n", "from shop.sums import (\n    first,\n    second,\n)\n")
    fix = shop.copy.commit("Fix the import", {"shop/cart.py": many})
    head = shop.branch({"shop/cart.py": many.replace("    first,\n", "    other,\n    more,\n")})
    assert shop.review(head, KnownEscape(8, "", fix, shop.fix, paths=("shop/cart.py",))).findings == ()


def test_a_line_put_right_into_the_fix_touches_it(shop: Shop) -> None:
    head = shop.branch({"shop/cart.py": FIXED.replace("        if found < 0:\n", "        if found < 0:\n            log(1)\n")})
    (finding,) = shop.review(head).findings
    assert finding.touches[0] == Touch("shop/cart.py", (Span(8, 8),))


def test_a_change_that_brings_tests_for_what_it_touches_is_silent(shop: Shop) -> None:
    code = FIXED.replace("found < 0", "found <= 0")
    more = "from shop.cart import Cart\n\n\ndef test_nothing():\n    assert Cart().total() == 0\n"
    assert shop.review(shop.branch({"shop/cart.py": code, "tests/test_nothing.py": more})).findings == ()
    other = shop.branch({"shop/cart.py": code, "tests/test_mail.py": "def test_mail():\n    assert 1 == 1\n"}, "other")
    assert [one.missing for one in shop.review(other).findings] == [Missing.NO_GUARD]


def test_a_file_that_came_with_the_fix_is_new_code_and_not_the_bug(shop: Shop) -> None:
    tax = "def tax(total):\n    return total * 0.2\n"
    fix = shop.copy.commit("Fix the missing tax", {"shop/tax.py": tax})
    head = shop.branch({"shop/tax.py": tax.replace("0.2", "0.3")})
    assert shop.review(head, KnownEscape(8, "", fix, shop.fix, paths=("shop/tax.py",))).findings == ()


def test_a_file_that_goes_away_takes_its_past_along(shop: Shop) -> None:
    assert shop.review(shop.branch({"shop/cart.py": None})).findings == ()


def test_a_branch_older_than_the_fix_cannot_touch_it(shop: Shop) -> None:
    shop.copy.git("switch", "--quiet", "--create", "old", shop.parent)
    head = shop.copy.commit("Change", {"shop/cart.py": CART.replace("found = self.sum()", "found = 1")})
    shop.copy.git("switch", "--quiet", "main")
    assert shop.review(head).looked == 0


def test_what_the_base_branch_changed_meanwhile_is_not_of_the_change(shop: Shop) -> None:
    head = shop.branch({"shop/mail.py": "def send():\n    return 2\n"})
    shop.copy.commit("Change the total", {"shop/cart.py": FIXED.replace("found < 0", "found <= 0")})
    assert shop.review(head).findings == ()


def test_ignored_paths_are_not_spoken_of(shop: Shop) -> None:
    head = shop.branch({"shop/cart.py": FIXED.replace("found < 0", "found <= 0")})
    assert shop.review(head, ignore=("shop/**",)).findings == ()


def test_an_escape_whose_paths_are_not_known_is_held_against_the_change_all_the_same(shop: Shop) -> None:
    head = shop.branch({"shop/cart.py": FIXED.replace("found < 0", "found <= 0")})
    assert shop.review(head, KnownEscape(7, "", shop.fix, shop.parent)).findings


def test_a_fix_that_the_mirror_does_not_hold_is_passed_over(shop: Shop) -> None:
    head = shop.branch({"shop/cart.py": FIXED.replace("found < 0", "found <= 0")})
    assert shop.review(head, KnownEscape(7, "", "1" * 40, "2" * 40, paths=("shop/cart.py",))).findings == ()


def test_a_change_that_is_part_of_the_base_already_is_silent(shop: Shop) -> None:
    assert shop.review(shop.fix) == Review(shop.fix, shop.fix)


def test_a_file_that_became_binary_is_named_as_not_read(shop: Shop) -> None:
    told = shop.review(shop.branch({"shop/cart.py": b"\0\1\2"}))
    assert [(one.path, one.reason) for one in told.unread] == [("shop/cart.py", "binary")]


def test_a_commit_that_is_not_there_is_refused_in_one_sentence(shop: Shop) -> None:
    with pytest.raises(TellUser):
        shop.review("3" * 40)


def test_a_change_that_deletes_the_guard_is_told_with_how(shop: Shop) -> None:
    (finding,) = shop.review(shop.branch({"tests/test_cart.py": None}), shop.escape(GUARD, proof=ProofState.PROVED)).findings
    assert finding.missing is Missing.GUARD_DISARMED
    assert [(one.test, one.how, one.path) for one in finding.disarmed] == [(GUARD, How.DELETED, "tests/test_cart.py")]


def test_a_change_that_skips_the_guard_is_told_by_the_line_that_does(shop: Shop) -> None:
    skipped = TEST.replace("def test_total", "@pytest.mark.skip\ndef test_total")
    (finding,) = shop.review(shop.branch({"tests/test_cart.py": skipped}), shop.escape(GUARD, proof=ProofState.PROVED)).findings
    assert [(one.how, one.line, one.after) for one in finding.disarmed] == [(How.SKIPPED, 4, "@pytest.mark.skip")]


def test_the_tests_that_the_fix_brought_guard_it_while_nothing_is_proved(shop: Shop) -> None:
    (finding,) = shop.review(
        shop.branch({"tests/test_cart.py": TEST.replace(" == 10", "")}), shop.escape(TestId("tests/test_cart.py"))
    ).findings
    assert [(one.test, one.how, one.before, one.after) for one in finding.disarmed] == [
        (GUARD, How.LOOSER_ASSERTIONS, "assert ==", "assert")
    ]


def test_of_a_file_with_new_tests_those_that_the_fix_only_changed_along_guard_nothing(shop: Shop) -> None:
    more = "\n\ndef test_other():\n    assert 1 == 1\n"
    shop.copy.commit("Add a test", {"tests/test_cart.py": TEST + more})
    parent = shop.copy.git("rev-parse", "HEAD")
    changed = (TEST + more.replace("1 == 1", "2 == 2") + more.replace("other", "new")).replace("cart import", "cart  import")
    fix = shop.copy.commit("Fix more", {"tests/test_cart.py": changed, "shop/cart.py": FIXED.replace("return 10", "return 11")})
    escape = KnownEscape(8, "", fix, parent, tests=(TestId("tests/test_cart.py"),), paths=("shop/cart.py",))
    assert (
        shop.review(shop.branch({"tests/test_cart.py": changed.replace("    assert 2 == 2\n", "    pass\n")}), escape).findings
        == ()
    )


def test_a_stand_in_for_the_fixed_function_is_told(shop: Shop) -> None:
    mocked = "from unittest import mock\n" + TEST.replace("def test", "@mock.patch('shop.cart.Cart.total')\ndef test")
    (finding,) = shop.review(shop.branch({"tests/test_cart.py": mocked}), shop.escape(GUARD, proof=ProofState.PROVED)).findings
    assert [(one.how, one.after) for one in finding.disarmed] == [(How.MOCKED_AWAY, "shop.cart.Cart.total")]


def test_a_guard_that_goes_with_the_code_it_guards_is_not_missed(shop: Shop) -> None:
    head = shop.branch({"tests/test_cart.py": None, "shop/cart.py": None})
    assert shop.review(head, shop.escape(GUARD, proof=ProofState.PROVED)).findings == ()


def test_a_finding_says_how_its_guards_are_run(shop: Shop) -> None:
    head = shop.branch({"shop/cart.py": FIXED.replace("found < 0", "found <= 0")})
    assert shop.review(head, shop.escape(GUARD)).findings[0].run == "python -m pytest tests/test_cart.py::test_total"


def test_a_guard_that_is_gone_since_is_no_guard(shop: Shop) -> None:
    shop.copy.commit("Remove the test", {"tests/test_cart.py": "def test_other():\n    pass\n"})
    head = shop.branch({"shop/cart.py": FIXED.replace("found < 0", "found <= 0")})
    (finding,) = shop.review(head, shop.escape(GUARD, proof=ProofState.PROVED)).findings
    assert (finding.missing, finding.escape.tests, finding.run) == (Missing.NO_GUARD, (), "")


def test_a_guard_that_was_moved_since_still_stands(shop: Shop) -> None:
    shop.copy.commit("Move the test", {"tests/test_cart.py": None, "tests/unit/test_cart.py": TEST})
    head = shop.branch({"shop/cart.py": FIXED.replace("found < 0", "found <= 0")})
    assert shop.review(head, shop.escape(GUARD, proof=ProofState.PROVED)).findings == ()


def test_for_want_of_a_guard_the_tests_that_lead_there_are_named(shop: Shop) -> None:
    head = shop.branch({"shop/cart.py": FIXED.replace("found < 0", "found <= 0")})
    assert shop.review(head).findings[0].tests == ("tests/test_cart.py",)


PAYS = "from payments import client\n\n\ndef pay(cart):\n    return client.charge(cart)\n"


def test_a_seam_that_let_a_bug_through_is_told_while_no_integration_test_takes_it(shop: Shop) -> None:
    files = {"payments/__init__.py": "", "payments/client.py": "def charge(x):\n    return x\n", "shop/pay.py": PAYS}
    shop.copy.commit("Pay", {**files})
    seam = SeamSides("shop/pay.py", "payments/client.py", SeamKind.MODULE)
    escape = replace(shop.escape(GUARD, proof=ProofState.PROVED), seams=(seam,), paths=("shop/cart.py", "shop/pay.py"))
    head = shop.branch({"shop/pay.py": PAYS.replace("charge(cart)", "charge(cart.total())")})
    (finding,) = shop.review(head, escape).findings
    assert (finding.missing, finding.seams) == (Missing.SEAM_UNTESTED, (seam,))
    assert shop.review(head, escape, seams=False).findings == ()


def test_a_change_of_thousands_of_files_is_looked_at_where_an_escape_is(shop: Shop) -> None:
    many: dict[str, str | bytes | None] = {f"data/f{n}.txt": f"{n}\n" for n in range(3_100)}
    head = shop.branch({**many, "shop/cart.py": FIXED.replace("found < 0", "found <= 0")})
    assert [one.missing for one in shop.review(head).findings] == [Missing.NO_GUARD]


def test_a_fix_that_went_over_many_files_does_not_tell_which_lines_were_the_bug(shop: Shop) -> None:
    parent = shop.copy.commit("Add more", {f"shop/m{n}.py": "a = 1\n" for n in range(12)})
    fix = shop.copy.commit("Fix everything", {f"shop/m{n}.py": "a = 2\n" for n in range(12)})
    head = shop.branch({"shop/m1.py": "a = 3\n"})
    assert shop.review(head, KnownEscape(8, "", fix, parent, paths=("shop/m1.py",))).findings == ()


def test_a_guard_that_moves_into_a_base_class_beside_the_tests_still_guards(shop: Shop) -> None:
    head = shop.branch({"tests/test_cart.py": "def test_other():\n    assert 1 == 1\n", "tests/bases/cart.py": TEST})
    assert shop.review(head, shop.escape(GUARD, proof=ProofState.PROVED)).findings == ()
