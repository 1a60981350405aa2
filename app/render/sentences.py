"""Says each fact of a report in one hand: the same sentences make the comment, the terminal report and the JSON.

Which facts are shown, and where, is left to whoever asks.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.analysis.testmap.test_files import plain
from app.domain.change import ChangeSet, FileChange, Span, Status
from app.domain.evidence import Evidence, RankedTest, Source, TestFile
from app.domain.report import Blind, Gap, Lead, Ran, Report, VerdictCode
from app.domain.strength import Says
from app.domain.testmap import Grain
from app.domain.unchecked import Unchecked
from app.render import words
from app.render.links import Links
from app.render.words import Hand, Written

_LINES_OF_A_GAP = 4
_COMMITS_OF_EVIDENCE = 3


@dataclass(frozen=True, slots=True)
class Sentences:
    """The words of one hand about one report. `has_fix` is False where the report is about named places."""

    hand: Hand
    links: Links
    has_fix: bool = True

    def verdict(self, report: Report) -> Written:
        """The first sentence, with its numbers."""
        changed = report.change.code if report.change else ()
        languages = sorted({file.language or _extension(file.path) for file in changed})
        best = report.tests[0].score if report.tests and report.sure else None
        verdict = report.verdict
        leads = self.hand.say("leads", verdict.leads, verdict=verdict, target=self.target, languages=languages, best=best)
        if verdict.code is VerdictCode.STATIC_ONLY and report.tests and not report.sure and verdict.leads not in _CLAIMS_NOTHING:
            leads = self.hand.say("page", "unsure", score=report.tests[0].score, sentence=leads)
        brought = [test.path for test in report.tests_in_fix]
        blind = [self.unchecked(item) for item in report.unchecked if item.reason in verdict.blind]
        said = self.hand.say(
            "verdict",
            verdict.code,
            ran=verdict.ran,
            leads=leads,
            target=self.target,
            which=self.which,
            brought=brought,
            blind=blind[0] if blind else "",
            partial=Blind.NO_INTEGRATION in verdict.blind,
        )
        if brought and verdict.code in _EXECUTED:
            said = Written(f"{said} {self.hand.say('verdict', 'brought', brought=brought)}")
        return self.hand.capital(said)

    def basis(self, report: Report) -> Written:
        """What the first sentence rests on, in short, where that is less than a whole and near map; else empty."""
        if report.map is None:
            return self.hand.say("page", "basis") if report.tests else Written()
        if not report.map.trusted:
            return Written() if report.verdict.code is VerdictCode.STALE else self.hand.say("page", "basis-hint")
        if report.map.missing_shards:
            return self.hand.say("page", "basis-shards", missing=len(report.map.missing_shards), shards=report.map.shards)
        return self.hand.say("page", "basis-suite") if report.map.grain is Grain.SUITE else Written()

    def saw(self, test: RankedTest, ran: Ran | None) -> Written:
        """What the tests of a file executed of the change, and that they assert nothing of it; empty where the map does not say
        that they ran it.

        The whole is that of the first sentence, `ran`: also the changed files count that this test never comes to.
        """
        told = [evidence for evidence in test.evidence if evidence.source is Source.EXECUTED]
        nearest = [evidence for evidence in told if evidence.reason == told[0].reason]
        if not nearest:
            return Written()
        count, of = sum(evidence.count or 0 for evidence in nearest), sum(evidence.of or 0 for evidence in nearest)
        first = nearest[0]
        if ran is not None and first.reason == f"ran-{ran.depth}":
            of = max(of, ran.of)
        return self.hand.say(
            "ran",
            f"saw-{first.reason.removeprefix('ran-')}",
            share=self.hand.say("ran", "share", count=count, of=of),
            which=self.which,
            of=of,
            here=self.links.file(first.names[0], first.lines[0]) if first.names and first.lines else None,
            asserts=self.asserts_too_little(test),
        )

    def asserts(self, test: RankedTest) -> Written:
        """What the tests of a file that come to the change assert of it; empty where nobody asked."""
        told = test.strength
        if told is None:
            return Written()
        here = self.links.file(test.test.path, told.line) if told.line else None
        return self.hand.say("strength", told.reason, names=told.names, line=told.line, here=here, target=self.target)

    def asserts_too_little(self, test: RankedTest) -> Written:
        """The same, where they assert nothing of it; else empty."""
        lacks = test.strength is not None and test.strength.says in {Says.NOTHING, Says.ELSEWHERE}
        return self.asserts(test) if lacks else Written()

    @property
    def which(self) -> str:
        """What the lines are that were looked up, before the word."""
        return "changed" if self.has_fix else "named"

    @property
    def target(self) -> Written:
        """What the tests were looked up for, as the object of a sentence."""
        return self.hand.say("target", "fix" if self.has_fix else "places")

    def about(self, report: Report) -> Written:
        """The fix and what it changes, or the places that stand in for it; empty where there is neither."""
        if report.change is not None:
            return self.hand.say("fix", "given", **self.fix(report.change))
        return self.hand.say("fix", "places", places=self.hand.codes(report.places)) if report.places else Written()

    def fix(self, change: ChangeSet, page: str | None = None) -> dict[str, Written]:
        """The parts of a sentence about the fix; `page` is where its size leads to, if not to the comparison."""
        lines = sum(file.changed_lines for file in change.files)
        size = self.hand.say("fix", "size", files=len(change.files), lines=lines)
        symbols = dict.fromkeys(symbol.qualified for file in change.code for symbol in (*file.symbols, *file.new_symbols))
        return {
            "fix": self.hand.commit(change.head, self.links.commit(change.head)),
            "subject": self.hand.prose(change.subject),
            "size": self.hand.link(size, page or self.links.compare(change.base, change.head)),
            "symbols": self.hand.codes(symbols),
        }

    def test(self, test: RankedTest) -> Written:
        """The test's name, by its id where a single test is known."""
        path = test.test.path
        name = path if test.id is None else test.id if test.id.startswith(path) else f"{path}::{test.id}"
        return self.hand.link(self.hand.code(name), self.links.file(path))

    def row(self, test: RankedTest) -> Written:
        """The test's file, and under it the single test by its own name: a whole id would push a table's columns aside."""
        file = self.hand.link(self.hand.code(test.test.path), self.links.file(test.test.path))
        single = plain(test.id).rpartition("::")[2] if test.id and test.id != test.test.path else ""
        return self.hand.say("page", "test-in-row", file=file, single=single)

    def kind(self, test: TestFile) -> Written:
        """Why the test is of its kind."""
        return self.hand.say("kind", test.kind_reason, names=test.kind_names)

    def evidence(self, test: RankedTest, evidence: Evidence, *, commits: bool = True) -> Written:
        """One reason for naming a test, with the commits to check it against unless they are left to the folds."""
        shown = evidence.commits[:_COMMITS_OF_EVIDENCE] if commits else ()
        return self.hand.say(
            "evidence",
            evidence.reason,
            e=evidence,
            commits=[self.hand.commit(sha, self.links.commit(sha)) for sha in shown],
            here=self.links.file(test.test.path, evidence.line) if evidence.line else None,
            history=self.links.history(test.test.path),
            speaker=self.hand.say("target", "fix-says" if self.has_fix else "places-says"),
        )

    def why(self, test: RankedTest, most: int, *, without: frozenset[Source] = frozenset()) -> Written:
        """The reasons that speak for the test: what is seen, then the strongest hint of each other source."""
        chosen: dict[str, Evidence] = {}
        for evidence in sorted(test.evidence, key=lambda one: (one.source not in _SEEN, -one.weight)):
            if (evidence.weight > 0 or evidence.source in _SEEN) and evidence.source not in without:
                chosen.setdefault(evidence.source, evidence)
        told = [self.evidence(test, evidence, commits=False) for evidence in list(chosen.values())[:most]]
        too_little = self.asserts_too_little(test) if Source.EXECUTED not in without else Written()
        return Written("; ".join((*told, *filter(None, [too_little]))))

    def all_evidence(self, test: RankedTest, most: int) -> Written:
        """Every reason for naming a test, each once, in the order in which they are given."""
        said = dict.fromkeys(self.evidence(test, evidence) for evidence in test.evidence[:most])
        return Written("; ".join((*said, *filter(None, [self.asserts(test)]))))

    def gaps(self, report: Report, missing: str, most: int = 4) -> Written | None:
        """The changed places that tests of one sort do not reach, in one sentence; None where there are none."""
        places = [self.place(gap) for gap in report.gaps if gap.missing == missing]
        return self.hand.say("gap", missing, places=self.hand.listed(places, most)) if places else None

    def gap(self, gap: Gap) -> Written:
        """One gap as a sentence of its own."""
        return self.hand.say("gap", gap.missing, places=self.place(gap))

    def place(self, gap: Gap) -> Written:
        """A changed symbol, or a file's lines, where it stands."""
        lines = self.lines(gap.path, gap.lines)
        at = self.links.file(gap.path, gap.lines[0] if gap.lines else None)
        file = self.hand.link(self.hand.code(gap.path), self.links.file(gap.path))
        name = self.hand.link(self.hand.code(gap.symbol), at) if gap.symbol else file
        count = sum(span.end - span.start + 1 for span in gap.lines)
        return self.hand.say("gap", "place", name=name, lines=lines, count=count, path=file if gap.symbol else "")

    def lines(self, path: str, spans: Iterable[Span]) -> Written:
        """Line numbers, each linked: 12, 88-91 and 3 more."""
        shown = [
            self.hand.link(
                Written(f"{span.start}" if span.start == span.end else f"{span.start}-{span.end}"), self.links.file(path, span)
            )
            for span in spans
        ]
        return self.hand.listed(shown, _LINES_OF_A_GAP)

    def placement(self, report: Report) -> Written | None:
        """Where the regression test belongs, with the reason."""
        place = report.placement
        if place is None:
            return None
        path = self.hand.link(self.hand.code(place.path), None if place.new else self.links.file(place.path))
        return self.hand.say(
            "page", "placement-new" if place.new else "placement", path=path, reason=self.placement_reason(report)
        )

    def placement_reason(self, report: Report) -> Written:
        """Why there; empty where there is no placement."""
        place = report.placement
        return self.hand.say("placement", place.reason, names=place.names) if place else Written()

    def changed(self, file: FileChange) -> Written:
        """What happened to one file, with its lines before the fix and the definitions they fall in."""
        old = file.before
        lines = self.lines(old, [hunk.old for hunk in file.hunks if hunk.old is not None])
        return self.hand.say(
            "change",
            file.status,
            path=self.hand.link(self.hand.code(file.path), self.links.file(old) if file.status != Status.ADDED else None),
            old_path=file.old_path,
            role=file.role,
            lines=lines,
            symbols=[symbol.qualified for symbol in (*file.symbols, *file.new_symbols)],
            opaque=file.opaque,
        )

    def brought(self, test: TestFile) -> Written:
        """A test file that the fix itself brought or changed."""
        return self.hand.say("change", "test", path=test.path, kind=test.kind)

    def unchecked(self, unchecked: Unchecked) -> Written:
        """Something that could not be checked, and why."""
        return self.hand.say("unchecked", unchecked.reason, names=unchecked.names)

    def stamp(self, report: Report) -> Written:
        """What the answer rests on: the last line."""
        use = report.map
        return self.hand.say(
            "page",
            "stamp" if use is None else "stamp-map",
            use=use,
            covered=self.links.commit(use.commit) if use else None,
            age=age(use.age_days) if use else "",
            base=report.base,
            url=self.links.commit(report.base),
            has_fix=self.has_fix,
            searched=report.searched,
        )


def sayable(report: Report) -> Report:
    """The report without what its verdict makes idle: where no code changed, there is no test to look for."""
    if report.verdict.leads is not Lead.NO_CODE:
        return report
    return replace(report, tests=(), gaps=(), placement=None)


def age(days: float) -> str:
    """A stretch of time as people say it: `6 hours`, `3 days`."""
    if days * 24 < 1.5:
        return words.count(max(1, round(days * 24 * 60)), "minute")
    return words.count(round(days * 24), "hour") if days < 2 else words.count(round(days), "day")


_CLAIMS_NOTHING = frozenset({Lead.NOTHING_NAMED, Lead.NO_CODE, Lead.CANNOT_TELL, Lead.NO_TESTS})
_EXECUTED = frozenset(
    {
        VerdictCode.SKIPPED,
        VerdictCode.NEVER_RUN,
        VerdictCode.RAN_BUT_ASSERTS_NOTHING,
        VerdictCode.RAN_BUT_ASSERTS_ELSEWHERE,
        VerdictCode.BLIND,
        VerdictCode.SUITE_RAN,
        VerdictCode.UNIT_ONLY,
    }
)
_SEEN = frozenset({Source.EXECUTED, Source.IMPORTS})


def _extension(path: str) -> str:
    name = path.rpartition("/")[2]
    return "." + name.rpartition(".")[2] if "." in name else name
