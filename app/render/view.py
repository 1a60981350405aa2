"""What stands where in the comment: picks, orders and links the facts, each put into words by `app.render.sentences`.

The layout itself is `templates/comment.md.j2`'s.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.domain.comment import CommentFacts, marker
from app.domain.correction import Part
from app.domain.escape import Fix, Link
from app.domain.evidence import Kind, RankedTest, Source
from app.domain.job import State
from app.domain.report import Report
from app.domain.unchecked import Unchecked
from app.render import culprit, draft, green, seams, words
from app.render.links import Links
from app.render.sentences import Sentences, sayable
from app.render.words import Written

WORTH_A_ROW = 0.1
WORTH_A_MENTION = 0.02
"""A test that is not seen to reach the change needs this score to stand in the table rather than in the fold."""

_INTEGRATION_ROWS = 4
_CHOICE = 2
_REASONS_IN_A_ROW = 2
_CERTAIN = 0.95
_IN_ITS_COLUMN = frozenset({Source.EXECUTED})
_ORDER = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Row:
    """One test of a table."""

    name: Written
    kind: str
    score: float
    why: Written
    saw: Written


@dataclass(frozen=True, slots=True)
class Fold:
    """Folded details: a table, a list, or both, and how much of it was cut."""

    title: Written
    rows: tuple[Row, ...] = ()
    items: tuple[Written, ...] = ()
    left_out: int = 0


class View:
    """One comment, part by part; `rows` and `entries` bound the table and each fold."""

    def __init__(self, facts: CommentFacts, rows: int, entries: int) -> None:
        if facts.report is not None:
            facts = replace(facts, report=sayable(facts.report))
        links = Links(facts.web_url, facts.repository, facts.base)
        self._facts, self._links, self._entries = facts, links, entries
        self._hand = words.markdown()
        self._sentences = Sentences(self._hand, links, facts.report is None or facts.report.change is not None)
        self._chosen = table(facts.report.tests, rows) if facts.report else ()
        self.marker = Written(marker(facts.issue.ref))
        self.draft = draft.told(facts)
        self.rows = self._rows(self._chosen)

    @property
    def saw(self) -> bool:
        """Whether a map tells what any of the tests executed, so that it is worth a column."""
        report = self._facts.report
        return report is not None and any(self._sentences.saw(test, report.verdict.ran) for test in report.tests)

    @property
    def headline(self) -> Written:
        """The verdict, or what became of the issue where there is no report."""
        facts = self._facts
        if facts.problem is not None:
            return self._hand.say("state", "problem", problem=facts.problem)
        if facts.report is None:
            return self._hand.say("state", facts.state)
        sentence = self._sentences.verdict(facts.report)
        return self._hand.say("page", "provisional", sentence=sentence) if facts.provisional else sentence

    @property
    def basis(self) -> Written:
        """What the headline rests on, or what to do about it."""
        if self._facts.report is not None and (basis := self._sentences.basis(self._facts.report)):
            return basis
        if self._facts.state is State.WITHDRAWN:
            return self._hand.say("state", "withdrawn-more")
        return Written()

    @property
    def question(self) -> Written:
        """What people are asked for, where it would make a better report."""
        if not self._facts.question:
            return Written()
        link = self._facts.link
        return self._hand.say("page", "question", fix=self._fix_name(link.fix) if link else None)

    @property
    def about(self) -> Written:
        """The fix, how it was found, and what else was linked; or the places that stand in for it."""
        report, link = self._facts.report, self._facts.link
        lines = []
        if link is not None:
            lines.append(self._fix(link.fix, report, how=self._found(link)))
        elif report is not None and (about := self._sentences.about(report)):
            lines.append(about)
        if others := [self._fix_name(other.fix) for other in self._other_links() if other.acted_on]:
            lines.append(self._hand.say("fix", "others", others=others))
        return Written("\\\n".join(lines))

    @property
    def origin(self) -> Written:
        """Which change let the bug in, as far as anybody knows; empty where nobody looked."""
        report = self._facts.report
        return culprit.line(report.origin, self._sentences) if report and report.origin else Written()

    @property
    def findings(self) -> tuple[Written, ...]:
        """The seams, the gaps and the placement, a paragraph each."""
        report = self._facts.report
        if report is None:
            return ()
        said = (
            self._sentences.gaps(report, "never"),
            self._sentences.gaps(report, "integration-run"),
            self._sentences.gaps(report, "any"),
            self._sentences.gaps(report, "integration"),
            self._sentences.placement(report),
        )
        return (*seams.findings(report, self._sentences), *(sentence for sentence in said if sentence is not None))

    @property
    def called(self) -> Written:
        """What people called wrong, in their words; a link that they have put right is no longer theirs to doubt."""
        said = self._facts.said
        last = {verdict.part: verdict for verdict in said.verdicts if not (said.fix and verdict.part is Part.LINK)}
        wrong = [verdict for verdict in last.values() if not verdict.right]
        if not wrong:
            return Written()
        parts = [self._hand.say("called", verdict.part, why=verdict.why) for verdict in wrong]
        return self._hand.say("called", "wrong", parts=self._hand.listed(parts))

    @property
    def ledger(self) -> green.Told | None:
        """Why the change that let the bug in was green, where anybody looked."""
        ledger = self._facts.ledger
        return green.told(ledger, self._sentences, self._entries) if ledger else None

    @property
    def folds(self) -> tuple[Fold, ...]:
        """Everything else, folded; a fold with nothing in it is left out."""
        report = self._facts.report
        folds = [] if report is None else [self._more(report), self._evidence(), self._changes(report)]
        folds += [] if report is None else [self._candidates(report)]
        folds += [] if report is None else [self._fold_seams(report)]
        folds += [self._links_found(), self._unchecked(report)]
        return tuple(fold for fold in folds if fold.rows or fold.items or fold.left_out)

    @property
    def configuration(self) -> Written:
        """That the configuration is not all in force, where that is so; what is wrong with it is told in a fold."""
        if not self._facts.problems:
            return Written()
        return self._hand.say("page", "configuration", number=len(self._facts.problems))

    @property
    def stamp(self) -> Written:
        """The last line: what all this rests on."""
        if self._facts.report is None:
            return self._hand.say("page", "stamp-waiting")
        return self._sentences.stamp(self._facts.report)

    def _rows(self, tests: Iterable[RankedTest]) -> tuple[Row, ...]:
        ran = self._facts.report.verdict.ran if self._facts.report else None
        return tuple(
            Row(
                self._sentences.row(test),
                test.test.kind,
                test.score,
                self._sentences.why(test, _REASONS_IN_A_ROW, without=_IN_ITS_COLUMN if saw else frozenset()),
                saw,
            )
            for test in tests
            for saw in [self._sentences.saw(test, ran)]
        )

    def _fix(self, fix: Fix, report: Report | None, how: Written) -> Written:
        if report is None or report.change is None:
            return self._hand.say("fix", "bare", fix=self._fix_name(fix), how=how)
        page = Links(self._facts.web_url, fix.repository).pull(fix.pull, "files") if fix.pull is not None else None
        parts = self._sentences.fix(report.change, page) | {"fix": self._fix_name(fix), "how": how}
        return self._hand.say("fix", fix.state, **parts)

    def _fix_name(self, fix: Fix) -> Written:
        links = Links(self._facts.web_url, fix.repository)
        if fix.pull is not None:
            return self._hand.link(Written(f"#{fix.pull}"), links.pull(fix.pull))
        return self._hand.commit(fix.head, links.commit(fix.head))

    def _found(self, link: Link) -> Written:
        sentence = self._hand.say("link", link.kind)
        return sentence if link.sure >= _CERTAIN else self._sure(link)

    def _sure(self, link: Link) -> Written:
        return self._hand.say("link", "sure", sentence=self._hand.say("link", link.kind), sure=link.sure)

    def _other_links(self) -> tuple[Link, ...]:
        links = self._facts.escape.links if self._facts.escape else ()
        named = {self._fix_key(self._facts.link.fix)} if self._facts.link else set()
        others = []
        for link in links:
            if (key := self._fix_key(link.fix)) not in named:
                named.add(key)
                others.append(link)
        return tuple(others)

    @staticmethod
    def _fix_key(fix: Fix) -> tuple[str, int | str]:
        return fix.repository, fix.head if fix.pull is None else fix.pull

    def _more(self, report: Report) -> Fold:
        rest = others(report.tests, self._chosen)
        title = self._hand.say("page", "more-tests", number=len(rest), target=self._sentences.target)
        kept = rest[: self._entries]
        return Fold(title, rows=self._rows(kept), left_out=len(rest) - len(kept))

    def _evidence(self) -> Fold:
        items = [
            self._hand.say(
                "page",
                "evidence-of-test",
                test=self._sentences.test(test),
                kind=test.test.kind,
                kind_reason=self._sentences.kind(test.test),
                evidence=self._sentences.all_evidence(test, self._entries),
            )
            for test in self._chosen
        ]
        return self._fold("evidence", items)

    def _changes(self, report: Report) -> Fold:
        if report.change is None:
            return Fold(Written())
        changed = [self._sentences.changed(file) for file in report.change.files]
        brought = [self._sentences.brought(test) for test in report.tests_in_fix]
        return self._fold("changes", [*brought, *changed], tests_in_fix=len(brought))

    def _candidates(self, report: Report) -> Fold:
        """Who else may have let it in, and how to put it right; nothing where there is no choice."""
        items = culprit.items(report.origin, self._sentences) if report.origin else ()
        if len(items) < _CHOICE:
            return Fold(Written())
        title = self._hand.say("culprit", "fold", number=len(items))
        kept = items[: self._entries]
        return Fold(title, items=(*kept, self._hand.say("culprit", "correct")), left_out=len(items) - len(kept))

    def _fold_seams(self, report: Report) -> Fold:
        items = seams.items(report, self._sentences)
        kept = items[: self._entries]
        return Fold(self._hand.say("seam", "fold"), items=kept, left_out=len(items) - len(kept))

    def _links_found(self) -> Fold:
        escape = self._facts.escape
        links = escape.links if escape else ()
        items = [
            self._hand.say("link", "item", fix=self._fix_name(link.fix), sentence=self._sure(link), acted_on=link.acted_on)
            for link in links
        ]
        dropped = [self._hand.say("dropped", one.reason, name=one.name) for one in (escape.dropped if escape else ())]
        return self._fold("found", [*items, *dropped])

    def _unchecked(self, report: Report | None) -> Fold:
        """What the report could not look at, and what is wrong with the configuration now, unless the report says it."""
        gaps = culprit.unchecked(report) if report else ()
        known = {name for gap in gaps if gap.reason == "configuration" for name in gap.names}
        news = (Unchecked("configuration", (problem,)) for problem in self._facts.problems if problem not in known)
        return self._fold("unchecked", [self._hand.capital(self._sentences.unchecked(gap)) for gap in (*news, *gaps)])

    def _fold(self, title: str, items: Sequence[Written], **values: int) -> Fold:
        kept = tuple(items[: self._entries])
        return Fold(self._hand.say("page", title, **values), items=kept, left_out=len(items) - len(kept))


def table(tests: Sequence[RankedTest], most: int) -> tuple[RankedTest, ...]:
    """The tests worth a row: the best, among them the best integration tests, and those first.

    A test gets a row if it is seen to touch or run the change or scores `WORTH_A_ROW`, an integration test also if it comes to
    the change through one other file; where none does, the best three do.
    """
    worth = [test for test in tests if _is_seen(test) or test.score >= WORTH_A_ROW or _comes_from_afar(test)] or list(tests[:3])
    wide = [test for test in worth if test.test.kind is not Kind.UNIT][: min(_INTEGRATION_ROWS, most)]
    rest = [test for test in worth if test not in wide][: most - len(wide)]
    return tuple(sorted([*wide, *rest], key=lambda test: (_ORDER[test.test.kind], -test.score)))


def others(tests: Sequence[RankedTest], shown: Sequence[RankedTest]) -> tuple[RankedTest, ...]:
    """The tests worth a mention below the table; of the rest, recall only knows that they are less likely still."""
    near = (test for test in tests if _is_seen(test) or test.passes_through or test.score >= WORTH_A_MENTION)
    return tuple(test for test in near if test not in shown)


def _is_seen(test: RankedTest) -> bool:
    return test.touches or test.ran


def _comes_from_afar(test: RankedTest) -> bool:
    return test.passes_through and test.test.kind is not Kind.UNIT
