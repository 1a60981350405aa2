"""Opens what a job may reach: GitHub with the tokens that the job has, and the mirrors, the engine, the words and the memory.

The App mints its tokens for each job, an Action was handed one; everything else is the same for both.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from time import time

from app.analysis.digest import digest
from app.analysis.labels import escape_labels, is_escape_label, noted
from app.analysis.receipt import MAX_BYTES
from app.analysis.testmap.mapfile import LIMITS, Limits
from app.analysis.visibility import may_be_named
from app.domain.ci import Home
from app.domain.configuration import Settled
from app.domain.delivery import Repository
from app.domain.digest import Trouble
from app.domain.errors import GiveUp
from app.domain.job import Job, State
from app.domain.watch import Watched
from app.engine.cache import Cache
from app.engine.explain import ExplainEscape
from app.engine.mapped import MapLimits
from app.engine.review import ReviewChange
from app.engine.scaffold import WriteScaffold
from app.engine.why_green import look_back
from app.git.mirror import Mirrors
from app.github.answers import RepositoryAnswers
from app.github.archive import Bounds
from app.github.auth import Host, Tokens
from app.github.checks import RepositoryChecks
from app.github.configured import RepositoryConfigured
from app.github.digests import RepositoryDigests
from app.github.drafts import RepositoryDrafts
from app.github.forge import RepositoryForge
from app.github.green import RepositoryGreen
from app.github.remarks import RepositoryRemarks
from app.github.runs import RepositoryRuns
from app.render.answer import answer
from app.render.comment import comment
from app.render.configured import configuration_check
from app.render.digest import digest_markdown, digest_title
from app.render.draft import draft_text, farewell
from app.render.guard import check, refusal, rotten
from app.render.remark import remark
from app.workflows.ports import (
    Commanding,
    Configuring,
    Drafting,
    Forge,
    Learning,
    Outside,
    Proving,
    Records,
    Reviewing,
    Sending,
    Shelf,
    Talk,
    Ticking,
    Watches,
)

# What a zip may take beside the one map that it holds at most.
_ZIP = 1 << 20

# A receipt or a list of challenges is at most as large as its reader takes, and packs well.
_PROOFS = Bounds(packed=4 << 20, members=8, member=MAX_BYTES, expanded=2 * MAX_BYTES)

Access = Callable[[Job], Tokens]
"""The tokens that a job may work with. Raises GiveUp where it may have none."""


def no_collector(_job: Job, name: str) -> Repository:
    """For whoever may write to the job's repository alone."""
    raise GiveUp(f"The digest is to be collected in {name}, where this recall may not write.", State.FORBIDDEN)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is remembered between jobs: of issues, of repositories as a whole, and their test maps. `troubles` are what recall
    could not do in a repository since then, `collected` the repositories whose digest another one collects.
    """

    records: Records
    watches: Watches
    shelf: Shelf
    troubles: Callable[[int, datetime], tuple[Trouble, ...]] = lambda _repository, _since: ()
    collected: Callable[[Repository, int | None], tuple[Watched, ...]] = lambda _home, _installation: ()


@dataclass(frozen=True, slots=True)
class Terms:
    """What recall is set to, whoever runs it: where it keeps files, which label marks an escape, how far maps are believed."""

    folder: Path
    label: str = "escaped-bug"
    mirror_mb: int = 20_000
    believed: MapLimits = field(default_factory=MapLimits)
    taken: Limits = LIMITS
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


class GitHub:
    """What jobs may reach at one GitHub. Asks nobody anything by itself."""

    def __init__(
        self, host: Host, access: Access, kept: Kept, terms: Terms, collector: Callable[[Job, str], Repository] = no_collector
    ) -> None:
        """`collector` is the repository of that name that the job's digest is collected in."""
        self._host, self._access, self._kept, self._terms, self._collector = host, access, kept, terms, collector
        self._mirrors = Mirrors(terms.folder / "mirrors", terms.mirror_mb << 20)

    @contextmanager
    def reach(self, job: Job) -> Iterator[Outside]:
        """Opens the outside world for one job: recall's view of its repository."""
        tokens, repository = self._at(job)
        with (
            self._settling(job) as settled,
            closing(self._forge(tokens, repository, settled)) as forge,
            closing(RepositoryGreen(self._host, tokens, cache(forge.repository))) as green,
        ):
            yield Outside(
                forge=forge,
                mirrors=self._mirrors,
                explain=ExplainEscape(Cache(self._terms.folder / "evidence"), self._terms.believed),
                render=comment,
                records=self._kept.records,
                label=self._terms.label,
                web_url=self._host.web_url,
                maps=self._kept.shelf.maps(repository.id),
                settled=settled,
                landed=green.landed,
                look_back=look_back,
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
        with closing(RepositoryForge(self._host, tokens, repository)) as forge:
            home = Home(forge.repository(), job.installation or 0)
        limits = self._terms.taken
        bounds = Bounds(packed=limits.size + _ZIP, member=limits.size, expanded=4 * limits.size)
        yield Learning(RepositoryRuns(self._host, tokens, home.repository, bounds), self._kept.shelf, home, limits)

    @contextmanager
    def prove(self, job: Job) -> Iterator[Proving]:
        """Opens what reading proofs about the job's repository may reach; asks GitHub nothing yet."""
        tokens, repository = self._at(job)
        with (
            self._settling(job) as settled,
            closing(self._forge(tokens, repository, settled)) as forge,
        ):
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
                now=self._terms.now,
                web_url=self._host.web_url,
                settled=settled,
            )

    @contextmanager
    def command(self, job: Job) -> Iterator[Commanding]:
        """Opens what following a command may reach; asks GitHub nothing yet."""
        tokens, repository = self._at(job)
        with ExitStack() as stack:
            settled = stack.enter_context(self._settling(job))
            forge = stack.enter_context(closing(self._forge(tokens, repository, settled)))
            home = cache(forge.repository)
            yield Commanding(
                forge=forge,
                talk=stack.enter_context(closing(RepositoryAnswers(self._host, tokens, home))),
                pull=RepositoryChecks(self._host, tokens, home).pull,
                records=self._kept.records,
                answer=answer,
                now=self._terms.now,
                settled=settled,
                label=self._terms.label,
                web_url=self._host.web_url,
            )

    @contextmanager
    def configure(self, job: Job) -> Iterator[Configuring]:
        """Opens what looking at the configuration of the job's repository may reach."""
        tokens, repository = self._at(job)
        with (
            self._settling(job) as settled,
            closing(RepositoryForge(self._host, tokens, repository)) as forge,
        ):
            checks = RepositoryChecks(self._host, tokens, cache(forge.repository))
            yield Configuring(settled, checks, self._kept.watches, configuration_check)

    @contextmanager
    def send(self, job: Job) -> Iterator[Sending]:
        """Opens what writing the digest of the job's repository may reach; asks GitHub nothing yet."""
        tokens, repository = self._at(job)
        with ExitStack() as stack:
            forge = stack.enter_context(closing(RepositoryForge(self._host, tokens, repository)))
            home = cache(forge.repository)
            yield Sending(
                records=self._kept.records,
                settled=stack.enter_context(self._settling(job)),
                home=home,
                digests=lambda home: stack.enter_context(closing(RepositoryDigests(self._host, tokens, home))),
                schedule=partial(self._schedule, job),
                collector=partial(self._collector, job),
                collected=partial(self._collected, job),
                troubles=self._kept.troubles,
                count=digest,
                render=partial(digest_markdown, web_url=self._host.web_url),
                title=digest_title,
                now=self._terms.now,
            )

    @contextmanager
    def tick(self, job: Job) -> Iterator[Ticking]:
        """Opens what ticking boxes of the job's digest may reach."""
        tokens, repository = self._at(job)
        with ExitStack() as stack:
            settled = stack.enter_context(self._settling(job))
            forge = stack.enter_context(closing(self._forge(tokens, repository, settled)))
            talk = stack.enter_context(closing(RepositoryAnswers(self._host, tokens, cache(forge.repository))))

            yield Ticking(
                forge=forge,
                digests=lambda home: stack.enter_context(closing(RepositoryDigests(self._host, tokens, home))),
                records=self._kept.records,
                unlabel=partial(self._unlabel, forge, talk, settled),
                settled=settled,
            )

    def _unlabel(self, forge: Forge, talk: Talk, settled: Callable[[], Settled], number: int) -> None:
        """Takes every label off the issue that marks an escape."""
        labels = self._labels(settled())
        for name in forge.issue(number).labels:
            if is_escape_label(name, labels):
                talk.unlabel(number, name)

    def _schedule(self, job: Job, home: Repository, due: datetime, collector: str) -> None:
        """Remembers it of the repository; the rest of what is known stays."""

        def planned(known: Watched | None) -> Watched:
            before = known or Watched(home, job.installation)
            return replace(before, repository=home, installation=job.installation, due=due.timestamp(), collector=collector)

        self._kept.watches.keep(home.id, planned)

    def _collected(self, job: Job, home: Repository) -> tuple[int, ...]:
        """A private repository is never told of where more people can read."""
        return tuple(
            each.repository.id
            for each in self._kept.collected(home, job.installation)
            if may_be_named(each.repository.visibility, home.visibility)
        )

    @contextmanager
    def review(self, job: Job) -> Iterator[Reviewing]:
        """Opens what reviewing the job's pull request may reach; asks GitHub nothing yet."""
        tokens, repository = self._at(job)
        with (
            self._settling(job) as settled,
            closing(self._forge(tokens, repository, settled)) as forge,
            closing(RepositoryRemarks(self._host, tokens, home := cache(forge.repository))) as remarks,
        ):
            yield Reviewing(
                home=home,
                forge=forge,
                remarks=remarks,
                checks=RepositoryChecks(self._host, tokens, home),
                mirrors=self._mirrors,
                records=self._kept.records,
                review=ReviewChange(Cache(self._terms.folder / "evidence")),
                render=remark,
                settled=settled,
                web_url=self._host.web_url,
                maps=self._kept.shelf.maps(repository.id),
            )

    @property
    def kept(self) -> Kept:
        """What is remembered between jobs."""
        return self._kept

    @property
    def web_url(self) -> str:
        """Where people see this GitHub."""
        return self._host.web_url

    def _forge(self, tokens: Tokens, repository: Repository, settled: Callable[[], Settled]) -> RepositoryForge:
        return RepositoryForge(self._host, tokens, repository, lambda: self._labels(settled()))

    def _configured(self, tokens: Tokens, repository: Repository) -> RepositoryConfigured:
        return RepositoryConfigured(self._host, tokens, repository)

    @contextmanager
    def _settling(self, job: Job) -> Iterator[Callable[[], Settled]]:
        """Gives what reads the configuration in force, at most once, and remembers the labels it names for `plan`."""
        tokens, repository = self._at(job)
        with closing(self._configured(tokens, repository)) as configured:
            yield cache(lambda: self._noted(configured.settled(), job, repository))

    def _noted(self, settled: Settled, job: Job, repository: Repository) -> Settled:
        now = time()
        self._kept.watches.keep(repository.id, lambda known: noted(known, repository, job.installation, settled, now=now))
        return settled

    def _labels(self, settled: Settled) -> tuple[str, ...]:
        return escape_labels(settled.configuration, self._terms.label)

    def _at(self, job: Job) -> tuple[Tokens, Repository]:
        if job.repository is None:
            raise no_installation()
        return self._access(job), job.repository


def no_installation() -> GiveUp:
    """For a delivery that nothing may be done about."""
    return GiveUp("The delivery named no installation, so recall may not look at anything.", State.FORBIDDEN)
