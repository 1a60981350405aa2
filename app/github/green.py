"""Reads why a change was green, as far as GitHub knows: the pull request that brought it, and the checks of its head.

Check runs and commit statuses are two things at GitHub and one to people. Nothing here raises for what may not be read or is not
there any more: it is said.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from githubkit.response import Response

from app.analysis.attempts import Attempt, together
from app.domain.delivery import Repository
from app.domain.errors import GiveUp, RecallError
from app.domain.green import Ledger, Life, RanCheck, Verdict
from app.domain.unchecked import Unchecked
from app.github.auth import ACTIONS, Host, Permissions, Tokens
from app.github.fields import Fields, at, each, number, objects, record, text
from app.github.line import Line
from app.github.lookups import Verb

CHECKS: Permissions = {"metadata": "read", "checks": "read"}
STATUSES: Permissions = {"metadata": "read", "statuses": "read"}

# Source: docs.github.com, "About status checks", on the retention of checks data (archived then, deleted ten days later).
_KEPT = timedelta(days=400)

_PAGE = 100
_MOST_PAGES = 10
_LONGEST_URL = 1000
_URL = re.compile(r"https?://[\w.-]+(?::\d+)?(?:/[\w.~:/?#@!$&*+,;=%-]*)?", re.ASCII)
_OWN = ("actions/", "runs/", "commit/", "checks")

# Conclusions of check runs and states of statuses. Source: docs.github.com, REST, "Check runs" and "Commit statuses".
_VERDICTS = {
    "success": Verdict.PASSED,
    "failure": Verdict.FAILED,
    "error": Verdict.FAILED,
    "timed_out": Verdict.FAILED,
    "startup_failure": Verdict.FAILED,
    "cancelled": Verdict.CANCELLED,
    "skipped": Verdict.SKIPPED,
    "neutral": Verdict.NEUTRAL,
    "stale": Verdict.NEUTRAL,
}

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class _Workflow:
    """What a run of Actions tells of the check suite that it filled."""

    name: str
    event: str


class RepositoryGreen(Line):
    """The checks of one repository's past, for the time of one job."""

    def __init__(self, host: Host, tokens: Tokens, home: Callable[[], Repository]) -> None:
        """`home` gives the repository under its present name; it is asked when that is needed."""
        super().__init__(host, tokens)
        self._home = home

    def landed(self, commit: str, pull: int | None = None, when: int | None = None) -> Ledger:
        """The ledger of a commit as far as GitHub can tell it: pull request, head, checks, and when it was merged.

        `pull` is the number that the commit names itself, believed where that pull request landed as this commit; `when` is when
        the commit was made (seconds since 1970): where nobody knows a merge, it tells forgotten checks from such as never were.
        """
        unchecked: list[Unchecked] = []
        found = _told(unchecked, "pull-not-read", "pull-forbidden", lambda: self._brought(commit, pull)) or {}
        head = text(at(found, "head"), "sha") or commit
        checks = self._checks(head, unchecked)
        if checks == () and head != commit and (own := self._checks(commit, unchecked)):
            head, checks = commit, own
        if checks == ():
            old = _is_old(_seconds(text(found, "merged_at")) or when)
            unchecked.append(Unchecked("checks-expired" if old else "checks-none", (head,)))
        return Ledger(
            commit=commit,
            pull_request=number(found, "number"),
            head=head,
            checks=checks,
            life=Life(merged=text(found, "merged_at")),
            unchecked=tuple(dict.fromkeys(unchecked)),
        )

    def _checks(self, head: str, unchecked: list[Unchecked]) -> tuple[RanCheck, ...] | None:
        """Check runs and statuses of a commit together; None where neither could be read."""
        runs = _told(unchecked, "checks-not-read", "checks-forbidden", lambda: list(self._runs(head, unchecked)))
        statuses = _told(unchecked, "statuses-not-read", "statuses-forbidden", lambda: list(self._statuses(head, unchecked)))
        if runs is None and statuses is None:
            return None
        return together([*(runs or ()), *(statuses or ())])

    def _brought(self, commit: str, named: int | None) -> Fields:
        """The pull request that a commit landed with: of several the one merged first, others only took it further."""
        home = self._home()
        listed = self._find(
            f"reading what brought {commit[:10]}",
            lambda rest: rest.repos.list_pull_requests_associated_with_commit(home.owner, home.name, commit, per_page=_PAGE),
        )
        here = [pull for pull in objects(listed) if _is_of(pull, home)]
        own = [pull for pull in here if text(pull, "merge_commit_sha") == commit]
        if not here and named is not None:
            pull = record(self._find(f"reading pull request {named}", lambda rest: rest.pulls.get(home.owner, home.name, named)))
            own = [pull] if text(pull, "merge_commit_sha") == commit and _is_of(pull, home) else []
        return min(own or here, key=lambda pull: text(pull, "merged_at"), default={})

    def _runs(self, head: str, unchecked: list[Unchecked]) -> Iterator[Attempt]:
        """The check runs of a commit, with the runs before the last ones."""
        home = self._home()

        def page(number: int) -> Verb:
            return lambda rest: rest.checks.list_for_ref(home.owner, home.name, head, filter_="all", per_page=_PAGE, page=number)

        listed = list(self._pages(f"reading the check runs of {head[:10]}", page, CHECKS, "check_runs", unchecked))
        by_actions = any(text(at(run, "app"), "slug") == "github-actions" for run in listed)
        workflows = self._workflows(head) if by_actions else {}
        return (
            _of_run(run, workflows.get(number(at(run, "check_suite"), "id") or 0), self._link(run, "html_url")) for run in listed
        )

    def _statuses(self, head: str, unchecked: list[Unchecked]) -> Iterator[Attempt]:
        home = self._home()

        def page(number: int) -> Verb:
            return lambda rest: rest.repos.list_commit_statuses_for_ref(home.owner, home.name, head, per_page=_PAGE, page=number)

        listed = self._pages(f"reading the statuses of {head[:10]}", page, STATUSES, "", unchecked)
        return (_of_status(status, self._link(status, "target_url")) for status in listed)

    def _workflows(self, head: str) -> dict[int, _Workflow]:
        """The workflows of Actions by check suite; none where they may not be read, which costs no more than their names."""
        home = self._home()
        try:
            answer = self._read(
                f"reading the workflow runs of {head[:10]}",
                lambda rest: rest.actions.list_workflow_runs_for_repo(home.owner, home.name, head_sha=head, per_page=_PAGE),
                permissions=ACTIONS,
            )
        except RecallError:
            return {}
        runs = each(answer, "workflow_runs")
        return {number(run, "check_suite_id") or 0: _Workflow(text(run, "name"), text(run, "event")) for run in runs}

    def _pages(
        self, doing: str, page: Callable[[int], Verb], permissions: Permissions, key: str, unchecked: list[Unchecked]
    ) -> Iterator[Fields]:
        """The entries of all pages, `key` naming the list where it is not the answer itself."""
        for number_of in range(1, _MOST_PAGES + 1):
            answer: Response[Any, Any] = self._answer(doing, page(number_of), permissions=permissions)
            body = answer.json()
            yield from objects(record(body).get(key) if key else body)
            if "next" not in answer.raw_response.links:
                return
        unchecked.append(Unchecked("checks-too-many", (str(_MOST_PAGES * _PAGE),)))

    def _link(self, fields: Fields, key: str) -> str:
        """The address of a check, where a comment can carry it: a link to an issue on GitHub would be told there as a mention."""
        url, own = text(fields, key, _LONGEST_URL + 1), f"{self._host.web_url}/"
        if len(url) > _LONGEST_URL or not _URL.fullmatch(url):
            return ""
        if url.startswith(own):
            return url if url.removeprefix(f"{own}{self._home().full_name}/").startswith(_OWN) and "/.." not in url else ""
        return "" if _host(url) == _host(own) else url


def _host(url: str) -> str:
    """Whose page an address is, however it is spelled: `HTTP://WWW.GitHub.com:80/x` is `github.com`'s."""
    return (urlsplit(url).hostname or "").removeprefix("www.").rstrip(".")


def _told(unchecked: list[Unchecked], away: str, forbidden: str, read: Callable[[], Read]) -> Read | None:
    """What could be read; else one of the two is said: that GitHub could not answer now, or that recall may not."""
    try:
        return read()
    except RecallError as refused:
        unchecked.append(Unchecked(forbidden if isinstance(refused, GiveUp) else away))
    return None


def _of_run(run: Fields, workflow: _Workflow | None, url: str) -> Attempt:
    """A check run. Of runs whose workflow is known those of one event are of the same check, else those of one suite."""
    name, app = text(run, "name"), text(at(run, "app"), "slug")
    where = (workflow.name, workflow.event) if workflow else ("", str(number(at(run, "check_suite"), "id")))
    conclusion = text(run, "conclusion") if text(run, "status") == "completed" else ""
    started, ended = text(run, "started_at"), text(run, "completed_at")
    check = RanCheck(
        name=name,
        verdict=_VERDICTS.get(conclusion, Verdict.PENDING),
        url=url,
        app=app,
        workflow=workflow.name if workflow else "",
        started=started,
        ended=ended,
    )
    return Attempt(("run", app, *where, name), (started or ended, number(run, "id") or 0), check)


def _of_status(status: Fields, url: str) -> Attempt:
    """A commit status. It is written anew whenever it changes, so what was pending only became what came after it."""
    name, when = text(status, "context"), text(status, "created_at")
    verdict = _VERDICTS.get(text(status, "state"), Verdict.PENDING)
    check = RanCheck(name, verdict, url, started=when, ended="" if verdict is Verdict.PENDING else when)
    return Attempt(("status", name), (when, number(status, "id") or 0), check)


def _is_of(pull: Fields, home: Repository) -> bool:
    """Whether a pull request was merged, and is this repository's own: a commit may also belong to one of a fork's."""
    return bool(text(pull, "merged_at")) and number(at(pull, "base", "repo"), "id") in (None, home.id)


def _is_old(when: int | None) -> bool:
    """Whether a change is older than GitHub keeps checks."""
    return when is not None and when < (datetime.now(UTC) - _KEPT).timestamp()


def _seconds(iso: str) -> int | None:
    try:
        return int(datetime.fromisoformat(iso).astimezone(UTC).timestamp())
    except (ValueError, OverflowError):
        return None
