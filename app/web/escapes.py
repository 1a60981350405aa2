"""`GET /escapes/OWNER/NAME`: tells those who may read a repository which of its past escapes there are to prove or challenge."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from app.analysis.past import escapes_json, past_escapes
from app.web.answers import answering, token_of
from app.workflows.ports import Gate
from app.workflows.read_maps import readable

PATH = "/escapes"


def escapes(gate: Gate) -> APIRouter:
    """The address, behind the same gate as the test maps."""
    threads = ThreadPoolExecutor(2, "recall-escapes")

    async def told(request: Request) -> Response:
        name = f"{request.path_params['owner']}/{request.path_params['name']}"
        token = token_of(request)

        def asked() -> dict[str, object]:
            return escapes_json(name, past_escapes(gate.recalls(readable(token, name, gate))))

        found = await asyncio.get_running_loop().run_in_executor(threads, copy_context().run, asked)
        return JSONResponse(found)

    router = APIRouter(prefix=PATH)
    router.add_api_route("/{owner}/{name}", answering(told), methods=["GET"], response_model=None)
    return router
