"""The address of one test as people write it, `PATH::NAME`, read from an argument, a receipt or a marker."""

from app.domain.errors import TellUser
from app.domain.suite import TestId

MAX_LENGTH = 1_000


def read_test_id(text: str) -> TestId:
    """The test that `text` names; a path alone is the whole file.

    Pytest's own ids are understood: `tests/test_a.py::TestX::test_b[1::2]` has the name `TestX.test_b[1::2]`. Raises TellUser
    for what is no path within a repository.
    """
    said = text.strip()
    if len(said) > MAX_LENGTH or any(not character.isprintable() for character in said):
        raise TellUser(f"{_shown(said)!r} is not a test: write PATH::NAME on one line of at most {MAX_LENGTH:,} characters.")
    path, _, name = said.replace("\\", "/").partition("::") if "::" not in said else said.partition("::")
    path = path.removeprefix("./")
    if not path or path.startswith("/") or ".." in path.split("/") or path.endswith("/"):
        raise TellUser(f"{_shown(said)!r} is not a test: write PATH::NAME, the path relative to the repository's root.")
    return TestId(path, _dotted(name) if path.endswith((".py", ".rs")) else name.strip())


def _dotted(name: str) -> str:
    """`TestX::test_b[1::2]` -> `TestX.test_b[1::2]`."""
    plain, bracket, parameters = name.strip().partition("[")
    return plain.replace("::", ".") + bracket + parameters


def _shown(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text[:80])
