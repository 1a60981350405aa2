"""Ranks the candidate fixes of an issue: which pull request or commit fixed it, how that was found and how sure it is.

The order follows how GitHub itself came to link them, most deliberate first. `sure` is a judgement about the kind of link,
not a measurement: it words and orders links, nothing else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.analysis.mentions import Mention, Says
from app.analysis.visibility import may_be_named
from app.domain.delivery import Repository
from app.domain.escape import Dropped, Fix, FixState, Link, LinkKind
from app.domain.timeline import Commit, Event, Happening, Pull, Timeline

_SURE = {
    LinkKind.ANSWER: 0.97,
    LinkKind.CLOSED_BY_PULL: 0.95,
    LinkKind.CONNECTED: 0.92,
    LinkKind.CLOSING_PULL: 0.9,
    LinkKind.CLOSED_BY_COMMIT: 0.88,
    LinkKind.WILL_CLOSE: 0.8,
    LinkKind.REFERENCED_COMMIT: 0.6,
    LinkKind.TEXT: 0.6,
    LinkKind.CROSS_REFERENCE: 0.3,
}
_ORDER = {kind: place for place, kind in enumerate(LinkKind)}


@dataclass(frozen=True, slots=True)
class Named:
    """What a text names and what was found there: a pull request, a commit, or the commits `base` and `commit` of a comparison.

    `answer` is True where a person with triage rights wrote a short comment with this alone in it, `asked` where that came
    after recall had asked "which pull request fixed this?" and leaves no doubt. Entries come oldest first.
    """

    mention: Mention
    pull: Pull | None = None
    commit: Commit | None = None
    base: str | None = None
    answer: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A link before it is judged: what it points at, and since when. `held` is False where it was followed by a reopening,
    `outdated` how many answers came later.
    """

    kind: LinkKind
    target: Pull | Commit
    held: bool = True
    acted_on: bool = True
    base: str | None = None
    outdated: int = 0


def candidates(timeline: Timeline, named: Iterable[Named] = ()) -> tuple[tuple[Link, ...], tuple[Dropped, ...]]:
    """The links, best first and each fix once, and what was dropped because it lies in another repository.

    What people answered comes first, the last answer before the others. A fix that merged and held comes before a fix under way,
    and that before one after which the issue was opened again. Links that may not be acted on (given up, merely mentioned)
    come last.
    """
    best: dict[tuple[str, int | str], tuple[tuple[int, ...], Link]] = {}
    dropped: dict[Dropped, None] = {}
    for candidate in (*_from_timeline(timeline), *_from_text(named)):
        if _elsewhere(candidate.target, timeline.repository):
            if candidate.acted_on:  # commits of forks that carry the same message along are no loss
                dropped[_drop(candidate.target, timeline.repository)] = None
            continue
        link = _link(candidate)
        key, place = _key(link.fix), _place(link, candidate)
        if key not in best or place < best[key][0]:
            best[key] = (place, link)
    ranked = sorted(best.values(), key=lambda entry: entry[0])
    return tuple(link for _, link in ranked), tuple(dropped)


def _from_timeline(timeline: Timeline) -> Iterator[_Candidate]:
    happenings = sorted(timeline.happenings, key=lambda happening: happening.at)
    reopened = max((h.at for h in happenings if h.event is Event.REOPENED), default="")
    yield from _closers(happenings)
    for pull in _connected(happenings):
        yield _Candidate(LinkKind.CONNECTED, pull, held=_held(pull, reopened))
    for pull in timeline.closing:
        yield _Candidate(LinkKind.CLOSING_PULL, pull, held=_held(pull, reopened))
    for happening in happenings:
        yield from _reference(happening, reopened)


def _closers(happenings: list[Happening]) -> Iterator[_Candidate]:
    """What closed the issue as completed, the latest first: of a bug fixed twice the last fix counts, the others are shown."""
    held = True
    for happening in reversed(happenings):
        if happening.event is Event.REOPENED:
            held = False
        if happening.event is not Event.CLOSED or not happening.completed:
            continue
        if happening.pull:
            yield _Candidate(LinkKind.CLOSED_BY_PULL, happening.pull, held=held)
            held = False
        elif happening.commit:
            yield _Candidate(LinkKind.CLOSED_BY_COMMIT, happening.commit.pull or happening.commit, held=held)
            held = False


def _connected(happenings: list[Happening]) -> tuple[Pull, ...]:
    """The pull requests linked by hand and still linked, by replaying the links made and taken away in their order."""
    linked: dict[tuple[str, int], Pull] = {}
    for happening in happenings:
        pull = happening.pull
        if pull and happening.event is Event.CONNECTED:
            linked[(pull.repository.casefold(), pull.number)] = pull
        elif pull and happening.event is Event.DISCONNECTED:
            linked.pop((pull.repository.casefold(), pull.number), None)
    return tuple(linked.values())


def _reference(happening: Happening, reopened: str) -> Iterator[_Candidate]:
    pull, commit = happening.pull, happening.commit
    if happening.event is Event.CROSS_REFERENCED and pull:
        if happening.will_close:
            yield _Candidate(LinkKind.WILL_CLOSE, pull, held=_held(pull, reopened))
        elif pull.state is FixState.MERGED:
            yield _Candidate(LinkKind.CROSS_REFERENCE, pull, acted_on=False)
    elif happening.event is Event.REFERENCED and commit:
        landed = happening.direct and (commit.on_default or commit.pull is not None)
        held = happening.at >= reopened
        yield _Candidate(LinkKind.REFERENCED_COMMIT, commit.pull or commit, held=held, acted_on=landed)


def _from_text(named: Iterable[Named]) -> Iterator[_Candidate]:
    """Of several answers the last one counts first: people correct themselves and each other."""
    entries = list(named)
    later = sum(entry.asked for entry in entries)
    for entry in entries:
        later -= entry.asked
        claimed = entry.mention.says is Says.FIX or (entry.answer and entry.mention.says is Says.NOTHING)
        target = entry.pull or (entry.commit.pull if entry.commit and not entry.base else None) or entry.commit
        if target is not None and entry.mention.says is not Says.CAUSE:
            kind = LinkKind.ANSWER if entry.asked else LinkKind.TEXT
            yield _Candidate(kind, target, acted_on=claimed, base=entry.base, outdated=later if entry.asked else 0)


def _held(pull: Pull, reopened: str) -> bool:
    return pull.merged_at is None or pull.merged_at >= reopened


def _elsewhere(target: Pull | Commit, here: Repository) -> bool:
    return target.repository.casefold() != here.full_name.casefold()


def _drop(target: Pull | Commit, here: Repository) -> Dropped:
    """Names what lies elsewhere only if everybody who reads this issue may know of it."""
    name = f"{target.repository}#{target.number}" if isinstance(target, Pull) else f"{target.repository}@{target.sha[:10]}"
    return Dropped("other-repository", name if may_be_named(target.visibility, here.visibility) else "")


def _link(candidate: _Candidate) -> Link:
    fix = fix_of(candidate.target) if isinstance(candidate.target, Pull) else _fix_of_commit(candidate.target, candidate.base)
    given_up = fix.state is FixState.CLOSED
    sure = _SURE[candidate.kind]
    if given_up or not candidate.acted_on:
        sure = min(sure, _SURE[LinkKind.CROSS_REFERENCE])
    elif not candidate.held:
        sure /= 2
    return Link(candidate.kind, fix, round(sure, 2), acted_on=candidate.acted_on and not given_up)


def _place(link: Link, candidate: _Candidate) -> tuple[int, ...]:
    merged = link.fix.state is FixState.MERGED
    standing = 0 if link.kind is LinkKind.ANSWER or (merged and candidate.held) else 1 if not merged else 2
    return (0 if link.acted_on else 1, standing, _ORDER[link.kind], candidate.outdated)


def _key(fix: Fix) -> tuple[str, int | str]:
    return (fix.repository.casefold(), fix.pull if fix.pull is not None else fix.head)


def fix_of(pull: Pull) -> Fix:
    """The pull request as a fix: what landed against its first parent, or what is proposed against its base branch."""
    landed = pull.merge_sha if pull.state is FixState.MERGED else None
    return Fix(
        repository=pull.repository,
        head=landed or pull.head_sha,
        base=None if landed else pull.base_sha,
        pull=pull.number,
        state=pull.state,
        title=pull.title,
        url=pull.url,
    )


def _fix_of_commit(commit: Commit, base: str | None) -> Fix:
    return Fix(repository=commit.repository, head=commit.sha, base=base, title=commit.title, url=commit.url)
