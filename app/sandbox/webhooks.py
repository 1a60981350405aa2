"""Signed webhooks: made when something happens, sent in order from a background thread, kept in a log, sent again on request."""

import hashlib
import hmac
import json
import queue
import threading
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import httpx

from app.sandbox.refusals import Refused, not_found
from app.sandbox.shapes import Shape, account, installation, repository
from app.sandbox.state import Account, App, Installation, Repository, stamp
from app.sandbox.world import World

# What an App needs to be told of an event; Apps are always told of their installations.
NEEDS = {
    "issues": "issues",
    "issue_comment": "issues",
    "label": "issues",
    "pull_request": "pull_requests",
    "push": "contents",
    "check_run": "checks",
    "repository": "metadata",
    "workflow_run": "actions",
}
ALWAYS = ("ping", "installation", "installation_repositories")


@dataclass(eq=False)
class WebhookDelivery:
    """One attempt to tell an App of an event. `status` is `OK` or why not; `pending` until it was tried."""

    id: int
    guid: str
    app: App
    event: str
    action: str | None
    payload: bytes
    delivered_at: datetime
    installation_id: int | None
    repository_id: int | None
    redelivery: bool = False
    status: str = "pending"
    status_code: int = 0
    duration: float = 0.0
    answer: str = field(default="", repr=False)
    answer_headers: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def headers(self) -> dict[str, str]:
        """The headers it is sent with, its signature over the raw bytes included."""
        key = self.app.webhook_secret.encode()
        return {
            "Accept": "*/*",
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/sandbox",
            "X-GitHub-Delivery": self.guid,
            "X-GitHub-Event": self.event,
            "X-GitHub-Hook-ID": str(self.app.id),
            "X-GitHub-Hook-Installation-Target-ID": str(self.app.id),
            "X-GitHub-Hook-Installation-Target-Type": "integration",
            "X-Hub-Signature": "sha1=" + hmac.new(key, self.payload, hashlib.sha1).hexdigest(),
            "X-Hub-Signature-256": "sha256=" + hmac.new(key, self.payload, hashlib.sha256).hexdigest(),
        }


class Webhooks:
    """The delivery log, and the thread that sends. Apps without a webhook URL get entries that stay `pending`."""

    def __init__(self, world: World, seconds: float = 10.0) -> None:
        self.world = world
        self.seconds = seconds
        self.log: list[WebhookDelivery] = []
        self._queue: queue.Queue[WebhookDelivery | None] = queue.Queue()
        self._thread: threading.Thread | None = None

    def tell(self, event: str, action: str | None, on: Repository, sender: Account, **facts: Any) -> list[WebhookDelivery]:
        """Tells every App that is installed on the repository, subscribed and permitted to know. Call it under the lock."""
        return self._tell(self.world.installations_on(on), event, action, on, sender, facts)

    def tell_one(self, app: App, event: str, action: str, on: Repository, sender: Account, **facts: Any) -> None:
        """Tells that App alone."""
        its = [found for found in self.world.installations_on(on) if found.app is app]
        self._tell(its, event, action, on, sender, facts)

    def _tell(
        self, to: Iterable[Installation], event: str, action: str | None, on: Repository, sender: Account, facts: Shape
    ) -> list[WebhookDelivery]:
        made = []
        for found in to:
            wanted = event in found.app.events and found.permissions.get(NEEDS.get(event, "metadata"))
            if wanted and not found.suspended_at:
                shown = {"repository": repository(self.world, on, sender), "sender": account(self.world, sender)}
                short = {"installation": {"id": found.id, "node_id": f"IN_{found.id}"}}
                made.append(self._add(found.app, event, action, {**facts, **shown, **short}, (found.id, on.id)))
        return made

    def tell_installation(self, event: str, action: str, of: Installation, sender: Account, **facts: Any) -> WebhookDelivery:
        """Tells an App about an installation of its own."""
        shown = {"installation": installation(self.world, of), "sender": account(self.world, sender)}
        return self._add(of.app, event, action, {**facts, **shown}, (of.id, None))

    def redeliver(self, app: App, delivery_id: int) -> WebhookDelivery:
        """Sends an earlier delivery again, under the same GUID."""
        first = self.find(app, delivery_id)
        if not app.webhook_url:
            raise Refused(422, "The webhook has no URL to deliver to.")
        again = WebhookDelivery(
            id=self.world.new_id(),
            guid=first.guid,
            app=app,
            event=first.event,
            action=first.action,
            payload=first.payload,
            delivered_at=self.world.now(),
            installation_id=first.installation_id,
            repository_id=first.repository_id,
            redelivery=True,
        )
        self._send_later(again)
        return again

    def find(self, app: App, delivery_id: int) -> WebhookDelivery:
        """The App's delivery with that id; raises the 404 of an unknown one."""
        for found in list(self.log):
            if found.app is app and found.id == delivery_id:
                return found
        raise not_found()

    def drain(self) -> None:
        """Waits until everything made so far was tried."""
        if self._thread:
            self._queue.join()

    def start(self) -> None:
        """Starts the thread that sends."""
        self._thread = threading.Thread(target=self._work, name="sandbox-webhooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread; what was not sent stays pending."""
        if self._thread:
            self._queue.put(None)
            self._thread.join(self.seconds + 1)
            self._thread = None

    def _add(
        self, app: App, event: str, action: str | None, payload: Shape, about: tuple[int | None, int | None]
    ) -> WebhookDelivery:
        facts = {"action": action, **payload} if action else payload
        made = WebhookDelivery(
            id=self.world.new_id(),
            guid=str(uuid.uuid4()),
            app=app,
            event=event,
            action=action,
            payload=json.dumps(facts).encode(),
            delivered_at=self.world.now(),
            installation_id=about[0],
            repository_id=about[1],
        )
        self._send_later(made)
        return made

    def _send_later(self, delivery: WebhookDelivery) -> None:
        self.log.append(delivery)
        if delivery.app.webhook_url:
            self._queue.put(delivery)

    def _work(self) -> None:
        while (delivery := self._queue.get()) is not None:
            self._send(delivery)
            self._queue.task_done()
        self._queue.task_done()

    @cached_property
    def _client(self) -> httpx.Client:
        return httpx.Client(timeout=self.seconds, trust_env=False)

    def _send(self, delivery: WebhookDelivery) -> None:
        started = self.world.now()
        try:
            answer = self._client.post(delivery.app.webhook_url or "", content=delivery.payload, headers=delivery.headers)
        except httpx.TimeoutException:
            delivery.status, delivery.status_code = "timed out", 504
        except (httpx.HTTPError, httpx.InvalidURL):
            delivery.status, delivery.status_code = "failed to connect to host", 502
        else:
            delivery.status_code = answer.status_code
            delivery.status = "OK" if answer.is_success else f"Invalid HTTP Response: {answer.status_code}"
            delivery.answer, delivery.answer_headers = answer.text[:10_000], dict(answer.headers)
        delivery.duration = (self.world.now() - started).total_seconds()


def item(of: WebhookDelivery) -> Shape:
    """A `hook-delivery-item`."""
    return {
        "id": of.id,
        "guid": of.guid,
        "delivered_at": stamp(of.delivered_at),
        "redelivery": of.redelivery,
        "duration": of.duration,
        "status": of.status,
        "status_code": of.status_code,
        "event": of.event,
        "action": of.action,
        "installation_id": of.installation_id,
        "repository_id": of.repository_id,
        "throttled_at": None,
    }


def full(of: WebhookDelivery) -> Shape:
    """A `hook-delivery`, request and answer included."""
    return {
        **item(of),
        "url": of.app.webhook_url,
        "request": {"headers": of.headers, "payload": json.loads(of.payload)},
        "response": {"headers": of.answer_headers, "payload": of.answer},
    }
