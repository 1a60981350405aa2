"""The web pages: what is alive in a text can be seen to be a link, and nothing in it runs."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sandbox.markdown import prose, render, replacer
from tests.shop import SHOP, Shop


def shown(shop: Shop, path: str) -> str:
    answer = httpx.get(f"{shop.sandbox.url}{path}")
    assert answer.status_code == 200, answer.text
    return answer.text


def comment(shop: Shop, text: str) -> str:
    """The HTML of a comment by somebody."""
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    shop.mona.comment(issue, text)
    return shown(shop, f"/{SHOP}/issues/{issue.number}").rpartition('<div class="markdown">')[2].partition("</article>")[0]


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("ask @ada", '<a class="user-mention" href="/ada">@ada</a>'),
        ("<details><summary>@ada</summary>x</details>", '<a class="user-mention" href="/ada">@ada</a>'),
        ("see #1", '/octo/shop/issues/1">#1</a>'),
        ("see octo/shop#1", '/octo/shop/issues/1">octo/shop#1</a>'),
        ("www.example.com", '<a href="http://www.example.com">'),
        ("https://example.com/a", '<a href="https://example.com/a" rel="nofollow">'),
    ],
)
def test_what_is_alive_is_a_link(shop: Shop, text: str, link: str) -> None:
    assert link in comment(shop, text)


@pytest.mark.parametrize("text", ["`@ada #1`", "@\u200bada", "#\u200b1", "#99", "```\n@ada\n```", "user@ada", "&#64;&#8203;ada"])
def test_what_is_defused_is_not(shop: Shop, text: str) -> None:
    assert "<a" not in comment(shop, text)


def test_a_commit_is_a_link_if_it_is_there(shop: Shop) -> None:
    tip = shop.repository.git.ref("refs/heads/main") or ""
    made = comment(shop, f"{tip} and {'0' * 40}")
    assert f'href="/{SHOP}/commit/{tip}"><tt>{tip[:7]}</tt>' in made
    assert made.count("<a") == 1


def test_tables_folds_and_tasks_are_rendered(shop: Shop) -> None:
    made = comment(
        shop, "| a | b |\n|---|--:|\n| 1 | 2 |\n\n<details><summary>more</summary>\n\n~~x~~\n\n</details>\n\n- [x] done\n"
    )
    for part in ('<td align="right">2</td>', "<details><summary>more</summary>", "<s>x</s>", 'type="checkbox"'):
        assert part in made


def test_a_page_forbids_scripts_of_others(shop: Shop) -> None:
    answer = httpx.get(f"{shop.sandbox.url}/{SHOP}/issues")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_titles_and_names_are_escaped(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "<script>alert(1)</script>", labels=["<b>"])
    made = shown(shop, f"/{SHOP}/issues/{issue.number}")
    assert "<script>alert" not in made
    assert "&lt;b&gt;" in made


def test_every_kind_of_event_is_told(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    shop.mona.push(SHOP, {"a": "1"}, f"Fixes #{issue.number}", branch="fix")
    pull = shop.mona.open_pull(SHOP, "fix", "Repair", f"Closes #{issue.number}")
    shop.mona.connect(issue, pull)
    shop.mona.disconnect(issue, pull)
    shop.mona.edit(issue, title="Totals are off")
    shop.mona.label(issue, "a")
    shop.mona.unlabel(issue, "a")
    shop.mona.merge(pull)
    shop.mona.reopen(issue)
    shop.mona.lock(issue)
    shop.mona.unlock(issue)
    made = shown(shop, f"/{SHOP}/issues/{issue.number}")
    for words in ("references this", "mentioned this", "linked", "unlinked", "changed the title", "closed this", "reopened"):
        assert words in made
    assert "merged commit" in shown(shop, f"/{SHOP}/pull/{pull.number}")


def test_files_folders_and_commits_can_be_looked_at(shop: Shop) -> None:
    shop.mona.push(SHOP, {"logo.png": b"\0\1"}, "Draw")
    tip = shop.repository.git.ref("refs/heads/main")
    assert "octo/shop" in shown(shop, "/")
    assert "pricing.py" in shown(shop, f"/{SHOP}/tree/main/shop")
    assert 'id="L5"' in shown(shop, f"/{SHOP}/blob/{tip}/shop/pricing.py")
    assert "binary" in shown(shop, f"/{SHOP}/blob/main/logo.png")
    assert "RATE = 2" in shown(shop, f"/{SHOP}/raw/main/shop/pricing.py")
    assert "Draw" in shown(shop, f"/{SHOP}/commit/{tip}")
    assert "Test the prices" in shown(shop, f"/{SHOP}/compare/main~2...main")
    assert shown(shop, f"/{SHOP}")
    assert shown(shop, f"/{SHOP}/pulls")
    assert shown(shop, "/_sandbox/style.css")


@pytest.mark.parametrize(
    "path", ["/nobody/none", f"/{SHOP}/issues/9", f"/{SHOP}/blob/main/none", "/_sandbox/none", f"/{SHOP}/commit/none"]
)
def test_what_is_not_there_is_not_found(shop: Shop, path: str) -> None:
    assert httpx.get(f"{shop.sandbox.url}{path}").status_code == 404


@given(st.text())
def test_no_text_brings_a_script_or_a_handler(text: str) -> None:
    made = render(f"{text}\n\n<img src=x onerror=alert(1)><script>alert(1)</script>")
    assert "<script" not in made
    assert "onerror=" not in made.replace("&lt;img src=x onerror=", "")
    assert all(isinstance(block, str) for block in prose(text))


@given(st.text())
def test_text_without_matches_is_only_escaped(text: str) -> None:
    assert "<" not in replacer([])(text)
