"""How fast `/webhook` takes deliveries on this machine: signed, verified, kept on disk, answered.

    python -m benchmarks.webhook [--count 1000] [--at-once 16] [--database postgresql://...]

A server process of its own on a loopback address; its jobs do nothing. Bounded by `--count` and by `--seconds`.
"""

import argparse
import hashlib
import hmac
import json
import multiprocessing
import socket
import statistics
import tempfile
import time
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import httpx

from app.domain.delivery import Delivery
from app.domain.job import Job, Outcome
from app.jobs import Intake, Worker
from app.logs import configure
from app.store.database import Database
from app.web.server import serve
from app.workflows.plan import plan
from app.workflows.ports import Step

SECRET = "the secret of the benchmark"
LABEL = "escaped-bug"


class Idle:
    """A bot that keeps what it is given and has nothing to do for it."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        self._worker = Worker(self._database, _nothing)
        self._intake: Intake

    @property
    def gate(self) -> None:
        """No maps."""

    def start(self) -> None:
        """Begins to work."""
        self._worker.start()
        self._intake = Intake(self._database, self._worker.queue)

    def take(self, delivery: Delivery, /) -> "Future[int] | None":
        """Keeps a delivery."""
        return self._intake.accept(delivery, plan(delivery, label=LABEL, me=None))

    def ready(self) -> bool:
        """Always."""
        return True

    def stop(self) -> bool:
        """Ends."""
        self._intake.close()
        return self._worker.stop()


def _nothing(_job: Job, _step: Step) -> Outcome:
    return Outcome("nothing", "Nothing was done.")


def _serve(url: str, port: int, log: str) -> None:
    with Path(log).open("w", encoding="utf-8") as stream:
        configure(stream=stream)
        serve(Idle(url), (SECRET,), "127.0.0.1", port, lambda _address: None)


def _deliver(client: httpx.Client, number: int) -> float:
    """Seconds from sending a label's delivery, with a body of a usual size, to its 202."""
    body = json.dumps(
        {
            "action": "labeled",
            "label": {"name": LABEL},
            "installation": {"id": 1},
            "repository": {"id": 7, "full_name": "acme/shop"},
            "sender": {"login": "ada", "type": "User"},
            "issue": {"number": number, "title": "Total is wrong", "body": "x" * 12_000},
        }
    ).encode()
    headers = {
        "X-GitHub-Event": "issues",
        "X-GitHub-Delivery": str(uuid.uuid4()),
        "X-Hub-Signature-256": "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest(),
    }
    begun = time.perf_counter()
    client.post("/webhook", content=body, headers=headers).raise_for_status()
    return time.perf_counter() - begun


def measure(url: str, count: int, at_once: int, seconds: float, log: Path) -> str:
    """One line of results."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(url, port, str(log)), daemon=True)
    server.start()
    limits = httpx.Limits(max_connections=at_once)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=30, trust_env=False) as client:
            _await(client)
            for number in range(1, 21):
                _deliver(client, number)
            end = time.perf_counter() + seconds
            begun = time.perf_counter()
            with ThreadPoolExecutor(at_once) as pool:
                asked = pool.map(lambda n: _deliver(client, n) if time.perf_counter() < end else None, range(21, 21 + count))
                took = [one * 1000 for one in asked if one is not None]
            total = time.perf_counter() - begun
    finally:
        server.terminate()
        server.join()
    cut = statistics.quantiles(took, n=100)
    kind = "SQLite" if url.startswith("sqlite") else "PostgreSQL"
    rate = f"{len(took)} taken, {len(took) / total:.0f} a second"
    return f"{kind}, {at_once} at once: {rate}, p50 {cut[49]:.1f} ms, p99 {cut[98]:.1f} ms"


def _await(client: httpx.Client) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if client.get("/readyz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise SystemExit("The server did not start.")


def main() -> None:
    """Measures one at a time, then many at once."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--database", default=None, help="by default a fresh SQLite file")
    asked = parser.parse_args()
    for at_once in (1, asked.at_once):
        with tempfile.TemporaryDirectory(prefix="recall-bench-", ignore_cleanup_errors=True) as folder:
            url = asked.database or f"sqlite:///{Path(folder) / 'recall.db'}"
            url = url.replace("postgresql://", "postgresql+psycopg://", 1)
            print(measure(url, asked.count, at_once, asked.seconds, Path(folder) / "log"))


if __name__ == "__main__":
    main()
