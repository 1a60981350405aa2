"""Verifies webhook deliveries and reads the few fields recall uses; what is done about them is `app.workflows.plan`'s.

Bodies are read from raw JSON: typed models refuse real payloads. Whatever is missing or odd reads as absent.
"""

import hmac
import json
from collections.abc import Sequence

from app.analysis.settings.keys import PATH as CONFIGURATION
from app.domain.delivery import Delivery, RunSaid
from app.domain.errors import TellUser
from app.github.fields import LONGEST_NAME, LONGEST_TEXT, Fields, at, clean, each, flag, number, text
from app.github.shapes import actor, repository

_PREFIX = b"sha256="
_MAX_LABELS = 100
_MAX_COMMITS = 2048  # what GitHub tells of one push
_MAX_REF = 1000


def verify(body: bytes, header: str | None, secrets: Sequence[str]) -> bool:
    """Whether `header` (`X-Hub-Signature-256`) signs these raw bytes with one of the secrets (two during a rotation).

    Compares in constant time. A missing, SHA-1, non-ASCII or otherwise odd header is simply not a signature.
    Source: docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries.
    """
    given = (header or "").encode("ascii", errors="replace")
    matches = [
        hmac.compare_digest(given, _PREFIX + hmac.new(secret.encode(), body, "sha256").hexdigest().encode())
        for secret in secrets
        if secret
    ]
    return any(matches)


def read(event: str, guid: str, body: bytes) -> Delivery:
    """The delivery in `body`, every text cut to a sane length. Raises `TellUser` where the body is not a JSON object."""
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise TellUser("The delivery is not JSON; set the webhook's content type to application/json.") from error
    if not isinstance(payload, dict):
        raise TellUser("The delivery is not a JSON object; only GitHub's webhooks are understood here.")
    run = at(payload, "workflow_run")
    subject = at(payload, "issue") or at(payload, "pull_request")
    comment = at(payload, "comment")
    return Delivery(
        id=clean(guid, LONGEST_NAME),
        event=clean(event, LONGEST_NAME),
        action=text(payload, "action") or None,
        installation=number(at(payload, "installation"), "id"),
        repository=repository(at(payload, "repository")),
        sender=actor(at(payload, "sender")),
        number=number(run, "id") if run else number(subject, "number"),
        label=text(at(payload, "label"), "name") or None,
        labels=tuple(name for label in each(subject, "labels", _MAX_LABELS) if (name := text(label, "name"))),
        on_pull="pull_request" in payload or bool(at(subject, "pull_request")),
        text="" if run else _prose(comment, subject),
        run=RunSaid(text(run, "event"), text(run, "head_branch"), number(at(run, "head_repository"), "id")) if run else None,
        comment=number(comment, "id"),
        author=actor(at(comment or subject, "user")),
        before=text(at(payload, "changes", "body"), "from", LONGEST_TEXT),
        button=text(at(payload, "requested_action"), "identifier"),
        check=text(at(payload, "check_run"), "external_id"),
        rebased=bool(at(payload, "changes", "base")),
        configures=_configures(payload),
    )


def _configures(payload: Fields) -> bool:
    """Whether a push changed the configuration on the default branch; one that took commits away, or has more than are told, may
    have. Source: docs.github.com, "Webhook events and payloads", push.
    """
    home = at(payload, "repository")
    if text(payload, "ref", _MAX_REF) != f"refs/heads/{text(home, 'default_branch')}" or flag(payload, "deleted"):
        return False
    commits = list(each(payload, "commits", _MAX_COMMITS))
    touched = (commit.get(how) for commit in commits for how in ("added", "modified", "removed"))
    named = any(isinstance(paths, list) and CONFIGURATION in paths for paths in touched)
    return named or flag(payload, "forced") or len(commits) == _MAX_COMMITS


def _prose(comment: Fields, subject: Fields) -> str:
    """What may name other issues: a comment's body alone, else the title and body of the issue or pull request."""
    if comment:
        return text(comment, "body", LONGEST_TEXT)
    parts = (text(subject, "title", LONGEST_TEXT), text(subject, "body", LONGEST_TEXT))
    return "\n\n".join(part for part in parts if part)
