"""Memory without a database: the orphan branch `recall-data` of the repository, one commit for each change.

A commit is only made on the tip that was read (`expectedHeadOid`); where somebody else was faster, the change is made anew on
what stands there then, so that runs side by side lose nothing. Where the branch may not be written it is read, and changes live
as long as the process. What the lines mean is `app.analysis.ledger`'s. Sources: docs.github.com, "createCommitOnBranch" and "Git
database".
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from githubkit.exception import GraphQLFailed
from githubkit_schemas.v2022_11_28.types import ReposOwnerRepoGitTreesPostBodyPropTreeItemsType as TreeItem

from app.analysis import ledger as lines
from app.analysis.course import kept, moved_on
from app.analysis.ledger import BRANCH, FOLDER, FOLLOWED, README
from app.domain.correction import Corrections
from app.domain.delivery import Repository
from app.domain.draft import Guard
from app.domain.errors import GiveUp, RecallError, TryLater
from app.domain.job import Recall, State
from app.github.auth import CODE, WRITE_CODE, Host, Tokens
from app.github.drafts import RepositoryDrafts
from app.github.failures import Special, ask, soon
from app.github.failures import message as message_of
from app.github.fields import Fields, at, each, flag, record, text
from app.github.line import Line
from app.github.lookups import Verb

_TRIES = 12
_MOST_FILES = 10_000
_LONGEST_FILE = 1 << 20
_READ = """
query RecallData($owner: String!, $name: String!, $recalls: String!, $followed: String!) {
  repository(owner: $owner, name: $name) {
    recalls: object(expression: $recalls) { ... on Tree { entries { name object { ... on Blob { text isTruncated } } } } }
    followed: object(expression: $followed) { ... on Blob { text isTruncated } }
  }
}
"""

Files = dict[str, str]


def _now() -> datetime:
    return datetime.now(UTC)


class Ledger(Line):
    """Implements `Records` of `app.workflows.ports` for one repository; of others nothing is known.

    Nothing is asked before something is to be known. `unwritten` is the sentence on why changes are not kept, "" while they are.
    """

    def __init__(self, host: Host, tokens: Tokens, home: Repository, now: Callable[[], datetime] = _now) -> None:
        """`home` under its present name."""
        super().__init__(host, tokens)
        self._home, self._now = home, now
        self._drafts = RepositoryDrafts(host, tokens, home)
        self._files: Files | None = None
        self._tip = ""
        self.unwritten = ""

    def close(self) -> None:
        """Closes the connections."""
        super().close()
        self._drafts.close()

    @property
    def exists(self) -> bool:
        """Whether anything was ever remembered of the repository on the branch."""
        self._known()
        return bool(self._tip)

    def recall(self, repository_id: int, number: int) -> Recall | None:
        """What is known of that issue."""
        return self._recall(number) if repository_id == self._home.id else None

    def recalls(self, repository_id: int) -> tuple[Recall, ...]:
        """All recalls of a repository that are not in a final state, by issue number."""
        return tuple(recall for recall in self.history(repository_id) if not recall.state.final)

    def history(self, repository_id: int) -> tuple[Recall, ...]:
        """All recalls of a repository, by issue number, those in a final state included."""
        if repository_id != self._home.id:
            return ()
        names = (path.removeprefix(f"{FOLDER}/") for path in self._known() if path.startswith(f"{FOLDER}/"))
        numbers = sorted(number for name in names if (number := lines.number_of(name)) is not None)
        return tuple(recall for number in numbers if (recall := self._recall(number)) is not None)

    def save(self, recall: Recall) -> None:
        """Remembers, replacing what was known but for the guard and what people said; the course goes on."""
        self._change(
            f"issue {recall.number}: {recall.state}",
            lambda: self._line(recall.number, kept(self._recall(recall.number), recall, self._at())),
        )

    def keep_guard(self, repository_id: int, number: int, change: Callable[[Guard], Guard]) -> Guard:
        """Changes what is known of the guard, which nobody else can change meanwhile; the guard as it is now."""
        changed = self._changed(repository_id, number, "guard", lambda recall: replace(recall, guard=change(recall.guard)))
        return changed.guard if changed else Guard()

    def keep_said(self, repository_id: int, number: int, change: Callable[[Corrections], Corrections]) -> Corrections:
        """The same for what people said of the recall."""
        changed = self._changed(repository_id, number, "said", lambda recall: replace(recall, said=change(recall.said)))
        return changed.said if changed else Corrections()

    def followed(self, repository_id: int, key: str) -> bool:
        """Whether the command of that key was followed already."""
        return repository_id == self._home.id and key in lines.read_keys(self._known().get(FOLLOWED, ""))

    def follow(self, repository_id: int, key: str) -> None:
        """Remembers that the command of that key was followed."""
        if repository_id == self._home.id:
            self._change(
                "followed a command", lambda: {FOLLOWED: lines.with_key(self._known().get(FOLLOWED, ""), key, self._at())}
            )

    def end_installation(self, _installation: int) -> int:
        """Nothing: no installation has to do with it."""
        return 0

    def _at(self) -> str:
        return self._now().isoformat(timespec="seconds")

    def _recall(self, number: int) -> Recall | None:
        found = lines.read(self._known().get(lines.place(number), ""))
        return found if found and (found.repository_id, found.number) == (self._home.id, number) else None

    def _line(self, number: int, recall: Recall) -> Files:
        path = lines.place(number)
        return {path: lines.written(self._known().get(path, ""), recall, self._at())}

    def _changed(self, repository_id: int, number: int, what: str, change: Callable[[Recall], Recall]) -> Recall | None:
        """The recall as it is after the change; None, and no change, where nothing is known of it."""

        def edit() -> Files:
            known = self.recall(repository_id, number)
            return self._line(number, moved_on(known, change(known), self._at())) if known else {}

        self._change(f"issue {number}: {what}", edit)
        return self.recall(repository_id, number)

    def _change(self, what: str, edit: Callable[[], Files]) -> None:
        """Makes the change on the tip that it was made for, as often as somebody else was faster."""
        for _ in range(_TRIES):
            known = self._known()
            files = {path: new for path, new in edit().items() if known.get(path, "") != new}
            if not files:
                return
            if self.unwritten or self._kept(what, files):
                known.update(files)
                return
            self._files = None
        raise TryLater(f"The branch {BRANCH} of {self._home.full_name} is written by too many at once.", soon())

    def _kept(self, what: str, files: Files) -> bool:
        """Whether the files are on the branch, or never will be; False where it moved and the change has to be made anew."""
        try:
            self._tip = self._commit(f"Remember {what}\n\n[skip ci]", files) if self._tip else self._begin(files)
        except TryLater:
            # An answer that was lost may hide a commit that was made: what stands there now tells.
            if self._standing() == self._tip:
                raise
            return False
        except GiveUp as refused:
            self.unwritten = str(refused)
        return True

    def _commit(self, message: str, files: Files) -> str:
        return self._drafts.commit(BRANCH, self._tip, message, files)

    def _begin(self, files: Files) -> str:
        """Makes the branch, with no parent: it cannot be merged into any other. Raises TryLater where somebody else just did."""
        home = self._home
        doing = f"making the branch {BRANCH} of {home.full_name}"
        whole = {"README.md": README} | files
        tree: list[TreeItem] = [
            {"path": path, "mode": "100644", "type": "blob", "content": content} for path, content in whole.items()
        ]
        planted = self._sha(doing, lambda rest: rest.git.create_tree(home.owner, home.name, tree=tree))
        message = "Begin to remember\n\n[skip ci]"
        born = self._sha(
            doing, lambda rest: rest.git.create_commit(home.owner, home.name, message=message, tree=planted, parents=[])
        )
        self._read(
            doing,
            lambda rest: rest.git.create_ref(home.owner, home.name, ref=f"refs/heads/{BRANCH}", sha=born),
            {**_refused(doing), 422: lambda response: _taken(doing, message_of(response))},
            WRITE_CODE,
        )
        return born

    def _sha(self, doing: str, verb: Verb) -> str:
        return text(self._read(doing, verb, _refused(doing), WRITE_CODE), "sha")

    def _known(self) -> Files:
        """The files as they stand, read once; with what was changed since."""
        if self._files is None:
            self._tip = self._standing()
            self._files = self._listed(self._tip) if self._tip else {}
        return self._files

    def _standing(self) -> str:
        """The commit that the branch is at; "" where there is none."""
        home = self._home
        found = self._find(
            f"reading the branch {BRANCH} of {home.full_name}",
            lambda rest: rest.git.get_ref(home.owner, home.name, f"heads/{BRANCH}"),
        )
        return text(at(record(found), "object"), "sha")

    def _listed(self, commit: str) -> Files:
        home, client = self._home, self._client(CODE)
        doing = f"reading the branch {BRANCH} of {home.full_name}"
        wanted = {"recalls": FOLDER, "followed": FOLLOWED}
        names = {"owner": home.owner, "name": home.name} | {name: f"{commit}:{path}" for name, path in wanted.items()}

        def send() -> Fields:
            try:
                return record(client.graphql.request(_READ, names))
            except GraphQLFailed:
                raise TryLater(f"GitHub could not answer while {doing}.", soon()) from None

        found = at(ask(doing, send, {401: self._token_refused}), "repository")
        files = {
            f"{FOLDER}/{text(entry, 'name')}": _content(at(entry, "object"))
            for entry in each(at(found, "recalls"), "entries", _MOST_FILES)
        }
        files[FOLLOWED] = _content(at(found, "followed"))
        return {path: content for path, content in files.items() if content}


def _content(blob: Fields) -> str:
    """A file's text. Raises TryLater where GitHub cut it: what is written then would lose the rest."""
    if flag(blob, "isTruncated"):
        raise TryLater(f"A file of the branch {BRANCH} is too large to be read.", soon())
    return text(blob, "text", _LONGEST_FILE)


def _refused(doing: str) -> Special:
    return {409: lambda response: GiveUp(f"GitHub refused (409) while {doing}: {message_of(response)}", State.FORBIDDEN)}


def _taken(doing: str, said: str) -> RecallError:
    if "already exists" in said:
        return TryLater(f"The branch {BRANCH} is there already.", soon())
    return GiveUp(f"GitHub refused (422) while {doing}: {said}", State.FORBIDDEN)
