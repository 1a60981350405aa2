"""Of all readers exactly one takes a file."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.coverage import formats
from tests.analysis.coverage.seen import fixtures


@pytest.mark.parametrize("path", fixtures(".json", ".info", ".out", ".xml"), ids=lambda path: path.name)
def test_exactly_one_reader_recognises_what_a_real_tool_wrote(path: Path) -> None:
    head = path.read_bytes()[: formats.HEAD]
    assert sum(known.recognises(head) for known in formats.FORMATS) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", "<", "<a/>", '{"name": "shop"}', "mode: dark\n", "# Notes\n", "\0" * 100])
def test_what_is_no_coverage_has_no_reader(text: str) -> None:
    assert formats.reader_of(text.encode()) is None


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_recognising_never_fails(head: bytes) -> None:
    for known in formats.FORMATS:
        known.recognises(head)
