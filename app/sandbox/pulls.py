"""What can be done to pull requests, by GitHub's rules, with real commits at the end; every verb tells the Apps that listen."""

from dataclasses import dataclass
from datetime import datetime

from app.git.run import GitFailed
from app.sandbox.auth import Caller
from app.sandbox.gitfolder import Commit, Conflict, GitFolder, Person
from app.sandbox.hub import Hub
from app.sandbox.issues import actor, add, check_body, check_title, set_state, tell
from app.sandbox.pull_shapes import NOREPLY, pull_commits
from app.sandbox.pushes import moved
from app.sandbox.refusals import Refused, invalid, not_found
from app.sandbox.state import Account, Issue, Pull, Repository
from app.sandbox.timeline import closes, connected, cross_reference, record
from app.sandbox.world import verb

METHODS = ("merge", "squash", "rebase")


def person(account: Account, when: datetime) -> Person:
    """How an account signs its commits."""
    return Person(account.login, f"{account.id}+{account.login}@{NOREPLY}", when)


def facts(of: Issue) -> Pull:
    """What makes an issue a pull request; raises the 404 of one that is none."""
    if of.pull is None:
        raise not_found()
    return of.pull


@dataclass(frozen=True)
class Proposal:
    """What a pull request is opened with. `head` is a branch, or `owner:branch` of a fork."""

    head: str
    base: str
    title: str
    body: str = ""
    draft: bool = False


@verb
def open_pull(hub: Hub, repository: Repository, by: Caller, wish: Proposal) -> Issue:
    """Opens a pull request. Refuses what GitHub refuses, in its words."""
    check_title("PullRequest", wish.title)
    check_body("PullRequest", wish.body)
    facts = _sides(hub, repository, wish.head, wish.base)
    if wish.draft and not repository.drafts:
        raise Refused(422, "Draft pull requests are not supported in this repository.")
    facts.draft = wish.draft
    made = add(hub, repository, by, wish.title, wish.body)
    made.pull = facts
    repository.git.fetch(facts.head_repository.git, facts.head_sha)
    repository.git.set_ref(f"refs/pull/{made.number}/head", facts.head_sha)
    tell(hub, "opened", made, by)
    cross_reference(hub, made, wish.body, by)
    return made


def _sides(hub: Hub, repository: Repository, head: str, base: str) -> Pull:
    owner, _, branch = head.rpartition(":")
    source = repository
    if owner and owner.casefold() != repository.owner.login.casefold():
        forks = [r for r in list(hub.repositories.values()) if r.fork_of is repository]
        found = next((r for r in forks if r.owner.login.casefold() == owner.casefold()), None)
        if found is None:
            raise invalid("PullRequest", "head", "invalid")
        source = found
    base_sha, head_sha = repository.git.ref(f"refs/heads/{base}"), source.git.ref(f"refs/heads/{branch}")
    for field, sha in (("base", base_sha), ("head", head_sha)):
        if sha is None:
            raise invalid("PullRequest", field, "invalid")
    if source is repository and repository.git.contains(str(base_sha), str(head_sha)):
        raise _refused(f"No commits between {base} and {branch}")
    for pull in repository.pulls():
        same = pull.pull and (pull.pull.head_repository, pull.pull.head_ref, pull.pull.base_ref) == (source, branch, base)
        if same and pull.state == "open":
            raise _refused(f"A pull request already exists for {source.owner.login}:{branch}.")
    return Pull(branch, str(head_sha), source, base, str(base_sha))


def _refused(message: str) -> Refused:
    return Refused(422, "Validation Failed", [{"resource": "PullRequest", "code": "custom", "message": message}])


@verb
def edit_pull(hub: Hub, pull: Issue, by: Caller, title: str | None = None, body: str | None = None) -> Issue:
    """Changes title and body; a closing keyword that is new links its issue."""
    changes = {}
    if title is not None and title != pull.title:
        check_title("PullRequest", title)
        changes["title"], pull.title = {"from": pull.title}, title
    if body is not None and body != pull.body:
        check_body("PullRequest", body)
        changes["body"], pull.body = {"from": pull.body}, body
        cross_reference(hub, pull, body, by)
    pull.updated_at = hub.now()
    if changes:
        tell(hub, "edited", pull, by, changes=changes)
    return pull


@verb
def ready(hub: Hub, pull: Issue, by: Caller) -> None:
    """Takes a draft out of draft."""
    if pull.pull and pull.pull.draft:
        pull.pull.draft = False
        record(hub, pull, "ready_for_review", actor(by), by.via)
        tell(hub, "ready_for_review", pull, by)


@verb
def merge(hub: Hub, pull: Issue, by: Caller, method: str = "merge", message: str | None = None) -> str:
    """Merges with a real merge, squash or rebase, and closes what the pull request is linked to. Gives the landed sha."""
    facts, repository = pull.pull, pull.repository
    if facts is None or facts.merged_at or pull.state != "open":
        raise Refused(405, "Pull Request is not mergeable")
    if facts.draft:
        raise Refused(405, "Pull Request is still a draft")
    if method not in METHODS:
        raise invalid("PullRequest", "merge_method", "invalid")
    branch = f"refs/heads/{facts.base_ref}"
    facts.base_sha = tip = repository.git.ref(branch) or facts.base_sha
    try:
        landed = _land(pull, facts, tip, method, person(actor(by), hub.now()), message)
    except (Conflict, GitFailed):
        raise Refused(405, "Pull Request has merge conflicts") from None
    repository.git.set_ref(branch, landed, tip)
    facts.merged_at, facts.merged_by, facts.merge_commit, facts.method = hub.now(), actor(by), landed, method
    event = record(hub, pull, "merged", actor(by), by.via)
    event.commit, event.commit_repository = landed, repository
    linked = {issue.id: issue for issue in [*closes(hub, pull), *_by_hand(pull)]}
    set_state(hub, pull, by, "closed")
    for issue in linked.values():
        closing = set_state(hub, issue, by, "closed")
        if closing:
            closing.closer = pull
    moved(hub, repository, by, facts.base_ref, tip, landed)
    return landed


def _by_hand(pull: Issue) -> list[Issue]:
    return connected(pull) if pull.pull and pull.pull.base_ref == pull.repository.default_branch else []


def _land(pull: Issue, facts: Pull, tip: str, method: str, by: Person, message: str | None) -> str:
    git = pull.repository.git
    base = git.merge_base(tip, facts.head_sha)
    if base is None:
        raise Conflict("unrelated histories")
    commits = pull_commits(facts, pull.repository)
    if method == "rebase":
        return _replay(git, tip, commits, by)
    tree = git.merge_trees(base, tip, facts.head_sha)
    if method == "squash":
        told = message or squash_message(pull, commits)
        return _signed(git, git.write_commit(tree, [tip], told, commits[-1].author))
    said = (
        message or f"Merge pull request #{pull.number} from {facts.head_repository.owner.login}/{facts.head_ref}\n\n{pull.title}"
    )
    return _signed(git, git.write_commit(tree, [tip, facts.head_sha], said, by))


def squash_message(pull: Issue, commits: list[Commit]) -> str:
    """The message GitHub proposes for a squash: the title with the number, and the messages of more than one commit."""
    if len(commits) == 1:
        subject, _, rest = commits[0].message.partition("\n")
        return f"{subject} (#{pull.number})\n{rest}".rstrip()
    return f"{pull.title} (#{pull.number})\n\n" + "\n\n".join(f"* {one.message}" for one in commits)


def _replay(git: GitFolder, tip: str, commits: list[Commit], by: Person) -> str:
    for one in commits:
        if len(one.parents) > 1:
            raise Conflict("merge commits cannot be rebased")
        tree = git.merge_trees(one.parents[0], tip, one.sha)
        tip = git.write_commit(tree, [tip], one.message, one.author, by)
    return tip


def _signed(git: GitFolder, sha: str) -> str:
    git.signed.add(sha)
    return sha
