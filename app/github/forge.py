"""GitHub as recall sees one repository: the dozen verbs of `app.workflows.ports.Forge`, over githubkit.

Requests are githubkit's typed ones; answers are read from raw JSON, since its models refuse real ones. What refusals mean is
known to `failures`, who recall is to `auth`, what is linked to an issue to `linked` and `lookups`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from urllib.parse import quote

from githubkit.exception import GraphQLFailed

from app.analysis.links import candidates
from app.analysis.slash import without_commands
from app.domain.comment import Comment
from app.domain.delivery import Actor, Remote, Repository
from app.domain.errors import GiveUp, TellUser, TryLater
from app.domain.escape import Dropped, Escape, Issue
from app.domain.job import State
from app.domain.timeline import Pull, Timeline
from app.github import shapes
from app.github.auth import CODE, COMMENT, READ, Host, Tokens
from app.github.failures import SECONDARY, Special, ask, soon
from app.github.fields import LONGEST_TEXT, Fields, at, flag, number, objects, record, text
from app.github.line import Line
from app.github.linked import QUERY, read_linked
from app.github.lookups import Lookups, Said, Verb

_PAGE = 100
_MOST_PAGES = 20
_MOST_PEOPLE = 15
_TRIAGE = ("triage", "write", "maintain", "admin")
_LIKELY = ("OWNER", "MEMBER", "COLLABORATOR")


Labels = Callable[[], Collection[str]]


def _own_label() -> Collection[str]:
    return ("escaped-bug",)


class RepositoryForge(Line):
    """One repository, for the time of one job: its name, rights once asked and connections are kept, nothing else."""

    def __init__(self, host: Host, tokens: Tokens, repository: Repository, labels: Labels = _own_label) -> None:
        """`repository` is how the delivery called it; its numeric id decides. `labels` are asked for those whose setter is looked
        at, when that is needed.
        """
        super().__init__(host, tokens)
        self._called = repository
        self._labels = labels
        self._home: Repository | None = None
        self._rights: dict[str, bool] = {}

    def me(self) -> Actor:
        """The identity that recall's own comments carry (`slug[bot]`)."""
        return self._tokens.me()

    def repository(self) -> Repository:
        """The repository as it stands now, under its present name. Raises GiveUp where it is gone or out of reach."""
        called = self._called
        gone = GiveUp(f"{called.full_name} is gone, or recall is not installed there any more.", State.FORBIDDEN)
        answer = self._read(
            f"reading {called.full_name}", lambda rest: rest.repos.get(called.owner, called.name), {404: lambda _: gone}
        )
        self._home = shapes.repository(answer)
        if self._home is None or self._home.id != called.id:
            raise gone
        return self._home

    def issue(self, number: int) -> Issue:
        """The issue as it stands now. Raises GiveUp where it was deleted or transferred, TellUser for a pull request."""
        home = self._here()
        name = f"{home.full_name}#{number}"
        deleted = GiveUp(f"{name} was deleted.", State.DELETED)
        moved = GiveUp(f"{name} was transferred to another repository.", State.TRANSFERRED)
        # A transferred issue redirects to where it is now, and this repository's token mostly may not go there.
        special: Special = {
            403: lambda refused: moved if refused.raw_response.history else None,
            404: lambda refused: moved if refused.raw_response.history else deleted,
            410: lambda refused: moved if refused.raw_response.history else deleted,
        }
        answer = self._read(f"reading {name}", lambda rest: rest.issues.get(home.owner, home.name, number), special)
        where = text(answer, "repository_url", 1000).casefold()
        if where and not where.endswith(f"/{home.full_name.casefold()}"):
            raise moved
        if at(answer, "pull_request"):
            raise TellUser(f"{name} is a pull request: put the label on the issue that it fixes.")
        return shapes.issue(answer, home)

    def escape(self, issue: Issue, fix: str = "") -> Escape:
        """The issue with everything it links to, ranked; read from GitHub's own links, from its text and from the comments of
        people with triage rights. `fix` (`#482` or a sha) counts as their last answer.
        """
        home = self._here()
        lookups = Lookups(self._find, home, self._host.web_url)
        linked = read_linked(self._query, home, issue.number, self._labels())
        timeline = lookups.settle(linked.timeline)
        said = self._said_by_triage(issue.number)
        named_fix = (Said(fix, answers=True, asked=True),) if fix else ()
        texts = (Said(issue.title), Said(issue.body), *said, *named_fix)
        pulls = tuple(_pulls(timeline))
        known = {pull.number: pull for pull in pulls if pull.repository.casefold() == home.full_name.casefold()}
        named, missing = lookups.named(texts, issue.number, known)
        links, elsewhere = candidates(timeline, named)
        pulls = (*pulls, *(pull for entry in named if (pull := entry.pull or (entry.commit and entry.commit.pull))))
        cut = (Dropped("too-many"),) if linked.cut else ()
        best = next((place for place, link in enumerate(links) if link.acted_on), None)
        if best is not None:
            links = (*links[:best], lookups.whole(links[best], pulls), *links[best + 1 :])
        return Escape(
            issue=issue,
            links=links,
            dropped=tuple(dict.fromkeys((*elsewhere, *missing, *cut))),
            comments=tuple(comment.text for comment in said),
            labelled_at=linked.labelled_at,
            trusted=linked.labelled_by is not None and self.can_triage(linked.labelled_by.login),
        )

    def can_triage(self, login: str) -> bool:
        """Whether that login has triage rights or better here; asked once. Somebody unknown has none."""
        if login not in self._rights:
            home = self._here()
            answer = self._find(
                f"reading the rights of {login}",
                lambda rest: rest.repos.get_collaborator_permission_level(home.owner, home.name, quote(login, safe="")),
            )
            custom = flag(at(record(answer), "user", "permissions"), "triage")
            self._rights[login] = text(record(answer), "role_name") in _TRIAGE or custom
        return self._rights[login]

    def comments(self, number: int) -> tuple[Comment, ...]:
        """All comments of the issue, oldest first. Raises GiveUp where the issue is gone."""
        return tuple(comment for comment, _ in self._listed(number))

    def create_comment(self, number: int, body: str) -> Comment:
        """Posts a comment once; after a lost answer the caller has to look before it tries again."""
        home = self._here()
        name = f"{home.full_name}#{number}"
        answer = self._read(
            f"commenting on {name}",
            lambda rest: rest.issues.create_comment(home.owner, home.name, number, body=body),
            _deleted(name),
            COMMENT,
        )
        return _comment(answer)

    def update_comment(self, comment_id: int, body: str) -> Comment:
        """Replaces the body of a comment. Raises TryLater where somebody deleted it meanwhile: the job has to look again."""
        home = self._here()
        gone = TryLater(f"Comment {comment_id} on {home.full_name} was deleted meanwhile.")
        answer = self._read(
            f"updating comment {comment_id} on {home.full_name}",
            lambda rest: rest.issues.update_comment(home.owner, home.name, comment_id, body=body),
            {404: lambda _: gone},
            COMMENT,
        )
        return _comment(answer)

    def remote(self) -> Remote:
        """Where the code is fetched from, with a token that can only read it."""
        return Remote(f"{self._host.web_url}/{self._here().full_name}.git", self._tokens.token(CODE))

    def _here(self) -> Repository:
        return self._home or self.repository()

    def _said_by_triage(self, number: int) -> tuple[Said, ...]:
        """The comments of people with triage rights. Of many writers the likely ones are asked about, then the first ones."""
        me = self.me().login.casefold()
        asked, written, people = False, list[tuple[str, Said]](), dict[str, bool]()
        for comment, likely in self._listed(number):
            login = comment.author.login if comment.author else ""
            if login.casefold() == me:
                asked = True
            elif login:
                written.append((login, Said(without_commands(comment.body), answers=True, asked=asked)))
                people[login] = likely
        first = sorted(people, key=lambda login: not people[login])[:_MOST_PEOPLE]
        heard = {login for login in first if self.can_triage(login)}
        return tuple(said for login, said in written if login in heard)

    def _listed(self, number: int) -> Iterator[tuple[Comment, bool]]:
        """The comments, each with whether GitHub calls its author somebody of the house."""
        home = self._here()
        name = f"{home.full_name}#{number}"
        for page in range(1, _MOST_PAGES + 1):
            answer = self._answer(f"reading the comments of {name}", self._comments_page(number, page), _deleted(name))
            yield from ((_comment(entry), text(entry, "author_association") in _LIKELY) for entry in objects(answer.json()))
            if "next" not in answer.raw_response.links:
                return

    def _comments_page(self, number: int, page: int) -> Verb:
        home = self._here()
        return lambda rest: rest.issues.list_comments(home.owner, home.name, number, per_page=_PAGE, page=page)

    def _query(self, variables: Mapping[str, object]) -> Fields:
        """The data of `issue.graphql`, as far as the token may see it."""
        name = f"{variables['owner']}/{variables['name']}#{variables['number']}"
        client = self._client(READ)

        def send() -> Fields:
            try:
                return client.graphql.request(QUERY, dict(variables))
            except GraphQLFailed as error:
                return _partial(name, error)

        return ask(f"reading the links of {name}", send, {401: self._token_refused})


def _partial(name: str, error: GraphQLFailed) -> Fields:
    """What can be used of an answer with errors: all that the token may see. Source: the errors GitHub documents in its pages
    on rate limits and on permissions of Apps.
    """
    data, errors = error.response.data or {}, error.response.errors or []
    if any(SECONDARY.search(entry.message) for entry in errors):
        raise TryLater(f"GitHub's secondary rate limit was reached while reading the links of {name}.", soon())
    if at(data, "repository", "issue"):
        return data
    kinds = {entry.type for entry in errors}
    if "NOT_FOUND" in kinds:
        raise GiveUp(f"{name} was deleted.", State.DELETED)
    if "FORBIDDEN" in kinds:
        raise GiveUp(f"recall may not read the links of {name}: accept its permissions anew.", State.FORBIDDEN)
    raise TryLater(f"GitHub could not answer while reading the links of {name}.")


def _pulls(timeline: Timeline) -> Iterator[Pull]:
    yield from timeline.closing
    for happening in timeline.happenings:
        yield from (pull for pull in (happening.pull, happening.commit.pull if happening.commit else None) if pull)


def _deleted(name: str) -> Special:
    gone = GiveUp(f"{name} was deleted.", State.DELETED)
    return {404: lambda _: gone, 410: lambda _: gone}


def _comment(fields: Fields) -> Comment:
    return Comment(number(fields, "id") or 0, shapes.actor(at(fields, "user")), text(fields, "body", LONGEST_TEXT))
