"""Which jobs a delivery asks for: a pure table. Jobs re-read everything, so a row only says "look at that issue again".

Deliveries that the payload alone shows to be of no consequence (another label, an issue without the label, our own bot's
doing) plan nothing, and so cost neither a job nor a request.
"""

from collections.abc import Callable

from app.domain.ci import BASELINE_EVENTS
from app.domain.comment import MARKER_PREFIX
from app.domain.delivery import Delivery
from app.domain.job import Job, Task

Applies = Callable[[Delivery, str], bool]


def plan(delivery: Delivery, *, label: str, me: str | None) -> tuple[Job, ...]:
    """The jobs for a delivery. `label` is the configured one, compared without case; `me` is our login (`slug[bot]`).

    With `me` unknown, our own comments are still recognised by their marker and their author's being a bot.
    """
    if _ours(delivery, me):
        return ()
    row = _TABLE.get((delivery.event, delivery.action or ""))
    if row is None:
        return ()
    task, applies = row
    return (_job(task, delivery),) if applies(delivery, label) else ()


def _job(task: Task, delivery: Delivery) -> Job:
    return Job(
        task=task,
        delivery=delivery.id,
        installation=delivery.installation,
        repository=delivery.repository,
        number=delivery.number,
        sender=delivery.sender.login if delivery.sender else None,
        text=delivery.text if task is Task.RESUME_ESCAPES else "",
    )


def _ours(delivery: Delivery, me: str | None) -> bool:
    sender = delivery.sender
    if sender is None or sender.type != "Bot":
        return False
    if me is not None:
        return sender.login.casefold() == me.casefold()
    return delivery.event == "issue_comment" and delivery.text.startswith(MARKER_PREFIX)


def _about_the_label(delivery: Delivery, label: str) -> bool:
    """A label came or went: the one this delivery is about counts, since each label of an issue sends its own delivery."""
    return _on_issue(delivery) and (delivery.label or "").casefold() == label.casefold()


def _carries_the_label(delivery: Delivery, label: str) -> bool:
    return _on_issue(delivery) and any(name.casefold() == label.casefold() for name in delivery.labels)


def _on_issue(delivery: Delivery) -> bool:
    return delivery.repository is not None and delivery.number is not None and not delivery.on_pull


def _on_pull(delivery: Delivery, _label: str) -> bool:
    return delivery.repository is not None and delivery.number is not None and delivery.on_pull


def _of_installation(delivery: Delivery, _label: str) -> bool:
    return delivery.installation is not None


def _may_be_baseline(delivery: Delivery, _label: str) -> bool:
    """Only a run on the default branch, of the repository's own code, can bring a map that anything is answered from."""
    run, home = delivery.run, delivery.repository
    if run is None or home is None or delivery.number is None:
        return False
    return run.event in BASELINE_EVENTS and run.branch == home.default_branch and run.head == home.id


_TABLE: dict[tuple[str, str], tuple[Task, Applies]] = {
    ("issues", "labeled"): (Task.REPORT_ESCAPE, _about_the_label),
    ("issues", "unlabeled"): (Task.REPORT_ESCAPE, _about_the_label),
    **{
        ("issues", action): (Task.REPORT_ESCAPE, _carries_the_label)
        for action in ("edited", "closed", "reopened", "transferred", "deleted", "locked", "unlocked")
    },
    ("issue_comment", "created"): (Task.REPORT_ESCAPE, _carries_the_label),
    ("issue_comment", "edited"): (Task.REPORT_ESCAPE, _carries_the_label),
    **{
        ("pull_request", action): (Task.RESUME_ESCAPES, _on_pull)
        for action in ("opened", "edited", "synchronize", "reopened", "closed", "ready_for_review")
    },
    ("workflow_run", "completed"): (Task.LEARN_MAP, _may_be_baseline),
    ("installation", "deleted"): (Task.END_INSTALLATION, _of_installation),
}
