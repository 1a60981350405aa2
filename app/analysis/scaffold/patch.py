"""A scaffold as a patch that `git apply` takes."""

from app.analysis.patch import patch
from app.domain.scaffold import Scaffold


def scaffold_patch(scaffold: Scaffold) -> str:
    """The change in git's own form, for a file that is there or for a new one."""
    return patch(scaffold.test.path, scaffold.before, scaffold.text)
