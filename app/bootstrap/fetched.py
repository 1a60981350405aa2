"""The shelf of a process that keeps no test maps beyond its end: they are fetched when they are first asked for."""

from collections.abc import Callable

from app.analysis.testmap.mapfile import MapFile
from app.domain.ci import Home
from app.domain.job import Outcome
from app.domain.testmap import Maps
from app.workflows.ports import Shelf


class FetchedMaps:
    """Implements `Shelf` of `app.workflows.ports` for one repository. `fetched` is what came of it, nothing where nothing was."""

    def __init__(self, shelf: Shelf, fetch: Callable[[], Outcome | None]) -> None:
        """`fetch` puts maps on that shelf; None where there are none."""
        self._shelf, self._fetch = shelf, fetch
        self._asked = False
        self.fetched: tuple[Outcome, ...] = ()

    def put(self, home: Home, map_file: MapFile, *, baseline: bool) -> None:
        """Keeps a map until the process ends."""
        self._shelf.put(home, map_file, baseline=baseline)

    def maps(self, repository_id: int) -> Maps:
        """The maps of a repository that may serve as the baseline."""
        if not self._asked:
            self._asked = True
            outcome = self._fetch()
            self.fetched = (outcome,) if outcome else ()
        return self._shelf.maps(repository_id)
