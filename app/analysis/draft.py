"""Decides what becomes of the draft pull request of one issue: ordered rules, each with a stable reason. Writes nothing.

The sentence that people read is made from the reason (`templates/words/draft.j2`); doing it is `app.workflows.draft_test`'s.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.configuration import Configuration, Fallback
from app.domain.correction import Corrections
from app.domain.delivery import Actor
from app.domain.draft import DRAFT_MARKER, Branch, DraftPull, DraftState, ProofState, PullState, Refusal, Rights
from app.domain.escape import Escape, Fix, FixState
from app.domain.report import Lead, Report

PLAIN_PREFIX = "Draft: "
"""What the title of a pull request begins with that cannot be a draft on GitHub."""

_LARGEST = 1_000_000  # characters of a test file; GitHub names no bound, and no test needs more
_NO_PLACE = frozenset({Lead.NO_CODE, Lead.NOTHING_NAMED})
_UNPROVEN = frozenset({ProofState.NOT_PROVED, ProofState.FLAKY})


class Act(StrEnum):
    """What is to be done. `TELL` leaves the draft as it is and says why; `PATCH` shows the change as text."""

    LEAVE = "leave"
    TELL = "tell"
    CLOSE = "close"
    PATCH = "patch"
    BRANCH = "branch"
    CREATE = "create"
    UPDATE = "update"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done, where the draft stands then, and the reason as a slug ("" where none needs saying)."""

    act: Act
    state: DraftState
    why: str = ""

    @property
    def writes_code(self) -> bool:
        """Whether a test has to be written for it."""
        return self.act in (Act.PATCH, Act.BRANCH, Act.CREATE, Act.UPDATE, Act.REOPEN)


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that the decision rests on. `escape` is None once the label was taken off; `report` None where there is none.

    `landed` says that the default branch holds the fix, `opened` how many drafts were opened within a day, `known` how the draft
    stood when recall last looked. `me` is recall itself. `said` is what people said of the recall, `trusted` whether recall was
    right often enough to open drafts by itself.
    """

    me: Actor
    escape: Escape | None
    report: Report | None = None
    landed: bool = True
    configuration: Configuration = field(default_factory=Configuration)
    rights: Rights = field(default_factory=Rights)
    branch: Branch | None = None
    pull: DraftPull | None = None
    opened: int = 0
    known: DraftState = DraftState.NONE
    proof: ProofState = ProofState.UNKNOWN
    said: Corrections = field(default_factory=Corrections)
    trusted: bool = True

    @property
    def asked(self) -> bool:
        """Whether somebody with triage rights asked for a draft: it outweighs what recall would leave of itself."""
        return self.said.draft


def decide(standing: Standing) -> Decision:
    """What the first rule says that applies. What people did comes first: nothing that recall knows outweighs it."""
    return next(decision for rule in _RULES if (decision := rule(standing)) is not None)


def fall_back(fallback: Fallback) -> Decision:
    """What to do where the plan of the repository has no drafts."""
    why = Refusal.DRAFTS
    match fallback:
        case Fallback.PULL_REQUEST:
            return Decision(Act.CREATE, DraftState.OPEN, why)
        case Fallback.BRANCH:
            return Decision(Act.BRANCH, DraftState.BRANCH, why)
        case Fallback.PATCH:
            return Decision(Act.PATCH, DraftState.PATCH, why)


def worked_on(pull: DraftPull, branch: Branch | None) -> bool:
    """Whether somebody made it theirs: a commit that is not recall's, a branch that is gone, calling it ready, or a body of their
    own without recall's first line.
    """
    ready = not pull.draft and not pull.title.startswith(PLAIN_PREFIX)
    return branch is None or not branch.ours or ready or not pull.body.startswith(DRAFT_MARKER)


def may_write(path: str, text: str) -> str:
    """Why recall must not write that file; "" if it may. Nothing below `.github/` or `.git/` ever, whatever named it."""
    parts = path.casefold().split("/")
    if not path or any(part in ("", ".", "..") for part in parts) or parts[0] in (".github", ".git") or "\0" in path:
        return "place-off-limits"
    return "too-large" if len(text) > _LARGEST else ""


def unwanted(standing: Standing) -> str:
    """Why no test is written at all, as a slug; "" where one is wanted."""
    return next((why for why, applies in _UNWANTED if applies(standing)), "")


def _by_people(standing: Standing) -> Decision | None:
    """What a merge or a close settles, until somebody asks for another draft; recall's own close, on a label that was taken off,
    settles nothing.
    """
    pull, branch = standing.pull, standing.branch
    if pull is None or pull.state is PullState.OPEN:
        return None
    if pull.state is PullState.MERGED:
        return Decision(Act.LEAVE, DraftState.MERGED)
    by_us = pull.closed_by == standing.me and branch is not None and branch.ours
    open_again = standing.asked and standing.escape is not None and (branch is None or branch.ours)
    return None if by_us or open_again else Decision(Act.LEAVE, DraftState.CLOSED, "closed")


def _withdrawn(standing: Standing) -> Decision | None:
    """The label is gone: so is the draft, unless people have worked on it."""
    pull, why = standing.pull, "withdrawn"
    if standing.escape is not None:
        return None
    if pull is None and standing.known is DraftState.BRANCH and standing.branch is not None and standing.branch.ours:
        return Decision(Act.CLOSE, DraftState.NONE, why)
    if pull is None or pull.state is PullState.CLOSED:
        return Decision(Act.LEAVE, DraftState.NONE if pull is None else DraftState.CLOSED, why)
    theirs = worked_on(pull, standing.branch)
    return Decision(Act.TELL if theirs else Act.CLOSE, DraftState.THEIRS if theirs else DraftState.CLOSED, why)


def _theirs(standing: Standing) -> Decision | None:
    """People work on it, or on the branch that stands for it."""
    pull, branch = standing.pull, standing.branch
    if pull is None:
        taken = standing.known is DraftState.BRANCH and branch is not None and not branch.ours
        return Decision(Act.LEAVE, DraftState.BRANCH) if taken else None
    theirs = pull.state is PullState.OPEN and worked_on(pull, branch)
    return Decision(Act.LEAVE, DraftState.THEIRS) if theirs else None


def _unwanted(standing: Standing) -> Decision | None:
    """No test is wanted. A draft that is there stays: what made it welcome may only be out of sight for a while."""
    if not (why := unwanted(standing)):
        return None
    stays = standing.pull is not None and standing.pull.state is PullState.OPEN
    return Decision(Act.LEAVE, DraftState.OPEN if stays else DraftState.NONE, why)


def _again(standing: Standing) -> Decision | None:
    """The draft that is there is brought up to date, and opened again where recall itself had closed it, or was asked to. What
    was closed with its branch is gone: it cannot be opened again.
    """
    pull = standing.pull
    if pull is None or (pull.state is PullState.CLOSED and standing.branch is None):
        return None
    why = Refusal.DRAFTS if pull.title.startswith(PLAIN_PREFIX) else ""
    return Decision(Act.UPDATE if pull.state is PullState.OPEN else Act.REOPEN, DraftState.OPEN, why)


def _shown(standing: Standing) -> Decision | None:
    """The test may not be written, only be shown."""
    why = next((why for why, applies in _UNWRITABLE if applies(standing)), "")
    return Decision(Act.PATCH, DraftState.PATCH, why) if why else None


def _written(_: Standing) -> Decision:
    """Nothing stands in the way."""
    return Decision(Act.CREATE, DraftState.OPEN)


def _fix(standing: Standing) -> Fix | None:
    return standing.escape.fix if standing.escape else None


def _is_elsewhere(standing: Standing) -> bool:
    escape, fix = standing.escape, _fix(standing)
    if escape is None:
        return False
    if fix is None:
        return any(one.reason == "other-repository" for one in escape.dropped)
    return fix.repository.casefold() != escape.issue.repository.full_name.casefold()


def _is_not_merged(standing: Standing) -> bool:
    fix = _fix(standing)
    return fix is None or fix.state is not FixState.MERGED


def _has_no_place(standing: Standing) -> bool:
    report = standing.report
    return report is None or report.verdict.leads in _NO_PLACE or report.placement is None


def _has_test(standing: Standing) -> bool:
    """The fix brought a test, and no run has shown that it proves nothing."""
    return bool(standing.report and standing.report.tests_in_fix) and standing.proof not in _UNPROVEN and not standing.asked


def _is_untrusted(standing: Standing) -> bool:
    return standing.escape is not None and not standing.escape.trusted and not standing.asked


_RULES: tuple[Callable[[Standing], Decision | None], ...] = (_by_people, _withdrawn, _theirs, _unwanted, _again, _shown, _written)

_UNWANTED: tuple[tuple[str, Callable[[Standing], bool]], ...] = (
    ("fix-elsewhere", _is_elsewhere),
    ("no-fix", lambda standing: _fix(standing) is None),
    ("not-merged", _is_not_merged),
    ("untrusted", _is_untrusted),
    ("quiet", lambda standing: standing.said.quiet and not standing.asked),
    ("no-place", _has_no_place),
    ("fix-has-test", _has_test),
    ("not-landed", lambda standing: not standing.landed),
)

_UNWRITABLE: tuple[tuple[str, Callable[[Standing], bool]], ...] = (
    ("off", lambda standing: not standing.configuration.drafts or standing.configuration.drafts_per_day == 0),
    ("no-permission", lambda standing: not (standing.rights.contents_write and standing.rights.pulls_write)),
    ("branch-taken", lambda standing: standing.branch is not None and not standing.branch.ours),
    ("cap", lambda standing: standing.opened >= standing.configuration.drafts_per_day and not standing.asked),
    ("not-right-enough", lambda standing: not standing.trusted and not standing.asked),
)
