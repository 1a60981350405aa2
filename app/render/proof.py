"""A receipt in sentences, for the terminal and as Markdown; the words are in templates/words/proof.j2."""

from collections import Counter
from collections.abc import Iterator

from app.analysis.proven import judge_test
from app.domain.proof import Receipt, Run, Side, Verdict
from app.domain.suite import TestId
from app.render.words import Hand, Written, markdown, plain

_TESTS = 8
_SIDES = (Side.PARENT, Side.FIX, Side.REVERTED, Side.TIP)


def receipt_text(receipt: Receipt) -> str:
    """The receipt for a terminal."""
    hand = plain()
    return "\n".join([verdict(receipt, hand), *(f"  {line}" for line in details(receipt, hand))])


def receipt_markdown(receipt: Receipt) -> str:
    """The receipt as Markdown, such as a summary of a CI run."""
    hand = markdown()
    return "\n".join([hand.strong(verdict(receipt, hand)), "", *(f"- {line}" for line in details(receipt, hand)), ""])


def verdict(receipt: Receipt, hand: Hand) -> Written:
    """The first line: the verdict and why."""
    tests = [hand.code(str(test)) for test in receipt.tests]
    times = max((run.attempt for run in receipt.runs), default=0)
    why = reason(receipt, hand)
    return hand.say("proof", f"verdict-{receipt.verdict}", tests=hand.listed(tests), count=len(tests), times=times, why=why)


def reason(receipt: Receipt, hand: Hand) -> Written:
    """Why the verdict is what it is, in words that go on after a colon; of several tests, of the first that decided it."""
    return hand.say("proof", f"why-{receipt.reason}", test=hand.code(str(_decisive(receipt))))


def details(receipt: Receipt, hand: Hand) -> Iterator[Written]:
    """What happened, line by line: each side's runs, what a red test told, today's tip, how to do it again."""
    for test in receipt.tests[:_TESTS]:
        yield from _runs(receipt, test, hand, several=len(receipt.tests) > 1)
    if len(receipt.tests) > _TESTS:
        yield hand.say("proof", "more", count=len(receipt.tests) - _TESTS)
    yield from _others(receipt, hand)
    if receipt.verdict in (Verdict.PROVED, Verdict.NOT_PROVED) and receipt.tip_reason not in ("", "not-tried"):
        yield hand.say("proof", f"tip-{receipt.tip_reason}", tip=receipt.tip or "")
    if receipt.files:
        yield hand.say("proof", "laid", files=[path for path, _ in receipt.files])
    if receipt.command:
        yield hand.say("proof", "command", command=" ".join(receipt.command))
    if receipt.environment:
        programs = hand.listed([version if name == "os" else f"{name} {version}" for name, version in receipt.environment], 9)
        yield hand.say("proof", "ran-on", programs=programs, seconds=f"{receipt.seconds:.0f}")
    yield hand.say("proof", "repeat", repeat=receipt.repeat)


def _others(receipt: Receipt, hand: Hand) -> Iterator[Written]:
    """The tests that were run beside those that are proved, and why they are not."""
    fixed = receipt.fix is not None
    others = [test for test in dict.fromkeys(run.test for run in receipt.runs) if test not in receipt.tests]
    for test in others[:_TESTS]:
        slug = judge_test(receipt.runs, test, fixed=fixed)[1]
        yield hand.say("proof", "other-test", why=hand.say("proof", f"why-{slug}", test=hand.code(str(test))))


def _runs(receipt: Receipt, test: TestId, hand: Hand, *, several: bool) -> Iterator[Written]:
    if several:
        yield hand.code(str(test))
    commits = {Side.PARENT: receipt.parent, Side.FIX: receipt.fix, Side.TIP: receipt.tip, Side.REVERTED: receipt.tip}
    for side in _SIDES:
        runs = [run for run in receipt.runs if run.test == test and run.side is side]
        if not runs:
            continue
        slug = "now" if side is Side.PARENT and receipt.fix is None else side.value
        yield hand.say(
            "proof", "runs", side=hand.say("proof", f"side-{slug}"), commit=commits[side] or "", endings=_endings(runs, hand)
        )
        told = next((run.failure for run in runs if run.failure), None)
        if told and (told.type or told.message):
            yield hand.say("proof", "failure", type=told.type, message=told.message.strip().partition("\n")[0])


def _endings(runs: list[Run], hand: Hand) -> Written:
    counts = Counter((run.ending, run.reason) for run in runs)
    return hand.listed(
        [
            hand.say(
                "proof",
                "times",
                ending=hand.say("proof", f"ending-{ending}"),
                times=times,
                reason=hand.say("proof", f"short-{why}") if why else "",
            )
            for (ending, why), times in counts.items()
        ]
    )


def _decisive(receipt: Receipt) -> TestId:
    fixed = receipt.fix is not None
    found = (test for test in receipt.tests if judge_test(receipt.runs, test, fixed=fixed) == (receipt.verdict, receipt.reason))
    return next(found, receipt.tests[0] if receipt.tests else TestId(""))
