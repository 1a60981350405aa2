"""What `recall map` prints for people, line by line; the words are in templates/words/map.j2."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from app.analysis.coverage.paths import Lost, Why
from app.analysis.coverage.spelling import Spellings
from app.analysis.testmap.ran import Ran
from app.domain.lines import LineSet, spans_of
from app.domain.testmap import Grain, Segment
from app.engine.build_map import Built
from app.engine.survey import Survey
from app.render.words import Written, plain

_PREFIXES, _LINES = 10, 8
_KILO = 1000.0
_ORDER = (Why.ABSENT, Why.UNKNOWN, Why.AMBIGUOUS, Why.SUBMODULE, Why.IMPOSSIBLE, Why.INSTALLED)
_NO_MATTER = (Why.INSTALLED,)


def built(out: Path, told: Built) -> Written:
    """What was written."""
    return _say(
        "built",
        out=str(out),
        tests=told.written.tests,
        files=len(told.survey.resolved) - len(told.strange),
        pairs=told.written.pairs,
        commit=told.origin.commit,
        size=_size(told.written.size),
    )


def notes(known: Survey, strange: Mapping[str, LineSet], suite: str) -> Iterator[Written]:
    """What is to be known about the data, one sentence each: what they cannot say, and what was left out."""
    if known.grain is Grain.SUITE:
        yield _say("whole-suite", suite=suite)
    if known.idle:
        yield _say("idle", names=sorted(known.idle))
    if names := sorted(spelled[0] if spelled else "" for spelled, lost in known.lost.items() if lost.why not in _NO_MATTER):
        yield _say("unresolved", count=len(names), names=names)
    if strange:
        yield _say("strange", names=sorted(strange), commit=known.commit.commit)


def checked(known: Survey, strange: Mapping[str, LineSet]) -> Iterator[Written]:
    """Where the files stand, and every one that stands nowhere, by the reason."""
    yield _say("resolved", found=len(known.resolved), total=len(known.resolved) + len(known.lost), commit=known.commit.commit)
    ranked = sorted(known.prefixes.items(), key=lambda each: (-each[1], each[0].theirs, each[0].ours))
    for prefix, files in ranked[:_PREFIXES]:
        yield _indented(_say("prefix", prefix=prefix, files=files))
    if len(ranked) > _PREFIXES:
        yield _indented(_say("more", count=len(ranked) - _PREFIXES))
    by_reason: dict[Why, list[tuple[Spellings, Lost]]] = defaultdict(list)
    for spelled, lost in sorted(known.lost.items()):
        by_reason[lost.why].append((spelled, lost))
    for why in _ORDER:
        if there := by_reason[why]:
            yield Written()
            yield _say(f"why-{why}", count=len(there))
            for spelled, lost in there:
                path = spelled[0] if spelled else ""
                yield _indented(_say("lost", path=path, why=why, candidates=lost.candidates))
    if strange:
        yield Written()
        yield _say("strange", names=sorted(strange), commit=known.commit.commit)


def segment(segment: Segment, files: int) -> Iterator[Written]:
    """What one segment is."""
    made = datetime.fromtimestamp(segment.origin.made, UTC).strftime("%Y-%m-%d %H:%M UTC")
    yield _say("segment", origin=segment.origin, tests=len(segment.tests), grain=segment.grain, files=files, made=made)
    if ends := Counter(result.ended for result in segment.results):
        counts = [_say(f"ended-{ended}", count=count) for ended, count in ends.most_common()]
        yield _indented(_say("results", counts=counts))


def ran(commit: str, told: Ran) -> Iterator[Written]:
    """Who ran the lines."""
    asked = "" if told.lines is None else _lines(told.lines)
    yield _say("ran", tests=len(told.tests), path=told.path, lines=asked, commit=commit)
    for test in told.tests:
        yield _indented(_say("test", name=test.name, lines=_lines(test.lines)))
    for slug, lines in (("outside", told.outside), ("never", told.never)):
        if lines:
            yield _say(slug, lines=_lines(lines), count=lines.bit_count())


def _lines(lines: LineSet) -> Written:
    """Line numbers, the first of many: 12, 88-91 and 3 more."""
    spans = [f"{span.start}" if span.start == span.end else f"{span.start}-{span.end}" for span in spans_of(lines)]
    return plain().listed([Written(span) for span in spans], _LINES)


def _size(size: int) -> str:
    """Bytes as people say them: 18 kB."""
    amount, unit = float(size), "bytes"
    for larger in ("kB", "MB", "GB"):
        if amount < _KILO:
            break
        amount, unit = amount / _KILO, larger
    return f"{amount:.0f} {unit}" if amount >= 10 or unit == "bytes" else f"{amount:.1f} {unit}"


def _say(slug: str, **values: object) -> Written:
    return plain().say("map", slug, **values)


def _indented(words: Written) -> Written:
    return Written(f"  {words}")
