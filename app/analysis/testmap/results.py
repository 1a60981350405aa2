"""The tests of a segment and what its run's report says of them, as columns of text for a map file or a database."""

from collections.abc import Sequence

from app.analysis.testmap import packing
from app.analysis.testmap.packing import Damaged
from app.analysis.testmap.safe import MAX_NAME, is_plain, plain
from app.domain.testmap import Ended, TestResult

_COLUMNS = 4
_MOST = 1_000_000
_MAX_BYTES = 256 << 20
_MAX_SECONDS = 10_000_000.0


def pack_names(names: Sequence[str]) -> bytes:
    """A dictionary of tests, packed."""
    return packing.pack(packing.join([names]))


def unpack_names(packed: bytes) -> tuple[str, ...]:
    """The dictionary. Raises `Damaged`."""
    return packing.split(packing.unpack(packed, _MAX_BYTES), 1, _MOST)[0]


def pack_results(results: Sequence[TestResult]) -> bytes:
    """Results, packed."""
    return packing.pack(packing.join(result_columns(results)))


def unpack_results(packed: bytes) -> tuple[TestResult, ...]:
    """The results. Raises `Damaged`."""
    return results_of(packing.split(packing.unpack(packed, _MAX_BYTES), _COLUMNS, _MOST))


def result_columns(results: Sequence[TestResult]) -> list[list[str]]:
    """Names, how they ended, reasons, seconds."""
    return [
        [plain(result.name) for result in results],
        [result.ended.value for result in results],
        [plain(result.reason) for result in results],
        ["" if result.seconds is None else f"{min(max(result.seconds, 0.0), _MAX_SECONDS):.6g}" for result in results],
    ]


def results_of(columns: Sequence[Sequence[str]]) -> tuple[TestResult, ...]:
    """The results that make these columns. Raises `Damaged`."""
    names, ends, reasons, seconds = columns
    check_names(names)
    check_names(reasons)
    try:
        return tuple(
            TestResult(name, Ended(end), reason, _seconds(took))
            for name, end, reason, took in zip(names, ends, reasons, seconds, strict=True)
        )
    except ValueError:
        raise Damaged("tells results that cannot be") from None


def check_names(names: Sequence[str]) -> None:
    """Raises `Damaged` unless all may be shown to people as they are."""
    if not all(len(name) <= MAX_NAME and is_plain(name) for name in names):
        raise Damaged("holds a name that is too long or has control characters")


def _seconds(text: str) -> float | None:
    if not text:
        return None
    seconds = float(text)
    if not 0 <= seconds <= _MAX_SECONDS:
        raise ValueError
    return seconds
