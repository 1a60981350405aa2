"""What becomes of a recall when it is kept: what others may not overwrite stays, and its course goes on.

Where it is kept is left to `app.store` and to whatever else remembers.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.domain.correction import Corrections, Part, Verdict
from app.domain.course import Course, Moment, Stage
from app.domain.draft import DraftState, Guard, ProofState
from app.domain.job import Recall, State

MOST_MOMENTS = 200
"""Of one course; what flaps more often is told by its last ones."""

_PROOFS = {
    ProofState.RED: (Stage.RED,),
    ProofState.PROVED: (Stage.RED, Stage.PROVED),
    ProofState.GUARDED: (Stage.RED, Stage.PROVED, Stage.GUARDED),
    ProofState.ROTTEN: (Stage.RED, Stage.PROVED, Stage.ROTTEN),
}


def kept(known: Recall | None, recall: Recall, now: str) -> Recall:
    """The recall as it is remembered from `now` (ISO 8601) on: guard and people's words stay as known, the course goes on."""
    if known is None:
        return moved_on(None, recall, now)
    return moved_on(known, replace(recall, guard=known.guard, said=known.said, course=known.course), now)


def moved_on(before: Recall | None, after: Recall, now: str) -> Recall:
    """The recall with a moment for every stage that it has reached since, or for the one that it fell back to.

    The last moment is always the stage where it stands.
    """
    had, has = stages(before) if before else (), stages(after)
    reached = [stage for stage in has if stage not in had]
    if before is None and after.course.moments:
        reached = [stage for stage in reached if after.course.first(stage) is None]
    if before and has != had and has[-1] not in reached[-1:]:
        reached.append(has[-1])
    moments = (*after.course.moments, *(Moment(stage, now) for stage in reached))
    return replace(after, course=Course(moments[-MOST_MOMENTS:]))


def stages(recall: Recall) -> tuple[Stage, ...]:
    """Every stage that holds of the recall now, in the funnel's order; the last one is where it stands."""
    if recall.state is State.WITHDRAWN:
        return (Stage.WITHDRAWN,)
    found = [Stage.LABELLED]
    if recall.fix_head is not None:
        found.append(Stage.LINKED)
    if recall.comment_id is not None:
        found.append(Stage.COMMENTED)
    if recall.guard.draft not in (DraftState.NONE, DraftState.CLOSED):
        found.append(Stage.DRAFTED)
    return (*found, *_PROOFS.get(recall.guard.proof, ()))


def recall_json(recall: Recall) -> dict[str, Any]:
    """All of a recall as plain values, which `read_recall` reads."""
    return dataclasses.asdict(recall)


def read_recall(kept: Mapping[str, Any]) -> Recall:
    """The recall that `recall_json` told of; what an older version did not know has the value of nothing known.

    Raises ValueError, KeyError or TypeError for anything else.
    """
    known = {field.name for field in dataclasses.fields(Recall)}
    fields = {name: value for name, value in kept.items() if name in known and value is not None}
    told = {
        "state": State(fields["state"]),
        "guard": read_guard(fields.get("guard") or {}),
        "said": read_corrections(fields.get("said") or {}),
        "course": read_course(fields.get("course") or {}),
    }
    return Recall(**{"installation": None} | fields | told)


def read_guard(kept: Mapping[str, Any]) -> Guard:
    """A guard of its plain values."""
    told = {"draft": DraftState(kept.get("draft", "none")), "proof": ProofState(kept.get("proof", "unknown"))}
    return Guard(**dict(kept) | told | {"tests": tuple(kept.get("tests", ()))})


def read_corrections(kept: Mapping[str, Any]) -> Corrections:
    """People's words of their plain values."""
    verdicts = tuple(Verdict(**verdict | {"part": Part(verdict["part"])}) for verdict in kept.get("verdicts", ()))
    return Corrections(**dict(kept) | {"verdicts": verdicts, "not_culprits": tuple(kept.get("not_culprits", ()))})


def read_course(kept: Mapping[str, Any]) -> Course:
    """A course of its plain values."""
    return Course(tuple(Moment(Stage(moment["stage"]), moment["when"]) for moment in kept.get("moments", ())))
