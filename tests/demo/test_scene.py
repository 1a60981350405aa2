"""The demo's repositories: the shop's bug really escapes its tests, and the newest fix of a history is found."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.demo.scene import Scene, newest_fix, shop
from app.domain.errors import TellUser
from tests.build import working_copy

PRICE_OF_120 = "from shop.pricing.discounts import discounted; from shop.money import Money; print(discounted(Money(900), 120))"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return shop(tmp_path_factory.mktemp("demo") / "shop")


def run(scene: Scene, commit: str, *arguments: str) -> str:
    subprocess.run(["git", "-C", scene.source, "checkout", "--quiet", commit], check=True, capture_output=True)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=scene.source, capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_tests_of_the_shop_pass_with_the_bug_present(scene: Scene) -> None:
    told = run(scene, scene.base, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly")
    assert "37 passed" in told


def test_the_bug_is_there_before_the_fix_and_gone_after_it(scene: Scene) -> None:
    assert run(scene, scene.base, "-c", PRICE_OF_120).strip() == "1080.00 EUR"
    assert run(scene, scene.fix, "-c", PRICE_OF_120).strip() == "918.00 EUR"


def test_the_shop_has_a_history_of_months(scene: Scene) -> None:
    dates = subprocess.run(
        ["git", "-C", scene.source, "log", "--format=%as", scene.fix], check=True, capture_output=True, text=True
    ).stdout.split()
    assert len(dates) == 19 and (dates[-1], dates[0]) == ("2026-01-12", "2026-04-21")


def test_the_newest_fix_that_changes_code_is_taken(tmp_path: Path) -> None:
    copy = working_copy(tmp_path / "repo")
    copy.commit("Start", {"shop.py": "a = 1\n"})
    before = copy.commit("Add b", {"shop.py": "a = 1\nb = 1\n"})
    fix = copy.commit("core: fix b (#12)\n\nIt was one.", {"shop.py": "a = 1\nb = 2\n"})
    copy.commit("Fix a typo", {"README.md": "words\n"})
    copy.commit("fix the tests", {"tests/test_shop.py": "def test_b(): pass\n"})
    copy.commit("Rank the candidate fixes", {"shop.py": "a = 1\nb = 2\nc = 3\n"})
    scene = newest_fix(copy.path)
    assert (scene.base, scene.fix, scene.issue_title) == (before, fix, "core: fix b (#12)")


def test_a_history_without_a_fix_is_said(tmp_path: Path) -> None:
    copy = working_copy(tmp_path / "repo")
    copy.commit("Start", {"shop.py": "a = 1\n"})
    with pytest.raises(TellUser, match="None of the last 2,000 commits"):
        newest_fix(copy.path)
