"""`recall replay` on a real repository: what it counts, what it leaves out, and in which forms it tells."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app import cli
from tests.build import WorkingCopy, working_copy

Told = tuple[int, str, str]
Call = Callable[..., Told]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> WorkingCopy:
    """A unit test, then: a fix without a test, one with a test, one of documents, and one that no test leads to."""
    copy = working_copy(tmp_path_factory.mktemp("replay") / "shop")
    total = "def total(prices):\n    return sum(prices)\n"
    uses = "from shop.cart import total\n\n\ndef test_total():\n    assert total([1]) == 1\n"
    copy.commit("Add carts", {"shop/cart.py": total, "shop/mail.py": "def send():\n    pass\n", "tests/test_cart.py": uses})
    copy.commit("Fix #3: round totals", {"shop/cart.py": total.replace("sum(prices)", "round(sum(prices), 2)")})
    copy.commit(
        "fix(cart): no total of nothing",
        {
            "shop/cart.py": total.replace("sum(prices)", "round(sum(prices or []), 2)"),
            "tests/test_cart.py": uses + "\n\ndef test_nothing():\n    assert total(None) == 0\n",
        },
    )
    copy.commit("Fix typo", {"README.md": "Carts.\n"})
    copy.commit("Fix mails that never leave", {"shop/mail.py": "def send():\n    return True\n"})
    return copy


@pytest.fixture
def replay(shop: WorkingCopy, capsys: pytest.CaptureFixture[str]) -> Call:
    def call(*arguments: str, repo: Path = shop.path) -> Told:
        code = cli.run(["replay", "--no-cache", *arguments, "--repo", str(repo)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_the_newest_fix_comes_first_and_what_mends_no_code_is_left_out(replay: Call) -> None:
    code, out, err = replay("--json")
    assert (code, err) == (0, "")
    assert [fix["subject"] for fix in json.loads(out)["fixes"]] == [
        "Fix mails that never leave",
        "fix(cart): no total of nothing",
        "Fix #3: round totals",
    ]


def test_fixes_without_a_test_and_without_an_integration_test_are_counted(replay: Call) -> None:
    told = json.loads(replay("--json")[1])
    assert (told["answered"], told["without_test"], told["led_to"], told["without_integration"]) == (3, 2, 2, 2)


def test_a_fix_that_no_test_is_seen_to_lead_to_is_told_apart(replay: Call) -> None:
    out = replay()[1]
    assert "No test is seen to lead to 1 of them" in out
    assert next(line for line in out.splitlines() if "mails" in line).split()[:3] == ["no", "?", "?"]


def test_the_first_line_is_what_it_comes_to(replay: Call) -> None:
    assert replay()[1].splitlines()[0] == (
        "2 of the last 3 bug fixes came without a test. "
        "Of the 2 that tests are seen to lead to, 2 had no integration test among them."
    )


def test_no_line_is_wider_than_a_terminal_but_for_the_summary(replay: Call) -> None:
    assert all(len(line) <= 80 for line in replay()[1].splitlines() if line.startswith("  "))


def test_only_so_many_are_replayed(replay: Call) -> None:
    assert [fix["subject"] for fix in json.loads(replay("--last", "1", "--json")[1])["fixes"]] == ["Fix mails that never leave"]


def test_markdown_is_a_table(replay: Call) -> None:
    assert "| fix | own test | integration | tests |" in replay("--markdown")[1]


def test_a_history_without_fixes_says_what_is_looked_for(replay: Call, tmp_path: Path) -> None:
    copy = working_copy(tmp_path / "new")
    copy.commit("Begin", {"a.py": "a = 1\n"})
    assert replay(repo=copy.path)[1] == (
        "No bug fix was found among the last 1 commit: recall goes by messages such as Fix #12 or fix(cart): ….\n"
    )


def test_a_folder_that_is_no_repository_is_one_sentence(replay: Call, tmp_path: Path) -> None:
    code, out, err = replay(repo=tmp_path)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1


def test_with_prove_the_tests_that_fixes_brought_are_run(
    replay: Call, shop: WorkingCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    told = json.loads(replay("--prove", "--last", "2", "--json")[1])
    assert [fix["proof"] for fix in told["fixes"]] == [None, "proved"]
    assert (told["tried"], told["red_before"]) == (1, 1)
