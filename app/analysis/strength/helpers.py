"""Which calls of a test may assert something out of sight: helpers of other files, fixtures, inherited methods, odd libraries.

In doubt a call may: "asserts nothing" is only said where everything that could assert was read.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from app.analysis.strength.model import SELVES, Call, Reading, words
from app.analysis.uses import Bound
from app.domain.change import Span

_ASSERTS = re.compile(
    r"assert|expect|verif|check|should|must|ensure|valid|compar|confirm|golden|snapshot|approv|equal|fail|fatal|diff|prove|raises"
    r"|match|reject|panic|require_|errorf|identical|consistent|^_?(?:run_?|do_?)?tests?(?:mod|case|_|$)|_test$"
    r"|^(?:get|find)(?:All)?By[A-Z]|^wait|dont_?see"
    r"|^(?:that|then|eq|is|ok|same|contains|shows?|sees?|has|have|exits?|orfail|done|usage)$",
    re.IGNORECASE,
)
# Where tests keep what they share, by a part of a module's or a path's name; the second only at its beginning.
_SHARED = re.compile(
    r"(?:^|[./_\-])(?:tests?|testing|specs?|e2e|helpers?|fixtures?|mocks?|harness|conftest|test_?utils?)(?:[./_\-]|$)"
)
_SHARED_HERE = re.compile(r"\.?/?(?:utils?|support|common|base|lib|tools|setup|shared)(?:[./_\-]|$)")
_LIBRARY = re.compile(r"assert|expect|should|chai|testing-library|hamcrest|testfixtures|deepdiff|\bsure\b")
_DOUBLE = re.compile(r"(?:Mock|Fake|Dummy|Stub)\w*|\w*(?:Client|Server|Environment|Session|Config)")
_PYTEST = words("fail raises warns deprecated_call xfail")
_CASES = words("addCleanup subTest skipTest id enterContext shortDescription addTypeEqualityFunc doCleanups")
_T = words("t b tb f")
_OF_T = words(
    "Run Helper Parallel Cleanup Log Logf Name TempDir Setenv Skip Skipf SkipNow Deadline Context Chdir Fuzz Add Error Errorf"
    " Fatal Fatalf Fail FailNow"
)
_OPENS = words("assert require is")
_SUITES = words("s suite ts")
_ENDS = words("end then catch finally setTimeout setImmediate nextTick close")


@dataclass(frozen=True, slots=True)
class _Known:
    """What asserts nothing in a language: bare functions, and everything taken from these roots; and roots that always may."""

    functions: frozenset[str]
    roots: frozenset[str]
    odd: frozenset[str] = frozenset()


_PYTHON = _Known(
    words(
        "print len str int float list dict set tuple range open iter next repr getattr setattr delattr hasattr"
        " isinstance issubclass type sorted min max sum zip map filter enumerate any all bytes bytearray object super"
        " vars dir id hash callable exec eval compile property staticmethod classmethod patch partial deepcopy"
        " reversed abs bool chr ord divmod round slice format frozenset memoryview input globals locals"
    ),
    words(
        "re os sys json time datetime subprocess random copy itertools pathlib logging tempfile shutil math io string"
        " textwrap super functools collections contextlib platform warnings types inspect threading monkeypatch mocker"
        " mock Mock MagicMock patch tmpdir tmp_path capsys caplog np pd"
    ),
    words("httpx_mock respx_mock helper helpers harness checker testdir pytester"),
)
_JAVASCRIPT = _Known(
    words(
        "require describe context suite it test specify before after beforeEach afterEach beforeAll afterAll"
        " setTimeout setInterval setImmediate clearTimeout clearInterval parseInt parseFloat String Number Boolean"
        " Array Object Symbol BigInt Promise Date RegExp Map Set done next resolve callback cb fetch queueMicrotask"
        " import super structuredClone encodeURIComponent decodeURIComponent xit xtest fit fdescribe xdescribe"
    ),
    words(
        "console Promise Object Array JSON Math process path fs os util Buffer Number String Date Reflect jest vi"
        " sinon module exports http url"
    ),
    words("cy browser tester ruleTester page Selector expect I"),
)
_KNOWN = {
    "python": _PYTHON,
    "javascript": _JAVASCRIPT,
    "typescript": _JAVASCRIPT,
    "go": _Known(
        words(
            "make new len cap append copy delete close min max string byte int int8 int16 int32 int64 uint uint8"
            " uint16 uint32 uint64 float32 float64 rune bool error any complex real imag recover print println clear"
        ),
        words(
            "bytes strings reflect slices maps errors fmt os io ioutil time context filepath path http httptest json"
            " strconv sort regexp sync url rand bufio math unsafe runtime"
        ),
    ),
    "java": _Known(
        words(
            "this super Test ParameterizedTest RepeatedTest TestFactory TestTemplate getClass hashCode toString equals mock spy"
            " when doReturn doThrow doAnswer doNothing any anyString"
            " anyInt eq given willReturn"
        ),
        words("Arrays Collections List Map Set Objects String System Thread Math Mockito Integer Long Files Paths"),
    ),
}


def hidden_in(
    language: str, calls: Iterable[Call], file: Reading, imported: Mapping[str, Bound], symbols: Collection[str]
) -> Call | None:
    """The first of the calls that may assert what nobody can see in this file, None where none may; the changed code may not."""
    known = _KNOWN[language]
    for call in calls:
        if call.name in symbols or _is_here(call, file) or _is_quiet(language, call, known):
            continue
        if "done" in call.given and call.name not in _ENDS:
            return call  # only what calls it ends the test
        if call.root in known.odd or _ASSERTS.search(call.name) or _is_foreign(language, call, file, imported):
            return call
    return None


def _is_here(call: Call, file: Reading) -> bool:
    """Whether what is called is a function of this file; `Other.check()` is not, though the file has a `check`, too."""
    return call.name in file.functions and (call.depth == 1 or call.root in SELVES or not call.root[:1].isupper())


def _is_quiet(language: str, call: Call, known: _Known) -> bool:
    if call.depth == 1:
        return not call.name or call.name in known.functions
    if call.root == "pytest":
        return call.name not in _PYTEST
    if language == "go" and call.depth == 2 and call.root in _T:
        return call.name in _OF_T
    return call.root in known.roots


def _is_foreign(language: str, call: Call, file: Reading, imported: Mapping[str, Bound]) -> bool:
    """Whether what is called comes from where tests keep their helpers, or from nowhere that can be seen."""
    if language == "go":
        return _is_given_t(call)
    is_class = call.name[:1].isupper()
    if call.depth == 1:
        if call.name in imported and not (is_class and (language == "java" or _DOUBLE.fullmatch(call.name))):
            return _is_shared(language, imported[call.name].target)
        return not is_class and call.name not in imported and call.name not in file.bound
    if language == "java" and call.root[:1].isupper() and "Test" in call.root:
        return True
    if call.root in imported and language != "java":
        return _is_shared(language, imported[call.root].target) and not _DOUBLE.fullmatch(call.root)
    return call.root in SELVES and call.depth == 2 and call.name not in _CASES


def _is_given_t(call: Call) -> bool:
    """Go's tests fail by their `t`: who is not given it cannot let them fail."""
    if call.root in _OPENS and call.name == "New":
        return False
    return bool(call.given & _T) or call.root in _SUITES


def unseen_base(language: str, file: Reading, test: Span, imported: Mapping[str, Bound]) -> str | None:
    """What the test's class extends and what may bring assertions of its own, None where there is no such class."""
    for base in (base for span, base in file.bases if span.start <= test.start and test.end <= span.end):
        plain = base.partition("<")[0].strip()
        if language == "java":
            if plain not in {"TestCase", "Object", "Exception", "RuntimeException", "Thread"}:
                return plain
            continue
        root = plain.partition(".")[0]
        if plain == "unittest.TestCase" or (plain.endswith("TestCase") and _is_standard(imported.get(root))):
            continue
        if "test" in plain.lower() or (root in imported and _is_shared(language, imported[root].target)):
            return plain
    return None


def _is_standard(bound: Bound | None) -> bool:
    return bound is not None and bound.target.partition(".")[0] in {"unittest", "unittest2", "django", "twisted"}


def _is_shared(language: str, target: str) -> bool:
    """Whether the module is one that tests share; of a library, whether it is one to assert with."""
    lowered = target.lower()
    if language == "python":
        return target.startswith(".") or bool(_SHARED.search(lowered) or _SHARED_HERE.match(lowered) or _LIBRARY.search(lowered))
    if language == "java":
        return bool(_SHARED.search(lowered) or _LIBRARY.search(lowered)) or "Test" in target
    if not target.startswith((".", "~", "@/", "/")):
        return bool(_LIBRARY.search(lowered))
    return "test" in lowered or bool(_SHARED.search(lowered) or _SHARED_HERE.match(lowered))
