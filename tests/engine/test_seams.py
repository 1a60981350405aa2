"""Seams from a real repository: which calls lead from the change to other parts, and who tests both sides."""

from pathlib import Path

import pytest

from app.domain.seam import Basis, Seam, SeamKind
from app.engine.explain import Asked, explain
from app.engine.weights import load_weights
from app.render.machine import report_json
from tests.build import WorkingCopy, working_copy

WEIGHTS = load_weights()
CHECKOUT = """import requests

from payments import client
from shop.utils import rounded


def checkout(cart):
    total = rounded(cart.total() * 1)
    client.charge(total)
    return requests.post("https://tax.example", json={})


def untouched(cart):
    import subprocess
    return subprocess.run(["ls"])
"""


@pytest.fixture
def shop(tmp_path: Path) -> WorkingCopy:
    """A checkout that charges through another package; one test runs it, another only the far side."""
    copy = working_copy(tmp_path / "shop")
    copy.commit(
        "Begin",
        {
            "shop/__init__.py": "",
            "shop/utils.py": "def rounded(x):\n    return x\n",
            "shop/checkout.py": CHECKOUT,
            "payments/__init__.py": "",
            "payments/client.py": "def charge(total):\n    return total\n",
            "tests/test_checkout.py": "from shop.checkout import checkout\n\n\ndef test_total():\n    checkout(None)\n",
            "tests/test_client.py": "from payments.client import charge\n\n\ndef test_charge():\n    charge(1)\n",
        },
    )
    copy.commit("Fix the total", {"shop/checkout.py": CHECKOUT.replace("* 1", "* 2")})
    return copy


def seams(copy: WorkingCopy) -> dict[str, Seam]:
    return {seam.far: seam for seam in explain(copy.path, Asked(fix="HEAD"), WEIGHTS).seams}


def test_a_call_into_another_package_is_a_seam(shop: WorkingCopy) -> None:
    seam = seams(shop)["payments/client.py"]
    assert (seam.near, seam.kind, seam.line, seam.basis) == ("shop/checkout.py", SeamKind.MODULE, 9, Basis.IMPORTS)


def test_a_call_out_of_the_process_is_a_seam_of_its_kind(shop: WorkingCopy) -> None:
    assert seams(shop)["requests"].kind is SeamKind.HTTP


def test_helpers_and_unchanged_functions_make_no_seam(shop: WorkingCopy) -> None:
    assert seams(shop).keys() == {"payments/client.py", "requests"}


def test_the_tests_of_each_side_are_told_from_imports(shop: WorkingCopy) -> None:
    seam = seams(shop)["payments/client.py"]
    assert seam.tests_near == ("tests/test_checkout.py",)
    assert seam.tests_far == ("tests/test_checkout.py", "tests/test_client.py")


def test_machines_read_both_sides_with_their_numbers(shop: WorkingCopy) -> None:
    told = next(
        s for s in report_json(explain(shop.path, Asked(fix="HEAD"), WEIGHTS))["seams"] if s["to"] == "payments/client.py"
    )
    assert told["counts"] == {"from": 1, "to": 2, "both": 1}


MOCKED = """from unittest import mock
from shop.checkout import checkout


{decorated}def test_mocked({takes}):
    {within}checkout(None)
"""


def mocked(copy: WorkingCopy, decorated: str = "", takes: str = "", within: str = "") -> Seam:
    """The seam to the payments once its only test from the near side is written like this."""
    fixed = (copy.path / "shop/checkout.py").read_text()
    text = MOCKED.format(decorated=decorated, takes=takes, within=within)
    copy.commit("Test anew", {"tests/test_checkout.py": text, "shop/checkout.py": fixed.replace("* 2", "* 1")})
    copy.commit("Fix it again", {"shop/checkout.py": fixed})
    return seams(copy)["payments/client.py"]


@pytest.mark.parametrize(
    "target", ["payments.client", "payments.client.charge", "shop.checkout.client", "shop.checkout.client.charge"]
)
def test_a_test_that_replaces_the_far_side_does_not_test_both(shop: WorkingCopy, target: str) -> None:
    seam = mocked(shop, decorated=f"@mock.patch('{target}')\n", takes="m")
    assert seam.tests_both == ()
    assert [(one.path, one.line, one.how, one.test) for one in seam.severed_by] == [
        ("tests/test_checkout.py", 5, "mock.patch", "test_mocked")
    ]


def test_sides_that_are_only_tested_apart_are_called_so(shop: WorkingCopy) -> None:
    assert mocked(shop, decorated="@mock.patch('payments.client.charge')\n", takes="m").apart


@pytest.mark.parametrize(
    "target", ["payments.client.refund", "shop.checkout.rounded", "shop.checkout.requests", "requests.post", "payments.ledger"]
)
def test_a_test_that_replaces_something_else_cuts_nothing(shop: WorkingCopy, target: str) -> None:
    seam = mocked(shop, decorated=f"@mock.patch('{target}')\n", takes="m")
    assert (seam.severed_by, seam.tests_both) == ((), ("tests/test_checkout.py",))


def test_a_mock_of_the_library_cuts_the_seam_to_it(shop: WorkingCopy) -> None:
    mocked(shop, decorated="@mock.patch('shop.checkout.requests.post')\n", takes="m")
    assert [one.how for one in seams(shop)["requests"].severed_by] == ["mock.patch"]


def test_a_failure_hidden_around_the_change_is_named(shop: WorkingCopy) -> None:
    guarded = "def go():\n    try:\n        run(1)\n    except Exception:\n        pass\n"
    shop.commit("Go", {"shop/go.py": guarded})
    shop.commit("Fix it", {"shop/go.py": guarded.replace("run(1)", "run(2)")})
    (found,) = report_json(explain(shop.path, Asked(fix="HEAD"), WEIGHTS))["swallowed"]
    assert (found["path"], found["line"], found["how"], found["symbol"]) == ("shop/go.py", 4, "handler-empty", "go")


def test_of_very_large_tests_only_the_small_ones_are_read_for_stand_ins(shop: WorkingCopy) -> None:
    patched = (
        "from unittest import mock\nfrom shop.checkout import checkout\n\n\n"
        "@mock.patch('payments.client.charge')\ndef test_cut(m):\n    checkout(None)\n"
    )
    large = {f"tests/test_large_{number}.py": patched + "filled = 1\n" * 13_000 for number in range(3)}
    shop.commit("Test more", {"tests/test_small.py": patched, **large})
    shop.commit("Fix the total again", {"shop/checkout.py": CHECKOUT.replace("* 1", "* 3")})
    cut = [severed.path for severed in seams(shop)["payments/client.py"].severed_by]
    assert cut == ["tests/test_large_0.py", "tests/test_large_1.py", "tests/test_small.py"]
