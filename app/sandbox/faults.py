"""Trouble on demand: limits, server errors after the write happened, cut pages, slow answers, data that is out of reach.

sandbox.faults.add("server-error-after", method="POST", path="*/comments")
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from app.sandbox.world import World

HOURLY = 5000


class Trouble(StrEnum):
    """What can go wrong."""

    SERVER_ERROR = "server-error"
    SERVER_ERROR_AFTER = "server-error-after"
    SECONDARY_LIMIT = "secondary-limit"
    PRIMARY_LIMIT = "primary-limit"
    TRUNCATED = "truncated"
    SHORT_PAGES = "short-pages"
    SLOW = "slow"
    REVOKED = "revoked"
    FORBIDDEN_FIELD = "forbidden-field"


@dataclass
class Fault:
    """One trouble for requests whose method and path (from the root, `/api/v3/…`) match; `times` None is until cleared.

    `seconds` is how long a slow answer takes, or when a limit ends; `retry_after` adds that header to a secondary limit;
    `field` is the GraphQL field (`Issue.closedByPullRequestsReferences`) that is out of reach.
    """

    trouble: Trouble
    method: str = "*"
    path: str = "*"
    times: int | None = 1
    seconds: float = 60.0
    retry_after: int | None = None
    status: int = 502
    field: str = ""

    def matches(self, method: str, path: str) -> bool:
        """Whether a request meets this fault."""
        return self.times != 0 and fnmatchcase(method.upper(), self.method.upper()) and fnmatchcase(path, self.path)


class Faults:
    """The faults in force, and the count of requests in this hour."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._used: dict[str, int] = {}
        self._hour: datetime | None = None

    def add(self, trouble: str, **facts: Any) -> Fault:
        """Puts a fault in force; raises ValueError or TypeError for one that does not exist."""
        fault = Fault(Trouble(trouble), **facts)
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """All is well again."""
        with self._lock:
            self._faults.clear()

    def listed(self) -> list[Fault]:
        """The faults that can still strike."""
        with self._lock:
            return [fault for fault in self._faults if fault.times != 0]

    def meet(self, method: str, path: str) -> Fault | None:
        """The first fault a request meets; it is used up by that."""
        with self._lock:
            quiet = (Trouble.FORBIDDEN_FIELD, Trouble.SHORT_PAGES)
            return self._strike([f for f in self._faults if f.trouble not in quiet and f.matches(method, path)])

    def in_force(self, trouble: Trouble, method: str, path: str) -> bool:
        """Whether such a trouble is in force for a request; it is not used up by that."""
        return any(fault.trouble is trouble and fault.matches(method, path) for fault in self.listed())

    def out_of_reach(self, field: str) -> bool:
        """Whether a GraphQL field is out of reach, once more."""
        with self._lock:
            return self._strike([f for f in self._faults if f.field == field and f.times != 0]) is not None

    def count(self, who: str) -> dict[str, str]:
        """Counts a request of a token; gives the rate limit headers of its answer."""
        with self._lock:
            self._turn()
            self._used[who] = used = self._used.get(who, 0) + 1
        return self.headers(used)

    def headers(self, used: int, reset: datetime | None = None) -> dict[str, str]:
        """The rate limit headers after that many requests."""
        until = reset or self.reset()
        return {
            "X-RateLimit-Limit": str(HOURLY),
            "X-RateLimit-Remaining": str(max(0, HOURLY - used)),
            "X-RateLimit-Used": str(used),
            "X-RateLimit-Reset": str(int(until.timestamp())),
            "X-RateLimit-Resource": "core",
        }

    def used(self, who: str) -> int:
        """How many requests a token has made in this hour."""
        return self._used.get(who, 0)

    def reset(self) -> datetime:
        """When the hour that is counted ends."""
        return (self._hour or self._world.clock()) + timedelta(hours=1)

    def _turn(self) -> None:
        now = self._world.clock()
        if self._hour is None or now >= self.reset():
            self._hour = now
            self._used.clear()

    @staticmethod
    def _strike(matching: list[Fault]) -> Fault | None:
        fault = matching[0] if matching else None
        if fault and fault.times is not None:
            fault.times -= 1
        return fault
