"""Says in one hand which change let the bug in, who says so, and what speaks for each candidate.

Who it is was decided by `app.analysis.culprit`; the sentences are in `templates/words/culprit.j2` and `ground.j2`.
"""

from datetime import UTC, datetime
from typing import Any

from app.analysis.culprit.landed import without_pull_request
from app.analysis.testmap.safe import is_object_id
from app.domain.change import Span
from app.domain.culprit import Basis, Ground, Origin, Saying, Suspect
from app.domain.report import Report
from app.domain.unchecked import Unchecked
from app.render import words
from app.render.links import Links
from app.render.sentences import Sentences
from app.render.words import Written

MOST_CANDIDATES = 5
_REASONS = 2
_COPIES = 3
_SURE, _EVEN = 0.8, 0.5
_DATE_ALONE = "recent"


def line(origin: Origin, say: Sentences) -> Written:
    """The answer in a sentence or two, with the strongest reasons."""
    first, second = (*origin.suspects[:2], None, None)[:2]
    told: dict[str, Any] = {"first": first and commit(first, say), "why": first and why(first, say, _REASONS)}
    if origin.culprit is None or first is None:
        score, cut = first.score if first else 0, bool(origin.unchecked)
        return say.hand.say("culprit", "unknown", score=score, cut=cut, **told)
    if origin.basis is Basis.SAID:
        return say.hand.say("culprit", "said", said=_said(origin, say), others=_others(origin, say), **told)
    if origin.basis is Basis.GUESSED and origin.close and second is not None:
        more = {"second": commit(second, say), "second_score": second.score, "second_why": why(second, say, _REASONS)}
        return say.hand.say("culprit", "close", score=first.score, **told, **more)
    answer = "corrected" if origin.basis is Basis.CORRECTED else _guessed(first.score)
    return say.hand.say("culprit", answer, score=first.score, **told)


def _guessed(score: float) -> str:
    """How a guess is worded: what is likelier wrong than right is no statement, though it is worth a look."""
    return "guessed" if score >= _SURE else "likely" if score >= _EVEN else "perhaps"


def items(origin: Origin, say: Sentences) -> tuple[Written, ...]:
    """The candidates, best first, each with everything that speaks for it."""
    return tuple(
        say.hand.say("culprit", "item", commit=commit(one, say), score=one.score, why=why(one, say))
        for one in origin.suspects[:MOST_CANDIDATES]
    )


def unchecked(report: Report) -> tuple[Unchecked, ...]:
    """What could not be checked of the report and of its culprit, each once."""
    return tuple(dict.fromkeys((*report.unchecked, *(report.origin.unchecked if report.origin else ()))))


def commit(suspect: Suspect, say: Sentences) -> Written:
    """The commit's short name, its subject, and the pull request that it landed."""
    number = suspect.pull_request
    return say.hand.say(
        "culprit",
        "commit",
        name=say.hand.commit(suspect.sha, say.links.commit(suspect.sha)),
        subject=without_pull_request(suspect.subject),
        pull=say.hand.link(Written(f"#{number}"), say.links.pull(number)) if number is not None else "",
    )


def why(suspect: Suspect, say: Sentences, most: int | None = None) -> Written:
    """What speaks for the commit, the strongest first, and how long before the fix it came."""
    dated = next((ground for ground in suspect.grounds if ground.days is not None), None)
    telling = [ground for ground in suspect.grounds if ground.reason != _DATE_ALONE] or suspect.grounds
    reasons = list(dict.fromkeys(ground_sentence(ground, say) for ground in telling[:most]))
    if dated is not None and telling[0].reason != _DATE_ALONE:
        reasons[0] = Written(f"{reasons[0]}, {_days(dated, say)}")
    return Written("; ".join(reasons))


def ground_sentence(ground: Ground, say: Sentences) -> Written:
    """One reason, said of the commit, without its full stop."""
    at = ground.lines[0] if ground.lines else None
    return say.hand.say(
        "ground",
        ground.reason,
        g=ground,
        days=_days(ground, say),
        here=say.links.file(ground.path, at) if ground.path else None,
        copies=[say.hand.commit(name, say.links.commit(name)) for name in ground.names[:_COPIES] if is_object_id(name)],
    )


def origin_markdown(origin: Origin) -> str:
    """The answer and its candidates by themselves, as the comment says them."""
    say = Sentences(words.markdown(), Links())
    cut = (say.unchecked(item) for item in origin.unchecked)
    return "\n".join((line(origin, say), "", *(f"- {item}" for item in (*items(origin, say), *cut)))).rstrip()


def origin_json(origin: Origin, say: Sentences | None = None) -> dict[str, Any]:
    """The answer for machines; `score` is null where people alone named the commit."""
    say = say or Sentences(words.plain(), Links())
    return {
        "culprit": origin.culprit,
        "suspects": [_suspect_json(one, say) for one in origin.suspects],
        "basis": origin.basis.value,
        "close": origin.close,
        "said": [{"sha": one.sha, "manner": one.manner, "where": one.where} for one in origin.said],
        "sentence": str(line(origin, say)),
        "unchecked": [
            {"code": item.reason, "sentence": str(say.unchecked(item)), "names": list(item.names)} for item in origin.unchecked
        ],
    }


def day(suspect: Suspect) -> str:
    """The day of the commit (ISO 8601, UTC); "" where it is not known."""
    try:
        return datetime.fromtimestamp(suspect.when, UTC).date().isoformat() if suspect.when else ""
    except (OverflowError, ValueError, OSError):
        return ""  # any number can stand in a commit


def _days(ground: Ground, say: Sentences) -> Written:
    return say.hand.say("culprit", "days", days=max(0, ground.days or 0))


def _said(origin: Origin, say: Sentences) -> Written:
    """How people said it of the commit that is named first."""
    told = next((one for one in origin.said if one.sha == origin.culprit), Saying("", "caused", "issue"))
    speaker = say.hand.say("culprit", f"speaker-{told.where}")
    return say.hand.say("culprit", f"said-{told.manner}", speaker=speaker)


def _others(origin: Origin, say: Sentences) -> list[Written]:
    others = dict.fromkeys(one.sha for one in origin.said if one.sha != origin.culprit)
    return [say.hand.commit(sha, say.links.commit(sha)) for sha in others]


def _suspect_json(suspect: Suspect, say: Sentences) -> dict[str, Any]:
    return {
        "sha": suspect.sha,
        "subject": suspect.subject,
        "pull_request": suspect.pull_request,
        "date": day(suspect),
        "score": round(suspect.score, 4) or None,
        "reasons": [_ground_json(ground, say) for ground in suspect.grounds],
    }


def _ground_json(ground: Ground, say: Sentences) -> dict[str, Any]:
    told = {"count": ground.count, "of": ground.of, "days": ground.days, "path": ground.path or None}
    return {
        "code": ground.reason,
        "sentence": str(ground_sentence(ground, say)),
        "names": list(ground.names),
        **{key: value for key, value in told.items() if value is not None},
        **({"lines": [_span(span) for span in ground.lines]} if ground.lines else {}),
    }


def _span(span: Span) -> list[int]:
    return [span.start, span.end]
