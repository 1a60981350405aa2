"""Forgets everything of an installation that was deleted; GitHub itself can no longer be asked by then."""

from app.domain.job import Job, Outcome
from app.workflows.ports import Records, Step, inline


def end_installation(job: Job, records: Records, step: Step = inline) -> Outcome:
    """Ends the job's installation. Needs no forge: its tokens are gone with it. Harmless when run again."""
    installation = job.installation
    if installation is None:
        return Outcome("ended", "The delivery named no installation; nothing was forgotten.")
    forgotten = step("forget", lambda: records.end_installation(installation))
    return Outcome("ended", f"Installation {installation} was deleted; {forgotten} recalls were forgotten.")
