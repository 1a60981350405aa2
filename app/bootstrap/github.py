"""Opens what a job may reach: GitHub with the tokens that the job has, and the mirrors, the engine, the words and the memory.

The App mints its tokens for each job, an Action was handed one; everything else is the same for both.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

from app.analysis.receipt import MAX_BYTES
from app.analysis.testmap.mapfile import LIMITS, Limits
from app.domain.ci import Home
from app.domain.delivery import Repository
from app.domain.errors import GiveUp
from app.domain.job import Job, State
from app.engine import Cache, ExplainEscape
from app.engine.mapped import MapLimits
from app.engine.scaffold import WriteScaffold
from app.git.mirror import Mirrors
from app.github.archive import Bounds
from app.github.auth import Host, Tokens
from app.github.checks import RepositoryChecks
from app.github.drafts import RepositoryDrafts
from app.github.forge import RepositoryForge
from app.github.runs import RepositoryRuns
from app.render.comment import comment
from app.render.draft import draft_text, farewell
from app.render.guard import check, refusal, rotten
from app.workflows.ports import Drafting, Learning, Outside, Proving, Records, Shelf, Watches

# What a zip may take beside the one map that it holds at most.
_ZIP = 1 << 20

# A receipt or a list of challenges is at most as large as its reader takes, and packs well.
_PROOFS = Bounds(packed=4 << 20, members=8, member=MAX_BYTES, expanded=2 * MAX_BYTES)

Access = Callable[[Job], Tokens]
"""The tokens that a job may work with. Raises GiveUp where it may have none."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is remembered between jobs: of issues, of repositories as a whole, and their test maps."""

    records: Records
    watches: Watches
    shelf: Shelf


@dataclass(frozen=True, slots=True)
class Terms:
    """What recall is set to, whoever runs it: where it keeps files, which label marks an escape, how far maps are believed."""

    folder: Path
    label: str = "escaped-bug"
    mirror_mb: int = 20_000
    believed: MapLimits = field(default_factory=MapLimits)
    taken: Limits = LIMITS


class GitHub:
    """What jobs may reach at one GitHub. Asks nobody anything by itself."""

    def __init__(self, host: Host, access: Access, kept: Kept, terms: Terms) -> None:
        self._host, self._access, self._kept, self._terms = host, access, kept, terms
        self._mirrors = Mirrors(terms.folder / "mirrors", terms.mirror_mb << 20)

    @contextmanager
    def reach(self, job: Job) -> Iterator[Outside]:
        """Opens the outside world for one job: recall's view of its repository."""
        tokens, repository = self._at(job)
        with closing(self._forge(tokens, repository)) as forge:
            yield Outside(
                forge=forge,
                mirrors=self._mirrors,
                explain=ExplainEscape(Cache(self._terms.folder / "evidence"), self._terms.believed),
                render=comment,
                records=self._kept.records,
                label=self._terms.label,
                web_url=self._host.web_url,
                maps=self._kept.shelf.maps(repository.id),
            )

    @contextmanager
    def draft(self, job: Job) -> Iterator[Drafting]:
        """Opens what drafting a test for the job's issue may reach."""
        tokens, _ = self._at(job)
        with self.reach(job) as outside:
            home = outside.forge.repository()
            with closing(RepositoryDrafts(self._host, tokens, home)) as drafts:
                yield Drafting(outside, drafts, WriteScaffold(), draft_text, partial(farewell, web_url=outside.web_url))

    @contextmanager
    def learn(self, job: Job) -> Iterator[Learning]:
        """Opens what learning the maps of the job's run may reach."""
        tokens, repository = self._at(job)
        if job.installation is None:
            raise no_installation()
        with closing(RepositoryForge(self._host, tokens, repository)) as forge:
            home = Home(forge.repository(), job.installation)
        limits = self._terms.taken
        bounds = Bounds(packed=limits.size + _ZIP, member=limits.size, expanded=4 * limits.size)
        yield Learning(RepositoryRuns(self._host, tokens, home.repository, bounds), self._kept.shelf, home, limits)

    @contextmanager
    def prove(self, job: Job) -> Iterator[Proving]:
        """Opens what reading proofs about the job's repository may reach; asks GitHub nothing yet."""
        tokens, repository = self._at(job)
        with closing(self._forge(tokens, repository)) as forge:
            home = cache(forge.repository)
            yield Proving(
                home=home,
                runs=lambda: RepositoryRuns(self._host, tokens, home(), _PROOFS),
                checks=RepositoryChecks(self._host, tokens, home),
                forge=forge,
                records=self._kept.records,
                check=check,
                rotten=rotten,
                refused=refusal,
                now=lambda: datetime.now(UTC),
                web_url=self._host.web_url,
            )

    @property
    def kept(self) -> Kept:
        """What is remembered between jobs."""
        return self._kept

    @property
    def web_url(self) -> str:
        """Where people see this GitHub."""
        return self._host.web_url

    def _forge(self, tokens: Tokens, repository: Repository) -> RepositoryForge:
        return RepositoryForge(self._host, tokens, repository, self._terms.label)

    def _at(self, job: Job) -> tuple[Tokens, Repository]:
        if job.repository is None:
            raise no_installation()
        return self._access(job), job.repository


def no_installation() -> GiveUp:
    """For a delivery that nothing may be done about."""
    return GiveUp("The delivery named no installation, so recall may not look at anything.", State.FORBIDDEN)
