"""A `Step` for tests that remembers what ended and can die at any boundary, as a killed process with a queue does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

Made = TypeVar("Made")


class Killed(Exception):
    """The process was killed."""


@dataclass
class Checkpoints:
    """Dies once, before or after the result of a step was written down: at the `boundary`-th of these moments, never at 0."""

    boundary: int = 0
    results: dict[str, Any] = field(default_factory=dict)

    def __call__(self, name: str, act: Callable[[], Made], /) -> Made:
        if name not in self.results:
            self._pass()
            result = act()
            self._pass()
            self.results[name] = result
        return cast("Made", self.results[name])

    def _pass(self) -> None:
        self.boundary -= 1
        if self.boundary == 0:
            raise Killed
