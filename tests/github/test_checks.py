"""Check runs with annotations, which can be added and never taken back: over the sandbox's check runs."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.check import Check, Standing
from app.domain.delivery import Repository
from app.domain.review import REVIEW_CHECK, Annotation
from app.github.auth import App, Host
from app.github.checks import RepositoryChecks
from tests.shop import SHOP, Shop, open_shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path) as made:
        yield made


@pytest.fixture
def checks(shop: Shop) -> RepositoryChecks:
    sandbox, repository = shop.sandbox, shop.repository
    app = App(Host(sandbox.api_url, sandbox.url), shop.app.id, shop.app.private_key)
    home = Repository(repository.id, SHOP)
    return RepositoryChecks(app.host, app.on(shop.installation.id, repository.id), lambda: home)


def check(shop: Shop, notes: int = 0, title: str = "Said", key: str = "recall:v1 review 7") -> Check:
    told = tuple(Annotation("shop/pricing.py", at, at, f"note {at}") for at in range(1, notes + 1))
    tip = str(shop.repository.git.ref("refs/heads/main"))
    return Check(tip, key, Standing.NEUTRAL, title, "Why", name=REVIEW_CHECK, annotations=told)


def stands(shop: Shop) -> list[tuple[str, list[str]]]:
    """The check runs there are: titles, and what their annotations say."""
    return [(str(one.output["title"]), [note["message"] for note in one.annotations]) for one in shop.repository.checks]


@pytest.mark.parametrize("count", [0, 1, 50, 51, 120])
def test_all_annotations_arrive_once_however_many(shop: Shop, checks: RepositoryChecks, count: int) -> None:
    for written in (True, False):
        assert checks.put(check(shop, count)) is written
    assert stands(shop) == [("Said", [f"note {at}" for at in range(1, count + 1)])]


def test_those_that_an_answer_was_lost_on_are_not_sent_twice(shop: Shop, checks: RepositoryChecks) -> None:
    shop.sandbox.faults.add("server-error-after", method="POST", path="*/check-runs")
    checks.put(check(shop, 60))
    assert [len(notes) for _, notes in stands(shop)] == [60]


def test_what_is_missing_after_a_death_is_added(shop: Shop, checks: RepositoryChecks) -> None:
    checks.put(check(shop, 50))
    checks.put(check(shop, 70))
    assert [len(notes) for _, notes in stands(shop)] == [70]


@pytest.mark.parametrize("count", [1, 3, 5])
def test_annotations_that_hold_no_more_give_way_to_a_new_check_run(shop: Shop, checks: RepositoryChecks, count: int) -> None:
    checks.put(check(shop, 3))
    checks.put(check(shop, count, "Said otherwise"))
    assert [(title, len(notes)) for title, notes in stands(shop)] == [("Said", 3), ("Said otherwise", count)]
    assert not checks.put(check(shop, count, "Said otherwise"))


def test_without_annotations_the_same_check_run_says_something_else(shop: Shop, checks: RepositoryChecks) -> None:
    checks.put(check(shop))
    checks.put(check(shop, 2, "Said otherwise"))
    assert stands(shop) == [("Said otherwise", ["note 1", "note 2"])]


def test_check_runs_of_another_name_or_key_are_left_alone(shop: Shop, checks: RepositoryChecks) -> None:
    checks.put(check(shop, 1))
    checks.put(check(shop, 1, "Other key", key="recall:v1 review 70"))
    checks.put(replace(check(shop, 1, "Other name"), name="recall / proof"))
    assert [title for title, _ in stands(shop)] == ["Said", "Other key", "Other name"]
