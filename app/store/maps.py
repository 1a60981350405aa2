"""The test maps that were uploaded: kept segment by segment, read file by file, and never of another repository.

Every query names host and repository id. Keeping a shard merges nothing: a reader takes the union of the segments of a commit.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Executable, Row, and_, bindparam, func, insert, text
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, delete

from app.analysis.testmap.mapfile import MapFile, cover_of
from app.analysis.testmap.results import pack_names, pack_results, unpack_names, unpack_results
from app.domain.errors import TellUser, TryLater
from app.domain.testmap import FileCover, Grain, Origin, Place, Segment
from app.store.database import Database, answering
from app.store.tables import MapFileRow, SegmentRow

KEEP_COMMITS = 30
KEEP_BYTES = 512 << 20
_AT_ONCE = 500
_ORIGIN = tuple(col(getattr(SegmentRow, each.name)) for each in fields(Origin))
_ABOUT = tuple(col(getattr(SegmentRow, name)) for name in ("grain", "baseline", "tests", "files", "size", "arrived"))
_JOINED = col(MapFileRow.segment) == col(SegmentRow.id)

# The queries of a reader, made once: putting one together takes longer than running it.
_BASELINE = (
    col(SegmentRow.host) == bindparam("host"),
    col(SegmentRow.repository_id) == bindparam("repository"),
    col(SegmentRow.baseline).is_(True),
)
_HERE = (*_BASELINE, col(SegmentRow.commit) == bindparam("commit"))
_COMMITS = select_columns(col(SegmentRow.commit)).where(*_BASELINE).distinct()
_SEGMENTS = select_columns(*_ORIGIN, col(SegmentRow.grain), col(SegmentRow.id), col(SegmentRow.results)).where(*_HERE)
_DICTIONARIES = select_columns(col(SegmentRow.id), col(SegmentRow.dictionary)).where(*_HERE).order_by(col(SegmentRow.id))
_PATHS = select_columns(col(MapFileRow.path)).join(SegmentRow, _JOINED).where(*_HERE).distinct()
# The outer join tells in the same breath which segments are still there.
_RECORDS = (
    select_columns(col(SegmentRow.id), col(MapFileRow.path), col(MapFileRow.blob), col(MapFileRow.record))
    .join(MapFileRow, and_(_JOINED, col(MapFileRow.key).in_(bindparam("keys", expanding=True))), isouter=True)
    .where(*_HERE)
    .order_by(col(SegmentRow.id), col(MapFileRow.part))
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A segment as it is kept, for whoever asks what there is. `arrived` is in seconds since 1970, `size` in bytes."""

    origin: Origin
    grain: Grain
    baseline: bool
    tests: int
    files: int
    size: int
    arrived: float


class StoredMaps:
    """The maps of all repositories; each is seen by its own host and repository id alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, place: Place, map_file: MapFile, *, baseline: bool, run: str, most: int = KEEP_BYTES) -> None:
        """Keeps a segment, all of it or nothing.

        It replaces the same shard of earlier runs, and is dropped if a later run's is there; different maps of one run that
        call themselves the same shard are all kept. The baseline and other maps never touch each other. Raises `TellUser`
        if a record is damaged, or if the maps of this commit would take more than `most` bytes.
        """
        files = _file_rows(map_file)
        row = _segment_row(place, map_file, baseline=baseline, run=run)
        row["size"] += sum(len(file["record"]) + len(file["path"].encode()) for file in files)
        with self._database.transaction() as session:
            self._alone(session, place)
            if not _make_way(session, row):
                return
            taken = session.connection().scalar(select_columns(func.sum(col(SegmentRow.size))).where(*_same_commit(row))) or 0
            if taken + row["size"] > most:
                raise TellUser(
                    f"The maps of commit {row['commit'][:10]} would take more than {most >> 20} MiB. Upload fewer of them."
                )
            segment = session.connection().execute(insert(SegmentRow).values(row).returning(col(SegmentRow.id))).scalar_one()
            for start in range(0, len(files), _AT_ONCE):
                session.connection().execute(
                    insert(MapFileRow), [file | {"segment": segment} for file in files[start : start + _AT_ONCE]]
                )

    def maps(self, host: str, repository_id: int) -> "RepositoryMaps":
        """The maps of a repository that may serve as the baseline. Implements `app.domain.testmap.Maps`."""
        return RepositoryMaps(self._database, host, repository_id)

    def segments(self, host: str, repository_id: int, commit: str | None = None) -> tuple[Kept, ...]:
        """Every segment that is kept of a repository, or of one commit of it; the latest first."""
        asked = select_columns(*_ORIGIN, *_ABOUT).where(*_of(host, repository_id))
        if commit is not None:
            asked = asked.where(col(SegmentRow.commit) == commit)
        with self._database.engine.connect() as connection:
            rows = connection.execute(asked.order_by(col(SegmentRow.arrived).desc(), col(SegmentRow.id).desc()))
            return tuple(_kept(row) for row in rows)

    def prune(self, host: str, repository_id: int, *, commits: int = KEEP_COMMITS, most: int = KEEP_BYTES) -> int:
        """Forgets the maps of all but the last `commits` commits that a map arrived of, and of more if those take more than
        `most` bytes; how many commits were forgotten. The last one stays. Baseline and other maps are counted apart, so that
        no branch can push the baseline out.
        """
        return sum(self._prune(host, repository_id, baseline, commits, most) for baseline in (True, False))

    def _prune(self, host: str, repository_id: int, baseline: bool, commits: int, most: int) -> int:
        here = [*_of(host, repository_id), col(SegmentRow.baseline) == baseline]
        sizes = (
            select_columns(col(SegmentRow.commit), func.sum(col(SegmentRow.size)))
            .where(*here)
            .group_by(col(SegmentRow.commit))
            .order_by(func.max(col(SegmentRow.arrived)).desc())
        )
        with self._database.transaction() as session:
            taken, gone = 0, list[str]()
            for number, (commit, size) in enumerate(session.connection().execute(sizes)):
                taken += size
                if number and (number >= commits or taken > most):
                    gone.append(commit)
            for commit in gone:
                session.exec(delete(SegmentRow).where(*here, col(SegmentRow.commit) == commit))
        return len(gone)

    def _alone(self, session: Session, place: Place) -> None:
        """On PostgreSQL, no other keeps a map of the same repository until this transaction ends; on SQLite none does anyway."""
        if not self._database.is_sqlite:
            lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
            session.connection().execute(lock, {"name": f"recall map {place.host} {place.repository_id}"})


class RepositoryMaps:
    """Implements `app.domain.testmap.Maps` for one repository."""

    def __init__(self, database: Database, host: str, repository_id: int) -> None:
        self._database = database
        self._asked = {"host": host, "repository": repository_id}

    def commits(self) -> Sequence[str]:
        """The covered commits."""
        with answering(), self._database.engine.connect() as connection:
            return tuple(connection.execute(_COMMITS, self._asked).scalars())

    def at(self, commit: str) -> "StoredMap":
        """The map of one of these commits."""
        return StoredMap(self._database, commit, self._asked | {"commit": commit})


class StoredMap:
    """Implements `app.domain.testmap.TestMap`. Reads nothing before it is asked, and then only what was asked for.

    Its segments are those that were live at the first question; `TryLater` if one of them has been replaced since.
    """

    def __init__(self, database: Database, commit: str, asked: Mapping[str, Any]) -> None:
        """`asked` says of which host and repository."""
        self._database = database
        self._asked = asked
        self.commit = commit

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """Every live segment."""
        rows = {row.id: row for row in self._rows(_SEGMENTS)}
        self._check(rows)
        return tuple(
            Segment(_origin(rows[number]), Grain(rows[number].grain), tests, unpack_results(rows[number].results))
            for number, tests in self._live.items()
        )

    @cached_property
    def paths(self) -> Collection[str]:
        """All files that any segment knows."""
        return frozenset(row.path for row in self._rows(_PATHS))

    def covers(self, paths: Collection[str]) -> Mapping[str, tuple[FileCover, ...]]:
        """What the segments know of those files, in one query for every 500 of them."""
        found: dict[str, list[FileCover]] = {}
        wanted = sorted(set(paths))
        for start in range(0, len(wanted), _AT_ONCE):
            for path, cover in self._read(wanted[start : start + _AT_ONCE]):
                found.setdefault(path, []).append(cover)
        return {path: tuple(covers) for path, covers in found.items()}

    def _read(self, paths: Sequence[str]) -> Iterator[tuple[str, FileCover]]:
        live = self._live
        rows = self._rows(_RECORDS, keys=[_key(path) for path in paths])
        self._check({row.id for row in rows})
        for row in rows:
            if row.path is not None and row.id in live:
                yield row.path, cover_of(live[row.id], row.path, row.blob, row.record)

    @cached_property
    def _live(self) -> dict[int, tuple[str, ...]]:
        """The dictionary of each segment, by its id."""
        return {row.id: unpack_names(row.dictionary) for row in self._rows(_DICTIONARIES)}

    def _check(self, there: Collection[int]) -> None:
        if any(number not in there for number in self._live):
            raise TryLater(f"The map of {self.commit[:10]} was replaced while it was read.")

    def _rows(self, query: Executable, **more: object) -> Sequence[Row[Any]]:
        with answering(), self._database.engine.connect() as connection:
            return connection.execute(query, {**self._asked, **more}).all()


def forget(session: Session, installation: int) -> None:
    """Forgets every map that came through an installation."""
    session.exec(delete(SegmentRow).where(col(SegmentRow.installation) == installation))


def _make_way(session: Session, row: Mapping[str, Any]) -> bool:
    """Removes the segments of earlier runs that this one replaces; whether it is to be kept at all."""
    there = select_columns(
        *(col(each) for each in (SegmentRow.id, SegmentRow.run, SegmentRow.digest, SegmentRow.shard, SegmentRow.shards))
    ).where(*_same_commit(row), col(SegmentRow.suite) == row["suite"])
    others = session.connection().execute(there).all()
    order = _order(row["run"])
    if any(
        other.digest == row["digest"] or (order and _order(other.run) > order and other.shard == row["shard"]) for other in others
    ):
        return False
    replaced = [
        other.id
        for other in others
        if (_order(other.run) < order or not order) and (other.shard == row["shard"] or other.shards != row["shards"])
    ]
    session.exec(delete(SegmentRow).where(col(SegmentRow.id).in_(replaced)))
    return True


def _order(run: str) -> tuple[int, ...]:
    """When a run was, compared to others of its repository: `17.2` is the second attempt of run 17. Empty if not so named."""
    parts = run.split(".")
    return tuple(map(int, parts)) if all(part.isascii() and part.isdigit() and len(part) < 20 for part in parts) else ()


def _of(host: str, repository_id: int) -> list[ColumnElement[bool]]:
    return [col(SegmentRow.host) == host, col(SegmentRow.repository_id) == repository_id]


def _same_commit(row: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    here = _of(row["host"], row["repository_id"])
    return [*here, col(SegmentRow.commit) == row["commit"], col(SegmentRow.baseline) == row["baseline"]]


def _segment_row(place: Place, map_file: MapFile, *, baseline: bool, run: str) -> dict[str, Any]:
    segment = map_file.segment
    dictionary, results = pack_names(segment.tests), pack_results(segment.results)
    return (
        asdict(segment.origin)
        | asdict(place)
        | {
            "run": run,
            "baseline": baseline,
            "grain": segment.grain.value,
            "digest": map_file.digest,
            "dictionary": dictionary,
            "results": results,
            "tests": len(segment.tests),
            "files": len(map_file.paths),
            "size": len(dictionary) + len(results),
            "arrived": time.time(),
        }
    )


def _file_rows(map_file: MapFile) -> list[dict[str, Any]]:
    parts = Counter[str]()
    rows = []
    for path, blob, record in map_file.records():
        rows.append({"key": _key(path), "part": parts[path], "path": path, "blob": blob, "record": record})
        parts[path] += 1
    return rows


def _key(path: str) -> bytes:
    """What a file is found by: an index of PostgreSQL takes no text as long as a path may be."""
    return hashlib.sha256(path.encode(errors="surrogatepass")).digest()[:16]


def _origin(row: Row[Any]) -> Origin:
    return Origin(*row[: len(_ORIGIN)])


def _kept(row: Row[Any]) -> Kept:
    return Kept(_origin(row), Grain(row.grain), row.baseline, row.tests, row.files, row.size, row.arrived)
