"""Goes on with the recalls that a pull request may be the fix of; looking at each issue again is `report_escape`'s."""

from app.analysis.mentions import issues_named
from app.domain.job import Job, Outcome, Task
from app.workflows.ports import Records, Step, inline


def resume_escapes(job: Job, records: Records, step: Step = inline, *, web_url: str = "https://github.com") -> Outcome:
    """Asks for a new report on each recall that the pull request names in its text, or whose report is about it.

    Reads only what is remembered: a repository without recalls costs no request.
    """
    repository = job.repository
    if repository is None:
        return Outcome("ignored", "The delivery named no repository.")
    recalls = step("recalls", lambda: records.recalls(repository.id))
    named = issues_named(job.text, repository.full_name, web_url) if recalls else frozenset()
    following = tuple(
        Job(Task.REPORT_ESCAPE, job.delivery, job.installation, repository, number=recall.number, sender=job.sender)
        for recall in recalls
        if recall.number in named or (recall.fix_pull is not None and recall.fix_pull == job.number)
    )
    return Outcome("resumed", f"Pull request {job.number} concerns {len(following)} of {len(recalls)} recalls.", following)
