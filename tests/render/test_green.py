"""Why the change was green, in the comment: a fold that is true, linked, harmless and bounded."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from app.domain.change import Span
from app.domain.evidence import Kind
from app.domain.green import Ledger, Life, RanCheck, Release, UnseeingTest, Unseen, Verdict
from app.domain.unchecked import Unchecked
from app.render.comment import LIMIT, comment
from app.render.green import ended, told
from app.render.links import Links
from app.render.sentences import Sentences
from app.render.words import markdown, plain
from tests.render import build
from tests.render.hostile import hostile
from tests.render.page import ALIVE, OURS, Page

CULPRIT = "5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed"
PULL_HEAD = "0ddba11000000000000000000000000000000000"
RUN = "https://github.com/acme/shop/actions/runs/17/job/4"
SAY = Sentences(plain(), Links("https://github.com", "acme/shop", build.BASE))


def check(name: str = "unit", verdict: Verdict = Verdict.PASSED, **changed: Any) -> RanCheck:
    made = RanCheck(name, verdict, RUN, "github-actions", "ci", started="2026-05-02T08:00:00Z", ended="2026-05-02T08:05:00Z")
    return replace(made, **changed)


def unseeing(reason: Unseen, why: str = "", **changed: Any) -> UnseeingTest:
    made = UnseeingTest("tests/test_pricing.py", Kind.UNIT, reason, commit=CULPRIT, why=why)
    return replace(made, **changed)


def life(**changed: Any) -> Life:
    made = Life(
        introduced="2026-05-01T10:00:00+00:00",
        merged="2026-05-02T09:00:00+00:00",
        released=Release("v1.2", "2026-05-10T00:00:00+00:00"),
        reported="2026-05-20T00:00:00+00:00",
        fixed="2026-05-25T12:00:00+00:00",
        fix_released=Release("v1.3rc1", "2026-05-26T00:00:00+00:00", final=False),
        days=23,
    )
    return replace(made, **changed)


def ledger(**changed: Any) -> Ledger:
    made = Ledger(
        CULPRIT,
        431,
        PULL_HEAD,
        (
            check(),
            check("integration", attempts=3, failed=2),
            check("lint", Verdict.SKIPPED),
            RanCheck("travis/push", Verdict.PASSED),
            check("nightly", started="2026-05-03T00:00:00Z"),
        ),
        (
            unseeing(Unseen.ASSERTS_ELSEWHERE, names=("apply_discount",), lines=(Span(41, 41),)),
            unseeing(Unseen.MOCKED, "far-side", path="tests/integration/test_checkout.py", names=("payments/client.py",)),
            unseeing(Unseen.NOT_YET, "with-fix", path="tests/test_rounding.py", commit=build.HEAD),
        ),
        life(),
        (Unchecked("statuses-forbidden"),),
    )
    return replace(made, **changed)


class AsFile(SingleFileSnapshotExtension):
    """One Markdown file, as people will read it."""

    _write_mode = WriteMode.TEXT
    file_extension = "md"


def test_why_it_was_green(snapshot: SnapshotAssertion) -> None:
    assert comment(build.facts(ledger=ledger())) == snapshot(extension_class=AsFile)


def test_every_line_of_the_ledger_leads_somewhere() -> None:
    say = replace(SAY, hand=markdown())
    found = told(ledger(), say, 40)
    assert all("](https://github.com/acme/shop/" in line.name for line in (*found.checks, *found.tests))
    assert f"](https://github.com/acme/shop/commit/{PULL_HEAD})" in next(one.name for one in found.checks if "travis" in one.name)


@pytest.mark.parametrize(
    ("ran", "slug"),
    [
        (check(), "passed"),
        (check(attempts=2, failed=1), "retried"),
        (check(verdict=Verdict.FAILED, failed=1), "failed"),
        (check(started="2026-05-02T09:00:01Z"), "late"),
        (check(started="2026-05-02T11:00:00+02:00"), "passed"),
        (check(started=""), "passed"),
        (check(started="yesterday"), "passed"),
        (check(verdict=Verdict.CANCELLED), "cancelled"),
    ],
)
def test_how_a_check_ended(ran: RanCheck, slug: str) -> None:
    assert ended(ran, life()) == slug


def test_what_is_remarkable_stands_first() -> None:
    checks = (check("a"), check("b", Verdict.SKIPPED), check("c", failed=1, attempts=2), check("d", Verdict.FAILED))
    assert [line.name for line in told(ledger(checks=checks), SAY, 40).checks] == ["ci / d", "ci / c", "ci / b", "ci / a"]


@pytest.mark.parametrize(
    ("checks", "title"),
    [
        (
            (check(), check("lint", Verdict.SKIPPED)),
            "Why the change that let it in was green: 1 of 2 checks passed, 3 test files did not see it",
        ),
        ((check(verdict=Verdict.FAILED),), "The change that let it in landed in spite of 1 failed check: 0 of 1 check passed"),
        (None, "Why the change that let it in was green: 3 test files did not see it"),
        ((), "Why the change that let it in was green: 3 test files did not see it"),
        ((check(started="2026-06-01T00:00:00Z"),), "Why the change that let it in was green: 3 test files did not see it"),
    ],
)
def test_the_title_counts_what_decided(checks: tuple[RanCheck, ...] | None, title: str) -> None:
    assert told(ledger(checks=checks), SAY, 40).title.startswith(title)


def test_a_life_without_pull_release_or_end_says_so() -> None:
    told_life = told(ledger(pull_request=None, head=CULPRIT, life=Life(introduced="2026-05-01T10:00:00+00:00")), SAY, 40).life
    assert told_life == "5eed5ee, with no pull request that GitHub knows: written on 2026-05-01 and in no release tag."


@pytest.mark.parametrize(
    ("days", "words"), [(0, "It lived for less than a day."), (1, "It lived for 1 day."), (23, "It lived for 23 days.")]
)
def test_how_long_it_lived(days: int, words: str) -> None:
    assert told(ledger(life=life(days=days)), SAY, 40).life.endswith(words)


def test_a_bug_that_was_repaired_before_its_first_release_was_in_none() -> None:
    same = Release("v1.3", "2026-05-26T00:00:00+00:00")
    told_life = told(ledger(life=life(released=same, fix_released=same)), SAY, 40).life
    assert "in no release before its fix; both first in v1.3 of 2026-05-26" in told_life
    assert told_life.count("v1.3") == 1


@pytest.mark.parametrize("reason", Unseen)
def test_every_reason_has_a_sentence(reason: Unseen) -> None:
    (line,) = told(ledger(tests=(unseeing(reason, names=("a",)),)), SAY, 40).tests
    assert line.why != reason.value


def test_what_is_too_much_is_cut_and_counted() -> None:
    found = told(ledger(checks=tuple(check(f"job {n}") for n in range(90))), SAY, 2)
    assert (len(found.checks), len(found.tests), found.left_out) == (2, 2, 89)


checks = st.builds(
    RanCheck,
    hostile(),
    st.sampled_from(Verdict),
    st.sampled_from(["", RUN]),
    hostile(2),
    hostile(2),
    st.integers(1, 9),
    st.integers(0, 9),
    *[st.sampled_from(["", "2026-05-02T08:00:00Z", "never"])] * 2,
)
slugs = st.sampled_from([*build.words_of("green"), "", "no-such-slug"])
names = st.lists(hostile(4), max_size=3).map(tuple)
releases = st.none() | st.builds(Release, hostile(3), st.sampled_from(["", "2026-05-02T08:00:00+00:00"]), st.booleans())
tests = st.builds(
    UnseeingTest,
    hostile(),
    st.sampled_from(Kind),
    st.sampled_from(Unseen),
    names,
    st.lists(st.builds(Span, st.integers(1, 9), st.integers(9, 99)), max_size=2).map(tuple),
    st.sampled_from(["", CULPRIT]),
    st.booleans(),
    slugs,
    st.sampled_from(["", "2026-05-02T08:00:00+00:00"]),
)
ledgers = st.builds(
    Ledger,
    st.just(CULPRIT),
    st.none() | st.integers(1, 999),
    st.sampled_from(["", PULL_HEAD, CULPRIT]),
    st.none() | st.lists(checks, max_size=4).map(tuple),
    st.lists(tests, max_size=4).map(tuple),
    st.builds(Life, released=releases, fix_released=releases, days=st.none() | st.integers(0, 99)),
    st.lists(st.builds(Unchecked, st.sampled_from([*build.words_of("unchecked"), "no-such-slug"]), names), max_size=3).map(tuple),
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(ledgers)
def test_hostile_names_leave_the_comment_intact_and_harmless(of: Ledger) -> None:
    body = comment(build.facts(ledger=of))
    page = Page(body)
    assert len(body) <= LIMIT
    assert page.comments == [" recall:v1 issue=7/479 "]
    assert page.tags <= OURS
    assert not page.attributes
    assert all(link.startswith("https://github.com/acme/shop/") for link in page.links)
    assert not ALIVE.search(page.text), page.text
    assert all(cells == found[0] for found in page.tables for cells in found)
    assert page.html.count("<details>") == page.html.count("</details>")
