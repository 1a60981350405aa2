"""Packed bytes: they come back, and what would unpack to more than it may is refused before it has."""

import struct
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.testmap.packing import Damaged, join, pack, split, unpack

MIB = 1 << 20
texts = st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8), max_size=6)


@given(st.binary(max_size=3_000))
def test_what_is_packed_comes_back(raw: bytes) -> None:
    assert unpack(pack(raw), 3_000) == raw


def test_the_most_regular_bytes_come_back() -> None:
    zeros = bytes(40 * MIB)
    assert unpack(pack(zeros), len(zeros)) == zeros


@given(st.lists(texts, min_size=1, max_size=4))
def test_columns_come_back(columns: list[list[str]]) -> None:
    assert split(join(columns), len(columns), 6) == [tuple(column) for column in columns]


def declared(length: int, stream: bytes) -> bytes:
    return struct.pack("<I", length) + stream


def test_a_gigabyte_of_zeros_is_never_unpacked() -> None:
    stream = zlib.compressobj(9)
    start, again = (stream.compress(bytes(MIB)) + stream.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    bomb = start + again * 1023 + stream.flush()
    tracemalloc.start()
    for length in (1 << 30, 1 << 10, (1 << 32) - 1):
        with pytest.raises(Damaged):
            unpack(declared(length, bomb), 1 << 40)
    assert tracemalloc.get_traced_memory()[1] < 8 * MIB
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("packed", "reason"),
    [
        (b"", "is cut short"),
        (b"\1\0\0", "is cut short"),
        (declared(1, b""), "does not unpack to what it declares"),
        (declared(3, b"abc"), "does not unpack"),
        (pack(b"abc")[:-1], "does not unpack to what it declares"),
        (pack(b"abc") + b"x", "does not unpack to what it declares"),
        (declared(2, zlib.compress(b"abc")), "does not unpack to what it declares"),
        (declared(4, zlib.compress(b"abc")), "does not unpack to what it declares"),
        (pack(bytes(101)), "unpacks to 101 bytes, which is more than it may"),
        (declared(90 * MIB, zlib.compress(bytes(90 * MIB), 9)), "unpacks to 94,371,840 bytes, which is more than it may"),
    ],
)
def test_what_does_not_unpack_to_what_it_declares_is_refused(packed: bytes, reason: str) -> None:
    with pytest.raises(Damaged, match=f"^{reason}$"):
        unpack(packed, 100 if len(packed) < 100 else 1 << 40)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "is cut short"),
        (join([["a"]])[:-1], "is cut short"),
        (join([["a"], ["b"]]), "is longer than it declares"),
        (struct.pack("<II", 1, 9) + b"a", "is cut short"),
        (struct.pack("<II", 0, 1) + b"a", "does not list as much as it declares"),
        (struct.pack("<II", 3, 3) + b"a\0b", "does not list as much as it declares"),
        (struct.pack("<II", 2, 5) + b"a\0b\0c", "does not list as much as it declares"),
        (struct.pack("<II", 1 << 31, 1) + b"a", "lists 2,147,483,648 things where 5 is the most"),
        (struct.pack("<II", 1, 1) + b"\xff", "holds text that is not UTF-8"),
    ],
)
def test_columns_that_cannot_be_are_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(Damaged, match=f"^{reason}$"):
        split(raw, 1, 5)
