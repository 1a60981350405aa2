"""What the workflows need of the world, as protocols; `app.bootstrap` wires the real rooms to them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from app.analysis.mentions import Mention
from app.analysis.testmap.mapfile import LIMITS, Limits, MapFile
from app.domain.check import Check, CheckFacts, PullHead, Refused
from app.domain.ci import Artifact, CiRun, Claims, Home
from app.domain.comment import Comment, CommentFacts
from app.domain.configuration import Settled
from app.domain.correction import Corrections
from app.domain.delivery import Actor, Remote, Repository
from app.domain.digest import Digest, Trouble
from app.domain.draft import Branch, Drafted, DraftFacts, DraftPull, DraftText, Guard, Rights
from app.domain.escape import Escape, Fix, Issue
from app.domain.job import Recall
from app.domain.report import Report
from app.domain.review import KnownEscape, Remark, RemarkFacts, Review, ReviewedPull
from app.domain.rolling import RollingIssue
from app.domain.scaffold import Story
from app.domain.slash import AnswerFacts, Place, Reaction
from app.domain.testmap import Maps
from app.domain.watch import Watched

Made = TypeVar("Made")


class Forge(Protocol):
    """GitHub, as one installation sees one repository. Raises `TryLater`, `GiveUp` or `TellUser`; never repeats a write."""

    def me(self) -> Actor:
        """The identity that recall's own comments carry (`slug[bot]`)."""

    def repository(self) -> Repository:
        """The repository as it stands now."""

    def issue(self, number: int) -> Issue:
        """The issue as it stands now."""

    def escape(self, issue: Issue, fix: str = "") -> Escape:
        """The issue with everything it links to, found and ranked. `fix` is what people named as its fix: it comes first."""

    def can_triage(self, login: str) -> bool:
        """Whether that login has triage rights or better here."""

    def comments(self, number: int) -> tuple[Comment, ...]:
        """All comments of the issue, all pages."""

    def create_comment(self, number: int, body: str) -> Comment:
        """Posts a comment once; after a lost answer the caller has to look before it tries again."""

    def update_comment(self, comment_id: int, body: str) -> Comment:
        """Replaces the body of a comment."""

    def remote(self) -> Remote:
        """Where the code is fetched from, with a token that can only read it."""


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


class Mirrors(Protocol):
    """Bare mirrors of repositories, kept in a bounded cache."""

    def fetch(self, repository: Repository, remote: Remote, fix: Fix | None) -> AbstractContextManager[Path]:
        """An up-to-date bare mirror that holds the fix's commits (an open pull request's head included).

        It stays where it is, and whole, until the block ends.
        """


class Explain(Protocol):
    """The evidence engine (`app.engine`)."""

    def __call__(self, mirror: Path, *, fix: Fix | None, text: str, maps: Maps | None = None) -> Report:
        """The report on a fix, or, without one, on the places that the text names; `maps` are the repository's test maps."""


class Render(Protocol):
    """The words (`app.render`)."""

    def __call__(self, facts: CommentFacts) -> str:
        """The whole comment in Markdown, its marker on the first line."""


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

    def settings(self) -> str | None:
        """The text of `.github/recall.yml` on the default branch; None where there is none."""

    def put(self, check: Check) -> bool:
        """Makes the one check run of that key on its commit say this; whether anything had to be written."""


class Talk(Protocol):
    """What recall does where people speak to it, and what it looks up of what they name. Raises what `Forge` raises."""

    def place(self, number: int) -> Place:
        """The issue or pull request of that number; GiveUp where it is gone."""

    def react(self, comment: int, reaction: Reaction) -> None:
        """Reacts to a comment, once; to one that is gone or locked, not at all."""

    def label(self, number: int, name: str) -> None:
        """Puts a label on an issue; one that is there already is no error."""

    def unlabel(self, number: int, name: str) -> None:
        """Takes a label off an issue; one that is gone already is no error."""

    def fix(self, mention: Mention) -> Fix | None:
        """The pull request or commit of this repository that is meant; None where there is none."""

    def rights(self) -> Rights:
        """What recall was given here."""

    def receipts(self, head: str) -> int | None:
        """The newest run on that commit that left receipts behind."""

    def challenges(self) -> int | None:
        """The newest run that challenged the guards."""

    def start(self, workflow: str) -> bool:
        """Starts a workflow on the default branch; whether recall may, and there is one that can be started by hand."""


class Shelf(Protocol):
    """Where the test maps of all repositories are kept, within the limits of what is kept."""

    def put(self, home: Home, map_file: MapFile, *, baseline: bool) -> None:
        """Keeps a map, all of it or nothing; TellUser where it may not be kept, TryLater where it cannot be now."""

    def maps(self, repository_id: int) -> Maps:
        """The maps of a repository that may serve as the baseline."""


class Records(Protocol):
    """What is remembered between jobs; in one process without a database, nothing but a dict."""

    def recall(self, repository_id: int, number: int) -> Recall | None:
        """What is known of that issue."""

    def recalls(self, repository_id: int) -> tuple[Recall, ...]:
        """All recalls of a repository that are not in a final state."""

    def history(self, repository_id: int) -> tuple[Recall, ...]:
        """All recalls of a repository, by issue number, those in a final state included."""

    def save(self, recall: Recall) -> None:
        """Remembers, replacing what was known but for the guard and what people said, which `keep_guard` and `keep_said` alone
        change; the moments of the course are added to.
        """

    def keep_guard(self, repository_id: int, number: int, change: Callable[[Guard], Guard]) -> Guard:
        """Changes what is known of the guard, which nobody else can change meanwhile; the guard as it is now.

        Nothing is kept of an issue of which nothing is known.
        """

    def keep_said(self, repository_id: int, number: int, change: Callable[[Corrections], Corrections]) -> Corrections:
        """The same for what people said of the recall."""

    def followed(self, repository_id: int, key: str) -> bool:
        """Whether the command of that key was followed already."""

    def follow(self, repository_id: int, key: str) -> None:
        """Remembers that the command of that key was followed."""

    def end_installation(self, installation: int) -> int:
        """Forgets everything of an installation that was deleted; how many recalls that were."""


class Watches(Protocol):
    """What is remembered of repositories as a whole."""

    def watched(self, repository_id: int) -> Watched | None:
        """What is known of that repository."""

    def watch(self, watched: Watched) -> None:
        """Remembers, replacing what was known."""

    def stale(self, installation: int) -> None:
        """Makes the configuration of all its repositories one that was never read."""

    def due(self, now: float) -> tuple[Watched, ...]:
        """The repositories whose digest was due by then (seconds since 1970)."""


class Digests(Protocol):
    """The one issue that a repository's digest is written to. Raises what `Forge` raises; never repeats a write."""

    def found(self, mark: str) -> RollingIssue | None:
        """Our issue whose body begins so: an open one, else the newest."""

    def open(self, title: str, body: str, mark: str) -> RollingIssue:
        """Opens it, or gives the one of ours that turns out to be there already."""

    def edit(self, number: int, body: str) -> None:
        """Replaces the body, which notifies nobody."""


class Counting(Protocol):
    """The numbers of a digest (`app.analysis.digest`)."""

    def __call__(
        self,
        recalls: Iterable[Recall],
        *,
        repository: Repository,
        now: datetime,
        since: datetime,
        troubles: Iterable[Trouble] = (),
    ) -> Digest:
        """The digest as of `now`; `since` is from when on things are new."""


class Step(Protocol):
    """Runs one step of a job. With a queue its result is checkpointed, so that a killed job goes on behind it."""

    def __call__(self, name: str, act: Callable[[], Made], /) -> Made:
        """The result of `act`, from the checkpoint if the step had already ended. Steps are at-least-once."""


def inline(_name: str, act: Callable[[], Made]) -> Made:
    """The `Step` of a process with no queue: just does it."""
    return act()


@dataclass(frozen=True, slots=True)
class Outside:
    """Everything a workflow may reach, for one installation and one repository.

    `label` is the one that recall is set to, `settled` gives the configuration in force, read once and when it is needed.
    """

    forge: Forge
    mirrors: Mirrors
    explain: Explain
    render: Render
    records: Records
    label: str = "escaped-bug"
    web_url: str = "https://github.com"
    maps: Maps | None = None
    settled: Callable[[], Settled] = Settled


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


@dataclass(frozen=True, slots=True)
class Learning:
    """Everything that learning a run's maps may reach. `home` is the repository as it stands now."""

    runs: Runs
    shelf: Shelf
    home: Home
    limits: Limits = LIMITS


@dataclass(frozen=True, slots=True)
class Sending:
    """Everything that writing a digest may reach. `home` is the repository as it stands now, `digests` opens its issues.

    `schedule` remembers when the next one is due and which repository collects it, `collector` is the repository of that name in
    the same installation, `collected` are the ids of those whose digests a repository collects, as far as its readers may know of
    them. `troubles` are what recall could not do in a repository since then. `count` and `render` make the digest, `title` names
    its issue.
    """

    records: Records
    settled: Callable[[], Settled]
    home: Callable[[], Repository]
    digests: Callable[[Repository], Digests]
    schedule: Callable[[Repository, datetime, str], None]
    collector: Callable[[str], Repository]
    collected: Callable[[Repository], Iterable[int]]
    troubles: Callable[[int, datetime], tuple[Trouble, ...]]
    count: Counting
    render: Callable[[Digest], str]
    title: Callable[[], str]
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Ticking:
    """Everything that ticking boxes of a digest may reach. `unlabel` takes the label of an escape off an issue."""

    forge: Forge
    digests: Callable[[Repository], Digests]
    records: Records
    unlabel: Callable[[int], None]


class CheckWords(Protocol):
    """The words of a check run (`app.render`)."""

    def __call__(self, facts: CheckFacts) -> Check:
        """The whole check run."""


@dataclass(frozen=True, slots=True)
class Configuring:
    """Everything that looking at a repository's configuration may reach. `settled` also remembers the labels that it names."""

    settled: Callable[[], Settled]
    checks: Checks
    watches: Watches
    render: Callable[[Settled], Check]


class RottenWords(Protocol):
    """The words of the comment on a guard that guards no more, and of the same comment once it guards again."""

    def __call__(self, recall: Recall, web_url: str) -> str:
        """The whole comment in Markdown, its marker on the first line."""


@dataclass(frozen=True, slots=True)
class Proving:
    """Everything that reading proofs may reach. `home` is asked when it is needed, for the repository as it stands now."""

    home: Callable[[], Repository]
    runs: Callable[[], Runs]
    checks: Checks
    forge: Forge
    records: Records
    check: CheckWords
    rotten: RottenWords
    refused: Callable[[Refused], str]
    now: Callable[[], datetime]
    web_url: str = "https://github.com"
    settled: Callable[[], Settled] = Settled


class Remarks(Protocol):
    """The pull requests of one repository as they are reviewed, and how its comments are folded away."""

    def pull(self, number: int) -> ReviewedPull:
        """The pull request as it stands now; GiveUp where it is gone."""

    def hide(self, comment_id: int) -> None:
        """Minimises a comment as resolved; one that is hidden already stays as it is."""

    def show(self, comment_id: int) -> None:
        """Takes that back; one that is shown already stays as it is."""


class ReviewChange(Protocol):
    """The review of a change (`app.engine`)."""

    def __call__(
        self,
        mirror: Path,
        *,
        base: str,
        head: str,
        escapes: Sequence[KnownEscape],
        ignore: Iterable[str] = (),
        seams: bool = True,
        maps: Maps | None = None,
    ) -> Review:
        """What the change does to past escapes and their guards. TellUser where a commit is not there."""


class RemarkWords(Protocol):
    """The words of a remark (`app.render`)."""

    def __call__(self, facts: RemarkFacts) -> Remark:
        """The comment, the title and summary of the check run, and its annotations."""


@dataclass(frozen=True, slots=True)
class Reviewing:
    """Everything that reviewing a pull request may reach. `home` and `settled` are asked when they are needed."""

    home: Callable[[], Repository]
    forge: Forge
    remarks: Remarks
    checks: Checks
    mirrors: Mirrors
    records: Records
    review: ReviewChange
    render: RemarkWords
    settled: Callable[[], Settled] = Settled
    web_url: str = "https://github.com"
    maps: Maps | None = None


@dataclass(frozen=True, slots=True)
class Commanding:
    """Everything that following commands may reach. `label` is the one that recall is set to, `settled` gives the configuration
    in force, read once and when it is needed; `pull` a pull request as it stands now.
    """

    forge: Forge
    talk: Talk
    pull: Callable[[int], PullHead]
    records: Records
    answer: Callable[[AnswerFacts], str]
    now: Callable[[], datetime]
    settled: Callable[[], Settled]
    label: str = "escaped-bug"
    web_url: str = "https://github.com"


@dataclass(frozen=True, slots=True)
class Gate:
    """Everything that whoever sends or asks for a map may reach.

    `verify` says what the OIDC token of a run proves, `use` whether it is used for the first time (by its name, until it ends),
    `home` where the App is installed, `read` which repository a token of GitHub can read under a name, `recalls` what is known of
    a repository's escapes.
    """

    verify: Callable[[str], Claims]
    use: Callable[[str, float], bool]
    home: Callable[[CiRun], Home]
    read: Callable[[str, str], Repository]
    shelf: Shelf
    recalls: Callable[[int], tuple[Recall, ...]]
    limits: Limits = LIMITS
