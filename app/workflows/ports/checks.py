"""The pull requests of a repository with the check runs at their heads, and the runs of its workflows."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from app.domain.check import Check, PullHead
from app.domain.ci import Artifact, CiRun


class Runs(Protocol):
    """The workflow runs of one repository, as GitHub's API tells of them."""

    def run(self, run_id: int) -> CiRun:
        """The run as it stands now; GiveUp where it is gone."""

    def on_default_branch(self, commit: str) -> bool:
        """Whether the default branch contains that commit."""

    def maps(self, run_id: int) -> tuple[Artifact, ...]:
        """The run's artifacts that are named as maps are."""

    def proofs(self, run_id: int) -> tuple[Artifact, ...]:
        """The run's artifacts that are named as receipts and challenges are."""

    def files(self, artifact: Artifact) -> Iterator[tuple[str, bytes]]:
        """Name and content of each file in an artifact; TellUser where it has ended, is damaged or too large."""


class Checks(Protocol):
    """The pull requests of one repository with what stands at their heads, and the check runs there."""

    def pull(self, number: int) -> PullHead:
        """The pull request as it stands now; GiveUp where it is gone."""

    def pulls_at(self, branch: str, head: str) -> tuple[PullHead, ...]:
        """The pull requests whose branch, in this very repository, has that name and that tip."""

    def parted(self, base: str, head: str) -> str | None:
        """The commit at which two histories parted; None where they have none in common."""

    def blobs(self, commit: str, paths: Iterable[str]) -> Mapping[str, str]:
        """The blob ids of those files at a commit, without those that are not there."""

    def put(self, check: Check) -> bool:
        """Makes the one check run of that key on its commit say this; whether anything had to be written."""
