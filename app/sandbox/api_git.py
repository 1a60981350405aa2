"""REST for what can be read from git: commits, comparisons, branches, files and folders."""

import base64
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from app.sandbox import pull_shapes as shapes
from app.sandbox.api import Reach, page_of, reach
from app.sandbox.gitdiff import ChangedFile, changes
from app.sandbox.gitfolder import Commit, Entry
from app.sandbox.history import pulls_of
from app.sandbox.pushes import forbidden_by_rules
from app.sandbox.refusals import Refused, not_found
from app.sandbox.shapes import Shape

router = APIRouter(prefix="/repos/{owner}/{repo}")
Reading = Annotated[Reach, reach("contents")]
COMPARED_FILES = 300
COMPARED_COMMITS = 250
CONTENT_BYTES = 1_000_000
FOLDER_ENTRIES = 1000
RAW = "application/vnd.github.raw"


@router.get("/commits")
def list_commits(request: Request, response: Response, at: Reading) -> list[Shape]:
    """The commits of a branch or from a sha on, newest first, those that touch `path` if given."""
    start = request.query_params.get("sha") or at.repository.default_branch
    _not_empty(at)
    sha = at.repository.git.resolve(start)
    if sha is None:
        raise not_found()
    found = at.repository.git.log(sha, limit=1000, path=request.query_params.get("path"))
    return [shapes.commit(at.hub, one, at.repository) for one in page_of(request, response, found)]


@router.get("/commits/{name:path}/pulls")
def commit_pulls(
    request: Request, response: Response, at: Annotated[Reach, reach("pull_requests|contents")], name: str
) -> list[Shape]:
    """The pull requests that a commit belongs to."""
    found = pulls_of(at.repository, _commit(at, name).sha)
    return [shapes.pull(at.hub, one) for one in page_of(request, response, found)]


@router.get("/commits/{name:path}")
def get_commit(request: Request, response: Response, at: Reading, name: str) -> Shape:
    """One commit with its files against the first parent, by pages of at most 300."""
    found = _commit(at, name)
    files = changes(at.repository.git, found.parents[0] if found.parents else None, found.sha)
    added, removed = sum(one.additions for one in files), sum(one.deletions for one in files)
    return {
        **shapes.commit(at.hub, found, at.repository),
        "stats": {"additions": added, "deletions": removed, "total": added + removed},
        "files": _files(at, page_of(request, response, files, COMPARED_FILES), found.sha),
    }


@router.get("/compare/{between:path}")
def compare(request: Request, response: Response, at: Reading, between: str) -> Shape:
    """What `base...head` brings since the two parted: 250 commits, and 300 files on the first page."""
    base_name, dots, head_name = between.partition("...")
    git = at.repository.git
    base, head = git.resolve(base_name), git.resolve(head_name.rpartition(":")[2])
    if not dots or base is None or head is None:
        raise not_found()
    common = git.merge_base(base, head)
    if common is None:
        raise Refused(404, f"No common ancestor between {base_name} and {head_name}.")
    ahead, behind = git.count(f"{base}..{head}"), git.count(f"{head}..{base}")
    commits = git.log(f"{base}..{head}", limit=10_000)[::-1]
    paged = "page" in request.query_params or "per_page" in request.query_params
    shown = page_of(request, response, commits) if paged else commits[:COMPARED_COMMITS]
    first = request.query_params.get("page", "1") == "1"
    web = f"{at.hub.web_url}/{at.repository.full_name}/compare/{quote(between)}"
    return {
        "url": f"{at.hub.api_url}/repos/{at.repository.full_name}/compare/{quote(between)}",
        "html_url": web,
        "permalink_url": f"{at.hub.web_url}/{at.repository.full_name}/compare/{base}...{head}",
        "diff_url": f"{web}.diff",
        "patch_url": f"{web}.patch",
        "base_commit": shapes.commit(at.hub, git.commit(base), at.repository),
        "merge_base_commit": shapes.commit(at.hub, git.commit(common), at.repository),
        "status": _status(ahead, behind),
        "ahead_by": ahead,
        "behind_by": behind,
        "total_commits": ahead,
        "commits": [shapes.commit(at.hub, one, at.repository) for one in shown],
        "files": _files(at, changes(git, common, head)[:COMPARED_FILES], head) if first else [],
    }


@router.get("/branches")
def list_branches(request: Request, response: Response, at: Reading) -> list[Shape]:
    """The branches by name."""
    found = list(at.repository.git.refs().items())
    return [_branch(at, name.removeprefix("refs/heads/"), sha) for name, sha in page_of(request, response, found)]


@router.get("/branches/{name:path}")
def get_branch(at: Reading, name: str) -> Shape:
    """One branch with its tip."""
    sha = at.repository.git.ref(f"refs/heads/{name}")
    if sha is None:
        raise Refused(404, "Branch not found")
    web = f"{at.hub.web_url}/{at.repository.full_name}/tree/{name}"
    own = f"{at.hub.api_url}/repos/{at.repository.full_name}/branches/{name}"
    return {
        **_branch(at, name, sha),
        "commit": shapes.commit(at.hub, at.repository.git.commit(sha), at.repository),
        "_links": {"html": web, "self": own},
        "protection": {"enabled": False},
        "protection_url": f"{own}/protection",
    }


@router.get("/rules/branches/{name:path}")
def branch_rules(at: Annotated[Reach, reach("metadata")], name: str) -> list[Shape]:
    """The rules in force for a branch."""
    kinds = [kind for kind in ("creation", "update") if forbidden_by_rules(at.repository, name, kind)]
    source = {"ruleset_source_type": "Repository", "ruleset_source": at.repository.full_name, "ruleset_id": at.repository.id}
    return [{"type": kind, **source} for kind in kinds]


@router.get("/contents/{path:path}", response_model=None)
def contents(request: Request, at: Reading, path: str) -> object:
    """A file (its bytes in Base64, or as they are for the raw media type) or the entries of a folder."""
    git, name = at.repository.git, request.query_params.get("ref") or at.repository.default_branch
    _not_empty(at)
    sha = git.resolve(name)
    if sha is None:
        raise Refused(404, f"No commit found for the ref {name}")
    found = git.entry(sha, path)
    if found is None:
        raise not_found()
    raw = RAW in request.headers.get("accept", "")
    if found.type == "tree":
        entries = [
            Entry(one.mode, one.type, one.sha, one.size, f"{found.path}/{one.path}".lstrip("/")) for one in git.tree(found.sha)
        ]
        return [_content(at, one, name) for one in entries[:FOLDER_ENTRIES]]
    if found.type == "commit":
        return _content(at, found, name)
    data = git.blob(found.sha)
    if raw:
        return Response(data, media_type=f"{RAW}; charset=utf-8")
    if len(data) > CONTENT_BYTES:
        return {**_content(at, found, name), "content": "", "encoding": "none"}
    return {**_content(at, found, name), "content": base64.encodebytes(data).decode(), "encoding": "base64"}


def _commit(at: Reach, name: str) -> Commit:
    _not_empty(at)
    sha = at.repository.git.resolve(name)
    if sha is None:
        raise Refused(422, f"No commit found for SHA: {name}")
    return at.repository.git.commit(sha)


def _not_empty(at: Reach) -> None:
    if not at.repository.git.refs():
        raise Refused(409, "Git Repository is empty.")


def _status(ahead: int, behind: int) -> str:
    if ahead and behind:
        return "diverged"
    return "ahead" if ahead else "behind" if behind else "identical"


def _files(at: Reach, files: list[ChangedFile], sha: str) -> list[Shape]:
    return [shapes.changed_file(at.hub, one, at.repository, sha) for one in files]


def _branch(at: Reach, name: str, sha: str) -> Shape:
    url = f"{at.hub.api_url}/repos/{at.repository.full_name}/commits/{sha}"
    return {"name": name, "commit": {"sha": sha, "url": url}, "protected": False}


def _content(at: Reach, of: Entry, ref: str) -> Shape:
    api, web = f"{at.hub.api_url}/repos/{at.repository.full_name}", f"{at.hub.web_url}/{at.repository.full_name}"
    kind = {"tree": "dir", "commit": "submodule"}.get(of.type, "symlink" if of.mode == "120000" else "file")
    path = quote(of.path)
    own = f"{api}/contents/{path}?ref={quote(ref)}"
    html = f"{web}/{'tree' if kind == 'dir' else 'blob'}/{quote(ref)}/{path}"
    git_url = f"{api}/git/{'trees' if kind == 'dir' else 'blobs'}/{of.sha}"
    return {
        "name": of.path.rpartition("/")[2],
        "path": of.path,
        "sha": of.sha,
        "size": of.size or 0,
        "url": own,
        "html_url": html,
        "git_url": git_url,
        "download_url": f"{web}/raw/{quote(ref)}/{path}" if kind == "file" else None,
        "type": kind,
        "_links": {"self": own, "git": git_url, "html": html},
    }
