"""The ports of reviews, digests and commands with nothing behind their writes, on the stage of `app.workflows.rehearsal`.

What is read is real. Reactions and folded comments have no words that could be shown, so they are left out.
"""

from dataclasses import dataclass, replace

from app.analysis.mentions import Mention
from app.domain.deed import Act, Deed
from app.domain.delivery import Repository
from app.domain.draft import REHEARSED, Rights
from app.domain.escape import Fix, Issue
from app.domain.review import ReviewedPull
from app.domain.rolling import RollingIssue
from app.domain.slash import Place, Reaction
from app.workflows.ports import Digests, Remarks, Talk
from app.workflows.rehearsal import Stage


@dataclass(frozen=True, slots=True)
class StillRemarks:
    """`Remarks` that fold nothing away."""

    real: Remarks

    def pull(self, number: int) -> ReviewedPull:
        """The pull request as it stands now."""
        return self.real.pull(number)

    def hide(self, _comment_id: int) -> None:
        """Nothing."""

    def show(self, _comment_id: int) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class RehearsedDigests:
    """`Digests` that write no issue. One that was never opened has the number `REHEARSED`."""

    real: Digests
    stage: Stage
    home: Repository

    def found(self, mark: str) -> RollingIssue | None:
        """Our issue as it would be."""
        return self.stage.digests.get(self.home.full_name) or self.real.found(mark)

    def open(self, title: str, body: str, _mark: str) -> RollingIssue:
        """Collects it."""
        opened = self.stage.digests[self.home.full_name] = RollingIssue(REHEARSED, True, body)
        self.stage.do(Deed(Act.ISSUE, self.home.full_name, title, body))
        return opened

    def edit(self, number: int, body: str) -> None:
        """Collects it."""
        self.stage.digests[self.home.full_name] = RollingIssue(number, True, body)
        self.stage.do(Deed(Act.EDIT_ISSUE, f"{self.home.full_name}#{number}", text=body))


@dataclass(frozen=True, slots=True)
class RehearsedTalk:
    """A `Talk` that sets no label and starts nothing."""

    real: Talk
    stage: Stage

    def place(self, number: int) -> Place:
        """The issue or pull request as it would be."""
        place = self.real.place(number)
        return replace(place, issue=self.stage.labelled(place.issue))

    def react(self, _comment: int, _reaction: Reaction) -> None:
        """Nothing."""

    def label(self, number: int, name: str) -> None:
        """Collects it."""
        issue = self.place(number).issue
        self.stage.labels[number] = tuple(dict.fromkeys((*issue.labels, name)))
        self.stage.do(Deed(Act.LABEL, _name(issue), name))

    def unlabel(self, number: int, name: str) -> None:
        """Collects it."""
        issue = self.place(number).issue
        self.stage.labels[number] = tuple(label for label in issue.labels if label != name)
        self.stage.do(Deed(Act.UNLABEL, _name(issue), name))

    def fix(self, mention: Mention) -> Fix | None:
        """The pull request or commit that is meant."""
        return self.real.fix(mention)

    def rights(self) -> Rights:
        """What recall was given here."""
        return self.real.rights()

    def receipts(self, head: str) -> int | None:
        """The newest run on that commit that left receipts behind."""
        return self.real.receipts(head)

    def challenges(self) -> int | None:
        """The newest run that challenged the guards."""
        return self.real.challenges()

    def start(self, _workflow: str) -> bool:
        """Never: with such a token it would be refused."""
        return False


def _name(issue: Issue) -> str:
    return f"{issue.repository.full_name}#{issue.number}"
