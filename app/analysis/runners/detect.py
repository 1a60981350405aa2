"""Which test framework a file belongs to, told from the repository alone; what to run then is `commands`' to say."""

from collections.abc import Callable, Collection

from app.analysis.languages import language_of
from app.analysis.runners.files import Files
from app.analysis.runners.finders import dotnet, go, java, javascript, php, python, ruby, rust
from app.domain.suite import Suite

_FINDERS: dict[str, Callable[[str, Files], Suite | None]] = {
    "python": python.find,
    "javascript": javascript.find,
    "typescript": javascript.find,
    "vue": javascript.find,
    "go": go.find,
    "java": java.find,
    "kotlin": java.find,
    "ruby": ruby.find,
    "php": php.find,
    "csharp": dotnet.find,
    "rust": rust.find,
}


def find_suite(path: str, tree: Collection[str], read: Callable[[str], str | None]) -> Suite | None:
    """The suite that the test file at `path`, there or to be created, belongs to; None where it cannot be told.

    `tree` are all paths of the commit, `read` gives a file's text. What the file itself and the tests nearest to it import
    decides, then the nearest configuration: in a repository of many packages each has its own.
    """
    finder = _FINDERS.get(language_of(path) or "")
    return finder(path, Files(tree, read)) if finder else None
