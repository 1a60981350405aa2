"""Pull requests with what stands at their heads, and the check runs there: the port `Checks` of the workflows.

A check run is found again on its commit by name, by the App, and by a key of its own, so that a job that was killed after GitHub
made it does not make another.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict
from typing import Any, cast
from urllib.parse import quote

from githubkit_schemas.v2022_11_28.rest import RestNamespace
from githubkit_schemas.v2022_11_28.types import ReposOwnerRepoCheckRunsCheckRunIdPatchBodyAnyof0Type as Patch
from githubkit_schemas.v2022_11_28.types import ReposOwnerRepoCheckRunsPostBodyOneof0Type as Post

from app.analysis.testmap.safe import is_safe
from app.domain.check import Check, PullHead, Standing
from app.domain.delivery import Repository
from app.domain.errors import GiveUp, RecallError, TryLater
from app.domain.job import State
from app.domain.review import Annotation
from app.github.auth import CODE, READ, Host, Permissions, Tokens, bearing
from app.github.failures import Answer, Special, ask
from app.github.fields import Fields, at, each, flag, number, objects, record, text

WRITE: Permissions = {"metadata": "read", "checks": "write"}
_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_PAGE = 100
_MOST_PAGES = 10
_LONGEST_TITLE = 255
_LONGEST_SUMMARY = 65_535
_NOTES_AT_ONCE = 50  # GitHub takes no more annotations in one request
_STATUS = {
    Standing.WAITING: {"status": "queued"},
    Standing.NEUTRAL: {"status": "completed", "conclusion": "neutral"},
    Standing.SUCCESS: {"status": "completed", "conclusion": "success"},
    Standing.FAILURE: {"status": "completed", "conclusion": "failure"},
}


class _Absent(RecallError):
    """There is no such thing."""


class RepositoryChecks:
    """The checks of one repository, for the time of one job."""

    def __init__(self, host: Host, tokens: Tokens, home: Callable[[], Repository]) -> None:
        """`home` gives the repository under its present name; it is asked when that is needed."""
        self._host, self._tokens, self._home = host, tokens, home

    def pull(self, number: int) -> PullHead:
        """The pull request as it stands now. Raises GiveUp where it is gone, or is none."""
        home = self._home()
        gone = GiveUp(f"{home.full_name}#{number} is no pull request any more.", State.DELETED)
        found = self._one(
            f"reading pull request {number} of {home.full_name}",
            lambda rest: rest.pulls.get(home.owner, home.name, number),
            special={404: lambda _: gone},
        )
        pull = _pull(found, home)
        if pull is None:
            raise gone
        return pull

    def pulls_at(self, branch: str, head: str) -> tuple[PullHead, ...]:
        """The pull requests whose branch, in this very repository, has that name and that tip."""
        home = self._home()
        listed = self._ask(
            f"looking for pull requests at {head[:10]}",
            lambda rest: rest.pulls.list(home.owner, home.name, state="all", head=f"{home.owner}:{branch}", per_page=_PAGE),
        ).json()
        found = (_pull(entry, home) for entry in objects(listed))
        return tuple(pull for pull in found if pull and pull.own and pull.head == head)

    def parted(self, base: str, head: str) -> str | None:
        """The commit at which two histories parted; None where they have none in common."""
        home = self._home()
        compared = self._find(
            f"asking where {base[:10]} and {head[:10]} parted",
            lambda rest: rest.repos.compare_commits(home.owner, home.name, f"{base}...{head}", per_page=1),
            CODE,
        )
        return text(at(compared, "merge_base_commit"), "sha") or None

    def blobs(self, commit: str, paths: Iterable[str]) -> Mapping[str, str]:
        """The blob ids of those files at a commit. Left out is what is not there, and what no repository can hold."""
        found = {path: self._content(commit, path) for path in paths if is_safe(path)}
        return {path: text(fields, "sha") for path, fields in found.items() if text(fields, "type") == "file"}

    def put(self, check: Check) -> bool:
        """Makes the newest check run of that key on its commit say this; whether anything had to be written.

        Annotations can be added and never taken back, so a check run with others than these gives way to a new one. Raises
        GiveUp where the installation gives recall no right to write check runs.
        """
        found = self._newest(check)
        wanted, noted = _wanted(check), number(at(found or {}, "output"), "annotations_count") or 0
        says = found is not None and _says(found, wanted)
        if found is None or (noted and not says) or noted > len(check.annotations):
            found, noted = self._create(check, wanted, found), min(_NOTES_AT_ONCE, len(check.annotations))
        elif says and noted == len(check.annotations):
            return False
        elif not says:
            noted = self._update(check, found, wanted, 0)
        while noted < len(check.annotations):
            noted = self._update(check, found, wanted, noted)
        return True

    def _update(self, check: Check, found: Fields, wanted: dict[str, Any], noted: int) -> int:
        """Writes the text, and the next annotations behind those that stand; how many there are then."""
        home, made = self._home(), number(found, "id") or 0
        notes = check.annotations[noted : noted + _NOTES_AT_ONCE]
        self._one(
            f"updating the check run on {check.head[:10]}",
            lambda rest: rest.checks.update(home.owner, home.name, made, data=cast("Patch", _with(wanted, notes))),
            WRITE,
        )
        return noted + len(notes)

    def _create(self, check: Check, wanted: dict[str, Any], before: Fields | None) -> Fields:
        """Creates once. An answer that was lost may hide a check run that was made, so it is looked for before giving up."""
        home = self._home()
        data = {"name": check.name, "head_sha": check.head, "external_id": check.key}
        data |= _with(wanted, check.annotations[:_NOTES_AT_ONCE])
        try:
            return self._one(
                f"making the check run on {check.head[:10]}",
                lambda rest: rest.checks.create(home.owner, home.name, data=cast("Post", data)),
                WRITE,
            )
        except TryLater as lost:
            found = self._newest(check) if lost.at is None else None
            if found is None or (before is not None and number(found, "id") == number(before, "id")):
                raise
            return found

    def _newest(self, check: Check) -> Fields | None:
        return max(self._ours(check), key=lambda entry: number(entry, "id") or 0, default=None)

    def _ours(self, check: Check) -> Iterator[Fields]:
        """The check runs of that name and key on the commit; GitHub lets no other App write under ours."""
        home = self._home()
        me = self._tokens.me().login.casefold()
        for page in range(1, _MOST_PAGES + 1):
            listed = list(each(self._checks(home, check, page), "check_runs"))
            for entry in listed:
                ours = f"{text(at(entry, 'app'), 'slug')}[bot]".casefold() == me
                if ours and text(entry, "external_id") == check.key and text(entry, "name") == check.name:
                    yield entry
            if len(listed) < _PAGE:
                return

    def _checks(self, home: Repository, check: Check, page: int) -> Fields:
        return self._one(
            f"reading the check runs on {check.head[:10]}",
            lambda rest: rest.checks.list_for_ref(
                home.owner, home.name, check.head, check_name=check.name, filter_="all", per_page=_PAGE, page=page
            ),
            WRITE,
        )

    def _content(self, commit: str, path: str) -> Fields:
        home = self._home()
        return self._find(
            f"looking for a file at {commit[:10]}",
            lambda rest: rest.repos.get_content(home.owner, home.name, quote(path), ref=commit),
            CODE,
        )

    def _find(self, doing: str, verb: Callable[[RestNamespace], Any], permissions: Permissions) -> Fields:
        """The object that a verb answers; empty where there is no such thing."""
        absent: Special = {status: lambda _: _Absent(doing) for status in (404, 409, 422)}
        try:
            return record(self._ask(doing, verb, permissions, absent).json())
        except _Absent:
            return {}

    def _one(
        self, doing: str, verb: Callable[[RestNamespace], Any], permissions: Permissions = READ, special: Special | None = None
    ) -> Fields:
        return record(self._ask(doing, verb, permissions, special).json())

    def _ask(
        self,
        doing: str,
        verb: Callable[[RestNamespace], Answer],
        permissions: Permissions = READ,
        special: Special | None = None,
    ) -> Answer:
        with closing(self._host.client(bearing(self._tokens.token(permissions)))) as client:
            return ask(doing, lambda: verb(client.verbs), {401: self._token_refused, **(special or {})})

    def _token_refused(self, _refused: object) -> None:
        self._tokens.forget()


def _pull(fields: Fields, home: Repository) -> PullHead | None:
    head, base, numeric = text(at(fields, "head"), "sha"), text(at(fields, "base"), "sha"), number(fields, "number")
    if numeric is None or not _SHA.fullmatch(head) or not _SHA.fullmatch(base):
        return None
    return PullHead(
        number=numeric,
        head=head,
        base=base,
        own=number(at(fields, "head", "repo"), "id") == home.id,
        open=text(fields, "state") == "open",
        merged=flag(fields, "merged") or bool(text(fields, "merged_at")),
    )


def _wanted(check: Check) -> dict[str, Any]:
    output = {"title": check.title[:_LONGEST_TITLE], "summary": check.summary[:_LONGEST_SUMMARY]}
    details = {"details_url": check.details_url} if check.details_url else {}
    return {**_STATUS[check.standing], **details, "output": output, "actions": [asdict(button) for button in check.buttons]}


def _with(wanted: dict[str, Any], notes: Iterable[Annotation]) -> dict[str, Any]:
    told = [
        {
            "path": note.path,
            "start_line": note.start,
            "end_line": note.end,
            "annotation_level": "warning",
            "message": note.message[:_LONGEST_SUMMARY],
        }
        for note in notes
    ]
    return {**wanted, "output": {**wanted["output"], "annotations": told}} if told else wanted


def _says(found: Fields, wanted: dict[str, Any]) -> bool:
    """Whether a check run says already what it is to say; GitHub may give line ends back differently."""
    output = at(found, "output")
    summary = text(output, "summary", _LONGEST_SUMMARY).replace("\r\n", "\n").strip()
    says = (text(found, "status"), text(found, "conclusion"), text(output, "title"), summary)
    asked = wanted["output"]
    return says == (wanted["status"], wanted.get("conclusion", ""), asked["title"], asked["summary"].strip())
