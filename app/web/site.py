"""The site around the webhook: whether recall lives and can work, told without a detail, and what else is served."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.responses import PlainTextResponse

_SECONDS = 3.0


def create_site(ready: Callable[[], bool], stop: Callable[[], None], *routers: APIRouter) -> FastAPI:
    """`ready` may take its time and is asked on a thread; `stop` is called once no request is under way any more."""

    @asynccontextmanager
    async def lifespan(_site: FastAPI) -> AsyncIterator[None]:
        yield
        await asyncio.to_thread(stop)

    site = FastAPI(title="recall", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)

    @site.get("/healthz", response_class=PlainTextResponse)
    async def healthz() -> str:
        return "alive"

    @site.get("/readyz", response_class=PlainTextResponse)
    async def readyz() -> PlainTextResponse:
        try:
            well = await asyncio.wait_for(asyncio.to_thread(ready), _SECONDS)
        except TimeoutError:
            well = False
        return PlainTextResponse("ready" if well else "not ready", 200 if well else 503)

    for router in routers:
        site.include_router(router)
    return site
