"""What follows when a branch moves: pull requests follow their head, commits that name issues show there, keywords close."""

from fnmatch import fnmatchcase

from app.sandbox import gitdiff, pull_shapes
from app.sandbox.auth import Caller
from app.sandbox.gitfolder import NOTHING, Commit
from app.sandbox.hub import Hub
from app.sandbox.issues import actor, set_state, tell
from app.sandbox.state import Issue, Repository, stamp
from app.sandbox.timeline import reference_commit
from app.sandbox.world import verb

PUSHED_COMMITS = 2048


def forbidden_by_rules(repository: Repository, branch: str, act: str) -> bool:
    """Whether a ruleset keeps everybody from doing that (`creation`, `update`) to the branch."""
    return any(act in acts and fnmatchcase(branch, pattern) for pattern, acts in repository.rules.items())


@verb
def moved(hub: Hub, repository: Repository, by: Caller, branch: str, old: str | None, new: str | None) -> None:
    """Draws the consequences of a branch that moved, was made (`old` None) or removed (`new` None)."""
    repository.pushed_at = hub.now()
    commits = _brought(repository, branch, old, new)
    _tell_push(hub, repository, by, branch, (old, new), commits)
    if new:
        for pull in pulls_from(hub, repository, branch):
            _follow(hub, pull, by, new)
    else:
        for pull in pulls_from(hub, repository, branch):
            set_state(hub, pull, by, "closed")
    for commit in commits:
        for issue in reference_commit(hub, repository, commit.sha, commit.message, by):
            if branch == repository.default_branch:
                close_by_commit(hub, issue, by, commit.sha, repository)


def close_by_commit(hub: Hub, issue: Issue, by: Caller, sha: str, repository: Repository) -> None:
    """Closes an issue because a commit on the default branch says so."""
    event = set_state(hub, issue, by, "closed")
    if event:
        event.commit, event.commit_repository, event.closer = sha, repository, sha


def pulls_from(hub: Hub, repository: Repository, branch: str) -> list[Issue]:
    """The open pull requests, here or in a parent of this fork, whose head is that branch."""
    found = []
    for into in list(hub.repositories.values()):
        for pull in into.pulls():
            facts = pull.pull
            if facts and pull.state == "open" and facts.head_repository is repository and facts.head_ref == branch:
                found.append(pull)
    return found


def _follow(hub: Hub, pull: Issue, by: Caller, new: str) -> None:
    facts = pull.pull
    if facts is None or facts.head_sha == new:
        return
    before, facts.head_sha = facts.head_sha, new
    pull.repository.git.fetch(facts.head_repository.git, new)
    pull.repository.git.set_ref(f"refs/pull/{pull.number}/head", new)
    pull.updated_at = hub.now()
    tell(hub, "synchronize", pull, by, before=before, after=new)


def _brought(repository: Repository, branch: str, old: str | None, new: str | None) -> list[Commit]:
    """The commits that this branch has now and that no branch had before, oldest first; one that is new on the default
    branch counts again there.
    """
    if new is None:
        return []
    others = {sha for name, sha in repository.git.refs().items() if name != f"refs/heads/{branch}"}
    if branch == repository.default_branch:
        others = set()
    known = [f"^{sha}" for sha in {*others, *([old] if old else [])}]
    if not known:
        return []
    listed = repository.git.text("rev-list", "--reverse", f"--max-count={PUSHED_COMMITS}", new, *known, "--")
    return [repository.git.commit(sha) for sha in listed.split()]


def _tell_push(
    hub: Hub, repository: Repository, by: Caller, branch: str, between: tuple[str | None, str | None], commits: list[Commit]
) -> None:
    old, new = between
    listed = [
        {
            "id": one.sha,
            "tree_id": one.tree,
            "message": one.message,
            "author": pull_shapes.git_person(one.author),
            "committer": pull_shapes.git_person(one.committer),
            "timestamp": stamp(one.committer.date),
            "distinct": True,
            "url": f"{hub.web_url}/{repository.full_name}/commit/{one.sha}",
            **_files(repository, one),
        }
        for one in commits
    ]
    hub.webhooks.tell(
        "push",
        None,
        repository,
        actor(by),
        ref=f"refs/heads/{branch}",
        before=old or NOTHING,
        after=new or NOTHING,
        base_ref=None,
        compare=f"{hub.web_url}/{repository.full_name}/compare/{old or NOTHING}...{new or NOTHING}",
        created=old is None,
        deleted=new is None,
        forced=bool(old and new and not repository.git.contains(new, old)),
        commits=listed,
        head_commit=listed[-1] if listed else None,
        pusher={"name": actor(by).login},
    )


def _files(repository: Repository, of: Commit) -> dict[str, list[str]]:
    """The paths that a commit added, removed and modified; a renamed file is one that went and one that came."""
    changed = gitdiff.changes(repository.git, of.parents[0] if of.parents else None, of.sha)
    came = [one.path for one in changed if one.status in ("added", "renamed")]
    gone = [one.path for one in changed if one.status == "removed"] + [one.previous for one in changed if one.previous]
    return {"added": came, "removed": gone, "modified": [one.path for one in changed if one.path not in (*came, *gone)]}
