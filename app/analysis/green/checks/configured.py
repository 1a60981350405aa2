"""The commands that a tree's checks run: GitHub workflows and Travis, through tox, make and npm to what these run in turn."""

import configparser
import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from app.analysis.green.checks.shell import Command, NotPlain, commands_in
from app.analysis.settings.document import Unreadable, Written, read_document

Read = Callable[[str], str | None]
"""The text of a file of the tree, None where there is none."""

_WORKFLOW = re.compile(r"\.github/workflows/[^/]+\.ya?ml\Z")
_OTHER_SERVICES = re.compile(
    r"(?:\.circleci/|\.buildkite/|\.semaphore/|\.gitlab-ci|\.?azure-pipelines|\.?appveyor\.ya?ml|Jenkinsfile|\.drone|\.cirrus|bitbucket-"
    r"pipelines|\.woodpecker|wercker\.ya?ml|shippable\.ya?ml|\.builds?/|circle\.ya?ml|\.packit|\.?zuul|cloudbuild\.ya?ml|\.prow|\.ci/"
    r"|\.taskcluster|\.teamcity|codemagic)"
)
_FOR_CHANGES = frozenset({"push", "pull_request", "pull_request_target", "merge_group", "workflow_call"})
# Actions that may run tests by their name, or that are given something to run; what stands in the tree itself is not followed.
_RUNNING_ACTIONS = re.compile(
    r"\.|docker:|.*(?:test|\btox|cypress|playwright|wheel|emulator|retry|xvfb|pre-commit|\bvm|nix|bazel|earthly|dagger|maven|gradle"
    r"|container|compose|\bci\b|script|\brun|exec|make|hatch|nox|meson|cmake)",
    re.IGNORECASE,
)
_RUNNING_INPUTS = ("run", "script", "command", "args", "cmd", "commands", "entrypoint")
_MOST_STEPS = 3
_STEPS_OF_TRAVIS = ("before_install", "install", "before_script", "script", "after_script", "after_success")
_SHELLS = frozenset({"sh", "bash"})
_SHEBANG = re.compile(r"#!\s*/(?:usr/)?bin/(?:env\s+)?(?:ba|da)?sh\b")
_TARGET = re.compile(r"^([\w./ -]+?)\s*::?(?!=)\s*([^#\n]*)")
_VARIABLE = re.compile(r"^(\w+)\s*[:?]?=\s*(.*)$")


@dataclass(frozen=True, slots=True)
class _Sources:
    tree: Collection[str]
    read: Read


def check_commands(tree: Collection[str], read: Read) -> tuple[Command, ...]:
    """All commands of all checks. Raises NotPlain where one service, file or step cannot be read, or where there is no check."""
    if any(_OTHER_SERVICES.match(path) for path in tree):
        raise NotPlain
    sources = _Sources(tree, read)
    found = [command for path in sorted(tree) if _WORKFLOW.match(path) for command in _of_workflow(path, sources)]
    if ".travis.yml" in tree:
        found += _of_travis(sources)
    if not found:
        raise NotPlain
    return tuple(done for command in found for done in _unfolded(command, sources, _MOST_STEPS))


def _document(path: str, sources: _Sources) -> Written:
    try:
        return read_document(sources.read(path) or "")
    except Unreadable as error:
        raise NotPlain from error


def _get(value: Written | None, key: str) -> Written | None:
    """The value behind a key; YAML takes a bare `on` for true."""
    for entry in (value.entries if value else None) or ():
        if entry.key.value == key or (key == "on" and entry.key.value is True):
            return entry.value
    return None


def _of_workflow(path: str, sources: _Sources) -> Iterator[Command]:
    document = _document(path, sources)
    if _triggers(_get(document, "on")).isdisjoint(_FOR_CHANGES):
        return
    jobs = _get(document, "jobs")
    for job in (jobs.entries if jobs else None) or ():
        called = _get(job.value, "uses")
        if called is not None and not str(called.value).startswith("./.github/workflows/"):
            raise NotPlain
        steps = _get(job.value, "steps")
        folder = _folder(_get(document, "defaults"), _folder(_get(job.value, "defaults"), ""))
        for step in steps.value if steps is not None and isinstance(steps.value, tuple) else ():
            yield from _of_step(step, path, folder)


def _of_step(step: Written, path: str, folder: str) -> Iterator[Command]:
    used, script, where = _get(step, "uses"), _get(step, "run"), _get(step, "working-directory")
    if used is not None and (
        _RUNNING_ACTIONS.match(str(used.value)) or any(_get(_get(step, "with"), key) for key in _RUNNING_INPUTS)
    ):
        raise NotPlain
    if script is None:
        return
    text = str(script.value)
    # The text of a block begins on the line after its mark.
    yield from commands_in(text, path, script.line + ("\n" in text), str(where.value) if where else folder)


def _folder(defaults: Written | None, otherwise: str) -> str:
    where = _get(_get(defaults, "run"), "working-directory")
    return str(where.value) if where else otherwise


def _triggers(on: Written | None) -> set[str]:
    if on is None:
        return set()
    if on.entries is not None:
        return {str(entry.key.value) for entry in on.entries}
    return {str(one.value) for one in on.value} if isinstance(on.value, tuple) else {str(on.value)}


def _of_travis(sources: _Sources) -> Iterator[Command]:
    document = _document(".travis.yml", sources)
    if _get(document, "script") is None or any("script" in str(document.plain.get(key)) for key in ("jobs", "matrix")):
        raise NotPlain
    for step in _STEPS_OF_TRAVIS:
        written = _get(document, step)
        every = written.value if written is not None and isinstance(written.value, tuple) else (written,) if written else ()
        for one in every:
            yield from commands_in(str(one.value or ""), ".travis.yml", one.line)


def _unfolded(command: Command, sources: _Sources, left: int) -> Iterator[Command]:
    """The commands that a command of tox, make or npm runs; any other stands for itself."""
    program, *given = command.words
    inner = _INNER.get(program)
    if program in _SHELLS and given and not given[0].startswith("-"):
        program, *given = given
    if inner is None and command.folder is not None and _at(command, program.removeprefix("./")) in sources.tree:
        inner, given = _of_script, [program.removeprefix("./")]
    if inner is None:
        yield command
        return
    if left == 0 or command.folder is None:
        raise NotPlain
    for one in inner(given, command, sources):
        yield from _unfolded(one, sources, left - 1)


def _of_script(given: list[str], command: Command, sources: _Sources) -> Iterator[Command]:
    """The commands of a shell script of the tree."""
    path = _at(command, given[0])
    text = sources.read(path) or ""
    if not path.endswith(".sh") and not _SHEBANG.match(text):
        raise NotPlain
    yield from commands_in(text, path, 1, command.folder)


def _of_tox(_given: list[str], command: Command, sources: _Sources) -> Iterator[Command]:
    """The commands of every environment."""
    path = _at(command, "tox.ini")
    text = sources.read(path)
    reader = configparser.RawConfigParser(strict=False)
    try:
        reader.read_string(text or "")
    except configparser.Error as error:
        raise NotPlain from error
    sections = [name for name in reader.sections() if name.startswith("testenv")]
    if not sections:
        raise NotPlain
    for name in sections:
        if reader.has_option(name, "changedir"):
            raise NotPlain
        script = reader.get(name, "commands", fallback="").replace("{posargs}", "")
        script = re.sub(
            r"\{posargs:([^}]*)\}|^\s*[\w,!-]+:\s+|^\s*-\s*(?=\w)", lambda found: found[1] or "", script, flags=re.MULTILINE
        )
        script = script.replace("{envpython}", "python").replace("{toxinidir}/", "")
        line = next((at for at, one in enumerate((text or "").split("\n"), 1) if one.strip() == f"[{name}]"), 1)
        yield from (replace(one, line=line) for one in commands_in(script, path, line, command.folder))


def _of_make(given: list[str], command: Command, sources: _Sources) -> Iterator[Command]:
    """The recipes of the targets and of what these need."""
    if any(one.startswith("-") for one in given):
        raise NotPlain
    path = _at(command, "Makefile")
    text = sources.read(path)
    if text is None or re.search(r"^\s*-?include\b|^\s*(?:ifeq|ifdef|ifneq|ifndef|define)\b", text, re.MULTILINE):
        raise NotPlain
    recipes, needs, variables = _makefile(text)
    wanted = [one for one in given if "=" not in one] or [name for name in recipes if not name.startswith(".")][:1]
    seen: dict[str, None] = {}
    while wanted:
        target = wanted.pop()
        if target in seen:
            continue
        seen[target] = None
        if target not in recipes or any("$" in one for one in needs[target]):
            raise NotPlain
        wanted += [one for one in needs[target] if one in recipes]
        for line, script in recipes[target]:
            filled = re.sub(r"\$[({](\w+)[)}]", lambda found: variables.get(found[1], found[0]), script)
            yield from commands_in(filled.lstrip("@-+ "), path, line, command.folder)


def _makefile(text: str) -> tuple[dict[str, list[tuple[int, str]]], dict[str, list[str]], dict[str, str]]:
    """The recipes by target, each line with its number; what each target needs; the plain variables."""
    recipes: dict[str, list[tuple[int, str]]] = {}
    needs: dict[str, list[str]] = {}
    variables = {"MAKE": "make"}
    current: list[str] = []
    for number, line in enumerate(text.replace("\\\n", " ").split("\n"), 1):
        if line.startswith("\t"):
            for target in current:
                recipes[target].append((number, line.strip()))
        elif match := _VARIABLE.match(line):
            variables[match[1]] = match[2].strip()
        elif match := _TARGET.match(line):
            current = match[1].split()
            for target in current:
                recipes.setdefault(target, [])
                needs.setdefault(target, []).extend(match[2].split())
    return recipes, needs, variables


def _of_npm(given: list[str], command: Command, sources: _Sources) -> Iterator[Command]:
    """The script of `package.json` that is run; what installs or publishes runs none that matters."""
    words = [one for one in given if not one.startswith("-")]
    verb = words[0] if words else "install"
    if verb in {
        "ci",
        "install",
        "i",
        "add",
        "config",
        "cache",
        "audit",
        "pack",
        "publish",
        "link",
        "set",
        "version",
        "--version",
    }:
        return
    name = words[1] if verb in {"run", "run-script"} and len(words) > 1 else {"t": "test", "tst": "test"}.get(verb, verb)
    path = _at(command, "package.json")
    try:
        said = json.loads(sources.read(path) or "{}")
        scripts = said.get("scripts", {}) if isinstance(said, dict) else {}
    except (ValueError, RecursionError) as error:
        raise NotPlain from error
    if not isinstance(scripts, dict) or not isinstance(scripts.get(name), str):
        raise NotPlain
    for part in (f"pre{name}", name, f"post{name}"):
        if isinstance(scripts.get(part), str):
            yield from (replace(one, line=1) for one in commands_in(scripts[part], path, 1, command.folder))


def _at(command: Command, name: str) -> str:
    return f"{command.folder}/{name}" if command.folder else name


_INNER: dict[str, Callable[[list[str], Command, _Sources], Iterator[Command]]] = {
    "tox": _of_tox,
    "make": _of_make,
    "gmake": _of_make,
    "npm": _of_npm,
    "yarn": _of_npm,
    "pnpm": _of_npm,
}
