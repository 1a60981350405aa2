"""How the draft of a labelled issue stands: everything that is read before anything about it is decided or written."""

from dataclasses import dataclass, replace

from app.analysis.draft import Standing
from app.analysis.labels import escape_label, escape_labels
from app.analysis.rightness import is_trusted, rightness
from app.domain.configuration import Configuration
from app.domain.correction import Corrections
from app.domain.draft import BRANCH_PREFIX, Guard, Refusal, draft_prefix
from app.domain.errors import GiveUp, TellUser
from app.domain.escape import Escape, Fix, FixState, Issue
from app.domain.job import State
from app.domain.report import Report
from app.domain.slash import asked_key
from app.workflows.ports import Drafting, Step

_DAY = 24.0


@dataclass(frozen=True, slots=True)
class Recalled:
    """One issue within one job, with what is remembered of its draft."""

    number: int
    guard: Guard
    said: Corrections
    drafting: Drafting
    step: Step

    @property
    def branch(self) -> str:
        """The name of the branch that is recall's for the issue."""
        return f"{BRANCH_PREFIX}{self.number}"


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything read before deciding. `without_drafts` says that this repository is known to offer none, `label` is the issue's
    own that marks the escape.
    """

    issue: Issue
    standing: Standing
    tip: str
    without_drafts: bool = False
    label: str = ""


def gather(of: Recalled) -> Seen:
    """Reads all of it, in steps. Raises GiveUp where the issue or the repository is out of reach for good."""
    forge = of.drafting.outside.forge
    issue = of.step("issue", lambda: forge.issue(of.number))
    if issue.repository.archived:
        raise GiveUp(f"{issue.repository.full_name} is archived, so nothing is written there.", State.ARCHIVED)
    outside = of.drafting.outside
    configuration = of.step("settings", outside.settled).configuration
    label = escape_label(issue.labels, escape_labels(configuration, outside.label))
    escape = of.step("links", lambda: _escape(of, issue)) if label else None
    return replace(of.step("standing", lambda: _standing(of, issue, escape, configuration)), label=label)


def _escape(of: Recalled, issue: Issue) -> Escape:
    """The escape as people's words make it: the fix that they named, and a label that recall itself set for one of them."""
    outside = of.drafting.outside
    escape = outside.forge.escape(issue, of.said.fix).without(of.guard.pull)
    asked = outside.records.followed(issue.repository.id, asked_key(issue.number))
    return replace(escape, trusted=escape.trusted or asked)


def _standing(of: Recalled, issue: Issue, escape: Escape | None, configuration: Configuration) -> Seen:
    """Everything that the decision rests on, read now."""
    drafts, tip = of.drafting.drafts, of.drafting.drafts.tip()
    fix = escape.fix if escape else None
    merged = fix if fix is not None and fix.state is FixState.MERGED else None
    standing = Standing(
        me=of.drafting.outside.forge.me(),
        escape=escape,
        report=_report(of, escape, merged) if escape and merged else None,
        landed=merged is None or drafts.holds(merged.head),
        configuration=configuration,
        rights=drafts.rights(),
        branch=drafts.branch(of.branch),
        pull=drafts.pull_of(of.branch, draft_prefix(issue.ref), of.guard.pull),
        opened=drafts.opened_since(_DAY),
        known=of.guard.draft,
        proof=of.guard.proof,
        said=of.said,
        trusted=is_trusted(rightness(of.drafting.outside.records.history(issue.repository.id)), configuration.least_right),
    )
    return Seen(issue, standing, tip, _without_drafts(of, issue))


def _report(of: Recalled, escape: Escape, fix: Fix) -> Report | None:
    """The report on the fix; None where there can be none, which the comment says."""
    outside = of.drafting.outside
    try:
        with outside.mirrors.fetch(escape.issue.repository, outside.forge.remote(), fix) as mirror:
            return outside.explain(mirror, fix=fix, text=escape.text, maps=outside.maps)
    except TellUser:
        return None


def _without_drafts(of: Recalled, issue: Issue) -> bool:
    """Whether the repository was seen to offer no drafts: then none is tried again, but on a label that was set anew."""
    if of.guard.why == "withdrawn":
        return False
    return any(recall.guard.why == Refusal.DRAFTS for recall in of.drafting.outside.records.recalls(issue.repository.id))


def told(seen: Seen) -> tuple[Fix, Report]:
    """What no decision writes a test without. Raises ValueError where one did."""
    fix, report = seen.standing.escape.fix if seen.standing.escape else None, seen.standing.report
    if fix is None or report is None:
        raise ValueError("a test was to be written without a fix or without a report on it")
    return fix, report
