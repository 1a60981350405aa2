"""`recall digest`: from the server's database while the server runs, from a clone, from GitHub; in every form."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app import cli
from app.analysis.ledger import BRANCH, place, written
from app.cli.digest_words import WIDTH, lines
from app.domain.delivery import Repository
from app.github.auth import Given, Host
from app.github.ledger import Ledger
from app.store.database import Database
from app.store.recalls import Recalls
from tests.build import working_copy
from tests.render import digests
from tests.shop import SHOP, open_shop

HEADLINE = "3 of 11 escapes have no proved guard"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No database, no token, no settings of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "GITHUB_API_URL", "GITHUB_SERVER_URL", "RECALL_DATABASE_URL", "RECALL_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def served(database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A server's database with the shop's escapes, open as a server has it open."""
    database.migrate()
    kept = Recalls(database)
    for recall in digests.recalls():
        kept.save(recall)
    monkeypatch.setenv("RECALL_DATABASE_URL", database_url.replace("+psycopg", ""))
    return database


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.run(["digest", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_beside_a_running_server_its_database_is_read(served: Database, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capsys, "--repo", "Acme/shop")
    assert (code, err) == (0, "")
    assert out.startswith(HEADLINE)


def test_reading_can_write_nothing(served: Database) -> None:
    before = Recalls(served).history(9)
    reader = Database(served.url, reading=True)
    with pytest.raises(Exception, match=r"readonly|read-only"):
        Recalls(reader).save(replace(before[0], title="other"))
    reader.close()
    assert Recalls(served).history(9) == before


@pytest.mark.parametrize(("form", "begins"), [("markdown", "<!-- recall:v1 digest "), ("json", "{"), ("html", "<!doctype html>")])
def test_every_form_is_printed_or_written(
    served: Database, capsys: pytest.CaptureFixture[str], tmp_path: Path, form: str, begins: str
) -> None:
    code, out, _ = told(capsys, "--repo", "acme/shop", "--format", form)
    assert (code, out[: len(begins)]) == (0, begins)
    assert told(capsys, "--repo", "acme/shop", "--format", form, "--out", "digest") == (0, "", "")
    assert (tmp_path / "digest").read_text().startswith(begins)


def test_since_says_from_when_on_things_are_new(served: Database, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = told(capsys, "--repo", "acme/shop", "--format", "json", "--since", "2026-11-10")
    assert [item["issue"] for item in json.loads(out)["fresh"]] == [463, 479, 502]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--repo", "acme/other"), "Nothing is known of acme/other here."),
        (("--repo", "no name"), "no name is neither OWNER/NAME nor the folder of a clone."),
        (("--repo", "acme/shop", "--since", "soon"), "soon is not a date: write --since 2026-11-16."),
        (("--repo", "acme/shop", "--format", "html", "--out", "no/where"), "The digest cannot be written to no/where"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    served: Database, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str
) -> None:
    code, out, err = told(capsys, *arguments)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert sentence in err


def test_without_anything_to_read_the_remedy_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = told(capsys, "--repo", "acme/shop")
    assert code == 2
    assert "RECALL_DATABASE_URL" in err and "GITHUB_TOKEN" in err
    assert list(tmp_path.iterdir()) == []


def test_a_clone_tells_what_its_branch_remembers(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    copy = working_copy(tmp_path / "clone")
    copy.commit("begin", {"README.md": "x"})
    copy.git("checkout", "--quiet", "--orphan", BRANCH)
    lines = {place(recall.number): written("", recall, "2026-11-23T09:00:00+00:00") for recall in digests.recalls()}
    copy.commit("remember", lines | {"recalls/README": "no recall", "recalls/7.jsonl": "no line of ours"})
    copy.git("checkout", "--quiet", "main")
    code, out, _ = told(capsys, "--repo", "clone", "--format", "markdown")
    assert (code, out.splitlines()[0]) == (0, "<!-- recall:v1 digest repository=9 -->")
    assert out.splitlines()[1].startswith(f"**{HEADLINE}**")


def test_a_clone_without_the_branch_names_the_remedy(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    working_copy(tmp_path / "clone").commit("begin", {"README.md": "x"})
    code, _, err = told(capsys, "--repo", "clone")
    assert (code, "git fetch origin recall-data:recall-data" in err) == (2, True)


def test_with_a_token_the_branch_is_read_on_github(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_shop(tmp_path / "github", permissions={"contents": "write", "issues": "write", "metadata": "read"}) as shop:
        monkeypatch.setenv("GITHUB_TOKEN", shop.mint({"permissions": {"contents": "write", "metadata": "read"}})["token"])
        monkeypatch.setenv("GITHUB_API_URL", shop.sandbox.api_url)
        monkeypatch.setenv("GITHUB_SERVER_URL", shop.sandbox.url)
        code, _, err = told(capsys, "--repo", SHOP)
        assert (code, "has no branch recall-data" in err) == (2, True)
        host = Host(shop.sandbox.api_url, shop.sandbox.url)
        home = Repository(shop.repository.id, SHOP)
        for recall in digests.recalls()[-2:]:
            Ledger(host, Given(shop.mint({"permissions": {"contents": "write", "metadata": "read"}})["token"]), home).save(
                replace(recall, repository_id=home.id, repository=SHOP)
            )
        code, out, _ = told(capsys, "--repo", SHOP, "--format", "markdown")
        assert code == 0
        assert out.splitlines()[1].startswith("**1 of 2 escapes has no proved guard**")
        assert f"]({shop.sandbox.url}/{SHOP}/issues/502)" in out


def test_a_terminal_shows_the_order_of_the_issue_in_80_columns() -> None:
    shown = [line.plain for line in lines(digests.shop())]
    assert shown[0] == "3 of 11 escapes have no proved guard (2 of 10 a week ago)"
    assert shown[shown.index("#451 voucher in the wrong currency") + 1] == (
        "    26 days ago, rotten for 4 days; next: mend the guard"
    )
    assert shown[shown.index("Trend") + 11] == "   3 of   11  2026-11-23"
    assert shown[shown.index("What recall could not do") + 1] == "   2  GitHub's rate limit put a job off."
    assert max(map(len, shown)) <= WIDTH
    assert not any(mark in "\n".join(shown) for mark in ("**", "](", "<", "`"))
