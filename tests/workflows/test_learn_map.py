"""What a finished run left behind, over the sandbox's Actions and a real database."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from app.domain.errors import GiveUp, TellUser, TryLater
from app.domain.job import Job, Outcome, Task
from app.github.archive import Bounds
from app.github.runs import RepositoryRuns
from app.sandbox.state import WorkflowRun
from app.store.database import Database
from app.workflows.learn_map import learn_map
from tests.analysis.testmap.build import COMMIT, map_bytes
from tests.gate import Arrivals, map_of, zipped
from tests.shop import SHOP, open_shop


@pytest.fixture
def arrivals(tmp_path: Path) -> Iterator[Arrivals]:
    database = Database(f"sqlite:///{tmp_path / 'recall.db'}")
    with open_shop(tmp_path / "github") as shop:
        yield Arrivals(shop, database)
    database.close()


def learn(arrivals: Arrivals, run: WorkflowRun) -> Outcome:
    home = arrivals.home
    return learn_map(Job(Task.LEARN_MAP, "d", home.installation, home.repository, run.id), arrivals.learning)


def leave(arrivals: Arrivals, run: WorkflowRun, *, called: str = "recall-map-unit-1-1", **files: bytes) -> None:
    arrivals.shop.sandbox.add_artifact_of(run, called, zipped(**files))


def test_the_maps_of_a_push_are_kept_to_answer_from(arrivals: Arrivals) -> None:
    run = arrivals.push()
    for shard in (1, 2):
        leave(arrivals, run, called=f"recall-map-{shard}", map_recall=map_of(run, shard=shard, shards=2))
    assert learn(arrivals, run) == Outcome("learned", f"Run {run.id}.1 of {SHOP} brought 2 maps of {run.sha[:10]}.")
    assert {(kept.baseline, kept.origin.shard, kept.origin.run) for kept in arrivals.kept()} == {
        (True, 1, f"{run.id}.1"),
        (True, 2, f"{run.id}.1"),
    }


def test_learned_again_nothing_changes(arrivals: Arrivals) -> None:
    run = arrivals.push()
    leave(arrivals, run, map_recall=map_of(run))
    first, kept = learn(arrivals, run), arrivals.kept()
    assert learn(arrivals, run) == first
    assert arrivals.kept() == kept


def test_the_next_attempt_replaces_the_same_shard(arrivals: Arrivals) -> None:
    run = arrivals.push()
    leave(arrivals, run, map_recall=map_of(run, made=1))
    learn(arrivals, run)
    arrivals.shop.sandbox.rerun(run)
    leave(arrivals, run, map_recall=map_of(run, made=2))
    learn(arrivals, run)
    assert [(kept.origin.run, kept.origin.made) for kept in arrivals.kept()] == [(f"{run.id}.2", 2)]


def test_other_artifacts_are_left_alone(arrivals: Arrivals) -> None:
    run = arrivals.push()
    leave(arrivals, run, called="coverage", map_recall=map_of(run))
    assert learn(arrivals, run).state == "ignored"
    assert arrivals.kept() == []


def test_a_forks_run_is_not_learned(arrivals: Arrivals) -> None:
    shop = arrivals.shop
    shop.sandbox.create_repository("ada/shop", fork_of=SHOP)
    ada = shop.sandbox.person("ada")
    ada.push("ada/shop", {"a.py": "A = 1\n"}, "Add", branch="main")
    run = shop.sandbox.start_run_on(ada.open_pull(SHOP, "ada:main", "More"))
    run.event = "push"  # as if its event and its branch's name were those of a push to our main
    leave(arrivals, run, map_recall=map_bytes(commit=run.head_sha))
    assert learn(arrivals, run).state == "ignored"
    assert arrivals.kept() == []


@pytest.mark.parametrize("event", ["pull_request", "workflow_run", "pull_request_target"])
def test_other_events_are_not_learned(arrivals: Arrivals, event: str) -> None:
    run = arrivals.shop.sandbox.start_run(SHOP, event)
    leave(arrivals, run, map_recall=map_of(run))
    assert learn(arrivals, run).state == "ignored"
    assert arrivals.kept() == []


def test_another_branch_is_not_learned(arrivals: Arrivals) -> None:
    arrivals.shop.mona.push(SHOP, {"a.py": "A = 1\n"}, "Add", branch="more")
    run = arrivals.shop.sandbox.start_run(SHOP, branch="more")
    leave(arrivals, run, map_recall=map_of(run))
    assert learn(arrivals, run).state == "ignored"


def test_a_tag_that_is_called_like_the_default_branch_is_not_learned(arrivals: Arrivals) -> None:
    arrivals.shop.mona.push(SHOP, {"a.py": "A = 1\n"}, "Add", branch="more")
    run = arrivals.shop.sandbox.start_run(SHOP, branch="more")
    run.head_branch = "main"
    leave(arrivals, run, map_recall=map_of(run))
    assert learn(arrivals, run).state == "ignored"
    assert arrivals.kept() == []


def test_a_map_of_another_commit_is_refused_and_spoils_no_other(arrivals: Arrivals) -> None:
    run = arrivals.push()
    leave(arrivals, run, bad_recall=map_bytes(), good_recall=map_of(run))
    told = learn(arrivals, run)
    assert told.state == "refused"
    assert (
        f"brought 1 maps of {run.sha[:10]}. recall-map-unit-1-1/bad.recall: The map is of commit {COMMIT[:10]}" in told.sentence
    )
    assert [kept.origin.commit for kept in arrivals.kept()] == [run.sha]


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + bytes(100), bytes(1 << 20), b"recall test map 1\n"])
def test_what_is_no_sound_map_is_refused(arrivals: Arrivals, content: bytes) -> None:
    run = arrivals.push()
    leave(arrivals, run, map_recall=content)
    assert learn(arrivals, run).state == "refused"
    assert arrivals.kept() == []


def test_an_archive_that_is_larger_than_a_map_may_be_is_not_held_in_memory(arrivals: Arrivals) -> None:
    run = arrivals.push()
    leave(arrivals, run, map_recall=map_of(run))
    learning = arrivals.learning
    tokens = arrivals.app.on(arrivals.shop.installation.id, arrivals.shop.repository.id)
    tight = RepositoryRuns(arrivals.app.host, tokens, learning.home.repository, Bounds(packed=100))
    (artifact,) = tight.maps(run.id)
    for each in (artifact, replace(artifact, size=0)):
        with pytest.raises(TellUser, match="is larger than"):
            next(tight.files(each))


def test_a_name_in_an_archive_writes_no_line_of_its_own(arrivals: Arrivals) -> None:
    run = arrivals.push()
    leave(arrivals, run, **{"a\n\x1b[31mkept map": b"none"})
    assert "recall-map-unit-1-1/a\\n\\x1b[31mkept map: This is not a map" in learn(arrivals, run).sentence


def test_what_is_no_archive_is_refused(arrivals: Arrivals) -> None:
    run = arrivals.push()
    arrivals.shop.sandbox.add_artifact_of(run, "recall-map", b"no zip")
    assert learn(arrivals, run).sentence.endswith("recall-map: The archive is damaged.")


def test_an_ended_artifact_is_refused(arrivals: Arrivals) -> None:
    run = arrivals.push()
    arrivals.shop.sandbox.add_artifact_of(run, "recall-map", zipped(a=map_of(run)), days=-1)
    assert learn(arrivals, run).sentence.endswith("The artifact recall-map has expired.")


def test_an_artifact_that_ended_meanwhile_is_refused(arrivals: Arrivals) -> None:
    run = arrivals.push()
    leave(arrivals, run, map_recall=map_of(run))
    (artifact,) = arrivals.learning.runs.maps(run.id)
    arrivals.shop.repository.artifacts[0].expires_at = arrivals.shop.sandbox.hub.now()
    with pytest.raises(TellUser, match="has expired"):
        next(arrivals.learning.runs.files(artifact))


def test_a_run_that_is_gone_is_given_up(arrivals: Arrivals) -> None:
    run = arrivals.push()
    arrivals.shop.repository.runs.clear()
    with pytest.raises(GiveUp):
        learn(arrivals, run)


@pytest.mark.parametrize("path", ["*/actions/runs/*", "*/zip", "/_sandbox/artifacts/*"])
def test_trouble_on_the_way_is_a_matter_of_time(arrivals: Arrivals, path: str) -> None:
    run = arrivals.push()
    leave(arrivals, run, map_recall=map_of(run))
    arrivals.shop.sandbox.faults.add("server-error", path=path, times=None)
    with pytest.raises(TryLater):
        learn(arrivals, run)
    arrivals.shop.sandbox.faults.clear()
    assert learn(arrivals, run).state == "learned"


def test_an_app_that_may_not_read_actions_is_told_what_it_lacks(arrivals: Arrivals) -> None:
    run = arrivals.push()
    del arrivals.shop.installation.permissions["actions"]
    with pytest.raises(GiveUp, match="permissions"):
        learn(arrivals, run)


def test_all_pages_of_artifacts_are_read(arrivals: Arrivals) -> None:
    run = arrivals.push()
    leave(arrivals, run, called="recall-map-first", map_recall=map_of(run))
    for number in range(120):
        leave(arrivals, run, called=f"other-{number}")
    assert learn(arrivals, run).state == "learned"


def test_no_token_goes_where_the_download_leads(arrivals: Arrivals) -> None:
    run = arrivals.push()
    leave(arrivals, run, map_recall=map_of(run))
    seen: list[str | None] = []

    class Watching(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if "/_sandbox/artifacts/" in request.url.path:
                seen.append(request.headers.get("authorization"))
            return super().handle_request(request)

    arrivals.app.host = replace(arrivals.app.host, transport=Watching())
    assert learn(arrivals, run).state == "learned"
    assert seen == [None]
