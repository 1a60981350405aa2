"""What looking at a repository's configuration needs."""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.check import Check
from app.domain.configuration import Settled
from app.workflows.ports.checks import Checks
from app.workflows.ports.records import Watches


@dataclass(frozen=True, slots=True)
class Configuring:
    """Everything that looking at a repository's configuration may reach. `settled` also remembers the labels that it names."""

    settled: Callable[[], Settled]
    checks: Checks
    watches: Watches
    render: Callable[[Settled], Check]
