"""Map files for tests, with values that have good defaults."""

import hashlib
import json
import struct
from collections.abc import Mapping, Sequence
from io import BytesIO

from app.analysis.testmap import packing
from app.analysis.testmap.mapfile import MapFile, open_map, write_map
from app.domain.lines import lines_of
from app.domain.testmap import Grain, Measured, Origin, TestResult

COMMIT = "c" * 40
BLOB = "b" * 40
TESTS = ("tests/test_cart.py::test_add", "tests/test_cart.py::test_total", "tests/test_user.py::test_name")
CART = Measured("shop/cart.py", {0: lines_of([1, 2, 3]), 1: lines_of([3, 4])}, outside=lines_of([9]))
USER = Measured("shop/user.py", {2: lines_of([5])}, code=lines_of(range(1, 8)))


def map_bytes(
    *files: Measured,
    origin: Origin | None = None,
    tests: Sequence[str] = TESTS,
    results: Sequence[TestResult] = (),
    blobs: Mapping[str, str] | None = None,
    **about: object,
) -> bytes:
    """A map file; `about` are fields of its origin."""
    out = BytesIO()
    told = {"commit": COMMIT, "suite": "unit", "run": "1.1", "made": 1_700_000_000, **about}
    with_blobs = [(file, (blobs or {}).get(file.path, BLOB)) for file in files or (CART, USER)]
    write_map(out, origin or Origin(**told), Grain.TEST, tests, with_blobs, results)  # type: ignore[arg-type]
    return out.getvalue()


def map_file(*files: Measured, **about: object) -> MapFile:
    """The same, opened."""
    return open_map(map_bytes(*files, **about))  # type: ignore[arg-type]


HEAD = {
    "commit": COMMIT,
    "branch": "",
    "run": "1.1",
    "suite": "unit",
    "shard": 1,
    "shards": 1,
    "tool": "",
    "made": 1,
    "grain": "test",
}


def forged(
    records: Mapping[str, bytes],
    *,
    head: Mapping[str, object] | str = HEAD,
    tests: Sequence[str] = TESTS,
    results: Sequence[Sequence[str]] = ((), (), (), ()),
    blob: str = BLOB,
    index: bytes | None = None,
) -> bytes:
    """A map file as a stranger may write one: its digest is right, and nothing else has to be."""
    text = head if isinstance(head, str) else json.dumps(head)
    lengths = [str(len(record)) for record in records.values()]
    columns = [[text], tests, *results, list(records), [blob] * len(records), lengths]
    packed = index if index is not None else packing.pack(packing.join(columns))
    body = b"recall test map 1\n" + b"".join(records.values()) + packed
    return body + struct.pack("<I", len(packed)) + hashlib.sha256(body).digest()
