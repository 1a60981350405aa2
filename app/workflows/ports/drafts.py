"""What drafting the test of a fix needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.domain.draft import Branch, Drafted, DraftFacts, DraftPull, DraftText, Rights
from app.domain.escape import Fix, Issue
from app.domain.report import Report
from app.domain.scaffold import Story
from app.workflows.ports.report import Outside


class Drafts(Protocol):
    """The one branch and the one pull request that recall keeps for an issue. Raises what `Forge` raises; never repeats a write.

    What a repository's rules refuse for good is a `GiveUp` whose state is a `Refusal`.
    """

    def rights(self) -> Rights:
        """What the installation was given."""

    def tip(self) -> str:
        """The commit that the default branch is at."""

    def holds(self, commit: str) -> bool:
        """Whether the default branch contains that commit."""

    def text(self, path: str, commit: str) -> str | None:
        """A file's text at a commit; None where there is none, or none that is UTF-8."""

    def branch(self, name: str) -> Branch | None:
        """The branch as it stands now."""

    def pull_of(self, name: str, begins: str, known: int | None = None) -> DraftPull | None:
        """Our own pull request from that branch, in any state, that has the number `known`, or whose body begins so: an open
        one, else the newest.
        """

    def opened_since(self, hours: float) -> int:
        """How many pull requests of ours from such branches were opened in that time."""

    def create_branch(self, name: str, commit: str) -> None:
        """Makes the branch; one that is there already is left as it is."""

    def delete_branch(self, name: str) -> None:
        """Removes the branch; one that is gone already is no error."""

    def commit(self, name: str, head: str, message: str, files: Mapping[str, str | None]) -> str:
        """One commit on the branch, which has to be at `head`: texts of whole files, None for one that goes. Its sha."""

    def open_pull(self, name: str, begins: str, words: DraftText, *, draft: bool) -> DraftPull:
        """Opens a pull request into the default branch, or gives the one of ours that turns out to be there already."""

    def update_pull(self, number: int, words: DraftText) -> None:
        """Replaces title and body."""

    def set_open(self, number: int, opened: bool) -> None:
        """Opens a pull request again, or closes it without merging."""

    def label(self, number: int, name: str) -> None:
        """Puts a label on a pull request."""


class Scaffolding(Protocol):
    """The writer of regression tests (`app.engine.scaffold`)."""

    def __call__(self, mirror: Path, *, fix: Fix, story: Story, report: Report, on: str) -> Drafted:
        """The test for that fix as it would stand on the commit `on`. Raises TellUser where none can be written."""


class RenderDraft(Protocol):
    """The words of a draft (`app.render`)."""

    def __call__(self, facts: DraftFacts) -> DraftText:
        """Title and whole body, the marker on the first line."""


@dataclass(frozen=True, slots=True)
class Drafting:
    """Everything that drafting a test may reach, on top of what reporting may. `farewell` words what a draft is told when the
    label was taken off: the issue's address, and whether people have worked on it.
    """

    outside: Outside
    drafts: Drafts
    scaffold: Scaffolding
    render: RenderDraft
    farewell: Callable[[Issue, bool], str]
