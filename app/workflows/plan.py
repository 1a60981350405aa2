"""Which jobs a delivery asks for: a pure table. Jobs re-read everything, so a row only says "look at that issue again".

Deliveries that the payload alone shows to be of no consequence (another label, an issue without the label, our own bot's
doing) plan nothing, and so cost neither a job nor a request.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.analysis.boxes import newly_ticked
from app.analysis.boxes import told as told_boxes
from app.analysis.labels import escape_label, is_escape_label
from app.analysis.proofs import CHALLENGE_EVENTS
from app.analysis.slash import brought_commands, new_commands, told
from app.domain.ci import BASELINE_EVENTS
from app.domain.comment import MARKER_PREFIX
from app.domain.delivery import Delivery
from app.domain.digest import DIGEST_MARKER
from app.domain.job import Job, Task
from app.domain.slash import SlashCommand


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels that mark an escape in a repository; `known` says that its configuration was read at all."""

    names: tuple[str, ...]
    known: bool


Applies = Callable[[Delivery, Labels], bool]

_CHECK = re.compile(r"recall:v1 (proof|review) ([1-9][0-9]{0,9})")
_BUTTONS = {"prove": "prove", "draft": "draft", "quiet": "quiet", "again": ""}


def plan(delivery: Delivery, *, label: str, me: str | None, labels: tuple[str, ...] | None = None) -> tuple[Job, ...]:
    """The jobs for a delivery. `label` is the one that recall is set to, `labels` are those that the repository's configuration
    had when it was last read, () for none of its own; None where it never was. `me` is our login (`slug[bot]`).

    With `me` unknown, our own comments are still recognised by their marker and their author's being a bot.
    """
    if _ours(delivery, me):
        return ()
    in_force = Labels(labels or (label,), known=labels is not None)
    rows = _TABLE.get((delivery.event, delivery.action or ""), ())
    return tuple(_job(task, delivery) for task, applies in rows if applies(delivery, in_force))


def _job(task: Task, delivery: Delivery) -> Job:
    return Job(
        task=task,
        delivery=delivery.id,
        installation=delivery.installation,
        repository=delivery.repository,
        number=_pull_of(delivery) if delivery.event == "check_run" else delivery.number,
        sender=delivery.sender.login if delivery.sender else None,
        text=_TEXTS[task](delivery) if task in _TEXTS else "",
        comment=delivery.comment if task is Task.FOLLOW_COMMAND else None,
    )


def _asked(delivery: Delivery) -> str:
    """What a comment or a button asks for, as `app.analysis.slash.told` writes it down."""
    return _BUTTONS[delivery.button] if delivery.button else told(_commands(delivery))


def _ticked(delivery: Delivery) -> str:
    """Which boxes of our digest a person ticked with this edit."""
    return told_boxes(newly_ticked(delivery.text, delivery.before))


_TEXTS: dict[Task, Callable[[Delivery], str]] = {
    Task.RESUME_ESCAPES: lambda delivery: delivery.text,
    Task.FOLLOW_COMMAND: _asked,
    Task.TICK_BOXES: _ticked,
}
"""What of a delivery its job is told; the rest is read again."""


def _ours(delivery: Delivery, me: str | None) -> bool:
    """Whether we caused it ourselves. A run is heard even so: those on the drafts that we open are in our name."""
    sender = delivery.sender
    if sender is None or sender.type != "Bot" or delivery.run is not None:
        return False
    if me is not None:
        return sender.login.casefold() == me.casefold()
    return delivery.event == "issue_comment" and delivery.text.startswith(MARKER_PREFIX)


def _about_the_label(delivery: Delivery, labels: Labels) -> bool:
    """A label came or went: the one this delivery is about counts, since each label of an issue sends its own delivery."""
    return _on_issue(delivery) and is_escape_label(delivery.label or "", labels.names)


def _carries_the_label(delivery: Delivery, labels: Labels) -> bool:
    return _on_issue(delivery) and bool(escape_label(delivery.labels, labels.names))


def _may_be_the_label(delivery: Delivery, labels: Labels) -> bool:
    """A label came that may mean an escape there, for all that is known: the configuration has to be read once."""
    return _on_issue(delivery) and bool(delivery.label) and not labels.known and not _about_the_label(delivery, labels)


def _configures(delivery: Delivery, _labels: Labels) -> bool:
    return delivery.repository is not None and delivery.configures


def _on_issue(delivery: Delivery) -> bool:
    return delivery.repository is not None and delivery.number is not None and not delivery.on_pull


def _ticks(delivery: Delivery, _labels: Labels) -> bool:
    """A person ticked a box of a digest that a bot wrote. Whether it is ours, and who may, is asked when it is followed."""
    author, sender = delivery.author, delivery.sender
    if author is None or author.type != "Bot" or sender is None or sender.type == "Bot" or not _on_issue(delivery):
        return False
    return delivery.before.startswith(DIGEST_MARKER) and bool(_ticked(delivery))


def _on_pull(delivery: Delivery, _labels: Labels) -> bool:
    return delivery.repository is not None and delivery.number is not None and delivery.on_pull


def _goes_elsewhere(delivery: Delivery, labels: Labels) -> bool:
    """A pull request goes into another branch than before, so that its change is another one."""
    return delivery.rebased and _on_pull(delivery, labels)


def _of_installation(delivery: Delivery, _labels: Labels) -> bool:
    return delivery.installation is not None


def _asks(delivery: Delivery, _labels: Labels) -> bool:
    """A person wrote a command, or wrote one into a comment that did not have it. Who may is asked when it is followed."""
    people = (delivery.author, delivery.sender)
    if delivery.repository is None or delivery.number is None or delivery.comment is None:
        return False
    by_people = all(person is not None and person.type == "User" for person in people)
    return by_people and bool(_commands(delivery))


def _commands(delivery: Delivery) -> tuple[SlashCommand, ...]:
    """The commands that whoever caused the delivery has given."""
    author, sender = delivery.author, delivery.sender
    own = author is not None and sender is not None and author.login.casefold() == sender.login.casefold()
    return (new_commands if own else brought_commands)(delivery.text, delivery.before)


def _presses(delivery: Delivery, _labels: Labels) -> bool:
    return delivery.repository is not None and delivery.button in _BUTTONS and _pull_of(delivery) is not None


def _is_of(kind: str) -> Applies:
    """Whether a check run is one of ours, of that kind."""

    def applies(delivery: Delivery, _labels: Labels) -> bool:
        return delivery.repository is not None and _pull_of(delivery) is not None and f" {kind} " in delivery.check

    return applies


def _pull_of(delivery: Delivery) -> int | None:
    """The pull request that a check run of ours stands on, which its key tells."""
    found = _CHECK.fullmatch(delivery.check)
    return int(found[2]) if found else None


def _may_be_baseline(delivery: Delivery, _labels: Labels) -> bool:
    """Only a run on the default branch, of the repository's own code, can bring a map that anything is answered from."""
    run, home = delivery.run, delivery.repository
    if run is None or home is None or delivery.number is None:
        return False
    return run.event in BASELINE_EVENTS and run.branch == home.default_branch and run.head == home.id


def _may_prove(delivery: Delivery, _labels: Labels) -> bool:
    """Of the repository's own code: a run on a pull request, or one on the default branch as it is."""
    run, home = delivery.run, delivery.repository
    if run is None or home is None or delivery.number is None or run.head != home.id:
        return False
    return run.event == "pull_request" or (run.event in CHALLENGE_EVENTS and run.branch == home.default_branch)


_Rows = tuple[tuple[Task, Applies], ...]
_REPORT: _Rows = ((Task.REPORT_ESCAPE, _carries_the_label),)
_RESUME: _Rows = ((Task.RESUME_ESCAPES, _on_pull),)
_HEAD_MOVED: _Rows = (*_RESUME, (Task.CHECK_PROOF, _on_pull), (Task.REVIEW_PULL, _on_pull))

_TABLE: dict[tuple[str, str], _Rows] = {
    ("issues", "labeled"): ((Task.REPORT_ESCAPE, _about_the_label), (Task.CHECK_CONFIGURATION, _may_be_the_label)),
    ("issues", "unlabeled"): ((Task.REPORT_ESCAPE, _about_the_label),),
    **{("issues", action): _REPORT for action in ("closed", "reopened", "transferred", "deleted", "locked", "unlocked")},
    ("issues", "edited"): ((Task.TICK_BOXES, _ticks), *_REPORT),
    **{("issue_comment", action): ((Task.FOLLOW_COMMAND, _asks), *_REPORT) for action in ("created", "edited")},
    ("check_run", "requested_action"): ((Task.FOLLOW_COMMAND, _presses),),
    ("check_run", "rerequested"): ((Task.CHECK_PROOF, _is_of("proof")), (Task.REVIEW_PULL, _is_of("review"))),
    **{("pull_request", action): _HEAD_MOVED for action in ("opened", "synchronize", "reopened", "ready_for_review")},
    ("pull_request", "edited"): (*_RESUME, (Task.REVIEW_PULL, _goes_elsewhere)),
    ("pull_request", "closed"): _RESUME,
    ("workflow_run", "completed"): ((Task.LEARN_MAP, _may_be_baseline), (Task.READ_RECEIPTS, _may_prove)),
    ("push", ""): ((Task.CHECK_CONFIGURATION, _configures),),
    ("installation", "deleted"): ((Task.END_INSTALLATION, _of_installation),),
}
EVENTS = frozenset(event for event, _ in _TABLE) - {"installation"}
"""What an App has to be subscribed to; of its installations it is told anyway."""
