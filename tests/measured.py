"""A tiny project in a real repository, and coverage of its suite, really measured by coverage.py."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.build import WorkingCopy, working_copy

PRICES = """\
RATES = {"book": 7, "toy": 19}


def tax(kind, net):
    if kind not in RATES:
        return 0
    return net * RATES[kind] // 100


def gross(kind, net):
    # the customer pays this
    total = net + tax(kind, net)

    return total


def refund(kind, net):
    return -gross(kind, net)
"""
TESTS = """\
import pytest

from shop.prices import gross, refund, tax


@pytest.fixture
def rounded():
    return tax("toy", 100)


def test_tax(rounded):
    assert rounded == 19


@pytest.mark.parametrize("kind", ["book", "a|b"])
def test_gross(kind):
    assert gross(kind, 100) >= 100


class TestRefund:
    @pytest.mark.skip(reason="waits for the bank")
    def test_skipped(self):
        assert refund("toy", 1) == 0

    @pytest.mark.xfail(reason="cents")
    def test_expected_to_fail(self):
        assert refund("toy", 100) == 0
"""
FILES: dict[str, str | bytes | None] = {
    "shop/__init__.py": "",
    "shop/prices.py": PRICES,
    "shop/unused.py": "def idle():\n    return 1\n",
    "tests/test_prices.py": TESTS,
    "README.md": "# shop\n",
}


@dataclass(frozen=True)
class Project:
    """The repository, the commit that was tested, and a folder for what coverage.py wrote."""

    copy: WorkingCopy
    commit: str
    folder: Path

    def measure(self, name: str, *arguments: str, settings: str = "", at: str = "work") -> Path:
        """Runs the suite in a copy of the work tree named `at`, as CI does, and gives the data file."""
        place = self.folder / name / at
        shutil.copytree(self.copy.path, place, ignore=shutil.ignore_patterns(".git"))
        (place / ".coveragerc").write_text(f"[run]\nsource = shop\n{settings}")
        data = self.folder / name / ".coverage"
        done = subprocess.run(
            [sys.executable, "-m", *(arguments or ("pytest", "--cov", "--cov-report=", "--cov-context=test", "-q"))],
            cwd=place,
            env={
                "PATH": os.environ["PATH"],
                "COVERAGE_FILE": str(data),
                "PYTHONPATH": str(place),
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            capture_output=True,
            check=False,
        )
        assert data.exists(), done.stdout + done.stderr
        return data


def project(folder: Path) -> Project:
    """The project with all its files in one commit."""
    copy = working_copy(folder / "repo")
    return Project(copy, copy.commit("A shop", FILES), folder)
