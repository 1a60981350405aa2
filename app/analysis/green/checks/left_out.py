"""Whether the commands of the checks leave a test out: by the paths, folders or packages that each of them names."""

import configparser
import re
import shlex
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from app.analysis import languages
from app.analysis.green.checks.configured import Read, check_commands
from app.analysis.green.checks.runs import run_of
from app.analysis.green.checks.shell import Command, NotPlain

_MADE = re.compile(r"[$`*?{]")
_BUILT = re.compile(r"^//go:build\s+([^\n]+)", re.MULTILINE)
_TAGS = re.compile(r"\w+(?:\s*&&\s*\w+)*")
# Other tags are set by the system that it is built on, or by the compiler.
_OWN_TAG = re.compile(r"\w*(?:integration|e2e|acceptance|functional|slow|smoke|docker|system|test)\w*", re.IGNORECASE)
_MARKED = re.compile(r"not\s+([A-Za-z_]\w*)\Z")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why no check ran a test: `how` is a slug (`paths`, `ignored`, `marker`, `packages`, `build-tag`), `commands` are those that
    run the others, as they are written, each with the file and line of its configuration.
    """

    how: str
    commands: tuple[tuple[str, str, int], ...]


def left_out(test: str, text: bytes, tree: Collection[str], read: Read) -> LeftOut | None:
    """Why no check of the tree ran the test file; None where one did, or where that cannot be told."""
    language = languages.language_of(test) or ""
    try:
        runs = [run for command in check_commands(tree, read) if (run := run_of(command, language)) is not None]
        hows = [_leaves_out(run, test, text, tree, read) for run in runs]
    except NotPlain:
        return None
    if not hows or any(how is None for how in hows):
        return None
    told = tuple(dict.fromkeys((" ".join(run.words), run.path, run.line) for run in runs))
    return LeftOut(str(hows[0]), told)


def _leaves_out(run: Command, test: str, text: bytes, tree: Collection[str], read: Read) -> str | None:
    if run.folder is None or any(_MADE.search(word) for word in run.words):
        raise NotPlain
    if run.words[0] == "go":
        return _by_packages(run, test) or _by_tag(run, text)
    return _by_pytest(run, test, text, tree, read)


def _by_packages(run: Command, test: str) -> str | None:
    """`go test ./cart/...` runs what stands in and below that folder; without a package, that of its own folder."""
    packages = [word for word in run.words[2:] if word.startswith(".") or word == "all"]
    if any(not word.startswith("-") and "/" in word and word not in packages for word in run.words[2:]) or "all" in packages:
        raise NotPlain
    folder = test.rpartition("/")[0]
    for package in packages or ["."]:
        whole = package.endswith("...")
        at = _joined(run.folder, package.removesuffix("..."))
        if folder == at or (whole and (not at or f"{folder}/".startswith(f"{at}/"))):
            return None
    return "packages"


def _by_tag(run: Command, text: bytes) -> str | None:
    """A file that begins with `//go:build integration` is built only where that tag is asked for."""
    head = text.partition(b"\npackage ")[0].decode("utf-8", "replace")
    built = _BUILT.search(head)
    if built is None or not _TAGS.fullmatch(built[1].strip()):
        return None
    asked = {tag for word in run.words for tag in re.split(r"[=,\s]", word)}
    wanted = {tag.strip() for tag in built[1].split("&&")} - asked
    return "build-tag" if any(_OWN_TAG.fullmatch(tag) for tag in wanted) else None


def _by_pytest(run: Command, test: str, text: bytes, tree: Collection[str], read: Read) -> str | None:
    given = [*_ini(run, read, "addopts"), *run.words[1:]]
    if any(one in {"--pyargs", "-c", "--rootdir", "-p"} or one.startswith(("--rootdir=", "-c=", "@")) for one in given):
        raise NotPlain
    ignored = [one.partition("=")[2] for one in given if one.startswith("--ignore=")]
    ignored += [after for one, after in pairwise(given) if one == "--ignore"]
    if any(_holds(_joined(run.folder, path), test) for path in ignored):
        return "ignored"
    folders = {path[:at] for path in tree for at, sign in enumerate(path) if sign == "/"}
    named = [one for one in run.words[1:] if not one.startswith("-")]
    paths = [at for one in named if (at := _joined(run.folder, one.partition("::")[0])) in folders or at in tree or at == ""]
    if not paths:
        paths = [_joined(run.folder, one) for one in _ini(run, read, "testpaths")]
    if paths and not any(_holds(path, test) for path in paths):
        return "paths"
    marks = [after for one, after in pairwise(given) if one == "-m"]
    marked = next((match[1] for one in marks if (match := _MARKED.match(one.strip()))), None)
    return "marker" if marked and _is_marked(text, marked) else None


def _is_marked(text: bytes, mark: str) -> bool:
    """Whether the whole file bears the mark."""
    return bool(re.search(rb"^pytestmark\s*=[^\n]*\bmark\." + mark.encode() + rb"\b", text, re.MULTILINE))


def _ini(run: Command, read: Read, key: str) -> list[str]:
    """A setting of pytest's, by words. Raises NotPlain for a `pyproject.toml` that may hold it."""
    for name, section in (("pytest.ini", "pytest"), ("tox.ini", "pytest"), ("setup.cfg", "tool:pytest"), ("setup.cfg", "pytest")):
        text = read(_joined(run.folder, name))
        if text is None:
            continue
        reader = configparser.RawConfigParser(strict=False)
        try:
            reader.read_string(text)
        except configparser.Error as error:
            raise NotPlain from error
        if reader.has_section(section):
            return _words(reader.get(section, key, fallback=""))
    if "[tool.pytest" in (read(_joined(run.folder, "pyproject.toml")) or ""):
        raise NotPlain
    return []


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise NotPlain from error


def _holds(path: str, test: str) -> bool:
    return not path or test == path or test.startswith(f"{path}/")


def _joined(folder: str | None, path: str) -> str:
    return "/".join(part for part in (*(folder or "").split("/"), *path.split("/")) if part not in {"", "."})
