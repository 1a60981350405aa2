"""The digest in Markdown: one marker, the headline first, nothing alive from outside, never too long."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from app.analysis.digest import _BY_DRAFT, _BY_PROOF, FUNNEL
from app.analysis.rankings import NOT_READ, SIDES
from app.domain.course import Stage
from app.domain.digest import DIGEST_MARKER, Box, Count, Digest, Item, Trouble, box_marker
from app.domain.job import State
from app.domain.report import Lead, VerdictCode
from app.render.digest import LIMIT, digest_json, digest_markdown, digest_title
from app.render.words import folder, sections
from tests.render import digests
from tests.render.hostile import hostile
from tests.render.page import ALIVE, OURS, Page

WORDS = sections((folder() / "words" / "digest.j2").read_text())
EMPTY = Digest("acme/shop", 9, "2026-11-23T09:00:00+00:00", "2026-11-16T09:00:00+00:00", 0, 0)


class AsFile(SingleFileSnapshotExtension):
    _write_mode = WriteMode.TEXT
    file_extension = "md"


def quiet() -> Digest:
    kept = [recall for recall in digests.recalls() if recall.number not in (451, 479, 502)]
    return digests.shop(kept, rightness=())


def abroad() -> Digest:
    """Escapes of another repository in the same digest."""
    moved = [replace(recall, repository_id=10, repository="acme/api") for recall in digests.recalls()[7:]]
    return digests.shop((*digests.recalls()[:3], *moved))


VARIANTS = {
    "escapes": digests.shop,
    "quiet": quiet,
    "two-repositories": abroad,
    "all-caught": lambda: digests.shop(digests.recalls()[:4]),
    "first-week": lambda: digests.shop(digests.recalls()[-1:], troubles=()),
    "nothing": lambda: EMPTY,
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_whole_digests(variant: str, snapshot: SnapshotAssertion) -> None:
    assert digest_markdown(VARIANTS[variant]()) == snapshot(extension_class=AsFile)


TIMES = st.sampled_from(["", "2026-11-20T09:00:00+00:00", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00+00:00"])
REPOSITORIES = st.from_regex(r"[A-Za-z0-9-]{1,9}/[A-Za-z0-9._-]{1,9}", fullmatch=True) | st.just("acme/shop")
STEPS = st.sampled_from([name.removeprefix("next-") for name in WORDS if name.startswith("next-")]) | hostile(1)
ITEMS = st.builds(
    Item,
    REPOSITORIES,
    st.integers(1, 10**9),
    hostile(),
    st.sampled_from([stage for stage in Stage if stage is not Stage.WITHDRAWN]),
    TIMES,
    STEPS,
    st.none() | st.integers(1, 10**9),
    st.lists(st.sampled_from(Box), unique=True, max_size=3).map(tuple),
    TIMES,
)
ISSUES = st.lists(st.tuples(REPOSITORIES, st.integers(1, 99)), max_size=9).map(tuple)
COUNTS = st.builds(
    Count, st.builds(lambda near, far: f"{near}{SIDES}{far}", hostile(3), hostile(3)) | hostile(), st.integers(1, 99), ISSUES
)
RANKINGS = st.lists(COUNTS, max_size=4).map(tuple)
LISTS = st.lists(ITEMS, max_size=4).map(tuple)
DIGESTS = st.builds(
    replace,
    st.sampled_from([EMPTY, digests.shop()]),
    fresh=LISTS,
    open=LISTS,
    rotten=LISTS,
    seams=RANKINGS,
    whys=RANKINGS,
    paths=RANKINGS,
    troubles=st.lists(st.builds(Trouble, hostile(1), st.integers(1, 99), hostile()), max_size=3).map(tuple),
    quiet=st.booleans(),
    last=TIMES,
)
TAGS = OURS | {"pre"}


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(DIGESTS)
def test_nothing_from_outside_is_alive(digest: Digest) -> None:
    body = digest_markdown(digest)
    page = Page(body)
    assert page.tags <= TAGS, page.tags - TAGS
    assert not ALIVE.search(page.text.replace("\u200b", "\0 ").replace("\0", "")), page.text
    assert all(link.startswith("https://github.com/") for link in page.links)
    marks = {box_marker(box, item.issue)[4:-3] for item in (*digest.open, *digest.fresh) for box in item.boxes}
    assert {comment for comment in page.comments if not comment.startswith(DIGEST_MARKER[4:])} <= marks
    assert len(body) <= LIMIT


@given(DIGESTS)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_chart_holds_recalls_own_words_alone(digest: Digest) -> None:
    charts = re.findall(r"```mermaid\n%%{init: .*}%%\n(.*?)```", digest_markdown(digest), re.DOTALL)
    known = re.compile(r"[\w ,.:()'\[\]\"\n>-]*")
    assert all(known.fullmatch(chart) for chart in charts)


def test_the_marker_and_the_headline_come_first() -> None:
    first, second, *_ = digest_markdown(digests.shop()).splitlines()
    assert first == "<!-- recall:v1 digest repository=9 -->"
    assert second == "**3 of 11 escapes have no proved guard** (2 of 10 a week ago)"


def test_ten_thousand_escapes_still_fit_in_an_issue() -> None:
    item = digests.shop().open[0]
    many = tuple(replace(item, issue=number, title="\u202e" * 500) for number in range(10_000))
    counts = tuple(Count("x" * 500 + str(number), 9, (("acme/shop", number),) * 50) for number in range(1_000))
    body = digest_markdown(digests.shop(open=many, fresh=many, rotten=many, paths=counts, seams=counts, uncaught=10_000))
    assert len(body) <= LIMIT
    assert body.splitlines()[1].startswith("**10000 of 11 escapes")


def test_the_table_has_at_most_eight_rows_and_rotten_guards_first() -> None:
    item = digests.shop().open[-1]
    more = tuple(replace(item, issue=number) for number in range(600, 612))
    visible = digest_markdown(digests.shop(open=(*more, *digests.shop().rotten))).partition("<details>")[0]
    rows = [line for line in visible.splitlines() if line.startswith("| [#")]
    assert len(rows) == 8
    assert rows[0].startswith("| [#451]")


def test_each_box_of_an_escape_stands_once() -> None:
    body = digest_markdown(digests.shop())
    assert re.findall(r"^- \[ \] <!-- recall:v1 do=(\w+) issue=463 -->", body, re.MULTILINE) == ["again", "withdraw"]


def test_a_quiet_week_says_so_and_names_the_last_day() -> None:
    assert "Nothing has happened since 2026-11-1" in digest_markdown(quiet())


def test_every_slug_of_the_digest_has_words() -> None:
    leads = {f"why-leads-{lead}" for lead in Lead}
    executed = {VerdictCode.STATIC_ONLY, VerdictCode.UNMAPPED, VerdictCode.STALE}
    asked = {
        *(f"stage-{stage}" for stage in Stage if stage is not Stage.WITHDRAWN),
        *(f"bar-{stage}" for stage in FUNNEL),
        *(f"next-{step}" for step in (*_BY_DRAFT.values(), *_BY_PROOF.values())),
        *(f"why-{code}" for code in VerdictCode if code not in executed),
        *(f"box-{box}" for box in Box),
        f"why-{NOT_READ}",
        *leads,
        *(f"{name}-{state}" for state in State if state.final for name in ("next", "trouble") if state not in digests.GONE),
    }
    assert asked - set(WORDS) == set()


def test_a_slug_without_words_is_shown_as_it_is() -> None:
    body = digest_markdown(replace(EMPTY, troubles=(Trouble("of-a-later-recall", 1),)))
    assert "of-a-later-recall" in body


def test_the_issue_has_a_title() -> None:
    assert digest_title() == "recall: escapes and their guards"


def test_for_machines_it_is_plain_json() -> None:
    told = json.loads(json.dumps(digest_json(digests.shop())))
    assert (told["recall"], told["version"], told["uncaught"], told["all"]) == ("digest", 1, 3, 11)
    assert told["funnel"][0] == {"stage": "labelled", "number": 11}
    assert told["seams"][1]["issues"] == [{"repository": "acme/shop", "issue": 415}, {"repository": "acme/shop", "issue": 444}]
