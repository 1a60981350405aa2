"""Which pull request brought a change, and which checks its head had: over the sandbox's, and over answers that lie."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.delivery import Repository
from app.domain.green import RanCheck, Verdict
from app.domain.unchecked import Unchecked
from app.github.auth import App, Given, Host
from app.github.green import RepositoryGreen
from tests.github.server import SHOP as HOME
from tests.github.server import TOKEN, Server, answer
from tests.shop import SHOP, Shop, open_shop

SHA = "a" * 40


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path) as made:
        yield made


def green(shop: Shop) -> RepositoryGreen:
    sandbox, repository = shop.sandbox, shop.repository
    app = App(Host(sandbox.api_url, sandbox.url), shop.app.id, shop.app.private_key)
    return RepositoryGreen(app.host, app.on(shop.installation.id, repository.id), lambda: Repository(repository.id, SHOP))


def tip(shop: Shop) -> str:
    return str(shop.repository.git.ref("refs/heads/main"))


def landed(shop: Shop, method: str = "merge") -> tuple[str, str]:
    """A pull request that was merged: its head, and what landed."""
    head = shop.mona.push(SHOP, {"shop/pricing.py": "RATE = 3\n"}, "Raise the rate", branch="raise")
    pull = shop.mona.open_pull(SHOP, "raise", "Raise the rate")
    return head, shop.mona.merge(pull, method)


def status(shop: Shop, sha: str, context: str, *states: str, url: str | None = None) -> None:
    with shop.as_mona() as client:
        for state in states:
            body = {"state": state, "context": context, "target_url": url}
            client.post(f"/repos/{SHOP}/statuses/{sha}", json=body).raise_for_status()


def reasons(unchecked: tuple[Unchecked, ...]) -> list[str]:
    return [one.reason for one in unchecked]


@pytest.mark.parametrize("method", ["squash", "rebase"])
def test_the_checks_of_a_squashed_or_rebased_pull_are_those_of_its_own_head(shop: Shop, method: str) -> None:
    head, culprit = landed(shop, method)
    shop.sandbox.job(shop.sandbox.start_run_at(SHOP, head, "ci"), "unit")
    ledger = green(shop).landed(culprit)
    assert (ledger.commit, ledger.head, ledger.pull_request) == (culprit, head, 1)
    assert [(check.name, check.workflow, check.verdict) for check in ledger.checks or ()] == [("unit", "ci", Verdict.PASSED)]


def test_a_commit_of_a_merged_pull_is_brought_by_it_at_that_time(shop: Shop) -> None:
    head, _ = landed(shop)
    ledger = green(shop).landed(head)
    pull = shop.repository.issues[1].pull
    assert pull is not None
    assert pull.merged_at is not None
    assert (ledger.pull_request, ledger.head) == (1, head)
    assert datetime.fromisoformat(ledger.life.merged) == pull.merged_at


def test_a_commit_that_was_pushed_has_its_own_checks_and_no_pull(shop: Shop) -> None:
    culprit = tip(shop)
    shop.sandbox.job(shop.sandbox.start_run_at(SHOP, culprit, "ci", "push"), "unit", "failure")
    ledger = green(shop).landed(culprit)
    assert (ledger.pull_request, ledger.head, ledger.life.merged) == (None, culprit, "")
    assert [check.verdict for check in ledger.checks or ()] == [Verdict.FAILED]


def test_where_the_head_has_none_the_checks_of_what_landed_are_told_as_such(shop: Shop) -> None:
    _, culprit = landed(shop, "squash")
    status(shop, culprit, "deploy", "success")
    ledger = green(shop).landed(culprit)
    assert ledger.head == culprit
    assert [check.name for check in ledger.checks or ()] == ["deploy"]


def test_all_pages_are_read(shop: Shop) -> None:
    culprit, run = tip(shop), shop.sandbox.start_run_at(SHOP, tip(shop), "ci")
    for number in range(130):
        shop.sandbox.job(run, f"job {number:03d}")
        status(shop, culprit, f"status {number:03d}", "success")
    ledger = green(shop).landed(culprit)
    assert len(ledger.checks or ()) == 260
    assert reasons(ledger.unchecked) == []


def test_a_job_that_was_run_again_is_one_check_that_failed_before(shop: Shop) -> None:
    run = shop.sandbox.start_run_at(SHOP, tip(shop), "ci")
    shop.sandbox.job(run, "unit", "failure")
    shop.sandbox.rerun(run)
    shop.sandbox.job(run, "unit", "success")
    (check,) = green(shop).landed(tip(shop)).checks or ()
    assert (check.verdict, check.attempts, check.failed) == (Verdict.PASSED, 2, 1)


def test_the_same_job_on_push_and_on_pull_request_are_two_checks_and_no_retry(shop: Shop) -> None:
    for event, conclusion in (("push", "failure"), ("pull_request", "success")):
        shop.sandbox.job(shop.sandbox.start_run_at(SHOP, tip(shop), "ci", event), "unit", conclusion)
    checks = green(shop).landed(tip(shop)).checks or ()
    assert sorted((check.verdict, check.failed) for check in checks) == [(Verdict.FAILED, 0), (Verdict.PASSED, 0)]


def test_a_run_that_was_started_anew_for_the_same_event_is_a_retry(shop: Shop) -> None:
    for conclusion in ("failure", "success"):
        shop.sandbox.job(shop.sandbox.start_run_at(SHOP, tip(shop), "ci"), "unit", conclusion)
    (check,) = green(shop).landed(tip(shop)).checks or ()
    assert (check.verdict, check.failed) == (Verdict.PASSED, 1)


def test_a_status_that_was_pending_first_was_not_retried(shop: Shop) -> None:
    status(shop, tip(shop), "travis", "pending", "success", url="https://travis.test/acme/shop/1")
    (check,) = green(shop).landed(tip(shop)).checks or ()
    assert check == RanCheck(
        "travis", Verdict.PASSED, "https://travis.test/acme/shop/1", started=check.started, ended=check.started
    )


def test_a_status_that_failed_and_then_passed_was(shop: Shop) -> None:
    status(shop, tip(shop), "travis", "pending", "error", "pending", "success")
    (check,) = green(shop).landed(tip(shop)).checks or ()
    assert (check.attempts, check.failed) == (2, 1)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://ci.test/a b",
        "https://ci.test/)](https://evil.test",
        "https://ci.test/" + "a" * 2000,
        "{web}/other/repo/issues/1",
        "{web}/octo/shop/issues/1",
        "{web}//other/repo/issues/1",
        "{loud}/other/repo/issues/1",
        "{web}/octo/shop/actions/../issues/1",
    ],
)
def test_an_address_that_a_comment_cannot_carry_is_left_out(shop: Shop, url: str) -> None:
    status(
        shop,
        tip(shop),
        "ci",
        "success",
        url=url.format(web=shop.sandbox.url, loud=shop.sandbox.url.replace("http", "HTTP").replace("HTTP:", "https:")),
    )
    (check,) = green(shop).landed(tip(shop)).checks or ()
    assert check.url == ""


def test_no_checks_at_all_are_told_from_those_that_were_forgotten(shop: Shop) -> None:
    long_ago = int((datetime.now(UTC) - timedelta(days=401)).timestamp())
    assert green(shop).landed(tip(shop)).unchecked == (Unchecked("checks-none", (tip(shop),)),)
    assert green(shop).landed(tip(shop), when=long_ago).unchecked == (Unchecked("checks-expired", (tip(shop),)),)


def test_what_may_not_be_read_is_said_and_the_rest_is_told(shop: Shop) -> None:
    status(shop, tip(shop), "travis", "success")
    shop.installation.permissions["checks"] = "none"
    ledger = green(shop).landed(tip(shop))
    assert [check.name for check in ledger.checks or ()] == ["travis"]
    assert reasons(ledger.unchecked) == ["checks-forbidden"]


def test_where_nothing_may_be_read_there_are_no_checks_known(shop: Shop) -> None:
    shop.installation.permissions |= {"checks": "none", "statuses": "none"}
    ledger = green(shop).landed(tip(shop))
    assert ledger.checks is None
    assert reasons(ledger.unchecked) == ["checks-forbidden", "statuses-forbidden"]


def test_workflows_that_may_not_be_read_cost_only_their_names(shop: Shop) -> None:
    run = shop.sandbox.start_run_at(SHOP, tip(shop), "ci")
    shop.sandbox.job(run, "unit", "failure")
    shop.sandbox.job(run, "unit", "success")
    shop.installation.permissions["actions"] = "none"
    ledger = green(shop).landed(tip(shop))
    assert [(check.name, check.workflow, check.failed) for check in ledger.checks or ()] == [("unit", "", 1)]
    assert ledger.unchecked == ()


def test_trouble_at_github_is_said_and_never_raised(shop: Shop) -> None:
    shop.sandbox.faults.add("server-error", method="GET", path="*", times=100)
    ledger = green(shop).landed(tip(shop))
    assert ledger.checks is None
    assert reasons(ledger.unchecked) == ["pull-not-read", "checks-not-read", "statuses-not-read"]


def lied_to(seventh: object = None, **answers: object) -> RepositoryGreen:
    paths = {"pulls": "pulls", "checks": "check-runs", "statuses": "statuses"}
    server = Server({f"GET /repos/acme/shop/commits/{SHA}/{paths[name]}": answer(body) for name, body in answers.items()})
    server.answers["GET /repos/acme/shop/pulls/7"] = answer(seventh)
    return RepositoryGreen(server.host, Given(TOKEN, "recall[bot]"), lambda: HOME)


@pytest.mark.parametrize("body", [None, [], {}, [1, None, "x"], {"check_runs": [None, 3, {"name": 7}]}])
def test_odd_answers_break_nothing(body: object) -> None:
    ledger = lied_to(pulls=body, checks=body, statuses=body).landed(SHA)
    assert ledger.head == SHA


def test_of_several_pulls_the_one_merged_first_brought_it() -> None:
    def pull(number: int, merged: str | None, home: int = 9) -> dict[str, object]:
        sha = str(number) * 40
        return {"number": number, "merged_at": merged, "head": {"sha": sha}, "base": {"repo": {"id": home}}}

    pulls = [pull(3, "2026-03-01T00:00:00Z"), pull(2, "2026-02-01T00:00:00Z"), pull(1, None), pull(4, "2026-01-01T00:00:00Z", 8)]
    assert lied_to(pulls=pulls, checks={}, statuses=[]).landed(SHA).pull_request == 2


@pytest.mark.parametrize(("lands_as", "number"), [(SHA, 7), ("b" * 40, None)])
def test_the_pull_that_the_commit_names_is_believed_where_it_landed_as_this_commit(lands_as: str, number: int | None) -> None:
    seventh = {"number": 7, "merged_at": "2026-01-01T00:00:00Z", "merge_commit_sha": lands_as, "head": {"sha": "c" * 40}}
    ledger = lied_to(seventh, pulls=[], checks={}, statuses=[]).landed(SHA, pull=7)
    assert ledger.pull_request == number
