"""The served recall: the App at GitHub, a database, a worker and an intake, from their settings."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.analysis.testmap.mapfile import LIMITS, Limits
from app.bootstrap.github import Kept, Terms, no_installation
from app.bootstrap.rehearse import obeying
from app.domain.ci import Claims
from app.domain.delivery import Delivery, Repository
from app.domain.errors import NotAllowed, TryLater
from app.domain.job import Job
from app.engine.mapped import MapLimits
from app.github.auth import App, Host, Installed
from app.github.homes import Collectors, Homes, Readers
from app.github.oidc import Issuer, Verifier
from app.jobs import Intake, Perform, Worker
from app.settings import Settings
from app.store.database import Database
from app.store.maps import StoredMaps
from app.store.recalls import Recalls
from app.store.shelf import KeptMaps
from app.store.tokens import UsedTokens
from app.store.troubles import Troubles
from app.store.watches import Watches
from app.workflows.plan import plan
from app.workflows.ports import Gate

log = structlog.get_logger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class GitHubApp:
    """recall's registration at GitHub: who it is, what its jobs may do, whom it takes maps from."""

    def __init__(self, settings: Settings, now: Callable[[], datetime] = _now) -> None:
        """Reaches nobody yet. `now` is the time by which digests are written."""
        self._settings, self._now = settings, now
        self._host = Host(settings.github_api_url, settings.github_web_url)
        self._app = App(self._host, settings.github_app_id, settings.private_key_pem())

    def login(self) -> str | None:
        """Our own login; None while GitHub cannot be asked. Raises `TellUser` if GitHub does not know the App or its key."""
        try:
            return self._app.me().login
        except TryLater as error:
            log.warning("GitHub cannot be asked who recall is", reason=str(error))
            return None

    def perform(self, kept: Kept) -> Perform:
        """What doing a job means for this App."""
        settings = self._settings
        terms = Terms(
            folder=settings.data_dir,
            label=settings.label,
            mirror_mb=settings.mirror_cache_mb,
            believed=MapLimits(settings.map_max_distance, settings.map_max_age_days),
            taken=self._limits(),
            now=self._now,
        )
        return obeying(self._host, self._tokens, kept, terms, self._collector)

    def gate(self, kept: Kept, use: Callable[[str, float], bool]) -> Gate:
        """What sends and asks for test maps and escapes; `use` says whether a token is used for the first time."""
        settings = self._settings
        if settings.public_url:
            verify: Callable[[str], Claims] = Verifier(Issuer(settings.issuer), settings.public_url)
        else:
            verify = _no_uploads
        return Gate(verify, use, Homes(self._app), Readers(self._app.host), kept.shelf, kept.records.recalls, self._limits())

    def _tokens(self, job: Job) -> Installed:
        if job.installation is None or job.repository is None:
            raise no_installation()
        return self._app.on(job.installation, job.repository.id)

    def _collector(self, job: Job, name: str) -> Repository:
        if job.installation is None or job.repository is None:
            raise no_installation()
        return Collectors(self._app)(job.installation, job.repository, name)

    def _limits(self) -> Limits:
        return replace(LIMITS, size=self._settings.map_upload_mb << 20)


def _no_uploads(_token: str) -> Claims:
    raise NotAllowed("This server takes no maps from CI: RECALL_PUBLIC_URL is not set there.")


class Bot:
    """The served recall: a database, a worker and an intake. `start` before use, `stop` once."""

    def __init__(
        self,
        settings: Settings,
        perform: Callable[[Kept], Perform],
        login: str | None = None,
        gate: Callable[[Kept, Callable[[str, float], bool]], Gate] | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        """Opens the database; `TellUser` if that cannot be. `perform` and `gate` are given what is kept, `login` is our own,
        `now` the time by which courses are kept and digests are due.
        """
        self._settings, self._login = settings, login
        self.database = Database(settings.database)
        shelf = KeptMaps(
            StoredMaps(self.database), settings.github_host, commits=settings.map_keep_commits, most=settings.map_keep_mb << 20
        )
        self._watches = Watches(self.database)
        kept = Kept(Recalls(self.database, now), self._watches, shelf, Troubles(self.database), self._watches.collected)
        self.gate = gate(kept, UsedTokens(self.database).use) if gate else None
        self._worker = Worker(
            self.database,
            perform(kept),
            concurrency=settings.concurrency,
            timeout=settings.worker_timeout,
            keep_days=settings.keep_days,
            clock=lambda: now().timestamp(),
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
        jobs = plan(delivery, label=self._settings.label, me=self._login, labels=self._labels(delivery))
        return self._intake.accept(delivery, jobs) if jobs else None

    def _labels(self, delivery: Delivery) -> tuple[str, ...] | None:
        """The labels that the repository's configuration named when it was last read, for deliveries that tell of any. What the
        database does not tell now, the job reads anew.
        """
        if delivery.repository is None or delivery.on_pull or not (delivery.label or delivery.labels):
            return None
        try:
            known = self._watches.watched(delivery.repository.id)
        except SQLAlchemyError:
            return None
        return known.labels if known and known.read else None

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
