"""recall in a job of GitHub Actions: what happened becomes a delivery, and its jobs are done here and now, with no queue.

Everything is the server's but the token, which the job was given, the memory, which is a branch of the repository, and the test
maps, which are fetched anew from the newest run that left some.
"""

import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from urllib.parse import urlsplit

from app.bootstrap.fetched import FetchedMaps
from app.bootstrap.github import GitHub, Kept, Terms
from app.bootstrap.perform import performing, run_inline
from app.bootstrap.reading import ReadingGitHub
from app.bootstrap.rehearse import RehearsingGitHub
from app.domain.deed import Deed
from app.domain.delivery import Delivery, Repository
from app.domain.errors import GiveUp, RecallError, TryLater
from app.domain.job import Job, Outcome, State, Task
from app.github.auth import Given, Host
from app.github.configured import RepositoryConfigured
from app.github.heads import labelled, pulls_of_run
from app.github.ledger import Ledger
from app.github.runs import MAP_PREFIX, RepositoryRuns
from app.jobs import Perform
from app.store.database import Database
from app.store.maps import StoredMaps
from app.store.memory import Memory, MemoryWatches
from app.store.shelf import KeptMaps
from app.workflows.learn_map import learn_map
from app.workflows.plan import plan
from app.workflows.ports import Records
from app.workflows.rehearsal import Rehearsal

_TRIES = 4
_LONGEST_WAIT = 120.0
_FIRST_WAIT = 5.0


class Mode(StrEnum):
    """What a run of the action is for."""

    RECALL = "recall"
    REVIEW = "review"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one run: what each job came to, and what kept others from coming to anything.

    `deeds` is what would have been written where not all may be, `unwritten` why; `unkept` is why the next run will not know.
    """

    outcomes: tuple[Outcome, ...] = ()
    problems: tuple[RecallError, ...] = ()
    deeds: tuple[Deed, ...] = ()
    unwritten: str = ""
    unkept: str = ""


class Action:
    """recall with the token of one job. `writes` is False where the token may only read: then nothing is tried."""

    def __init__(
        self,
        host: Host,
        given: Given,
        terms: Terms,
        *,
        writes: bool = True,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """Reaches nobody yet."""
        self._host, self._given, self._terms = host, given, terms
        self._writes, self._wait = writes, wait

    def run(self, delivery: Delivery, mode: Mode) -> Done:
        """Does what the delivery asks for in that mode, and tells of it; only what is no fault of anything outside is raised."""
        home = delivery.repository
        if home is None:
            return Done()
        memory = Ledger(self._host, self._given, home)
        self._terms.folder.mkdir(parents=True, exist_ok=True)
        database = Database(f"sqlite:///{(self._terms.folder / 'maps.db').absolute()}")
        try:
            database.migrate()
            shelf = KeptMaps(StoredMaps(database), urlsplit(self._host.web_url).netloc.lower())
            maps = FetchedMaps(shelf, partial(self._fetch, delivery, home, Kept(memory, MemoryWatches(), shelf)))
            done = self._run(delivery, mode, home, Kept(memory, MemoryWatches(), maps), memory)
            return replace(done, outcomes=(*maps.fetched, *done.outcomes))
        finally:
            memory.close()
            database.close()

    def _run(self, delivery: Delivery, mode: Mode, home: Repository, kept: Kept, memory: Ledger) -> Done:
        try:
            jobs = self._jobs(delivery, mode, home)
        except RecallError as error:
            return Done(problems=(error,))
        if not self._writes:
            if not memory.exists and mode is not Mode.RECALL:
                kept = replace(kept, records=self._relearned(delivery, home, kept))
            return self._rehearsed(jobs, kept, "The token of this run may only read.")
        dry = Rehearsal(Memory())
        github = RehearsingGitHub(self._host, lambda _: self._given, kept, self._terms, dry, obeying=True)
        done = self._perform(jobs, github)
        if dry.deeds:
            done = replace(done, deeds=dry.deeds, unwritten="The configuration asks for a dry run.")
        refused = next((outcome.sentence for outcome in done.outcomes if outcome.state == State.FORBIDDEN), "")
        refused = refused or next((str(error) for error in done.problems if isinstance(error, GiveUp)), "")
        if refused:
            would = self._rehearsed(jobs, kept, refused)
            done = replace(done, deeds=would.deeds, unwritten=refused)
        return replace(done, unkept=memory.unwritten)

    def _jobs(self, delivery: Delivery, mode: Mode, home: Repository) -> tuple[Job, ...]:
        if mode is Mode.DIGEST:
            return (Job(Task.SEND_DIGEST, delivery.id, None, home),)
        if mode is Mode.REVIEW and delivery.run is not None:
            pulls = pulls_of_run(self._host, self._given, home, delivery.number)
            return tuple(Job(Task.REVIEW_PULL, delivery.id, None, home, number=number) for number in pulls)
        jobs = plan(delivery, label=self._terms.label, me=self._given.me().login, labels=self._labels(delivery, home))
        return tuple(job for job in jobs if (job.task is Task.REVIEW_PULL) == (mode is Mode.REVIEW))

    def _labels(self, delivery: Delivery, home: Repository) -> tuple[str, ...] | None:
        """The labels that the configuration names, for what is about issues."""
        if delivery.event not in ("issues", "issue_comment"):
            return None
        with closing(RepositoryConfigured(self._host, self._given, home)) as configured:
            return configured.settled().configuration.labels

    def _fetch(self, delivery: Delivery, home: Repository, kept: Kept) -> Outcome | None:
        """Puts the newest test maps of the default branch on the shelf; None where there are none. recall answers without."""
        try:
            left = RepositoryRuns(self._host, self._given, home).left(MAP_PREFIX)
            run = next((one.run for one in left if one.branch == home.default_branch), None)
            if run is None:
                return None
            job = Job(Task.LEARN_MAP, delivery.id, None, home, number=run)
            with GitHub(self._host, lambda _: self._given, kept, self._terms).learn(job) as learning:
                return learn_map(job, learning)
        except RecallError as error:
            return Outcome("unmapped", str(error))

    def _relearned(self, delivery: Delivery, home: Repository, kept: Kept) -> Records:
        """What the labelled issues themselves tell, where nothing is remembered of the repository."""
        issues = labelled(self._host, self._given, home, self._terms.label)
        learned = Rehearsal(Memory())
        jobs = (Job(Task.REPORT_ESCAPE, delivery.id, None, home, number=number) for number in issues)
        self._perform(jobs, RehearsingGitHub(self._host, lambda _: self._given, kept, self._terms, learned))
        return learned.fresh

    def _rehearsed(self, jobs: Iterable[Job], kept: Kept, why: str) -> Done:
        rehearsal = Rehearsal(Memory())
        done = self._perform(jobs, ReadingGitHub(self._host, lambda _: self._given, kept, self._terms, rehearsal))
        return replace(done, deeds=rehearsal.deeds, unwritten=why)

    def _perform(self, jobs: Iterable[Job], github: GitHub) -> Done:
        """Each job with what follows from it. One that cannot be done keeps none of the others from being done."""
        perform = performing(github)
        outcomes, problems = list[Outcome](), list[RecallError]()
        for job in jobs:
            try:
                outcomes += self._persisting(job, perform)
            except RecallError as error:
                problems.append(error)
        return Done(tuple(outcomes), tuple(problems))

    def _persisting(self, job: Job, perform: Perform) -> list[Outcome]:
        """Tries again what may work in a moment: no effect is repeated, since every write looks first."""
        for turn in range(_TRIES):
            try:
                return run_inline([job], perform)
            except TryLater as error:
                pause = (error.at - datetime.now(UTC)).total_seconds() if error.at else _FIRST_WAIT * 2**turn
                if turn == _TRIES - 1 or pause > _LONGEST_WAIT:
                    raise
                self._wait(max(pause, 0.0))
        raise AssertionError
