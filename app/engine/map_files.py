"""Map files given by hand, as the maps of a repository: one map for each commit, whatever files its segments came in."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from app.analysis.testmap.mapfile import MapFile, open_map
from app.domain.errors import TellUser
from app.domain.testmap import FileCover, Maps, Segment, TestMap


class FilesMap:
    """Implements `app.domain.testmap.TestMap` on the map files of one commit."""

    def __init__(self, files: Sequence[MapFile]) -> None:
        """`files` are at least one, all of one commit."""
        self._files = tuple(files)
        self.commit = files[0].segment.origin.commit
        self.segments: tuple[Segment, ...] = tuple(file.segment for file in files)

    @property
    def paths(self) -> Collection[str]:
        """All files that any segment knows."""
        return frozenset[str]().union(*(file.paths for file in self._files))

    def covers(self, paths: Collection[str]) -> Mapping[str, tuple[FileCover, ...]]:
        """What the segments know of those files. Raises `TellUser` if a record is damaged."""
        found = {path: tuple(cover for file in self._files for cover in file.cover(path)) for path in paths}
        return {path: covers for path, covers in found.items() if covers}


class FilesMaps:
    """Implements `app.domain.testmap.Maps` on map files of any commits."""

    def __init__(self, files: Sequence[MapFile]) -> None:
        """All of them count: whoever names a file wants it read, and two runs of one commit are both true of it."""
        self._files = tuple(files)

    def commits(self) -> Sequence[str]:
        """The covered commits."""
        return tuple(dict.fromkeys(file.segment.origin.commit for file in self._files))

    def at(self, commit: str) -> TestMap:
        """The map of one of these commits."""
        return FilesMap([file for file in self._files if file.segment.origin.commit == commit])


def open_maps(paths: Sequence[Path]) -> Maps:
    """The maps in these files. Raises `TellUser`, naming the file, if one cannot be read or is not a sound map."""
    return FilesMaps([open_map_file(path) for path in paths])


def open_map_file(path: Path) -> MapFile:
    """The map in one file. Raises `TellUser` as `open_maps` does."""
    try:
        with path.open("rb") as file:
            return open_map(file)
    except OSError as error:
        raise TellUser(f"{path} cannot be read: {error.strerror or error}.") from None
    except TellUser as error:
        raise TellUser(f"{path}: {error}") from None
