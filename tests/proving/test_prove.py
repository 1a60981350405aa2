"""Proofs over real repositories, really run: what is proved, what is not, what could not be run, and what is left behind."""

import os
from pathlib import Path

import pytest

from app.analysis.proven import is_sound
from app.domain.errors import TellUser
from app.domain.proof import Ending, Receipt, Side, Verdict
from app.domain.suite import TestId
from app.proving.asked import Asked
from app.proving.prove import prove
from tests.build import WorkingCopy
from tests.escaped import AFTER, FEW, MANY

MANY_ID = TestId("tests/test_cart.py", "test_many")
FEW_ID = TestId("tests/test_cart.py", "test_few")


def proof(shop: WorkingCopy, *tests: TestId, fix: str | None = "HEAD", tip: bool = False) -> Receipt:
    return prove(shop.path, Asked(tests, fix, tip=tip))


def outcome(receipt: Receipt) -> tuple[str, str]:
    return receipt.verdict.value, receipt.reason


def endings(receipt: Receipt, side: Side) -> list[Ending]:
    return [run.ending for run in receipt.runs if run.side is side]


def test_the_test_that_the_fix_brought_is_proved(shop: WorkingCopy) -> None:
    receipt = proof(shop)
    assert outcome(receipt) == ("proved", "assertion")
    assert receipt.tests == (MANY_ID,)
    assert endings(receipt, Side.PARENT) == [Ending.FAILED] * 3
    assert endings(receipt, Side.FIX) == [Ending.PASSED] * 3
    assert (receipt.parent, receipt.fix) == (shop.git("rev-parse", "HEAD~1"), shop.git("rev-parse", "HEAD"))
    assert is_sound(receipt)


def test_a_test_that_is_green_without_the_fix_is_not_proved(shop: WorkingCopy) -> None:
    assert outcome(proof(shop, FEW_ID)) == ("not-proved", "green-without-fix")


def test_of_several_tests_the_receipt_names_those_that_guard(shop: WorkingCopy) -> None:
    receipt = proof(shop, FEW_ID, MANY_ID)
    assert (outcome(receipt), receipt.tests) == (("proved", "assertion"), (MANY_ID,))


def test_a_test_of_the_checkout_that_nobody_committed_is_proved(shop: WorkingCopy) -> None:
    shop.write({"tests/test_new.py": "from shop.cart import total\n\n\ndef test_it():\n    assert total(100) == 900\n"})
    assert outcome(proof(shop, TestId("tests/test_new.py", "test_it"))) == ("proved", "assertion")


def test_without_a_fix_it_is_told_whether_a_test_is_red_now(shop: WorkingCopy) -> None:
    shop.write({"tests/test_new.py": "def test_it():\n    assert 1 == 2\n\n\ndef test_other():\n    assert True\n"})
    assert outcome(proof(shop, TestId("tests/test_new.py", "test_it"), fix=None)) == ("red-now", "assertion")
    assert outcome(proof(shop, TestId("tests/test_new.py", "test_other"), fix=None)) == ("not-proved", "green-without-fix")


def test_a_test_of_what_only_the_fix_brings_could_not_be_run(shop: WorkingCopy) -> None:
    shop.commit(
        "another",
        {
            "src/shop/cart.py": AFTER + "\n\ndef rounded(n):\n    return n\n",
            "tests/test_cart.py": FEW
            + MANY
            + "\n\ndef test_rounded():\n    from shop import cart\n\n    assert cart.rounded(1) == 1\n",
        },
    )
    assert outcome(proof(shop)) == ("could-not-run", "new-name")


def test_a_module_that_only_the_fix_brings_could_not_be_imported(shop: WorkingCopy) -> None:
    shop.commit(
        "another",
        {
            "src/shop/tax.py": "RATE = 1\n",
            "tests/test_tax.py": "from shop.tax import RATE\n\n\ndef test_rate():\n    assert RATE\n",
        },
    )
    assert outcome(proof(shop)) == ("could-not-run", "import")


def test_what_the_fix_changed_for_its_test_is_laid_over_the_parent(shop: WorkingCopy) -> None:
    shop.commit(
        "another",
        {
            "src/shop/cart.py": AFTER.replace("* 10", "* 11"),
            "tests/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef few():\n    return 1\n",
            "tests/test_price.py": "from shop.cart import total\n\n\ndef test_price(few):\n    assert total(few) == 11\n",
        },
    )
    assert outcome(proof(shop)) == ("proved", "assertion")


def test_a_test_that_differs_from_run_to_run_is_flaky(shop: WorkingCopy, tmp_path: Path) -> None:
    count = tmp_path / "count"
    count.write_text("0")
    text = (
        "from pathlib import Path\n\n\ndef test_it():\n"
        f"    it = Path({str(count)!r})\n    it.write_text(it.read_text() + '1')\n    assert len(it.read_text()) % 2\n"
    )
    shop.write({"tests/test_new.py": text})
    assert outcome(proof(shop, TestId("tests/test_new.py", "test_it"))) == ("flaky", "differs")


def test_the_error_of_a_missing_fixture_is_no_proof(shop: WorkingCopy) -> None:
    shop.write({"tests/test_new.py": "def test_it(basket):\n    assert basket\n"})
    assert outcome(proof(shop, TestId("tests/test_new.py", "test_it"))) == ("could-not-run", "fixture")


def test_an_error_in_the_changed_code_is_red_for_the_right_reason(shop: WorkingCopy) -> None:
    shop.commit("break", {"src/shop/cart.py": "def total(n):\n    return {}[n]\n"})
    shop.commit("mend", {"src/shop/cart.py": AFTER, "tests/test_cart.py": FEW + MANY + "\n\ndef test_mended():\n    total(1)\n"})
    receipt = proof(shop, TestId("tests/test_cart.py", "test_mended"))
    assert outcome(receipt) == ("proved", "changed-code")


def test_the_fix_is_undone_on_the_tip_where_the_guard_still_guards(shop: WorkingCopy) -> None:
    shop.commit("go on", {"README": "more\n"})
    receipt = proof(shop, fix="HEAD~1", tip=True)
    assert (receipt.guards_today, receipt.tip_reason, receipt.tip) == (True, "guards", shop.git("rev-parse", "HEAD"))


def test_a_guard_that_has_gone_soft_does_not_guard_today(shop: WorkingCopy) -> None:
    shop.commit("soften", {"tests/test_cart.py": FEW + MANY.replace("== 900", "> 0")})
    receipt = proof(shop, fix="HEAD~1", tip=True)
    assert (receipt.verdict, receipt.guards_today, receipt.tip_reason) == (Verdict.PROVED, False, "green-without-fix")


def test_where_the_code_moved_on_nothing_is_said_of_today(shop: WorkingCopy) -> None:
    shop.commit(
        "rewrite", {"src/shop/cart.py": "PRICE = 10\n\n\ndef total(number):\n    return number * (PRICE - (number > 99))\n"}
    )
    receipt = proof(shop, fix="HEAD~1", tip=True)
    assert (receipt.guards_today, receipt.tip_reason) == (None, "patch")


def test_an_installation_that_leads_to_the_checkout_does_not_fool_it(shop: WorkingCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", f"{shop.path}/src")
    assert outcome(proof(shop)) == ("proved", "assertion")


def test_a_runner_that_is_not_there_could_not_be_run(shop: WorkingCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git = tmp_path / "bin"
    git.mkdir()
    (git / "git").symlink_to(next(Path(p) / "git" for p in os.environ["PATH"].split(":") if (Path(p) / "git").exists()))
    monkeypatch.setenv("PATH", str(git))
    assert outcome(proof(shop)) == ("could-not-run", "no-command")


def test_a_test_that_is_nowhere_is_a_sentence(shop: WorkingCopy) -> None:
    with pytest.raises(TellUser, match=r"no test file tests/test_none\.py"):
        proof(shop, TestId("tests/test_none.py", "test_it"))


def test_nothing_is_left_behind_and_the_checkout_is_as_it_was(
    shop: WorkingCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    before = {path: path.stat().st_mtime_ns for path in shop.path.rglob("*")}
    proof(shop)
    assert list((tmp_path / "tmp").iterdir()) == []
    assert {path: path.stat().st_mtime_ns for path in shop.path.rglob("*")} == before
