"""The webhook as an ASGI application: what is refused, and that nothing is answered before it is kept."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from concurrent.futures import Future

import httpx
import pytest
from fastapi import FastAPI

from app.domain.delivery import Delivery
from app.domain.errors import TryLater
from app.web.webhook import LARGEST, Take, Webhook

SECRETS = ("the new secret", "the old secret")
BODY = json.dumps({"action": "labeled", "issue": {"number": 5}}).encode()


class Keeper:
    """Keeps deliveries at once, or when the test says so."""

    def __init__(self) -> None:
        self.kept: list[Delivery] = []
        self.answer: Future[int] | None = Future()
        self.answer.set_result(1)

    def __call__(self, delivery: Delivery) -> "Future[int] | None":
        self.kept.append(delivery)
        return self.answer


def signed(body: bytes, secret: str = SECRETS[0]) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def headers(body: bytes = BODY, **changes: str | None) -> dict[str, str]:
    usual = {
        "x-github-event": "issues",
        "x-github-delivery": "7dd6b945-6b40-4287-b8e2-8e92f29ac0c2",
        "x-hub-signature-256": signed(body),
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def post(keeper: Take, body: bytes | AsyncIterator[bytes] = BODY, method: str = "POST", **changes: str | None) -> httpx.Response:
    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app=Webhook(FastAPI(), SECRETS, keeper))
        async with httpx.AsyncClient(transport=transport, base_url="http://recall") as client:
            known = body if isinstance(body, bytes) else BODY
            named = {name.replace("_", "-"): value for name, value in changes.items()}
            return await client.request(method, "/webhook", content=body, headers=headers(known, **named))

    return asyncio.run(go())


@pytest.fixture
def keeper() -> Keeper:
    return Keeper()


def test_taking_a_delivery_holds_nobody_else_up() -> None:
    def take(_delivery: Delivery) -> None:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        taken.append(True)

    taken: list[bool] = []
    assert post(take).status_code == 202
    assert taken == [True]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_delivery_signed_with_either_secret_is_kept(keeper: Keeper, secret: str) -> None:
    assert post(keeper, x_hub_signature_256=signed(BODY, secret)).status_code == 202
    assert [(d.event, d.action, d.number) for d in keeper.kept] == [("issues", "labeled", 5)]


@pytest.mark.parametrize(
    "signature",
    [None, "", "sha256=", "sha256=" + "0" * 64, "sha1=" + "0" * 40, signed(BODY).upper(), signed(BODY + b" "), signed(BODY)[7:]],
)
def test_a_missing_or_wrong_signature_is_401(keeper: Keeper, signature: str | None) -> None:
    assert post(keeper, x_hub_signature_256=signature).status_code == 401
    assert keeper.kept == []


def test_a_signature_that_is_not_ascii_is_401(keeper: Keeper) -> None:
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/webhook",
        "headers": [
            (b"x-hub-signature-256", b"sha256=\xff\xc3\xa9"),
            (b"x-github-event", b"issues"),
            (b"x-github-delivery", b"d"),
        ],
    }
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": BODY}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    asyncio.run(Webhook(FastAPI(), SECRETS, keeper)(scope, receive, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b"payload=%7B%7D"])
def test_a_signed_body_that_is_not_a_json_object_is_400(keeper: Keeper, body: bytes) -> None:
    assert post(keeper, body).status_code == 400
    assert keeper.kept == []


@pytest.mark.parametrize("changes", [{"x_github_event": None}, {"x_github_delivery": None}, {"x_github_delivery": "a b"}])
def test_a_delivery_without_its_name_is_400(keeper: Keeper, changes: dict[str, str | None]) -> None:
    assert post(keeper, **changes).status_code == 400
    assert keeper.kept == []


def test_an_announced_length_over_the_limit_is_413_before_anything_is_read(keeper: Keeper) -> None:
    read: list[bytes] = []

    async def body() -> AsyncIterator[bytes]:
        read.append(b"x")
        yield b"x"

    assert post(keeper, body(), content_length=str(LARGEST + 1)).status_code == 413
    assert len(read) <= 1
    assert keeper.kept == []


def test_a_length_that_is_not_announced_is_counted_while_it_arrives(keeper: Keeper) -> None:
    read: list[int] = []

    async def body() -> AsyncIterator[bytes]:
        for _ in range(40):
            read.append(1)
            yield b"x" * 1024 * 1024

    assert post(keeper, body()).status_code == 413
    assert len(read) < 40
    assert keeper.kept == []


def test_the_largest_body_is_taken(keeper: Keeper) -> None:
    body = b'{"action": "' + b"x" * (LARGEST - 14) + b'"}'
    assert len(body) == LARGEST
    assert post(keeper, body).status_code == 202


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
def test_another_method_is_405(keeper: Keeper, method: str) -> None:
    answer = post(keeper, method=method)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_a_ping_is_answered_and_kept_nowhere(keeper: Keeper) -> None:
    assert post(keeper, x_github_event="ping").status_code == 200
    assert keeper.kept == []


def test_a_delivery_that_asks_for_nothing_is_202(keeper: Keeper) -> None:
    keeper.answer = None
    assert post(keeper, x_github_event="star").status_code == 202


def test_nothing_is_answered_before_the_delivery_is_kept(keeper: Keeper) -> None:
    keeper.answer = kept = Future()

    async def go() -> int:
        transport = httpx.ASGITransport(app=Webhook(FastAPI(), SECRETS, keeper))
        async with httpx.AsyncClient(transport=transport, base_url="http://recall") as client:
            asking = asyncio.create_task(client.post("/webhook", content=BODY, headers=headers()))
            while not keeper.kept:
                await asyncio.sleep(0)
            for _ in range(50):
                await asyncio.sleep(0)
            assert not asking.done()
            kept.set_result(1)
            return (await asking).status_code

    assert asyncio.run(go()) == 202


def test_a_delivery_that_could_not_be_kept_is_503(keeper: Keeper) -> None:
    keeper.answer = Future()
    keeper.answer.set_exception(TryLater("The database did not take the delivery."))
    assert post(keeper).status_code == 503


def test_other_paths_are_left_to_the_site(keeper: Keeper) -> None:
    async def go() -> int:
        transport = httpx.ASGITransport(app=Webhook(FastAPI(), SECRETS, keeper))
        async with httpx.AsyncClient(transport=transport, base_url="http://recall") as client:
            return (await client.post("/webhook/x", content=BODY, headers=headers())).status_code

    assert asyncio.run(go()) == 404
