"""`GET /escapes`: who may read a repository's escapes, and what they are told."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from app.analysis.past import read_escapes
from app.domain.draft import ProofState
from app.domain.job import State
from app.domain.suite import TestId
from app.store.database import Database
from app.web.escapes import escapes
from app.web.site import create_site
from tests.gate import Arrivals
from tests.proofs import GUARD, Proofs
from tests.shop import SHOP, open_shop


@pytest.fixture
def told(tmp_path: Path) -> Iterator[tuple[Proofs, Arrivals]]:
    database = Database(f"sqlite:///{tmp_path / 'recall.db'}")
    with open_shop(tmp_path / "github") as shop:
        yield Proofs(shop, database), Arrivals(shop, database)
    database.close()


def ask(arrivals: Arrivals, token: str | None, name: str = SHOP) -> httpx.Response:
    async def go() -> httpx.Response:
        site = create_site(lambda: True, lambda: None, escapes(arrivals.gate))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=site), base_url="http://recall") as client:
            return await client.get(f"/escapes/{name}", headers={"authorization": f"Bearer {token}"} if token else {})

    return asyncio.run(go())


def test_a_run_of_the_repository_is_told_of_its_escapes(told: tuple[Proofs, Arrivals]) -> None:
    proofs, arrivals = told
    proofs.read(proofs.ran(proofs.receipt(reverse="--- a\n+++ b\n")))
    answer = ask(arrivals, arrivals.token(arrivals.push()))
    assert answer.status_code == 200
    (escape,) = read_escapes(answer.content)
    assert (escape.issue, escape.fix, escape.parent) == (proofs.issue.number, proofs.fix, proofs.parent)
    assert (escape.tests, escape.proof, escape.reverse) == ((GUARD,), ProofState.PROVED, "--- a\n+++ b\n")
    assert escape.guarded


def test_whoever_can_read_the_repository_is_told_and_nobody_else(told: tuple[Proofs, Arrivals]) -> None:
    proofs, arrivals = told
    assert ask(arrivals, proofs.shop.mona.token()).status_code == 200
    assert ask(arrivals, proofs.shop.sandbox.person("eve").token()).status_code == 404
    assert ask(arrivals, None).status_code == 401
    assert ask(arrivals, "nonsense-nonsense-nonsense").status_code == 401


def test_a_token_of_another_repository_is_told_nothing(told: tuple[Proofs, Arrivals]) -> None:
    _, arrivals = told
    answer = ask(arrivals, arrivals.token(arrivals.push(), repository="octo/other"))
    assert (answer.status_code, answer.text.count("\n")) == (404, 1)


def test_the_tests_that_a_fix_brought_stand_in_until_some_are_proved(told: tuple[Proofs, Arrivals]) -> None:
    proofs, arrivals = told
    recall = proofs.records.recall(proofs.home.id, proofs.issue.number)
    assert recall is not None
    report = f'{{"fix": {{"sha": "{proofs.fix}"}}, "base": "{proofs.parent}", "tests_in_fix": [{{"path": "tests/test_a.py"}}]}}'
    proofs.records.save(replace(recall, report=report))
    (escape,) = read_escapes(ask(arrivals, proofs.shop.mona.token()).content)
    assert (escape.tests, escape.guarded) == ((TestId("tests/test_a.py"),), False)


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.PROVISIONAL])
def test_an_issue_that_was_withdrawn_or_has_no_fix_yet_is_no_past_escape(told: tuple[Proofs, Arrivals], state: State) -> None:
    proofs, arrivals = told
    recall = proofs.records.recall(proofs.home.id, proofs.issue.number)
    assert recall is not None
    proofs.records.save(replace(recall, state=state))
    assert read_escapes(ask(arrivals, proofs.shop.mona.token()).content) == ()
