"""What recall says about one escape: the last value before words. Rendering is `app.render`'s."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.change import ChangeSet, Span
from app.domain.culprit import Origin
from app.domain.evidence import RankedTest, TestFile
from app.domain.seam import Seam, Swallowed
from app.domain.testmap import MapUse
from app.domain.unchecked import Unchecked


class VerdictCode(StrEnum):
    """Stable slugs, in the order in which `app.analysis.verdict` tries them; the sentences are `templates/words/verdict.j2`'s."""

    NOTHING_NAMED = "nothing_named"
    NO_CODE = "no_code"
    SKIPPED = "skipped"
    NEVER_RUN = "never_run"
    RAN_BUT_ASSERTS_NOTHING = "ran_but_asserts_nothing"
    RAN_BUT_ASSERTS_ELSEWHERE = "ran_but_asserts_elsewhere"
    BLIND = "blind"
    SUITE_RAN = "suite_ran"
    UNIT_ONLY = "unit_only"
    FIX_HAS_TEST = "fix_has_test"
    NO_TESTS = "no_tests"
    STALE = "stale"
    UNMAPPED = "unmapped"
    STATIC_ONLY = "static_only"


class Blind(StrEnum):
    """Why a test map cannot tell who runs a changed file; the sentences are `templates/words/unchecked.j2`'s."""

    SHARDS = "map-shards"
    UNCARRIED = "map-uncarried"
    NEWER_FILE = "map-newer-file"
    FILE_TYPE = "map-file-type"
    NOT_MEASURED = "map-not-measured"
    LINES_CHANGED = "map-lines-changed"
    LATER_SUITE = "map-later-suite"
    ONLY_LOADING = "map-only-loading"
    ONLY_NEW = "map-only-new"
    RAN_OUTSIDE = "map-ran-outside"
    OTHER_PROCESS = "map-other-process"
    NO_INTEGRATION = "map-no-integration"


class Lead(StrEnum):
    """What imports, names and words lead to, whatever was executed; the sentences are `templates/words/leads.j2`'s."""

    NOTHING_NAMED = "nothing-named"
    NO_CODE = "no-code"
    NO_TESTS = "no-tests"
    INTEGRATION_TOUCHES = "integration-touches"
    INTEGRATION_THROUGH = "integration-through"
    UNIT_ONLY = "unit-only"
    INDIRECT = "indirect"
    CANNOT_TELL = "cannot-tell"
    UNTOUCHED = "untouched"


@dataclass(frozen=True, slots=True)
class Ran:
    """What was executed of a change: `lines` of `of` lines by `tests` single tests, `integration` of them integration or e2e.

    `depth` is a slug for how near these lines are to the change: `changed`, `around`, `function`. `suites` ran some of the
    lines too, and their coverage does not know single tests. `failed` counts the tests that were red in that run, `untold` the
    tests and suites of which no results say that they were green; `skipped` names the tests that touch the change and were
    skipped or expected to fail.
    """

    depth: str
    lines: int
    of: int
    tests: int = 0
    integration: int = 0
    failed: int = 0
    untold: int = 0
    suites: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The first line as facts. `leads` is what imports tell: how many test files touch the changed code, and how many come to it
    only through one other file.

    `integration` and `through_integration` are those among them that are integration or e2e tests. `ran` is what the test map
    says, None without one or where it is blind; `blind` are the reasons for what it cannot tell.
    """

    code: VerdictCode
    leads: Lead = Lead.UNTOUCHED
    touching: int = 0
    integration: int = 0
    through: int = 0
    through_integration: int = 0
    ran: Ran | None = None
    blind: tuple[Blind, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """A changed place, as it stood before the fix, that tests do not reach.

    `missing` is `never` (no test ran these lines) or `integration-run` (only unit tests did), by a test map; by imports it is
    `any` (no test at all reaches it) or `integration` (only unit tests do).
    """

    path: str
    symbol: str | None
    lines: tuple[Span, ...]
    missing: str


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the regression test belongs. `new` if the file has to be created; `reason` is a slug, `names` what it is about."""

    path: str
    new: bool
    reason: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The whole answer. `change` is None where there is no fix yet and only `places` were named.

    `tests` is ranked, best first; `sure` is False where even the best score is below the bar for a claim. `map` is the stamp of
    the test map that was used, None where there was none; `origin` is which change let the bug in, None where nobody looked.
    """

    verdict: Verdict
    change: ChangeSet | None
    base: str
    tests: tuple[RankedTest, ...] = ()
    tests_in_fix: tuple[TestFile, ...] = ()
    placement: Placement | None = None
    gaps: tuple[Gap, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()
    places: tuple[str, ...] = ()
    sure: bool = True
    searched: int = 0
    map: MapUse | None = None
    seams: tuple[Seam, ...] = ()
    swallowed: tuple[Swallowed, ...] = ()
    origin: Origin | None = None
