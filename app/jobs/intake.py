"""Takes deliveries in durably. Those that arrive together are committed together: one sync to disk serves them all."""

import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.domain.delivery import Delivery
from app.domain.errors import TryLater
from app.domain.job import Job
from app.jobs.attempt import attempt
from app.store import jobs as rows
from app.store.database import Database
from app.store.jobs import Enqueue

_LARGEST_BATCH = 100

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Request:
    delivery: Delivery
    jobs: Sequence[Job]
    entered: "Future[int]" = field(default_factory=Future)


class Intake:
    """One thread that writes. `accept` may be called from any thread."""

    def __init__(self, database: Database, enqueue: Enqueue) -> None:
        self._database = database
        self._enqueue = enqueue
        self._requests: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_all, name="recall-intake", daemon=True)
        self._thread.start()

    def accept(self, delivery: Delivery, jobs: Sequence[Job]) -> "Future[int]":
        """How many jobs were entered into the queue, once that is on disk; `TryLater` if the database would not take it."""
        request = _Request(delivery, jobs)
        self._requests.put(request)
        return request.entered

    def close(self) -> None:
        """Writes what was asked for before, then ends."""
        self._requests.put(None)
        self._thread.join()

    def _write_all(self) -> None:
        last = False
        while not last:
            batch, last = self._arrived()
            if not self._write(batch) and len(batch) > 1:
                for request in batch:  # one of them is the reason, or two processes crossed: each for itself
                    self._write([request])
            for request in batch:
                if not request.entered.done():
                    request.entered.set_exception(TryLater("The database did not take the delivery."))

    def _arrived(self) -> tuple[list[_Request], bool]:
        """What is waiting, at least one, without waiting for more; and whether the end was among it."""
        batch: list[_Request] = []
        request = self._requests.get()
        while request is not None:
            if request.entered.set_running_or_notify_cancel():  # whoever has gone away counts on nothing
                batch.append(request)
            if len(batch) >= _LARGEST_BATCH:
                return batch, False
            try:
                request = self._requests.get_nowait()
            except queue.Empty:
                return batch, False
        return batch, True

    def _write(self, batch: list[_Request]) -> bool:
        # In one order everywhere, so that two processes that hold deliveries in common do not wait for each other.
        batch = sorted(batch, key=lambda request: request.delivery.id)
        ended = attempt(lambda: self._store(batch))
        if ended.error:
            log.warning("deliveries not kept", count=len(batch), reason=ended.sentence)
            return False
        for request, count in zip(batch, ended.result(), strict=True):
            request.entered.set_result(count)
        return True

    def _store(self, batch: list[_Request]) -> list[int]:
        try:
            with self._database.transaction() as session:
                return [rows.accept(session, r.delivery, r.jobs, self._enqueue) for r in batch]
        except SQLAlchemyError as error:
            raise TryLater(f"The database refused ({type(error).__name__}).") from None
