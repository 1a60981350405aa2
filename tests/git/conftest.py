"""One small repository with a little of everything."""

from pathlib import Path

import pytest

from app.git.repository import Repository, open_repository
from tests.build import WorkingCopy, working_copy


@pytest.fixture
def copy(tmp_path: Path) -> WorkingCopy:
    copy = working_copy(tmp_path / "repo")
    copy.commit("first", {"a.txt": "one\n", "b/naïve name.py": "x = 1\ny = 2\nz = 3\n"})
    return copy


@pytest.fixture
def repository(copy: WorkingCopy) -> Repository:
    return open_repository(copy.path)
