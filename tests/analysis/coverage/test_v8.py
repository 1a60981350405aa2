"""V8's raw coverage is known, and refused with what to give instead."""

import pytest

from app.analysis.coverage import v8
from app.analysis.coverage.unreadable import Unreadable
from tests.analysis.coverage.seen import DATA


def test_what_node_writes_is_recognised() -> None:
    assert v8.recognises((DATA / "v8-raw.json").read_bytes())


def test_the_refusal_says_what_to_give_instead() -> None:
    with pytest.raises(Unreadable, match="reporter json or lcov"):
        v8.read(b'{"result": []}', "unit")
