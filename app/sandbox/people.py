"""A person at work in the sandbox: what somebody would click on GitHub or push from their machine, as plain calls."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from app.sandbox import checks, issues, pulls
from app.sandbox.auth import Caller
from app.sandbox.gitfolder import NOTHING, GitFolder
from app.sandbox.hub import Hub
from app.sandbox.pushes import moved
from app.sandbox.refusals import invalid
from app.sandbox.state import Account, CheckRun, Comment, Issue, Repository, Token
from app.sandbox.world import verb


class Person:
    """Somebody with an account. Every call is what that person does, and Apps are told of it; permissions are not checked."""

    def __init__(self, hub: Hub, account: Account) -> None:
        self.account = account
        self._hub = hub
        self._by = Caller(account=account)

    def token(self, days: int = 30) -> str:
        """A personal token for REST, GraphQL and git, with this person's roles."""
        token = Token(self._hub.new_token("ghp_"), self._hub.clock() + timedelta(days=days), person=self.account)
        self._hub.tokens[token.value] = token
        return token.value

    def open_issue(self, repository: str, title: str, body: str = "", labels: Sequence[str] = ()) -> Issue:
        """Opens an issue; labels are those of an issue form and need no rights."""
        hub = self._hub
        issue = issues.open_issue(hub, hub.repository(repository), self._by, title, body)
        issues.add_labels(hub, issue, self._by, labels)
        return issue

    def edit(self, issue: Issue, title: str | None = None, body: str | None = None) -> None:
        """Changes title or body of an issue or pull request."""
        change = pulls.edit_pull if issue.pull else issues.edit
        change(self._hub, issue, self._by, title, body)

    def close(self, issue: Issue, reason: str = "completed") -> None:
        """Closes an issue, or a pull request without merging it."""
        issues.set_state(self._hub, issue, self._by, "closed", reason)

    def reopen(self, issue: Issue) -> None:
        """Opens an issue or pull request again."""
        issues.set_state(self._hub, issue, self._by, "open")

    def label(self, issue: Issue, *names: str) -> None:
        """Puts labels on."""
        issues.add_labels(self._hub, issue, self._by, names)

    def unlabel(self, issue: Issue, name: str) -> None:
        """Takes a label off."""
        issues.remove_label(self._hub, issue, self._by, name)

    def comment(self, issue: Issue, body: str) -> Comment:
        """Comments."""
        return issues.comment(self._hub, issue, self._by, body)

    def edit_comment(self, issue: Issue, comment: Comment, body: str) -> None:
        """Replaces the body of a comment."""
        issues.edit_comment(self._hub, issue.repository, self._by, comment.id, body)

    def delete_comment(self, issue: Issue, comment: Comment) -> None:
        """Deletes a comment, whoever wrote it."""
        issues.delete_comment(self._hub, issue.repository, self._by, comment.id)

    def hide_comment(self, comment: Comment, reason: str = "off-topic") -> None:
        """Folds a comment away, whoever wrote it."""
        comment.hidden = reason

    def press(self, repository: Repository, check: CheckRun, identifier: str) -> None:
        """Presses a button of a check run."""
        checks.press(self._hub, repository, check, self._by, identifier)

    def rerequest(self, repository: Repository, check: CheckRun) -> None:
        """Asks for a check run again."""
        checks.rerequest(self._hub, repository, check, self._by)

    def lock(self, issue: Issue) -> None:
        """Locks the conversation."""
        issues.lock(self._hub, issue, self._by)

    def unlock(self, issue: Issue) -> None:
        """Unlocks the conversation."""
        issues.unlock(self._hub, issue, self._by)

    def delete(self, issue: Issue) -> None:
        """Deletes an issue for good."""
        issues.delete(self._hub, issue, self._by)

    def transfer(self, issue: Issue, to: str) -> Issue:
        """Moves an issue to another repository; gives it as it is there."""
        return issues.transfer(self._hub, issue, self._by, self._hub.repository(to))

    def connect(self, issue: Issue, pull: Issue) -> None:
        """Links a pull request to an issue by hand, in the side bar."""
        issues.connect(self._hub, issue, pull, self._by)

    def disconnect(self, issue: Issue, pull: Issue) -> None:
        """Takes such a link away."""
        issues.connect(self._hub, issue, pull, self._by, linked=False)

    def push(
        self,
        repository: str,
        files: Mapping[str, str | bytes | None],
        message: str,
        branch: str | None = None,
        start: str | None = None,
    ) -> str:
        """Commits files (None removes one) on a branch and pushes it; gives the sha.

        A branch that is new begins at `start`, else at the default branch; the first commit of a repository at nothing.
        """
        return _push(self._hub, self._by, repository, files, message, branch, start)

    def force_push(self, repository: str, files: Mapping[str, str | bytes | None], message: str, branch: str) -> str:
        """Makes the branch anew: one commit on top of the default branch; gives the sha."""
        return _force_push(self._hub, self._by, repository, files, message, branch)

    def delete_branch(self, repository: str, branch: str) -> None:
        """Deletes a branch."""
        found = self._hub.repository(repository)
        old = found.git.ref(f"refs/heads/{branch}")
        found.git.delete_ref(f"refs/heads/{branch}")
        moved(self._hub, found, self._by, branch, old, None)

    def open_pull(
        self, repository: str, head: str, title: str, body: str = "", base: str | None = None, draft: bool = False
    ) -> Issue:
        """Opens a pull request from a branch, into the default branch unless `base` says otherwise."""
        into = self._hub.repository(repository)
        return pulls.open_pull(self._hub, into, self._by, pulls.Proposal(head, base or into.default_branch, title, body, draft))

    def ready(self, pull: Issue) -> None:
        """Takes a draft out of draft."""
        pulls.ready(self._hub, pull, self._by)

    def merge(self, pull: Issue, method: str = "merge", message: str | None = None) -> str:
        """Merges by `merge`, `squash` or `rebase`; gives the sha that landed."""
        return pulls.merge(self._hub, pull, self._by, method, message)


@verb
def _push(
    hub: Hub,
    by: Caller,
    full_name: str,
    files: Mapping[str, str | bytes | None],
    message: str,
    branch: str | None,
    start: str | None,
) -> str:
    repository = hub.repository(full_name)
    git, name = repository.git, branch or repository.default_branch
    old = git.ref(f"refs/heads/{name}")
    if start and git.resolve(start) is None:
        raise invalid("Reference", "sha", "invalid")
    new = _commit(hub, by, git, old or git.resolve(start or repository.default_branch), files, message)
    git.set_ref(f"refs/heads/{name}", new, old or NOTHING)
    moved(hub, repository, by, name, old, new)
    return new


@verb
def _force_push(hub: Hub, by: Caller, full_name: str, files: Mapping[str, str | bytes | None], message: str, branch: str) -> str:
    repository = hub.repository(full_name)
    git, old = repository.git, repository.git.ref(f"refs/heads/{branch}")
    new = _commit(hub, by, git, git.resolve(repository.default_branch), files, message)
    git.set_ref(f"refs/heads/{branch}", new, old or NOTHING)
    moved(hub, repository, by, branch, old, new)
    return new


def _commit(
    hub: Hub, by: Caller, git: GitFolder, parent: str | None, files: Mapping[str, str | bytes | None], message: str
) -> str:
    entries = []
    for path, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        entries.append(("100644", None if data is None else git.write_blob(data), path))
    tree = git.write_tree(parent, entries)
    return git.write_commit(tree, [parent] if parent else [], message, pulls.person(issues.actor(by), hub.now()))
