"""What recall does where people speak to it: reactions, labels, and looking up what they name; the port `Talk`, over githubkit.

What is done on which command is `app.workflows.commands`'s. Sources: docs.github.com, "Reactions", "Labels", "Artifacts" and
"Create a workflow dispatch event" (REST, 2022-11-28).
"""

from collections.abc import Callable, Iterator
from urllib.parse import quote

from app.analysis.links import fix_of
from app.analysis.mentions import Mention
from app.domain.delivery import Repository
from app.domain.draft import Rights
from app.domain.errors import GiveUp
from app.domain.escape import Fix
from app.domain.job import State
from app.domain.slash import Place, Reaction
from app.github import shapes
from app.github.auth import COMMENT, Host, Permissions, Tokens
from app.github.failures import Special, ask
from app.github.fields import at
from app.github.line import Line
from app.github.lookups import Lookups
from app.github.permissions import Feature, allows, covers
from app.github.runs import PROOF_PREFIXES, Left, RepositoryRuns

_RECEIPTS, _CHALLENGES = PROOF_PREFIXES
_START: Permissions = {"metadata": "read", "actions": "write"}


class RepositoryAnswers(Line):
    """One repository, for the time of one job."""

    def __init__(self, host: Host, tokens: Tokens, home: Callable[[], Repository]) -> None:
        """`home` gives the repository under its present name; it is asked when it is needed."""
        super().__init__(host, tokens)
        self._home = home

    def place(self, number: int) -> Place:
        """The issue or pull request of that number. Raises GiveUp where it is gone."""
        home = self._home()
        gone = GiveUp(f"{home.full_name}#{number} is gone.", State.DELETED)
        answer = self._read(
            f"reading {home.full_name}#{number}",
            lambda rest: rest.issues.get(home.owner, home.name, number),
            {404: lambda _: gone, 410: lambda _: gone},
        )
        return Place(shapes.issue(answer, home), on_pull=bool(at(answer, "pull_request")))

    def react(self, comment: int, reaction: Reaction) -> None:
        """Reacts to a comment, once; to one that is gone or locked, not at all."""
        home = self._home()
        absent: Special = {status: lambda _: GiveUp("", State.LOCKED) for status in (403, 404, 410, 422)}
        try:
            self._answer(
                f"reacting to comment {comment} of {home.full_name}",
                lambda rest: rest.reactions.create_for_issue_comment(home.owner, home.name, comment, content=reaction.value),
                absent,
                COMMENT,
            )
        except GiveUp as silent:
            if silent.state != State.LOCKED:
                raise

    def label(self, number: int, name: str) -> None:
        """Puts a label on an issue; one that is there already is no error."""
        home = self._home()
        self._answer(
            f"labelling {home.full_name}#{number}",
            lambda rest: rest.issues.add_labels(home.owner, home.name, number, labels=[name]),
            permissions=COMMENT,
        )

    def unlabel(self, number: int, name: str) -> None:
        """Takes a label off an issue; one that is gone already is no error."""
        home = self._home()
        gone = GiveUp("", "gone")
        try:
            self._answer(
                f"taking a label off {home.full_name}#{number}",
                lambda rest: rest.issues.remove_label(home.owner, home.name, number, quote(name, safe="")),
                {404: lambda _: gone},
                COMMENT,
            )
        except GiveUp as silent:
            if silent is not gone:
                raise

    def fix(self, mention: Mention) -> Fix | None:
        """The pull request or commit of this repository that is meant; None where there is none. A commit that a pull request
        brought stays that commit.
        """
        home = self._home()
        lookups = Lookups(self._find, home, self._host.web_url)
        if mention.number is not None:
            pull = lookups.pull(mention.number)
            return fix_of(pull) if pull else None
        commit = lookups.commit(mention.sha or "")
        return Fix(home.full_name, commit.sha, pull=commit.pull.number if commit.pull else None) if commit else None

    def rights(self) -> Rights:
        """What recall was given here."""
        given = self._tokens.given()
        return Rights(*(covers(given, {name: "write"}) for name in ("contents", "pull_requests", "checks")))

    def receipts(self, head: str) -> int | None:
        """The newest run on that commit that left receipts behind."""
        return next((left.run for left in self._runs(_RECEIPTS) if left.commit == head), None)

    def challenges(self) -> int | None:
        """The newest run that challenged the guards."""
        return next((left.run for left in self._runs(_CHALLENGES)), None)

    def start(self, workflow: str) -> bool:
        """Starts a workflow on the default branch; whether recall may, and there is one that can be started by hand."""
        if not allows(self._tokens.given(), Feature.DISPATCH):
            return False
        home, client, no = self._home(), self._client(_START), GiveUp("", "not-started")
        refused: Special = {401: self._token_refused, **{status: lambda _: no for status in (403, 404, 422)}}
        try:
            ask(
                f"starting {workflow} of {home.full_name}",
                lambda: client.verbs.actions.create_workflow_dispatch(home.owner, home.name, workflow, ref=home.default_branch),
                refused,
            )
        except GiveUp as refusal:
            if refusal is not no:
                raise
            return False
        return True

    def _runs(self, prefix: str) -> Iterator[Left]:
        return RepositoryRuns(self._host, self._tokens, self._home()).left(prefix)
