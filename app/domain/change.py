"""What a fix changed: files, hunks and the symbols their lines fall in. Made by `app.engine` from git and `app.analysis`."""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a file is for; only `CODE` (and then `MIGRATION`) can need a regression test."""

    CODE = "code"
    TEST = "test"
    DOCS = "docs"
    CONFIG = "config"
    DATA = "data"
    MIGRATION = "migration"


class Status(StrEnum):
    """What happened to a file, by git's own letters."""

    ADDED = "A"
    MODIFIED = "M"
    DELETED = "D"
    RENAMED = "R"
    TYPE_CHANGED = "T"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Lines `start` to `end`, 1-based and inclusive."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a line."""
        return self.start <= other.end and other.start <= self.end


@dataclass(frozen=True, slots=True)
class Hunk:
    """One run of changed lines, without context (`git diff -U0`).

    `old` is None where lines were only added; `after` is then the old line they follow (0: before the first).
    `removed` and `added` hold the text of the lines without their newline.
    """

    old: Span | None
    new: Span | None
    after: int
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    def near(self, margin: int = 0) -> Span:
        """The old lines that this hunk stands on, `margin` lines wider on both sides, never below line 1."""
        start, end = (self.old.start, self.old.end) if self.old else (self.after, self.after + 1)
        return Span(max(1, start - margin), max(1, end + margin))


@dataclass(frozen=True, slots=True)
class Symbol:
    """A named definition. `qualified` is dotted from the file's top (`Cart.total`), `kind` is function, method or class."""

    name: str
    qualified: str
    kind: str
    span: Span


@dataclass(frozen=True, slots=True)
class FileChange:
    """One changed file. `path` is where it stands after the fix (before it, if deleted); `old_path` where it stood before.

    `symbols` are the innermost definitions, as they stood before, that the changed lines fall in; `new_symbols` those that
    exist only after the fix, which no test could have reached.
    `opaque` says why the lines are unknown (binary, over-large, submodule, symlink, missing blob), else None.
    """

    path: str
    old_path: str | None
    status: Status
    role: Role
    language: str | None
    hunks: tuple[Hunk, ...] = ()
    symbols: tuple[Symbol, ...] = ()
    new_symbols: tuple[Symbol, ...] = ()
    opaque: str | None = None

    @property
    def before(self) -> str:
        """Where the file stood before the fix; of a new one, where it stands."""
        return self.old_path or self.path

    @property
    def changed_lines(self) -> int:
        """Removed and added lines together."""
        return sum(len(h.removed) + len(h.added) for h in self.hunks)


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Everything one fix changed, between the commits `base` (the state before the fix) and `head`."""

    base: str
    head: str
    message: str
    files: tuple[FileChange, ...] = field(default=())

    @property
    def subject(self) -> str:
        """The first line of the fix's message."""
        return self.message.partition("\n")[0].strip()

    @property
    def code(self) -> tuple[FileChange, ...]:
        """The changed files whose role is code or migration."""
        return tuple(f for f in self.files if f.role in (Role.CODE, Role.MIGRATION))

    @property
    def tests(self) -> tuple[FileChange, ...]:
        """The changed files whose role is test: what the fix itself brought, never evidence."""
        return tuple(f for f in self.files if f.role is Role.TEST)
