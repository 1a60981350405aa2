"""The command that a person configured, with the tests put in; it is split into arguments and never seen by a shell."""

import re
import shlex
from collections.abc import Callable, Sequence

from app.domain.errors import TellUser
from app.domain.suite import Command, Format, TestId

MAX_LENGTH = 4_000
PLACEHOLDERS = ("{tests}", "{files}", "{names}", "{pattern}", "{results}")
_PLACEHOLDER = re.compile(r"\{(tests|files|names|pattern|results)\}")
_SHELL = re.compile(r"^(?:\|\|?|&&?|;|>>?|<|2>&1)$")
_PYTEST = re.compile(r"(?:^|/)(?:pytest|py\.test)(?:\.exe)?$")
_JUNIT_OPTIONS = ("--junitxml", "--junit-xml", "--log-junit", "--junit")


def configured(command: str, tests: Sequence[TestId], results: str) -> Command:
    """The command for these tests. Raises TellUser where it cannot be one.

    `{tests}` are their addresses (`PATH::NAME`; of Python as pytest writes them), `{files}` their files, `{names}` their names,
    each an argument of its own, or joined by commas within a longer word; `{pattern}` is a regular expression of the names,
    `{results}` the file to leave JUnit XML in. With that, or where a file is named to a `--junitxml` or the like, the results are
    read from it; pytest is asked for them besides; of any other command the exit code is all that is known.
    """
    words = _words(command)
    filled = tuple(each for word in words for each in _filled(word, tests, results))
    if "{results}" in command:
        return Command(filled, Format.JUNIT, results)
    if named := _named_results(filled):
        return Command(filled, Format.JUNIT, named)
    if any(_PYTEST.search(word) for word in words):
        options = f"--junitxml={shlex.quote(results)} -o junit_family=xunit1"
        return Command(filled, Format.JUNIT, results, sets=(("PYTEST_ADDOPTS", options),))
    if words[:2] == ["go", "test"] and "-json" in words:
        return Command(filled, Format.GO_JSON)
    return Command(filled)


def _words(command: str) -> list[str]:
    if len(command) > MAX_LENGTH or "\0" in command or "\n" in command.strip():
        raise TellUser(f"The test command is not one line of at most {MAX_LENGTH:,} characters.")
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise TellUser("The test command has a quotation mark that is never closed.") from error
    if not words:
        raise TellUser("The test command is empty: write the program and its arguments.")
    if shell := next((word for word in words if _SHELL.match(word)), None):
        raise TellUser(f"The test command holds `{shell}`, but no shell reads it: put such steps into a script and name that.")
    return words


def _filled(word: str, tests: Sequence[TestId], results: str) -> list[str]:
    """One word with its placeholders filled: several where it is nothing but one that stands for several."""
    alone = _PLACEHOLDER.fullmatch(word)
    if alone and alone[1] in _VALUES:
        return _VALUES[alone[1]](tests)
    values = {"pattern": _pattern(tests), "results": results}
    return [_PLACEHOLDER.sub(lambda match: values.get(match[1]) or ",".join(_VALUES.get(match[1], _nothing)(tests)), word)]


def _nothing(_tests: Sequence[TestId]) -> list[str]:
    return []


def _addresses(tests: Sequence[TestId]) -> list[str]:
    return [_guarded(str(TestId(test.path, _pytest_name(test.name)) if test.path.endswith(".py") else test)) for test in tests]


def _files(tests: Sequence[TestId]) -> list[str]:
    return list(dict.fromkeys(_guarded(test.path) for test in tests))


def _names(tests: Sequence[TestId]) -> list[str]:
    return list(dict.fromkeys(_guarded(test.name) for test in tests if test.name))


def _pattern(tests: Sequence[TestId]) -> str:
    return "|".join(re.escape(test.name) for test in tests if test.name) or ".*"


def _pytest_name(name: str) -> str:
    plain, bracket, parameters = name.partition("[")
    return plain.replace(".", "::") + bracket + parameters


def _guarded(argument: str) -> str:
    """What people name may not turn into an option."""
    return f"./{argument}" if argument.startswith("-") else argument


_VALUES: dict[str, Callable[[Sequence[TestId]], list[str]]] = {"tests": _addresses, "files": _files, "names": _names}


def _named_results(words: Sequence[str]) -> str | None:
    for word, following in zip(words, (*words[1:], ""), strict=True):
        option, equals, value = word.partition("=")
        if option in _JUNIT_OPTIONS and (value if equals else following).endswith(".xml"):
            return value if equals else following
    return None
