"""Counts how often recall was right, by people's own verdict and by what they did with its drafts."""

import json
from collections.abc import Iterable

from app.domain.correction import Part
from app.domain.culprit import Basis
from app.domain.digest import Rightness
from app.domain.draft import DraftState
from app.domain.job import Recall

LEAST_VERDICTS = 5
"""Fewer say nothing about how good recall is."""


def rightness(recalls: Iterable[Recall]) -> tuple[Rightness, ...]:
    """How often each part was right, without the parts that nobody judged. Of one recall the last word on a part counts."""
    told = [verdict for recall in recalls for verdict in _verdicts(recall).items()]
    counts = {part: [right for of, right in told if of is part] for part in Part}
    return tuple(Rightness(part, sum(rights), len(rights)) for part, rights in counts.items() if rights)


def is_trusted(counted: Iterable[Rightness], least_right: float) -> bool:
    """Whether enough of what was judged was right for recall to write code by itself."""
    kept = tuple(counted)
    right, of = sum(each.right for each in kept), sum(each.of for each in kept)
    return of < LEAST_VERDICTS or right >= least_right * of


def guessed_culprit(report: str | None, sha: str, pull: int | None) -> bool | None:
    """Whether a commit, or the pull request that it landed, is what the report guessed to be the culprit: the first suspect, or
    one of the first two where both were named. None where it made no guess.
    """
    told = json.loads(report) if report else {}
    origin = told.get("origin")
    if not origin or told.get("culprit") is None or origin["basis"] != Basis.GUESSED:
        return None
    first = told.get("suspects", ())[: 2 if origin.get("close") else 1]
    return any(one["sha"] == sha or (pull is not None and one.get("pull_request") == pull) for one in first)


def _verdicts(recall: Recall) -> dict[Part, bool]:
    """What is said of each part. A merged draft is a right one, one that people closed a wrong one, unless they say otherwise."""
    guard = recall.guard
    done: dict[Part, bool] = {}
    if guard.draft is DraftState.MERGED:
        done[Part.DRAFT] = True
    elif guard.draft is DraftState.CLOSED and guard.why == "closed":
        done[Part.DRAFT] = False
    return done | {verdict.part: verdict.right for verdict in recall.said.verdicts}
