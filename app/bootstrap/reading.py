"""The same GitHub for a job whose token may only read: all that it would write is collected, for the summary of its run.

More than a rehearsal of drafts and reports: reviews, digests, their boxes and commands as well.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from app.bootstrap.github import GitHub
from app.bootstrap.rehearse import RehearsingGitHub
from app.domain.delivery import Repository
from app.domain.job import Job
from app.workflows.ports import Commanding, Digests, Reviewing, Sending, Ticking
from app.workflows.rehearsal import RehearsedForge, always
from app.workflows.rehearsed import RehearsedDigests, RehearsedTalk, StillRemarks


class ReadingGitHub(RehearsingGitHub):
    """What jobs may reach with tokens that only read."""

    @contextmanager
    def review(self, job: Job) -> Iterator[Reviewing]:
        """What reviewing a pull request may reach, without its writes."""
        with super().review(job) as real, GitHub.prove(self, job) as other:
            staged = self._rehearsal.proving(replace(other, forge=real.forge, checks=real.checks, records=real.records))
            remarks = StillRemarks(real.remarks)
            yield replace(real, forge=staged.forge, checks=staged.checks, records=staged.records, remarks=remarks)

    @contextmanager
    def send(self, job: Job) -> Iterator[Sending]:
        """What writing a digest may reach, without its writes."""
        with super().send(job) as real:
            records = self._rehearsal.records(real.records)
            yield replace(real, records=records, digests=partial(self._digests, real.digests))

    @contextmanager
    def command(self, job: Job) -> Iterator[Commanding]:
        """What following a command may reach, without its writes."""
        with super().command(job) as real:
            stage = self._rehearsal.stage
            yield replace(
                real,
                forge=RehearsedForge(real.forge, stage, always),
                talk=RehearsedTalk(real.talk, stage),
                records=self._rehearsal.records(real.records),
            )

    @contextmanager
    def tick(self, job: Job) -> Iterator[Ticking]:
        """What ticking boxes may reach, without its writes."""
        with super().tick(job) as real, self.command(job) as asked:
            yield Ticking(
                forge=asked.forge,
                digests=partial(self._digests, real.digests),
                records=asked.records,
                unlabel=partial(self._unlabel, asked.forge, asked.talk, asked.settled),
            )

    def _digests(self, real: Callable[[Repository], Digests], home: Repository) -> Digests:
        return RehearsedDigests(real(home), self._rehearsal.stage, home)
