"""Says in one hand why the change that let a bug in was green: the bug's life, its checks, and what its tests did not see."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.analysis.attempts import retried
from app.domain.green import Ledger, Life, RanCheck, Release, UnseeingTest, Unseen, Verdict
from app.render.sentences import Sentences
from app.render.words import Written

_SAID_IN_FULL = frozenset({Unseen.ASSERTS_NOTHING, Unseen.ASSERTS_ELSEWHERE, Unseen.NOT_IN_CHECKS})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the ledger: a check or a test file, and what it did that day."""

    name: Written
    why: Written
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """The fold. `left_out` is how many lines were cut from both tables."""

    title: Written
    life: Written
    checks: tuple[Line, ...]
    tests: tuple[Line, ...]
    notes: tuple[Written, ...]
    left_out: int


def told(ledger: Ledger, say: Sentences, most: int) -> Told:
    """The ledger with at most that many checks, and tests; what is remarkable of the checks stands first."""
    checks = sorted(ledger.checks or (), key=lambda check: _rank(check, ledger.life))
    by_map = any(test.by_map for test in ledger.tests)
    basis = [say.hand.say("green", "by-map" if by_map else "by-tree")] if ledger.tests else []
    return Told(
        title=_title(ledger, say),
        life=_life(ledger, say),
        checks=tuple(_check(check, ledger, say) for check in checks[:most]),
        tests=tuple(_test(test, say) for test in ledger.tests[:most]),
        notes=(*basis, *(say.hand.capital(say.unchecked(gap)) for gap in ledger.unchecked)),
        left_out=max(0, len(checks) - most) + max(0, len(ledger.tests) - most),
    )


def ended(check: RanCheck, life: Life) -> str:
    """How a check ended, as a slug of `templates/words/green.j2`; what began only after the change had landed decided nothing."""
    if _is_late(check, life):
        return "late"
    return "retried" if retried(check) else check.verdict


def _title(ledger: Ledger, say: Sentences) -> Written:
    decided = [check for check in ledger.checks or () if not _is_late(check, ledger.life)]
    return say.hand.say(
        "green",
        "title",
        checks=len(decided),
        passed=sum(check.verdict is Verdict.PASSED for check in decided),
        failed=sum(check.verdict is Verdict.FAILED for check in decided),
        tests=len(ledger.tests),
    )


def _life(ledger: Ledger, say: Sentences) -> Written:
    """The change, and the dates one after another."""
    hand, links, life = say.hand, say.links, ledger.life
    commit = hand.commit(ledger.commit, links.commit(ledger.commit))
    pull = hand.link(Written(f"#{ledger.pull_request}"), links.pull(ledger.pull_request)) if ledger.pull_request else None
    head = hand.commit(ledger.head, links.commit(ledger.head)) if ledger.head not in ("", ledger.commit) else None
    asked = not any(gap.reason.startswith("pull-") for gap in ledger.unchecked)
    change = hand.say("green", "change", commit=commit, pull=pull, head=head, asked=asked)
    days = hand.say("green", "days", number=life.days) if life.days is not None else None
    return hand.say("green", "life", change=change, steps=list(_steps(life, say)), days=days)


def _steps(life: Life, say: Sentences) -> Iterator[Written]:
    for step, when in (("introduced", life.introduced), ("merged", life.merged)):
        if when:
            yield say.hand.say("green", step, when=_day(when))
    together = life.released is not None and life.fix_released is not None and life.released.tag == life.fix_released.tag
    if not together:
        yield _release("released", life.released, say) if life.released else say.hand.say("green", "unreleased")
    for step, when in (("reported", life.reported), ("fixed", life.fixed)):
        if when:
            yield say.hand.say("green", step, when=_day(when))
    if life.fix_released:
        yield _release("never-released" if together else "fix-released", life.fix_released, say)
    elif life.fixed:
        yield say.hand.say("green", "fix-unreleased")


def _release(step: str, release: Release, say: Sentences) -> Written:
    tag = say.hand.link(say.hand.code(release.tag), say.links.tag(release.tag))
    return say.hand.say("green", step, tag=tag, when=_day(release.when), final=release.final)


def _check(check: RanCheck, ledger: Ledger, say: Sentences) -> Line:
    """Where the check has no page of its own, its name leads to the commit, which shows all of them."""
    name = say.hand.code(f"{check.workflow} / {check.name}" if check.workflow else check.name)
    url = check.url or say.links.commit(ledger.head or ledger.commit)
    slug = ended(check, ledger.life)
    return Line(say.hand.link(name, url), say.hand.say("green", f"check-{slug}", failed=check.failed, verdict=check.verdict))


def _test(test: UnseeingTest, say: Sentences) -> Line:
    """The file at the commit at which the reason can be looked at."""
    lines = test.lines[0] if test.lines else None
    url = say.links.file(test.path, lines, test.commit) if test.commit else None
    slug = f"{test.reason}-{test.why}" if test.why and test.reason not in _SAID_IN_FULL else test.reason
    came = say.hand.commit(test.commit, say.links.commit(test.commit)) if test.commit else None
    why = say.hand.say(
        "green", slug, names=test.names, line=lines.start if lines else None, came=came, when=_day(test.when), by_map=test.by_map
    )
    return Line(say.hand.link(say.hand.code(test.path), url), why, test.kind)


def _rank(check: RanCheck, life: Life) -> int:
    order = (
        Verdict.FAILED,
        "retried",
        Verdict.PENDING,
        Verdict.CANCELLED,
        Verdict.SKIPPED,
        Verdict.NEUTRAL,
        Verdict.PASSED,
        "late",
    )
    return order.index(ended(check, life))


def _is_late(check: RanCheck, life: Life) -> bool:
    landed, started = _moment(life.merged), _moment(check.started)
    return landed is not None and started is not None and started > landed


def _moment(iso: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _day(iso: str) -> str:
    return iso[:10]
