"""The test maps of one host within the limits of what is kept: what arrives is stored, and what is too much for it goes."""

from app.analysis.testmap.mapfile import MapFile
from app.domain.ci import Home
from app.domain.testmap import Place
from app.store.database import answering
from app.store.maps import KEEP_BYTES, KEEP_COMMITS, RepositoryMaps, StoredMaps


class KeptMaps:
    """Implements `app.workflows.ports.Shelf`. `most` is in bytes, for one repository."""

    def __init__(self, maps: StoredMaps, host: str, *, commits: int = KEEP_COMMITS, most: int = KEEP_BYTES) -> None:
        self._maps, self._host = maps, host
        self._commits, self._most = commits, most

    def put(self, home: Home, map_file: MapFile, *, baseline: bool) -> None:
        """Keeps the map, and forgets the oldest of the repository's if they are too many. Raises TellUser if it may not be
        kept, TryLater where the database cannot now; nothing is stored then.
        """
        place = Place(self._host, home.repository.id, home.installation)
        with answering():
            self._maps.keep(place, map_file, baseline=baseline, run=map_file.segment.origin.run, most=self._most)
            self._maps.prune(self._host, home.repository.id, commits=self._commits, most=self._most)

    def maps(self, repository_id: int) -> RepositoryMaps:
        """The maps of a repository that may serve as the baseline."""
        return self._maps.maps(self._host, repository_id)
