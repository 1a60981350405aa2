"""Installed packages come into a worktree, led to the worktree's own code; caches and environments stay where they are."""

from pathlib import Path

import pytest

from app.proving.dependencies import bring, environments
from tests.build import WorkingCopy, working_copy


@pytest.fixture
def checkout(tmp_path: Path) -> WorkingCopy:
    copy = working_copy(tmp_path / "checkout")
    files: dict[str, str | bytes | None] = {
        ".gitignore": "node_modules\nvendor\n.venv\n_version.py\ndist\n",
        "packages/core/index.js": "core",
        "packages/web/index.js": "web",
        "shop/__init__.py": "",
    }
    copy.commit("first", files)
    copy.write(
        {
            "node_modules/left-pad/index.js": "pad",
            "node_modules/.cache/babel/x": "cached",
            "packages/web/node_modules/deep/index.js": "deep",
            "vendor/composer/autoload_real.php": "<?php",
            "shop/_version.py": "version = '1'",
            ".venv/bin/python": "",
            "dist/index.js": "built from the checkout",
        }
    )
    (copy.path / "node_modules" / "core").symlink_to("../packages/core")
    (copy.path / "node_modules" / "web").symlink_to(copy.path / "packages" / "web")
    (copy.path / "node_modules" / "outside").symlink_to("../../elsewhere")
    return copy


@pytest.fixture
def folder(checkout: WorkingCopy, tmp_path: Path) -> Path:
    folder = tmp_path / "deep" / "worktree"
    folder.parent.mkdir()
    checkout.git("clone", "--quiet", str(checkout.path), str(folder))
    bring(checkout.path, folder)
    return folder


def test_packages_of_every_level_are_there(folder: Path) -> None:
    assert (folder / "node_modules/left-pad/index.js").read_text() == "pad"
    assert (folder / "packages/web/node_modules/deep/index.js").read_text() == "deep"
    assert (folder / "vendor/composer/autoload_real.php").read_text() == "<?php"
    assert (folder / "shop/_version.py").is_file()


@pytest.mark.parametrize("name", ["core", "web"])
def test_a_package_of_the_repository_itself_is_the_worktrees(folder: Path, name: str) -> None:
    assert (folder / "node_modules" / name).resolve() == folder / "packages" / name


def test_a_link_to_elsewhere_still_leads_there(folder: Path, checkout: WorkingCopy) -> None:
    assert (folder / "node_modules/outside").readlink() == checkout.path.parent / "elsewhere"


def test_caches_environments_and_what_was_built_stay_out(folder: Path) -> None:
    assert not (folder / "node_modules/.cache").exists()
    assert not (folder / ".venv").exists()
    assert not (folder / "dist").exists()


def test_what_a_run_writes_into_its_packages_is_not_written_into_the_checkout(folder: Path, checkout: WorkingCopy) -> None:
    with (folder / "vendor/composer/autoload_real.php").open("a") as file:
        file.write("dumped anew")
    assert (checkout.path / "vendor/composer/autoload_real.php").read_text() == "<?php"


def test_a_large_binary_takes_no_space_where_the_disk_allows_it(checkout: WorkingCopy, tmp_path: Path) -> None:
    checkout.write({"node_modules/esbuild/bin/esbuild": b"\0" * (1 << 20)})
    bring(checkout.path, tmp_path / "own")
    assert (tmp_path / "own/node_modules/esbuild/bin/esbuild").samefile(checkout.path / "node_modules/esbuild/bin/esbuild")


def test_what_the_worktree_has_itself_is_left_alone(checkout: WorkingCopy, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    (folder / "vendor").mkdir(parents=True)
    bring(checkout.path, folder)
    assert list((folder / "vendor").iterdir()) == []


def test_nothing_goes_through_a_link_out_of_the_worktree(checkout: WorkingCopy, tmp_path: Path) -> None:
    folder, outside = tmp_path / "own", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (folder / "packages").symlink_to(outside)
    bring(checkout.path, folder)
    assert list(outside.iterdir()) == []


def test_virtual_environments_are_found_where_they_are(checkout: WorkingCopy) -> None:
    assert environments(checkout.path) == (checkout.path / ".venv/bin",)
