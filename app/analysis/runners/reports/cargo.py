"""What Cargo's runner prints: a line for each test, then what the failed ones said."""

import re
from collections.abc import Iterator

from app.analysis.runners.cases import MAX_MESSAGE, MAX_NAME, Case, clipped
from app.domain.proof import Ending, Failure

_LINE = re.compile(r"^test (?P<name>\S+)(?: - should panic)? \.\.\. (?P<ending>ok|FAILED|ignored)\b")
_ENDINGS = {"ok": Ending.PASSED, "FAILED": Ending.FAILED, "ignored": Ending.SKIPPED}
_SAID = re.compile(r"^---- (?P<name>\S+)(?: stdout| stderr)? ----$")
_PANIC = re.compile(
    r"^thread .* panicked at (?:'(?P<old>.*)', )?(?P<place>\S+?:\d+:\d+):?\n?(?P<message>(?:.+\n?)*)", re.MULTILINE
)


def read(data: bytes) -> Iterator[Case]:
    """The tests in the order they ended; their names are `cart.tests.adds`, their files are not told."""
    lines = data.decode("utf-8", "replace").splitlines()
    said = dict(_said(lines))
    for line in lines:
        if match := _LINE.match(line):
            ending = _ENDINGS[match["ending"]]
            failure = _failure(said.get(match["name"], "")) if ending is Ending.FAILED else None
            yield Case("", match["name"].replace("::", ".")[:MAX_NAME], ending, failure=failure)


def _said(lines: list[str]) -> Iterator[tuple[str, str]]:
    name, block = "", list[str]()
    for line in [*lines, "failures:"]:
        head = _SAID.match(line)
        if head or line in {"failures:", "successes:"}:
            if name:
                yield name, "\n".join(block)
            name, block = head["name"] if head else "", []
        elif name:
            block.append(line)


def _failure(text: str) -> Failure:
    panic = _PANIC.search(text)
    if panic is None:
        return Failure("", clipped(text, MAX_MESSAGE), clipped(text))
    message = (panic["old"] or panic["message"] or "").split("\nnote: ")[0].split("\nstack backtrace:")[0].strip()
    return Failure("AssertionError" if message.startswith("assertion") else "panic", clipped(message, MAX_MESSAGE), clipped(text))
