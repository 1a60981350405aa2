"""The tables of `docs/permissions.md`, from those of `app.github.permissions` and `app.workflows.plan`."""

from collections.abc import Iterable, Iterator

from app.github.auth import Permissions
from app.github.permissions import CALLS, GRAPHQL, NEEDS, Feature, address, together
from app.render.words import plain
from app.workflows.plan import EVENTS

PATH = "docs/permissions.md"
_TIERS = (
    ("Comment only", (Feature.READ, Feature.COMMENT, Feature.COMMANDS, Feature.DIGEST)),
    ("and remarks in review", (Feature.REMARK,)),
    ("and check runs", (Feature.CHECK,)),
    ("and why a change was green", (Feature.GREEN,)),
    ("and test maps and proofs", (Feature.MAPS,)),
    ("and drafts", (Feature.DRAFT,)),
    ("and starting workflows", (Feature.DISPATCH,)),
)
# GitHub offers an event only to an App with that permission; buttons and *Re-run* of check runs are told to those that may write
# them. Source: docs.github.com, "Webhook events and payloads".
_EVENTS = {
    "check_run": ({"checks": "write"}, "its buttons, and *Re-run*, on the check runs that recall wrote"),
    "issue_comment": ({"issues": "read"}, "commands, and links to the fix that people write"),
    "issues": ({"issues": "read"}, "the label that marks an escape, and the boxes of the digest"),
    "pull_request": ({"pull_requests": "read"}, "the fix as it comes along, drafts, and remarks in review"),
    "push": ({"contents": "read"}, "a changed `.github/recall.yml`, whose mistakes are told on its commit"),
    "workflow_run": ({"actions": "read"}, "test maps and receipts of runs that ended"),
}


def section() -> str:
    """The tiers, what each feature needs and what happens without, which events there are, and which request takes what."""
    return "\n".join((*_tiers(), "", *_features(), "", *_events(), "", *_requests()))


def _tiers() -> Iterator[str]:
    yield "## Tiers\n\nEach row has everything above it, too.\n\n| tier | permissions that it adds or raises |\n|---|---|"
    had: Permissions = {}
    features: tuple[Feature, ...] = ()
    for name, added in _TIERS:
        features += added
        has = together(features)
        yield f"| {name} | {_needs({key: level for key, level in has.items() if had.get(key) != level}) or 'nothing more'} |"
        had = has


def _features() -> Iterator[str]:
    yield "## Features\n\n| what | needs | without it |\n|---|---|---|"
    for feature in Feature:
        without = plain().say("permission", f"without-{feature}", needs=[])
        yield f"| {plain().say('permission', feature)} | {_needs(NEEDS[feature])} | {_cause(without)} |"


def _cause(without: str) -> str:
    """The sentence without its end, which repeats what the column beside it says."""
    return without.partition(": ")[0] + "."


def _events() -> Iterator[str]:
    yield "## Events\n\nWhat the App is subscribed to; without one, what it is for is not seen.\n"
    yield "| event | what for | offered with |\n|---|---|---|"
    for event in sorted(EVENTS):
        needs, why = _EVENTS[event]
        yield f"| *{_title(event)}* (`{event}`) | {why} | {_needs(needs)} |"


def _title(event: str) -> str:
    """The event as GitHub's settings page names it."""
    return event.replace("_", " ").capitalize()


def _requests() -> Iterator[str]:
    yield "## Requests\n\n| request | needs |\n|---|---|"
    rows = ((address(verb), needs) for verb, needs in CALLS.items())
    for found, needs in sorted(rows, key=lambda row: (row[0].path, row[0].method)):
        yield f"| [`{found.method} {found.path}`]({found.page}) | {_needs(needs) or 'the key of the App itself'} |"
    for name, needs in sorted(GRAPHQL.items()):
        yield f"| GraphQL `{name}` | {_needs(needs)} |"
    yield "| `git fetch` | Contents: read |"


def _needs(needs: Permissions) -> str:
    return ", ".join(_named(needs.items()))


def _named(needs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for permission, level in sorted(needs):
        yield plain().say("permission", "need", permission=permission.replace("_", " "), level=level)
