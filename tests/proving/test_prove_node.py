"""Proofs of Node's own test runner, and of commands that a person gave, really run."""

import shutil
from pathlib import Path

import pytest

from app.domain.errors import TellUser
from app.domain.proof import Receipt
from app.domain.suite import TestId
from app.proving.asked import Asked
from app.proving.prove import prove
from tests.build import WorkingCopy, working_copy
from tests.escaped import FEW, MANY

node = pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed on this machine")
TEST = (
    "const test = require('node:test');\nconst assert = require('node:assert');\nconst { total } = require('@shop/cart');\n\n"
    "test('few', () => {\n  assert.strictEqual(total(1), 10);\n});\n"
)
MORE = "\ntest('many', () => {\n  assert.strictEqual(total(100), 900);\n});\n"


def total(sign: str) -> str:
    return f"exports.total = (n) => (n {sign} 100 ? n * 9 : n * 10);\n"


def outcome(receipt: Receipt) -> tuple[str, str]:
    return receipt.verdict.value, receipt.reason


@pytest.fixture
def web(tmp_path: Path) -> WorkingCopy:
    """A repository of two packages, one of which uses the other by a link that an installation made."""
    web = working_copy(tmp_path / "web")
    files: dict[str, str | bytes | None] = {
        ".gitignore": "node_modules\n",
        "package.json": '{"private": true, "workspaces": ["packages/*"], "scripts": {"test": "node --test"}}\n',
        "packages/cart/package.json": '{"name": "@shop/cart", "main": "index.js"}\n',
        "packages/cart/index.js": total(">"),
        "packages/web/package.json": '{"name": "@shop/web", "scripts": {"test": "node --test"}}\n',
        "packages/web/test/cart.test.js": TEST,
    }
    web.commit("first", files)
    web.commit("fix", {"packages/cart/index.js": total(">="), "packages/web/test/cart.test.js": TEST + MORE})
    (web.path / "node_modules" / "@shop").mkdir(parents=True)
    (web.path / "node_modules" / "@shop" / "cart").symlink_to("../../packages/cart")
    return web


@node
def test_a_package_of_the_same_repository_is_that_of_the_worktree(web: WorkingCopy) -> None:
    receipt = prove(web.path, Asked(fix="HEAD", tip=False))
    assert outcome(receipt) == ("proved", "assertion")
    assert receipt.tests == (TestId("packages/web/test/cart.test.js", "many"),)


@node
def test_a_test_that_is_green_on_both_sides_is_not_proved(web: WorkingCopy) -> None:
    few = TestId("packages/web/test/cart.test.js", "few")
    assert outcome(prove(web.path, Asked((few,), "HEAD", tip=False))) == ("not-proved", "green-without-fix")


@node
def test_what_is_not_installed_could_not_be_imported(web: WorkingCopy) -> None:
    shutil.rmtree(web.path / "node_modules")
    assert outcome(prove(web.path, Asked(fix="HEAD", tip=False))) == ("could-not-run", "import")


def test_a_command_that_was_given_is_run_instead(shop: WorkingCopy) -> None:
    command = "python -m pytest -q {tests} --junitxml={results}"
    receipt = prove(shop.path, Asked(fix="HEAD", tip=False, command=command))
    assert outcome(receipt) == ("proved", "assertion")
    assert receipt.command[:3] == ("python", "-m", "pytest")
    assert "--command" in receipt.repeat


def test_the_repositorys_own_command_is_run_where_it_settles_one(shop: WorkingCopy) -> None:
    shop.commit("settle", {".github/recall.yml": "test_command: no-such-runner {tests}\n"})
    assert outcome(prove(shop.path, Asked(fix="HEAD~1", tip=False))) == ("could-not-run", "no-command")


def test_of_a_command_without_results_only_the_exit_code_is_known(shop: WorkingCopy) -> None:
    script = "import sys; sys.path[:0] = ['src', 'tests']; import test_cart; test_cart.test_many()"
    receipt = prove(shop.path, Asked(fix="HEAD", tip=False, command=f'python -c "{script}"'))
    assert outcome(receipt) == ("proved", "assertion")


def test_a_command_that_fails_for_its_own_reasons_proves_nothing(shop: WorkingCopy) -> None:
    command = "python -c \"import sys, os; sys.exit(0 if '>=' in open('src/shop/cart.py').read() else 3)\""
    assert outcome(prove(shop.path, Asked(fix="HEAD", tip=False, command=command))) == ("not-proved", "elsewhere")


def test_a_command_with_a_shell_in_it_is_refused_in_a_sentence(shop: WorkingCopy) -> None:
    with pytest.raises(TellUser, match="no shell"):
        prove(shop.path, Asked(fix="HEAD", tip=False, command="python -m pytest && true"))


def test_a_run_that_never_ends_is_ended(shop: WorkingCopy) -> None:
    slow = FEW + MANY.replace("def test_many():\n", "def test_many():\n    import time\n\n    time.sleep(600)\n")
    shop.write({"tests/test_cart.py": slow})
    receipt = prove(shop.path, Asked((TestId("tests/test_cart.py", "test_many"),), "HEAD", tip=False, seconds=2))
    assert outcome(receipt) == ("could-not-run", "timeout")
