"""The digest's issue on the sandbox: found by marker and author, opened once, edited in place."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.domain.delivery import Repository
from app.domain.digest import digest_marker
from app.domain.errors import GiveUp, TryLater
from app.github.auth import App, Host
from app.github.digests import RepositoryDigests
from app.sandbox.state import Issue
from tests.shop import SHOP, Shop, open_shop


@dataclass
class Desk:
    shop: Shop
    digests: RepositoryDigests

    @property
    def mark(self) -> str:
        return digest_marker(self.shop.repository.id)

    def ours(self) -> list[Issue]:
        return [issue for issue in self.shop.repository.issues.values() if issue.author.login == "recall[bot]"]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_shop(tmp_path / "sandbox") as shop:
        app = App(Host(shop.sandbox.api_url, shop.sandbox.url), shop.app.id, shop.app.private_key)
        tokens = app.on(shop.installation.id, shop.repository.id)
        with closing(RepositoryDigests(app.host, tokens, _home(shop))) as digests:
            yield Desk(shop, digests)


def _home(shop: Shop) -> Repository:
    return Repository(shop.repository.id, SHOP)


def test_what_was_opened_is_found_and_edited_and_nobody_is_told_by_a_comment(desk: Desk) -> None:
    assert desk.digests.found(desk.mark) is None
    opened = desk.digests.open("Escapes", f"{desk.mark}\nnone", desk.mark)
    desk.digests.edit(opened.number, f"{desk.mark}\none")
    found = desk.digests.found(desk.mark)
    assert found is not None
    assert (found.number, found.open, found.body) == (opened.number, True, f"{desk.mark}\none")
    (issue,) = desk.ours()
    assert (issue.title, issue.labels, issue.comments) == ("Escapes", [], [])


def test_a_marker_that_somebody_else_pasted_is_not_ours(desk: Desk) -> None:
    desk.shop.mona.open_issue(SHOP, "Escapes", f"{desk.mark}\nforged")
    assert desk.digests.found(desk.mark) is None


def test_among_many_issues_and_pull_requests_of_ours_it_is_found(desk: Desk) -> None:
    shop = desk.shop
    shop.mona.push(SHOP, {"a.py": "A = 1\n"}, "Add", branch="ours")
    with shop.as_bot(issues="write", pull_requests="write") as bot:
        pull = {"title": "Draft", "head": "ours", "base": "main", "body": desk.mark}
        bot.post(f"/repos/{SHOP}/pulls", json=pull).raise_for_status()
        for number in range(104):
            bot.post(f"/repos/{SHOP}/issues", json={"title": f"Note {number}", "body": "no marker"}).raise_for_status()
    opened = desk.digests.open("Escapes", f"{desk.mark}\nnone", desk.mark)
    found = desk.digests.found(desk.mark)
    assert found is not None
    assert found.number == opened.number


def test_an_open_one_goes_before_a_closed_one(desk: Desk) -> None:
    first = desk.digests.open("Escapes", f"{desk.mark}\nfirst", desk.mark)
    desk.shop.mona.close(desk.shop.repository.issues[first.number])
    found = desk.digests.found(desk.mark)
    assert found is not None
    assert (found.number, found.open) == (first.number, False)
    second = desk.digests.open("Escapes", f"{desk.mark}\nsecond", desk.mark)
    found = desk.digests.found(desk.mark)
    assert found is not None
    assert found.number == second.number


def test_an_answer_that_was_lost_behind_the_opening_opens_no_second_one(desk: Desk) -> None:
    desk.shop.sandbox.faults.add("server-error-after", method="POST", path="*/issues")
    opened = desk.digests.open("Escapes", f"{desk.mark}\nnone", desk.mark)
    assert [issue.number for issue in desk.ours()] == [opened.number]


def test_a_repository_with_its_issues_switched_off_is_given_up_on_in_a_sentence(desk: Desk) -> None:
    desk.shop.repository.has_issues = False
    with pytest.raises(GiveUp, match="octo/shop has its issues switched off, so there is no place for the digest"):
        desk.digests.found(desk.mark)
    with pytest.raises(GiveUp, match="switched off"):
        desk.digests.open("Escapes", desk.mark, desk.mark)


def test_an_issue_that_was_deleted_meanwhile_is_looked_for_anew(desk: Desk) -> None:
    opened = desk.digests.open("Escapes", f"{desk.mark}\nnone", desk.mark)
    desk.shop.mona.delete(desk.shop.repository.issues[opened.number])
    with pytest.raises(TryLater):
        desk.digests.edit(opened.number, desk.mark)
    assert desk.digests.found(desk.mark) is None
