"""How GitHub says no: the status, the message and the header that name why; who refuses what is the other modules' knowledge."""

from collections.abc import Mapping, Sequence
from typing import Any

Refusals = Sequence[Mapping[str, Any]]


class Refused(Exception):
    """A refusal as GitHub words it. `errors` is the list of a 422; `headers` go into the answer as they are."""

    def __init__(self, status: int, message: str, errors: Refusals = (), headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        told: dict[str, Any] = {"message": self.message}
        if self.errors:
            told["errors"] = list(self.errors)
        return {**told, "documentation_url": "https://docs.github.com/rest", "status": str(self.status)}


def not_found() -> Refused:
    """The answer for what does not exist and for what the caller may not even know of."""
    return Refused(404, "Not Found")


def forbidden(permission: str, level: str) -> Refused:
    """The answer to a token that lacks a permission; the header names what would have been enough."""
    return Refused(
        403, "Resource not accessible by integration", headers={"X-Accepted-GitHub-Permissions": f"{permission}={level}"}
    )


def invalid(resource: str, field: str, code: str, message: str | None = None) -> Refused:
    """A validation failure of one field. `code` is `missing`, `missing_field`, `invalid`, `already_exists` or `custom`."""
    error = {"resource": resource, "field": field, "code": code}
    if message:
        error["message"] = message
    return Refused(422, "Validation Failed", [error])


def against_rules(doing: str) -> Refused:
    """The answer where a ruleset forbids it. Source: github.com/neondatabase/neonctl/pull/498 shows one to `POST /git/refs`."""
    return Refused(422, f"Repository rule violations found\n\nCannot {doing} due to the rules of this repository.\n\n")
