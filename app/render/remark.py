"""The remark on a pull request in words: the comment, the check run beside it, and its annotations.

What is worth saying was decided by `app.analysis.review` and the workflow; the sentences are in `templates/words/remark.j2`.
"""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.change import Span
from app.domain.comment import MARKER_PREFIX
from app.domain.draft import Guard, ProofState
from app.domain.review import (
    Annotation,
    Disarmed,
    Finding,
    How,
    KnownEscape,
    Missing,
    Remark,
    RemarkFacts,
    Touch,
    review_marker,
)
from app.render import words
from app.render.defuse import clean
from app.render.draft import fenced
from app.render.guard import guard_sentence
from app.render.links import Links
from app.render.words import Hand, Written

LIMIT = 60_000
"""Characters of the comment; GitHub refuses a body of more than 65,536."""

MOST_NOTES = 100
"""Annotations of one check run; a change that would have more is no easier to read for them."""

_ROWS = 8
_KEEP = ((40, 20), (10, 5), (0, 0))
_TITLE = 90
_LONGEST_RUN = 2_000
_PLACES, _PLACES_IN_A_ROW, _SPANS = 6, 2, 4
_RUNS = 4


def remark(facts: RemarkFacts) -> Remark:
    """The remark; what is to be said is looked for in its findings and fixes, unless its cause is gone."""
    for more, unread in _KEEP:
        summary = words.markdown().fill("remark.md.j2", view=_View(facts, more, unread)).strip()
        comment = f"{review_marker(facts.repository_id, facts.pull.number, gone=facts.gone)}\n{summary}"
        if len(comment) <= LIMIT:
            break
    if comment.count(MARKER_PREFIX) != 1 or len(comment) > LIMIT:
        raise ValueError("a remark has to open with its marker, hold no other, and be short enough")
    return Remark(comment, str(_title(facts)), summary, () if facts.gone else tuple(_notes(facts))[:MOST_NOTES])


@dataclass(frozen=True, slots=True)
class Row:
    """One past escape of the table."""

    escape: Written
    change: Written
    missing: Written


@dataclass(frozen=True, slots=True)
class Fold:
    """Folded details; `left_out` is None where nothing was."""

    title: Written
    items: tuple[Written, ...]
    left_out: Written | None = None


class _View:
    """The comment, part by part; `more` and `unread` bound its folds."""

    def __init__(self, facts: RemarkFacts, more: int, unread: int) -> None:
        self._facts, self._more, self._unread = facts, more, unread
        self._hand = words.markdown()
        self._say = _Sayings(self._hand, facts)

    @property
    def gone(self) -> Written | None:
        """What takes the place of a remark whose cause is gone."""
        if not self._facts.gone:
            return None
        pull = self._facts.pull
        return self._hand.say("remark", "gone", head=self._hand.commit(pull.head, self._say.links.commit(pull.head)))

    @property
    def headline(self) -> Written:
        """The gravest thing, and how many more there are."""
        return self._hand.say("remark", "headline", sentence=self._say.headline(), more=len(self._others))

    @property
    def lines(self) -> tuple[Written, ...]:
        """The gravest thing in full."""
        findings = self._facts.review.findings
        found = self._say.finding(findings[0]) if findings else self._say.fix(self._facts.fixes[0])
        return tuple(line for line in found if line)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The others, as many as stand unfolded."""
        return self._others[:_ROWS]

    @property
    def folds(self) -> tuple[Fold, ...]:
        """What is left: more escapes, unread files, a configuration that could not be read."""
        more, unread, problems = self._others[_ROWS:], self._facts.review.unread, self._facts.problems
        told = [self._hand.say("remark", "fold-row", escape=row.escape, change=row.change, missing=row.missing) for row in more]
        files = [self._hand.say("remark", "unread", path=one.path, reason=one.reason) for one in unread]
        wrong = [self._hand.say("remark", "problem", problem=one) for one in problems]
        title = self._hand.say("remark", "fold-more", number=len(more))
        made = (
            self._fold(title, told, self._more),
            self._fold(self._hand.say("remark", "fold-unread"), files, self._unread),
            self._fold(self._hand.say("remark", "fold-problems"), wrong, self._unread),
        )
        return tuple(fold for fold in made if fold)

    @property
    def stamp(self) -> Written:
        """What was compared with what."""
        review = self._facts.review
        label = self._hand.code(f"{review.base[:7]}...{review.head[:7]}")
        compared = self._hand.link(label, self._say.links.compare(review.base, review.head))
        return self._hand.say("remark", "stamp", looked=review.looked, compared=compared)

    @property
    def _others(self) -> tuple[Row, ...]:
        findings, fixes = self._facts.review.findings, self._facts.fixes
        rest = fixes if findings else fixes[1:]
        return (*(self._say.row(finding) for finding in findings[1:]), *(self._say.fix_row(escape) for escape in rest))

    def _fold(self, title: Written, items: list[Written], most: int) -> Fold | None:
        left = len(items) - most
        left_out = self._hand.say("remark", "left-out", number=left) if left > 0 else None
        return Fold(title, tuple(items[:most]), left_out) if items else None


class _Sayings:
    """Findings as sentences, in one of the two hands."""

    def __init__(self, hand: Hand, facts: RemarkFacts) -> None:
        self._hand, self._facts = hand, facts
        self.links = Links(facts.web_url, facts.repository, facts.pull.head)

    def headline(self) -> Written:
        """The gravest thing in one sentence."""
        findings = self._facts.review.findings
        if not findings:
            first = self._facts.fixes[0]
            flaky = first.proof is ProofState.FLAKY
            return self._hand.say("remark", f"headline-fix-{'flaky' if flaky else 'not-proved'}", issue=self._issue(first))
        finding = findings[0]
        escape, tests = finding.escape, {one.test for one in finding.disarmed}
        hows = {one.how for one in finding.disarmed}
        how = next(iter(hows)) if len(hows) == 1 else "several"
        return self._hand.say(
            "remark",
            f"headline-{finding.missing}",
            issue=self._issue(escape),
            how=how,
            does=self._hand.say("remark", f"does-{how}"),
            number=len(tests),
            only=len(tests) == 1 and len(escape.tests) <= 1,
            guarded=escape.guarded,
        )

    def finding(self, of: Finding) -> Iterator[Written]:
        """One finding in paragraphs."""
        escape = of.escape
        lost = {one.test for one in of.disarmed}
        left = [str(test) for test in escape.tests if test not in lost]
        state = guard_sentence(self._hand, Guard(proof=escape.proof, run_url=escape.receipt))
        known = escape.proof is not ProofState.UNKNOWN
        was = self._hand.say("remark", "was", state=state) if lost and not left and known else Written()
        yield self._escape(escape)
        yield Written(" ".join(filter(None, (self._disarmed(of), was, self._touched(of), self._seams(of)))))
        if left:
            yield self._hand.say("remark", "proof", tests=left, state=state, other=bool(lost))
        elif of.tests:
            yield self._hand.say("remark", "leads", tests=of.tests)
        yield self._hand.say(
            "remark",
            f"ask-{of.missing}",
            number=len(lost),
            fix=self._fix(escape),
            repeat=f"recall prove TEST --fix {escape.fix[:12]}",
            issue=self._issue(escape),
        )
        yield from self._run(of)

    def fix(self, of: KnownEscape) -> Iterator[Written]:
        """The escape that the pull request closes itself, in paragraphs."""
        yield self._hand.say(
            "remark",
            "fix-escape",
            title=self._title(of),
            tests=[str(test) for test in of.tests],
            receipt=of.receipt,
        )
        yield self._hand.say("remark", "ask-fix")

    def row(self, of: Finding) -> Row:
        """One finding in the table."""
        disarmed = [self._hand.say("remark", "disarmed", test=self._test(one), what=self.what(one)) for one in of.disarmed]
        places = self._places(of.touches, _PLACES_IN_A_ROW)
        if places:
            change = self._hand.say("remark", "row-touches", places=places)
        elif of.seams:
            change = self._hand.say("remark", "row-seams", seams=self._edges(of))
        else:
            change = self._hand.say("remark", "row-tests")
        missing = self._hand.say("remark", f"missing-{of.missing}", number=len(of.disarmed), disarmed=disarmed)
        return Row(self._named(of.escape), change, missing)

    def fix_row(self, of: KnownEscape) -> Row:
        """An escape that the pull request closes, in the table."""
        say = self._hand.say
        return Row(self._named(of), say("remark", "row-fix"), say("remark", "missing-fix"))

    def what(self, of: Disarmed) -> Written:
        """How one test loses its force."""
        return self._hand.say("remark", f"what-{of.how}", before=of.before, after=of.after)

    def _named(self, of: KnownEscape) -> Written:
        return self._hand.say("remark", "row-escape", issue=self._issue(of), title=self._title(of))

    def _escape(self, of: KnownEscape) -> Written:
        return self._hand.say(
            "remark",
            "escape",
            title=self._title(of),
            fix=self._fix(of),
            labelled=of.labelled[:10],
        )

    def _disarmed(self, of: Finding) -> Written:
        told = [self._hand.say("remark", "disarmed", test=self._test(one), what=self.what(one)) for one in of.disarmed]
        return Written(f"{self._hand.listed(told)}.") if told else Written()

    def _touched(self, of: Finding) -> Written:
        places = self._places(of.touches, _PLACES)
        return self._hand.say("remark", "touches", places=places) if places else Written()

    def _seams(self, of: Finding) -> Written:
        return self._hand.say("remark", "seams", seams=self._edges(of)) if of.seams else Written()

    def _edges(self, of: Finding) -> list[Written]:
        return [self._hand.say("remark", "seam", near=seam.near, far=seam.far) for seam in of.seams]

    def _places(self, of: tuple[Touch, ...], most: int) -> Written:
        touches = _told_once(of)
        told = [self._place(touch) for touch in touches[:most]]
        if len(touches) > most:
            told.append(self._hand.say("remark", "places-more", number=len(touches) - most))
        return Written("; ".join(told))

    def _place(self, of: Touch) -> Written:
        lines = ", ".join([*map(_lines, of.spans[:_SPANS]), *(["…"] if len(of.spans) > _SPANS else [])])
        name = self._hand.say("remark", "place-name", path=of.path, lines=lines)
        url = self.links.file(of.path, of.spans[0] if of.spans else None)
        return self._hand.say("remark", "place", place=name, url=url, symbol=of.symbol)

    def _test(self, of: Disarmed) -> Written:
        address = self.links.file(of.path, of.line) if of.line is not None else None
        return self._hand.link(self._hand.code(str(of.test)), address)

    def _run(self, of: Finding) -> Iterator[Written]:
        """The line that runs the guards, to be copied; nothing where none is left to run, or it could not be copied as it is."""
        escape, gone = of.escape, {one.test for one in of.disarmed if one.how is How.DELETED}
        if gone.issuperset(escape.tests):
            return
        prove = of.missing is Missing.NOT_PROVED
        lines = [of.run, *(f"recall prove {shlex.quote(str(test))} --fix {escape.fix[:12]}" for test in escape.tests if prove)]
        shown = "\n".join(filter(_copyable, lines[:_RUNS]))
        if shown:
            yield self._hand.say("remark", "run-prove" if prove else "run")
            yield fenced(shown, "sh")

    def _issue(self, of: KnownEscape) -> Written:
        return self._hand.link(Written(f"#{of.issue}"), self.links.home and f"{self.links.home}/issues/{of.issue}")

    def _fix(self, of: KnownEscape) -> Written:
        if of.fix_pull is not None:
            return self._hand.link(Written(f"#{of.fix_pull}"), self.links.pull(of.fix_pull))
        return self._hand.commit(of.fix, self.links.commit(of.fix))

    def _title(self, of: KnownEscape) -> str:
        return clean(of.title, _TITLE)


def _title(facts: RemarkFacts) -> Written:
    """The check run's title, in plain text."""
    hand, findings = words.plain(), facts.review.findings
    if facts.gone:
        return hand.say("remark", "gone-title")
    number = len({one.test for one in findings[0].disarmed}) if findings else 0
    first = findings[0].escape if findings else facts.fixes[0]
    missing = findings[0].missing if findings else "fix"
    sentence = hand.say("remark", f"title-{missing}", issue=Written(f"#{first.issue}"), number=number)
    return hand.say("remark", "title", sentence=sentence, more=len(findings) + len(facts.fixes) - 1)


def _notes(facts: RemarkFacts) -> Iterator[Annotation]:
    """One remark beside each place, in plain text: tests that lose their force first, then what past fixes had changed."""
    hand = words.plain()
    say = _Sayings(hand, facts)
    touched: dict[tuple[str, Span], list[Written]] = {}
    for finding in facts.review.findings:
        issue = Written(f"#{finding.escape.issue}")
        for one in finding.disarmed:
            if one.line is not None:
                note = hand.say("remark", "note-disarmed", issue=issue, what=say.what(one))
                yield Annotation(one.path, one.line, one.line, str(note))
        missing = hand.say("remark", f"note-{finding.missing}")
        here: dict[tuple[str, Span], Written] = {}
        for touch in finding.touches:
            note = hand.say("remark", "note-touched", issue=issue, symbol=touch.symbol, missing=missing)
            for span in touch.spans:
                here.setdefault((touch.path, span), note)
        for place, note in here.items():
            touched.setdefault(place, []).append(note)
    for (path, span), (note, *more) in touched.items():
        said = hand.say("remark", "note-more", note=note, number=len(more)) if more else note
        yield Annotation(path, span.start, span.end, str(said))


def _told_once(touches: tuple[Touch, ...]) -> tuple[Touch, ...]:
    """Lines that a fix had changed, in a function that it had changed, are one place: the one that names the function."""
    places = {(touch.path, touch.spans): touch for touch in sorted(touches, key=lambda touch: touch.symbol is not None)}
    return tuple(places[key] for key in dict.fromkeys((touch.path, touch.spans) for touch in touches))


def _copyable(line: str) -> bool:
    return bool(line) and line.isprintable() and len(line) <= _LONGEST_RUN and MARKER_PREFIX not in line


def _lines(span: Span) -> str:
    return str(span.start) if span.start == span.end else f"{span.start}-{span.end}"
