"""Reads trees and blobs in bulk: one `ls-tree`, one `cat-file --batch`; what the bytes mean is for others."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from app.domain.errors import TellUser
from app.git.repository import Repository
from app.git.run import GitFailed, run, start, stop

MAX_BLOB = 1 << 20
SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A tree entry: git's mode (`100644`, `120000` a symbolic link, `160000` a submodule) and the object it names."""

    mode: str
    oid: str


@dataclass(frozen=True, slots=True)
class Blobs:
    """File contents by object id; `missing` are not in this clone, `large` are over the limit and were not read."""

    contents: dict[str, bytes]
    missing: frozenset[str]
    large: frozenset[str]


def read_tree(repository: Repository, commit: str, paths: Sequence[str] = ()) -> dict[str, Entry]:
    """Every path of a commit, or those of `paths` that it has. Undecodable bytes of a path are kept as lone surrogates."""
    try:
        listing = run(repository.path, "ls-tree", "-r", "-z", "--full-tree", commit, "--", *paths)
    except GitFailed as error:
        raise TellUser(
            f"The files of {commit[:10]} are not all in this clone ({error.stderr.strip()[:120]}): fetch them first."
        ) from error
    return dict(_entries(listing))


def _entries(listing: bytes) -> Iterator[tuple[str, Entry]]:
    for record in listing.decode(errors="surrogateescape").split("\0"):
        meta, tab, path = record.partition("\t")
        if tab:
            mode, _, oid = meta.split(" ")
            yield path, Entry(mode, oid)


def read_blobs(repository: Repository, oids: Iterable[str], max_bytes: int = MAX_BLOB) -> Blobs:
    """The contents of many blobs by one process. Blobs over `max_bytes` are passed over, not cut."""
    wanted = list(dict.fromkeys(oids))
    asked = sorted(_present(repository, set(wanted))) if repository.partial else wanted
    contents: dict[str, bytes] = {}
    large: set[str] = set()
    process = start(repository.path, "cat-file", "--batch", "--buffer")
    feeder = threading.Thread(target=_ask, args=(process.stdin, asked), daemon=True)
    timer = threading.Timer(SECONDS, stop, args=(process,))
    feeder.start()
    timer.start()
    try:
        for oid, content in _answers(process.stdout, max_bytes):
            if content is None:
                large.add(oid)
            else:
                contents[oid] = content
    finally:
        timer.cancel()
        stop(process)
        feeder.join()
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()
    return Blobs(contents, frozenset(wanted) - contents.keys() - large, frozenset(large))


def _present(repository: Repository, wanted: set[str]) -> set[str]:
    """Which objects a partial clone holds: asking for one that it lacks would end git, since it may not fetch it."""
    told = run(repository.path, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)", "--unordered", "--buffer")
    return wanted.intersection(told.decode().split())


def _ask(pipe: IO[bytes] | None, oids: list[str]) -> None:
    if pipe is None:
        return
    try:
        pipe.write("".join(f"{oid}\n" for oid in oids).encode())
        pipe.close()
    except BrokenPipeError:
        pass  # git has ended; whoever reads its answers sees fewer of them


def _answers(pipe: IO[bytes] | None, max_bytes: int) -> Iterator[tuple[str, bytes | None]]:
    """Reads a header line `<oid> blob <size>` and its content, or `<oid> missing`, until git ends; None for a large one."""
    while pipe and (header := pipe.readline()):
        oid, kind, *size = header.decode(errors="replace").split()
        if kind == "missing" or not size:
            continue
        content = pipe.read(int(size[0]) + 1)[:-1]
        yield oid, None if len(content) > max_bytes else content
