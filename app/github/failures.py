"""What GitHub's refusals mean for a job: wait, give up, or tell a person. Sources: docs.github.com's pages on rate limits,
and the observed refusals that each rule names.

A sentence made here is read by people and written to logs, so nothing secret may come into it.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from githubkit.exception import GitHubException, RateLimitExceeded, RequestFailed, RequestTimeout
from githubkit.response import Response

from app.domain.errors import GiveUp, RecallError, TellUser, TryLater
from app.domain.job import State
from app.github.fields import Fields, each, text

_SECRETS = re.compile(
    r"gh[a-z]_[A-Za-z0-9._-]{20,}"
    r"|github_pat_[A-Za-z0-9_]{20,}"
    r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"
    r"|-----BEGIN [A-Z ]+-----.*?(?:-----END [A-Z ]+-----|\Z)",
    re.DOTALL,
)
SECONDARY = re.compile(r"secondary rate|abuse detection", re.IGNORECASE)
_AT_LEAST = timedelta(minutes=1)  # what GitHub asks for where it names no moment

# Refusals that no waiting changes, told by their words since GitHub has no codes for them.
FINAL = (
    (re.compile(r"archived", re.IGNORECASE), State.ARCHIVED),
    (re.compile(r"\blocked\b", re.IGNORECASE), State.LOCKED),
    (re.compile(r"suspended", re.IGNORECASE), State.SUSPENDED),
)

Answer = TypeVar("Answer")
Special = Mapping[int, Callable[[Response[Any]], RecallError | None]]


def without_secrets(sentence: str) -> str:
    """The text with everything that looks like a token, a JWT or a private key blotted out."""
    return _SECRETS.sub("(secret)", sentence)


def ask(doing: str, send: Callable[[], Answer], special: Special | None = None) -> Answer:
    """What `send` answers. `doing` completes "while …"; `special` makes the error for a status that means more to the
    caller, or None where it does not after all.

    Raises TryLater for limits, time-outs and server errors, GiveUp for final refusals, TellUser where a person has to act.
    The original error is left behind on purpose: it holds the request.
    """
    try:
        return send()
    except GitHubException as error:
        failure = _failure(doing, error, special or {})
    except ValueError:
        failure = TryLater(f"GitHub's answer could not be read while {doing}.", soon())
    raise failure from None


def _failure(doing: str, error: GitHubException, special: Special) -> RecallError:
    if isinstance(error, RateLimitExceeded):
        moment = datetime.now(UTC) + max(error.retry_after, timedelta(seconds=1))
        return TryLater(f"GitHub's rate limit was reached while {doing}; going on at {moment:%H:%M:%S} UTC.", moment)
    if isinstance(error, RequestFailed):
        return _refusal(doing, error.response, special)
    if isinstance(error, RequestTimeout):
        return TryLater(f"GitHub did not answer in time while {doing}.")
    return TryLater(f"GitHub could not be reached while {doing}.")


def _refusal(doing: str, response: Response[Any], special: Special) -> RecallError:
    status, said = response.status_code, message(response)
    if status in special and (meant := special[status](response)):
        return meant
    if status >= 500:
        return TryLater(f"GitHub answered {status} while {doing}.")
    if status == 429 or (status == 403 and SECONDARY.search(said)):
        return TryLater(f"GitHub's secondary rate limit was reached while {doing}.", soon())
    if status == 401:
        return TryLater(f"GitHub no longer takes the token it gave, while {doing}.")
    if status in (403, 404, 410, 451):
        return _final(doing, response, said)
    return TellUser(f"GitHub refused ({status}) while {doing}: {said}")


def _final(doing: str, response: Response[Any], said: str) -> GiveUp:
    state = next((state for words, state in FINAL if words.search(said)), State.FORBIDDEN)
    wanted = without_secrets(response.headers.get("x-accepted-github-permissions", ""))[:200]
    remedy = f" (it takes the permission {wanted}; accept it in the installation's settings)" if wanted else ""
    return GiveUp(f"GitHub refused ({response.status_code}) while {doing}: {said}{remedy}", state)


def message(response: Response[Any]) -> str:
    """GitHub's own words for a refusal, without secrets, in one line of at most 300 characters."""
    try:
        body = response.json()
    except ValueError:
        return "it gave no reason"
    fields: Fields = body if isinstance(body, dict) else {}
    details = [text(entry, "message") for entry in each(fields, "errors", 5)]
    words = " ".join(part for part in (text(fields, "message", 1000), *details) if part)
    return without_secrets(" ".join(words.split()))[:300] or "it gave no reason"


def soon() -> datetime:
    """The earliest moment to try again where GitHub named none."""
    return datetime.now(UTC) + _AT_LEAST
