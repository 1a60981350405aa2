"""Clone and fetch over HTTP: real `git upload-pack` behind a check of the token. Pushing is refused."""

import subprocess
import zlib
from collections.abc import Iterator

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from app.git.run import run, start, stop
from app.sandbox.api import hub_of
from app.sandbox.auth import Caller, identify
from app.sandbox.refusals import Refused
from app.sandbox.state import Repository

router = APIRouter()
SERVICE = "git-upload-pack"
BODY_BYTES = 50_000_000
CHUNK = 1 << 16
_CONFIG = (
    ("uploadpack.allowFilter", "true"),
    ("uploadpack.allowAnySHA1InWant", "true"),
    ("protocol.version", "2"),
)
_NO_CACHE = {"Cache-Control": "no-cache, max-age=0, must-revalidate"}


@router.get("/{owner}/{repo}/info/refs")
def advertise(request: Request, owner: str, repo: str) -> Response:
    """The refs, as the first step of a clone or fetch."""
    repository = _readable(request, owner, repo)
    if request.query_params.get("service") != SERVICE:
        raise Refused(403, "The sandbox can be cloned and fetched from, not pushed to.")
    told = run(
        repository.git.path,
        *("upload-pack", "--stateless-rpc", "--advertise-refs", "."),
        extra=_protocol(request),
        config=_CONFIG,
    )
    body = b"001e# service=git-upload-pack\n0000" + told
    return Response(body, media_type=f"application/x-{SERVICE}-advertisement", headers=_NO_CACHE)


@router.post("/{owner}/{repo}/git-upload-pack")
async def upload_pack(request: Request, owner: str, repo: str) -> Response:
    """The objects, streamed as git packs them."""
    wanted = await request.body()
    repository = await run_in_threadpool(_readable, request, owner, repo)
    if request.headers.get("content-encoding") == "gzip":
        wanted = _unpack(wanted)
    process = await run_in_threadpool(
        lambda: start(repository.git.path, *("upload-pack", "--stateless-rpc", "."), extra=_protocol(request), config=_CONFIG)
    )
    return StreamingResponse(_answer(process, wanted), media_type=f"application/x-{SERVICE}-result", headers=_NO_CACHE)


def _answer(process: subprocess.Popen[bytes], wanted: bytes) -> Iterator[bytes]:
    """What git says to one request. A stateless round is read whole before it is answered, so that nothing blocks."""
    try:
        if process.stdin and process.stdout:
            process.stdin.write(wanted)
            process.stdin.close()
            while chunk := process.stdout.read(CHUNK):
                yield chunk
    except BrokenPipeError:
        pass  # git has refused; what it said has been passed on
    finally:
        stop(process)
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()


def _readable(request: Request, owner: str, repo: str) -> Repository:
    hub = hub_of(request)
    name = f"{owner}/{repo.removesuffix('.git')}".casefold()
    try:
        caller = identify(hub, request.headers.get("authorization"))
    except Refused as refusal:
        raise _challenge(refusal.message) from None
    repository = hub.repositories.get(name) or hub.renamed.get(name)
    if repository is None or not caller.sees(repository):
        raise _challenge("Repository not found.") if caller.account is None else Refused(404, "Repository not found.")
    if not _may_read(caller, repository):
        raise Refused(403, "Resource not accessible by integration")
    return repository


def _may_read(caller: Caller, repository: Repository) -> bool:
    return caller.may(repository, "contents", "read")


def _challenge(message: str) -> Refused:
    return Refused(401, message, headers={"WWW-Authenticate": 'Basic realm="GitHub"'})


def _protocol(request: Request) -> dict[str, str]:
    asked = request.headers.get("git-protocol", "")
    return {"GIT_PROTOCOL": asked} if asked in ("version=1", "version=2") else {}


def _unpack(packed: bytes) -> bytes:
    machine = zlib.decompressobj(wbits=31)
    plain = machine.decompress(packed, BODY_BYTES)
    if machine.unconsumed_tail:
        raise Refused(413, "The request is too large.")
    return plain
