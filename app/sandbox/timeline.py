"""What a text or a push leaves behind on the issues it names: cross-references, closing links and referenced commits."""

from app.sandbox.auth import Caller
from app.sandbox.references import Reference, references
from app.sandbox.state import Account, App, Event, Issue, Repository
from app.sandbox.world import World


def record(world: World, on: Issue, kind: str, actor: Account | None, via: App | None = None) -> Event:
    """Adds an event to an issue's timeline; the caller fills what the kind needs."""
    event = Event(id=world.new_id(), kind=kind, actor=actor, created_at=world.now(), via=via)
    on.events.append(event)
    on.updated_at = event.created_at
    return event


def find(world: World, reference: Reference, home: Repository) -> Issue | None:
    """The issue a reference means, if it is there."""
    repository = world.repositories.get((reference.repository or home.full_name).casefold())
    issue = repository.issues.get(reference.number) if repository else None
    return issue if issue and not issue.gone else None


def cross_reference(world: World, source: Issue, text: str, by: Caller) -> None:
    """Leaves one `cross-referenced` event per source on every issue that the text names."""
    for reference in references(text):
        target = find(world, reference, source.repository)
        if target is None or target is source or not by.sees(target.repository):
            continue
        if not any(event.source is source and event.kind == "cross-referenced" for event in target.events):
            record(world, target, "cross-referenced", by.account, by.via).source = source


def closes(world: World, pull: Issue) -> list[Issue]:
    """The issues a pull request closes when it is merged: named by a keyword in its description, if it targets the default
    branch, in their own repository or another one.
    """
    if pull.pull is None or pull.pull.base_ref != pull.repository.default_branch:
        return []
    named = [find(world, one, pull.repository) for one in references(pull.body) if one.closing]
    return [issue for issue in named if issue and not issue.pull]


def connected(issue: Issue) -> list[Issue]:
    """The pull requests linked by hand to an issue and not unlinked since, in the order of linking."""
    linked: dict[int, Issue] = {}
    for event in issue.events:
        if event.subject is None:
            continue
        if event.kind == "connected":
            linked[event.subject.id] = event.subject
        elif event.kind == "disconnected":
            linked.pop(event.subject.id, None)
    return list(linked.values())


def closing_pulls(world: World, issue: Issue) -> list[Issue]:
    """The pull requests linked to an issue, by keyword or by hand, oldest first."""
    by_keyword = [
        pull for repository in list(world.repositories.values()) for pull in repository.pulls() if issue in closes(world, pull)
    ]
    both = {pull.id: pull for pull in [*by_keyword, *connected(issue)] if not pull.gone}
    return [both[key] for key in sorted(both)]


def reference_commit(world: World, repository: Repository, sha: str, message: str, by: Caller) -> list[Issue]:
    """Leaves `referenced` events for a pushed commit; gives the issues its message closes."""
    closing = []
    for reference in references(message, markdown=False):
        target = find(world, reference, repository)
        if target is None or not by.sees(target.repository):
            continue
        if not any(event.kind == "referenced" and event.commit == sha for event in target.events):
            event = record(world, target, "referenced", by.account, by.via)
            event.commit, event.commit_repository = sha, repository
        if reference.closing and not target.pull:
            closing.append(target)
    return closing
