"""The engine from a real repository to the report: evidence from before the fix, what nothing reaches, where the test belongs."""

import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from app.domain.culprit import Basis, Speech
from app.domain.errors import TellUser
from app.domain.escape import Fix
from app.domain.evidence import Kind
from app.domain.report import Lead, Report, VerdictCode
from app.domain.testmap import FileCover
from app.engine.explain import Asked, ExplainEscape, explain
from app.engine.weights import load_weights
from tests.build import WorkingCopy, working_copy
from tests.maps import MemoryMap, MemoryMaps, cover

CART = """class Cart:
    def total(self):
        return self.sum() * 1

    def sum(self):
        return 10


def unseen():
    return 1
"""
WEIGHTS = load_weights()


@pytest.fixture
def shop(tmp_path: Path) -> WorkingCopy:
    """A shop whose cart has a unit test and an integration test, and whose mailer has none."""
    copy = working_copy(tmp_path / "shop")
    copy.commit(
        "Begin",
        {
            "shop/__init__.py": "",
            "shop/cart.py": CART,
            "shop/mail.py": "def send():\n    return 1\n",
            "tests/test_cart.py": "from shop.cart import Cart\n\n\ndef test_total():\n    assert Cart().total() == 10\n",
            "tests/test_words.py": "def test_nothing():\n    assert 'a' < 'b'\n",
        },
    )
    copy.commit(
        "Check out through the database",
        {
            "tests/integration/test_checkout.py": "from shop.cart import Cart\n\n\ndef test_checkout():\n    Cart().total()\n",
        },
    )
    return copy


def maps_of(copy: WorkingCopy, ran: dict[str, list[int]], path: str = "shop/cart.py") -> MemoryMaps:
    """A map of the last commit, by what each test ran of one file."""
    commit, blob = copy.git("rev-parse", "HEAD"), copy.git("rev-parse", f"HEAD:{path}")
    return MemoryMaps([MemoryMap(commit, [cover(path, blob, list(ran), ran)])])


def report(copy: WorkingCopy, fix: str | None = "HEAD", **asked: object) -> Report:
    return explain(copy.path, Asked(fix=fix, **asked), WEIGHTS)  # type: ignore[arg-type]


def test_the_test_named_after_the_change_comes_first(shop: WorkingCopy) -> None:
    shop.commit("Fix the total of a cart", {"shop/cart.py": CART.replace("* 1", "* 2")})
    assert report(shop).tests[0].test.path == "tests/test_cart.py"


def test_only_tests_that_import_the_change_touch_it(shop: WorkingCopy) -> None:
    shop.commit("Fix the total of a cart", {"shop/cart.py": CART.replace("* 1", "* 2")})
    touching = {test.test.path for test in report(shop).tests if test.touches}
    assert touching == {"tests/test_cart.py", "tests/integration/test_checkout.py"}


def test_integration_tests_are_told_apart(shop: WorkingCopy) -> None:
    shop.commit("Fix the total of a cart", {"shop/cart.py": CART.replace("* 1", "* 2")})
    kinds = {test.test.path: test.test.kind for test in report(shop).tests}
    assert (kinds["tests/integration/test_checkout.py"], kinds["tests/test_cart.py"]) == (Kind.INTEGRATION, Kind.UNIT)


def test_the_verdict_counts_what_touches(shop: WorkingCopy) -> None:
    shop.commit("Fix the total of a cart", {"shop/cart.py": CART.replace("* 1", "* 2")})
    verdict = report(shop).verdict
    assert (verdict.leads, verdict.touching, verdict.integration) == (Lead.INTEGRATION_TOUCHES, 2, 1)


def test_a_function_that_is_reached_through_another_is_no_gap(shop: WorkingCopy) -> None:
    shop.commit("Fix the sum", {"shop/cart.py": CART.replace("return 10", "return 11")})
    assert report(shop).gaps == ()


def test_a_function_that_nothing_names_is_a_gap(shop: WorkingCopy) -> None:
    shop.commit("Fix the unseen", {"shop/cart.py": CART.replace("return 1\n", "return 2\n")})
    assert [(gap.symbol, gap.missing) for gap in report(shop).gaps] == [("unseen", "any")]


def test_a_file_that_no_test_imports_is_untouched(shop: WorkingCopy) -> None:
    shop.commit("Fix the mailer", {"shop/mail.py": "def send():\n    return 2\n"})
    assert report(shop).verdict.leads is Lead.UNTOUCHED


def test_tests_of_the_fix_are_listed_apart_and_are_no_evidence(shop: WorkingCopy) -> None:
    guard = "from shop.mail import send\n\n\ndef test_send():\n    assert send() == 2\n"
    shop.commit("Fix the mailer", {"shop/mail.py": "def send():\n    return 2\n", "tests/test_mail.py": guard})
    made = report(shop)
    assert [test.path for test in made.tests_in_fix] == ["tests/test_mail.py"]
    assert "tests/test_mail.py" not in {test.test.path for test in made.tests}
    assert made.verdict.leads is Lead.UNTOUCHED


def test_what_came_after_the_fix_is_not_read(shop: WorkingCopy) -> None:
    fix = shop.commit("Fix the mailer", {"shop/mail.py": "def send():\n    return 2\n"})
    shop.commit("Guard it", {"tests/test_mail.py": "from shop.mail import send\n"})
    assert report(shop, fix) == report(shop, fix)
    assert "tests/test_mail.py" not in {test.test.path for test in report(shop, fix).tests}


def test_a_repository_can_say_which_tests_are_integration(shop: WorkingCopy) -> None:
    shop.commit("Configure", {".github/recall.yml": "tests:\n  integration: ['tests/test_cart.py']\n"})
    shop.commit("Fix the total of a cart", {"shop/cart.py": CART.replace("* 1", "* 2")})
    kinds = {test.test.path: test.test.kind for test in report(shop).tests}
    assert kinds["tests/test_cart.py"] is Kind.INTEGRATION


def test_a_mistake_in_the_configuration_is_said(shop: WorkingCopy) -> None:
    shop.commit("Configure", {".github/recall.yml": "tests: 5\n"})
    shop.commit("Fix", {"shop/mail.py": "def send():\n    return 2\n"})
    assert "configuration" in {item.reason for item in report(shop).unchecked}


def test_documents_alone_need_no_test(shop: WorkingCopy) -> None:
    shop.commit("Explain", {"README.md": "# shop\n"})
    assert report(shop).verdict.leads is Lead.NO_CODE


def test_a_language_that_is_not_read_is_said(shop: WorkingCopy) -> None:
    shop.commit("Fix", {"lib/cart.rb": "def total = 1\n"})
    shop.commit("Fix again", {"lib/cart.rb": "def total = 2\n"})
    made = report(shop)
    assert made.verdict.leads is Lead.CANNOT_TELL
    assert ("unknown-language", ("ruby",)) in {(item.reason, item.names) for item in made.unchecked}


def test_a_path_alone_is_answered_for(shop: WorkingCopy) -> None:
    made = report(shop, None, paths=("shop/cart.py:3",))
    assert (made.change, made.places, made.verdict.leads) == (None, ("shop/cart.py",), Lead.INTEGRATION_TOUCHES)


def test_an_issue_text_alone_is_answered_for(shop: WorkingCopy) -> None:
    text = 'It fails:\n\n```\nTraceback:\n  File "/srv/app/shop/cart.py", line 3, in total\nValueError: x\n```\n'
    assert report(shop, None, text=text).places == ("shop/cart.py",)


def test_a_text_that_names_nothing_gets_no_report(shop: WorkingCopy) -> None:
    assert report(shop, None, text="It is broken since Monday.").verdict.leads is Lead.NOTHING_NAMED


def test_a_path_that_is_not_there_is_said(shop: WorkingCopy) -> None:
    with pytest.raises(TellUser, match=r"There is no file 'shop/card\.py'"):
        report(shop, None, paths=("shop/card.py",))


def test_a_bare_repository_gives_the_same_report(shop: WorkingCopy, tmp_path: Path) -> None:
    shop.commit("Fix the total of a cart", {"shop/cart.py": CART.replace("* 1", "* 2")})
    shop.git("clone", "--quiet", "--bare", str(shop.path), str(tmp_path / "bare.git"))
    assert explain(tmp_path / "bare.git", Asked(fix="HEAD"), WEIGHTS) == report(shop)


def test_the_bot_asks_for_a_fix_by_its_two_ends(shop: WorkingCopy) -> None:
    base = shop.git("rev-parse", "HEAD")
    head = shop.commit("Fix the total of a cart", {"shop/cart.py": CART.replace("* 1", "* 2")})
    made = ExplainEscape()(shop.path, fix=Fix("acme/shop", head=head, base=base), text="")
    assert made.change == report(shop).change


def test_hostile_names_and_contents_do_not_stop_it(shop: WorkingCopy) -> None:
    hostile = {
        os.fsdecode(b"tests/test_caf\xe9.py"): b"\xff\xfe def test_x(): ...",
        "tests/test_null.py": b"def test_y():\0\n",
        "tests/test_<b>.py": "from shop.cart import Cart\n" + "(" * 5000,
        "tests/test_link.py": "def test_z(): ...\n",
    }
    shop.commit("Odd", dict(hostile))
    (shop.path / "tests/test_self.py").symlink_to("test_self.py")
    shop.commit("Fix the total of a cart", {"shop/cart.py": CART.replace("* 1", "* 2")})
    assert "tests/test_<b>.py" in {test.test.path for test in report(shop).tests}


def test_the_weights_are_readable_data() -> None:
    assert set(json.loads(json.dumps(dict(WEIGHTS.evidence)))) == set(WEIGHTS.evidence)


def test_a_map_tells_who_ran_the_change_after_the_lines_have_moved(shop: WorkingCopy) -> None:
    maps = maps_of(shop, {"tests/test_words.py::test_nothing": [6], "tests/test_cart.py::test_total": [1, 2]})
    shop.commit("Say what it is", {"shop/cart.py": f"# Carts.\n\n{CART}"})
    shop.commit("Fix the sum", {"shop/cart.py": f"# Carts.\n\n{CART.replace('10', '11')}"})
    made = explain(shop.path, Asked(fix="HEAD"), WEIGHTS, maps=maps)
    assert made.verdict.code is VerdictCode.UNIT_ONLY
    [ran] = [test for test in made.tests if test.ran]
    assert (ran.test.path, ran.id) == ("tests/test_words.py", "test_nothing")
    assert ran.evidence[0].lines[0].start == 8
    assert made.map is not None
    assert made.map.distance == 1


def test_lines_that_changed_since_the_map_are_not_called_never_run(shop: WorkingCopy) -> None:
    maps = maps_of(shop, {"tests/test_cart.py::test_total": [3]})
    shop.commit("Sum again", {"shop/cart.py": CART.replace("10", "12")})
    shop.commit("Fix the sum", {"shop/cart.py": CART.replace("10", "11")})
    made = explain(shop.path, Asked(fix="HEAD"), WEIGHTS, maps=maps)
    assert made.verdict.code is VerdictCode.UNMAPPED
    assert "map-lines-changed" in {item.reason for item in made.unchecked}


def test_a_map_of_unit_tests_alone_does_not_say_that_nobody_ran_it(shop: WorkingCopy) -> None:
    maps = maps_of(shop, {"tests/test_cart.py::test_total": [3]})
    shop.commit("Fix the sum", {"shop/cart.py": CART.replace("10", "11")})
    made = explain(shop.path, Asked(fix="HEAD"), WEIGHTS, maps=maps)
    assert made.verdict.code is VerdictCode.UNMAPPED
    assert "map-no-integration" in {item.reason for item in made.unchecked}
    assert "never" not in {gap.missing for gap in made.gaps}


def test_never_run_lines_replace_what_imports_would_guess(shop: WorkingCopy) -> None:
    maps = maps_of(shop, {"tests/test_cart.py::test_total": [3], "tests/integration/test_checkout.py::test_checkout": [3]})
    shop.commit("Fix the sum", {"shop/cart.py": CART.replace("10", "11")})
    made = explain(shop.path, Asked(fix="HEAD"), WEIGHTS, maps=maps)
    assert made.verdict.code is VerdictCode.NEVER_RUN
    assert [(gap.symbol, gap.missing) for gap in made.gaps] == [("Cart.sum", "never")]


def test_the_fixs_own_test_is_no_evidence_of_the_map_either(shop: WorkingCopy) -> None:
    shop.commit("Fix the sum", {"shop/cart.py": CART.replace("10", "11"), "tests/test_sum.py": "def test_sum():\n    pass\n"})
    maps = maps_of(shop, {"tests/test_sum.py::test_sum": [6]})
    made = explain(shop.path, Asked(fix="HEAD"), WEIGHTS, maps=maps)
    assert made.map is not None
    assert made.map.ahead
    assert not any(test.ran for test in made.tests)


class Torn(MemoryMap):
    """A map that was kept and can no longer be read."""

    def covers(self, paths: Collection[str]) -> Mapping[str, tuple[FileCover, ...]]:
        raise TellUser("The map is damaged.")


def test_the_bot_goes_on_without_a_map_that_it_cannot_read(shop: WorkingCopy) -> None:
    base = shop.git("rev-parse", "HEAD")
    head = shop.commit("Fix the total of a cart", {"shop/cart.py": CART.replace("* 1", "* 2")})
    made = ExplainEscape()(shop.path, fix=Fix("acme/shop", head=head, base=base), text="", maps=MemoryMaps([Torn(base, [])]))
    assert (made.map, made.verdict.code) == (None, VerdictCode.STATIC_ONLY)
    assert "map-unreadable" in {item.reason for item in made.unchecked}


def test_named_places_are_looked_up_in_the_map_too(shop: WorkingCopy) -> None:
    maps = maps_of(shop, {"tests/test_cart.py::test_total": [3]})
    made = explain(shop.path, Asked(paths=("shop/cart.py:3",)), WEIGHTS, maps=maps)
    assert made.verdict.code is VerdictCode.UNIT_ONLY
    assert [test.test.path for test in made.tests if test.ran] == ["tests/test_cart.py"]


def test_only_who_asks_is_told_which_change_let_the_bug_in(shop: WorkingCopy) -> None:
    first = shop.git("rev-list", "--max-parents=0", "HEAD")
    shop.commit("Fix the total", {"shop/mail.py": "def send():\n    return 2\n"})
    origin = report(shop, speech=Speech()).origin
    assert report(shop).origin is None
    assert origin is not None and [suspect.sha for suspect in origin.suspects] == [first]


def test_without_a_fix_nobody_let_it_in(shop: WorkingCopy) -> None:
    assert report(shop, None, paths=("shop/cart.py",), speech=Speech()).origin is None


def test_people_are_heard(shop: WorkingCopy) -> None:
    first = shop.git("rev-list", "--max-parents=0", "HEAD")
    origin = report(shop, speech=Speech(f"Bisected to {first}")).origin
    assert origin is not None and (origin.culprit, origin.basis) == (first, Basis.SAID)
