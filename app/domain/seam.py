"""Seams: where the changed code meets another module, a service, a database or a process, and who tests both sides together."""

from dataclasses import dataclass
from enum import StrEnum


class SeamKind(StrEnum):
    """What stands on the far side."""

    MODULE = "module"
    HTTP = "http"
    DATABASE = "database"
    QUEUE = "queue"
    SUBPROCESS = "subprocess"
    SERVICE = "service"


class Basis(StrEnum):
    """What the tests of a seam are known by."""

    EXECUTED = "executed"
    IMPORTS = "imports"


@dataclass(frozen=True, slots=True)
class Severed:
    """A test that replaces the far side by a stand-in: where it does (path, line), and by what (`mock.patch`, `nock`)."""

    path: str
    line: int
    how: str
    test: str | None = None


@dataclass(frozen=True, slots=True)
class Seam:
    """One edge from a changed module to a far side. `near` is the changed file's path, `far` a path or a package's name.

    `line` is where the edge stands in `near`, before the fix. The tests are named as the map names them, or, with `basis`
    imports, by path. For a far side outside the repository `tests_far` are those that reach it at all.
    """

    near: str
    far: str
    kind: SeamKind
    basis: Basis
    line: int | None = None
    tests_near: tuple[str, ...] = ()
    tests_far: tuple[str, ...] = ()
    tests_both: tuple[str, ...] = ()
    severed_by: tuple[Severed, ...] = ()

    @property
    def apart(self) -> bool:
        """Both sides are tested, and never together."""
        return bool(self.tests_near and self.tests_far and not self.tests_both)


class Hiding(StrEnum):
    """How code hides a failure."""

    HANDLER_EMPTY = "handler-empty"
    HANDLER_ONLY_LOGS = "handler-only-logs"
    HANDLER_GIVES_DEFAULT = "handler-gives-default"
    ERROR_IGNORED = "error-ignored"
    ERROR_BECOMES_NIL = "error-becomes-nil"
    RETRY_WITHOUT_LIMIT = "retry-without-limit"


@dataclass(frozen=True, slots=True)
class Swallowed:
    """Code on the path of the change that hides a failure: where it stands before the fix, and how."""

    path: str
    line: int
    reason: Hiding
    symbol: str | None = None
