"""Which permission each feature of recall needs, and each request: the one table that features are found out from.

`docs/permissions.md` is made from it. What a missing permission means for people is said in `templates/words/permission.j2`.
Source of the levels: docs.github.com, "Permissions required for GitHub Apps" (REST, 2022-11-28); of GraphQL those of what a
mutation changes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from githubkit import GitHub

from app.github.auth import API_VERSION, Permissions

_ADDRESS = re.compile(r"^\s*(GET|POST|PUT|PATCH|DELETE) (/\S+)$", re.MULTILINE)
_PAGE = re.compile(r"See also: (https://docs\.github\.com/\S+)")
_LEVELS = ("none", "read", "write", "admin")


class Feature(StrEnum):
    """What recall can do for a repository, in the order in which people give it more."""

    READ = "read"
    COMMENT = "comment"
    COMMANDS = "commands"
    DIGEST = "digest"
    REMARK = "remark"
    DRAFT = "draft"
    CHECK = "check"
    GREEN = "green"
    MAPS = "maps"
    DISPATCH = "dispatch"
    RECORDS = "records"


NEEDS: dict[Feature, Permissions] = {
    Feature.READ: {"metadata": "read", "contents": "read", "issues": "read", "pull_requests": "read"},
    Feature.COMMENT: {"issues": "write"},
    Feature.COMMANDS: {"issues": "write"},
    Feature.DIGEST: {"issues": "write"},
    Feature.REMARK: {"issues": "write"},
    Feature.DRAFT: {"contents": "write", "pull_requests": "write"},
    Feature.CHECK: {"checks": "write"},
    Feature.GREEN: {"checks": "read", "statuses": "read"},
    Feature.MAPS: {"actions": "read"},
    Feature.DISPATCH: {"actions": "write"},
    Feature.RECORDS: {"contents": "write"},
}

_CODE: Permissions = {"contents": "read"}
_ISSUES: Permissions = {"issues": "read"}
_PULLS: Permissions = {"pull_requests": "read"}
_HOME: Permissions = {"metadata": "read"}

# Every typed request of `app.github`, as githubkit names it; those of the App itself are signed with its key, and need none.
CALLS: dict[str, Permissions] = {
    "actions.create_workflow_dispatch": {"actions": "write"},
    "actions.download_artifact": {"actions": "read"},
    "actions.get_workflow_run": {"actions": "read"},
    "actions.list_artifacts_for_repo": {"actions": "read"},
    "actions.list_workflow_runs_for_repo": {"actions": "read"},
    "actions.list_workflow_run_artifacts": {"actions": "read"},
    "apps.create_installation_access_token": {},
    "apps.get_authenticated": {},
    "apps.get_installation": {},
    "apps.get_repo_installation": {},
    "checks.create": {"checks": "write"},
    "checks.list_for_ref": {"checks": "read"},
    "checks.update": {"checks": "write"},
    "git.create_commit": {"contents": "write"},
    "git.create_ref": {"contents": "write"},
    "git.create_tree": {"contents": "write"},
    "git.delete_ref": {"contents": "write"},
    "git.get_ref": _CODE,
    "issues.add_labels": {"issues": "write"},
    "issues.create": {"issues": "write"},
    "issues.create_comment": {"issues": "write"},
    "issues.get": _ISSUES,
    "issues.get_comment": _ISSUES,
    "issues.list_comments": _ISSUES,
    "issues.list_for_repo": _ISSUES,
    "issues.remove_label": {"issues": "write"},
    "issues.update": {"issues": "write"},
    "issues.update_comment": {"issues": "write"},
    "pulls.create": {"pull_requests": "write"},
    "pulls.get": _PULLS,
    "pulls.list": _PULLS,
    "pulls.list_commits": _PULLS,
    "pulls.update": {"pull_requests": "write"},
    "reactions.create_for_issue_comment": {"issues": "write"},
    "repos.compare_commits": _CODE,
    "repos.get": _HOME,
    "repos.get_collaborator_permission_level": _HOME,
    "repos.get_commit": _CODE,
    "repos.get_content": _CODE,
    "repos.list_commit_statuses_for_ref": {"statuses": "read"},
    "repos.list_commits": _CODE,
    "repos.list_pull_requests_associated_with_commit": _PULLS,
}

# What goes through GraphQL, which answers with less where a permission is missing.
GRAPHQL: dict[str, Permissions] = {
    "createCommitOnBranch": {"contents": "write"},
    "RecallData": {"contents": "read"},
    "issue": {"issues": "read", "pull_requests": "read"},
    "minimizeComment": {"issues": "write"},
    "pullRequest": {"issues": "read", "pull_requests": "read"},
    "unminimizeComment": {"issues": "write"},
}


@dataclass(frozen=True, slots=True)
class Address:
    """A request as GitHub's own pages name it."""

    method: str
    path: str
    page: str


def address(verb: str) -> Address:
    """Where a request of `CALLS` goes, from githubkit's own description of it. Raises KeyError where it has none."""
    room, _, name = verb.partition(".")
    client = GitHub()  # what it hands out holds it only weakly
    described = getattr(getattr(client.rest(API_VERSION), room), name).__doc__ or ""
    found, page = _ADDRESS.search(described), _PAGE.search(described)
    if found is None or page is None:
        raise KeyError(verb)
    return Address(found[1], found[2], page[1])


def allows(given: Permissions | None, feature: Feature) -> bool:
    """Whether an installation's permissions are enough for that; True where only trying tells."""
    return covers(given, NEEDS[feature])


def covers(given: Permissions | None, needed: Permissions) -> bool:
    """Whether an installation's permissions hold those that are needed; True where only trying tells."""
    return given is None or all(_level(given.get(name, "none")) >= _level(level) for name, level in needed.items())


def together(features: Iterable[Feature]) -> Permissions:
    """The least permissions that are enough for all of that."""
    found: dict[str, str] = {}
    for feature in features:
        for name, level in NEEDS[feature].items():
            found[name] = max(found.get(name, "none"), level, key=_level)
    return found


def _level(name: str) -> int:
    return _LEVELS.index(name) if name in _LEVELS else 0
