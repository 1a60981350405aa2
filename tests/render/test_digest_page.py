"""The digest as a file, in a real browser: it asks for nothing, complains of nothing, and is readable wherever it hangs."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from app.domain.digest import Count, Digest
from app.render.digest import digest_html
from tests.render import digests
from tests.render.browser import CHROMIUM, Tab, tab
from tests.render.test_digest import DIGESTS, EMPTY

LONG = "src/" + "very_long_name_without_any_place_to_break_it" * 3 + ".py"
WORDY = "<img src=https://example.com/x.png onerror=alert(1)> " + "unbreakable" * 20


class AsPage(SingleFileSnapshotExtension):
    _write_mode = WriteMode.TEXT
    file_extension = "html"


def crowded() -> Digest:
    """Everything that could push a page apart."""
    made = digests.shop()
    items = tuple(replace(item, title=WORDY, repository=f"acme/{'api' * 30}", issue=item.issue * 10**6) for item in made.open)
    issues = tuple((f"acme/{'api' * 30}", number) for number in range(10**6, 10**6 + 20))
    counts = (Count(f"{LONG} → {LONG}", 3, issues), *made.seams)
    return replace(made, open=(*items, *made.open), seams=counts, paths=(Count(LONG, 20, issues), *made.paths))


PAGES = {"escapes": digests.shop, "crowded": crowded, "nothing": lambda: EMPTY}

CONTRASTS = """
(() => {
  const parse = colour => { const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number); return [r, g, b, a]; };
  const over = (top, under) => top.slice(0, 3).map((c, i) => c * top[3] + under[i] * (1 - top[3])).concat(1);
  const behind = element => {
    if (!element) return [255, 255, 255, 1];
    const colour = parse(getComputedStyle(element).backgroundColor);
    return colour[3] === 1 ? colour : over(colour, behind(element.parentElement));
  };
  const light = colour => colour.slice(0, 3).map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement, words = texts.currentNode.data.trim();
    if (!words || element.closest('svg')) continue;
    const back = behind(element), fore = over(parse(getComputedStyle(element).color), back);
    const [high, low] = [light(fore), light(back)].sort((a, b) => b - a);
    found.push([(high + 0.05) / (low + 0.05), parseFloat(getComputedStyle(element).fontSize), words]);
  }
  return found;
})()
"""
OVERFLOWING = """
[...document.querySelectorAll('body *')]
  .filter(one => !one.closest('svg') && one.getBoundingClientRect().right > innerWidth + 0.5)
  .map(one => one.outerHTML.slice(0, 120))
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    with tab(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def opened(browser: Tab, folder: Path, page: str) -> None:
    path = folder / "digest.html"
    path.write_text(digest_html(PAGES[page]()), encoding="utf-8")
    browser.open(path)


@pytest.mark.parametrize("page", PAGES)
def test_it_asks_for_nothing_and_the_console_stays_empty(browser: Tab, tmp_path: Path, page: str) -> None:
    browser.show(width=1200)
    opened(browser, tmp_path, page)
    assert browser.complaints == []
    assert [url for url in browser.requests if not url.startswith("data:")] == [(tmp_path / "digest.html").as_uri()]


def test_the_browser_would_have_told_of_a_request_and_of_a_complaint(browser: Tab, tmp_path: Path) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text("<img src='http://127.0.0.1:9/x.png'><script>console.error('x')</script><p style='width:999px'>x")
    browser.show(width=390, phone=True)
    browser.open(bad)
    assert "http://127.0.0.1:9/x.png" in browser.requests
    assert browser.complaints
    assert browser.value("document.documentElement.scrollWidth") > 390


@pytest.mark.parametrize("width", [320, 390, 768, 1200])
@pytest.mark.parametrize("page", PAGES)
def test_nothing_has_to_be_scrolled_sideways(browser: Tab, tmp_path: Path, page: str, width: int) -> None:
    browser.show(width=width, phone=width < 500)
    opened(browser, tmp_path, page)
    assert browser.value(OVERFLOWING) == []
    assert browser.value("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_word_can_be_read(browser: Tab, tmp_path: Path, dark: bool) -> None:
    """Contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3), and letters of at least 12 pixels on a phone."""
    browser.show(width=390, dark=dark, phone=True)
    opened(browser, tmp_path, "escapes")
    found = browser.value(CONTRASTS)
    assert len(found) > 50
    assert [one for one in found if one[0] < 4.5 or one[1] < 12] == []


def test_dark_is_dark(browser: Tab, tmp_path: Path) -> None:
    grounds = []
    for dark in (False, True):
        browser.show(width=390, dark=dark)
        opened(browser, tmp_path, "escapes")
        grounds.append(browser.value("getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(246, 248, 250)", "rgb(13, 17, 23)"]


def test_the_bars_have_the_lengths_of_their_numbers(browser: Tab, tmp_path: Path) -> None:
    browser.show(width=1200)
    opened(browser, tmp_path, "escapes")
    lengths = browser.value(
        "[...document.querySelectorAll('[aria-labelledby=funnel] .bar')].map(bar => bar.getBoundingClientRect().width)"
    )
    assert [round(length / lengths[0] * 11) for length in lengths] == [11, 10, 10, 10, 9, 9, 9]


def test_every_drawing_is_told_to_who_cannot_see_it() -> None:
    drawings = re.findall(r"<svg.*?</svg>", digest_html(digests.shop()), re.DOTALL)
    assert len(drawings) > 10
    for drawing in drawings:
        tree = ElementTree.fromstring(drawing)
        assert tree.get("role") == "img"
        told = {one.get("id"): one.text for one in tree.iter()}
        assert all(told[name] for name in (tree.get("aria-labelledby") or "").split())


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=50)
@given(DIGESTS)
def test_nothing_from_outside_becomes_markup(digest: Digest) -> None:
    page = digest_html(digest)
    tags = _Tags(page)
    assert tags.seen <= _Tags(digest_html(digests.shop())).seen | {"p"}
    assert tags.refused == []


class _Tags(HTMLParser):
    """The tags of a page, and attributes that no page of ours has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.refused: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        for name, value in attrs:
            odd = name.startswith("on") or name in ("src", "style", "srcset")
            away = name == "href" and not (value or "").startswith(("https://github.com/", "data:,"))
            if odd or away:
                self.refused.append((name, value))


def test_the_whole_page(snapshot: SnapshotAssertion) -> None:
    assert digest_html(digests.shop()) == snapshot(extension_class=AsPage)


def test_a_title_that_looks_like_markup_is_shown_as_it_was_written() -> None:
    assert html.escape(WORDY[:20]) in digest_html(crowded())
