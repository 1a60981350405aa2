"""`recall preview`: everything that the label would lead to, printed, and nothing written."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap.preview import read_address
from app.cli import run
from app.cli.preview import token_for
from app.domain.errors import TellUser
from app.sandbox.state import Issue
from tests.shop import SHOP, Shop, open_shop

GITHUB = "https://github.com"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GITHUB_SERVER_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path / "sandbox", visibility="public") as shop:
        yield shop


def escaped(shop: Shop) -> Issue:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong", "")
    files = {"shop/pricing.py": "RATE = 3\n\n\ndef total(n):\n    return n * RATE\n"}
    shop.mona.push(SHOP, files, "Count it right", branch="fix")
    shop.mona.merge(shop.mona.open_pull(SHOP, "fix", "Count it right", f"Fixes #{issue.number}"))
    return issue


def url(shop: Shop, issue: Issue) -> str:
    return f"{shop.sandbox.url}/{SHOP}/issues/{issue.number}"


def test_the_comment_and_the_draft_are_printed_and_nothing_is_written(
    shop: Shop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = escaped(shop)
    monkeypatch.setenv("GH_ENTERPRISE_TOKEN", shop.mona.token())
    before = (shop.repository.git.refs(), len(shop.repository.issues), len(issue.comments))
    assert run(["preview", url(shop, issue), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    acts = [deed["act"] for deed in told["deeds"]]
    assert acts == ["comment", "branch", "commit", "pull", "label", "check"]
    assert "tests/test_pricing.py" in told["deeds"][0]["text"]
    assert (shop.repository.git.refs(), len(shop.repository.issues), len(issue.comments)) == before


def test_without_a_token_what_is_public_is_read_and_what_is_missing_is_said(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong", "See `shop/pricing.py`.")
    assert run(["preview", url(shop, issue)]) == 0
    out = capsys.readouterr().out
    assert "set GH_TOKEN" in out
    assert f"## Comment on {SHOP}#{issue.number}" in out
    assert "tests/test_pricing.py" in out


def test_a_private_repository_is_not_found_without_a_token(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_shop(tmp_path / "private") as shop:
        issue = shop.mona.open_issue(SHOP, "Totals are wrong", "")
        assert run(["preview", url(shop, issue)]) == 2
    assert "set GH_TOKEN to a token that may read it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("address", "api"),
    [
        ("https://github.com/acme/shop/issues/42", "https://api.github.com"),
        ("https://www.github.com/acme/shop/issues/42/", "https://api.github.com"),
        ("https://ghe.acme.org/acme/shop/issues/42#issuecomment-1", "https://ghe.acme.org/api/v3"),
        ("http://127.0.0.1:8000/acme/shop/issues/42", "http://127.0.0.1:8000/api/v3"),
    ],
)
def test_an_address_leads_to_its_own_api(address: str, api: str) -> None:
    found = read_address(address)
    assert (found.api_url, found.name, found.number) == (api, "acme/shop", 42)


@pytest.mark.parametrize(
    "address",
    [
        "acme/shop#42",
        "https://github.com/acme/shop",
        "https://github.com/acme/shop/issues/0",
        "http://github.com/acme/shop/issues/42",
        "https://ada:secret@github.com/acme/shop/issues/42",
        "ftp://127.0.0.1/acme/shop/issues/42",
    ],
)
def test_what_is_no_address_of_an_issue_is_refused(address: str) -> None:
    with pytest.raises(TellUser, match="is no address of an issue"):
        read_address(address)


@pytest.mark.parametrize(
    ("web_url", "environment", "secret"),
    [
        (GITHUB, {"GH_TOKEN": "a", "GITHUB_TOKEN": "b"}, "a"),
        (GITHUB, {"GITHUB_TOKEN": "b"}, "b"),
        (GITHUB, {}, ""),
        ("https://ghe.acme.org", {"GH_TOKEN": "a", "GITHUB_TOKEN": "b"}, ""),
        ("https://ghe.acme.org", {"GH_ENTERPRISE_TOKEN": "c"}, "c"),
        ("https://ghe.acme.org", {"GITHUB_TOKEN": "b", "GITHUB_SERVER_URL": "https://ghe.acme.org"}, "b"),
        (GITHUB, {"GITHUB_TOKEN": "b", "GITHUB_SERVER_URL": "https://ghe.acme.org"}, ""),
        (GITHUB, {"GITHUB_TOKEN": "b", "GITHUB_SERVER_URL": GITHUB}, "b"),
    ],
)
def test_a_token_goes_only_to_the_host_that_it_is_for(web_url: str, environment: dict[str, str], secret: str) -> None:
    assert token_for(web_url, environment) == secret
