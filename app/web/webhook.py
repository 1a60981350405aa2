"""Answers `/webhook`, ahead of the framework's router: bounded, verified, kept durably, and only then answered.

What a delivery means and how it is kept are not known here.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from concurrent.futures import Future

import structlog
from fastapi import Request, Response
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from app.domain.delivery import Delivery
from app.domain.errors import TellUser, TryLater
from app.github.webhooks import read, verify

PATH = "/webhook"
LARGEST = 25 * 1024 * 1024
"""Bytes; GitHub sends no delivery that is larger."""

_HELD_AT_ONCE = 8 * LARGEST
_SECONDS = 10.0  # GitHub itself waits no longer for an answer
_SMALL = 256 * 1024
_GUID = re.compile(r"[A-Za-z0-9-]{1,100}", re.ASCII)
_EVENT = re.compile(r"[a-z_]{1,100}", re.ASCII)

Take = Callable[[Delivery], "Future[int] | None"]
"""Keeps a delivery; the number of jobs entered for it once that is durable, None where it asks for nothing."""

log = structlog.get_logger(__name__)


class Refusal(Exception):
    """The answer to a request that is not taken."""

    def __init__(self, status: int, sentence: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status, self.headers = status, headers or {}


class Webhook:
    """An ASGI application that answers `/webhook` itself and leaves the rest to `app`."""

    def __init__(self, app: ASGIApp, secrets: Sequence[str], take: Take) -> None:
        self._app, self._secrets, self._take = app, tuple(secrets), take
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            status, sentence = await self._answer(request)
            response = Response(sentence, status, media_type="text/plain")
        except Refusal as refusal:
            log.info("delivery refused", status=refusal.status, reason=str(refusal))
            response = Response(str(refusal), refusal.status, refusal.headers, media_type="text/plain")
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> tuple[int, str]:
        if request.method != "POST":
            raise Refusal(405, "Deliveries come by POST.", {"allow": "POST"})
        body = await self._body(request)
        if not verify(body, request.headers.get("x-hub-signature-256"), self._secrets):
            raise Refusal(401, "The signature is missing or wrong: the webhook secret has to be the same on both sides.")
        guid, event = request.headers.get("x-github-delivery", ""), request.headers.get("x-github-event", "")
        if not _GUID.fullmatch(guid) or not _EVENT.fullmatch(event):
            raise Refusal(400, "X-GitHub-Delivery or X-GitHub-Event is missing or malformed.")
        with bound_contextvars(delivery=guid, github_event=event):
            if event == "ping":
                log.info("pinged")
                return 200, "recall is here."
            return await self._keep(event, guid, body)

    async def _keep(self, event: str, guid: str, body: bytes) -> tuple[int, str]:
        try:
            large = len(body) > _SMALL
            delivery = await asyncio.to_thread(read, event, guid, body) if large else read(event, guid, body)
        except TellUser as error:
            raise Refusal(400, str(error)) from None
        kept = await asyncio.to_thread(self._take, delivery)  # it may ask the database, which may be busy
        if kept is None:
            log.info("delivery asks for nothing", action=delivery.action)
            return 202, "Nothing to do."
        try:
            entered = await asyncio.wrap_future(kept)
        except TryLater as error:
            raise Refusal(503, f"{error} Deliver it again later.") from None
        log.info("delivery kept", action=delivery.action, entered=entered)
        return 202, "Kept."

    async def _body(self, request: Request) -> bytes:
        """The raw body, never more of it in memory than is allowed, whatever its announced length says."""
        too_large = Refusal(413, f"A delivery has at most {LARGEST:,} bytes.", {"connection": "close"})
        announced = request.headers.get("content-length", "0")
        if not announced.isascii() or not announced.isdigit():
            raise Refusal(400, "Content-Length is malformed.", {"connection": "close"})
        if len(announced) > 12 or int(announced) > LARGEST:
            raise too_large
        body = bytearray()
        try:
            async with asyncio.timeout(_SECONDS):
                async for chunk in request.stream():
                    self._held += len(chunk)
                    body += chunk
                    if len(body) > LARGEST:
                        raise too_large
                    if self._held > _HELD_AT_ONCE:
                        raise Refusal(503, "Too much at once. Deliver it again later.", {"connection": "close"})
        except TimeoutError:
            raise Refusal(408, "The delivery took too long to arrive.", {"connection": "close"}) from None
        finally:
            self._held -= len(body)
        return bytes(body)
