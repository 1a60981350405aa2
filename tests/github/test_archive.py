"""Archives that a stranger made: what is read of them, and how each attack ends."""

import io
import random
import stat
import struct
import warnings
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import TellUser
from app.github.archive import Bounds, members

SMALL = Bounds(members=4, expanded=1 << 20, ratio=100)
DEFLATED = zipfile.ZIP_DEFLATED


def archive(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = DEFLATED) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", method) as made:
        warnings.simplefilter("ignore")
        for name, content in entries:
            made.writestr(name, content)
    return out.getvalue()


def read(content: bytes, bounds: Bounds = SMALL) -> dict[str, bytes]:
    return dict(members(content, bounds))


def refused(content: bytes, bounds: Bounds = SMALL) -> str:
    """The sentence; nothing may have been given before it."""
    found = members(content, bounds)
    with pytest.raises(TellUser) as raised:
        next(found)
    return str(raised.value)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, DEFLATED])
def test_each_file_is_read(method: int) -> None:
    assert read(archive(("a.recall", b"one"), ("b/c.recall", b"two"), method=method)) == {
        "a.recall": b"one",
        "b/c.recall": b"two",
    }


def test_folders_are_passed_over() -> None:
    assert read(archive(("b/", b""), ("b/c", b"x"))) == {"b/c": b"x"}


def test_a_gigabyte_of_zeros_is_refused_by_what_it_declares() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", DEFLATED) as made, made.open("zeros", "w") as file:
        for _ in range(1024):
            file.write(bytes(1 << 20))
    assert len(out.getvalue()) < 2 << 20
    assert refused(out.getvalue(), Bounds()) == "The archive unpacks to more than 256 MiB."


def test_one_file_that_is_larger_than_any_map_is_refused_whatever_the_others_leave() -> None:
    bounds = Bounds(member=1 << 20, expanded=8 << 20)
    assert refused(archive(("noise", random.Random(1).randbytes((1 << 20) + 1))), bounds).startswith(
        "A file in the archive unpacks"
    )


def test_an_absurd_ratio_is_refused_within_the_size() -> None:
    assert "100 times" in refused(archive(("zeros", bytes(3 << 20))), Bounds(expanded=4 << 20))


def lying(content: bytes, size: int) -> bytes:
    """The same archive, whose directory declares another size for its one file."""
    at = content.index(b"PK\x01\x02")
    return content[: at + 24] + struct.pack("<I", size) + content[at + 28 :]


def test_more_than_was_declared_is_not_read() -> None:
    content = lying(archive(("zeros", bytes(64 << 20))), 1000)
    assert refused(content) == "The archive is damaged."


def test_many_small_bombs_are_added_up() -> None:
    assert "more than 1 MiB" in refused(archive(*((f"{n}", bytes(400_000)) for n in range(4))))


def test_too_many_files_are_refused() -> None:
    assert "more than 4 files" in refused(archive(*((f"{n}", b"") for n in range(5))))


def test_a_million_entries_are_refused_before_they_are_listed() -> None:
    one = archive(("a", b""))
    entry = one[one.index(b"PK\x01\x02") : one.index(b"PK\x05\x06")]
    many = entry * 100_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(many), one.index(b"PK\x01\x02"), 0)
    assert "more than 4 files" in refused(one[: one.index(b"PK\x01\x02")] + many + end)


def test_two_files_of_one_name_are_refused() -> None:
    assert "one name" in refused(archive(("a", b"1"), ("a", b"2")))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices_are_refused(kind: int) -> None:
    entry = zipfile.ZipInfo("link")
    entry.external_attr = (kind | 0o777) << 16
    assert "plain files" in refused(archive((entry, b"/etc/passwd")))


def test_an_encrypted_file_is_refused() -> None:
    content = archive(("a", b"x"))
    at = content.index(b"PK\x01\x02")
    assert "plain files" in refused(content[: at + 8] + b"\x01" + content[at + 9 :])


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused(method: int) -> None:
    assert "plain files" in refused(archive(("a", b"x"), method=method))


def test_names_lead_nowhere() -> None:
    assert set(read(archive(("../../etc/passwd", b"x"), ("/abs", b"y")))) == {"../../etc/passwd", "/abs"}


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x05\x06" + b"\xff" * 18, b"recall test map 1\n", bytes(1000)])
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    assert refused(content) == "The archive is damaged."


@given(st.data())
def test_a_damaged_archive_gives_what_is_in_it_or_a_sentence(data: st.DataObject) -> None:
    content = bytearray(archive(("a", b"one" * 50), ("b", b"two" * 50)))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    try:
        found = read(bytes(content[: cut or None]))
    except TellUser:
        return
    assert set(map(len, found.values())) <= {0, 150} or all(len(each) <= SMALL.expanded for each in found.values())
