"""What every address but the webhook's has in common: who asks stands in one header, a refusal is a status and a sentence."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog
from fastapi import Request, Response
from fastapi.responses import PlainTextResponse
from starlette.requests import ClientDisconnect

from app.domain.errors import GiveUp, NotAllowed, RecallError, TellUser, TryLater, Unproven

_TOKEN = re.compile(r"bearer ([\x21-\x7e]{1,16384})", re.ASCII | re.IGNORECASE)

log = structlog.get_logger(__name__)


class Refusal(Exception):
    """The answer to a request that is not served."""

    def __init__(self, status: int, sentence: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status, self.headers = status, headers or {}


def answering(act: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that tells every refusal by its status and one sentence."""

    async def answer(request: Request) -> Response:
        try:
            return await act(request)
        except ClientDisconnect:
            return Response(status_code=400)
        except RecallError as error:
            refusal = _refusal(error, reading=request.method == "GET")
        except Refusal as error:
            refusal = error
        log.info("request refused", method=request.method, status=refusal.status, reason=str(refusal))
        return PlainTextResponse(f"{refusal}\n", refusal.status, refusal.headers)

    return answer


def _refusal(error: RecallError, *, reading: bool) -> Refusal:
    """Where something is read, what one may not see is not there."""
    sentence = str(error)
    match error:
        case Unproven():
            return Refusal(401, sentence, {"www-authenticate": "Bearer"})
        case NotAllowed() | GiveUp():
            return Refusal(404 if reading else 403, sentence)
        case TellUser():
            return Refusal(422, sentence)
    wait = (error.at - datetime.now(UTC)).total_seconds() if isinstance(error, TryLater) and error.at else 5.0
    return Refusal(503, sentence, {"retry-after": str(max(1, round(wait)))})


def token_of(request: Request) -> str:
    """The token that a request brings. Raises Unproven where there is none."""
    found = _TOKEN.fullmatch(request.headers.get("authorization", ""))
    if found is None:
        raise Unproven("A token is needed: Authorization: Bearer, with the OIDC token of the run or a token of GitHub.")
    return found[1]
