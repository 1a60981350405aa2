"""Which change let a bug in: the candidates of an SZZ search with what speaks for each, and the answer, a guess or people's word.

SZZ: Śliwerski, Zimmermann, Zeller, "When do changes induce fixes?" (MSR 2005). Words are `templates/`', weights the model's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.change import ChangeSet, Hunk, Span
from app.domain.correction import Corrections
from app.domain.unchecked import Unchecked


@dataclass(frozen=True, slots=True)
class Authored:
    """One line of a file before the fix: the commit that last wrote it, where the line stood there, and its text."""

    sha: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class PatchedFile:
    """What a candidate did to one file. `path` is None where it deleted the file, `old_path` where it made it.

    `headings` are what git prints behind each hunk's `@@`: the line that the enclosing definition begins with, "" if none.
    """

    path: str | None
    old_path: str | None
    hunks: tuple[Hunk, ...] = ()
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A commit that may have let the bug in. `when` is its committer date in seconds since 1970; `files` is how many it changed.

    `patch` is what it did to the files that the fix touches, cut where it is very long, with `inserted` and `deleted` lines.
    """

    sha: str
    when: int
    subject: str
    parents: int = 1
    files: int = 0
    inserted: int = 0
    deleted: int = 0
    patch: tuple[PatchedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class TracedFile:
    """A changed file as it stood before the fix. `authored` holds the lines that were asked for, by number; `enclosing` is for
    each hunk the innermost definition around it, None where none is.
    """

    path: str
    authored: Mapping[int, Authored] = field(default_factory=dict)
    enclosing: tuple[Span | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Trail:
    """Everything a guess is made from, all of it older than the fix. `when` is when the fix was committed (seconds since 1970),
    `candidates` are by sha, newest first; `traced` are by the path before the fix.
    """

    change: ChangeSet
    when: int
    traced: Mapping[str, TracedFile] = field(default_factory=dict)
    candidates: Mapping[str, Candidate] = field(default_factory=dict)
    unchecked: tuple[Unchecked, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """One checkable reason for a suspect, as a slug of `templates/words/culprit.j2`: `count` of `of`, `names`, `days` before the
    fix, and the changed file `path` with the `lines` it is about, as they stood before the fix.
    """

    reason: str
    count: int | None = None
    of: int | None = None
    names: tuple[str, ...] = ()
    days: int | None = None
    path: str = ""
    lines: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Suspect:
    """A candidate with its calibrated probability, 0..1, and what speaks for it. `pull_request` is the number that its own
    subject or merge names, None where neither does.
    """

    sha: str
    subject: str
    when: int
    score: float
    grounds: tuple[Ground, ...] = ()
    pull_request: int | None = None


@dataclass(frozen=True, slots=True)
class Saying:
    """A commit that people named as the cause: `sha` in full, how they said it as a slug (`fixes-trailer`, `regression`,
    `introduced`, `caused`, `bisect`, `revert`), and where: `fix` (its message) or `issue`.
    """

    sha: str
    manner: str
    where: str


@dataclass(frozen=True, slots=True)
class Speech:
    """Where people may have named the cause: the issue's text, and what they put right by command. Numbers of pull requests are
    those of `repository` (`owner/name`, "" where it is not known) at `web_url`.
    """

    text: str = ""
    corrections: Corrections = field(default_factory=Corrections)
    repository: str = ""
    web_url: str = "https://github.com"


class Basis(StrEnum):
    """What the answer rests on, in rising order of trust."""

    GUESSED = "guessed"
    SAID = "said"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Origin:
    """The answer: `culprit` is a full sha, None for "unknown". `suspects` are best first, and stand there either way.

    `close` says that the first two can hardly be told apart, so that both are to be named. `said` are all that people named.
    """

    culprit: str | None = None
    basis: Basis = Basis.GUESSED
    suspects: tuple[Suspect, ...] = ()
    close: bool = False
    said: tuple[Saying, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()
