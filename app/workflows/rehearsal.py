"""The ports of the workflows with nothing behind their writes: each is collected as a `Deed`, and read back like a real one.

What is read is real. So a workflow comes to the same decisions as it would for good, and cannot tell the difference. Whether it
is a rehearsal is asked when something is to be written and no sooner: most jobs write nothing, and need not know.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.analysis.patch import patch
from app.domain.check import Check, PullHead
from app.domain.comment import Comment
from app.domain.correction import Corrections
from app.domain.deed import Act, Deed
from app.domain.delivery import Actor, Remote, Repository
from app.domain.draft import REHEARSED, Branch, DraftPull, DraftText, Guard, PullState, Rights
from app.domain.escape import Escape, Issue
from app.domain.job import Recall
from app.domain.rolling import RollingIssue
from app.workflows.ports import Checks, Drafting, Drafts, Forge, Outside, Proving, Records

Dry = Callable[[], bool]
"""Whether nothing is to be written."""


def always() -> bool:
    """Whatever is settled."""
    return True


@dataclass(slots=True)
class Stage:
    """What a rehearsal has done so far, as all its jobs see it: comments by issue, texts of comments that were edited, the labels
    of issues, digests by repository, branches, files at commits, pull requests by branch, and the deeds by what they are about:
    the last one of each counts.
    """

    comments: dict[int, list[Comment]] = field(default_factory=dict)
    edited: dict[int, str] = field(default_factory=dict)
    labels: dict[int, tuple[str, ...]] = field(default_factory=dict)
    digests: dict[str, RollingIssue] = field(default_factory=dict)
    branches: dict[str, Branch | None] = field(default_factory=dict)
    texts: dict[tuple[str, str], str | None] = field(default_factory=dict)
    pulls: dict[str, DraftPull] = field(default_factory=dict)
    deeds: dict[tuple[str, ...], Deed] = field(default_factory=dict)

    def do(self, deed: Deed, *about: object) -> None:
        """Collects a deed in place of an earlier one of the same about the same."""
        self.deeds[deed.act, *map(str, about or (deed.where,))] = deed

    def labelled(self, issue: Issue) -> Issue:
        """The issue with the labels that it would have."""
        return replace(issue, labels=self.labels.get(issue.number, issue.labels))


@dataclass(slots=True)
class RehearsedForge:
    """A `Forge` that comments on nothing. Comments that were not made have ids below zero."""

    real: Forge
    stage: Stage
    dry: Dry

    def me(self) -> Actor:
        """The identity that recall's own comments carry."""
        return self.real.me()

    def repository(self) -> Repository:
        """The repository as it stands now."""
        return self.real.repository()

    def issue(self, number: int) -> Issue:
        """The issue as it would be."""
        return self.stage.labelled(self.real.issue(number))

    def escape(self, issue: Issue, fix: str = "") -> Escape:
        """The issue with everything it links to."""
        return self.real.escape(issue, fix)

    def can_triage(self, login: str) -> bool:
        """Whether that login has triage rights or better here."""
        return self.real.can_triage(login)

    def remote(self) -> Remote:
        """Where the code is fetched from."""
        return self.real.remote()

    def comments(self, number: int) -> tuple[Comment, ...]:
        """The comments as they would be."""
        found = (*self.real.comments(number), *self.stage.comments.get(number, ()))
        return tuple(replace(comment, body=self.stage.edited.get(comment.id, comment.body)) for comment in found)

    def create_comment(self, number: int, body: str) -> Comment:
        """Collects it."""
        if not self.dry():
            return self.real.create_comment(number, body)
        comment = Comment(-1 - sum(map(len, self.stage.comments.values())), self.me(), body)
        self.stage.comments.setdefault(number, []).append(comment)
        self.stage.do(Deed(Act.COMMENT, f"{self.repository().full_name}#{number}", text=body), comment.id)
        return comment

    def update_comment(self, comment_id: int, body: str) -> Comment:
        """Collects it; what was never made is made in these words instead."""
        if not self.dry():
            return self.real.update_comment(comment_id, body)
        self.stage.edited[comment_id] = body
        made = (number for number, comments in self.stage.comments.items() if any(one.id == comment_id for one in comments))
        number = next(made, None)
        name = self.repository().full_name
        act, where = (Act.EDIT_COMMENT, name) if number is None else (Act.COMMENT, f"{name}#{number}")
        self.stage.do(Deed(act, where, text=body), comment_id)
        return Comment(comment_id, self.me(), body)


@dataclass(slots=True)
class RehearsedDrafts:
    """`Drafts` that make no branch and no pull request. A pull request that was not made has the number `REHEARSED`."""

    real: Drafts
    stage: Stage
    dry: Dry
    forge: Forge

    def rights(self) -> Rights:
        """What the installation was given."""
        return self.real.rights()

    def tip(self) -> str:
        """The commit that the default branch is at."""
        return self.real.tip()

    def holds(self, commit: str) -> bool:
        """Whether the default branch contains that commit."""
        return self.real.holds(commit)

    def text(self, path: str, commit: str) -> str | None:
        """A file's text at a commit, made or not."""
        return self.stage.texts[path, commit] if (path, commit) in self.stage.texts else self.real.text(path, commit)

    def branch(self, name: str) -> Branch | None:
        """The branch as it would be."""
        return self.stage.branches[name] if name in self.stage.branches else self.real.branch(name)

    def pull_of(self, name: str, begins: str, known: int | None = None) -> DraftPull | None:
        """Our own pull request from that branch, as it would be."""
        return self.stage.pulls.get(name) or self.real.pull_of(name, begins, known)

    def opened_since(self, hours: float) -> int:
        """How many pull requests of ours were opened in that time."""
        return self.real.opened_since(hours)

    def create_branch(self, name: str, commit: str) -> None:
        """Collects it."""
        if not self.dry():
            self.real.create_branch(name, commit)
            return
        self.stage.branches[name] = Branch(commit, commit)
        self.stage.do(Deed(Act.BRANCH, name, text=commit))

    def delete_branch(self, name: str) -> None:
        """Collects it."""
        if not self.dry():
            self.real.delete_branch(name)
            return
        self.stage.branches[name] = None
        self.stage.do(Deed(Act.DELETE_BRANCH, name))

    def commit(self, name: str, head: str, message: str, files: Mapping[str, str | None]) -> str:
        """Collects it; gives a name that no commit has."""
        if not self.dry():
            return self.real.commit(name, head, message, files)
        made = f"{len(self.stage.texts):040d}"
        before = self.branch(name)
        changes = "".join(patch(path, self.text(path, head), text or "") for path, text in files.items())
        self.stage.texts |= {(path, made): text for path, text in files.items()}
        base = before.base if before else head
        self.stage.branches[name] = Branch(made, base, files=tuple(dict.fromkeys((*(before.files if before else ()), *files))))
        self.stage.do(Deed(Act.COMMIT, name, title=message.partition("\n")[0], text=changes, files=dict(files)))
        return made

    def open_pull(self, name: str, begins: str, words: DraftText, *, draft: bool) -> DraftPull:
        """Collects it, unless it is there already."""
        if not self.dry():
            return self.real.open_pull(name, begins, words, draft=draft)
        if there := self.pull_of(name, begins):
            return there
        pull = DraftPull(REHEARSED, PullState.OPEN, draft, words.title, words.body)
        self.stage.pulls[name] = pull
        self.stage.do(Deed(Act.PULL, name, words.title, words.body))
        return pull

    def update_pull(self, number: int, words: DraftText) -> None:
        """Collects it."""
        if not self.dry():
            self.real.update_pull(number, words)
            return
        self.stage.do(Deed(Act.EDIT_PULL, self._name(number), words.title, words.body))

    def set_open(self, number: int, opened: bool) -> None:
        """Collects it."""
        if not self.dry():
            self.real.set_open(number, opened)
            return
        self.stage.do(Deed(Act.REOPEN if opened else Act.CLOSE, self._name(number)))

    def label(self, number: int, name: str) -> None:
        """Collects it."""
        if not self.dry():
            self.real.label(number, name)
            return
        self.stage.do(Deed(Act.LABEL, self._name(number), title=name))

    def _name(self, number: int) -> str:
        """What was never opened is named by its branch."""
        made = next(iter(self.stage.pulls), None) if number == REHEARSED else None
        return made or f"{self.forge.repository().full_name}#{number}"


@dataclass(slots=True)
class RehearsedChecks:
    """`Checks` that put up no check run."""

    real: Checks
    stage: Stage
    dry: Dry

    def pull(self, number: int) -> PullHead:
        """The pull request as it would stand."""
        rehearsed = (self.stage.branches.get(name) for name in self.stage.pulls) if number == REHEARSED else iter(())
        branch = next(rehearsed, None)
        return PullHead(number, branch.head, branch.base, own=True, open=True) if branch else self.real.pull(number)

    def pulls_at(self, branch: str, head: str) -> tuple[PullHead, ...]:
        """The pull requests whose branch has that name and that tip."""
        return self.real.pulls_at(branch, head)

    def parted(self, base: str, head: str) -> str | None:
        """The commit at which two histories parted."""
        return self.real.parted(base, head)

    def blobs(self, commit: str, paths: Iterable[str]) -> Mapping[str, str]:
        """The blob ids of those files at a commit."""
        return self.real.blobs(commit, paths)

    def put(self, check: Check) -> bool:
        """Collects it."""
        if not self.dry():
            return self.real.put(check)
        branches = (name for name, branch in self.stage.branches.items() if branch and branch.head == check.head)
        self.stage.do(Deed(Act.CHECK, next(branches, check.head[:10]), check.title, check.summary), check.head, check.key)
        return True


@dataclass(slots=True)
class RehearsedRecords:
    """`Records` that in a rehearsal go no further than it does: what it saves is in `fresh`, which begins empty."""

    real: Records
    fresh: Records
    dry: Dry

    def recall(self, repository_id: int, number: int) -> Recall | None:
        """What is known of that issue."""
        return self._of(repository_id).recall(repository_id, number)

    def recalls(self, repository_id: int) -> tuple[Recall, ...]:
        """All recalls of a repository that are not in a final state."""
        return self._of(repository_id).recalls(repository_id)

    def history(self, repository_id: int) -> tuple[Recall, ...]:
        """All recalls of a repository."""
        return self._of(repository_id).history(repository_id)

    def save(self, recall: Recall) -> None:
        """Remembers, in a rehearsal until it ends."""
        if not self.dry():
            self.real.save(recall)
            return
        self._load(recall.repository_id)
        self.fresh.save(recall)

    def keep_guard(self, repository_id: int, number: int, change: Callable[[Guard], Guard]) -> Guard:
        """The same for the guard."""
        if not self.dry():
            return self.real.keep_guard(repository_id, number, change)
        self._load(repository_id)
        return self.fresh.keep_guard(repository_id, number, change)

    def keep_said(self, repository_id: int, number: int, change: Callable[[Corrections], Corrections]) -> Corrections:
        """The same for what people said."""
        if not self.dry():
            return self.real.keep_said(repository_id, number, change)
        self._load(repository_id)
        return self.fresh.keep_said(repository_id, number, change)

    def followed(self, repository_id: int, key: str) -> bool:
        """Whether the command of that key was followed already."""
        return self.real.followed(repository_id, key) or self.fresh.followed(repository_id, key)

    def follow(self, repository_id: int, key: str) -> None:
        """Remembers, in a rehearsal until it ends."""
        if not self.dry():
            self.real.follow(repository_id, key)
            return
        self.fresh.follow(repository_id, key)

    def end_installation(self, installation: int) -> int:
        """Forgets what the rehearsal knows of it."""
        return self.fresh.end_installation(installation)

    def _of(self, repository_id: int) -> Records:
        """Where a repository's recalls are read: once the rehearsal has saved one, all of them from there."""
        return self.fresh if self.fresh.history(repository_id) else self.real

    def _load(self, repository_id: int) -> None:
        """What is known of a repository goes over once, whole: the recalls of one are asked for together."""
        if not self.fresh.history(repository_id):
            for recall in self.real.history(repository_id):
                self.fresh.save(recall)


@dataclass(slots=True)
class Rehearsal:
    """One rehearsal of as many jobs as follow one another. `fresh` is what it remembers meanwhile, and begins empty."""

    fresh: Records
    stage: Stage = field(default_factory=Stage)

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """What would have been written, in the order in which it first came up."""
        return tuple(self.stage.deeds.values())

    def outside(self, real: Outside, dry: Dry = always) -> Outside:
        """What a workflow may reach, without its writes where it is `dry`."""
        return replace(real, forge=RehearsedForge(real.forge, self.stage, dry), records=self.records(real.records, dry))

    def drafting(self, real: Drafting, dry: Dry = always) -> Drafting:
        """The same for drafting."""
        outside = real.outside if isinstance(real.outside.forge, RehearsedForge) else self.outside(real.outside, dry)
        return replace(real, outside=outside, drafts=RehearsedDrafts(real.drafts, self.stage, dry, outside.forge))

    def proving(self, real: Proving, dry: Dry = always) -> Proving:
        """The same for reading proofs."""
        forge, checks = RehearsedForge(real.forge, self.stage, dry), RehearsedChecks(real.checks, self.stage, dry)
        return replace(real, forge=forge, checks=checks, records=self.records(real.records, dry))

    def records(self, real: Records, dry: Dry = always) -> Records:
        """What is remembered, without the writes."""
        return RehearsedRecords(real, self.fresh, dry)
