"""Why a test was red: for the right reason, for a wrong one, or because it never really ran. Pure, for every language alike.

Red is right where the test or the code that the fix changed failed: an assertion, the issue's own error, an error that passed
through the changed code or was raised in the test. What could not be imported, built, collected or set up never ran.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.proof import Ending, Failure
from app.domain.scaffold import Raised


class Why(StrEnum):
    """Slugs of `app.domain.proof.Run.reason`; `templates/words/proof.j2` words each."""

    ASSERTION = "assertion"
    ISSUE_ERROR = "issue-error"
    CHANGED_CODE = "changed-code"
    IN_TEST = "in-test"
    ELSEWHERE = "elsewhere"
    UNFINISHED = "unfinished"
    IMPORT = "import"
    COLLECTION = "collection"
    FIXTURE = "fixture"
    BUILD = "build"
    NEW_NAME = "new-name"
    TIMEOUT = "timeout"
    SKIPPED = "skipped"
    NO_COMMAND = "no-command"
    NO_SUITE = "no-suite"
    IN_SOURCE = "in-source"
    OTHER_CODE = "other-code"
    NO_RESULT = "no-result"

    @property
    def right(self) -> bool:
        """Whether a test that is red for it guards something."""
        return self in _RIGHT

    @property
    def ran(self) -> bool:
        """Whether the test came as far as to judge the code; what did not could not be run."""
        return self in _RIGHT or self in (Why.ELSEWHERE, Why.UNFINISHED)


_RIGHT = frozenset({Why.ASSERTION, Why.ISSUE_ERROR, Why.CHANGED_CODE, Why.IN_TEST})


@dataclass(frozen=True, slots=True)
class Known:
    """What a failure is held against: the test files, those that serve tests, the source files that the fix changed, the names
    that only exist with the fix, the issue's own error, and the same files in another copy of the code, none of which may run.
    """

    tests: Collection[str] = ()
    support: Collection[str] = ()
    changed: Collection[str] = ()
    new_names: Collection[str] = ()
    raised: Raised | None = None
    elsewhere: Collection[str] = ()


_ASSERTION = re.compile(
    r"Assert(?:ion)?(?:Error|FailedError|Failed|Exception)?\b|ComparisonFailure|ExpectationFailed|ExpectationNotMet|MultipleFailures"
    r"|\bXunit\.Sdk\.|TestingLibraryElementError|^Failed$|^FAILED$|JestAssertionError"
)
_ASSERTED = re.compile(
    r"DID NOT (?:RAISE|WARN)|^assert\b|\bexpect\(.{0,80}\)\.|^\s*expected:?\s.*(?:\bgot\b|\bactual\b|\bto\b|but was)"
    r"|^Failed asserting|assertion [`\"']?.{0,80} failed|Error Trace:|^\s*not equal|Not equal:"
    r"|Regex pattern did not match|panicked at .*assert"
    r"|^(?:[\w.]+[.\\])?Assert\w*(?:Error|Exception)\b|^E\s+(?:assert|AssertionError|Failed)\b",
    re.IGNORECASE | re.MULTILINE,
)
_UNFINISHED = re.compile(r"\bUnfinished: assert what ")
_IMPORT = re.compile(
    r"\b(?:ModuleNotFoundError|ImportError|ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND|NoClassDefFoundError|ClassNotFoundException"
    r"|LoadError)\b|Cannot find (?:module|package)|Failed to resolve import|cannot load such file"
    r"|does not provide an export named|cannot find package|no required module provides|is not in (?:GOROOT|std)"
    r"|could not find gem"
    r"|Could not find .* in any of the sources"
    r"|Failed opening required|Module not found"
)
_BUILD = re.compile(
    r"\[build failed\]|\[setup failed\]|cannot find symbol|COMPILATION ERROR|compilation (?:failed|error)|error TS\d+"
    r"|error\[E\d+\]|could not compile|error CS\d+|^\S+\.java:\d+: error:|BUILD FAILED|Build FAILED"
    r"|Could not resolve dependencies|undefined: \w+|^\S+\.go:\d+:\d+: ",
    re.MULTILINE,
)
_SYNTAX = re.compile(
    r"\b(?:SyntaxError|IndentationError|TabError|ParseError)\b|Transform failed|Parse error|syntax error, unexpected"
)
_FIXTURE = re.compile(
    r"fixture ['\"`].{1,200}['\"`] not found|ParameterResolutionException|recursive dependency involving fixture|ScopeMismatch"
    r"|data provider .{0,200}is invalid|NoSuchBeanDefinition|Failed to load ApplicationContext"
)
# The file of tests itself fell while it was loaded, before any of its tests began.
_LOADING = re.compile(
    r"collection failure|error occurred (?:outside of examples|while loading)|<top \(required\)>|Test suite failed to run"
    r"|errors? during collection|Failed to load test file|cause: 'test failed'"
)
# What the machine lacks, not the code: it says nothing of the fix, unless it came out of the code that the fix changed.
_MACHINE = re.compile(
    r"\b(?:ConnectionRefusedError|ConnectionError|ConnectException|UnknownHostException|ECONNREFUSED|ENOTFOUND|EADDRINUSE|EACCES"
    r"|PermissionError|gaierror|BrokenPipeError|OperationalError|NewConnectionError|ENOSPC|OutOfMemoryError|MemoryError"
    r"|FileNotFoundError|NoSuchFileException|FileNotFoundException|ENOENT)\b|Errno::\w+"
)
_TIMEOUT = re.compile(
    r"\b(?:TimeoutException|TestTimedOutException|Timeout >\d)|exceeded timeout of|Test timed out|test timed out after"
)
# Of each language, how it says that there is no such name; the group is the name.
_NO_NAME = tuple(
    re.compile(pattern)
    for pattern in (
        r"unexpected keyword argument ['\"](\w+)",
        r"has no attribute ['\"](\w+)",
        r"name ['\"](\w+)['\"] is not defined",
        r"cannot import name ['\"](\w+)",
        r"(?:^|[\s.])(\w+) is not (?:a function|a constructor|defined)",
        r"\breading ['\"](\w+)['\"]",
        r"undefined (?:local variable or )?method [`'\"](\w+[?!]?)",
        r"uninitialized constant (?:\w+::)*(\w+)",
        r"unknown keywords?: :?(\w+)",
        r"Call to undefined (?:method|function) (?:[\w\\]+::)?(\w+)",
        r"Class \"?(?:\w+\\)*(\w+)\"? not found",
        r"Unknown named parameter \$(\w+)",
        r"Undefined constant \"?(?:[\w\\]+::)?(\w+)",
        r"NoSuchMethod\w*: .*?(\w+)\(",
    )
)
_ARITY = re.compile(
    r"takes (?:from )?\d+ .{0,20}positional arguments? but|missing \d+ required (?:positional|keyword)|wrong number of arguments"
    r"|Too few arguments to function"
)


def why_red(ending: Ending, failure: Failure | None, known: Known) -> str:
    """The slug for a run that was not green; "" for one that was."""
    if ending is Ending.PASSED:
        return ""
    if ending in (Ending.TIMEOUT, Ending.SKIPPED):
        return Why.TIMEOUT if ending is Ending.TIMEOUT else Why.SKIPPED
    told = failure or Failure()
    frames = [path for path, _ in told.frames]
    if any(path in known.elsewhere for path in frames):
        return Why.OTHER_CODE
    text = f"{told.type}: {told.message}\n{told.trace}"
    if ending in (Ending.ABSENT, Ending.BROKEN):
        return _never_ran(text, Why.COLLECTION if ending is Ending.ABSENT else Why.NO_RESULT)
    if ending is Ending.ERROR and _LOADING.search(text):
        return _never_ran(text, Why.COLLECTION)
    return _of_failure(ending, told, frames, known)


def _never_ran(text: str, otherwise: Why) -> Why:
    rules = (
        (Why.FIXTURE, _FIXTURE),
        (Why.IMPORT, _IMPORT),
        (Why.BUILD, _BUILD),
        (Why.COLLECTION, _SYNTAX),
        (Why.TIMEOUT, _TIMEOUT),
    )
    return next((why for why, pattern in rules if pattern.search(text)), otherwise)


def _of_failure(ending: Ending, told: Failure, frames: Sequence[str], known: Known) -> Why:
    """The first rule that holds; what is right comes after everything by which a test can be red without having judged."""
    text = f"{told.type}: {told.message}"
    whole = f"{text}\n{told.trace}"
    through = _passes(frames, known.changed)
    in_test = _passes(frames, known.tests)
    asserted = _is_assertion(told, whole)
    last = _passes(frames[-1:], [*known.tests, *known.support]) or not frames
    rules = (
        (Why.UNFINISHED, bool(_UNFINISHED.search(whole))),
        (Why.ISSUE_ERROR, _is_the_issues(told, known.raised) and (through or in_test or not frames)),
        (Why.FIXTURE, bool(_FIXTURE.search(whole))),
        (Why.TIMEOUT, bool(_TIMEOUT.search(text)) and not asserted),
        (Why.NEW_NAME, last and not asserted and _is_new_name(text if told.message else whole, known.new_names)),
        (Why.COLLECTION, ending is Ending.ERROR and bool(_SYNTAX.search(text)) and not through),
        (Why.IMPORT, bool(_IMPORT.search(text if told.message else whole)) and (last or ending is Ending.ERROR or not through)),
        (Why.BUILD, told.type == "build" or (not frames and not asserted and bool(_BUILD.search(whole)))),
        (Why.ASSERTION, asserted and (in_test or through or not frames)),
        (Why.CHANGED_CODE, through),
        (Why.ELSEWHERE, bool(_MACHINE.search(text))),
        (Why.IN_TEST, in_test),
    )
    return next((why for why, holds in rules if holds), Why.ELSEWHERE)


def _is_assertion(told: Failure, whole: str) -> bool:
    """Whether something was asserted. A failure without a type (Go's) is one unless it panicked."""
    if told.type and _ASSERTION.search(told.type.rpartition(".")[2] if "." in told.type else told.type):
        return True
    if _ASSERTED.search(told.message or whole):
        return True
    return not told.type and bool(told.frames) and not re.search(r"^panic: |\bError: |Exception\b", whole, re.MULTILINE)


def _is_the_issues(told: Failure, raised: Raised | None) -> bool:
    """Whether it is the error that the issue tells of: the same type, and where both say something, words in common."""
    if raised is None or not raised.type or _last_name(told.type) != _last_name(raised.type):
        return False
    mine, theirs = _words(told.message), _words(raised.message)
    if _ASSERTION.search(told.type) or not mine or not theirs:
        return not _IMPORT.search(told.type)
    return len(mine & theirs) * 2 >= min(len(mine), len(theirs))


def _is_new_name(text: str, new: Collection[str]) -> bool:
    """Whether what was missing is a name that the fix brings: the test cannot say anything of the code before."""
    if any(match[1] in new for pattern in _NO_NAME for match in pattern.finditer(text)):
        return True
    return bool(_ARITY.search(text))


def _passes(frames: Sequence[str], files: Collection[str]) -> bool:
    """Whether a frame lies in one of the files; a frame may name less of the path (Java's package, Go's file name)."""
    return any(frame == file or file.endswith(f"/{frame}") for frame in frames for file in files)


def _last_name(name: str) -> str:
    return re.split(r"[.:\\]+", name.strip())[-1]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
