"""Plain web pages: repositories, issues, pull requests, commits and files, for people and for headless browsers."""

import html
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from app.render.pages import asset, fill
from app.sandbox import issue_shapes, markdown
from app.sandbox.api import HubOf
from app.sandbox.gitdiff import ChangedFile, changes
from app.sandbox.hub import Hub
from app.sandbox.pull_shapes import known, pull_commits, pull_files
from app.sandbox.refusals import not_found
from app.sandbox.state import Event, Issue, Repository, newest_first, stamp

router = APIRouter(default_response_class=HTMLResponse)
SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
SHAS_ON_A_PAGE = 100
_MENTION = re.compile(r"(?<![\w`@/.-])@([a-z0-9](?:[a-z0-9-]{0,38})(?:/[a-z0-9_-]+)?)\b", re.IGNORECASE)
_ISSUE = re.compile(r"(?<![\w/`&#.-])([\w.-]+/[\w.-]+)?(?:#|(?<![\w#/])GH-)(\d{1,9})\b")
_SHA = re.compile(r"(?<![\w@/#-])([0-9a-f]{7,40})(?![\w-])")
_WWW = re.compile(r"(?<![\w@/.])www\.[\w-]+(?:\.[\w-]+)+(?:/[^\s<]*)?", re.IGNORECASE)
_ASSETS = {"style.css": "text/css", "lines.js": "text/javascript"}


def body(hub: Hub, repository: Repository, text: str) -> str:
    """A text as GitHub shows it there, sanitised HTML: mentions, issues, commits and addresses are links outside code."""
    left = iter(range(SHAS_ON_A_PAGE))

    def mention(match: re.Match[str]) -> str:
        return _link(f"/{match[1]}", match[0], "user-mention")

    def issue(match: re.Match[str]) -> str | None:
        home = hub.repositories.get((match[1] or repository.full_name).casefold())
        found = home.issues.get(int(match[2])) if home else None
        return _link(issue_shapes.page(hub, found), match[0], "issue-link") if found and not found.gone else None

    def commit(match: re.Match[str]) -> str | None:
        sha = repository.git.resolve(match[1]) if next(left, None) is not None else None
        shown = f"<tt>{match[1][:7]}</tt>"
        return f'<a class="commit-link" href="/{repository.full_name}/commit/{sha}">{shown}</a>' if sha else None

    def address(match: re.Match[str]) -> str:
        return _link(f"http://{match[0]}", match[0])

    change = markdown.replacer([(_MENTION, mention), (_ISSUE, issue), (_SHA, commit), (_WWW, address)])
    return markdown.linkify(markdown.render(text), change)


@router.get("/")
def home(hub: HubOf) -> Response:
    """All repositories."""
    return _page("home.html", hub, repositories=sorted(hub.repositories.values(), key=lambda one: one.full_name))


@router.get("/_sandbox/{name}")
def file(name: str) -> Response:
    """What the pages are dressed with."""
    if name not in _ASSETS:
        raise not_found()
    return Response(asset(name), media_type=_ASSETS[name])


@router.get("/_sandbox/avatars/{number}")
def avatar(number: int) -> Response:
    """A picture for an account: a disc of its own colour."""
    hue = number * 47 % 360
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="hsl({hue},45%,60%)"/></svg>'
    )
    return Response(drawn, media_type="image/svg+xml")


@router.get("/{owner}/{repo}")
def repository_page(hub: HubOf, owner: str, repo: str) -> Response:
    """The files of the default branch."""
    return tree_page(hub, owner, repo, hub.repository(f"{owner}/{repo}").default_branch, "")


@router.get("/{owner}/{repo}/issues")
def issues_page(hub: HubOf, owner: str, repo: str) -> Response:
    """The issues, newest first."""
    return _list(hub, hub.repository(f"{owner}/{repo}"), pulls=False)


@router.get("/{owner}/{repo}/pulls")
def pulls_page(hub: HubOf, owner: str, repo: str) -> Response:
    """The pull requests, newest first."""
    return _list(hub, hub.repository(f"{owner}/{repo}"), pulls=True)


@router.get("/{owner}/{repo}/issues/{number}")
@router.get("/{owner}/{repo}/pull/{number}")
def issue_page(hub: HubOf, owner: str, repo: str, number: int) -> Response:
    """One issue or pull request with everything that happened to it."""
    issue = hub.issue(f"{owner}/{repo}", number)
    pull = issue.pull
    return _page(
        "issue.html",
        hub,
        issue=issue,
        repository=issue.repository,
        body=body(hub, issue.repository, issue.body) if issue.body else None,
        entries=[_entry(hub, event, issue) for event in list(issue.events)],
        association=issue_shapes.association,
        commits=pull_commits(pull, issue.repository) if pull else [],
        files=_diffs(pull_files(pull, issue.repository)) if pull else [],
    )


@router.get("/{owner}/{repo}/pull/{number}/files")
def pull_files_page(hub: HubOf, owner: str, repo: str, number: int) -> Response:
    """The changed files of a pull request."""
    return issue_page(hub, owner, repo, number)


@router.get("/{owner}/{repo}/commit/{name}")
def commit_page(hub: HubOf, owner: str, repo: str, name: str) -> Response:
    """One commit with its changes against its first parent."""
    repository = hub.repository(f"{owner}/{repo}")
    sha = _sha(repository, name)
    commit = repository.git.commit(sha)
    subject, _, rest = commit.message.partition("\n")
    files = changes(repository.git, commit.parents[0] if commit.parents else None, sha)
    author = known(hub, commit.author)
    facts = {
        "commit": commit,
        "subject": subject,
        "message": rest.strip(),
        "author": author.login if author else commit.author.name,
    }
    return _page("commit.html", hub, repository=repository, files=_diffs(files), **facts)


@router.get("/{owner}/{repo}/compare/{between:path}")
def compare_page(hub: HubOf, owner: str, repo: str, between: str) -> Response:
    """What one commit or branch has that another has not."""
    repository = hub.repository(f"{owner}/{repo}")
    base, _, head = between.partition("...")
    old, new = _sha(repository, base), _sha(repository, head)
    files = changes(repository.git, repository.git.merge_base(old, new) or old, new)
    commits = repository.git.log(f"{old}..{new}")
    return _page("compare.html", hub, repository=repository, between=between, commits=commits, files=_diffs(files))


@router.get("/{owner}/{repo}/blob/{name}/{path:path}")
def blob_page(hub: HubOf, owner: str, repo: str, name: str, path: str) -> Response:
    """A file with numbered lines; `#L3-L7` marks them."""
    repository = hub.repository(f"{owner}/{repo}")
    data = repository.git.file(_sha(repository, name), path)
    if data is None:
        raise not_found()
    lines = None if b"\0" in data[:8000] else data.decode(errors="replace").splitlines()
    return _page("blob.html", hub, repository=repository, path=path, name=name, lines=lines, size=len(data))


@router.get("/{owner}/{repo}/raw/{name}/{path:path}")
def raw(hub: HubOf, owner: str, repo: str, name: str, path: str) -> Response:
    """The bytes of a file, as plain text."""
    repository = hub.repository(f"{owner}/{repo}")
    data = repository.git.file(_sha(repository, name), path)
    if data is None:
        raise not_found()
    return Response(data, media_type="text/plain; charset=utf-8", headers=SAFE)


@router.get("/{owner}/{repo}/tree/{name}/{path:path}")
def tree_page(hub: HubOf, owner: str, repo: str, name: str, path: str) -> Response:
    """The entries of a folder."""
    repository = hub.repository(f"{owner}/{repo}")
    git = repository.git
    found = git.entry(_sha(repository, name), path) if git.refs() else None
    if found is None and git.refs():
        raise not_found()
    entries = sorted(git.tree(found.sha), key=lambda one: (one.type != "tree", one.path)) if found else []
    return _page("tree.html", hub, repository=repository, path=path.strip("/"), name=name, entries=entries)


def _list(hub: Hub, repository: Repository, pulls: bool) -> Response:
    found = [one for one in newest_first(repository.issues.values()) if bool(one.pull) is pulls and not one.gone]
    return _page("list.html", hub, repository=repository, issues=found, pulls=pulls)


def _entry(hub: Hub, event: Event, on: Issue) -> dict[str, Any]:
    """What the timeline shows of an event; comments come with their body."""
    shown = body(hub, on.repository, event.comment.body) if event.comment else None
    return {"event": event, "body": shown, "at": stamp(event.created_at)}


def _diffs(files: Sequence[ChangedFile]) -> list[dict[str, Any]]:
    marks = {"+": "add", "-": "del", "@": "hunk"}
    return [
        {"file": one, "lines": [(marks.get(line[:1], ""), line) for line in one.patch.split("\n")] if one.patch else []}
        for one in files
    ]


def _sha(repository: Repository, name: str) -> str:
    sha = repository.git.resolve(name)
    if sha is None:
        raise not_found()
    return sha


def _page(template: str, hub: Hub, **facts: Any) -> Response:
    shown = fill(template, web=hub.web_url, page=lambda issue: issue_shapes.page(hub, issue), stamp=stamp, **facts)
    return HTMLResponse(shown, headers=SAFE)


def _link(to: str, shown: str, kind: str = "") -> str:
    marked = f' class="{kind}"' if kind else ""
    return f'<a{marked} href="{html.escape(quote(to, safe="/:#?&=%@"))}">{html.escape(shown)}</a>'
