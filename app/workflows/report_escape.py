"""Makes the comment on one labelled issue true: reads the issue again, decides what can be said, and says it once.

Nothing is taken over from the delivery but the issue's address, and every effect looks before it writes. So the job can be
run twice, late, or killed at any point and run again, and ends in exactly one right comment.
"""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from app.analysis.labels import escape_label, escape_labels
from app.analysis.proofs import forgotten
from app.domain.comment import Comment, CommentFacts, marker
from app.domain.configuration import Settled
from app.domain.correction import Corrections
from app.domain.course import Course, Moment, Stage
from app.domain.culprit import Speech
from app.domain.draft import Guard, ProofState
from app.domain.errors import GiveUp, TellUser
from app.domain.escape import Escape, Fix, FixState, Link
from app.domain.green import Ledger
from app.domain.job import Job, Outcome, Recall, State, Task
from app.domain.report import Lead, Report
from app.domain.unchecked import Unchecked
from app.render.machine import report_json
from app.workflows.one_comment import edit, ours, post
from app.workflows.ports import Outside, Step, inline

IGNORED = "ignored"


def report_escape(job: Job, outside: Outside, step: Step = inline) -> Outcome:
    """Upserts the comment on the job's issue. The outcome's state is a `State`, or `ignored` where there is nothing to say.

    Final states (deleted, transferred, locked, archived, suspended, forbidden) are remembered and returned, not raised.
    Raises TryLater where GitHub or git could not answer now.
    """
    if job.repository is None or job.number is None:
        return Outcome(IGNORED, "The delivery named no issue.")
    repository, number = job.repository, job.number
    known = step("recall", lambda: outside.records.recall(repository.id, number))
    outdated, settled = False, Settled()
    try:
        settled = step("settings", outside.settled)
        facts = _gather(number, known, outside, settled, step)
        if known and (outdated := _is_of_another_fix(known, facts)):
            guard = step("forget", lambda: outside.records.keep_guard(repository.id, number, forgotten))
            facts = replace(facts, guard=guard)
        speaks = settled.configuration.comments and not facts.said.quiet
        comment = step("comment", lambda: _put(outside, facts, known)) if speaks else None
    except GiveUp as end:
        final = Recall(repository.id, number, job.installation, repository.full_name, State(end.state))
        kept = replace(known, state=final.state, installation=job.installation) if known else final
        step("remember", lambda: outside.records.save(kept))
        return Outcome(end.state, str(end))
    if facts.state is State.WITHDRAWN and comment is None and known is None:
        return Outcome(IGNORED, f"{repository.full_name}#{number} does not carry the label, and never had a comment.")
    recall = _remembered(job, facts, comment, known)
    step("remember", lambda: outside.records.save(recall))
    sentence = _sentence(facts, comment, off=not settled.configuration.comments)
    return Outcome(facts.state, sentence, _next(job, facts, outdated=outdated))


def _gather(number: int, known: Recall | None, outside: Outside, settled: Settled, step: Step) -> CommentFacts:
    """What is to be said of the issue as it stands now. Raises GiveUp where nothing can be said any more."""
    guard, said = (known.guard, known.said) if known else (Guard(), Corrections())
    issue = step("issue", lambda: outside.forge.issue(number))
    if issue.repository.archived:
        raise GiveUp(f"{issue.repository.full_name} is archived, so it takes no comments.", State.ARCHIVED)
    if not escape_label(issue.labels, escape_labels(settled.configuration, outside.label)):
        return CommentFacts(issue, State.WITHDRAWN, outside.web_url, guard=guard, said=said)
    if issue.locked:
        raise GiveUp(f"{issue.repository.full_name}#{number} is locked, so it takes no comments.", State.LOCKED)
    escape = step("links", lambda: outside.forge.escape(issue, said.fix).without(guard.pull))
    link = next((link for link in escape.links if link.acted_on), None)
    explained = step("explain", lambda: _explain(escape, link, said, outside))
    told = decide(escape, link, explained, outside.web_url)
    return replace(told, guard=guard, said=said, problems=settled.problems, ledger=explained.ledger if told.report else None)


@dataclass(frozen=True, slots=True)
class Explained:
    """The report, with why the change that let the bug in was green where that change is known; or the one sentence that says
    why there is no report.
    """

    report: Report | None = None
    ledger: Ledger | None = None
    problem: str | None = None


def _explain(escape: Escape, link: Link | None, said: Corrections, outside: Outside) -> Explained:
    """Fetches the code and asks the engine. The token for it lives only in here, so that no checkpoint holds it."""
    repository = escape.issue.repository
    fix = link.fix if link else None
    try:
        with outside.mirrors.fetch(repository, outside.forge.remote(), fix) as mirror:
            explained = _asked(mirror, escape, fix, said, outside)
            return replace(explained, ledger=_why_green(mirror, explained.report, escape, fix, outside))
    except TellUser as problem:
        return Explained(problem=str(problem))


def _why_green(mirror: Path, report: Report | None, escape: Escape, fix: Fix | None, outside: Outside) -> Ledger | None:
    """Of two changes that can hardly be told apart the first is looked at, and that is said."""
    origin = report.origin if report else None
    if report is None or origin is None or origin.culprit is None or outside.landed is None or outside.look_back is None:
        return None
    known = next((suspect for suspect in origin.suspects if suspect.sha == origin.culprit), None)
    pull, when = (known.pull_request, known.when) if known else (None, None)
    ledger = outside.landed(origin.culprit, pull, when)
    merged = fix is not None and fix.state is FixState.MERGED
    full = outside.look_back(mirror, ledger, report, reported=escape.issue.created, landed=merged, maps=outside.maps)
    one_of_two = (Unchecked("green-of-first"),) if origin.close else ()
    return replace(full, unchecked=(*one_of_two, *full.unchecked))


def _trusted_text(escape: Escape, outside: Outside) -> str:
    """What people with triage rights wrote. Anybody may have opened the issue, whose word is not to lay blame on a commit."""
    author = escape.issue.author
    if author is not None and outside.forge.can_triage(author.login):
        return escape.text
    return "\n\n".join(escape.comments)


def _asked(mirror: Path, escape: Escape, fix: Fix | None, said: Corrections, outside: Outside) -> Explained:
    speech = Speech(_trusted_text(escape, outside), said, escape.issue.repository.full_name, outside.web_url)
    try:
        return Explained(report=outside.explain(mirror, fix=fix, text=escape.text, maps=outside.maps, speech=speech))
    except TellUser as problem:
        # The sentence is going to be read in public, so it must not name this machine's folders.
        return Explained(problem=str(problem).replace(str(mirror), escape.issue.repository.full_name))


def decide(escape: Escape, link: Link | None, explained: Explained, web_url: str) -> CommentFacts:
    """Which comment it is: on a merged fix (reported), on a fix under way or on named places (provisional), or a question."""
    report = explained.report
    merged = link is not None and link.fix.state is FixState.MERGED
    speaks = report is not None and report.verdict.leads is not Lead.NOTHING_NAMED
    state = State.WAITING if not speaks else State.REPORTED if merged else State.PROVISIONAL
    return CommentFacts(
        issue=escape.issue,
        state=state,
        web_url=web_url,
        escape=escape,
        link=link,
        report=report if speaks or merged else None,
        question=state is not State.REPORTED,
        provisional=state is State.PROVISIONAL,
        problem=explained.problem,
        base=report.base if report else None,
    )


def _put(outside: Outside, facts: CommentFacts, known: Recall | None) -> Comment | None:
    """The one comment, as it should be. None where there is none to change: never made (withdrawn), or deleted by a person.

    A comment that somebody deleted is not made again until the label is taken away and set anew.
    """
    forge, body, mark = outside.forge, outside.render(facts), marker(facts.issue.ref)
    standing = ours(forge, facts.issue.number, mark)
    if not standing:
        deleted = known is not None and known.comment_id is not None and known.state is not State.WITHDRAWN
        if deleted or facts.state is State.WITHDRAWN:
            return None
        return post(forge, facts.issue.number, mark, body)
    first, *others = standing
    for other in others:
        forge.update_comment(
            other.id, outside.render(CommentFacts(facts.issue, facts.state, facts.web_url, duplicate_of=first.id))
        )
    return edit(forge, first, body)


def _remembered(job: Job, facts: CommentFacts, comment: Comment | None, known: Recall | None) -> Recall:
    """The id of a comment that a person deleted is kept, so that it stays known as deleted."""
    fix = facts.link.fix if facts.link else None
    issue = facts.issue
    deleted = known.comment_id if known else None
    return Recall(
        repository_id=issue.repository.id,
        number=issue.number,
        installation=job.installation,
        repository=issue.repository.full_name,
        state=facts.state,
        comment_id=comment.id if comment else deleted,
        fix_pull=fix.pull if fix else None,
        fix_head=fix.head if fix else None,
        report=json.dumps(report_json(facts.report)) if facts.report else None,
        title=issue.title,
        course=_since_the_label(facts.escape),
    )


def _since_the_label(escape: Escape | None) -> Course:
    """The first moment of a course: when the label was set, which may be long before this job. Known courses are kept as is."""
    try:
        when = datetime.fromisoformat(escape.labelled_at if escape else "").astimezone(UTC)
    except ValueError:
        return Course()
    return Course((Moment(Stage.LABELLED, when.isoformat(timespec="seconds")),))


def _is_of_another_fix(known: Recall, facts: CommentFacts) -> bool:
    """Whether what is proved was proved of another fix than the issue has now. A pull request that was merged stays the same fix;
    where none was known in between, only a receipt on this very commit is of it.
    """
    fix, guard = facts.link.fix if facts.link else None, known.guard
    if fix is None or guard.proof is ProofState.UNKNOWN or fix.head == known.fix_head:
        return False
    if known.fix_head is None:
        return f'"{fix.head}"' not in guard.receipt
    return fix.pull is None or fix.pull != known.fix_pull


def _next(job: Job, facts: CommentFacts, *, outdated: bool) -> tuple[Job, ...]:
    """The draft is looked at wherever one may be wanted, and wherever there is one to look after; and the check run on a fix that
    is under way, and on a draft whose proof is outdated.
    """
    elsewhere = facts.escape is not None and any(one.reason == "other-repository" for one in facts.escape.dropped)
    wanted = facts.state is State.REPORTED or facts.guard != Guard() or elsewhere
    fix = facts.link.fix if facts.link else None
    under_way = fix.pull if fix is not None and fix.state is FixState.OPEN else None
    checked = dict.fromkeys((under_way, facts.guard.pull if outdated else None))
    return (
        *((replace(job, task=Task.DRAFT_TEST),) if wanted else ()),
        *(replace(job, task=Task.CHECK_PROOF, number=pull) for pull in checked if pull is not None),
    )


def _sentence(facts: CommentFacts, comment: Comment | None, *, off: bool) -> str:
    about = f"fix {facts.link.fix.head[:10]} ({facts.link.kind})" if facts.link else "no fix"
    why = "they are turned off" if off else "people asked for silence" if facts.said.quiet else "a person deleted it"
    where = f"comment {comment.id}" if comment else f"no comment, since {why}"
    return f"{facts.repository}#{facts.issue.number}: {facts.state}, {about}, {where}."
