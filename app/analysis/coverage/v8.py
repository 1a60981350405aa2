"""V8's raw coverage (what `NODE_V8_COVERAGE` writes, `coverage/tmp` of c8): known, so that people are told what to give instead.

It counts ranges of characters, which only the very text that ran could turn into lines. That text is transpiled as often as not
and is not in the file, so what would be read here would be guesses.
"""

import re

from app.analysis.coverage.json import START
from app.analysis.coverage.unreadable import Unreadable
from app.domain.testmap import Reading

_OPENING = re.compile(START + rb'"result"\s*+:\s*+\[\s*+(?:\]|\{\s*+"(?:scriptId|url|functions)"\s*+:)')


def recognises(head: bytes) -> bool:
    """Whether it is an object with a `result` of scripts."""
    return bool(_OPENING.match(head))


def read(data: bytes, suite: str) -> Reading:
    """Always raises Unreadable."""
    del data, suite
    raise Unreadable(
        "It is V8's raw coverage, which has no lines; give c8's or Vitest's report, made with the reporter json or lcov."
    )
