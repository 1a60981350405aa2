"""The same GitHub with nothing behind its writes: what jobs would do is collected, and the tokens cannot write."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.bootstrap.github import Access, GitHub, Kept, Terms
from app.domain.job import Job
from app.github.auth import Host
from app.github.reader import ReadOnly
from app.workflows.ports import Drafting, Outside, Proving
from app.workflows.rehearsal import Rehearsal


class RehearsingGitHub(GitHub):
    """What jobs may reach in one rehearsal. What it has no wrapped port for cannot write either: its token only reads."""

    def __init__(self, host: Host, access: Access, kept: Kept, terms: Terms, rehearsal: Rehearsal) -> None:
        super().__init__(host, lambda job: ReadOnly(access(job)), kept, terms)
        self._rehearsal = rehearsal

    @contextmanager
    def reach(self, job: Job) -> Iterator[Outside]:
        """The outside world for one job, without its writes."""
        with super().reach(job) as real:
            yield self._rehearsal.outside(real)

    @contextmanager
    def draft(self, job: Job) -> Iterator[Drafting]:
        """What drafting may reach, without its writes."""
        with super().draft(job) as real:
            yield self._rehearsal.drafting(real)

    @contextmanager
    def prove(self, job: Job) -> Iterator[Proving]:
        """What reading proofs may reach, without its writes."""
        with super().prove(job) as real:
            yield self._rehearsal.proving(real)
