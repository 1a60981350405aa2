"""Whether a test is an integration, end-to-end or unit test, by ordered rules; the first that holds wins and is the reason."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from app.analysis import languages
from app.analysis.languages import Import
from app.analysis.overrides import NONE, Overrides
from app.analysis.signs import (
    BASE_CLASSES,
    BROWSERS,
    BUILD_TAG,
    CLIENTS,
    E2E_FOLDERS,
    E2E_WORDS,
    FAKES,
    FAMILIES,
    INTEGRATION_BELOW,
    INTEGRATION_FOLDERS,
    MARKERS,
    PYTEST_MARK,
    PYTEST_TEST,
    SERVER_MODULE,
    STARTS,
    TESTS,
    UNIT_FOLDERS,
)
from app.domain.evidence import Kind, TestFile

# So many of the repository's own packages in one test are more than a unit and its collaborators: of 3,200 test files of
# twenty-one projects 96% import five or fewer, and the 1% with eight or more drive an application as a whole.
MANY_PACKAGES = 8
# What tells the kind stands early in a file.
MAX_TEXT = 100_000

# One server for so many tests is an exception in a file of unit tests.
_SHARE = 10

Verdict = tuple[Kind, str, tuple[str, ...]]


_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True, slots=True)
class _Test:
    """What the rules look at. `folders` are in lower case, `words` the parts of the file's name."""

    path: str
    folders: tuple[str, ...]
    name: str
    words: tuple[str, ...]
    language: str | None
    text: str
    imports: Sequence[Import]
    own_packages: Collection[str]
    overrides: Overrides

    @property
    def family(self) -> str:
        return FAMILIES.get(self.language or "", self.language or "")


def kind_of(
    path: str,
    language: str | None,
    text: bytes = b"",
    own_packages: Collection[str] = (),
    overrides: Overrides = NONE,
    imports: Sequence[Import] | None = None,
) -> TestFile:
    """The test file with its kind, the slug of the rule that decided, and what that rule saw.

    `own_packages` are the packages of the repository that the test imports (`ModuleIndex.own_packages`), `imports` its imports
    where they are read already. The slugs: configured, folder, file-name, build-tag, marker, annotation, framework, client,
    server, packages, default.
    """
    *folders, file = path.split("/")
    name = file.partition(".")[0] if file.count(".") < 2 else file.rpartition(".")[0]
    words = tuple(word.lower() for part in re.split(r"[^A-Za-z0-9]+", name) for word in _parts(part))
    test = _Test(
        path,
        tuple(folder.lower() for folder in folders),
        name,
        words,
        language,
        text[:MAX_TEXT].decode("utf-8", "replace"),
        languages.imports(language, text) if imports is None else imports,
        own_packages,
        overrides,
    )
    kind, reason, names = next((said for rule in _RULES if (said := rule(test))), (Kind.UNIT, "default", ()))
    return TestFile(path, language, kind, reason, names)


def _parts(part: str) -> list[str]:
    """`cartIT` -> ["cart", "IT"]; `e2e` stays whole."""
    return [part] if part.lower() in E2E_WORDS else _CAMEL.findall(part)


def _override(test: _Test) -> Verdict | None:
    said = test.overrides.kind(test.path)
    return (said[0], "configured", (said[1],)) if said else None


def _e2e_folder(test: _Test) -> Verdict | None:
    if test.language == "gherkin":
        return Kind.E2E, "file-name", (".feature",)
    found = next((folder for folder in test.folders if folder in E2E_FOLDERS), None)
    return (Kind.E2E, "folder", (found,)) if found else None


def _integration_folder(test: _Test) -> Verdict | None:
    for index, folder in enumerate(test.folders):
        if folder in INTEGRATION_FOLDERS or folder.endswith((".integrationtests", ".functionaltests", ".acceptancetests")):
            return Kind.INTEGRATION, "folder", (folder,)
        if folder in INTEGRATION_BELOW and _stands_with_tests(test, index):
            return Kind.INTEGRATION, "folder", (folder,)
    return None


def _stands_with_tests(test: _Test, index: int) -> bool:
    """Whether a folder with a common name is one for tests: beside such a folder, in a Go tree, or the last Java package."""
    folder, around = test.folders[index], test.folders[max(0, index - 1) : index] + test.folders[index + 1 : index + 2]
    if folder == "it":
        return test.folders[max(0, index - 1) : index] == ("src",)
    if around and not TESTS.isdisjoint(around) and around[:1] != ("src",):
        return True
    if test.language == "go":
        return folder in {"integration", "acceptance"}
    return test.family == "java" and folder in {"integration", "functional"} and index == len(test.folders) - 1


def _unit_folder(test: _Test) -> Verdict | None:
    found = next((folder for folder in test.folders if folder in UNIT_FOLDERS or folder.endswith(".unittests")), None)
    return (Kind.UNIT, "folder", (found,)) if found else None


def _e2e_name(test: _Test) -> Verdict | None:
    found = next((word for word in test.words if word in E2E_WORDS), None)
    if found is None and test.name.endswith((".cy", ".playwright")):
        found = test.name.rpartition(".")[2]
    return (Kind.E2E, "file-name", (found,)) if found else None


def _integration_name(test: _Test) -> Verdict | None:
    found = next((word for word in test.words if word in {"integration", "acceptance"}), None)
    if found is None and test.family == "java" and re.search(r"[a-z0-9](?:IT|ITCase)$", test.name):
        found = "IT"
    if found is None and re.search(r"\.(?:int|it)\.(?:test|spec)$", test.name):
        found = "int"
    return (Kind.INTEGRATION, "file-name", (found,)) if found else None


def _build_tag(test: _Test) -> Verdict | None:
    found = BUILD_TAG.first(f"\n{test.text[:4000]}".partition("\npackage ")[0]) if test.language == "go" else None
    return (_kind_of_word(found), "build-tag", (found,)) if found else None


def _marker(test: _Test) -> Verdict | None:
    if test.language == "python":
        marks = PYTEST_MARK.all(test.text)
        is_whole = any(test.text[: mark.start()].rpartition("\n")[2].startswith("pytestmark") for mark in marks)
        # A mark on a few tests of many does not make the file.
        if marks and (is_whole or 2 * len(marks) >= len(PYTEST_TEST.findall(test.text))):
            return _kind_of_word(marks[0][1]), "marker", (f"pytest.mark.{marks[0][1]}",)
        return None
    found = next((said for sign in MARKERS.get(test.family, ()) if (said := sign.first(test.text))), None)
    return (_kind_of_word(found), "annotation", (found,)) if found else None


def _base_class(test: _Test) -> Verdict | None:
    for kind, sign in BASE_CLASSES.get(test.family, ()):
        if found := sign.first(test.text):
            return kind, "framework", (found,)
    return None


def _e2e_tool(test: _Test) -> Verdict | None:
    found = next(_imported(test, BROWSERS), None)
    return (Kind.E2E, "framework", (found,)) if found else None


def _client(test: _Test) -> Verdict | None:
    for target in _imported(test, CLIENTS.get(test.family, frozenset())):
        if not _is_own(test, target) and not _is_faked(test, target):
            return Kind.INTEGRATION, "client", (target,)
    return None


def _imported(test: _Test, prefixes: frozenset[str]) -> Iterator[str]:
    """The import targets that are one of the prefixes or lie below one."""
    for each in test.imports:
        target = each.target
        if not target.startswith(".") and any(target[:end] in prefixes for end in _ends(target)):
            yield target


def _ends(target: str) -> Iterator[int]:
    """Where the parts of a dotted or slashed name end."""
    yield len(target)
    for index, sign in enumerate(target):
        if sign in "./":
            yield index


def _is_own(test: _Test, target: str) -> bool:
    """Whether the repository is itself what is imported: the tests of a redis client, or of a module of that name."""
    if test.family == "java":
        package = target.rpartition(".")[0].replace(".", "/")
        return any(own.endswith(package) for own in test.own_packages)
    top = re.split(r"[./]", target)[0]
    return test.family != "go" and any(top in own.split("/") for own in test.own_packages)


def _is_faked(test: _Test, target: str) -> bool:
    """Whether a stand-in takes the place of the real thing."""
    if FAKES.search(test.text):
        return True
    top = re.split(r"[./]", target)[0]
    return any(f"{call}({quote}{top}" in test.text for call in ("patch", "mock", "doMock") for quote in "'\"")


def _starts_server(test: _Test) -> Verdict | None:
    found = next((each.target for each in test.imports if SERVER_MODULE.search(each.target)), None)
    sign = STARTS.get(test.family)
    if found is None and sign is not None and (starts := sign.all(test.text)) and not FAKES.search(test.text):
        # In Go each test starts its own server, so one among many tests does not make the file.
        if test.language == "go" and _SHARE * len(starts) < test.text.count("\nfunc Test"):
            return None
        found = next(group for group in starts[0].groups() if group)
    return (Kind.INTEGRATION, "server", (found,)) if found else None


def _own_packages(test: _Test) -> Verdict | None:
    if len(test.own_packages) < MANY_PACKAGES:
        return None
    return Kind.INTEGRATION, "packages", tuple(sorted(test.own_packages))


def _kind_of_word(word: str) -> Kind:
    return Kind.E2E if word.lower() in {"e2e", "end2end", "selenium", "playwright"} else Kind.INTEGRATION


_RULES: tuple[Callable[[_Test], Verdict | None], ...] = (
    _override,
    _e2e_folder,
    _integration_folder,
    _unit_folder,
    _e2e_name,
    _integration_name,
    _build_tag,
    _marker,
    _base_class,
    _e2e_tool,
    _client,
    _starts_server,
    _own_packages,
)
