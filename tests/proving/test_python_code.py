"""Python imports the worktree's code, whatever leads to the checkout, and it is noticed where it does not."""

import os
import sys
from pathlib import Path

import pytest

from app.proving.python_code import probe, python_path, roots

PATH = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = (tmp_path / "worktree").resolve()
    for package in ("src/shop", "lib/tax/deep"):
        (folder / package).mkdir(parents=True)
    for name in (
        "src/shop/__init__.py",
        "src/shop/cart.py",
        "lib/tax/__init__.py",
        "lib/tax/deep/__init__.py",
        "lib/tax/deep/vat.py",
    ):
        (folder / name).write_text("")
    return folder


def test_the_folders_of_changed_packages_come_first(folder: Path) -> None:
    assert roots(folder, ["lib/tax/deep/vat.py", "setup.py", "README"]) == ["", "src", "lib"]


def test_what_leads_to_the_checkout_is_led_into_the_worktree(folder: Path, tmp_path: Path) -> None:
    given = {"PYTHONPATH": f"{tmp_path}/checkout/src:/opt/lib"}
    told = python_path(folder, tmp_path / "checkout", [""], given)
    assert told.split(":") == [str(folder), f"{folder}/src", "/opt/lib"]


def test_the_worktrees_package_is_seen_as_its_own(folder: Path) -> None:
    environment = {**PATH, "PYTHONPATH": f"{folder}/src"}
    assert probe(sys.executable, folder, None, ["src/shop/cart.py"], environment) == ([], True)


def test_a_package_that_is_imported_from_elsewhere_is_noticed(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "shop"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("")
    assert probe(sys.executable, folder, None, ["src/shop/cart.py"], {**PATH, "PYTHONPATH": str(other.parent)})[1] is False


def test_an_import_hook_of_an_editable_installation_is_followed(folder: Path, tmp_path: Path) -> None:
    checkout = (tmp_path / "checkout").resolve()
    (checkout / "lib" / "tax").mkdir(parents=True)
    site = tmp_path / "site"
    site.mkdir()
    hook = (
        f"MAPPING = {{'tax': {str(checkout / 'lib' / 'tax')!r}}}\n\n\n"
        "class Finder:\n    @classmethod\n    def find_spec(cls, *_):\n        return None\n"
    )
    (site / "hook.py").write_text(hook)
    (site / "sitecustomize.py").write_text("import sys\nimport hook\n\nsys.meta_path.append(hook.Finder)\n")
    more, _ = probe(sys.executable, folder, checkout, [], {**PATH, "PYTHONPATH": str(site)})
    assert more == ["lib"]


def test_where_python_cannot_be_asked_nothing_is_claimed(folder: Path) -> None:
    assert probe("no-such-python", folder, None, ["src/shop/cart.py"], PATH) == ([], True)
