"""How one step of a job is run: checkpointed by a queue, or simply done."""

from collections.abc import Callable
from typing import Protocol, TypeVar

Made = TypeVar("Made")


class Step(Protocol):
    """Runs one step of a job. With a queue its result is checkpointed, so that a killed job goes on behind it."""

    def __call__(self, name: str, act: Callable[[], Made], /) -> Made:
        """The result of `act`, from the checkpoint if the step had already ended. Steps are at-least-once."""


def inline(_name: str, act: Callable[[], Made]) -> Made:
    """The `Step` of a process with no queue: just does it."""
    return act()
