"""Deliveries: signed over raw bytes, in order, logged, and sent again under their GUID."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.shop import SHOP, Shop, open_shop


@dataclass
class Receiver:
    url: str = ""
    status: int = 202
    seen: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def events(self) -> list[tuple[str, str | None]]:
        return [(headers["x-github-event"], json.loads(body).get("action")) for headers, body in self.seen]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.seen.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(made.status)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}/webhook"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def told(tmp_path: Path, receiver: Receiver) -> Iterator[Shop]:
    with open_shop(tmp_path, webhook_url=receiver.url) as opened:
        opened.sandbox.drain()
        receiver.seen.clear()
        yield opened


def test_the_signature_is_over_the_raw_bytes(told: Shop, receiver: Receiver) -> None:
    told.mona.open_issue(SHOP, "Größe falsch")
    told.sandbox.drain()
    headers, body = receiver.seen[0]
    expected = hmac.new(told.app.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
    assert headers["x-hub-signature-256"] == f"sha256={expected}"


def test_an_issue_opened_with_labels_tells_of_each_label_too(told: Shop, receiver: Receiver) -> None:
    told.mona.open_issue(SHOP, "Totals are wrong", labels=["a", "b"])
    told.sandbox.drain()
    assert receiver.events() == [("issues", "opened"), ("issues", "labeled"), ("issues", "labeled")]
    assert [json.loads(body).get("label", {}).get("name") for _, body in receiver.seen] == [None, "a", "b"]


def test_events_arrive_in_the_order_in_which_they_happened(told: Shop, receiver: Receiver) -> None:
    issue = told.mona.open_issue(SHOP, "Totals are wrong")
    comment = told.mona.comment(issue, "one")
    told.mona.edit_comment(issue, comment, "two")
    told.mona.edit(issue, title="Totals are off")
    told.mona.label(issue, "escaped-bug")
    told.mona.unlabel(issue, "escaped-bug")
    told.mona.close(issue)
    told.mona.reopen(issue)
    told.mona.lock(issue)
    told.mona.delete(issue)
    told.sandbox.drain()
    assert [f"{event}.{action}" for event, action in receiver.events()] == [
        "issues.opened",
        "issue_comment.created",
        "issue_comment.edited",
        "issues.edited",
        "issues.labeled",
        "issues.unlabeled",
        "issues.closed",
        "issues.reopened",
        "issues.locked",
        "issues.deleted",
    ]


def test_pull_requests_and_pushes_are_told(told: Shop, receiver: Receiver) -> None:
    told.mona.push(SHOP, {"a": "1"}, "one", branch="fix")
    pull = told.mona.open_pull(SHOP, "fix", "Fix it")
    told.mona.push(SHOP, {"a": "2"}, "two", branch="fix")
    told.mona.edit(pull, body="Fixes #1")
    told.mona.merge(pull)
    told.sandbox.drain()
    assert [f"{event}.{action}" if action else event for event, action in receiver.events()] == [
        "push",
        "pull_request.opened",
        "push",
        "pull_request.synchronize",
        "pull_request.edited",
        "pull_request.closed",
        "push",
    ]


def test_a_payload_names_installation_repository_and_sender(told: Shop, receiver: Receiver) -> None:
    issue = told.mona.open_issue(SHOP, "Totals are wrong")
    told.mona.label(issue, "escaped-bug")
    told.sandbox.drain()
    payload = json.loads(receiver.seen[-1][1])
    assert payload["installation"]["id"] == told.installation.id
    assert payload["repository"]["full_name"] == SHOP
    assert (payload["sender"]["login"], payload["label"]["name"]) == ("mona", "escaped-bug")


def test_a_failed_delivery_is_logged_and_sent_again_under_its_guid(told: Shop, receiver: Receiver) -> None:
    receiver.status = 500
    told.mona.open_issue(SHOP, "Totals are wrong")
    told.sandbox.drain()
    with told.as_app() as client:
        failed = client.get("/app/hook/deliveries", params={"status": "failure"}).json()[0]
        assert (failed["status"], failed["status_code"]) == ("Invalid HTTP Response: 500", 500)
        receiver.status = 202
        assert client.post(f"/app/hook/deliveries/{failed['id']}/attempts").status_code == 202
        told.sandbox.drain()
        again = client.get("/app/hook/deliveries").json()[0]
    assert (again["guid"], again["redelivery"], again["status"]) == (failed["guid"], True, "OK")
    assert again["id"] != failed["id"]
    assert receiver.seen[0] == receiver.seen[1]


def test_deliveries_are_listed_by_cursor(told: Shop, receiver: Receiver) -> None:
    for number in range(5):
        told.mona.open_issue(SHOP, str(number))
    told.sandbox.drain()
    found, url = [], "/app/hook/deliveries?per_page=2"
    with told.as_app() as client:
        while url:
            page = client.get(url)
            found += [one["id"] for one in page.json()]
            url = page.links.get("next", {}).get("url", "")
    assert found == sorted({one.id for one in told.sandbox.deliveries}, reverse=True)


def test_nothing_is_told_of_what_the_app_may_not_see(told: Shop, receiver: Receiver) -> None:
    told.sandbox.create_repository("acme/other")
    told.mona.open_issue("acme/other", "Totals are wrong")
    told.sandbox.drain()
    assert receiver.seen == []


def test_an_app_without_an_address_keeps_its_deliveries_pending(shop: Shop) -> None:
    shop.mona.open_issue(SHOP, "Totals are wrong")
    shop.sandbox.drain()
    assert shop.sandbox.deliveries[-1].status == "pending"
