"""Does what a person asked for by ticking boxes of the digest, then has it written anew with the boxes empty again.

The boxes come with the delivery, since a digest that is written in between empties them.
"""

from dataclasses import replace
from functools import partial

from app.analysis.boxes import heard
from app.domain.digest import Box, digest_marker
from app.domain.errors import GiveUp
from app.domain.job import Job, Outcome, Task
from app.domain.rolling import Occasion
from app.workflows.ports import Step, Ticking, inline

IGNORED = "ignored"


def tick_boxes(job: Job, ticking: Ticking, step: Step = inline) -> Outcome:
    """Does what each ticked box says, for people with triage rights alone. Each effect can be brought about twice.

    Raises TryLater where GitHub could not answer now.
    """
    if job.repository is None or job.number is None or job.sender is None:
        return Outcome(IGNORED, "The delivery named no issue, or nobody who ticked anything.")
    sender, called = job.sender, job.repository
    home = step("home", ticking.forge.repository)
    standing = step("find", lambda: ticking.digests(home).found(digest_marker(home.id)))
    if standing is None or standing.number != job.number or not standing.open:
        return Outcome(IGNORED, f"{home.full_name}#{job.number} is no digest of ours.")
    if step("settled", lambda: ticking.settled().configuration.dry_run):
        return Outcome(IGNORED, f"Nothing is written to {home.full_name}, so no box is followed there.")
    anew = replace(job, task=Task.SEND_DIGEST, number=None, sender=None, text=Occasion.AGAIN)
    if not step("rights", lambda: ticking.forge.can_triage(sender)):
        return Outcome("refused", f"Whoever ticked boxes of {home.full_name}#{job.number} has no triage rights there.", (anew,))
    known = [(box, issue) for box, issue in heard(job.text) if ticking.records.recall(called.id, issue) is not None]
    following = [step(f"{box} {issue}", partial(_done, job, box, issue, ticking)) for box, issue in known]
    named = ", ".join(f"{box} #{issue}" for box, issue in known) or "nothing that is known"
    return Outcome("ticked", f"Ticked in {home.full_name}: {named}.", (*dict.fromkeys(following), anew))


def _done(job: Job, box: Box, issue: int, ticking: Ticking) -> Job:
    """What is remembered or written of it, and the job that brings it about."""
    about = replace(job, task=Task.REPORT_ESCAPE, number=issue, text="")
    match box:
        case Box.DRAFT:
            repository = job.repository.id if job.repository else 0
            ticking.records.keep_said(repository, issue, lambda said: replace(said, draft=True))
            return replace(about, task=Task.DRAFT_TEST)
        case Box.WITHDRAW:
            _unlabel(issue, ticking)
    return about


def _unlabel(issue: int, ticking: Ticking) -> None:
    """An issue that is gone has no label any more; what became of it is the report's to find out."""
    try:
        ticking.unlabel(issue)
    except GiveUp:
        return
