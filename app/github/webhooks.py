"""Verifies webhook deliveries and reads the few fields recall uses; what is done about them is `app.workflows.plan`'s.

Bodies are read from raw JSON: typed models refuse real payloads. Whatever is missing or odd reads as absent.
"""

import hmac
import json
import re
from collections.abc import Mapping, Sequence

from app.domain.delivery import Actor, Delivery, Repository
from app.domain.errors import TellUser

_PREFIX = b"sha256="
_FULL_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}", re.ASCII)
_LARGEST_ID = 2**63 - 1
_MAX_NAME = 255
_MAX_TEXT = 70_000
_MAX_LABELS = 100

Fields = Mapping[str, object]


def verify(body: bytes, header: str | None, secrets: Sequence[str]) -> bool:
    """Whether `header` (`X-Hub-Signature-256`) signs these raw bytes with one of the secrets (two during a rotation).

    Compares in constant time. A missing, SHA-1, non-ASCII or otherwise odd header is simply not a signature.
    Source: docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries.
    """
    given = (header or "").encode("ascii", errors="replace")
    if not given.startswith(_PREFIX):
        return False
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
    subject = _object(payload, "issue") or _object(payload, "pull_request")
    return Delivery(
        id=_clean(guid, _MAX_NAME),
        event=_clean(event, _MAX_NAME),
        action=_text(payload, "action") or None,
        installation=_id(_object(payload, "installation")),
        repository=_repository(_object(payload, "repository")),
        sender=_actor(_object(payload, "sender")),
        number=_number(subject, "number"),
        label=_text(_object(payload, "label"), "name") or None,
        labels=_labels(subject),
        on_pull="pull_request" in payload or bool(_object(subject, "pull_request")),
        text=_prose(payload, subject),
    )


def _prose(payload: Fields, subject: Fields) -> str:
    """What may name other issues: a comment's body alone, else the title and body of the issue or pull request."""
    comment = _object(payload, "comment")
    if comment:
        return _text(comment, "body", _MAX_TEXT)
    parts = (_text(subject, "title", _MAX_TEXT), _text(subject, "body", _MAX_TEXT))
    return "\n\n".join(part for part in parts if part)


def _labels(subject: Fields) -> tuple[str, ...]:
    labels = subject.get("labels")
    if not isinstance(labels, list):
        return ()
    names = (_text(label, "name") for label in labels[:_MAX_LABELS] if isinstance(label, dict))
    return tuple(name for name in names if name)


def _repository(fields: Fields) -> Repository | None:
    number, full_name = _id(fields), _text(fields, "full_name")
    if number is None or not _FULL_NAME.fullmatch(full_name):
        return None
    private = "private" if fields.get("private") is True else "public"
    return Repository(
        id=number,
        full_name=full_name,
        visibility=_text(fields, "visibility") or private,
        default_branch=_text(fields, "default_branch") or "main",
        archived=fields.get("archived") is True,
    )


def _actor(fields: Fields) -> Actor | None:
    login = _text(fields, "login")
    return Actor(login, _text(fields, "type") or "User") if login else None


def _id(fields: Fields) -> int | None:
    return _number(fields, "id")


def _number(fields: Fields, key: str) -> int | None:
    value = fields.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 < value <= _LARGEST_ID else None


def _object(fields: Fields, key: str) -> Fields:
    value = fields.get(key)
    return value if isinstance(value, dict) else {}


def _text(fields: Fields, key: str, longest: int = _MAX_NAME) -> str:
    value = fields.get(key)
    return _clean(value, longest) if isinstance(value, str) else ""


def _clean(text: str, longest: int) -> str:
    """Without what a database or a log cannot hold: NUL bytes and lone surrogates become U+FFFD."""
    return text[:longest].replace("\0", "\ufffd").encode("utf-8", "surrogatepass").decode("utf-8", "replace")
