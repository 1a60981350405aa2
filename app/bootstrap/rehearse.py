"""The same GitHub with nothing behind its writes: what jobs would do is collected and told, for a preview and for a dry run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from app.bootstrap.github import Access, GitHub, Kept, Terms, no_collector
from app.bootstrap.perform import performing, run_inline
from app.domain.configuration import Settled
from app.domain.deed import Deed
from app.domain.delivery import Repository
from app.domain.errors import GiveUp
from app.domain.job import Job, Outcome
from app.github.auth import Host
from app.github.reader import ReadOnly
from app.jobs import Perform
from app.render.words import plain
from app.store.memory import Memory
from app.workflows.ports import Drafting, Outside, Proving, Step
from app.workflows.rehearsal import Dry, Rehearsal, always

REHEARSED = "rehearsed"

Collector = Callable[[Job, str], Repository]
"""The repository of that name that a job's digest is collected in."""

log = structlog.get_logger(__name__)


class RehearsingGitHub(GitHub):
    """What jobs may reach in one rehearsal. What has no wrapped port cannot write either: the tokens only read.

    With `obeying` it is a rehearsal only where the repository's configuration asks for a dry run.
    """

    def __init__(
        self,
        host: Host,
        access: Access,
        kept: Kept,
        terms: Terms,
        rehearsal: Rehearsal,
        *,
        obeying: bool = False,
        collector: Collector = no_collector,
    ) -> None:
        super().__init__(host, access if obeying else lambda job: ReadOnly(access(job)), kept, terms, collector)
        self._rehearsal, self._obeying = rehearsal, obeying

    @contextmanager
    def reach(self, job: Job) -> Iterator[Outside]:
        """The outside world for one job, without its writes."""
        with super().reach(job) as real:
            yield self._rehearsal.outside(real, self._dry(real.settled))

    @contextmanager
    def draft(self, job: Job) -> Iterator[Drafting]:
        """What drafting may reach, without its writes."""
        with super().draft(job) as real:
            yield self._rehearsal.drafting(real, self._dry(real.outside.settled))

    @contextmanager
    def prove(self, job: Job) -> Iterator[Proving]:
        """What reading proofs may reach, without its writes."""
        with super().prove(job) as real:
            yield self._rehearsal.proving(real, self._dry(real.settled))

    def _dry(self, settled: Callable[[], Settled]) -> Dry:
        """Where the configuration is out of reach for good, so is whatever would be written."""

        def asked() -> bool:
            try:
                return settled().configuration.dry_run
            except GiveUp:
                return False

        return asked if self._obeying else always


def obeying(host: Host, access: Access, kept: Kept, terms: Terms, collector: Collector = no_collector) -> Perform:
    """What doing a job means at that GitHub. Where a dry run is asked for, the log says what a job and those that follow it would
    write, and nothing of it is remembered. The words themselves are strangers' in part, and stay out of the log: `recall preview`
    prints them.
    """

    def perform(job: Job, step: Step) -> Outcome:
        rehearsal = Rehearsal(Memory())
        act = performing(RehearsingGitHub(host, access, kept, terms, rehearsal, obeying=True, collector=collector))
        outcome = act(job, step)
        if not rehearsal.deeds:
            return outcome
        run_inline(outcome.next, act)
        for deed in rehearsal.deeds:
            log.info("dry run", act=deed.act, where=deed.where, characters=len(deed.text))
        return Outcome(REHEARSED, plain().say("deed", "dry-run", deeds=[_said(deed) for deed in rehearsal.deeds]))

    return perform


def _said(deed: Deed) -> str:
    """Without its title, which quotes the issue."""
    return plain().lower(plain().say("deed", deed.act, where=deed.where, title="").partition(": ")[0])
