"""What a proof says, wherever it is said: the half sentence on the issue, the check run, the comment on a rotten guard.

Which facts count is decided by `app.analysis.proofs`; the sentences are in `templates/words/guard.j2` and `refused.j2`.
"""

from dataclasses import dataclass

from app.analysis.proofs import PROVEN
from app.domain.check import Check, CheckFacts, Proof, Refused, Standing
from app.domain.comment import rotten_marker
from app.domain.draft import Guard, ProofState
from app.domain.escape import IssueRef
from app.domain.job import Recall
from app.domain.proof import Ending, Receipt, Side
from app.domain.suite import TestId
from app.render import words
from app.render.buttons import buttons
from app.render.defuse import clean
from app.render.links import Links
from app.render.words import Hand, Written

_MOST_ROWS = 20
_MOST_REFUSED = 5
_RED = (Ending.FAILED, Ending.ERROR)


def guard_sentence(hand: Hand, guard: Guard) -> Written:
    """What is known of the guard, as the end of a sentence, with the run that brought it and when it was last challenged."""
    said = hand.say("guard", guard.proof)
    if guard.challenged and guard.proof in (ProofState.GUARDED, ProofState.ROTTEN):
        said = hand.say("guard", "challenged", sentence=said, when=guard.challenged[:10])
    return hand.say("guard", "receipt", sentence=said, url=guard.run_url)


def refusal(refused: Refused) -> str:
    """Why a receipt or challenge does not count, as plain text in one sentence."""
    said = words.plain().say("refused", refused.reason, name=refused.name, expected=refused.expected, found=refused.found)
    return str(words.plain().capital(said))


def check(facts: CheckFacts) -> Check:
    """The check run. Its key is the pull request's, so that two pull requests at one commit have one each."""
    hand = words.markdown()
    summary = hand.fill("check.md.j2", view=_View(hand, facts)).strip()
    url = next((proof.run_url for proof in facts.proofs if proof.run_url), "")
    offered = () if facts.standing is Standing.SUCCESS else buttons("prove")
    return Check(facts.head, f"recall:v1 proof {facts.pull}", facts.standing, str(_title(facts)), summary, url, buttons=offered)


def rotten(recall: Recall, web_url: str) -> str:
    """The comment on a guard that no longer guards; on one that does again, what takes the place of that comment."""
    hand = words.markdown()
    mended = recall.guard.proof is not ProofState.ROTTEN
    ref = IssueRef(recall.repository_id, recall.number)
    links = Links(web_url, recall.repository)
    body = hand.fill(
        "rotten.md.j2",
        marker=Written(rotten_marker(ref, mended=mended)),
        mended=mended,
        sentence=guard_sentence(hand, recall.guard),
        tests=[hand.code(test) for test in recall.guard.tests],
        draft=hand.link(Written(f"#{recall.guard.pull}"), links.pull(recall.guard.pull)) if recall.guard.pull else None,
    )
    return body.strip()


def _title(facts: CheckFacts) -> Written:
    hand = words.plain()
    if not facts.proofs:
        return hand.say("guard", "title-none")
    first = facts.proofs[0]
    proven = sum(proof.state in PROVEN for proof in facts.proofs)
    state = hand.say("guard", f"title-{first.state}")
    return hand.say("guard", "title", proofs=len(facts.proofs), proven=proven, issue=first.issue, state=state)


@dataclass(frozen=True, slots=True)
class _Row:
    """One test, and how its runs ended on each side."""

    name: Written
    cells: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """One escape: the sentence, the table of its tests, and the line that repeats it."""

    head: Written
    sides: tuple[Written, ...]
    rows: tuple[_Row, ...]
    left_out: int
    repeat: Written | None


@dataclass(frozen=True, slots=True)
class _View:
    """The check run's summary, part by part."""

    hand: Hand
    facts: CheckFacts

    @property
    def parts(self) -> tuple[_Part, ...]:
        """The escapes, in the order of their issues."""
        return tuple(self._part(proof) for proof in sorted(self.facts.proofs, key=lambda proof: proof.issue))

    @property
    def asks(self) -> Written | None:
        """What is waited for, where nothing is known yet."""
        if all(proof.state is not ProofState.UNKNOWN for proof in self.facts.proofs):
            return None
        return self.hand.say("guard", "waiting" if self.facts.standing is Standing.WAITING else "asks")

    @property
    def refused(self) -> tuple[Written, ...]:
        """The receipts that did not count."""
        return tuple(self.hand.say("guard", "refused", sentence=one) for one in self.facts.refused[:_MOST_REFUSED])

    def _part(self, proof: Proof) -> _Part:
        links = Links(self.facts.web_url, self.facts.repository)
        sentence = self.hand.say("guard", "receipt", sentence=self.hand.say("guard", proof.state), url=proof.run_url)
        issue = self.hand.link(Written(f"#{proof.issue}"), links.home and f"{links.home}/issues/{proof.issue}")
        head = self.hand.say("guard", "head", issue=issue, sentence=sentence)
        receipt = proof.receipt
        if receipt is None:
            return _Part(head, (), (), 0, None)
        sides = [side for side in Side if any(run.side is side for run in receipt.runs)]
        named = tuple(self._side(side, receipt, links) for side in sides)
        rows = tuple(self._row(test, sides, receipt) for test in receipt.tests[:_MOST_ROWS])
        repeat = self.hand.say("guard", "repeat", command=clean(receipt.repeat, 500)) if receipt.repeat else None
        return _Part(head, named, rows, max(0, len(receipt.tests) - _MOST_ROWS), repeat)

    def _side(self, side: Side, receipt: Receipt, links: Links) -> Written:
        sha = {Side.PARENT: receipt.parent, Side.FIX: receipt.fix}.get(side, receipt.tip)
        commit = self.hand.commit(sha, links.commit(sha)) if sha else Written("")
        return self.hand.say("guard", f"side-{side}", commit=commit)

    def _row(self, test: TestId, sides: list[Side], receipt: Receipt) -> _Row:
        return _Row(self.hand.code(str(test)), tuple(self._cell(test, side, receipt) for side in sides))

    def _cell(self, test: TestId, side: Side, receipt: Receipt) -> Written:
        endings = [run.ending for run in receipt.runs if run.test == test and run.side is side]
        if not endings:
            return self.hand.say("guard", "cell-none")
        red = sum(ending in _RED for ending in endings)
        green = sum(ending is Ending.PASSED for ending in endings)
        rest = len(endings) - red - green
        return self.hand.say("guard", "cell", red=red, green=green, rest=rest, runs=len(endings))
