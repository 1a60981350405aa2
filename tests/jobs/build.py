"""Values for the tests of jobs, and waiting on a condition with a deadline."""

import time
import uuid
from collections.abc import Callable
from dataclasses import replace

from app.domain.delivery import Delivery, Repository
from app.domain.job import Job, Task

SHOP = Repository(id=7_000_000_001, full_name="acme/shop")


def delivery(guid: str | None = None) -> Delivery:
    return Delivery(
        id=guid or str(uuid.uuid4()), event="issues", action="labeled", installation=9_000_000_001, repository=SHOP, number=5
    )


def job(about: Delivery, number: int = 5, **changes: object) -> Job:
    plain = Job(Task.REPORT_ESCAPE, about.id, about.installation, about.repository, number, sender="ada")
    return replace(plain, **changes)  # type: ignore[arg-type]


def until(what: Callable[[], object], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)
