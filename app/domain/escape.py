"""An escape: a labelled issue, and what it links to as its fix, each link with how it was found and how sure it is."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.domain.delivery import Actor, Repository


@dataclass(frozen=True, slots=True, order=True)
class IssueRef:
    """The address of one issue: the repository's numeric id and the issue's number."""

    repository_id: int
    number: int


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue as it stands now. `labels` keep the case people gave them; `created` is ISO 8601, "" where unknown."""

    repository: Repository
    number: int
    title: str
    body: str = ""
    state: str = "open"
    labels: tuple[str, ...] = ()
    locked: bool = False
    author: Actor | None = None
    url: str = ""
    created: str = ""

    @property
    def ref(self) -> IssueRef:
        """Where this issue is, as a key."""
        return IssueRef(self.repository.id, self.number)


class FixState(StrEnum):
    """How far a fix has come: only `MERGED` can be final; `OPEN` is a fix under way; `CLOSED` was given up."""

    MERGED = "merged"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Fix:
    """What is said to fix an escape: a pull request, or a bare commit (`pull` is None).

    `base` and `head` are what the change set is read between: for a merged fix the landed commit and its first parent
    (`base` None means "the first parent"), for an open pull request the tip of its base branch and its head (the range
    `base..head`, read from the merge base of the two). For a rebase merge `base` is the parent of its first commit.
    """

    repository: str
    head: str
    base: str | None = None
    pull: int | None = None
    state: FixState = FixState.MERGED
    title: str = ""
    url: str = ""


class LinkKind(StrEnum):
    """How a link between an issue and its fix was found, in falling order of trust."""

    ANSWER = "answer"
    CLOSED_BY_PULL = "closed-by-pull"
    CONNECTED = "connected"
    CLOSING_PULL = "closing-pull"
    CLOSED_BY_COMMIT = "closed-by-commit"
    WILL_CLOSE = "will-close"
    REFERENCED_COMMIT = "referenced-commit"
    TEXT = "text"
    CROSS_REFERENCE = "cross-reference"


@dataclass(frozen=True, slots=True)
class Link:
    """One candidate fix. `sure` is 0..1 and orders and words the link; `acted_on` is False where it is only shown."""

    kind: LinkKind
    fix: Fix
    sure: float
    acted_on: bool = True


@dataclass(frozen=True, slots=True)
class Dropped:
    """A link that was found and left out. `reason` is a slug: `other-repository`, `not-found` (the text names what is not
    there) or `too-many` (only the first ones were looked up). `name` is what it pointed at, empty where this issue's readers
    may not know of it.
    """

    reason: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Escape:
    """A labelled issue together with every link found for it, best first, and what was dropped with the reason.

    `comments` are the texts of people with triage rights, oldest first. `trusted` says that whoever set the label has
    triage rights too (an issue form can set it for an outsider); nothing that writes code is done for an untrusted one.
    `labelled_at` is when that was (ISO 8601), "" where it is not known.
    """

    issue: Issue
    links: tuple[Link, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    comments: tuple[str, ...] = field(default=(), repr=False)
    trusted: bool = True
    labelled_at: str = ""

    @property
    def fix(self) -> Fix | None:
        """The fix of the best link that may be acted on."""
        return next((link.fix for link in self.links if link.acted_on), None)

    @property
    def text(self) -> str:
        """What may be searched for places: the issue's own text, and the comments of people with triage rights."""
        return "\n\n".join(part for part in (self.issue.title, self.issue.body, *self.comments) if part)

    def without(self, pull: int | None) -> "Escape":
        """The same without that pull request among the links: recall's own draft is no fix, however it is mentioned."""
        if pull is None:
            return self
        home = self.issue.repository.full_name.casefold()
        kept = (link for link in self.links if link.fix.pull != pull or link.fix.repository.casefold() != home)
        return replace(self, links=tuple(kept))
