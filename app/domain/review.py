"""The review of a pull request against past escapes: what it touches, which guards it disarms, and what is missing."""

from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.change import Span
from app.domain.draft import ProofState
from app.domain.seam import SeamKind
from app.domain.suite import TestId

REVIEW_MARKER = "<!-- recall:v1 review "
"""What every remark begins with."""

REVIEW_CHECK = "recall / review"
"""The name of the check run beside it."""


def review_prefix(repository_id: int, pull: int) -> str:
    """What the remark on that pull request begins with, however it stands; found again together with the author."""
    return f"{REVIEW_MARKER}pull={repository_id}/{pull} "


def review_marker(repository_id: int, pull: int, *, gone: bool = False) -> str:
    """The first line of the remark: `<!-- recall:v1 review pull=7/42 -->`, or `... pull=7/42 gone -->` once its cause is gone."""
    return f"{review_prefix(repository_id, pull)}{'gone ' if gone else ''}-->"


@dataclass(frozen=True, slots=True)
class SeamSides:
    """A seam by its two sides, as reports name them: a changed file, and a path, package or service."""

    near: str
    far: str
    kind: SeamKind


@dataclass(frozen=True, slots=True)
class KnownEscape:
    """A past escape as a review looks at it: full shas of the landed fix and of the state before it, the fix's pull request, the
    tests that guard it with what is known of them, the seams it stood on, when it was labelled (ISO 8601, "" if unknown), and the
    paths of the code that the fix changed, () where only its commits tell. `receipt` is the address of the run that proved
    its tests.
    """

    issue: int
    title: str
    fix: str
    parent: str
    fix_pull: int | None = None
    tests: tuple[TestId, ...] = ()
    proof: ProofState = ProofState.UNKNOWN
    seams: tuple[SeamSides, ...] = ()
    labelled: str = ""
    paths: tuple[str, ...] = ()
    receipt: str = ""

    @property
    def guarded(self) -> bool:
        """Whether its tests were proved, and still held when the bug was last put back."""
        return self.proof in (ProofState.PROVED, ProofState.GUARDED) and bool(self.tests)


class How(StrEnum):
    """How a change takes the force out of a test."""

    DELETED = "deleted"
    SKIPPED = "skipped"
    EXPECTED_TO_FAIL = "expected-to-fail"
    FEWER_ASSERTIONS = "fewer-assertions"
    LOOSER_ASSERTIONS = "looser-assertions"
    MOCKED_AWAY = "mocked-away"


@dataclass(frozen=True, slots=True)
class Disarmed:
    """One guard that the change disarms: where it shows on the head's side (`line` None where nothing is left to show), and what
    there was before and is now, each short and as the code has it (`4`, `2`; `assertEqual`, `assertTrue`; a module's name).
    """

    test: TestId
    how: How
    path: str
    line: int | None = None
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Touch:
    """Lines of the change, on the head's side, that a past fix had changed (`symbol` None), or that stand in a function it had
    changed.
    """

    path: str
    spans: tuple[Span, ...]
    symbol: str | None = None


class Missing(StrEnum):
    """What a past escape lacks while the change touches it, the gravest first."""

    GUARD_DISARMED = "guard-disarmed"
    GUARD_ROTTEN = "guard-rotten"
    NO_GUARD = "no-guard"
    NOT_PROVED = "not-proved"
    SEAM_UNTESTED = "seam-untested"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to be said about one past escape. `run` is the line that runs its guards, "" where there are none.

    `tests` are those which lead to what the change touches, as far as imports or a map tell, for want of a guard.
    """

    escape: KnownEscape
    missing: Missing
    touches: tuple[Touch, ...] = ()
    disarmed: tuple[Disarmed, ...] = ()
    seams: tuple[SeamSides, ...] = ()
    tests: tuple[str, ...] = ()
    run: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A file of the change that could not be looked at, and why, as a slug."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Review:
    """The whole review of the change from `base` (where the two histories parted) to `head`, gravest finding first.

    Without findings there is nothing to say. `looked` counts the past escapes that were held against the change.
    """

    base: str
    head: str
    findings: tuple[Finding, ...] = ()
    unread: tuple[Unread, ...] = ()
    looked: int = 0


@dataclass(frozen=True, slots=True)
class ReviewedPull:
    """A pull request as it stands now. `base` is the tip of the branch it goes into, `own` says that its branch lies in the
    repository itself; `closes` are the issues it names as fixed by it.
    """

    number: int
    base: str
    head: str
    own: bool
    open: bool
    draft: bool = False
    by_bot: bool = False
    closes: tuple[int, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Annotation:
    """One remark beside a line of the head, never of a file outside of the diff."""

    path: str
    start: int
    end: int
    message: str


@dataclass(frozen=True, slots=True)
class RemarkFacts:
    """One remark before words. `fixes` are the escapes that the pull request closes, with what is known of their tests' proof,
    which is said instead of findings about them. `gone` says that the cause of the remark is gone.
    """

    repository: str
    web_url: str
    pull: ReviewedPull
    review: Review
    fixes: tuple[KnownEscape, ...] = ()
    problems: tuple[str, ...] = ()
    gone: bool = False
    repository_id: int = 0
    fail: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark in words: the whole comment, its marker on the first line ("" where nothing is to be said), the title and summary
    of the check run, and the annotations.
    """

    comment: str
    title: str
    summary: str
    annotations: tuple[Annotation, ...] = field(default=())
