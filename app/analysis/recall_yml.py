"""Reads `.github/recall.yml`; fetching its text is left to the caller.

What it means is `app.analysis.overrides`'s (which files are tests) and `app.domain.configuration`'s (drafts and proofs).

Kept apart, since most repositories have no such file and loading a YAML parser costs more than ranking a few tests.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from app.analysis.globs import Glob
from app.analysis.overrides import NONE, Overrides
from app.domain.configuration import Configuration, Fallback

PATH = ".github/recall.yml"
# A person writes a few lines; anything above these is no configuration and would only cost time.
MAX_TEXT = 64 * 1024
MAX_GLOBS = 200
MAX_GLOB = 300
_MAX_DEPTH = 10

MAX_COMMAND = 1_000
MAX_DRAFTS = 50
_MAX_LABEL = 50  # what GitHub takes

_TESTS = ("integration", "e2e", "unit", "ignore")


def read_overrides(text: str | None) -> tuple[Overrides, tuple[str, ...]]:
    """Which files are tests, and one sentence for each thing in the whole file that could not be used; None is a file that is
    not there.

    Never raises: what is wrong is left out, what is right is kept.
    """
    overrides, _, problems = _read(text)
    return overrides, problems


def read_configuration(text: str | None) -> tuple[Configuration, tuple[str, ...]]:
    """How drafts and proofs are wanted, with the same sentences and the same patience as `read_overrides`."""
    _, configuration, problems = _read(text)
    return configuration, problems


def _read(text: str | None) -> tuple[Overrides, Configuration, tuple[str, ...]]:
    said, problem = _load(text or "")
    if problem or said is None:
        return NONE, Configuration(), (problem,) if problem else ()
    if not isinstance(said, dict):
        return NONE, Configuration(), (f"{PATH} must be a mapping of {', '.join(_KEYS)}; it was ignored.",)
    problems = list(_unknown(said, "", _KEYS))
    tests = _section(said, "tests", problems)
    globs = {key: tuple(_globs(tests.get(key), f"tests.{key}", problems)) for key in _TESTS}
    return Overrides(**globs), Configuration(**dict(_settled(said, problems))), tuple(problems)


@dataclass(frozen=True, slots=True)
class _Setting:
    """How one value is read: `read` raises ValueError for what is not `wanted`, the words that the sentence has for it."""

    wanted: str
    read: Callable[[object], Any]


def _settled(said: dict[object, object], problems: list[str]) -> Iterator[tuple[str, Any]]:
    """The settings that are written and can be used."""
    for key, setting in _SETTINGS.items():
        if said.get(key) is None:
            continue
        try:
            yield key, setting.read(said[key])
        except ValueError:
            problems.append(f"{PATH}: `{key}` is `{_shown(said[key])}`, not {setting.wanted}; it was ignored.")


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _drafts_a_day(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_DRAFTS:
        raise ValueError
    return value


def _fallback(value: object) -> Fallback:
    return Fallback(value if isinstance(value, str) else "")


def _command(value: object) -> str:
    return _line(value, MAX_COMMAND)


def _label(value: object) -> str:
    """A label's name; `false` is none."""
    return "" if value is False or value == "" else _line(value, _MAX_LABEL)


def _line(value: object, longest: int) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > longest or not value.strip().isprintable():
        raise ValueError
    return value.strip()


_SETTINGS = {
    "test_command": _Setting(f"one line of at most {MAX_COMMAND} characters", _command),
    "drafts": _Setting("`true` or `false`", _switch),
    "draft_fallback": _Setting(", ".join(f"`{way}`" for way in Fallback), _fallback),
    "drafts_per_day": _Setting(f"a number from 0 to {MAX_DRAFTS}", _drafts_a_day),
    "draft_label": _Setting(f"the name of a label of at most {_MAX_LABEL} characters, or `false`", _label),
    "require_proof": _Setting("`true` or `false`", _switch),
}
_KEYS = ("tests", *_SETTINGS)


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


def _section(said: dict[object, object], name: str, problems: list[str]) -> dict[object, object]:
    """The mapping under `name`, with its unknown keys told."""
    section = said.get(name)
    if section is None:
        return {}
    if not isinstance(section, dict):
        problems.append(f"{PATH}: `{name}` must be a mapping of {', '.join(_TESTS)}; it was ignored.")
        return {}
    problems.extend(_unknown(section, f"{name}.", _TESTS))
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
