"""The comment: one marker, a verdict first, nothing alive from outside, never too long."""

import string
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from app.domain.change import ChangeSet, FileChange, Hunk, Role, Span, Status, Symbol
from app.domain.comment import MARKER_PREFIX, CommentFacts
from app.domain.culprit import Basis, Ground, Origin, Saying, Suspect
from app.domain.escape import Dropped, Escape, FixState, Link, LinkKind
from app.domain.evidence import Evidence, Kind, RankedTest, Source, TestFile
from app.domain.job import State
from app.domain.report import Blind, Gap, Lead, Placement, Ran, Report, Verdict, VerdictCode
from app.domain.testmap import Grain, MapUse
from app.domain.unchecked import Unchecked
from app.render.comment import LIMIT, _checked, comment, report_markdown
from app.render.sentences import sayable
from app.render.view import table
from tests.render import build
from tests.render.hostile import hostile
from tests.render.page import ALIVE, OURS, Page


def slugs(family: str) -> st.SearchStrategy[str]:
    return st.sampled_from([*build.words_of(family), "no-such-slug"])


names = st.lists(hostile(4), max_size=3).map(tuple)
spans = st.builds(lambda start, more: Span(start, start + more), st.integers(1, 9_999), st.integers(0, 50))
shas = st.text("0123456789abcdef", min_size=40, max_size=40)
test_files = st.builds(TestFile, hostile(), st.none() | hostile(2), st.sampled_from(Kind), slugs("kind"), names)
evidence = st.builds(
    Evidence,
    st.sampled_from(Source),
    slugs("evidence"),
    names,
    st.lists(shas, max_size=5).map(tuple),
    st.none() | st.integers(1, 9_999),
    st.none() | st.integers(0, 9),
    st.none() | st.integers(1, 9),
    st.floats(-3, 3),
)
ranked = st.builds(
    RankedTest, test_files, st.floats(0, 1), st.lists(evidence, max_size=4).map(tuple), names, st.none() | hostile()
)
symbols = st.lists(st.builds(Symbol, hostile(3), hostile(3), st.just("function"), spans), max_size=3).map(tuple)
changed = st.builds(
    FileChange,
    hostile(),
    st.none() | hostile(),
    st.sampled_from(Status),
    st.sampled_from(Role),
    st.none() | hostile(2),
    st.lists(st.builds(Hunk, spans, spans, st.just(0)), max_size=3).map(tuple),
    symbols,
    symbols,
    opaque=st.none() | slugs("opaque"),
)
gaps = st.builds(
    Gap,
    hostile(),
    st.none() | hostile(3),
    st.lists(spans, max_size=3).map(tuple),
    st.sampled_from(["any", "integration", "never", "integration-run"]),
)
map_uses = st.builds(
    MapUse,
    shas,
    st.integers(0, 900),
    st.floats(0, 900),
    st.booleans(),
    st.integers(0, 900),
    *[names] * 3,
    st.booleans(),
    st.sampled_from(Grain),
    names,
    hostile(2),
    st.integers(1, 9),
)
reports = st.builds(
    Report,
    st.builds(
        Verdict,
        st.sampled_from(VerdictCode),
        st.sampled_from(Lead),
        *[st.integers(0, 30)] * 4,
        st.builds(Ran, st.sampled_from(["changed", "around", "function"]), *[st.integers(0, 30)] * 6, names, names),
        st.lists(st.sampled_from(Blind), max_size=2).map(tuple),
    ),
    st.none() | st.builds(ChangeSet, shas, shas, hostile(), st.lists(changed, max_size=3).map(tuple)),
    shas,
    st.lists(ranked, max_size=12).map(tuple),
    st.lists(test_files, max_size=2).map(tuple),
    st.none() | st.builds(Placement, hostile(), st.booleans(), slugs("placement"), names),
    st.lists(gaps, max_size=3).map(tuple),
    st.lists(st.builds(Unchecked, slugs("unchecked"), names), max_size=3).map(tuple),
    names,
    st.booleans(),
    st.integers(0, 999),
    st.none() | map_uses,
)
grounds = st.builds(
    Ground,
    slugs("ground"),
    *[st.none() | st.integers(0, 9)] * 2,
    names,
    st.none() | st.integers(-9, 9_999),
    hostile(),
    st.lists(spans, max_size=2).map(tuple),
)
suspected = st.builds(
    Suspect,
    shas,
    hostile(),
    st.integers(),
    st.floats(0, 1),
    st.lists(grounds, max_size=3).map(tuple),
    st.none() | st.integers(1, 999),
)
sayings = st.builds(Saying, shas, st.sampled_from(["bisect", "revert", "no-such-slug"]), st.sampled_from(["fix", "issue"]))
origins = st.builds(
    Origin,
    st.none() | shas,
    st.sampled_from(Basis),
    st.lists(suspected, max_size=9).map(tuple),
    st.booleans(),
    st.lists(sayings, max_size=3).map(tuple),
    st.lists(st.builds(Unchecked, slugs("unchecked"), names), max_size=2).map(tuple),
)
originated = st.builds(lambda report, origin: replace(report, origin=origin), reports, st.none() | origins)
fixes = st.builds(
    lambda title, pull, state, head: build.fix(title=title, pull=pull, state=state, head=head),
    hostile(),
    st.none() | st.integers(1, 999),
    st.sampled_from(FixState),
    shas,
)
found = st.builds(Link, st.sampled_from(LinkKind), fixes, st.floats(0, 1), st.booleans())
dropped = st.builds(Dropped, slugs("dropped"), hostile())
escapes = st.builds(
    Escape, st.just(build.issue()), st.lists(found, max_size=3).map(tuple), st.lists(dropped, max_size=3).map(tuple)
)
hostile_facts = st.builds(
    CommentFacts,
    st.builds(lambda title, body: build.issue(title=title, body=body), hostile(), hostile()),
    st.sampled_from(State),
    st.just("https://github.com"),
    st.none() | escapes,
    st.none() | found,
    st.none() | originated,
    st.booleans(),
    st.booleans(),
    st.none() | hostile(),
    st.none() | shas,
)


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(hostile_facts)
def test_hostile_text_leaves_the_comment_intact_and_harmless(facts: CommentFacts) -> None:
    body = comment(facts)
    page = Page(body)
    rows = len(table(sayable(facts.report).tests, 8)) if facts.report else 0
    assert len(body) <= LIMIT
    assert page.comments == [" recall:v1 issue=7/479 "]
    assert body.count(MARKER_PREFIX) == 1
    assert page.tags <= OURS
    assert not page.attributes
    assert all(link.startswith("https://github.com/acme/shop/") for link in page.links)
    assert not ALIVE.search(page.text), page.text
    assert not rows or page.tables[0] in ([4] * (1 + rows), [5] * (1 + rows))
    assert all(cells == found[0] for found in page.tables for cells in found)
    assert page.html.count("<details>") == page.html.count("</details>")
    body.encode()


def test_it_opens_with_its_marker_and_then_the_verdict() -> None:
    first, second = comment(build.facts()).splitlines()[:2]
    assert first == "<!-- recall:v1 issue=7/479 -->"
    assert second.startswith("**2 test files touch the changed code, 1 of them an integration test.** No test map yet")


def test_the_last_line_is_the_stamp() -> None:
    text = Page(comment(build.facts())).text.rstrip()  # which leaves out code, here the commands
    assert text.endswith("the state before the fix · 128 test files searched ·  · wrong?")


def test_the_table_has_eight_rows_at_most_and_integration_tests_first() -> None:
    unit = [build.ranked(f"tests/test_{letter}.py", 0.9) for letter in string.ascii_lowercase]
    wide = [build.ranked(f"tests/integration/test_{letter}.py", 0.3, Kind.INTEGRATION) for letter in "abcdef"]
    kinds = [test.test.kind for test in table([*unit, *wide], 8)]
    assert kinds == [Kind.INTEGRATION] * 4 + [Kind.UNIT] * 4


def test_an_unlikely_test_that_nothing_ties_to_the_change_gets_no_row() -> None:
    assert "tests/test_money.py" not in [test.test.path for test in table(build.tests(), 8)]


def test_where_no_code_changed_no_test_is_named() -> None:
    body = comment(build.facts(report=build.report(verdict=Verdict(VerdictCode.NO_CODE, Lead.NO_CODE))))
    assert "tests/test_pricing.py" not in body and "regression test" not in body


def test_a_huge_report_is_cut_at_whole_entries_and_says_so() -> None:
    tests = tuple(build.ranked(f"tests/{'deep/' * 30}test_{n}.py", 0.5, evidence=(build.imports(),) * 20) for n in range(3_000))
    body = comment(build.facts(report=build.report(tests=tests)))
    assert len(body) <= LIMIT
    assert "more left out here" in body
    assert all(cells == 4 for found in Page(body).tables for cells in found)


def test_the_longest_hostile_names_still_fit() -> None:
    nasty = "@|" * 40_000
    reasons = tuple(Evidence(source, "no-such-slug", (nasty,) * 9, ("a" * 40,) * 9) for source in Source)
    tests = tuple(build.ranked(nasty, 0.5, evidence=reasons) for _ in range(9))
    gaps = tuple(Gap(nasty, nasty, (Span(1, 2),) * 99, missing) for missing in ("any", "integration") for _ in range(9))
    report = build.report(tests=tests, gaps=gaps, placement=Placement(nasty, new=True, reason="new-file", names=(nasty, nasty)))
    assert len(comment(build.facts(report=report))) <= LIMIT


@pytest.mark.parametrize(("touching", "sentence"), [(1, "1 test file touches"), (2, "2 test files touch ")])
def test_numbers_agree(touching: int, sentence: str) -> None:
    verdict = Verdict(VerdictCode.STATIC_ONLY, Lead.UNIT_ONLY, touching=touching)
    assert sentence in comment(build.facts(report=build.report(verdict=verdict)))


def test_without_a_repository_nothing_is_a_link() -> None:
    assert Page(report_markdown(build.report())).links == []


def test_a_report_made_by_hand_reads_as_the_posted_one() -> None:
    by_hand = report_markdown(build.report(), repository="acme/shop", web_url="https://github.com").splitlines()
    posted = comment(build.facts(escape=None, link=None)).splitlines()
    assert by_hand[1:] == posted[1:]


def test_a_second_comment_points_at_the_first_and_carries_no_marker() -> None:
    body = comment(build.facts(duplicate_of=31, report=None))
    assert "https://github.com/acme/shop/issues/479#issuecomment-31" in body
    assert MARKER_PREFIX not in body


@pytest.mark.parametrize("body", ["no marker\n", "<!-- recall:v1 issue=7/479 -->\n<!-- recall:v1 issue=7/480 -->\n"])
def test_a_body_without_its_one_marker_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match="has to open with its marker"):
        _checked(body, build.facts())


def test_a_fix_in_another_repository_is_linked_there() -> None:
    link = build.link(repository="acme/lib")
    assert "https://github.com/acme/lib/pull/482" in comment(build.facts(link=link))


def variants() -> dict[str, dict[str, Any]]:
    """Every sort of comment, by name."""
    places = build.report(change=None, places=("shop/pricing.py:88", "apply_discount"), tests_in_fix=(), gaps=(), placement=None)
    nothing = {"link": None, "report": None, "base": None}
    second = build.link(LinkKind.CROSS_REFERENCE, 0.4, pull=480, state=FixState.CLOSED)
    unsure = build.report(tests=(build.ranked(score=0.22), *build.tests()[2:]), sure=False)
    return {
        "merged": {},
        "under-way": {
            "link": build.link(LinkKind.WILL_CLOSE, 0.9, state=FixState.OPEN),
            "provisional": True,
            "question": True,
            "state": State.PROVISIONAL,
        },
        "provisional": {"link": None, "report": places, "question": True, "provisional": True, "state": State.PROVISIONAL},
        "waiting": nothing | {"question": True, "state": State.WAITING, "escape": Escape(build.issue())},
        "withdrawn": nothing | {"state": State.WITHDRAWN, "escape": None},
        "cannot-tell": {"report": build.unknown_language()},
        "no-code": {"report": build.no_code()},
        "no-tests": {"report": build.no_tests()},
        "untouched": {"report": build.untouched()},
        "unit-only": {"report": build.unit_only()},
        "not-sure": {"report": unsure},
        "several-fixes": {"escape": build.escape(build.link(), second, dropped=(Dropped("other-repository", "acme/lib#3"),))},
        "commit": {"link": build.link(LinkKind.CLOSED_BY_COMMIT, pull=None)},
        "mapped": {"report": build.mapped()},
        "asserts-elsewhere": {"report": build.asserts_nothing()},
        "never-run": {"report": build.never_run()},
        "stale": {"report": build.stale()},
        "blind-map": {"report": build.blind_map()},
        "suites-only": {"report": build.suites_only()},
        "let-in": {"report": build.report(origin=build.origin())},
        "let-in-by-one-of-two": {"report": build.report(origin=build.close_origin())},
        "let-in-by-nobody-knows": {"report": build.report(origin=build.unknown_origin())},
        "let-in-as-people-say": {"report": build.report(origin=build.said_origin())},
        "let-in-as-put-right": {"report": build.report(origin=build.corrected_origin())},
        "own-test": {"report": build.own_test()},
        "misconfigured": {
            "problems": (".github/recall.yml, line 2, column 17: `drafts_per_day` is `many`, not a number from 0 to 50",)
        },
        "problem": {"report": None, "problem": "The fix 9b8a7c6 is a root commit: there is nothing before it to look at."},
    }


class AsFile(SingleFileSnapshotExtension):
    """One Markdown file per comment, so that a change of words is reviewed as people will read it."""

    _write_mode = WriteMode.TEXT
    file_extension = "md"


@pytest.mark.parametrize("variant", variants())
def test_whole_comments(variant: str, snapshot: SnapshotAssertion) -> None:
    assert comment(build.facts(**variants()[variant])) == snapshot(extension_class=AsFile)
