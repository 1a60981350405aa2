"""GitHub's REST objects as values: repositories, actors, issues, comments, pull requests. Only the fields used are read."""

import re

from app.domain.delivery import Actor, Repository
from app.domain.escape import FixState, Issue
from app.domain.timeline import Pull
from app.github.fields import LONGEST_TEXT, Fields, at, each, flag, number, text

FULL_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}/(?!\.{1,2}\Z)[A-Za-z0-9_.-]{1,100}", re.ASCII)


def repository(fields: Fields) -> Repository | None:
    """The repository; None without an id or a sane full name."""
    numeric, full_name = number(fields, "id"), text(fields, "full_name")
    if numeric is None or not FULL_NAME.fullmatch(full_name):
        return None
    return Repository(
        id=numeric,
        full_name=full_name,
        visibility=text(fields, "visibility") or ("private" if flag(fields, "private") else "public"),
        default_branch=text(fields, "default_branch") or "main",
        archived=flag(fields, "archived"),
    )


def actor(fields: Fields) -> Actor | None:
    """Whoever it was; None for a deleted account."""
    login = text(fields, "login")
    return Actor(login, text(fields, "type") or "User") if login else None


def issue(fields: Fields, home: Repository) -> Issue:
    """The issue of that repository."""
    return Issue(
        repository=home,
        number=number(fields, "number") or 0,
        title=text(fields, "title", LONGEST_TEXT),
        body=text(fields, "body", LONGEST_TEXT),
        state=text(fields, "state"),
        labels=tuple(name for label in each(fields, "labels") if (name := text(label, "name"))),
        locked=flag(fields, "locked"),
        author=actor(at(fields, "user")),
        url=text(fields, "html_url", 1000),
        created=text(fields, "created_at"),
    )


def pull(fields: Fields, home: Repository) -> Pull:
    """The pull request of that repository, in REST's shape of 2022-11-28 (later versions have no `merge_commit_sha`).

    Where it is one of a list GitHub does not say how many commits it has.
    """
    merged = flag(fields, "merged") or bool(text(fields, "merged_at"))
    state = FixState.MERGED if merged else FixState.OPEN if text(fields, "state") == "open" else FixState.CLOSED
    return Pull(
        repository=home.full_name,
        number=number(fields, "number") or 0,
        state=state,
        head_sha=text(at(fields, "head"), "sha"),
        base_sha=text(at(fields, "base"), "sha"),
        title=text(fields, "title", 1000),
        url=text(fields, "html_url", 1000),
        visibility=home.visibility,
        merged_at=text(fields, "merged_at") or None,
        merge_sha=(text(fields, "merge_commit_sha") or None) if merged else None,
        commits=number(fields, "commits") or 0,
    )
