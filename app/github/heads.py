"""What a run of the Action has to look up: the pull requests that another run was for, and the issues that carry the label.

Of that other run only GitHub's own word is taken: nothing that it left behind is believed.

A run on a fork's pull request names none. The run as the API tells it has the fork, its branch and the commit; the pull request
is the open one from there that still stands at that commit. Source: docs.github.com, "List pull requests" (REST).
"""

from app.domain.delivery import Repository
from app.domain.errors import GiveUp
from app.domain.job import State
from app.github.auth import ACTIONS, Host, Tokens
from app.github.fields import Fields, at, number, objects, text
from app.github.line import Line

_PAGE = 100
_MOST_ISSUES = 30


class _Heads(Line):
    def run(self, home: Repository, run: int) -> Fields:
        gone = GiveUp(f"Run {run} of {home.full_name} is gone.", State.DELETED)
        return self._read(
            f"reading run {run} of {home.full_name}",
            lambda rest: rest.actions.get_workflow_run(home.owner, home.name, run),
            {404: lambda _: gone},
            ACTIONS,
        )

    def open_from(self, home: Repository, owner: str, branch: str) -> tuple[Fields, ...]:
        answer = self._answer(
            f"looking for the pull requests from {owner}:{branch}",
            lambda rest: rest.pulls.list(home.owner, home.name, state="open", head=f"{owner}:{branch}", per_page=_PAGE),
        )
        return tuple(objects(answer.json()))

    def labelled(self, home: Repository, label: str) -> tuple[Fields, ...]:
        answer = self._answer(
            f"listing the issues of {home.full_name} with the label {label}",
            lambda rest: rest.issues.list_for_repo(home.owner, home.name, state="all", labels=label, per_page=_MOST_ISSUES),
        )
        return tuple(objects(answer.json()))


def labelled(host: Host, tokens: Tokens, home: Repository, label: str) -> tuple[int, ...]:
    """The newest issues that carry the label, oldest first."""
    heads = _Heads(host, tokens)
    try:
        found = heads.labelled(home, label)
    finally:
        heads.close()
    return tuple(sorted(numeric for entry in found if not at(entry, "pull_request") and (numeric := number(entry, "number"))))


def pulls_of_run(host: Host, tokens: Tokens, home: Repository, run: int | None) -> tuple[int, ...]:
    """The open pull requests into that repository that the run was for; none if they have moved on since.

    Raises GiveUp where the run is gone.
    """
    if run is None:
        return ()
    heads = _Heads(host, tokens)
    try:
        told = heads.run(home, run)
        owner, branch = text(at(told, "head_repository", "owner"), "login"), text(told, "head_branch")
        head = text(told, "head_sha")
        if text(told, "event") != "pull_request" or not (owner and branch and head):
            return ()
        found = heads.open_from(home, owner, branch)
    finally:
        heads.close()
    return tuple(
        numeric
        for pull in found
        if text(at(pull, "head"), "sha") == head
        and number(at(pull, "base", "repo"), "id") == home.id
        and (numeric := number(pull, "number"))
    )
