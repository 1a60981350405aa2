"""Reports and comments with good defaults: a shop whose discounts were rounded twice, with its tests, fix and issue."""

from dataclasses import replace
from typing import Any

from app.domain.change import ChangeSet, FileChange, Hunk, Role, Span, Status, Symbol
from app.domain.comment import CommentFacts
from app.domain.culprit import Basis, Ground, Origin, Saying, Suspect
from app.domain.delivery import Repository
from app.domain.escape import Dropped, Escape, Fix, FixState, Issue, Link, LinkKind
from app.domain.evidence import Evidence, Kind, RankedTest, Source, TestFile
from app.domain.job import State
from app.domain.report import Blind, Gap, Lead, Placement, Ran, Report, Verdict, VerdictCode
from app.domain.strength import Says, Strength
from app.domain.testmap import Grain, MapUse
from app.domain.unchecked import Unchecked
from app.render.words import folder, sections


def words_of(family: str) -> list[str]:
    """The slugs that a family of words has sections for."""
    return sorted(sections((folder() / "words" / f"{family}.j2").read_text()))


BASE = "3f2a9c1d5e6f708192a3b4c5d6e7f8091a2b3c4d"
HEAD = "9b8a7c6d5e4f30211203f4e5d6c7b8a990817263"
EARLIER = ("c0ffee1234567890abcdef1234567890abcdef12", "deadbee1234567890abcdef1234567890abcdef1")


def issue(**changed: Any) -> Issue:
    return replace(Issue(Repository(7, "acme/shop"), 479, "Bulk discount is lost over quantity 100"), **changed)


def fix(**changed: Any) -> Fix:
    return replace(Fix("acme/shop", HEAD, BASE, 482, FixState.MERGED, "Round the discount once"), **changed)


def link(kind: LinkKind = LinkKind.CLOSED_BY_PULL, sure: float = 0.99, **changed: Any) -> Link:
    return Link(kind, fix(**changed), sure)


def escape(*links: Link, dropped: tuple[Dropped, ...] = ()) -> Escape:
    return Escape(issue(), links or (link(),), dropped)


def hunk(start: int, end: int) -> Hunk:
    count = end - start + 1
    return Hunk(Span(start, end), Span(start, end), start - 1, ("old",) * count, ("new",) * count)


def changed_file(path: str = "shop/pricing.py", *names: str, language: str | None = "python", **changed: Any) -> FileChange:
    symbols = tuple(Symbol(name.rpartition(".")[2], name, "function", Span(80, 95)) for name in names or ("apply_discount",))
    made = FileChange(path, path, Status.MODIFIED, Role.CODE, language, (hunk(88, 91),), symbols)
    return replace(made, **changed)


def change(*files: FileChange, message: str = "Round the discount once (#482)\n\nFixes #479") -> ChangeSet:
    return ChangeSet(BASE, HEAD, message, files or (changed_file(), changed_file("shop/checkout.py", "Checkout.total")))


def imports(*names: str, reason: str = "imports", line: int = 3, weight: float = 1.0) -> Evidence:
    return Evidence(Source.IMPORTS, reason, names or ("shop.pricing", "apply_discount"), line=line, weight=weight)


def history(count: int = 4, of: int = 6, weight: float = 0.8) -> Evidence:
    return Evidence(Source.HISTORY, "changed-together", (), EARLIER, count=count, of=of, weight=weight)


def ranked(
    path: str = "tests/test_pricing.py",
    score: float = 0.91,
    kind: Kind = Kind.UNIT,
    evidence: tuple[Evidence, ...] | None = None,
    **changed: Any,
) -> RankedTest:
    reason, names = ("integration-folder", ("integration",)) if kind is Kind.INTEGRATION else ("no-sign", ())
    test = TestFile(path, "python", kind, reason, names)
    return replace(RankedTest(test, score, (imports(), history()) if evidence is None else evidence), **changed)


def tests() -> tuple[RankedTest, ...]:
    return (
        ranked(),
        ranked("tests/integration/test_checkout.py", 0.62, Kind.INTEGRATION, (imports("shop.checkout"), history(2, 3))),
        ranked("tests/test_cart.py", 0.18, evidence=(history(1, 9),)),
        ranked(
            "tests/test_money.py", 0.04, evidence=(Evidence(Source.WORDS, "message-in-text", ("discount", "round"), weight=0.3),)
        ),
    )


def report(**changed: Any) -> Report:
    made = Report(
        Verdict(VerdictCode.STATIC_ONLY, Lead.INTEGRATION_TOUCHES, touching=2, integration=1),
        change(),
        BASE,
        tests(),
        tests_in_fix=(TestFile("tests/test_rounding.py", "python", Kind.UNIT, "no-sign"),),
        placement=Placement("tests/integration/test_checkout.py", new=False, reason="best-evidence-integration"),
        gaps=(Gap("shop/pricing.py", "apply_discount", (Span(88, 91),), "integration"),),
        searched=128,
    )
    return replace(made, **changed)


def facts(**changed: Any) -> CommentFacts:
    made = CommentFacts(issue(), State.REPORTED, escape=escape(), link=link(), report=report(), base=BASE)
    return replace(made, **changed)


def use(**changed: Any) -> MapUse:
    made = MapUse("a" * 40, 4, 0.25, tests=5000, suites=("unit",), branch="main", shards=8, tools=("coverage.py 7.17.3",))
    return replace(made, **changed)


def executed(count: int = 9, of: int = 12, *tests: str, reason: str = "ran-changed", path: str = "shop/pricing.py") -> Evidence:
    return Evidence(Source.EXECUTED, reason, (path, *tests), count=count, of=of, weight=3.2, lines=(Span(88, 91),))


def mapped(**changed: Any) -> Report:
    """The same with a test map: six tests ran the lines, one of them an integration test."""
    first, second, *rest = tests()
    ran = (
        replace(first, id="test_discount", evidence=(executed(12, 12, "test_discount", "test_bulk"), *first.evidence)),
        replace(second, id="test_total", evidence=(executed(9, 12, "test_total"), *second.evidence)),
        *rest,
    )
    numbers = Ran("changed", lines=12, of=14, tests=6, integration=1)
    verdict = Verdict(VerdictCode.BLIND, Lead.INTEGRATION_TOUCHES, touching=2, integration=1, ran=numbers)
    gaps = (Gap("shop/pricing.py", "apply_discount", (Span(90, 91),), "never"),)
    return replace(report(verdict=verdict, tests=ran, gaps=gaps, map=use(), tests_in_fix=()), **changed)


def unknown_language() -> Report:
    return report(
        verdict=Verdict(VerdictCode.STATIC_ONLY, Lead.CANNOT_TELL),
        change=change(changed_file("src/pricing.ml", language=None, symbols=())),
        tests=(),
        placement=None,
        gaps=(),
        unchecked=(Unchecked("unknown-language", ("src/pricing.ml",)),),
    )


def no_code() -> Report:
    docs = changed_file("README.md", language=None, symbols=(), role=Role.DOCS)
    return report(
        verdict=Verdict(VerdictCode.NO_CODE, Lead.NO_CODE),
        change=change(docs),
        tests=(),
        placement=None,
        gaps=(),
        tests_in_fix=(),
    )


def no_tests() -> Report:
    place = Placement("tests/test_pricing.py", new=True, reason="new-file", names=("shop/pricing.py",))
    gap = Gap("shop/pricing.py", "apply_discount", (Span(88, 91),), "any")
    return report(
        verdict=Verdict(VerdictCode.NO_TESTS, Lead.NO_TESTS), tests=(), placement=place, gaps=(gap,), searched=0, tests_in_fix=()
    )


def untouched() -> Report:
    place = Placement("tests/test_pricing.py", new=True, reason="new-file", names=("shop/pricing.py", "tests/test_cart.py"))
    gap = Gap("shop/pricing.py", "apply_discount", (Span(88, 91),), "any")
    return report(
        verdict=Verdict(VerdictCode.STATIC_ONLY, Lead.UNTOUCHED), tests=tests()[2:], placement=place, gaps=(gap,), sure=False
    )


def unit_only() -> Report:
    verdict = Verdict(VerdictCode.STATIC_ONLY, Lead.UNIT_ONLY, touching=1)
    return report(
        verdict=verdict, tests=(tests()[0], *tests()[2:]), placement=Placement("tests/test_pricing.py", False, "best-evidence")
    )


def never_run() -> Report:
    verdict = Verdict(VerdictCode.NEVER_RUN, Lead.UNIT_ONLY, touching=1, ran=Ran("changed", lines=0, of=4))
    brought = (TestFile("tests/test_rounding.py", "python", Kind.UNIT, "no-sign"),)
    gaps = (Gap("shop/pricing.py", "apply_discount", (Span(88, 91),), "never"),)
    return mapped(verdict=verdict, tests=tests(), tests_in_fix=brought, gaps=gaps, map=use(distance=0, age_days=0.0, shards=1))


def asserts_nothing() -> Report:
    """Two tests ran the lines: one asserts only that nothing is raised, the other compares with a status alone."""
    first, second, *rest = mapped().tests
    weak = (
        replace(first, strength=Strength(Says.NOTHING, "only-no-raise", 41)),
        replace(second, strength=Strength(Says.ELSEWHERE, "only-status", 12)),
        *rest,
    )
    ran = Ran("changed", lines=12, of=14, tests=2, integration=1)
    verdict = Verdict(VerdictCode.RAN_BUT_ASSERTS_ELSEWHERE, Lead.INTEGRATION_TOUCHES, touching=2, integration=1, ran=ran)
    return mapped(tests=weak, verdict=verdict)


def stale() -> Report:
    verdict = Verdict(VerdictCode.STALE, Lead.INTEGRATION_TOUCHES, touching=2, integration=1)
    return mapped(verdict=verdict, map=use(distance=412, age_days=63.0, trusted=False))


def blind_map() -> Report:
    """A shard is missing, one file could not be carried, and what ran ran in no test."""
    verdict = Verdict(VerdictCode.UNMAPPED, Lead.UNIT_ONLY, touching=1, blind=(Blind.RAN_OUTSIDE, Blind.SHARDS))
    lost = ("unit 3 of 8",)
    unchecked = (Unchecked(Blind.RAN_OUTSIDE, ("shop/pricing.py",)), Unchecked(Blind.SHARDS, lost))
    return mapped(
        verdict=verdict,
        tests=tests(),
        gaps=(),
        unchecked=unchecked,
        map=use(missing_shards=lost, uncarried=("shop/checkout.py",)),
    )


def suites_only() -> Report:
    """Coverage that knows whole suites."""
    ran = Ran("changed", lines=3, of=4, integration=1, suites=("integration",))
    verdict = Verdict(VerdictCode.BLIND, Lead.INTEGRATION_TOUCHES, touching=2, integration=1, ran=ran)
    return mapped(verdict=verdict, tests=tests(), map=use(grain=Grain.SUITE, tests=0, shards=1))


def own_test() -> Report:
    """No map, and a fix that brings its test."""
    return report(verdict=Verdict(VerdictCode.FIX_HAS_TEST, Lead.INTEGRATION_TOUCHES, touching=2, integration=1))


CULPRIT, SECOND = "7d1e0c5b4a39281706f5e4d3c2b1a09f8e7d6c5b", "2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f4a6b8c"


def suspects() -> tuple[Suspect, ...]:
    return (
        Suspect(
            CULPRIT,
            "Round every discount (#431)",
            1_714_000_000,
            0.83,
            (
                Ground("blame-removed", 7, 9, days=12, path="shop/pricing.py", lines=(Span(88, 91),)),
                Ground("added-names", names=("apply_discount", "ROUND_HALF_UP")),
            ),
            431,
        ),
        Suspect(
            SECOND, "Move prices to a module of their own", 1_713_000_000, 0.09, (Ground("made-file", path="shop/pricing.py"),)
        ),
    )


def origin(**changed: Any) -> Origin:
    return replace(Origin(CULPRIT, suspects=suspects()), **changed)


def close_origin() -> Origin:
    first, second = suspects()
    return origin(suspects=(replace(first, score=0.46), replace(second, score=0.41)), close=True)


def unknown_origin() -> Origin:
    first, second = suspects()
    return origin(
        culprit=None, suspects=(replace(first, score=0.22), second), unchecked=(Unchecked("blame-too-slow", ("a.py",)),)
    )


def said_origin() -> Origin:
    first, second = suspects()
    said = (Saying(SECOND, "regression", "issue"), Saying(CULPRIT, "introduced", "issue"))
    return origin(culprit=SECOND, basis=Basis.SAID, suspects=(second, first), said=said)


def corrected_origin() -> Origin:
    named = Suspect("e" * 40, "", 0, 0.0)
    return origin(culprit=named.sha, basis=Basis.CORRECTED, suspects=(named, *suspects()))
