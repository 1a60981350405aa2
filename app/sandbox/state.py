"""What the sandbox remembers: accounts, apps, repositories, issues and pull requests as plain objects.

Changing them by GitHub's rules is the work of `issues`, `pulls` and `pushes`; showing them that of the `…_shapes` modules.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app.sandbox.gitfolder import GitFolder

ROLES = ("none", "read", "triage", "write", "maintain", "admin")
LEVELS = ("none", "read", "write", "admin")


@dataclass(eq=False)
class Account:
    """A person, an organisation or an App's bot. `type` is `User`, `Organization` or `Bot`."""

    id: int
    login: str
    type: str = "User"


@dataclass(eq=False)
class App:
    """A registered GitHub App. `private_key` is the PEM text of its RSA key, which only its owner is told."""

    id: int
    slug: str
    client_id: str
    owner: Account
    bot: Account
    private_key: str
    public_key: str
    webhook_secret: str
    webhook_url: str | None
    permissions: dict[str, str]
    events: list[str]
    created_at: datetime


@dataclass(eq=False)
class Installation:
    """An App on an account. `repositories` is None when it covers all of them."""

    id: int
    app: App
    account: Account
    permissions: dict[str, str]
    repositories: set[int] | None
    created_at: datetime
    suspended_at: datetime | None = None
    deleted: bool = False

    def covers(self, repository: "Repository") -> bool:
        """Whether the installation was given that repository."""
        same = repository.owner is self.account
        return same and not self.deleted and (self.repositories is None or repository.id in self.repositories)


@dataclass(eq=False)
class Token:
    """A token and what it can do. Person tokens have a `person` and no installation; `repositories` None is all of them."""

    value: str = field(repr=False)
    expires_at: datetime
    installation: Installation | None = None
    person: Account | None = None
    permissions: dict[str, str] = field(default_factory=dict)
    repositories: set[int] | None = None
    revoked: bool = False


@dataclass(eq=False)
class Label:
    """A label of one repository."""

    id: int
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass(eq=False)
class Comment:
    """A comment on an issue or pull request; `via` is the App that wrote it, `hidden` why it is folded away (`resolved`)."""

    id: int
    author: Account
    body: str
    created_at: datetime
    updated_at: datetime
    via: App | None = None
    hidden: str | None = None
    reactions: "list[Reaction]" = field(default_factory=list)


@dataclass(eq=False)
class Reaction:
    """One account's reaction to a comment, by GitHub's name (`+1`, `eyes`)."""

    id: int
    account: Account
    content: str
    created_at: datetime


@dataclass(eq=False)
class Event:
    """One entry of a timeline. `kind` is REST's name (`cross-referenced`); the other fields are filled where they apply."""

    id: int
    kind: str
    actor: Account | None
    created_at: datetime
    via: App | None = None
    label: Label | None = None
    commit: str | None = None
    commit_repository: "Repository | None" = None
    source: "Issue | None" = None
    subject: "Issue | None" = None
    closer: "Issue | str | None" = None
    state_reason: str | None = None
    comment: Comment | None = None
    from_repository: str | None = None
    renamed: tuple[str, str] | None = None


@dataclass(eq=False)
class Pull:
    """What a pull request has beyond an issue. `base_sha` and `head_sha` are kept as they were when it was merged.

    `trial` is the last test merge: of which base and head, and the commit it made, None for a conflict.
    """

    head_ref: str
    head_sha: str
    head_repository: "Repository"
    base_ref: str
    base_sha: str
    draft: bool = False
    merged_at: datetime | None = None
    merged_by: Account | None = None
    merge_commit: str | None = None
    method: str | None = None
    trial: tuple[str, str, str | None] | None = None


@dataclass(eq=False)
class Issue:
    """An issue, or a pull request when `pull` is set. `gone` says why it is not there any more (`deleted`, `transferred`)."""

    id: int
    number: int
    repository: "Repository"
    title: str
    body: str
    author: Account
    created_at: datetime
    updated_at: datetime
    state: str = "open"
    state_reason: str | None = None
    closed_at: datetime | None = None
    closed_by: Account | None = None
    labels: list[Label] = field(default_factory=list)
    locked: bool = False
    lock_reason: str | None = None
    comments: list[Comment] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    via: App | None = None
    pull: Pull | None = None
    gone: str | None = None
    moved_to: "Issue | None" = None


@dataclass(eq=False)
class CheckRun:
    """A check run; `output` is kept as it was sent, without its annotations, which are collected. `actions` are its buttons.
    `run` is the workflow run that it is a job of.
    """

    id: int
    app: App
    name: str
    head_sha: str
    status: str
    conclusion: str | None
    started_at: datetime
    completed_at: datetime | None
    external_id: str
    details_url: str | None
    output: dict[str, Any]
    annotations: list[dict[str, Any]]
    actions: list[dict[str, Any]] = field(default_factory=list)
    run: "WorkflowRun | None" = None


@dataclass(eq=False)
class CommitStatus:
    """A commit status; of one context the newest is in force."""

    id: int
    sha: str
    context: str
    state: str
    creator: Account
    created_at: datetime
    target_url: str | None = None
    description: str | None = None


@dataclass(eq=False)
class WorkflowRun:
    """A run of a workflow. `ref` and `sha` are what its jobs are told, `head_…` what the API tells of it; on a pull request
    they differ. `secret` opens the runner's token endpoint; empty where the run was not given `id-token: write`.
    """

    id: int
    repository: "Repository"
    actor: Account
    event: str
    ref: str
    sha: str
    head_branch: str
    head_sha: str
    head_repository: "Repository"
    created_at: datetime
    number: int = 1
    secret: str = field(default="", repr=False)
    pull: "Issue | None" = None
    attempt: int = 1
    conclusion: str | None = None
    workflow: str = "tests"


@dataclass(eq=False)
class Artifact:
    """A workflow artifact: its zip as bytes, and the commit of the run that made it (or the run itself)."""

    id: int
    name: str
    content: bytes = field(repr=False)
    head_sha: str
    head_branch: str
    created_at: datetime
    expires_at: datetime
    run: WorkflowRun | None = None


@dataclass(eq=False)
class Repository:
    """A repository over a bare git folder. `collaborators` maps logins to roles; the owner is an admin.

    `drafts` is whether its plan has draft pull requests. `rules` are rulesets without a bypass: a pattern of branch names, and
    what nobody may do there (`creation`, `update`).
    """

    id: int
    owner: Account
    name: str
    git: GitFolder
    created_at: datetime
    visibility: str = "public"
    default_branch: str = "main"
    archived: bool = False
    has_issues: bool = True
    drafts: bool = True
    rules: dict[str, frozenset[str]] = field(default_factory=dict)
    fork_of: "Repository | None" = None
    collaborators: dict[str, str] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    checks: list[CheckRun] = field(default_factory=list)
    statuses: list[CommitStatus] = field(default_factory=list)
    artifacts: list[Artifact] = field(default_factory=list)
    runs: dict[int, WorkflowRun] = field(default_factory=dict)
    pushed_at: datetime | None = None

    @property
    def full_name(self) -> str:
        """`owner/name`."""
        return f"{self.owner.login}/{self.name}"

    def role(self, account: Account | None) -> str:
        """The role of an account here; everyone can read a public repository."""
        login = account.login.casefold() if account else ""
        if account is self.owner:
            return "admin"
        return self.collaborators.get(login, "read" if self.visibility == "public" else "none")

    def pulls(self) -> list[Issue]:
        """The pull requests, oldest first."""
        return [issue for issue in list(self.issues.values()) if issue.pull and not issue.gone]


def enough(scale: tuple[str, ...], have: str, need: str) -> bool:
    """Whether `have` is at least `need` on a scale such as ROLES or LEVELS; an unknown step is never enough."""
    return have in scale and scale.index(have) >= scale.index(need)


def stamp(moment: datetime | None) -> str | None:
    """A moment as GitHub writes it (`2026-11-23T07:00:00Z`)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def newest_first(issues: Iterable[Issue]) -> list[Issue]:
    """Issues in the order in which GitHub lists them."""
    return sorted(issues, key=lambda issue: issue.number, reverse=True)
