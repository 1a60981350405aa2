"""Goes on with the recalls that a pull request may be the fix of; looking at each issue again is `report_escape`'s."""

from app.analysis.mentions import issues_named
from app.domain.job import Job, Outcome, Recall, Task
from app.workflows.ports import Records, Step, inline


def resume_escapes(job: Job, records: Records, step: Step = inline, *, web_url: str = "https://github.com") -> Outcome:
    """Asks for a new report on each recall that the pull request names in its text, or whose report is about it,
    and for a look at the draft that it is itself.

    Reads only what is remembered: a repository without recalls costs no request.
    """
    repository = job.repository
    if repository is None:
        return Outcome("ignored", "The delivery named no repository.")
    recalls = step("recalls", lambda: records.recalls(repository.id))
    named = issues_named(job.text, repository.full_name, web_url) if recalls else frozenset()
    following = tuple(
        Job(task, job.delivery, job.installation, repository, number=recall.number, sender=job.sender)
        for recall in recalls
        if (task := _task(recall, job.number, named)) is not None
    )
    return Outcome("resumed", f"Pull request {job.number} concerns {len(following)} of {len(recalls)} recalls.", following)


def _task(recall: Recall, pull: int | None, named: frozenset[int]) -> Task | None:
    """What to look at again: the draft where the pull request is the draft itself, else the report."""
    if recall.guard.pull is not None and recall.guard.pull == pull:
        return Task.DRAFT_TEST
    concerned = recall.number in named or (recall.fix_pull is not None and recall.fix_pull == pull)
    return Task.REPORT_ESCAPE if concerned else None
