"""The one branch and the one pull request that recall keeps for an issue: the port `Drafts`, over githubkit.

Deciding what to do with them is `app.analysis.draft`'s. A commit goes through GraphQL's `createCommitOnBranch`, so that GitHub
signs it. Sources: docs.github.com, "createCommitOnBranch" and "Pull requests" (REST, 2022-11-28).
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from githubkit.exception import GraphQLFailed
from githubkit.response import Response

from app.domain.delivery import Actor, Repository
from app.domain.draft import BRANCH_PREFIX, Branch, DraftPull, DraftText, PullState, Refusal, Rights
from app.domain.errors import GiveUp, RecallError, TryLater
from app.domain.job import State
from app.github import shapes
from app.github.auth import PULLS, WRITE_CODE, Host, Permissions, Tokens
from app.github.failures import FINAL, SECONDARY, Special, ask, message, soon, without_secrets
from app.github.fields import LONGEST_TEXT, Fields, at, each, flag, number, objects, record, text
from app.github.line import Line
from app.github.lookups import Verb
from app.github.permissions import covers

_PAGE = 100
_MOST_PAGES = 5
_MOST_COMMITS = 250  # what a comparison shows unpaged; a branch of ours with more is not ours any more
_SIGNER = "web-flow"  # who commits what GitHub itself signs
_NO_DRAFTS = re.compile(r"draft pull requests are not supported", re.IGNORECASE)
_EXISTS = re.compile(r"already exists", re.IGNORECASE)
_MOVED = re.compile(r"expected branch to point to", re.IGNORECASE)

_COMMIT = """
mutation RecallCommit($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}
"""


class _Exists(RecallError):
    """What was to be made is there."""


class RepositoryDrafts(Line):
    """The drafts of one repository, for the time of one job."""

    def __init__(self, host: Host, tokens: Tokens, home: Repository) -> None:
        """`home` under its present name."""
        super().__init__(host, tokens)
        self._home = home

    def rights(self) -> Rights:
        """What the installation was given."""
        given = self._tokens.given()
        return Rights(*(covers(given, {name: "write"}) for name in ("contents", "pull_requests", "checks")))

    def tip(self) -> str:
        """The commit that the default branch is at. Raises GiveUp where there is none."""
        home = self._home
        found = self._head(home.default_branch)
        if found is None:
            raise GiveUp(f"{home.full_name} has no branch {home.default_branch}.", State.FORBIDDEN)
        return found

    def holds(self, commit: str) -> bool:
        """Whether the default branch contains that commit."""
        compared = self._compared(self._home.default_branch, commit)
        return compared is not None and text(compared, "status") in ("behind", "identical")

    def text(self, path: str, commit: str) -> str | None:
        """A file's text at a commit; None where there is none, or none that is UTF-8 and below a megabyte."""
        home = self._home
        found = record(
            self._find(
                f"reading {path} of {home.full_name}",
                lambda rest: rest.repos.get_content(home.owner, home.name, quote(path), ref=commit),
            )
        )
        if text(found, "type") != "file" or text(found, "encoding") != "base64":
            return None
        try:
            return base64.b64decode(text(found, "content", 2_000_000), validate=False).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None

    def branch(self, name: str) -> Branch | None:
        """The branch as it stands now. A commit counts as ours if we wrote it and nobody committed it anew."""
        head = self._head(name)
        if head is None:
            return None
        compared = self._compared(self._home.default_branch, head) or {}
        commits = list(each(compared, "commits"))
        whole = number(compared, "total_commits") in (None, len(commits)) and len(commits) <= _MOST_COMMITS
        return Branch(
            head=head,
            base=text(at(compared, "merge_base_commit"), "sha") or head,
            ours=bool(compared) and whole and all(self._is_ours(commit) for commit in commits),
            files=tuple(path for file in each(compared, "files") if (path := text(file, "filename", 4_096))) if commits else (),
        )

    def pull_of(self, name: str, begins: str, known: int | None = None) -> DraftPull | None:
        """Our own pull request from that branch, in any state, that has the number `known`, or whose body begins so: an open
        one, else the newest. People may have written the body anew.
        """
        found = [
            pull
            for pull in self._pulls(head=f"{self._home.owner}:{name}")
            if self._is_me(at(pull, "user"))
            and (text(pull, "body", LONGEST_TEXT).startswith(begins) or (known and number(pull, "number") == known))
        ]
        best = min(found, key=lambda pull: (text(pull, "state") != "open", -(number(pull, "number") or 0)), default=None)
        return None if best is None else self._draft(best)

    def opened_since(self, hours: float) -> int:
        """How many pull requests of ours from such branches were opened in that time."""
        since = f"{datetime.now(UTC) - timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}"
        count = 0
        for pull in self._pulls():
            if text(pull, "created_at") < since:
                break
            count += self._is_me(at(pull, "user")) and text(at(pull, "head"), "ref").startswith(BRANCH_PREFIX)
        return count

    def create_branch(self, name: str, commit: str) -> None:
        """Makes the branch; one that is there already is left as it is."""
        home = self._home
        with suppress(_Exists):
            self._write(
                f"making the branch {name} of {home.full_name}",
                lambda rest: rest.git.create_ref(home.owner, home.name, ref=f"refs/heads/{name}", sha=commit),
                WRITE_CODE,
                Refusal.BRANCH,
            )

    def delete_branch(self, name: str) -> None:
        """Removes the branch; one that is gone already is no error."""
        home = self._home
        if self._head(name) is not None:
            self._write(
                f"removing the branch {name} of {home.full_name}",
                lambda rest: rest.git.delete_ref(home.owner, home.name, f"heads/{name}"),
                WRITE_CODE,
                Refusal.BRANCH,
            )

    def commit(self, name: str, head: str, message: str, files: Mapping[str, str | None]) -> str:
        """One commit on the branch, signed by GitHub. Raises TryLater where the branch is no longer at `head`."""
        home = self._home
        wish = {
            "branch": {"repositoryNameWithOwner": home.full_name, "branchName": name},
            "expectedHeadOid": head,
            "message": dict(zip(("headline", "body"), _parted(message), strict=True)),
            "fileChanges": {
                "additions": [{"path": path, "contents": _encoded(new)} for path, new in files.items() if new is not None],
                "deletions": [{"path": path} for path, new in files.items() if new is None],
            },
        }
        doing, client = f"committing to {name} of {home.full_name}", self._client(WRITE_CODE)

        def send() -> Fields:
            try:
                return record(client.graphql.request(_COMMIT, {"input": wish}))
            except GraphQLFailed as error:
                raise _not_committed(doing, error) from None

        made = text(at(ask(doing, send, {401: self._token_refused}), "createCommitOnBranch", "commit"), "oid")
        if not made:
            raise TryLater(f"GitHub's answer could not be read while {doing}.", soon())
        return made

    def open_pull(self, name: str, begins: str, words: DraftText, *, draft: bool) -> DraftPull:
        """Opens a pull request into the default branch, or gives the one of ours that turns out to be there already.

        Where drafts are not offered the GiveUp's state is `Refusal.DRAFTS`.
        """
        home = self._home
        try:
            answer = self._write(
                f"opening a pull request from {name} of {home.full_name}",
                lambda rest: rest.pulls.create(
                    home.owner, home.name, title=words.title, body=words.body, head=name, base=home.default_branch, draft=draft
                ),
                PULLS,
                Refusal.PULL,
            )
        except _Exists as exists:
            found = self.pull_of(name, begins)
            if found is None:
                raise GiveUp(str(exists), Refusal.PULL) from None
            return found
        return self._draft(record(answer.json()))

    def update_pull(self, number: int, words: DraftText) -> None:
        """Replaces title and body."""
        home = self._home
        self._write(
            f"updating pull request {number} of {home.full_name}",
            lambda rest: rest.pulls.update(home.owner, home.name, number, title=words.title, body=words.body),
            PULLS,
            Refusal.PULL,
        )

    def set_open(self, number: int, opened: bool) -> None:
        """Opens a pull request again, or closes it without merging."""
        home = self._home
        self._write(
            f"{'opening' if opened else 'closing'} pull request {number} of {home.full_name}",
            lambda rest: rest.pulls.update(home.owner, home.name, number, state="open" if opened else "closed"),
            PULLS,
            Refusal.PULL,
        )

    def label(self, number: int, name: str) -> None:
        """Puts a label on a pull request."""
        home = self._home
        self._write(
            f"labelling pull request {number} of {home.full_name}",
            lambda rest: rest.issues.add_labels(home.owner, home.name, number, labels=[name]),
            PULLS,
            Refusal.PULL,
        )

    def _head(self, branch: str) -> str | None:
        home = self._home
        found = self._find(
            f"reading the branch {branch} of {home.full_name}",
            lambda rest: rest.git.get_ref(home.owner, home.name, f"heads/{quote(branch)}"),
        )
        return text(at(record(found), "object"), "sha") or None

    def _compared(self, base: str, head: str) -> Fields | None:
        """What a comparison tells; None where one of the two is not there, or they have nothing in common."""
        home = self._home
        found = self._find(
            f"comparing {base} and {head[:10]} of {home.full_name}",
            lambda rest: rest.repos.compare_commits(home.owner, home.name, f"{quote(base)}...{quote(head)}"),
        )
        return record(found) or None

    def _pulls(self, **wanted: str) -> Iterator[Fields]:
        """Pull requests in any state, newest first."""
        for page in range(1, _MOST_PAGES + 1):
            answer = self._answer(f"listing the pull requests of {self._home.full_name}", self._pulls_page(page, wanted))
            yield from objects(answer.json())
            if "next" not in answer.raw_response.links:
                return

    def _pulls_page(self, page: int, wanted: Mapping[str, Any]) -> Verb:
        home = self._home
        return lambda rest: rest.pulls.list(
            home.owner, home.name, state="all", sort="created", direction="desc", per_page=_PAGE, page=page, **wanted
        )

    def _draft(self, fields: Fields) -> DraftPull:
        numeric, merged = number(fields, "number") or 0, bool(text(fields, "merged_at"))
        state = PullState.MERGED if merged else PullState.OPEN if text(fields, "state") == "open" else PullState.CLOSED
        return DraftPull(
            number=numeric,
            state=state,
            draft=flag(fields, "draft"),
            title=text(fields, "title", 1_000),
            body=text(fields, "body", LONGEST_TEXT),
            labels=tuple(text(label, "name") for label in each(fields, "labels")),
            closed_by=self._closed_by(numeric) if state is PullState.CLOSED else None,
        )

    def _closed_by(self, pull: int) -> Actor | None:
        """Who closed a pull request, which GitHub tells only of it as an issue."""
        home = self._home
        return shapes.actor(
            at(
                self._read(f"reading {home.full_name}#{pull}", lambda rest: rest.issues.get(home.owner, home.name, pull)),
                "closed_by",
            )
        )

    def _is_me(self, person: Fields) -> bool:
        return text(person, "login").casefold() == self._tokens.me().login.casefold()

    def _is_ours(self, commit: Fields) -> bool:
        committer = at(commit, "committer")
        return self._is_me(at(commit, "author")) and (self._is_me(committer) or text(committer, "login") == _SIGNER)

    def _write(self, doing: str, verb: Verb, permissions: Permissions, refusal: Refusal) -> Response[Any, Any]:
        """What a write answers. What the repository's rules refuse is a GiveUp of that state: waiting changes nothing."""

        def refused(response: Response[Any, Any]) -> RecallError | None:
            said = message(response)
            if SECONDARY.search(said) or any(words.search(said) for words, _ in FINAL):
                return None
            if _EXISTS.search(said):
                return _Exists(f"GitHub refused while {doing}: {said}")
            state = Refusal.DRAFTS if _NO_DRAFTS.search(said) else refusal
            return GiveUp(f"GitHub refused ({response.status_code}) while {doing}: {said}", state)

        client = self._client(permissions)
        special: Special = {401: self._token_refused, **dict.fromkeys((403, 404, 409, 422), refused)}
        return ask(doing, lambda: verb(client.verbs), special)


def _not_committed(doing: str, error: GraphQLFailed) -> RecallError:
    """What the errors of a mutation mean. GitHub gives each a type beside its words."""
    errors = error.response.errors or []
    said = without_secrets(" ".join(" ".join(entry.message for entry in errors).split()))[:300]
    if SECONDARY.search(said):
        return TryLater(f"GitHub's secondary rate limit was reached while {doing}.", soon())
    if {entry.type for entry in errors} & {"STALE_DATA", "NOT_FOUND"} or _MOVED.search(said):
        return TryLater(f"The branch moved while {doing}.", soon())
    state = next((state for words, state in FINAL if words.search(said)), None)
    return GiveUp(f"GitHub refused while {doing}: {said}", state or Refusal.COMMIT)


def _parted(message: str) -> tuple[str, str]:
    headline, _, body = message.partition("\n")
    return headline, body.strip()


def _encoded(content: str) -> str:
    return base64.b64encode(content.encode("utf-8", "surrogateescape")).decode()
