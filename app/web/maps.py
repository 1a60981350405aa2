"""Test maps over HTTP: `PUT /maps` takes one from a CI run, `GET /maps/OWNER/NAME/…` gives them to whoever may read them.

Who may do what is decided by `app.workflows`; here are only the bounds of a body and the status of each refusal. Everything that
waits or computes runs on threads of its own, so that no webhook waits behind a map.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import TypeVar

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from app.analysis.testmap.wire import Json, covers_json, map_json
from app.domain.errors import NotAllowed
from app.domain.testmap import Maps, TestMap
from app.web.answers import Refusal, answering, token_of
from app.workflows.ports import Gate
from app.workflows.read_maps import readable
from app.workflows.take_map import admit, take_map

PATH = "/maps"
HELD_AT_ONCE = 256 << 20
"""Bytes of bodies in memory, of all senders together."""

_OPENED_AT_ONCE = 2
_LATER = {"retry-after": "20", "connection": "close"}
_SECONDS = 120.0
_NONE = "No test map of that commit is kept here."

Made = TypeVar("Made")
log = structlog.get_logger(__name__)


class Desk:
    """Takes and gives the maps that lie behind one gate."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._threads = ThreadPoolExecutor(4, "recall-maps")
        self._places = asyncio.Semaphore(_OPENED_AT_ONCE)
        self._held = 0

    def routes(self) -> APIRouter:
        """The addresses."""
        router = APIRouter(prefix=PATH)
        for method, path, act in (
            ("PUT", "", self._put),
            ("GET", "/{owner}/{name}", self._commits),
            ("GET", "/{owner}/{name}/{commit}", self._map),
            ("GET", "/{owner}/{name}/{commit}/cover", self._cover),
        ):
            router.add_api_route(path, answering(act), methods=[method], response_model=None)
        return router

    async def _put(self, request: Request) -> Response:
        largest = self._gate.limits.size
        too_large = Refusal(413, f"A map has at most {largest >> 20} MiB. Upload it in shards.", {"connection": "close"})
        announced = request.headers.get("content-length", "0")
        if not announced.isascii() or not announced.isdigit() or len(announced) > 12 or int(announced) > largest:
            raise too_large
        sender = await self._on_thread(partial(admit, token_of(request), self._gate))
        body = bytearray()
        try:
            await self._read(request, body, largest, too_large)
            async with self._places:
                sentence = await self._on_thread(lambda: take_map(sender, bytes(body), self._gate))
        finally:
            self._held -= len(body)
        log.info("map kept", repository=sender.run.repository, run=sender.run.name, commit=sender.run.commit, sentence=sentence)
        return PlainTextResponse(f"{sentence}\n", 201)

    async def _read(self, request: Request, body: bytearray, largest: int, too_large: Refusal) -> None:
        """The body, never more of it in memory than is allowed, whatever its announced length says."""
        try:
            async with asyncio.timeout(_SECONDS):
                async for chunk in request.stream():
                    self._held += len(chunk)
                    body += chunk
                    if len(body) > largest:
                        raise too_large
                    if self._held > HELD_AT_ONCE:
                        raise Refusal(503, "Too many maps at once. Send it again later.", _LATER)
        except TimeoutError:
            raise Refusal(503, "The map took too long to arrive. Send it again later.", _LATER) from None

    async def _commits(self, request: Request) -> Response:
        found = await self._on_thread(lambda: sorted(self._maps(request).commits()))
        return JSONResponse({"commits": found})

    async def _map(self, request: Request) -> Response:
        return JSONResponse(await self._on_thread(lambda: map_json(self._map_of(request))))

    async def _cover(self, request: Request) -> Response:
        path = request.query_params.get("path", "")

        def covers() -> list[Json]:
            return covers_json(self._map_of(request).covers([path]).get(path, ()))

        return JSONResponse(await self._on_thread(covers))

    def _maps(self, request: Request) -> Maps:
        name = f"{request.path_params['owner']}/{request.path_params['name']}"
        return self._gate.shelf.maps(readable(token_of(request), name, self._gate))

    def _map_of(self, request: Request) -> TestMap:
        maps, commit = self._maps(request), request.path_params["commit"]
        if commit not in maps.commits():
            raise NotAllowed(_NONE)
        return maps.at(commit)

    async def _on_thread(self, act: Callable[[], Made]) -> Made:
        return await asyncio.get_running_loop().run_in_executor(self._threads, copy_context().run, act)
