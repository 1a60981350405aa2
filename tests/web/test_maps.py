"""`PUT /maps` and `GET /maps/…`, over a real issuer, a real GitHub of the sandbox and a real database."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import jwt
import pytest

from app.analysis.testmap.wire import read_covers, read_map
from app.sandbox.auth import key_pair
from app.store.database import Database
from app.web.maps import Desk
from app.web.site import create_site
from tests.analysis.testmap.build import BLOB, COMMIT, map_bytes
from tests.gate import Arrivals, map_of
from tests.shop import SHOP, open_shop


@pytest.fixture
def arrivals(tmp_path: Path) -> Iterator[Arrivals]:
    database = Database(f"sqlite:///{tmp_path / 'recall.db'}")
    with open_shop(tmp_path / "github") as shop:
        yield Arrivals(shop, database)
    database.close()


def ask(arrivals: Arrivals, method: str, path: str, token: str | None = None, **how: object) -> httpx.Response:
    async def go() -> httpx.Response:
        site = create_site(lambda: True, lambda: None, Desk(arrivals.gate).routes())
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=site), base_url="http://recall") as client:
            headers = {"authorization": f"Bearer {token}"} if token else {}
            return await client.request(method, path, headers=headers, **how)  # type: ignore[arg-type]

    return asyncio.run(go())


def put(arrivals: Arrivals, token: str | None, content: bytes | AsyncIterator[bytes]) -> httpx.Response:
    return ask(arrivals, "PUT", "/maps", token, content=content)


def refused(arrivals: Arrivals, token: str | None, content: bytes | AsyncIterator[bytes], status: int) -> str:
    answer = put(arrivals, token, content)
    assert answer.status_code == status, answer.text
    assert arrivals.kept() == []
    assert answer.text.count("\n") == 1
    return answer.text.strip()


def test_the_map_of_a_push_is_kept_to_answer_from(arrivals: Arrivals) -> None:
    run = arrivals.push()
    answer = put(arrivals, arrivals.token(run), map_of(run))
    assert (answer.status_code, answer.text) == (
        201,
        f"Kept the map of {run.sha[:10]}: 3 tests, 2 files, to answer from.\n",
    )
    (kept,) = arrivals.kept()
    assert (kept.baseline, kept.origin.commit, kept.origin.run, kept.origin.branch) == (True, run.sha, f"{run.id}.1", "main")


def test_what_a_map_says_of_its_run_and_branch_is_not_believed(arrivals: Arrivals) -> None:
    run = arrivals.push()
    put(arrivals, arrivals.token(run), map_of(run, run="999999999.9", branch="<b>"))
    assert [(kept.origin.run, kept.origin.branch) for kept in arrivals.kept()] == [(f"{run.id}.1", "main")]


def test_a_branch_that_turns_what_is_read_is_kept_as_it_may_be_shown(arrivals: Arrivals) -> None:
    run = arrivals.push()
    put(arrivals, arrivals.token(run, ref="refs/heads/a\u202eb"), map_of(run))
    assert [kept.origin.branch for kept in arrivals.kept()] == ["a\\u202eb"]


def test_the_same_map_again_is_kept_once(arrivals: Arrivals) -> None:
    run = arrivals.push()
    for _ in range(2):
        assert put(arrivals, arrivals.token(run), map_of(run)).status_code == 201
    assert len(arrivals.kept()) == 1


@pytest.mark.parametrize("event", ["pull_request", "workflow_run", "issue_comment", "pull_request_target", "merge_group"])
def test_other_events_bring_no_map_to_answer_from(arrivals: Arrivals, event: str) -> None:
    run = arrivals.push()
    assert put(arrivals, arrivals.token(run, event_name=event), map_of(run)).status_code == 201
    assert [kept.baseline for kept in arrivals.kept()] == [False]
    assert arrivals.shelf.maps(arrivals.shop.repository.id).commits() == ()


@pytest.mark.parametrize(
    "ref", ["refs/heads/more", "refs/tags/main", "refs/heads/Main", "refs/pull/1/merge", "refs/heads/main/x"]
)
def test_other_branches_bring_no_map_to_answer_from(arrivals: Arrivals, ref: str) -> None:
    run = arrivals.push()
    assert put(arrivals, arrivals.token(run, ref=ref), map_of(run)).status_code == 201
    assert [kept.baseline for kept in arrivals.kept()] == [False]


@pytest.mark.parametrize(("event", "baseline"), [("schedule", True), ("workflow_dispatch", False)])
def test_schedules_on_the_default_branch_bring_maps_to_answer_from_and_runs_by_hand_none(
    arrivals: Arrivals, event: str, baseline: bool
) -> None:
    run = arrivals.shop.sandbox.start_run(SHOP, event)
    put(arrivals, arrivals.token(run), map_of(run))
    assert [kept.baseline for kept in arrivals.kept()] == [baseline]


def test_the_map_of_a_pull_request_is_that_of_its_merge_commit_and_never_answered_from(arrivals: Arrivals) -> None:
    shop = arrivals.shop
    shop.mona.push(SHOP, {"a.py": "A = 1\n"}, "Add", branch="more")
    run = shop.sandbox.start_run_on(shop.mona.open_pull(SHOP, "more", "More"))
    refused(arrivals, arrivals.token(run), map_bytes(commit=run.head_sha), 422)
    assert put(arrivals, arrivals.token(run), map_of(run)).status_code == 201
    assert [(kept.baseline, kept.origin.branch) for kept in arrivals.kept()] == [(False, "pull/1/merge")]


def test_a_map_of_another_commit_than_the_run_tested_is_refused(arrivals: Arrivals) -> None:
    run = arrivals.push()
    assert f"The map is of commit {COMMIT[:10]}" in refused(arrivals, arrivals.token(run), map_bytes(), 422)


def test_a_forged_token_is_refused(arrivals: Arrivals) -> None:
    run, issuer = arrivals.push(), arrivals.shop.sandbox.issuer
    kid = jwt.get_unverified_header(arrivals.token(run))["kid"]
    forged = jwt.encode(issuer.claims(run, "https://recall.example"), key_pair()[0], algorithm="RS256", headers={"kid": kid})
    refused(arrivals, forged, map_of(run), 401)


def test_an_ended_token_is_refused(arrivals: Arrivals) -> None:
    run, now = arrivals.push(), int(time.time())
    assert "has ended" in refused(arrivals, arrivals.token(run, iat=now - 600, nbf=now - 600, exp=now - 300), map_of(run), 401)


def test_a_token_for_another_audience_is_refused(arrivals: Arrivals) -> None:
    run = arrivals.push()
    refused(arrivals, arrivals.token(run, aud="https://github.com/octo"), map_of(run), 401)


def test_a_token_is_taken_once(arrivals: Arrivals) -> None:
    run = arrivals.push()
    token = arrivals.token(run)
    refused(arrivals, token, b"no map", 422)
    assert refused(arrivals, token, map_of(run), 401) == "The token was used before; ask the runner for a fresh one."


def test_no_token_is_refused(arrivals: Arrivals) -> None:
    answer = put(arrivals, None, b"")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_a_token_of_github_sends_no_map(arrivals: Arrivals) -> None:
    refused(arrivals, arrivals.shop.mona.token(), map_of(arrivals.push()), 401)


def elsewhere(arrivals: Arrivals) -> str:
    """A token of a repository that recall is not installed on."""
    arrivals.shop.sandbox.create_repository("ada/secret", source=arrivals.shop.repository.git.path, visibility="private")
    return arrivals.token(arrivals.shop.sandbox.start_run("ada/secret"))


def test_every_repository_without_recall_gets_the_same_answer(arrivals: Arrivals) -> None:
    run, shop = arrivals.push(), arrivals.shop
    told = {
        refused(arrivals, elsewhere(arrivals), map_of(run), 403),
        refused(arrivals, arrivals.token(run, repository_id="424242"), map_of(run), 403),
        refused(arrivals, arrivals.token(run, repository_id="424243", repository="no/where"), map_of(run), 403),
    }
    shop.sandbox.suspend(shop.installation)
    told.add(refused(arrivals, arrivals.token(run), map_of(run), 403))
    assert told == {"recall is not installed on the repository that this token is of. Install the App there first."}


def test_a_repository_that_took_the_name_of_another_is_refused(arrivals: Arrivals) -> None:
    run = arrivals.push()
    refused(arrivals, arrivals.token(run, repository_id="424242", repository_owner_id="5"), map_of(run), 403)
    refused(arrivals, arrivals.token(run, repository_owner_id="5"), map_of(run), 403)


def test_a_repository_that_recall_is_not_on_is_asked_about_once_a_minute(arrivals: Arrivals) -> None:
    token, run = elsewhere(arrivals), arrivals.shop.sandbox.start_run("ada/secret")
    refused(arrivals, token, b"", 403)
    fault = arrivals.shop.sandbox.faults.add("server-error", path="*/installation", times=1)
    refused(arrivals, arrivals.token(run), b"", 403)
    assert fault.times == 1


def test_the_map_of_another_repository_is_refused_by_its_commit(arrivals: Arrivals) -> None:
    shop = arrivals.shop
    shop.sandbox.create_repository("octo/other")
    shop.mona.push("octo/other", {"shop/cart.py": "CART = 1\n"}, "Begin")
    shop.sandbox.add_repositories(shop.installation, "octo/other")
    other = shop.sandbox.start_run("octo/other")
    assert put(arrivals, arrivals.token(other), map_of(other)).status_code == 201
    assert "tested" in refused(arrivals, arrivals.token(arrivals.push()), map_of(other), 422)


def damaged(content: bytes) -> dict[str, bytes]:
    middle = len(content) // 2
    return {
        "empty": b"",
        "one byte": b"r",
        "cut": content[:-1],
        "half": content[:middle],
        "longer": content + b"\0",
        "one bit": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "zeros": bytes(1 << 20),
        "another format": b"SF:a.py\nDA:1,1\nend_of_record\n",
        "zip": b"PK\x03\x04" + content,
        "newer": content.replace(b"map 1\n", b"map 2\n", 1),
    }


@pytest.mark.parametrize("how", damaged(b"recall test map 1\n"))
def test_what_is_no_sound_map_is_refused(arrivals: Arrivals, how: str) -> None:
    run = arrivals.push()
    refused(arrivals, arrivals.token(run), damaged(map_of(run))[how], 422)


def test_a_database_file_is_refused(arrivals: Arrivals, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / ".coverage")
    connection.execute("CREATE TABLE file (id integer primary key, path text)")
    connection.commit()
    connection.close()
    said = refused(arrivals, arrivals.token(arrivals.push()), (tmp_path / ".coverage").read_bytes(), 422)
    assert said == "This is not a map of recall. Make one with `recall map build`."


def test_an_announced_gigabyte_is_refused_before_anything_is_read(arrivals: Arrivals) -> None:
    read: list[int] = []

    async def zeros() -> AsyncIterator[bytes]:
        read.append(1)
        yield bytes(1 << 20)

    length = {"content-length": str(1 << 30), "authorization": f"Bearer {arrivals.token(arrivals.push())}"}
    read.clear()

    async def go() -> httpx.Response:
        site = create_site(lambda: True, lambda: None, Desk(arrivals.gate).routes())
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=site), base_url="http://recall") as client:
            return await client.put("/maps", headers=length, content=zeros())

    assert asyncio.run(go()).status_code == 413
    assert arrivals.kept() == []


def test_a_gigabyte_of_zeros_that_is_not_announced_is_cut_off(arrivals: Arrivals) -> None:
    read: list[int] = []

    async def zeros() -> AsyncIterator[bytes]:
        for _ in range(16 * 1024):
            read.append(1)
            yield bytes(1 << 16)

    assert refused(arrivals, arrivals.token(arrivals.push()), zeros(), 413) == "A map has at most 1 MiB. Upload it in shards."
    assert len(read) < 30


def test_nobody_unknown_makes_the_body_be_read(arrivals: Arrivals) -> None:
    read: list[int] = []

    async def zeros() -> AsyncIterator[bytes]:
        for _ in range(100):
            read.append(1)
            yield bytes(10)

    refused(arrivals, "ey.ey.ey", zeros(), 401)
    assert len(read) < 100


def test_an_issuer_out_of_reach_is_a_503(arrivals: Arrivals) -> None:
    arrivals.shop.sandbox.faults.add("server-error", path="*/.well-known/*", times=None)
    answer = put(arrivals, arrivals.token(arrivals.push()), b"")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1


def test_github_out_of_reach_is_a_503(arrivals: Arrivals) -> None:
    run = arrivals.push()
    arrivals.shop.sandbox.faults.add("server-error", path="*/installation", times=None)
    assert put(arrivals, arrivals.token(run), map_of(run)).status_code == 503


def kept(arrivals: Arrivals) -> str:
    """The commit of a map that is kept to answer from."""
    run = arrivals.push()
    assert put(arrivals, arrivals.token(run), map_of(run)).status_code == 201
    return run.sha


def test_who_can_read_the_repository_can_read_its_maps(arrivals: Arrivals) -> None:
    commit, token = kept(arrivals), arrivals.shop.mona.token()
    assert ask(arrivals, "GET", f"/maps/{SHOP}", token).json() == {"commits": [commit]}
    (segment,), paths = read_map(ask(arrivals, "GET", f"/maps/{SHOP}/{commit}", token).json())
    assert (segment.origin.commit, len(segment.tests), paths) == (commit, 3, {"shop/cart.py", "shop/user.py"})
    (cover,) = read_covers(ask(arrivals, "GET", f"/maps/{SHOP}/{commit}/cover", token, params={"path": "shop/cart.py"}).json())
    assert (cover.blob, cover.tests) == (BLOB, ("tests/test_cart.py::test_add", "tests/test_cart.py::test_total"))
    assert {cover.tests[test]: lines for test, lines in cover.ran(-1).items()} == {
        "tests/test_cart.py::test_add": 0b1110,
        "tests/test_cart.py::test_total": 0b11000,
    }


def test_a_run_can_read_the_maps_of_its_own_repository_once(arrivals: Arrivals) -> None:
    commit = kept(arrivals)
    token = arrivals.token(arrivals.push())
    assert ask(arrivals, "GET", f"/maps/{SHOP}", token).json() == {"commits": [commit]}
    assert ask(arrivals, "GET", f"/maps/{SHOP}", token).status_code == 401


def test_who_cannot_read_the_repository_is_told_the_same_as_of_one_that_is_not_there(arrivals: Arrivals) -> None:
    commit = kept(arrivals)
    stranger = arrivals.shop.sandbox.person("eve").token()
    told = {
        (answer.status_code, answer.text)
        for path in (SHOP, f"{SHOP}/{commit}", "no/where", "ada/secret", "octo/%2e%2e", "a b/c")
        for answer in [ask(arrivals, "GET", f"/maps/{path}", stranger)]
    }
    assert told == {(404, "There is no such repository, or this token may not read it.\n")}


def test_the_token_of_another_repositorys_run_reads_nothing(arrivals: Arrivals) -> None:
    kept(arrivals)
    assert ask(arrivals, "GET", f"/maps/{SHOP}", elsewhere(arrivals)).status_code == 404


@pytest.mark.parametrize("token", [None, "ghp_" + "0" * 36, "short", "a" * 9000])
def test_an_unknown_token_reads_nothing(arrivals: Arrivals, token: str | None) -> None:
    assert ask(arrivals, "GET", f"/maps/{SHOP}", token).status_code == 401


def test_an_unknown_commit_is_not_there(arrivals: Arrivals) -> None:
    kept(arrivals)
    assert ask(arrivals, "GET", f"/maps/{SHOP}/{'0' * 40}", arrivals.shop.mona.token()).status_code == 404


def test_no_token_is_kept_or_logged(arrivals: Arrivals, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run, reader = arrivals.push(), arrivals.shop.mona.token()
    sent = arrivals.token(run)
    put(arrivals, sent, map_of(run))
    ask(arrivals, "GET", f"/maps/{SHOP}", reader)
    arrivals.database.close()
    written = b"".join(path.read_bytes() for path in tmp_path.glob("recall.db*")) + "".join(capfd.readouterr()).encode()
    assert run.sha.encode() in written
    assert [secret for secret in (sent, sent.split(".")[2], reader) if secret.encode() in written] == []
