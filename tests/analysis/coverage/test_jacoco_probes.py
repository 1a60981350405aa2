"""Probes mean the lines that JaCoCo's own analysis says they mean."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.analysis.coverage.class_file import modified_utf8
from app.analysis.coverage.jacoco_probes import ProbedClass, class_number, probed_class
from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import lines_of

DATA = Path(__file__).parent / "data" / "jvm"
FILES = {path.name: path.read_bytes() for path in sorted((DATA / "classes" / "com" / "shop").iterdir())}


def told_by_jacoco() -> Iterator[tuple[str, int, list[int]]]:
    """File, id, and the lines of the whole class followed by those of each probe."""
    for section in (DATA / "probes.txt").read_text().split("C ./com/shop/")[1:]:
        first, *rows = section.splitlines()
        name, number, _ = first.split(" ")
        yield name, int(number, 16), [lines_of(int(line) for line in row[2:].split(",") if line) for row in rows]


@pytest.mark.parametrize(
    ("name", "number", "lines"), list(told_by_jacoco()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_probe_means_the_lines_that_jacoco_says_and_at_most_the_one_it_leads_into(
    name: str, number: int, lines: list[int]
) -> None:
    found = probed_class(FILES[name])
    assert found is not None
    assert (found.number, found.code, len(found.probes)) == (number, lines[0], len(lines) - 1)
    for ours, told in zip(found.probes, lines[1:], strict=True):
        assert ours & told == told
        assert (ours ^ told).bit_count() <= 1


def test_a_class_tells_its_source_file_below_its_root() -> None:
    found = probed_class(FILES["Cart$Item.class"])
    assert found is not None
    assert (found.name, found.path) == ("com/shop/Cart$Item", "com/shop/Cart.java")


def test_a_class_that_only_the_compiler_wrote_is_left_out() -> None:
    assert probed_class(FILES["Discount$1.class"]) is None


def test_a_class_without_the_name_of_its_source_is_left_out() -> None:
    assert probed_class(FILES["Never.class"].replace(b"SourceFile", b"SourceFilf")) is None


def test_a_class_of_java_9_has_the_id_it_would_have_in_java_8() -> None:
    eight, nine = (b"\xca\xfe\xba\xbe\0\0\0" + bytes([version]) + b"rest" for version in (0x34, 0x35))
    assert class_number(eight) == class_number(nine)


def test_lines_that_kotlin_inlined_from_other_files_are_not_the_file_s_own() -> None:
    extension = b"SMAP\nCart.kt\nKotlin\n*S Kotlin\n*F\n+ 1 Cart.kt\nCart\n*L\n1#1,37:1\n38#2:99\n*E\n"
    data = FILES["Cart$Item.class"].replace(b"\0\x0cInnerClasses", b"\0\x14SourceDebugExtension")
    body = 10  # that of the last attribute, which was InnerClasses
    found = probed_class(data[: -body - 4] + len(extension).to_bytes(4, "big") + extension)
    assert found is not None
    assert found.code == lines_of([36, 37])


def test_text_of_java_s_own_kind_is_read() -> None:
    assert modified_utf8(b"a\xc0\x80\xed\xa0\xbd\xed\xb8\x80") == "a\0\U0001f600"


@pytest.mark.parametrize("name", sorted(FILES))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_class_file_is_refused_or_read_and_never_breaks(name: str, data: st.DataObject) -> None:
    changed = bytearray(FILES[name])
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(8, len(changed) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(changed)))
    with suppress(Unreadable):
        found = probed_class(bytes(changed[:cut] if data.draw(st.booleans()) else changed))
        assert found is None or isinstance(found, ProbedClass)


@settings(deadline=None)
@given(st.binary(max_size=200))
@example(b"\x00\x00\x00\x34\xff\xff")
def test_bytes_that_only_begin_like_a_class_are_refused(rest: bytes) -> None:
    with suppress(Unreadable):
        probed_class(b"\xca\xfe\xba\xbe" + rest)
