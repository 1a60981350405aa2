"""Counts the escapes of one or several repositories into the weekly digest, as of any moment; words are `app.render.digest`'s.

Everything follows from what is remembered of each recall, so the same records make the same digest, whoever counts it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median

from app.analysis import rankings
from app.analysis.course import stages
from app.analysis.rightness import rightness
from app.domain.course import Course, Moment, Stage
from app.domain.delivery import Repository
from app.domain.digest import Box, Digest, Item, Trouble, Week
from app.domain.draft import DraftState, ProofState
from app.domain.job import Recall, State
from app.domain.report import Lead, VerdictCode

WEEKS = 12
"""How many weeks the trend shows at most."""

FUNNEL = (Stage.LABELLED, Stage.LINKED, Stage.COMMENTED, Stage.DRAFTED, Stage.RED, Stage.PROVED, Stage.GUARDED)
_CAUGHT = frozenset({Stage.PROVED, Stage.GUARDED})
_GONE = frozenset({State.WITHDRAWN, State.DELETED, State.TRANSFERRED})
_NEVER = datetime.min.replace(tzinfo=UTC)


def digest(
    recalls: Iterable[Recall],
    *,
    repository: Repository,
    now: datetime,
    since: datetime,
    troubles: Iterable[Trouble] = (),
) -> Digest:
    """The digest of all recalls ever kept, those in a final state included. `repository` is where it is written, `since` when the
    last one was; both times are aware, and the weeks end at the time of day of `now` in its own zone. `troubles` are those that
    no recall tells of.
    """
    every = sorted(
        (_as_of_today(recall, repository) for recall in recalls), key=lambda recall: (recall.repository, recall.number)
    )
    standing = [recall for recall in every if recall.state not in _GONE]
    courses = {id(recall): _this_time(recall) for recall in standing}
    items = [_item(recall, courses[id(recall)], repository) for recall in standing]
    uncaught = sorted((item for item in items if item.stage not in _CAUGHT), key=lambda item: _time(item.labelled))
    last = max((_time(moment.when) for recall in every for moment in recall.course.moments), default=_NEVER)
    reports = rankings.read(standing)
    slowest, waits = _slowest(uncaught, now)
    return Digest(
        repository=repository.full_name,
        repository_id=repository.id,
        when=_text(now),
        since=_text(since),
        uncaught=len(uncaught),
        all=len(standing),
        weeks=_weeks(every, now),
        fresh=tuple(item for item in items if _time(item.labelled) > since),
        open=tuple(uncaught),
        rotten=tuple(item for item in uncaught if item.stage is Stage.ROTTEN),
        funnel=_funnel(standing, courses),
        slowest=slowest,
        waits=waits,
        seams=rankings.seams(reports),
        whys=rankings.whys(reports),
        paths=rankings.paths(reports),
        to_red=_median_until(Stage.RED, courses.values()),
        to_green=_median_until(Stage.PROVED, courses.values()),
        rightness=rightness(every),
        troubles=(*_troubles(reports), *troubles),
        quiet=last <= since,
        last="" if last is _NEVER else _text(last),
    )


def _as_of_today(recall: Recall, repository: Repository) -> Recall:
    """The recall with its repository's name of today, as far as that is known, and without moments whose time cannot be read."""
    name = repository.full_name if recall.repository_id == repository.id else recall.repository
    moments = (replace(moment, when=_iso(moment.when)) for moment in recall.course.moments)
    return replace(recall, repository=name, course=Course(tuple(moment for moment in moments if moment.when)))


def _iso(text: str) -> str:
    """The time in one form, with its zone; "" where it is none."""
    try:
        when = datetime.fromisoformat(text)
        return _text(when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return ""


def _this_time(recall: Recall) -> Sequence[Moment]:
    """The moments since the label was set for the last time."""
    moments = recall.course.moments
    ends = [place for place, moment in enumerate(moments) if moment.stage is Stage.WITHDRAWN]
    return moments[ends[-1] + 1 :] if ends else moments


def _item(recall: Recall, course: Sequence[Moment], home: Repository) -> Item:
    stage = stages(recall)[-1]
    since = next((moment.when for moment in reversed(course) if moment.stage is stage), "")
    coming = _next(recall, stage)
    boxes = _boxes(recall, stage) if recall.repository_id == home.id and stage not in _CAUGHT else ()
    labelled = _first(course, Stage.LABELLED) or (course[0].when if course else "")
    return Item(recall.repository, recall.number, recall.title, stage, since, coming, recall.guard.pull, boxes, labelled)


_BY_PROOF = {
    ProofState.ROTTEN: "mend-guard",
    ProofState.NOT_PROVED: "mend-test",
    ProofState.FLAKY: "steady-test",
    ProofState.COULD_NOT_RUN: "make-it-run",
    ProofState.RED: "merge-fix",
}
_BY_DRAFT = {
    DraftState.OPEN: "finish-draft",
    DraftState.THEIRS: "prove-draft",
    DraftState.MERGED: "prove",
    DraftState.PATCH: "apply-patch",
    DraftState.BRANCH: "finish-branch",
    DraftState.CLOSED: "write-test",
}


def _next(recall: Recall, stage: Stage) -> str:
    """What brings this escape on, as a slug; "" where nothing is left to do."""
    guard = recall.guard
    if stage in _CAUGHT:
        return "merge-draft" if guard.draft in (DraftState.OPEN, DraftState.THEIRS) else ""
    if recall.state.final:
        return recall.state.value
    if recall.state is State.PROVISIONAL and guard.proof is not ProofState.ROTTEN:
        return "merge-fix" if recall.fix_head else "link-fix"
    return _BY_PROOF.get(guard.proof) or _without_proof(recall, stage)


def _without_proof(recall: Recall, stage: Stage) -> str:
    if recall.state is State.WAITING or stage is Stage.LABELLED:
        return "link-fix"
    if recall.guard.why == "fix-has-test":
        return "prove-fix"
    return _BY_DRAFT.get(recall.guard.draft, "open-draft" if recall.report else "look-again")


def _boxes(recall: Recall, stage: Stage) -> tuple[Box, ...]:
    if recall.state.final:
        return (Box.WITHDRAW,)
    undrafted = recall.guard.draft in (DraftState.NONE, DraftState.CLOSED, DraftState.PATCH, DraftState.BRANCH)
    wants = undrafted and recall.state is State.REPORTED and stage is not Stage.ROTTEN
    return (*((Box.DRAFT,) if wants else ()), Box.AGAIN, Box.WITHDRAW)


def _weeks(recalls: Sequence[Recall], now: datetime) -> tuple[Week, ...]:
    """How it stood at each week's end since the first thing that is known, the last one being now."""
    known = [_time(recall.course.moments[0].when) for recall in recalls if recall.course.moments]
    first = min(known, default=now)
    ends = [now - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    return tuple(_week(recalls, end) for end in ends if end > first or end == now)


def _week(recalls: Iterable[Recall], end: datetime) -> Week:
    stood = [stage for recall in recalls if (stage := _standing(recall, end)) is not None]
    return Week(end.date().isoformat(), sum(stage not in _CAUGHT for stage in stood), len(stood))


def _standing(recall: Recall, when: datetime) -> Stage | None:
    """Where the recall stood then; None if it did not count. One whose course nobody kept counts as it always stood as now."""
    if recall.state in (State.DELETED, State.TRANSFERRED):
        return None
    moments = recall.course.moments
    passed = [moment.stage for moment in moments if _time(moment.when) <= when]
    stage = passed[-1] if passed else None if moments else stages(recall)[-1]
    return None if stage is Stage.WITHDRAWN else stage


def _funnel(recalls: Iterable[Recall], courses: Mapping[int, Sequence[Moment]]) -> tuple[tuple[Stage, int], ...]:
    reached: Counter[Stage] = Counter()
    for recall in recalls:
        reached.update({*stages(recall), *(moment.stage for moment in courses[id(recall)])})
    return tuple((stage, reached[stage]) for stage in FUNNEL)


def _slowest(uncaught: Iterable[Item], now: datetime) -> tuple[Stage | None, float | None]:
    """The stage that comes next for those which have waited longest, by the median, and that median in seconds."""
    waits: dict[Stage, list[float]] = {}
    for item in uncaught:
        if item.since:
            waits.setdefault(_after(item), []).append((now - _time(item.since)).total_seconds())
    if not waits:
        return None, None
    slowest = max(waits, key=lambda stage: median(waits[stage]))
    return slowest, max(0.0, median(waits[slowest]))


def _after(item: Item) -> Stage:
    """The stage that an open escape waits for."""
    if item.stage is Stage.ROTTEN:
        return Stage.GUARDED
    if item.next == "link-fix":
        return Stage.LINKED
    if item.next == "prove-fix":
        return Stage.PROVED
    after = FUNNEL[FUNNEL.index(item.stage) + 1]
    return Stage.PROVED if after is Stage.RED else after


def _median_until(stage: Stage, courses: Iterable[Sequence[Moment]]) -> float | None:
    """Seconds from the label to that stage, of those that reached it."""
    took = [
        (_time(reached) - _time(labelled)).total_seconds()
        for course in courses
        if (labelled := _first(course, Stage.LABELLED)) and (reached := _first(course, stage))
    ]
    return max(0.0, median(took)) if took else None


def _first(course: Sequence[Moment], stage: Stage) -> str:
    return next((moment.when for moment in course if moment.stage is stage), "")


def _troubles(reports: rankings.Read) -> tuple[Trouble, ...]:
    """What recall could not do for the escapes that stand, most frequent first."""
    counts = Counter(reason for recall, report in reports for reason in _reasons(recall, report))
    return tuple(Trouble(reason, times) for reason, times in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


_NO_TROUBLE = frozenset({"", "fix-has-test", "off", "withdrawn", "closed"})


def _reasons(recall: Recall, report: rankings.Told | None) -> Iterable[str]:
    if recall.state.final:
        yield recall.state.value
    if report is not None and not report.mapped:
        yield "no-map"
    if report is not None and report.code == VerdictCode.STALE:
        yield "stale-map"
    if report is not None and report.code == VerdictCode.UNMAPPED:
        yield "blind-map"
    if report is not None and report.leads == Lead.CANNOT_TELL:
        yield "cannot-tell"
    if recall.guard.proof is ProofState.COULD_NOT_RUN:
        yield "could-not-run"
    if recall.guard.why not in _NO_TROUBLE:
        yield f"draft-{recall.guard.why}"


def _time(text: str) -> datetime:
    """A time of a course; "" lies before everything."""
    return datetime.fromisoformat(text) if text else _NEVER


def _text(when: datetime) -> str:
    return when.isoformat(timespec="seconds")
