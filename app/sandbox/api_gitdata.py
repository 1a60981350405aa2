"""REST for git's own objects: refs, trees, commits and blobs, read and written."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request

from app.git.run import GitFailed
from app.sandbox import pull_shapes as shapes
from app.sandbox.api import Json, Reach, needed, reach, text
from app.sandbox.gitfolder import Entry, Person
from app.sandbox.issues import actor
from app.sandbox.pulls import person
from app.sandbox.pushes import forbidden_by_rules, moved
from app.sandbox.refusals import Refused, against_rules, forbidden, invalid, not_found
from app.sandbox.shapes import Shape
from app.sandbox.state import Repository

router = APIRouter(prefix="/repos/{owner}/{repo}/git")
Reading = Annotated[Reach, reach("contents")]
Writing = Annotated[Reach, reach("contents", "write")]
WORKFLOWS = ".github/workflows"
MODES = {"100644": "blob", "100755": "blob", "120000": "blob", "040000": "tree", "160000": "commit"}


@router.get("/ref/{name:path}")
def get_ref(at: Reading, name: str) -> Shape:
    """One ref, without its `refs/`."""
    sha = at.repository.git.ref(f"refs/{name}")
    if sha is None:
        raise not_found()
    return _ref(at, f"refs/{name}", sha)


@router.get("/matching-refs/{name:path}")
def matching_refs(at: Reading, name: str) -> list[Shape]:
    """The refs that begin with a name."""
    found = at.repository.git.refs("refs")
    return [_ref(at, one, sha) for one, sha in found.items() if one.startswith(f"refs/{name}")]


@router.post("/refs", status_code=201)
def create_ref(at: Writing, body: Json) -> Shape:
    """Makes a ref at a commit that is there."""
    name, sha, git = needed(body, "ref"), needed(body, "sha"), at.repository.git
    if not git.refs():
        raise Refused(409, "Git Repository is empty.")
    if not name.startswith("refs/") or name.count("/") < 2:
        raise Refused(422, "Reference name must start with 'refs' and have at least two slashes.")
    if not _is_commit(at.repository, sha):
        raise Refused(422, "Object does not exist")
    _check_workflows(at, sha)
    with at.hub.lock:
        if git.ref(name):
            raise Refused(422, "Reference already exists")
        if forbidden_by_rules(at.repository, name.removeprefix("refs/heads/"), "creation"):
            raise against_rules("create ref")
        try:
            git.set_ref(name, sha)
        except GitFailed:
            raise Refused(422, f"{name} is not a valid ref name.") from None
        if name.startswith("refs/heads/"):
            moved(at.hub, at.repository, at.caller, name.removeprefix("refs/heads/"), None, sha)
    return _ref(at, name, sha)


@router.patch("/refs/{name:path}")
def update_ref(at: Writing, name: str, body: Json) -> Shape:
    """Moves a ref, forward only unless forced."""
    sha, git = needed(body, "sha"), at.repository.git
    with at.hub.lock:
        old = git.ref(f"refs/{name}")
        if old is None:
            raise Refused(422, "Reference does not exist")
        if not _is_commit(at.repository, sha):
            raise Refused(422, "Object does not exist")
        if not body.get("force") and not git.contains(sha, old):
            raise Refused(422, "Update is not a fast forward")
        _check_workflows(at, sha)
        if forbidden_by_rules(at.repository, name.removeprefix("heads/"), "update"):
            raise against_rules("update ref")
        git.set_ref(f"refs/{name}", sha, old)
        if name.startswith("heads/"):
            moved(at.hub, at.repository, at.caller, name.removeprefix("heads/"), old, sha)
    return _ref(at, f"refs/{name}", sha)


@router.delete("/refs/{name:path}", status_code=204)
def delete_ref(at: Writing, name: str) -> None:
    """Removes a ref."""
    with at.hub.lock:
        old = at.repository.git.ref(f"refs/{name}")
        if old is None:
            raise Refused(422, "Reference does not exist")
        at.repository.git.delete_ref(f"refs/{name}")
        if name.startswith("heads/"):
            moved(at.hub, at.repository, at.caller, name.removeprefix("heads/"), old, None)


@router.get("/commits/{sha}")
def get_commit(at: Reading, sha: str) -> Shape:
    """One commit by its full sha."""
    if not _is_commit(at.repository, sha):
        raise not_found()
    return shapes.git_commit(at.hub, at.repository.git.commit(sha), at.repository)


@router.post("/commits", status_code=201)
def create_commit(at: Writing, body: Json) -> Shape:
    """Stores a commit. An App that names no author gets it signed; naming one leaves it unsigned, without a word."""
    git, tree = at.repository.git, needed(body, "tree")
    if git.resolve(tree, "tree") != tree:
        raise Refused(422, "Tree SHA does not exist")
    parents = [str(one) for one in body.get("parents") or []]
    if not all(_is_commit(at.repository, one) for one in parents):
        raise Refused(422, "Parent SHA does not exist or is not a commit object")
    own = person(actor(at.caller), at.hub.now())
    author = _person(body.get("author"), own)
    committer = _person(body.get("committer"), author)
    sha = git.write_commit(tree, parents, needed(body, "message"), author, committer)
    if at.caller.app and not any(body.get(name) for name in ("author", "committer", "signature")):
        git.signed.add(sha)
    return shapes.git_commit(at.hub, git.commit(sha), at.repository)


@router.get("/trees/{sha:path}")
def get_tree(request: Request, at: Reading, sha: str) -> Shape:
    """The entries of a tree, all of them with `recursive`."""
    found = at.repository.git.resolve(sha, "tree")
    if found is None:
        raise not_found()
    entries = at.repository.git.tree(found, recursive="recursive" in request.query_params)
    return {"sha": found, "url": _url(at, f"trees/{found}"), "tree": [_entry(at, one) for one in entries], "truncated": False}


@router.post("/trees", status_code=201)
def create_tree(at: Writing, body: Json) -> Shape:
    """Stores a tree over `base_tree`; without it the entries are all there is."""
    git, base = at.repository.git, text(body, "base_tree")
    if base is not None and git.resolve(base, "tree") is None:
        raise Refused(422, "base_tree is not a valid tree oid")
    if not body.get("tree"):
        raise Refused(422, "Invalid tree info")
    entries = [_wish(at, one, base) for one in body["tree"]]
    sha = git.write_tree(base, entries)
    return {"sha": sha, "url": _url(at, f"trees/{sha}"), "tree": [_entry(at, one) for one in git.tree(sha)], "truncated": False}


@router.get("/blobs/{sha}")
def get_blob(at: Reading, sha: str) -> Shape:
    """The bytes of a blob in Base64."""
    if at.repository.git.resolve(sha, "blob") != sha:
        raise not_found()
    data = at.repository.git.blob(sha)
    facts = {"sha": sha, "node_id": f"B_{sha}", "url": _url(at, f"blobs/{sha}"), "size": len(data)}
    return {**facts, "content": base64.encodebytes(data).decode(), "encoding": "base64"}


@router.post("/blobs", status_code=201)
def create_blob(at: Writing, body: Json) -> Shape:
    """Stores bytes, given as text or in Base64."""
    content = needed(body, "content")
    try:
        data = base64.b64decode(content, validate=False) if body.get("encoding") == "base64" else content.encode()
    except binascii.Error:
        raise Refused(422, "The content is not valid Base64.") from None
    sha = at.repository.git.write_blob(data)
    return {"sha": sha, "url": _url(at, f"blobs/{sha}")}


def _wish(at: Reach, of: dict[str, Any], base: str | None) -> tuple[str, str | None, str]:
    path, mode, git = str(of.get("path", "")), str(of.get("mode", "")), at.repository.git
    if not path or path.startswith("/") or ".." in path.split("/") or mode not in MODES:
        raise Refused(422, "tree.path contains a malformed path component" if mode in MODES else "Must supply a valid tree.mode")
    if f"{path}/".startswith(f"{WORKFLOWS}/") and at.caller.app and not at.caller.may(at.repository, "workflows", "write"):
        raise forbidden("workflows", "write")
    if isinstance(of.get("content"), str):
        return mode, git.write_blob(of["content"].encode()), path
    sha = of.get("sha")
    if sha is None:
        if base is None or git.entry(base, path) is None:
            raise Refused(422, "GitRPC::BadObjectState")
    elif git.resolve(str(sha), MODES[mode]) != sha and mode != "160000":
        raise Refused(422, f"tree.sha {sha} is not a valid {MODES[mode]}")
    return mode, sha, path


def _check_workflows(at: Reach, sha: str) -> None:
    """An App without the permission cannot point a ref at workflow files that the default branch does not have."""
    if not at.caller.app or at.caller.may(at.repository, "workflows", "write"):
        return
    git = at.repository.git
    new = git.entry(sha, WORKFLOWS)
    tip = git.ref(f"refs/heads/{at.repository.default_branch}")
    known = git.entry(tip, WORKFLOWS) if tip else None
    if new and (known is None or known.sha != new.sha):
        raise forbidden("workflows", "write")


def _is_commit(repository: Repository, sha: str) -> bool:
    return len(sha) == 40 and repository.git.resolve(sha) == sha


def _person(of: Any, default: Person) -> Person:
    if not isinstance(of, dict):
        return default
    if not of.get("name") or not of.get("email"):
        raise invalid("Commit", "author", "missing_field")
    when = datetime.fromisoformat(str(of["date"])).astimezone(UTC) if of.get("date") else default.date
    return Person(str(of["name"]), str(of["email"]), when)


def _url(at: Reach, path: str) -> str:
    return f"{at.hub.api_url}/repos/{at.repository.full_name}/git/{path}"


def _ref(at: Reach, name: str, sha: str) -> Shape:
    target = {"sha": sha, "type": "commit", "url": _url(at, f"commits/{sha}")}
    return {"ref": name, "node_id": f"REF_{at.repository.id}:{name}", "url": _url(at, name), "object": target}


def _entry(at: Reach, of: Entry) -> Shape:
    facts: Shape = {"path": of.path, "mode": of.mode, "type": of.type, "sha": of.sha}
    if of.size is not None:
        facts["size"] = of.size
    return {**facts, "url": _url(at, f"{of.type}s/{of.sha}")} if of.type != "commit" else facts
