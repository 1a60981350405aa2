"""`recall culprit` on a real repository: for people, as Markdown, for machines, and whom it hears."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app import cli
from tests.build import WorkingCopy, working_copy

Told = tuple[int, str, str]
PRICING = "def total(prices):\n    return sum(prices)\n\n\ndef discount(price, share):\n    return price * share\n"
TWICE = PRICING.replace("return price * share", "return round(round(price) * share)")
ONCE = PRICING.replace("return price * share", "return round(price * share)")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> WorkingCopy:
    copy = working_copy(tmp_path_factory.mktemp("culprit") / "shop")
    copy.commit("Begin", {"shop/pricing.py": PRICING})
    copy.commit("Sell books", {"shop/books.py": "BOOKS = ()\n"})
    copy.commit("Round every discount (#431)", {"shop/pricing.py": TWICE})
    copy.commit("Sell records", {"shop/records.py": "RECORDS = ()\n"})
    copy.commit("Round the discount once", {"shop/pricing.py": ONCE})
    return copy


@pytest.fixture
def culprit(shop: WorkingCopy, capsys: pytest.CaptureFixture[str]) -> Callable[..., Told]:
    def call(*arguments: str) -> Told:
        code = cli.run(["culprit", *arguments, "--repo", str(shop.path)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_json_names_the_culprit_and_the_suspects(culprit: Callable[..., Told], shop: WorkingCopy) -> None:
    code, out, err = culprit("HEAD", "--json")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert (told["culprit"], told["basis"], told["said"]) == (shop.git("rev-parse", "HEAD~2"), "guessed", [])
    first = told["suspects"][0]
    assert {"sha", "subject", "pull_request", "score", "reasons"} <= first.keys()
    assert (first["sha"], first["pull_request"]) == (told["culprit"], 431)
    assert first["reasons"][0]["sentence"] == "last wrote the one line that the fix takes away"


def test_the_terminal_opens_with_the_answer(culprit: Callable[..., Told], shop: WorkingCopy) -> None:
    code, out, _ = culprit("HEAD")
    assert code == 0
    assert out.startswith(f'Let in by {shop.git("rev-parse", "HEAD~2")[:7]} "Round every discount" (#431), ')
    assert all(len(line) <= 80 for line in out.splitlines())


def test_markdown_is_what_the_comment_says(culprit: Callable[..., Told], shop: WorkingCopy) -> None:
    out = culprit("HEAD", "--markdown")[1]
    assert out.startswith(f'**Let in by** `{shop.git("rev-parse", "HEAD~2")[:7]}` "Round every discount" (#431), ')


def test_the_issue_is_heard(culprit: Callable[..., Told], shop: WorkingCopy, tmp_path: Path) -> None:
    first = shop.git("rev-parse", "HEAD~4")
    issue = tmp_path / "issue.md"
    issue.write_text(f"The discount is wrong\n\nI bisected it to {first}.\n")
    told = json.loads(culprit("HEAD", "--json", "--issue", str(issue))[1])
    assert (told["culprit"], told["basis"]) == (first, "said")
    assert told["said"] == [{"sha": first, "manner": "bisect", "where": "issue"}]


def test_a_guess_hears_nobody(shop: WorkingCopy, culprit: Callable[..., Told]) -> None:
    shop.git("switch", "--quiet", "--create", "said", "HEAD~1")
    shop.commit("Round the discount once\n\nFixes: " + shop.git("rev-parse", "HEAD~3"), {"shop/pricing.py": ONCE})
    shop.git("switch", "--quiet", "main")
    assert json.loads(culprit("said", "--json")[1])["basis"] == "said"
    assert json.loads(culprit("said", "--json", "--guess")[1])["basis"] == "guessed"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nowhere",), "There is no commit 'nowhere'"),
        (("HEAD", "--json", "--markdown"), "exclude each other"),
        (("HEAD", "--guess", "--issue", "-"), "exclude each other"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(culprit: Callable[..., Told], arguments: tuple[str, ...], sentence: str) -> None:
    code, out, err = culprit(*arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert len(err.splitlines()) == 1
