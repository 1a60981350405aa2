"""Reads the configuration of a repository when it changed, or when a label there may be one that it names; reading it is what
makes its labels known. A check run tells of what could not be used, and of the day when all is right again.

A repository whose configuration never had a problem gets no check run.
"""

from dataclasses import replace

from app.domain.configuration import Settled
from app.domain.delivery import Repository
from app.domain.errors import GiveUp
from app.domain.job import Job, Outcome, Task
from app.domain.watch import Watched
from app.workflows.ports import Configuring, Step, inline

IGNORED, READ, TOLD = "ignored", "read", "told"
SHARED = ".github"
"""The repository of an owner whose configuration holds for all of theirs."""


def check_configuration(job: Job, outside: Configuring, step: Step = inline) -> Outcome:
    """Reads what the job's repository settles. A job with a number is about the label on that issue.

    Raises TryLater where GitHub could not answer now, GiveUp where the repository is gone.
    """
    repository = job.repository
    if repository is None:
        return Outcome(IGNORED, "The delivery named no repository.")
    settled = step("settings", outside.settled)
    if job.number is not None:
        labels = settled.configuration.labels
        again = (replace(job, task=Task.REPORT_ESCAPE),) if labels else ()
        return Outcome(READ, f"{repository.full_name} calls an escape {', '.join(labels) or 'what recall does'}.", again)
    installation = job.installation
    if repository.name.casefold() == SHARED and installation is not None:
        step("stale", lambda: outside.watches.stale(installation))
    return step("check", lambda: _tell(repository, installation, settled, outside))


def _tell(repository: Repository, installation: int | None, settled: Settled, outside: Configuring) -> Outcome:
    """Makes the check run say what is so now, where there is anything to say, and remembers whether it stands on a problem."""
    known = outside.watches.watched(repository.id)
    number, name = len(settled.problems), repository.full_name
    found = f"The configuration of {name} has {number} problem{'' if number == 1 else 's'}"
    if not settled.problems and not (known and known.broken):
        return Outcome(READ, f"{found}, and had none.")
    if not settled.configuration.checks:
        return Outcome(READ, f"{found}; check runs are turned off.")
    try:
        outside.checks.put(outside.render(settled))
    except GiveUp as refusal:
        return Outcome(READ, f"{found}, and no check run says so: {refusal}")
    broken = settled.commit if settled.problems else ""
    outside.watches.keep(repository.id, lambda known: replace(known or Watched(repository, installation), broken=broken))
    return Outcome(TOLD, f"{found}, as the check run on {settled.commit[:10]} says.")
