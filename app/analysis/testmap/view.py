"""What was read of the nearest test map for one fix, as plain values in the lines of its parent; `app.engine` gathers it."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.analysis.testmap.carry import Carried
from app.domain.testmap import MapUse, Segment


@dataclass(frozen=True, slots=True)
class MapView:
    """`covers` is what the map knows of the changed files (and of others that were asked for) by their paths before the fix.

    `paths` are all files that the map knows at its own commit; `newer` those asked for that did not exist there yet.
    """

    use: MapUse
    segments: tuple[Segment, ...]
    covers: Mapping[str, tuple[Carried, ...]]
    paths: frozenset[str] = frozenset()
    newer: frozenset[str] = frozenset()
