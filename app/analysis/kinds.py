"""Tells integration and end-to-end tests from unit tests, with the reason a person can check."""

from collections.abc import Collection

from app.analysis.overrides import Overrides
from app.domain.evidence import Kind, TestFile

_FOLDERS = {
    **dict.fromkeys(("integration", "integration_tests", "integration-tests", "functional", "it"), Kind.INTEGRATION),
    **dict.fromkeys(("e2e", "end-to-end", "acceptance", "cypress", "playwright"), Kind.E2E),
}


def kind_of(path: str, language: str | None, _text: bytes, _own_packages: Collection[str], overrides: Overrides) -> TestFile:
    """The kind of a test file: what the repository says, else what its folders say, else unit."""
    said = overrides.kind(path)
    if said is not None:
        return TestFile(path, language, said[0], "configured", (said[1],))
    for folder in path.lower().split("/")[:-1]:
        if folder in _FOLDERS:
            return TestFile(path, language, _FOLDERS[folder], "folder", (folder,))
    return TestFile(path, language, Kind.UNIT, "default")
