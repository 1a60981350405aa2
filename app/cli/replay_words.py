"""What `recall replay` prints: for people line by line, as a Markdown table, or for machines; the words are in templates/."""

from collections.abc import Iterator
from typing import Any

from app.domain.replay import Replay, Replayed
from app.render.words import Hand, markdown, plain

SEAMS = 5
_SUBJECT = 48


def lines(told: Replay, *, mapped: bool = False) -> Iterator[str]:
    """The replay for a terminal: what it comes to first, then each fix in one line."""
    hand = plain()
    yield from _summary(hand, told, mapped)
    if not told.fixes:
        return
    proved = bool(told.tried)
    titles = [hand.say("replay", f"heading-{name}") for name in ("brought", "integration", "tests")]
    yield ""
    yield f"  {titles[0]:<8}  {titles[1]:>11}  {titles[2]:>5}  " + hand.say("replay", "heading-fix")
    for one in told.fixes:
        yield _line(hand, one)
        if proved and one.proof is not None:
            yield " " * 32 + _proof(hand, one)
    yield from _seams(hand, told, "  ")
    yield ""
    yield hand.say("replay", "stamp", head=told.head, commits=told.commits)


def table(told: Replay, *, mapped: bool = False) -> Iterator[str]:
    """The replay as Markdown, for an issue, a wiki or a job's summary."""
    hand = markdown()
    first, *rest = _summary(hand, told, mapped)
    yield str(hand.strong(hand.prose(first)))
    for line in rest:
        yield from ("", line)
    if not told.fixes:
        return
    names = ["fix", "brought", "integration", "tests", *(["proof"] if told.tried else [])]
    yield from ("", "| " + " | ".join(hand.say("replay", f"heading-{name}") for name in names) + " |")
    yield "|---|---|--:|--:|" + ("---|" if told.tried else "")
    for one in told.fixes:
        cells = [f"{hand.commit(one.fix.sha)} {hand.prose(one.fix.subject[:100])}", *_cells(hand, one)]
        if told.tried:
            cells.append(_proof(hand, one))
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    yield from _seams(hand, told, "- ")
    yield from ("", f"<sub>{hand.say('replay', 'stamp', head=told.head, commits=told.commits)}</sub>")


def replay_json(told: Replay) -> dict[str, Any]:
    """The replay for machines; numbers are of the fixes that could be answered."""
    return {
        "head": told.head,
        "commits": told.commits,
        "answered": len(told.answered),
        "led_to": len(told.led_to),
        "without_test": told.without_test,
        "without_integration": told.without_integration,
        "tried": len(told.tried),
        "red_before": told.red_before,
        "seams": [{"near": near, "far": far, "fixes": fixes} for (near, far), fixes in told.seams],
        "fixes": [_fix_json(one) for one in told.fixes],
    }


def _fix_json(one: Replayed) -> dict[str, Any]:
    return {
        "sha": one.fix.sha,
        "subject": one.fix.subject,
        "issue": one.fix.issue,
        "verdict": one.verdict,
        "tests_in_fix": list(one.tests_in_fix),
        "tests": one.tests,
        "integration": one.integration,
        "seams": [list(seam) for seam in one.seams],
        "proof": one.proof,
        "reason": one.proof_reason or None,
        "problem": one.problem,
    }


def _summary(hand: Hand, told: Replay, mapped: bool) -> Iterator[str]:
    if not told.fixes:
        yield hand.say("replay", "headline-none", commits=told.commits)
        return
    if not told.answered:
        yield hand.say("replay", "headline-unanswered", fixes=len(told.fixes))
        return
    counts = {"without_test": told.without_test, "led": len(told.led_to), "without_integration": told.without_integration}
    yield hand.say("replay", "headline", fixes=len(told.answered), **counts)
    if told.proved:
        yield hand.say("replay", "proved" if told.tried else "proved-none", red=told.red_before, tried=len(told.tried))
    yield hand.say("replay", "basis-proved" if told.tried else "basis-map" if mapped else "basis")
    if unseen := len(told.answered) - len(told.led_to):
        yield hand.say("replay", "unseen", number=unseen, fixes=len(told.answered))


def _seams(hand: Hand, told: Replay, bullet: str) -> Iterator[str]:
    if seams := told.seams[:SEAMS]:
        yield from ("", hand.say("replay", "seams"), *([""] if bullet == "- " else []))
        for (near, far), fixes in seams:
            yield bullet + hand.say("replay", "seam", near=near, far=far, fixes=fixes)


def _line(hand: Hand, one: Replayed) -> str:
    brought, integration, tests = _cells(hand, one)
    name = f"{one.fix.sha[:7]} {hand.prose(one.fix.subject)}"
    shown = name if len(name) <= _SUBJECT else f"{name[: _SUBJECT - 1]}…"
    if one.problem is not None:
        return f"  {shown}\n    {brought}"
    return f"  {brought:<8}  {integration:>11}  {tests:>5}  {shown}"


def _cells(hand: Hand, one: Replayed) -> tuple[str, str, str]:
    if one.problem is not None:
        return hand.say("replay", "problem", problem=one.problem), "", ""
    brought = hand.say("replay", "yes" if one.tests_in_fix else "no")
    return (brought, str(one.integration), str(one.tests)) if one.tests else (brought, "?", "?")


def _proof(hand: Hand, one: Replayed) -> str:
    return hand.say("replay", f"proof-{one.proof}", reason=one.proof_reason) if one.proof else ""
