"""What can be done to issues, by GitHub's rules; every verb tells the Apps that listen. Permissions are checked by the caller."""

from collections.abc import Sequence

from app.sandbox import issue_shapes as shapes
from app.sandbox import pull_shapes
from app.sandbox.auth import Caller
from app.sandbox.hub import Hub
from app.sandbox.refusals import Refused, invalid, not_found
from app.sandbox.shapes import repository as repository_shape
from app.sandbox.state import ROLES, Account, Comment, Event, Issue, Label, Reaction, Repository, enough
from app.sandbox.timeline import cross_reference, record
from app.sandbox.world import verb

BODY_CHARACTERS = 65_536
TITLE_CHARACTERS = 256


def actor(by: Caller) -> Account:
    """Whoever acts; raises the 401 of nobody."""
    if by.account is None:
        raise Refused(401, "Requires authentication")
    return by.account


def check_body(resource: str, body: str) -> None:
    """Refuses a text that is too long."""
    if len(body) > BODY_CHARACTERS:
        raise invalid(resource, "body", "custom", f"body is too long (maximum is {BODY_CHARACTERS} characters)")


def check_title(resource: str, title: str) -> None:
    """Refuses a title that is missing or too long."""
    if not title.strip():
        raise invalid(resource, "title", "missing_field")
    if len(title) > TITLE_CHARACTERS:
        raise invalid(resource, "title", "custom", f"title is too long (maximum is {TITLE_CHARACTERS} characters)")


@verb
def open_issue(hub: Hub, repository: Repository, by: Caller, title: str, body: str = "", labels: Sequence[str] = ()) -> Issue:
    """Opens an issue; labels of someone without triage rights are dropped silently."""
    if not repository.has_issues:
        raise Refused(410, "Issues has been disabled in this repository.")
    check_title("Issue", title)
    check_body("Issue", body)
    issue = add(hub, repository, by, title, body)
    issue.labels = [make_label(hub, repository, name) for name in labels if by.may(repository, "issues", "write", "triage")]
    tell(hub, "opened", issue, by)
    for label in issue.labels:
        _labeled(hub, issue, label, by)
    cross_reference(hub, issue, body, by)
    return issue


def add(hub: Hub, repository: Repository, by: Caller, title: str, body: str) -> Issue:
    """The next issue or pull request of a repository, before anyone is told of it."""
    now = hub.now()
    number = max(repository.issues, default=0) + 1
    issue = Issue(hub.new_id(), number, repository, title, body, actor(by), created_at=now, updated_at=now, via=by.via)
    repository.issues[number] = issue
    return issue


@verb
def edit(hub: Hub, issue: Issue, by: Caller, title: str | None = None, body: str | None = None) -> Issue:
    """Changes title and body; new mentions in the body leave their cross-references."""
    changes = {}
    if title is not None and title != issue.title:
        check_title("Issue", title)
        changes["title"] = {"from": issue.title}
        record(hub, issue, "renamed", actor(by), by.via).renamed = (issue.title, title)
        issue.title = title
    if body is not None and body != issue.body:
        check_body("Issue", body)
        changes["body"] = {"from": issue.body}
        issue.body = body
        cross_reference(hub, issue, body, by)
    issue.updated_at = hub.now()
    if changes:
        tell(hub, "edited", issue, by, changes=changes)
    return issue


@verb
def set_state(hub: Hub, issue: Issue, by: Caller, state: str, reason: str | None = None) -> Event | None:
    """Closes or opens an issue again; nothing happens if it is so already. `reason` may be `not_planned` or `duplicate`."""
    if state not in ("open", "closed"):
        raise invalid("Issue", "state", "invalid")
    if issue.state == state:
        return None
    issue.state = state
    closing = state == "closed"
    issue.state_reason = None if issue.pull else (reason or "completed") if closing else "reopened"
    issue.closed_at, issue.closed_by = (hub.now(), actor(by)) if closing else (None, None)
    event = record(hub, issue, "closed" if closing else "reopened", actor(by), by.via)
    event.state_reason = issue.state_reason
    tell(hub, event.kind, issue, by)
    return event


@verb
def comment(hub: Hub, issue: Issue, by: Caller, body: str) -> Comment:
    """Comments; refused on a locked issue to everyone without write access."""
    if not body.strip():
        raise invalid("IssueComment", "body", "missing_field")
    check_body("IssueComment", body)
    member = by.account is not None and enough(ROLES, issue.repository.role(by.account), "write")
    if issue.locked and not member:
        raise Refused(403, "Unable to create comment because issue is locked.")
    now = hub.now()
    made = Comment(hub.new_id(), actor(by), body, created_at=now, updated_at=now, via=by.via)
    issue.comments.append(made)
    record(hub, issue, "commented", actor(by), by.via).comment = made
    cross_reference(hub, issue, body, by)
    _tell_comment(hub, "created", issue, made, by)
    return made


@verb
def edit_comment(hub: Hub, repository: Repository, by: Caller, comment_id: int, body: str) -> tuple[Comment, Issue]:
    """Replaces the body of a comment; Apps and people without write access can change only their own."""
    made, issue = find_comment(repository, comment_id)
    if not body.strip():
        raise invalid("IssueComment", "body", "missing_field")
    check_body("IssueComment", body)
    if made.author is not by.account and not enough(ROLES, repository.role(by.account), "write"):
        raise Refused(403, "Resource not accessible by integration" if by.app else "Must have admin rights to Repository.")
    old, made.body, made.updated_at = made.body, body, hub.now()
    cross_reference(hub, issue, body, by)
    _tell_comment(hub, "edited", issue, made, by, changes={"body": {"from": old}})
    return made, issue


@verb
def delete_comment(hub: Hub, repository: Repository, by: Caller, comment_id: int) -> None:
    """Removes a comment from its issue and from the timeline."""
    made, issue = find_comment(repository, comment_id)
    issue.comments.remove(made)
    issue.events = [event for event in issue.events if event.comment is not made]
    _tell_comment(hub, "deleted", issue, made, by)


@verb
def react(hub: Hub, on: Comment, by: Caller, content: str) -> tuple[Reaction, bool]:
    """The account's reaction of that name to a comment, and whether it is new; no App is told of reactions."""
    if content not in shapes.REACTIONS:
        raise invalid("Reaction", "content", "invalid")
    known = next((one for one in on.reactions if one.account is actor(by) and one.content == content), None)
    if known is None:
        on.reactions.append(Reaction(hub.new_id(), actor(by), content, hub.now()))
    return known or on.reactions[-1], known is None


def find_comment(repository: Repository, comment_id: int) -> tuple[Comment, Issue]:
    """A comment of a repository with its issue; raises the 404 of an unknown one."""
    for issue in list(repository.issues.values()):
        for made in issue.comments:
            if made.id == comment_id and not issue.gone:
                return made, issue
    raise not_found()


@verb
def make_label(hub: Hub, repository: Repository, name: str, color: str = "ededed", description: str | None = None) -> Label:
    """The repository's label of that name, whatever its case, made when it is new."""
    if not name.strip() or len(name) > 50:
        raise invalid("Label", "name", "invalid")
    return repository.labels.setdefault(name.casefold(), Label(hub.new_id(), name, color, description))


@verb
def add_labels(hub: Hub, issue: Issue, by: Caller, names: Sequence[str]) -> list[Label]:
    """Puts labels on an issue; one delivery for each that was not there yet."""
    for name in names:
        label = make_label(hub, issue.repository, name)
        if label not in issue.labels:
            issue.labels.append(label)
            _labeled(hub, issue, label, by)
    return issue.labels


@verb
def remove_label(hub: Hub, issue: Issue, by: Caller, name: str) -> list[Label]:
    """Takes a label off an issue; raises the 404 of one that is not on it."""
    label = next((one for one in issue.labels if one.name.casefold() == name.casefold()), None)
    if label is None:
        raise Refused(404, "Label does not exist")
    issue.labels.remove(label)
    record(hub, issue, "unlabeled", actor(by), by.via).label = label
    tell(hub, "unlabeled", issue, by, label=shapes.label(hub, label, issue.repository))
    return issue.labels


@verb
def lock(hub: Hub, issue: Issue, by: Caller, reason: str | None = None) -> None:
    """Locks the conversation; a second time changes nothing."""
    if not issue.locked:
        issue.locked, issue.lock_reason = True, reason
        record(hub, issue, "locked", actor(by), by.via)
        tell(hub, "locked", issue, by)


@verb
def unlock(hub: Hub, issue: Issue, by: Caller) -> None:
    """Opens the conversation again."""
    if issue.locked:
        issue.locked, issue.lock_reason = False, None
        record(hub, issue, "unlocked", actor(by), by.via)
        tell(hub, "unlocked", issue, by)


@verb
def delete(hub: Hub, issue: Issue, by: Caller) -> None:
    """Deletes an issue; its address answers 410 from now on."""
    issue.gone = "deleted"
    tell(hub, "deleted", issue, by)


@verb
def transfer(hub: Hub, issue: Issue, by: Caller, to: Repository) -> Issue:
    """Moves an issue to another repository of the sandbox; its old address leads to the new one."""
    moved = add(hub, to, by, issue.title, issue.body)
    moved.author, moved.state, moved.state_reason = issue.author, issue.state, issue.state_reason
    moved.comments, moved.events = issue.comments, issue.events
    moved.labels = [make_label(hub, to, label.name) for label in issue.labels]
    record(hub, moved, "transferred", actor(by), by.via).from_repository = issue.repository.full_name
    new = {"new_issue": shapes.issue(hub, moved), "new_repository": repository_shape(hub, to)}
    tell(hub, "transferred", issue, by, changes=new)
    old = {"old_issue": shapes.issue(hub, issue), "old_repository": repository_shape(hub, issue.repository)}
    issue.gone, issue.moved_to = "transferred", moved
    tell(hub, "opened", moved, by, changes=old)
    return moved


@verb
def connect(hub: Hub, issue: Issue, pull: Issue, by: Caller, linked: bool = True) -> None:
    """Links a pull request to an issue by hand, or unlinks it; both timelines tell."""
    kind = "connected" if linked else "disconnected"
    record(hub, issue, kind, actor(by), by.via).subject = pull
    record(hub, pull, kind, actor(by), by.via).subject = issue


def tell(hub: Hub, action: str, issue: Issue, by: Caller, **facts: object) -> None:
    """Tells Apps what happened to an issue. Pull requests tell of themselves under their own event."""
    if issue.pull is None:
        hub.webhooks.tell("issues", action, issue.repository, actor(by), issue=shapes.issue(hub, issue), **facts)
    else:
        shown = pull_shapes.pull(hub, issue, full=True)
        hub.webhooks.tell("pull_request", action, issue.repository, actor(by), number=issue.number, pull_request=shown, **facts)


def _labeled(hub: Hub, issue: Issue, label: Label, by: Caller) -> None:
    record(hub, issue, "labeled", actor(by), by.via).label = label
    tell(hub, "labeled", issue, by, label=shapes.label(hub, label, issue.repository))


def _tell_comment(hub: Hub, action: str, issue: Issue, made: Comment, by: Caller, **facts: object) -> None:
    shown = {"issue": shapes.issue(hub, issue), "comment": shapes.comment(hub, made, issue)}
    hub.webhooks.tell("issue_comment", action, issue.repository, actor(by), **shown, **facts)
