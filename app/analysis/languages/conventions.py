"""What a path alone tells by each ecosystem's conventions: the language, whether it is a test or test support, its subject."""

import re
from dataclasses import dataclass
from itertools import pairwise

_LANGUAGES = {
    "python": "py pyi pyx",
    "javascript": "js jsx mjs cjs",
    "typescript": "ts tsx mts cts",
    "vue": "vue",
    "go": "go",
    "java": "java",
    "ruby": "rb rake",
    "php": "php phpt",
    "csharp": "cs",
    "kotlin": "kt kts",
    "scala": "scala",
    "groovy": "groovy",
    "rust": "rs",
    "c": "c h",
    "cpp": "cc cpp cxx c++ hh hpp hxx h++ ipp",
    "swift": "swift",
    "objc": "m mm",
    "elixir": "ex exs",
    "dart": "dart",
    "perl": "pl pm t",
    "lua": "lua",
    "clojure": "clj cljs cljc",
    "haskell": "hs",
    "shell": "sh bash bats",
    "gherkin": "feature",
    "svelte": "svelte",
}
_BY_EXTENSION = {extension: language for language, extensions in _LANGUAGES.items() for extension in extensions.split()}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Declarations and libraries, never run by themselves.
_HEADERS = _words("h hh hpp hxx h++ ipp pyi pm pl")
# Folders whose files serve tests but are none.
_SUPPORT_FOLDERS = _words(
    "__fixtures__ __mocks__ __snapshots__ __testfixtures__ data factories fixture fixtures golden helper helpers mock "
    "mocks page-objects pageobjects pages plugins resources sample_data samples snapshots stub stubs support "
    "test-data test-fixtures test-helpers test-utils test_data testdata testfixtures testhelpers testutil testutils "
    "test_utils util utils"
)
# Folders that hold nothing but input: even a file that is named like a test is only read, not run.
_INPUT_FOLDERS = _words(
    "__fixtures__ __mocks__ __snapshots__ __testfixtures__ fixture fixtures sample_data snapshots test-data test_data "
    "testdata testfixtures example_scripts"
)
_TEST_FOLDERS = _words(
    "__tests__ androidtest autotest commontest cypress e2e e2e-tests functional-tests functionaltest functional_tests "
    "inttest integration-test integration-tests integration_test integration_tests integrationtest integrationtests "
    "jvmtest spec specs test tests test-integration testfixtures unittest unittests unit_tests"
)
# Folders that are for tests in these languages only.
_TEST_FOLDERS_OF = {
    "perl": {"t"},
    "shell": {"t"},
    "go": {"testing", "testutil", "testutils"},
    "gherkin": {"features"},
    "ruby": {"features"},
}
_SUPPORT_NAME = re.compile(
    r"^(?:conftest|__init__|setup|teardown|global[-_.]?(?:setup|teardown)|run[-_]?tests?|index\.d|env|environment)$"
    r"|(?:^|[-_.])(?:utils?|helpers?|fixtures?|mocks?|stubs?|factory|factories|config|setup|polyfills?|constants|bootstrap)$"
    r"|[a-z0-9](?:Utils?|Helpers?|Fixtures?|Mocks?|Stubs?|Factory|Config|Setup)$"
    r"|^mock(?=[A-Z_-])|\.(?:config|d|setup|po|page)$"
)


@dataclass(frozen=True, slots=True)
class Convention:
    """How one language's tests are named.

    `name` matches a test's file name without its extension, wherever it stands (the group `stem` is its subject);
    `named_in` matches names that count only in a folder for tests. With `by_folder` every other file of such a folder that
    does not look like support is a test as well.
    """

    name: re.Pattern[str]
    named_in: re.Pattern[str] | None = None
    by_folder: bool = False


_CAMEL = re.compile(
    r"^(?!Abstract|Base)(?P<stem>\w+?)(?:Tests?|TestCase|ITCase|IT|Spec|Specs|Suite|IntegrationTests?|E2ETests?)\d*$"
)
_CAMEL_FRONT = re.compile(r"^Test(?!Utils?$|Helpers?$|Support|Base|Case$|Data|Fixtures?$|Types$|Constants$)(?P<stem>[A-Z]\w*)$")
_SNAKE = re.compile(r"^(?:test[-_](?P<stem>.+)|(?P<head>.+?)[-_](?:unit)?tests?)$")
_JAVASCRIPT = Convention(
    re.compile(
        r"^(?P<stem>.+?)(?:[._-](?:unit|int|integration|e2e|it|component|browser|node|ssr))*"
        r"(?:[._](?:test|tests|spec|specs|cy|e2e|test-d|bench-test)|-(?:test|tests|spec|e2e-spec))$"
        r"|^tests?$"
    ),
    by_folder=True,
)
_CONVENTIONS = {
    "python": Convention(
        re.compile(r"^(?:tests?_(?P<stem>.+)|(?P<head>.+?)_test|tests)$"),
        re.compile(r"^(?:test(?P<stem>[A-Z0-9]\w*)?|(?P<head>.+)_tests)$"),
    ),
    "javascript": _JAVASCRIPT,
    "typescript": _JAVASCRIPT,
    "vue": Convention(re.compile(r"^(?P<stem>.+)\.(?:test|spec|cy)$")),
    "svelte": Convention(re.compile(r"^(?P<stem>.+)\.(?:test|spec|cy)$")),
    "go": Convention(re.compile(r"^(?!export_)(?P<stem>.+)_test$")),
    "java": Convention(_CAMEL, _CAMEL_FRONT),
    "groovy": Convention(_CAMEL, _CAMEL_FRONT),
    "kotlin": Convention(_CAMEL, _CAMEL_FRONT),
    "scala": Convention(_CAMEL, _CAMEL_FRONT),
    "csharp": Convention(_CAMEL, _CAMEL_FRONT),
    "php": Convention(re.compile(r"^(?P<stem>\w+)(?:Test|Cest|Spec)$"), re.compile(r"^(?P<stem>[\w-]+)$(?<=\d)")),
    "swift": Convention(_CAMEL),
    "objc": Convention(_CAMEL),
    "ruby": Convention(
        re.compile(r"^(?P<stem>.+)_(?:spec|test)$"), re.compile(r"^(?:test|spec)_(?!(?:\w+_)?helpers?$)(?P<stem>.+)$")
    ),
    "rust": Convention(re.compile(r"^(?:(?P<stem>.+)_tests?|tests?_(?P<head>.+)|tests)$"), by_folder=True),
    "c": Convention(_SNAKE, _CAMEL, by_folder=True),
    "cpp": Convention(_SNAKE, _CAMEL, by_folder=True),
    "elixir": Convention(re.compile(r"^(?P<stem>.+)_test$")),
    "dart": Convention(re.compile(r"^(?P<stem>.+)_test$")),
    "perl": Convention(re.compile(r"^$"), re.compile(r"^(?:\d+[-_.])?(?P<stem>.+)$")),
    "lua": Convention(re.compile(r"^(?P<stem>.+)_(?:spec|test)$"), re.compile(r"^test_?(?P<stem>.+)$")),
    "clojure": Convention(re.compile(r"^(?P<stem>.+)_test$")),
    "haskell": Convention(re.compile(r"^(?P<stem>\w+)(?:Spec|Tests?)$")),
    "shell": Convention(re.compile(r"^(?:test[-_](?P<stem>.+)|(?P<head>.+)[-_.]test)$"), re.compile(r"^t\d+-(?P<stem>.+)$")),
    "gherkin": Convention(re.compile(r"^(?P<stem>.+)$")),
}


def language_of(path: str) -> str | None:
    """The language by the file's extension (`web/cart.test.ts` -> `typescript`), None if unknown."""
    name = path.rpartition("/")[2]
    front, dot, extension = name.rpartition(".")
    return _BY_EXTENSION.get(extension.lower()) if dot and front else None


def is_test(path: str, language: str | None = None) -> bool:
    """Whether the file is named and placed as one whose tests a runner collects; support files (`conftest.py`) are not."""
    folders, name, extension = _split(path)
    language = language or language_of(path)
    convention = _CONVENTIONS.get(language or "")
    if convention is None or extension in _HEADERS or not _INPUT_FOLDERS.isdisjoint(folders):
        return False
    if language == "python" and name == "__init__" and folders:
        # A package can itself be a test, `tests/test_shop/__init__.py`; whether it is, its text tells.
        return folders[-1].startswith("test_") and _in_tests(language, folders)
    if convention.name.match(name):
        return not _is_production(language, folders, name)
    if not _in_tests(language, folders):
        return False
    if convention.named_in is not None and convention.named_in.match(name):
        return True
    return convention.by_folder and not _looks_like_support(language, folders, name)


def is_test_support(path: str, language: str | None = None) -> bool:
    """Whether the file only serves tests: fixtures, helpers, configuration or data in the folders of tests.

    Paths cannot tell all: `languages.holds_tests` says of a support file's text whether it is a test after all.
    """
    language = language or language_of(path)
    if is_test(path, language):
        return False
    folders, name, _ = _split(path)
    if name == "conftest" or not _INPUT_FOLDERS.isdisjoint(folders):
        return True
    return _in_tests(language, folders) or (language == "go" and name.endswith("_test"))


def is_test_input(path: str) -> bool:
    """Whether the file stands in a folder of what tests only read or copy: it is none, even if it defines tests."""
    return not _INPUT_FOLDERS.isdisjoint(_split(path)[0])


def stem(path: str, language: str | None = None) -> str:
    """What the file is about by its name: `test_cart.py`, `cart_test.go`, `CartTest.java`, `cart.spec.ts` -> `cart`, `Cart`.

    For a file that is no test this is its name without extensions; for an index file (`__init__.py`, `index.ts`) its folder.
    """
    folders, name, _ = _split(path)
    convention = _CONVENTIONS.get(language or language_of(path) or "")
    if convention is not None and is_test(path, language):
        for pattern in (convention.name, convention.named_in):
            match = pattern.match(name) if pattern is not None else None
            found = next((group for group in match.groups() if group), None) if match else None
            if found:
                return found
    if name in {"__init__", "index", "mod", "tests", "test"} and folders:
        return folders[-1].removeprefix("test_") if name != "mod" else folders[-1]
    return name.removesuffix(".d")


def _split(path: str) -> tuple[list[str], str, str]:
    """`Web/cart.test.ts` -> (["web"], "cart.test", "ts"); folders in lower case, since Windows and macOS writers mix them."""
    *folders, file = path.split("/")
    front, dot, extension = file.rpartition(".")
    return [folder.lower() for folder in folders], front if dot and front else file, extension.lower() if front else ""


def _in_tests(language: str | None, folders: list[str]) -> bool:
    return _first_test_folder(language, folders) < len(folders) and not _is_main(folders)


def _first_test_folder(language: str | None, folders: list[str]) -> int:
    own = _TEST_FOLDERS_OF.get(language or "", ())
    for index, folder in enumerate(folders):
        if folder in _TEST_FOLDERS or folder in own or folder.endswith((".tests", ".test", ".unittests", ".integrationtests")):
            return index
        if (folder in {"testing", "t"} and index == 0) or (folder == "it" and folders[index - 1 : index] == ["src"]):
            return index
    return len(folders)


def _looks_like_support(language: str | None, folders: list[str], name: str) -> bool:
    """Of a file in a folder for tests, whether its name or a folder below says that it only helps."""
    below = folders[_first_test_folder(language, folders) + 1 :]
    if _SUPPORT_NAME.search(name) or not _SUPPORT_FOLDERS.isdisjoint(below):
        return True
    return language == "rust" and (name == "mod" or "common" in below or "src" in folders)


def _is_main(folders: list[str]) -> bool:
    """Whether this is production code by Maven's layout, whatever its packages are called."""
    return any(pair == ("src", "main") for pair in pairwise(folders))


def _is_production(language: str | None, folders: list[str], name: str) -> bool:
    """Names that look like tests where they are not: `src/main`, helpers of a library for testing, `django/test/utils.py`."""
    if _is_main(folders):
        return True
    if language == "python" and not _in_tests(language, folders):
        return name in {"test_utils", "test_helpers", "test_case", "test_runner", "test_client", "test_tools"}
    if language in {"javascript", "typescript"} and name in {"test", "tests"}:
        return bool(folders) and "src" in folders
    return False
