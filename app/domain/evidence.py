"""Why a test is named: its kind, and each piece of evidence as facts; the words are `templates/`', the weights `benchmarks/`'."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.change import Span
from app.domain.strength import Strength


class Kind(StrEnum):
    """What a test exercises; the order is the order in which people want to see them."""

    INTEGRATION = "integration"
    E2E = "e2e"
    UNIT = "unit"


class Source(StrEnum):
    """The kinds of evidence."""

    EXECUTED = "executed"
    IMPORTS = "imports"
    HISTORY = "history"
    NAME = "name"
    MENTION = "mention"
    WORDS = "words"


# The reason of the one piece of import evidence that is no touch: the test imports a file that imports the change.
ONE_HOP = "imports-hop"

# The reasons of executed evidence that are as near to the change as can be.
RAN = ("ran-changed", "ran-around")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One checkable reason. `reason` is a stable slug that `templates/words/evidence.j2` turns into a sentence.

    `names` are modules, symbols, paths or words the reason is about; `commits` full shas it can be checked against;
    `line` the line of the test that shows it; `count` of `of` a share. `lines` are executed lines of the changed file `names`
    begins with, as they stood before the fix. `weight` is its part in the score (any real number).
    """

    source: Source
    reason: str
    names: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()
    line: int | None = None
    count: int | None = None
    of: int | None = None
    weight: float = 0.0
    lines: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class TestFile:
    """A test file of the repository before the fix, with its kind and the slug and names of the reason for that kind."""

    __test__ = False

    path: str
    language: str | None
    kind: Kind
    kind_reason: str
    kind_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RankedTest:
    """A test file with what speaks for it. `score` is a calibrated probability, 0..1, that a regression test belongs in it.

    `reaches` are the qualified changed symbols this test can be seen to import or use; empty where it only goes by
    history, names or words. `id` names a single test within the file, where one is known. `strength` is what those of its tests
    assert that ran the change or name it; None where none is known to.
    """

    test: TestFile
    score: float
    evidence: tuple[Evidence, ...]
    reaches: tuple[str, ...] = ()
    id: str | None = None
    strength: Strength | None = None

    @property
    def touches(self) -> bool:
        """Whether the test is seen to use the changed code itself, rather than guessed to."""
        return any(e.source is Source.IMPORTS and e.reason != ONE_HOP for e in self.evidence)

    @property
    def ran(self) -> bool:
        """Whether the test, or one of its file, ran changed lines or those right around them."""
        return any(e.source is Source.EXECUTED and e.reason in RAN for e in self.evidence)

    @property
    def passes_through(self) -> bool:
        """Whether it is seen to come to the changed code only through one other file."""
        return not self.touches and any(e.source is Source.IMPORTS for e in self.evidence)
