"""What unittest and Django's runner print with `-v`: a line for each test, then the failures one by one."""

import re
from collections.abc import Iterator

from app.analysis.runners.cases import MAX_MESSAGE, MAX_NAME, Case, clipped
from app.domain.proof import Ending, Failure

_BEGUN = re.compile(r"^(?P<method>\w+) \((?P<place>[\w.]+)\)(?P<rest>.*)$")
_ENDED = re.compile(
    r"(?:^|\s)\.\.\. .*?(?P<ending>ok|FAIL|ERROR|skipped\b.*|expected failure|unexpected success)\s*$"
    r"|^(?P<late>ok|FAIL|ERROR)\s*$"
)
_ENDINGS = {"ok": Ending.PASSED, "FAIL": Ending.FAILED, "ERROR": Ending.FAILED, "unexpected success": Ending.FAILED}
_SKIPPED = re.compile(r"^(?P<module>[\w.]+) \(unittest\.loader\.ModuleSkipped[\w.]*\) \.\.\. skipped")
_RULE = "=" * 70
_HEAD = re.compile(r"^(?P<kind>FAIL|ERROR): (?P<method>\w+) \((?P<place>[\w.]+)\)")
_SUITE = re.compile(r"^(?P<kind>ERROR): (?P<method>setUpClass|tearDownClass|setUpModule|tearDownModule) \((?P<place>[\w.]+)\)")
_LAST = re.compile(r"^(?P<type>(?:[a-z_]\w*\.)*[A-Z]\w*)(?:: (?P<message>[\s\S]*))?\Z")
_UNLOADED = "ImportError: Failed to import test module: "
_LOADER = "unittest.loader._FailedTest"


def read(data: bytes) -> Iterator[Case]:
    """The tests in the order they ran. Their paths lack the extension, and the folders above where the run began."""
    lines = data.decode("utf-8", "replace").splitlines()
    failures = list(_failures(lines))
    yield from failures
    known = {(case.path, case.name) for case in failures}
    for path, name, ending in _endings(lines):
        if (path, name) not in known:
            yield Case(path, name, ending)


def _endings(lines: list[str]) -> Iterator[tuple[str, str, Ending]]:
    begun: tuple[str, str] | None = None
    for line in lines:
        if line == _RULE:
            return
        if skipped := _SKIPPED.match(line):
            yield skipped["module"].replace(".", "/"), "", Ending.SKIPPED
        if match := _BEGUN.match(line):
            begun = _address(match["method"], match["place"])
        ended = _ENDED.search(line)
        if begun and ended:
            yield *begun, _ENDINGS.get(ended["ending"] or ended["late"], Ending.SKIPPED)
            begun = None


def _address(method: str, place: str) -> tuple[str, str]:
    """`test_adds` of `tests.test_cart.CartCase.test_adds` (before Python 3.11 without the method) -> its file and name."""
    parts = place.removesuffix(f".{method}").split(".")
    start = next((n for n, part in enumerate(parts) if n and part[:1].isupper()), max(len(parts) - 1, 0))
    return "/".join(parts[:start]), ".".join([*parts[start:], method])[:MAX_NAME]


def _failures(lines: list[str]) -> Iterator[Case]:
    rules = [n for n, line in enumerate(lines) if line == _RULE]
    for start, end in zip(rules, [*rules[1:], len(lines)], strict=False):
        block = lines[start + 1 : end]
        head = _HEAD.match(block[0]) if block else None
        if head is None:
            continue
        rule = next((n for n, line in enumerate(block) if line == "-" * 70), 0)
        stop = next((n for n, line in enumerate(block) if n > rule and line == "-" * 70), len(block))
        failure = _failure("\n".join(block[rule + 1 : stop]))
        if head["place"].startswith(_LOADER):  # a module that could not be imported is told as a test of the loader
            yield Case(head["method"].replace(".", "/"), "", Ending.ERROR, failure=failure)
        elif _SUITE.match(block[0]):
            module = "Module" in head["method"]
            address = (head["place"].replace(".", "/"), "") if module else _address("", head["place"])
            yield Case(*address, Ending.ERROR, failure=failure)
        else:
            yield Case(*_address(head["method"], head["place"]), Ending.FAILED, failure=failure)


def _failure(text: str) -> Failure:
    """The error is on the last line that is not indented."""
    plain = [n for n, line in enumerate(text.splitlines()) if line and not line.startswith((" ", "Traceback"))]
    told = _LAST.match("\n".join(text.splitlines()[plain[0] :]).strip()) if plain else None
    last = next((match for n in reversed(plain) if (match := _LAST.match(text.splitlines()[n]))), None)
    told = last if told is None or _UNLOADED in text else told
    return Failure(told["type"] if told else "", clipped((told["message"] or "") if told else "", MAX_MESSAGE), clipped(text))
