"""A small shop with an escaped bug and its fix, whose suite really runs with the Python that runs these tests."""

import os
import sys
from pathlib import Path

import pytest

from tests.build import WorkingCopy, working_copy

BEFORE = "def total(n):\n    return n * 9 if n > 100 else n * 10\n"
AFTER = "def total(n):\n    return n * 9 if n >= 100 else n * 10\n"
FEW = "from shop.cart import total\n\n\ndef test_few():\n    assert total(1) == 10\n"
MANY = "\n\ndef test_many():\n    assert total(100) == 900\n"


@pytest.fixture(autouse=True)
def own_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """`python` is the one that runs these tests, which has pytest."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # theirs starts a dozen times in each of these tests
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))


@pytest.fixture
def shop(tmp_path: Path) -> WorkingCopy:
    """The first commit has the bug, the second fixes it and brings `test_many`."""
    shop = working_copy(tmp_path / "shop")
    shop.commit("first", {"src/shop/__init__.py": "", "src/shop/cart.py": BEFORE, "tests/test_cart.py": FEW})
    shop.commit("fix", {"src/shop/cart.py": AFTER, "tests/test_cart.py": FEW + MANY})
    return shop
