"""The mutation `createCommitOnBranch`: several files in one signed commit, refused when the branch has moved."""

import base64
import binascii
from typing import Any

from app.sandbox import graph_git
from app.sandbox.auth import require
from app.sandbox.graph import Node, View, from_refusal, told
from app.sandbox.issues import actor
from app.sandbox.pulls import person
from app.sandbox.pushes import forbidden_by_rules, moved
from app.sandbox.refusals import Refused, against_rules
from app.sandbox.state import Repository

WORKFLOWS = ".github/workflows/"


def create_commit_on_branch(view: View, wish: dict[str, Any]) -> Node:
    """Makes the commit and moves the branch; gives the payload of the mutation."""
    repository, name = _branch(view, wish["branch"])
    try:
        require(view.caller, repository, "contents", "write")
    except Refused as refusal:
        raise from_refusal(refusal) from None
    with view.hub.lock:
        tip = repository.git.ref(name)
        if tip is None:
            raise told("NOT_FOUND", f"Could not resolve to a Ref with the name '{name}'.")
        if tip != wish["expectedHeadOid"]:
            message = f'Expected branch to point to "{wish["expectedHeadOid"]}" but it did not. Pull and try again.'
            raise told("STALE_DATA", message)
        if forbidden_by_rules(repository, name.removeprefix("refs/heads/"), "update"):
            raise from_refusal(against_rules("update ref"))
        entries = _entries(view, repository, tip, wish.get("fileChanges") or {})
        said = wish["message"]["headline"] + (f"\n\n{wish['message']['body']}" if wish["message"].get("body") else "")
        tree = repository.git.write_tree(tip, entries)
        sha = repository.git.write_commit(tree, [tip], said, person(actor(view.caller), view.hub.now()))
        repository.git.signed.add(sha)
        repository.git.set_ref(name, sha, tip)
        moved(view.hub, repository, view.caller, name.removeprefix("refs/heads/"), tip, sha)
    return {
        "clientMutationId": wish.get("clientMutationId"),
        "commit": lambda _: graph_git.commit(view, repository, sha),
        "ref": lambda _: graph_git.ref(view, repository, name),
    }


def _branch(view: View, wish: dict[str, Any]) -> tuple[Repository, str]:
    if wish.get("id"):
        number, _, name = str(wish["id"]).removeprefix("REF_").partition(":")
        found = [one for one in list(view.hub.repositories.values()) if str(one.id) == number]
        if not found or not view.caller.sees(found[0]):
            raise told("NOT_FOUND", f"Could not resolve to a node with the global id of '{wish['id']}'")
        return found[0], name
    if not wish.get("repositoryNameWithOwner") or not wish.get("branchName"):
        raise told("UNPROCESSABLE", "A branch is named by its id, or by repositoryNameWithOwner and branchName.")
    return view.find(wish["repositoryNameWithOwner"]), "refs/heads/" + str(wish["branchName"]).removeprefix("refs/heads/")


def _entries(view: View, repository: Repository, tip: str, changes: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    additions, deletions = changes.get("additions") or [], changes.get("deletions") or []
    paths = [one["path"] for one in [*additions, *deletions]]
    if len(paths) != len(set(paths)):
        raise told("UNPROCESSABLE", "A path was requested for more than one change.")
    if any(path.startswith(WORKFLOWS) for path in paths) and not view.caller.may(repository, "workflows", "write"):
        raise told("FORBIDDEN", "Resource not accessible by integration")
    entries: list[tuple[str, str | None, str]] = []
    for one in deletions:
        if repository.git.entry(tip, one["path"]) is None:
            raise told("UNPROCESSABLE", f"A path was requested for deletion which does not exist as of commit oid `{tip}`")
        entries.append(("100644", None, one["path"]))
    for one in additions:
        try:
            content = base64.b64decode(one["contents"], validate=True)
        except binascii.Error:
            raise told("UNPROCESSABLE", f"The contents of {one['path']} are not valid Base64.") from None
        entries.append(("100644", repository.git.write_blob(content), one["path"]))
    return entries
