"""Mirrors: complete, current, bounded, safe to share, and without a trace of the token."""

import base64
import multiprocessing
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from app.domain.delivery import Remote, Repository
from app.domain.errors import GiveUp, RecallError, TellUser, TryLater
from app.domain.escape import Fix, FixState
from app.domain.job import State
from app.git.fetching import Fetching
from app.git.locks import Busy, Lock
from app.git.mirror import Mirrors
from app.git.run import GitFailed, run
from tests.build import WorkingCopy, working_copy

SHOP = Repository(9, "acme/shop")
TOKEN = "ghs_" + "s3cr3t" * 8


@pytest.fixture
def origin(tmp_path: Path) -> WorkingCopy:
    copy = working_copy(tmp_path / "origin")
    copy.commit("first", {"a.py": "a = 1\n"})
    copy.git("config", "uploadpack.allowAnySHA1InWant", "true")
    return copy


@pytest.fixture
def mirrors(tmp_path: Path) -> Mirrors:
    return Mirrors(tmp_path / "mirrors")


def remote(origin: WorkingCopy) -> Remote:
    return Remote(origin.path.as_uri())


def holds(mirror: Path, sha: str) -> bool:
    try:
        run(mirror, "cat-file", "-e", f"{sha}^{{commit}}")
    except GitFailed:
        return False
    return True


def branches(mirror: Path) -> list[str]:
    return run(mirror, "for-each-ref", "--format=%(refname:short)", "refs/heads").decode().split()


def files_of(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_mirror_is_bare_and_stands_on_the_default_branch(mirrors: Mirrors, origin: WorkingCopy) -> None:
    origin.git("branch", "trunk")
    trunk = Repository(9, "acme/shop", default_branch="trunk")
    with mirrors.fetch(trunk, remote(origin), None) as mirror:
        assert run(mirror, "rev-parse", "--is-bare-repository").strip() == b"true"
        assert run(mirror, "symbolic-ref", "HEAD").strip() == b"refs/heads/trunk"
        assert branches(mirror) == ["main", "trunk"]


def test_the_tags_on_branches_come_along_and_no_others(mirrors: Mirrors, origin: WorkingCopy) -> None:
    origin.git("tag", "v1.0")
    origin.git("checkout", "--quiet", "-b", "aside")
    origin.commit("aside", {"b.py": "b = 1\n"})
    origin.git("tag", "lost")
    origin.git("checkout", "--quiet", "main")
    origin.git("branch", "--delete", "--force", "aside")
    with mirrors.fetch(SHOP, remote(origin), None):
        origin.git("tag", "--annotate", "--message", "one", "v1.1")
    with mirrors.fetch(SHOP, remote(origin), None) as mirror:
        assert run(mirror, "for-each-ref", "--format=%(refname:short)", "refs/tags").decode().split() == ["v1.0", "v1.1"]


def test_new_commits_arrive_and_gone_branches_go(mirrors: Mirrors, origin: WorkingCopy) -> None:
    origin.git("branch", "old")
    with mirrors.fetch(SHOP, remote(origin), None):
        pass
    sha = origin.commit("second")
    origin.git("branch", "--delete", "--force", "old")
    with mirrors.fetch(SHOP, remote(origin), None) as mirror:
        assert holds(mirror, sha)
        assert branches(mirror) == ["main"]


def test_a_rewritten_branch_is_followed(mirrors: Mirrors, origin: WorkingCopy) -> None:
    with mirrors.fetch(SHOP, remote(origin), None):
        pass
    origin.git("commit", "--quiet", "--amend", "--message", "rewritten")
    with mirrors.fetch(SHOP, remote(origin), None) as mirror:
        assert run(mirror, "log", "-1", "--format=%s").strip() == b"rewritten"


def test_the_head_of_an_open_pull_request_is_there(mirrors: Mirrors, origin: WorkingCopy) -> None:
    base = origin.git("rev-parse", "HEAD")
    head = origin.commit("proposed")
    origin.git("update-ref", "refs/pull/7/head", head)
    origin.git("reset", "--quiet", "--hard", base)
    fix = Fix("acme/shop", head=head, base=base, pull=7, state=FixState.OPEN)
    with mirrors.fetch(SHOP, remote(origin), fix) as mirror:
        assert holds(mirror, head)
    with mirrors.fetch(SHOP, remote(origin), None) as mirror:
        assert holds(mirror, head)


def test_a_commit_that_no_branch_holds_is_asked_for_by_its_sha(mirrors: Mirrors, origin: WorkingCopy) -> None:
    base = origin.git("rev-parse", "HEAD")
    lost = origin.commit("lost")
    origin.git("reset", "--quiet", "--hard", base)
    with mirrors.fetch(SHOP, remote(origin), Fix("acme/shop", head=lost)) as mirror:
        assert holds(mirror, lost)


@pytest.mark.parametrize("head", ["f" * 40, "not a sha", "--upload-pack=x"])
def test_what_the_remote_does_not_have_is_left_to_the_reader(mirrors: Mirrors, origin: WorkingCopy, head: str) -> None:
    with mirrors.fetch(SHOP, remote(origin), Fix("acme/shop", head=head, pull=99)) as mirror:
        assert not holds(mirror, head)


def test_history_is_indexed(mirrors: Mirrors, origin: WorkingCopy) -> None:
    with mirrors.fetch(SHOP, remote(origin), None) as mirror:
        assert list((mirror / "objects" / "info" / "commit-graphs").glob("*.graph"))


def test_hooks_of_nobody_are_in_a_mirror(mirrors: Mirrors, origin: WorkingCopy) -> None:
    with mirrors.fetch(SHOP, remote(origin), None) as mirror:
        assert not (mirror / "hooks").exists()


def test_repositories_of_two_hosts_with_one_id_are_kept_apart(mirrors: Mirrors, origin: WorkingCopy) -> None:
    elsewhere = Remote("http://127.0.0.1:9/acme/shop.git")
    with mirrors.fetch(SHOP, remote(origin), None) as one, pytest.raises(TryLater), mirrors.fetch(SHOP, elsewhere, None):
        pass
    assert one.name == "local-9.git"


@pytest.mark.parametrize("url", ["ext::sh -c id", "ssh://example.test/x", "git://example.test/x", "/etc", "--upload-pack=id"])
def test_no_other_protocol_is_spoken(mirrors: Mirrors, url: str) -> None:
    with pytest.raises(TellUser), mirrors.fetch(SHOP, Remote(url), None):
        pass


def test_a_damaged_mirror_is_made_anew(mirrors: Mirrors, origin: WorkingCopy) -> None:
    with mirrors.fetch(SHOP, remote(origin), None) as mirror:
        pass
    for path in files_of(mirror / "objects"):
        path.chmod(0o600)
        path.write_bytes(b"")
    sha = origin.commit("second")
    with mirrors.fetch(SHOP, remote(origin), None) as mirror:
        assert holds(mirror, sha)
        run(mirror, "fsck", "--strict")


@pytest.mark.parametrize("broken", ["HEAD", "config"])
def test_a_mirror_that_git_no_longer_knows_is_made_anew(mirrors: Mirrors, origin: WorkingCopy, broken: str) -> None:
    with mirrors.fetch(SHOP, remote(origin), None) as mirror:
        (mirror / broken).write_bytes(b"\0\0")
    with mirrors.fetch(SHOP, remote(origin), None) as mirror:
        assert branches(mirror) == ["main"]


def test_what_a_killed_git_left_behind_does_not_stop_the_next(mirrors: Mirrors, origin: WorkingCopy, tmp_path: Path) -> None:
    with mirrors.fetch(SHOP, remote(origin), None) as mirror:
        (mirror / "packed-refs.lock").touch()
        (mirror / "refs" / "heads" / "main.lock").touch()
        (mirror / "objects" / "pack" / "tmp_pack_x").write_bytes(b"x" * 100)
        (tmp_path / "mirrors" / "local-9.new-dead").mkdir()
    origin.git("branch", "other")
    sha = origin.commit("second")
    with mirrors.fetch(SHOP, remote(origin), None) as mirror:
        assert holds(mirror, sha)
        assert not list((mirror / "objects" / "pack").glob("tmp_*"))


def test_a_clone_that_fails_leaves_nothing(mirrors: Mirrors, tmp_path: Path) -> None:
    with pytest.raises(TryLater), mirrors.fetch(SHOP, Remote((tmp_path / "nowhere").as_uri()), None):
        pass
    assert [path.suffix for path in (tmp_path / "mirrors").iterdir() if path.is_dir()] == []


def test_a_repository_that_is_too_large_is_told(tmp_path: Path, origin: WorkingCopy) -> None:
    small = Mirrors(tmp_path / "mirrors", fetching=Fetching(most_bytes=1000, look_every=0.001))
    origin.commit("large", {"large.bin": os.urandom(6 << 20)})
    with pytest.raises(TellUser, match="larger than"), small.fetch(SHOP, remote(origin), None):
        pass


def test_a_fetch_that_takes_too_long_is_tried_later(tmp_path: Path, origin: WorkingCopy) -> None:
    hasty = Mirrors(tmp_path / "mirrors", fetching=Fetching(seconds=0, look_every=0.001))
    origin.commit("large", {"large.bin": os.urandom(6 << 20)})
    with pytest.raises(TryLater, match="longer than"), hasty.fetch(SHOP, remote(origin), None):
        pass


def test_the_mirror_used_longest_ago_makes_room(tmp_path: Path, origin: WorkingCopy) -> None:
    tiny = Mirrors(tmp_path / "mirrors", most_bytes=1)
    for number in (1, 2):
        with tiny.fetch(Repository(number, "acme/shop"), remote(origin), None):
            pass
    assert [path.name for path in (tmp_path / "mirrors").glob("*.git")] == ["local-2.git"]


def test_a_mirror_in_use_is_never_removed(tmp_path: Path, origin: WorkingCopy) -> None:
    tiny = Mirrors(tmp_path / "mirrors", most_bytes=1)
    with tiny.fetch(Repository(1, "acme/shop"), remote(origin), None) as used:
        with tiny.fetch(Repository(2, "acme/shop"), remote(origin), None):
            pass
        assert branches(used) == ["main"]


def _fetch_often(folder: Path, uri: str, failed: "multiprocessing.Queue[str]") -> None:
    try:
        for _ in range(3):
            with Mirrors(folder, most_bytes=1).fetch(SHOP, Remote(uri), None) as mirror:
                run(mirror, "rev-list", "--all", "--objects")
    except RecallError as error:
        failed.put(repr(error))


def test_processes_that_fetch_at_the_same_time_all_find_it_whole(tmp_path: Path, origin: WorkingCopy) -> None:
    context = multiprocessing.get_context("spawn")
    failed = context.Queue()
    workers = [context.Process(target=_fetch_often, args=(tmp_path / "mirrors", origin.path.as_uri(), failed)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert failed.empty()


def test_a_lock_held_by_another_is_busy(tmp_path: Path) -> None:
    with Lock(tmp_path / "x") as one, Lock(tmp_path / "x") as two:
        one.share()
        two.share(seconds=0)
        with pytest.raises(Busy):
            two.own(seconds=0)


class Refuses(BaseHTTPRequestHandler):
    """A git server that writes down whom it refused, and how it was asked."""

    status = 403
    seen: ClassVar[list[tuple[str, str | None]]] = []

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers.get("Authorization")))
        self.send_response(self.status)
        if self.status == 302:
            port = self.server.server_address[1]
            self.send_header("Location", f"http://localhost:{port}/stolen")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(params=[401, 403, 404, 500, 302])
def refusing(request: pytest.FixtureRequest) -> Iterator[tuple[int, str, list[tuple[str, str | None]]]]:
    handler = type("Handler", (Refuses,), {"status": request.param, "seen": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield request.param, f"http://127.0.0.1:{server.server_port}/acme/shop.git", handler.seen
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_token_reaches_the_host_and_nothing_else(
    mirrors: Mirrors, refusing: tuple[int, str, list[tuple[str, str | None]]], tmp_path: Path
) -> None:
    status, url, seen = refusing
    with pytest.raises((GiveUp, TryLater)) as raised, mirrors.fetch(SHOP, Remote(url, TOKEN), None):
        pass
    basic = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
    assert seen
    assert all(header == f"Basic {basic}" and TOKEN not in path for path, header in seen)
    assert not any(path.startswith("/stolen") for path, _ in seen)
    assert TOKEN not in str(raised.value)
    assert not any(secret in path.read_bytes() for path in files_of(tmp_path) for secret in (TOKEN.encode(), basic.encode()))
    if isinstance(raised.value, GiveUp):
        assert (status, raised.value.state) in {(401, State.FORBIDDEN), (403, State.FORBIDDEN), (404, State.FORBIDDEN)}
    else:
        assert status in (500, 302)


def test_a_mirror_fetched_with_a_token_keeps_no_trace_of_it(mirrors: Mirrors, origin: WorkingCopy, tmp_path: Path) -> None:
    with mirrors.fetch(SHOP, Remote(origin.path.as_uri(), TOKEN), None) as mirror:
        secrets = (TOKEN.encode(), base64.b64encode(f"x-access-token:{TOKEN}".encode()))
        assert not any(secret in path.read_bytes() for path in files_of(mirror) for secret in secrets)
    assert TOKEN not in repr(Remote("https://example.test", TOKEN))
