"""What Minitest prints with `-v`: a line for each test, then the failures one by one."""

import re
from collections.abc import Iterator

from app.analysis.runners.cases import MAX_MESSAGE, MAX_NAME, Case, clipped
from app.domain.proof import Ending, Failure

_LINE = re.compile(r"^(?P<name>\S.*) = (?P<seconds>\d+(?:\.\d+)?) s = (?P<sign>[.FES])\s*$")
_ENDINGS = {".": Ending.PASSED, "F": Ending.FAILED, "E": Ending.FAILED, "S": Ending.SKIPPED}
_HEAD = re.compile(r"^\s+\d+\) (?P<kind>Failure|Error|Skipped):\s*$")
_NAMED = re.compile(r"^(?P<name>\S.*?)(?: \[(?P<place>[^\]\n]+)\])?:\s*$")
_SPEC = re.compile(r"test_\d{4}_(?P<title>.+)")
_END = re.compile(r"^\d+ runs, ")
_TYPE = re.compile(r"^(?P<type>(?:[A-Z]\w*::)*[A-Z]\w*): (?P<message>.*)")


def read(data: bytes) -> Iterator[Case]:
    """The tests in the order they ran; their names are `CartTest.test_total`."""
    lines = data.decode("utf-8", "replace").splitlines()
    failures = dict(_failures(lines))
    for line in lines:
        if match := _LINE.match(line):
            name = match["name"].strip()
            ending = _ENDINGS[match["sign"]]
            failure = failures.get(name) if ending is Ending.FAILED else None
            yield Case("", _dotted(name), ending, float(match["seconds"]), failure)


def _dotted(name: str) -> str:
    """`CartTest#test_total` -> `CartTest.test_total`; of a spec `Cart::empty#test_0001_is 0` -> `Cart > empty > is 0`."""
    owner, _, method = name.rpartition("#")
    if spec := _SPEC.match(method):
        return f"{owner.replace('::', ' > ')} > {spec['title']}"[:MAX_NAME]
    return f"{owner}.{method}"[:MAX_NAME] if owner else name[:MAX_NAME]


def _failures(lines: list[str]) -> Iterator[tuple[str, Failure]]:
    heads = [index for index, line in enumerate(lines) if _HEAD.match(line)]
    for index, end in zip(heads, [*heads[1:], len(lines)], strict=False):
        block = lines[index + 1 : end]
        stop = next((n for n, line in enumerate(block) if _END.match(line)), len(block))
        head = _HEAD.match(lines[index])
        named = _NAMED.match(block[0]) if block else None
        if head and named:
            yield named["name"], _failure(head["kind"], block[1:stop], named["place"] or "")


def _failure(kind: str, block: list[str], place: str) -> Failure:
    text = "\n".join(block).strip()
    if kind == "Failure":
        return Failure("Minitest::Assertion", clipped(text, MAX_MESSAGE), clipped(f"{text}\n{place}:in `test'"))
    told = _TYPE.match(text)
    return Failure(told["type"] if told else "", clipped(told["message"] if told else text, MAX_MESSAGE), clipped(text))
