"""Commits, refs, trees and blame as GraphQL nodes."""

from typing import Any

from app.git.run import GitFailed
from app.sandbox import gitdiff
from app.sandbox.gitfolder import Commit, Entry
from app.sandbox.graph import Info, Node, View, connection, git_actor, told
from app.sandbox.history import pulls_of
from app.sandbox.state import Issue, Repository, stamp

OLDEST = 10


def ref(view: View, repository: Repository, name: str) -> Node | None:
    """A `Ref` of a full name, or None."""
    sha = repository.git.ref(name)
    if sha is None:
        return None
    return {
        "__typename": "Ref",
        "id": f"REF_{repository.id}:{name}",
        "name": name.split("/", 2)[2],
        "prefix": "/".join(name.split("/")[:2]) + "/",
        "target": lambda _: commit(view, repository, sha),
    }


def commit(view: View, repository: Repository, sha: str) -> Node:
    """A `Commit`; everything that costs a look into git is looked up when asked for."""
    view.need(repository, "contents")
    facts = repository.git.commit(sha)
    headline, _, rest = facts.message.partition("\n")
    return {
        "__typename": "Commit",
        "id": f"C_{sha}",
        "oid": sha,
        "abbreviatedOid": sha[:7],
        "url": f"{view.hub.web_url}/{repository.full_name}/commit/{sha}",
        "message": facts.message,
        "messageHeadline": headline,
        "messageBody": rest.strip(),
        "committedDate": stamp(facts.committer.date),
        "authoredDate": stamp(facts.author.date),
        "author": lambda _: git_actor(view, facts.author),
        "repository": lambda _: view.repository_node(view, repository),
        "signature": _signature(repository, sha),
        "parents": lambda info, **bounds: connection(
            facts.parents, lambda one: commit(view, repository, one), info=info, **bounds
        ),
        "associatedPullRequests": lambda info, **bounds: connection(
            _seen_pulls(view, repository, sha), lambda one: view.pull_node(view, one), info=info, **bounds
        ),
        **_diffstat(repository, facts),
        "blame": lambda _, path: {"ranges": blame(view, repository, sha, path)},
        "file": lambda _, path: _file(repository, sha, path),
    }


def blame(view: View, repository: Repository, sha: str, path: str) -> list[Node]:
    """The `BlameRange`s of a file; `age` is 1 for the newest lines and 10 for the oldest."""
    try:
        ranges = gitdiff.blame(repository.git, sha, path)
    except GitFailed:
        raise told("NOT_FOUND", f"'{path}' does not exist at {sha[:7]}.") from None
    dates = {one.sha: repository.git.commit(one.sha).committer.date for one in ranges}
    order = {sha: at for at, sha in enumerate(sorted(dates, key=lambda one: dates[one], reverse=True))}
    return [
        {
            "startingLine": one.start,
            "endingLine": one.end,
            "age": 1 + order[one.sha] * OLDEST // len(order),
            "commit": commit(view, repository, one.sha),
        }
        for one in ranges
    ]


def git_object(view: View, repository: Repository, name: str) -> Node | None:
    """What an `oid` or an `expression` (`branch:path`) names: a commit, a blob or a tree."""
    revision, colon, path = name.partition(":")
    sha = repository.git.resolve(revision)
    if sha is None:
        return None
    view.need(repository, "contents")
    if not colon:
        return commit(view, repository, sha)
    found = repository.git.entry(sha, path)
    return entry_object(repository, found) if found else None


def entry_object(repository: Repository, of: Entry) -> Node:
    """A `Blob` or `Tree`."""
    if of.type == "tree":
        return {
            "__typename": "Tree",
            "oid": of.sha,
            "id": f"T_{of.sha}",
            "abbreviatedOid": of.sha[:7],
            "entries": lambda _: [_tree_entry(repository, one) for one in repository.git.tree(of.sha)],
        }
    content = repository.git.blob(of.sha)
    binary = b"\0" in content[:8000]
    return {
        "__typename": "Blob",
        "oid": of.sha,
        "id": f"B_{of.sha}",
        "abbreviatedOid": of.sha[:7],
        "byteSize": len(content),
        "isBinary": binary,
        "isTruncated": False,
        "text": None if binary else content.decode(errors="replace"),
    }


def _tree_entry(repository: Repository, of: Entry) -> Node:
    facts: dict[str, Any] = {"name": of.path.rpartition("/")[2], "path": of.path, "mode": int(of.mode, 8), "type": of.type}
    return {**facts, "oid": of.sha, "object": lambda _: entry_object(repository, of)}


def _file(repository: Repository, sha: str, path: str) -> Node | None:
    found = repository.git.entry(sha, path)
    return _tree_entry(repository, found) if found else None


def _signature(repository: Repository, sha: str) -> Node | None:
    if sha not in repository.git.signed:
        return None
    return {"__typename": "GpgSignature", "isValid": True, "state": "VALID", "wasSignedByGitHub": True}


def _seen_pulls(view: View, repository: Repository, sha: str) -> list[Issue]:
    view.need(repository, "pull_requests")
    return pulls_of(repository, sha)


def _diffstat(repository: Repository, of: Commit) -> Node:
    def files(_: Info) -> list[gitdiff.ChangedFile]:
        return gitdiff.changes(repository.git, of.parents[0] if of.parents else None, of.sha)

    return {
        "changedFilesIfAvailable": lambda info: len(files(info)),
        "additions": lambda info: sum(one.additions for one in files(info)),
        "deletions": lambda info: sum(one.deletions for one in files(info)),
    }
