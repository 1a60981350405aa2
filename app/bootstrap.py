"""The only wiring: settings become the engine, the forge, the mirrors and the job table."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from typing import TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.analysis.receipt import MAX_BYTES
from app.analysis.testmap.mapfile import LIMITS, Limits
from app.domain.ci import Claims, Home
from app.domain.delivery import Delivery, Repository
from app.domain.errors import GiveUp, NotAllowed, TryLater
from app.domain.job import Job, Outcome, State, Task
from app.engine import Cache, ExplainEscape
from app.engine.mapped import MapLimits
from app.engine.scaffold import WriteScaffold
from app.git.mirror import Mirrors
from app.github.archive import Bounds
from app.github.auth import App, Host, Installed
from app.github.checks import RepositoryChecks
from app.github.drafts import RepositoryDrafts
from app.github.forge import RepositoryForge
from app.github.homes import Homes, Readers
from app.github.oidc import Issuer, Verifier
from app.github.runs import RepositoryRuns
from app.jobs import Intake, Perform, Worker
from app.render.comment import comment
from app.render.draft import draft_text, farewell
from app.render.guard import check, refusal, rotten
from app.settings import Settings
from app.store.database import Database
from app.store.maps import StoredMaps
from app.store.recalls import Recalls
from app.store.shelf import KeptMaps
from app.store.tokens import UsedTokens
from app.workflows.check_proof import check_proof
from app.workflows.draft_test import draft_test
from app.workflows.end_installation import end_installation
from app.workflows.learn_map import learn_map
from app.workflows.plan import plan
from app.workflows.ports import Drafting, Gate, Learning, Outside, Proving, Records, Shelf, Step, inline
from app.workflows.read_receipts import read_receipts
from app.workflows.report_escape import report_escape
from app.workflows.resume_escapes import resume_escapes

log = structlog.get_logger(__name__)

# What a zip may take beside the one map that it holds at most.
_ZIP = 1 << 20

# A receipt or a list of challenges is at most as large as its reader takes, and packs well.
_PROOFS = Bounds(packed=4 << 20, members=8, member=MAX_BYTES, expanded=2 * MAX_BYTES)

_NOT_HERE = {
    Task.LEARN_MAP: "No test maps are kept here.",
    Task.CHECK_PROOF: "No proofs are read here.",
    Task.DRAFT_TEST: "No tests are drafted here.",
}

World = TypeVar("World")

Reach = Callable[[Job], AbstractContextManager[Outside]]
"""Opens the outside world for one job: its installation's view of its repository."""


Learn = Callable[[Job], AbstractContextManager[Learning]]
"""Opens what learning a run's test maps may reach."""


Prove = Callable[[Job], AbstractContextManager[Proving]]
"""Opens what reading proofs may reach."""


Draft = Callable[[Job], AbstractContextManager[Drafting]]
"""Opens what drafting a test may reach."""


def performing(
    reach: Reach,
    records: Records,
    web_url: str,
    learn: Learn | None = None,
    prove: Prove | None = None,
    draft: Draft | None = None,
) -> Perform:
    """What doing a job means, whoever has it done: the queue's worker, or a process with no queue, which learns no maps, drafts
    no tests and reads no proofs.
    """
    acts: dict[Task, Perform] = {
        Task.REPORT_ESCAPE: _within(reach, report_escape),
        Task.RESUME_ESCAPES: lambda job, step: resume_escapes(job, records, step, web_url=web_url),
        Task.END_INSTALLATION: lambda job, step: end_installation(job, records, step),
    }
    if draft is not None:
        acts[Task.DRAFT_TEST] = _within(draft, draft_test)
    if learn is not None:
        acts[Task.LEARN_MAP] = _within(learn, learn_map)
    if prove is not None:
        acts[Task.READ_RECEIPTS] = _within(prove, read_receipts)
        acts[Task.CHECK_PROOF] = _within(prove, check_proof)

    def perform(job: Job, step: Step) -> Outcome:
        act = acts.get(job.task)
        return act(job, step) if act else Outcome("ignored", _NOT_HERE.get(job.task, "That is not done here."))

    return perform


def _within(open_outside: Callable[[Job], AbstractContextManager[World]], act: Callable[[Job, World, Step], Outcome]) -> Perform:
    """Does a job with what it may reach, opened for it alone."""

    def perform(job: Job, step: Step) -> Outcome:
        with open_outside(job) as outside:
            return act(job, outside, step)

    return perform


def run_inline(jobs: Iterable[Job], perform: Perform) -> list[Outcome]:
    """Does the jobs and what they want done next, here and now, with no queue and no database. Errors are the caller's."""
    waiting, outcomes = list(jobs), list[Outcome]()
    while waiting:
        outcomes.append(perform(waiting.pop(0), inline))
        waiting += outcomes[-1].next
    return outcomes


class GitHubApp:
    """recall's registration at GitHub, with what a job needs besides: the mirrors, the engine, the words, the memory."""

    def __init__(self, settings: Settings) -> None:
        """Reaches nobody yet."""
        self._settings = settings
        host = Host(settings.github_api_url, settings.github_web_url)
        self._app = App(host, settings.github_app_id, settings.private_key_pem())
        self._mirrors = Mirrors(settings.data_dir / "mirrors", settings.mirror_cache_mb << 20)

    def login(self) -> str | None:
        """Our own login; None while GitHub cannot be asked. Raises `TellUser` if GitHub does not know the App or its key."""
        try:
            return self._app.me().login
        except TryLater as error:
            log.warning("GitHub cannot be asked who recall is", reason=str(error))
            return None

    @contextmanager
    def reach(self, job: Job, records: Records, shelf: Shelf) -> Iterator[Outside]:
        """Opens the outside world for one job: its installation's view of its repository."""
        installed, repository = self._installed(job)
        forge = RepositoryForge(self._app.host, installed, repository, self._settings.label)
        with closing(forge):
            yield Outside(
                forge=forge,
                mirrors=self._mirrors,
                explain=ExplainEscape(Cache(self._settings.data_dir / "evidence"), self._map_limits()),
                render=comment,
                records=records,
                label=self._settings.label,
                web_url=self._settings.github_web_url,
                maps=shelf.maps(repository.id),
            )

    @contextmanager
    def draft(self, job: Job, records: Records, shelf: Shelf) -> Iterator[Drafting]:
        """Opens what drafting a test for the job's issue may reach."""
        installed, _ = self._installed(job)
        with self.reach(job, records, shelf) as outside:
            home = outside.forge.repository()
            with closing(RepositoryDrafts(self._app.host, installed, home)) as drafts:
                yield Drafting(outside, drafts, WriteScaffold(), draft_text, partial(farewell, web_url=outside.web_url))

    @contextmanager
    def learn(self, job: Job, shelf: Shelf) -> Iterator[Learning]:
        """Opens what learning the maps of the job's run may reach."""
        installed, repository = self._installed(job)
        with closing(RepositoryForge(self._app.host, installed, repository)) as forge:
            home = Home(forge.repository(), installed.installation)
        limits = self._limits()
        bounds = Bounds(packed=limits.size + _ZIP, member=limits.size, expanded=4 * limits.size)
        yield Learning(RepositoryRuns(self._app.host, installed, home.repository, bounds), shelf, home, limits)

    @contextmanager
    def prove(self, job: Job, records: Records) -> Iterator[Proving]:
        """Opens what reading proofs about the job's repository may reach; asks GitHub nothing yet."""
        installed, repository = self._installed(job)
        with closing(RepositoryForge(self._app.host, installed, repository, self._settings.label)) as forge:
            home = cache(forge.repository)
            yield Proving(
                home=home,
                runs=lambda: RepositoryRuns(self._app.host, installed, home(), _PROOFS),
                checks=RepositoryChecks(self._app.host, installed, home),
                forge=forge,
                records=records,
                check=check,
                rotten=rotten,
                refused=refusal,
                now=lambda: datetime.now(UTC),
                web_url=self._settings.github_web_url,
            )

    def gate(self, shelf: Shelf, use: Callable[[str, float], bool], records: Records) -> Gate:
        """What sends and asks for test maps and escapes; `use` says whether a token is used for the first time."""
        settings = self._settings
        if settings.public_url:
            verify: Callable[[str], Claims] = Verifier(Issuer(settings.issuer), settings.public_url)
        else:
            verify = _no_uploads
        return Gate(verify, use, Homes(self._app), Readers(self._app.host), shelf, records.recalls, self._limits())

    def perform(self, records: Records, shelf: Shelf) -> Perform:
        """What doing a job means for this App."""
        return performing(
            lambda job: self.reach(job, records, shelf),
            records,
            self._settings.github_web_url,
            lambda job: self.learn(job, shelf),
            lambda job: self.prove(job, records),
            lambda job: self.draft(job, records, shelf),
        )

    def _installed(self, job: Job) -> tuple[Installed, Repository]:
        if job.installation is None or job.repository is None:
            raise GiveUp("The delivery named no installation, so recall may not look at anything.", State.FORBIDDEN)
        return self._app.on(job.installation, job.repository.id), job.repository

    def _map_limits(self) -> MapLimits:
        return MapLimits(self._settings.map_max_distance, self._settings.map_max_age_days)

    def _limits(self) -> Limits:
        return replace(LIMITS, size=self._settings.map_upload_mb << 20)


def _no_uploads(_token: str) -> Claims:
    raise NotAllowed("This server takes no maps from CI: RECALL_PUBLIC_URL is not set there.")


class Bot:
    """The served recall: a database, a worker and an intake. `start` before use, `stop` once."""

    def __init__(
        self,
        settings: Settings,
        perform: Callable[[Records, Shelf], Perform],
        login: str | None = None,
        gate: Callable[[Shelf, Callable[[str, float], bool], Records], Gate] | None = None,
    ) -> None:
        """Opens the database; `TellUser` if that cannot be. `perform` and `gate` are given what is kept, `login` is our own."""
        self._settings, self._login = settings, login
        self.database = Database(settings.database)
        shelf = KeptMaps(
            StoredMaps(self.database), settings.github_host, commits=settings.map_keep_commits, most=settings.map_keep_mb << 20
        )
        records = Recalls(self.database)
        self.gate = gate(shelf, UsedTokens(self.database).use, records) if gate else None
        self._worker = Worker(
            self.database,
            perform(records, shelf),
            concurrency=settings.concurrency,
            timeout=settings.worker_timeout,
            keep_days=settings.keep_days,
        )
        self._intake: Intake

    @property
    def about(self) -> str:
        """One sentence for whoever starts it: as whom, for which label, and with which database it works."""
        who = f"as {self._login}" if self._login else f"for App {self._settings.github_app_id}"
        where = f"SQLite in {self._settings.data_dir}" if self.database.is_sqlite else "PostgreSQL"
        return f"It works {who} at {self._settings.github_web_url} on the label {self._settings.label}, with {where}."

    def start(self) -> None:
        """Brings the schema up to date and begins to work on what is waiting."""
        self._worker.start()
        self._intake = Intake(self.database, self._worker.queue)

    def take(self, delivery: Delivery) -> "Future[int] | None":
        """Keeps the jobs that a delivery asks for; None if there are none."""
        jobs = plan(delivery, label=self._settings.label, me=self._login)
        return self._intake.accept(delivery, jobs) if jobs else None

    def ready(self) -> bool:
        """Whether deliveries can be kept and jobs be done."""
        try:
            self.database.ping()
        except SQLAlchemyError:
            return False
        return self._worker.alive

    def stop(self) -> bool:
        """Keeps what was taken, lets running jobs end for a while; whether all did. The rest goes on at the next start."""
        self._intake.close()
        drained = self._worker.stop(self._settings.drain_seconds)
        self.database.close()
        log.info("stopped", drained=drained)
        return drained


def served(settings: Settings) -> Bot:
    """The bot of these settings, not started. Raises `TellUser` if the database or GitHub will not have it."""
    app = GitHubApp(settings)
    return Bot(settings, app.perform, app.login(), app.gate)
