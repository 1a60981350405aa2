"""Map files as a stranger may write them, with a digest that is right: each is refused in one sentence, or harmless."""

import struct
import tracemalloc
import unicodedata
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.testmap import packing, records
from app.analysis.testmap.mapfile import LIMITS, MAX_PARTS, open_map
from app.analysis.testmap.safe import MAX_NAME, is_plain, is_safe, plain
from app.domain.errors import TellUser
from app.domain.testmap import Ended, Grain, Measured, Origin, TestResult
from tests.analysis.testmap.build import BLOB, CART, COMMIT, HEAD, TESTS, forged, map_bytes

RECORD = records.encode(CART)
POISONED = [
    "",
    "/etc/passwd",
    "../secret",
    "a/../b.py",
    "a/..",
    "./a.py",
    "a//b.py",
    "a/",
    "a\\b.py",
    "a\nb.py",
    "a\x1b[2J.py",
    "a\x7f.py",
    "a\u0085b.py",
    "a\u2028b.py",
    "a\u202ebe.py",
    unicodedata.normalize("NFD", "é.py"),
    "x" * 10_000,
    "é" * 2_100,
]


def refused(data: bytes) -> str:
    """The sentence with which it is refused."""
    with pytest.raises(TellUser) as caught:
        open_map(data)
    sentence = str(caught.value)
    assert is_plain(sentence)
    assert len(sentence) < 300
    return sentence


def test_a_forged_map_that_is_sound_is_read() -> None:
    assert open_map(forged({CART.path: RECORD})).cover(CART.path)[0].covered


@pytest.mark.parametrize("path", POISONED, ids=range(len(POISONED)))
def test_a_poisoned_path_is_refused(path: str) -> None:
    assert not is_safe(path)
    assert "it names a path that no repository may have" in refused(forged({path: RECORD}))


def test_a_path_with_a_nul_is_two_paths_too_many() -> None:
    assert not is_safe("a\0b")
    assert "does not list as much as it declares" in refused(forged({"a\0b": RECORD}))


def test_half_a_surrogate_pair_is_no_path() -> None:
    assert not is_safe("a\ud800.py")


@pytest.mark.parametrize(
    "path", ["a.py", "src/a b.py", "src/Ünïcode/日本.py", "a..b/...c", "x" * 4_096, ".github/x.yml", "C:a.py"]
)
def test_an_ordinary_path_is_let_in(path: str) -> None:
    assert open_map(forged({path: RECORD})).paths == {path}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_a_safe_path_stays_below_the_folder_it_is_put_in(path: str) -> None:
    if is_safe(path):
        depth = 0
        for part in path.split("/"):
            depth += {"..": -1, ".": 0, "": 0}.get(part, 1)
            assert depth > 0


@pytest.mark.parametrize(
    "head",
    [
        "",
        "nonsense",
        "[]",
        "null",
        "[" * 60_000,
        '{"a":' * 10_000,
        "9" * 60_000,
        "x" * 70_000,
        {},
        HEAD | {"more": 1},
        HEAD | {"grain": "line"},
        HEAD | {"grain": ["test"]},
        HEAD | {"commit": "main"},
        HEAD | {"commit": "C" * 40},
        HEAD | {"commit": 5},
        HEAD | {"branch": "a\nb"},
        HEAD | {"suite": "x" * 300},
        HEAD | {"tool": "\u202e"},
        HEAD | {"run": None},
        HEAD | {"shard": 0},
        HEAD | {"shard": 2},
        HEAD | {"shard": True},
        HEAD | {"shard": 1.0},
        HEAD | {"shards": 1 << 40},
        HEAD | {"made": -1},
        HEAD | {"made": 253_402_300_800},  # the year 10000, which no date can be of
    ],
    ids=range(26),
)
def test_a_map_that_does_not_say_what_it_is_is_refused(head: str) -> None:
    assert refused(forged({CART.path: RECORD}, head=head)).startswith("The map is damaged: it ")


@pytest.mark.parametrize("name", ["a\x1b[31mb", "a\nb", "\u202eb", "x" * 1_001])
def test_a_name_that_may_not_be_shown_is_refused(name: str) -> None:
    sentence = "it holds a name that is too long or has control characters"
    assert sentence in refused(forged({}, tests=[name]))
    assert sentence in refused(forged({}, results=([name], ["passed"], [""], [""])))
    assert sentence in refused(forged({}, results=(["a"], ["passed"], [name], [""])))


@pytest.mark.parametrize(
    "results",
    [
        (["a"], ["vanished"], [""], [""]),
        (["a"], ["passed"], [""], ["nan"]),
        (["a"], ["passed"], [""], ["-1"]),
        (["a"], ["passed"], [""], ["1e300"]),
        (["a"], ["passed"], [""], ["soon"]),
        (["a", "b"], ["passed"], [""], [""]),
    ],
)
def test_results_that_cannot_be_are_refused(results: tuple[list[str], ...]) -> None:
    assert "it tells results that cannot be" in refused(forged({}, results=results))


def test_a_blob_that_is_no_object_id_is_refused() -> None:
    assert "it names a file version that cannot be" in refused(forged({CART.path: RECORD}, blob="HEAD"))


def test_more_tests_or_files_than_allowed_are_refused() -> None:
    data = map_bytes()
    for limits in (replace(LIMITS, tests=2), replace(LIMITS, files=1)):
        with pytest.raises(TellUser, match=r"The map is damaged: it (holds more than|lists) "):
            open_map(data, limits)


def test_a_map_larger_than_allowed_is_refused() -> None:
    with pytest.raises(TellUser, match=r"The map is larger than 1 MiB. Upload it in shards."):
        open_map(bytes(2 << 20), replace(LIMITS, size=1 << 20))


def test_one_file_in_too_many_parts_is_refused() -> None:
    assert "it holds too many parts of one file" in refused(map_bytes(*[CART] * (MAX_PARTS + 1)))


@pytest.mark.parametrize("index", [b"", b"\0\0\0\0", packing.pack(b""), packing.pack(bytes(72)), struct.pack("<I", 9) + b"x" * 9])
def test_an_index_that_is_none_is_refused(index: bytes) -> None:
    assert refused(forged({}, index=index)).startswith("The map is damaged: it ")


def test_records_that_would_unpack_to_more_than_allowed_are_refused_before_they_are() -> None:
    lies = {f"a{n}.py": struct.pack("<I", 64 << 20) + b"x" for n in range(17)}
    assert "it unpacks to more than 1024 MiB" in refused(forged(lies))


def test_a_gigabyte_of_zeros_costs_next_to_nothing() -> None:
    stream = zlib.compressobj(9)
    start, again = (stream.compress(bytes(1 << 20)) + stream.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    bomb = struct.pack("<I", 1 << 30) + start + again * 1023 + stream.flush()
    as_index, as_record = forged({}, index=bomb), open_map(forged({CART.path: bomb}))
    tracemalloc.start()
    assert "it unpacks to 1,073,741,824 bytes, which is more than it may" in refused(as_index)
    with pytest.raises(TellUser, match=r"what it holds of shop/cart\.py unpacks to 1,073,741,824 bytes"):
        list(as_record.records())
    with pytest.raises(TellUser, match=r"what it holds of shop/cart\.py unpacks to 1,073,741,824 bytes"):
        as_record.cover(CART.path)
    assert tracemalloc.get_traced_memory()[1] < 16 << 20
    tracemalloc.stop()


def test_one_wide_sign_among_many_names_does_not_make_them_all_wide() -> None:
    names = ["x" * 900 for _ in range(20_000)]
    raw = packing.join([[*names, "\U0001f600"]])
    tracemalloc.start()
    try:
        assert packing.split(raw, 1, 100_000)[0][-1] == "\U0001f600"
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * len(raw)


def test_a_gigabyte_that_is_no_map_at_all_is_not_read_to_its_end() -> None:
    class Endless:
        """An open file of zeros that remembers how much was asked of it."""

        asked = 0

        def read(self, size: int) -> bytes:
            self.asked += size
            return bytes(min(size, 1 << 20))

    endless = Endless()
    with pytest.raises(TellUser):
        open_map(endless)  # type: ignore[arg-type]
    assert endless.asked == LIMITS.size + 1


@given(st.binary(max_size=300))
def test_whatever_follows_the_first_line_is_refused(rest: bytes) -> None:
    with pytest.raises(TellUser):
        open_map(b"recall test map 1\n" + rest)


def test_what_may_not_be_in_a_map_is_not_written() -> None:
    for path, blob in (("../x.py", BLOB), ("x.py", "HEAD")):
        with pytest.raises(ValueError, match="cannot be in a map"):
            map_bytes(replace(CART, path=path), blobs={path: blob})
    with pytest.raises(ValueError, match="test 3 is not among the 3 of the dictionary"):
        map_bytes(Measured("a.py", {3: 2}))


@pytest.mark.parametrize(
    ("origin", "sentence"),
    [
        (Origin("main"), "main is not a whole commit id. Give all of its 40 digits."),
        (Origin(COMMIT, suite="a\x1bb"), "The name of the suite is too long or has control characters. Give another."),
        (Origin(COMMIT, shard=3, shards=2), "Shard 3 of 2 cannot be. Count the shards from 1."),
    ],
)
def test_an_origin_that_cannot_be_is_told_to_whoever_typed_it(origin: Origin, sentence: str) -> None:
    with pytest.raises(TellUser) as caught:
        map_bytes(origin=origin)
    assert str(caught.value) == sentence


def test_a_file_that_is_too_much_is_told_by_its_name() -> None:
    huge = Measured("gen/huge.py", {50_000_000: 2, **{test: 1 << test + 1 for test in range(100)}})
    with pytest.raises(TellUser, match=r"^More ran of gen/huge\.py than a map can hold\."):
        map_bytes(huge)


def test_names_are_written_as_they_may_be_shown() -> None:
    long = "test_" + "x" * 5_000
    data = map_bytes(tests=("a\x1bb", long, long + "y"), results=[TestResult("n\0", Ended.SKIPPED, "no\nway", 1.5)])
    segment = open_map(data).segment
    assert segment.tests[0] == "a\\x1bb"
    assert [len(name) for name in segment.tests[1:]] == [MAX_NAME, MAX_NAME]
    assert segment.tests[1] != segment.tests[2]
    assert segment.results == (TestResult("n\\x00", Ended.SKIPPED, "no\\nway", 1.5),)


@given(st.text(max_size=50))
def test_a_plain_text_stays_as_it_is_and_any_other_becomes_plain(text: str) -> None:
    assert is_plain(plain(text))
    assert not is_plain(text) or plain(text) == text


def test_an_empty_map_is_a_map() -> None:
    assert (open_map(forged({})).segment.tests, len(open_map(forged({})).paths)) == (TESTS, 0)
    assert open_map(forged({})).segment.grain is Grain.TEST
