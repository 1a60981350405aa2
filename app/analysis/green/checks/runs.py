"""Which commands run tests, of which language, and which certainly run none; of any other nothing can be said."""

import re
from collections.abc import Sequence

from app.analysis.green.checks.shell import Command, NotPlain


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_RUNS = {
    **dict.fromkeys(
        ("pytest", "py.test", "nosetests", "nose2", "trial", "green", "stestr", "nox", "hatch", "unittest"), "python"
    ),
    **dict.fromkeys(
        ("jest", "vitest", "mocha", "ava", "karma", "nyc", "c8", "tap", "tape", "cypress", "playwright", "qunit"), "script"
    ),
    **dict.fromkeys(("mvn", "./mvnw", "gradle", "./gradlew", "ant"), "java"),
    **dict.fromkeys(("rspec", "rake", "bundle"), "ruby"),
    **dict.fromkeys(("phpunit", "vendor/bin/phpunit", "./vendor/bin/phpunit", "composer"), "php"),
    "cargo": "rust",
    "dotnet": "csharp",
}
_HARMLESS = _words(
    "echo export set source . mkdir cp mv rm ln cat ls git curl wget tar unzip chmod touch exit true false test [ [[ "
    "which uname sed grep head tail sleep pwd printf tee sort diff pip pip3 apt apt-get brew choco yum dnf apk "
    "flake8 mypy ruff black isort pylint pyflakes pycodestyle pydocstyle eslint prettier tsc tslint standard xo "
    "stylelint codespell pyright bandit vulture yamllint shellcheck gofmt goimports golint golangci-lint staticcheck "
    "errcheck ineffassign misspell codecov coveralls sphinx-build twine check-manifest virtualenv nvm gem rustup "
    "lint-staged commitlint license-eye addlicense travis_retry doc8 mkdocs uname df free type wait unset"
)
_HARMLESS_WITH = {
    "go": frozenset({"vet", "build", "mod", "get", "install", "fmt", "env", "list", "version", "generate", "tool", "clean"}),
    "coverage": frozenset({"report", "xml", "html", "combine", "lcov", "erase", "json"}),
    "cargo": frozenset({"fmt", "clippy", "build", "doc", "check"}),
    "bundle": frozenset({"install", "config"}),
    "composer": frozenset({"install", "update", "validate"}),
    "uv": frozenset({"pip", "sync", "venv", "lock", "build"}),
    "poetry": frozenset({"install", "build", "check", "config", "lock"}),
    "node": frozenset({"--version", "-v"}),
    "conda": frozenset({"install", "create", "config", "info", "list", "activate", "update"}),
    "docker": frozenset({"build", "login", "pull", "version", "info", "images", "ps"}),
}
_HARMLESS_MODULES = frozenset(
    {"pip", "build", "twine", "venv", "ensurepip", "flake8", "mypy", "black", "isort", "ruff", "virtualenv"}
)
_WRAPPERS = (
    ("poetry", "run"),
    ("pipenv", "run"),
    ("uv", "run"),
    ("pdm", "run"),
    ("xvfb-run",),
    ("travis_retry",),
    ("npx",),
)
_PYTHON = re.compile(r"python(?:[23](?:\.\d+)?)?\Z|pypy3?\Z")
_SCRIPTS = frozenset({"javascript", "typescript", "vue"})


def run_of(command: Command, language: str) -> Command | None:
    """The command without what stands around it, where it runs tests of that language; None where it runs none of it.

    Raises NotPlain for one of which that is not known.
    """
    words = _unwrapped(command.words)
    program = words[0] if words else "true"
    family = "script" if language in _SCRIPTS else language
    if program == "go" and words[1:2] == ["test"]:
        return Command(tuple(words), command.path, command.line, command.folder) if family == "go" else None
    if _is_harmless(words):
        return None
    runs = _RUNS.get(program.removeprefix("./node_modules/.bin/").removeprefix("node_modules/.bin/"))
    if runs is None or (runs == family and program not in {"pytest", "py.test"}):
        raise NotPlain
    return Command(tuple(words), command.path, command.line, command.folder) if runs == family else None


def _unwrapped(given: Sequence[str]) -> list[str]:
    """`poetry run coverage run -m pytest x` as `pytest x`."""
    words = list(given)
    while words:
        wrapper = next((one for one in _WRAPPERS if tuple(words[: len(one)]) == one), None)
        if wrapper is not None:
            words = words[len(wrapper) :]
        elif _PYTHON.match(words[0]) and words[1:2] == ["-m"]:
            words = words[2:]
        elif words[0] == "coverage" and words[1:2] == ["run"] and "-m" in words:
            words = words[words.index("-m") + 1 :]
        else:
            break
        while words[:1] and words[0].startswith("-") and not _PYTHON.match(words[0]):
            words = words[1:]
    return words


def _is_harmless(words: Sequence[str]) -> bool:
    if not words or words[0] in _HARMLESS or words[0] in _HARMLESS_MODULES:
        return True
    if _PYTHON.match(words[0]):
        return words[1:2] in (["--version"], ["-V"]) or (words[1:2] == ["setup.py"] and words[2:3] != ["test"])
    return words[0] in _HARMLESS_WITH and words[1:2] != [] and words[1] in _HARMLESS_WITH[words[0]]
