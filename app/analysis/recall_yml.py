"""Reads `.github/recall.yml`; fetching its text is left to the caller, what it means is `app.analysis.overrides`'s.

Kept apart, since most repositories have no such file and loading a YAML parser costs more than ranking a few tests.
"""

from collections.abc import Iterable, Iterator

import yaml

from app.analysis.globs import Glob
from app.analysis.overrides import NONE, Overrides

PATH = ".github/recall.yml"
# A person writes a few lines; anything above these is no configuration and would only cost time.
MAX_TEXT = 64 * 1024
MAX_GLOBS = 200
MAX_GLOB = 300
_MAX_DEPTH = 10

_KEYS = {"tests": ("integration", "e2e", "unit", "ignore")}


def read_overrides(text: str | None) -> tuple[Overrides, tuple[str, ...]]:
    """What the file says, and one sentence for each thing in it that could not be used; None is a file that is not there.

    Never raises: what is wrong is left out, what is right is kept.
    """
    said, problem = _load(text or "")
    if problem or said is None:
        return NONE, (problem,) if problem else ()
    problems: list[str] = []
    tests = _section(said, "tests", problems)
    globs = {key: tuple(_globs(tests.get(key), f"tests.{key}", problems)) for key in _KEYS["tests"]}
    return Overrides(**globs), tuple(problems)


def _load(text: str) -> tuple[object, str]:
    """The document as plain values, and why it was not read."""
    if len(text) > MAX_TEXT:
        return None, f"{PATH} is larger than 64 KB and was not read."
    try:
        if refused := _refused(yaml.parse(text, Loader=yaml.SafeLoader)):
            return None, f"{PATH} is not read: {refused}."
        return yaml.safe_load(text), ""
    except yaml.MarkedYAMLError as error:
        where = f" in line {error.problem_mark.line + 1}" if error.problem_mark else ""
        return None, f"{PATH} is not read: {_shown(error.problem or 'it is not YAML')}{where}."
    except (yaml.YAMLError, ValueError):
        return None, f"{PATH} is not read: it is not YAML."


def _refused(events: Iterable[yaml.Event]) -> str | None:
    """Why a document is not even loaded: with anchors a few lines can unfold to gigabytes, with depth to a full stack."""
    depth = 0
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or (isinstance(event, yaml.NodeEvent) and event.anchor):
            return f"anchors and aliases are not read, in line {line}"
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            return f"it is nested too deeply, in line {line}"
    return None


def _section(said: object, name: str, problems: list[str]) -> dict[object, object]:
    """The mapping under `name`, with unknown keys of the whole file and of the mapping told."""
    if not isinstance(said, dict):
        problems.append(f"{PATH} must be a mapping with the key `tests`; it was ignored.")
        return {}
    problems.extend(_unknown(said, "", tuple(_KEYS)))
    section = said.get(name)
    if section is None:
        return {}
    if not isinstance(section, dict):
        problems.append(f"{PATH}: `{name}` must be a mapping of {', '.join(_KEYS[name])}; it was ignored.")
        return {}
    problems.extend(_unknown(section, f"{name}.", _KEYS[name]))
    return section


def _unknown(section: dict[object, object], prefix: str, known: tuple[str, ...]) -> Iterator[str]:
    for key in section:
        if key not in known:
            yield f"{PATH}: `{prefix}{_shown(key)}` is not a known key; known are {', '.join(known)}."


def _globs(said: object, key: str, problems: list[str]) -> Iterator[Glob]:
    if said is None:
        return
    listed = [said] if isinstance(said, str) else said
    if not isinstance(listed, list):
        problems.append(f"{PATH}: `{key}` must be a list of globs; it was ignored.")
        return
    if len(listed) > MAX_GLOBS:
        problems.append(f"{PATH}: `{key}` has more than {MAX_GLOBS} globs; the rest was ignored.")
    for each in listed[:MAX_GLOBS]:
        if not isinstance(each, str) or not each.strip("/ "):
            problems.append(f"{PATH}: `{key}` holds `{_shown(each)}`, which is not a glob; it was ignored.")
        elif len(each) > MAX_GLOB or each.startswith("!") or "[" in each:
            problems.append(f"{PATH}: `{key}` holds `{_shown(each)}`; globs know only `*`, `**` and `?`, it was ignored.")
        else:
            yield Glob(each.strip())


def _shown(value: object) -> str:
    """A stranger's text, short and on one line, safe within a code span."""
    return " ".join(str(value).replace("`", "'").split())[:60]
