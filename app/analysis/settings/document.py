"""A YAML document of a stranger's as plain values, each with the place where it stands; what they mean is `reader`'s.

A configuration needs little of YAML: no anchors (with which a few lines unfold to gigabytes), no tags, no depth, and none of the
surprises of YAML 1.1, to which `10:30` is a number of minutes.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from app.domain.configuration import Problem

_MAX_DEPTH = 10
_SHOWN = 60
_WORDS = {
    **dict.fromkeys(("", "~", "null"), None),
    **dict.fromkeys(("true", "yes", "on"), True),
    **dict.fromkeys(("false", "no", "off"), False),
}
_WHOLE = re.compile(r"[-+]?[0-9]{1,30}")
_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][-+]?[0-9]{1,2})?")


class Unreadable(Exception):
    """Why nothing of a document can be read, as a `Problem`."""

    def __init__(self, text: str, mark: Any = None) -> None:
        super().__init__(text)
        self.problem = Problem(text, *_place(mark))


@dataclass(frozen=True, slots=True)
class Written:
    """One value as it stands in the file: a scalar, a tuple of `Written`, or a `Mapping` of entries by key.

    `shown` is what was written there, short and on one line, safe within a code span; `line` and `column` begin at 1.
    """

    value: Any
    shown: str
    line: int
    column: int

    @property
    def entries(self) -> "tuple[Entry, ...] | None":
        """The entries of a mapping, in the file's order; None where it is none."""
        return tuple(self.value.values()) if isinstance(self.value, Mapping) else None

    @property
    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, Mapping):
            return {key: entry.value.plain for key, entry in self.value.items()}
        return [one.plain for one in self.value] if isinstance(self.value, tuple) else self.value


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value; `again` are the places where the same key stands before."""

    key: Written
    value: Written
    again: tuple[Written, ...] = ()


def read_document(text: str) -> Written:
    """The document's one value. Raises `Unreadable` for what is not YAML, or more of it than a configuration needs."""
    try:
        if refused := _refused(yaml.parse(text, Loader=yaml.SafeLoader)):
            raise refused
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        why = _shown(error.problem or "no reason is known")
        raise Unreadable(f"nothing of it counts, since it is not YAML: {why}.", error.problem_mark) from error
    except (yaml.YAMLError, ValueError) as error:
        raise Unreadable("nothing of it counts: it is not YAML.") from error
    return _written(node, text) if node is not None else Written(None, "", 1, 1)


def _refused(events: Iterable[yaml.Event]) -> Unreadable | None:
    """Why a document is not even put together."""
    depth = 0
    for event in events:
        if isinstance(event, yaml.AliasEvent) or (isinstance(event, yaml.NodeEvent) and event.anchor):
            return Unreadable("nothing of it counts: anchors and aliases are not for configurations.", event.start_mark)
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag not in (None, "!"):
            return Unreadable("nothing of it counts: tags such as `!!str` are not for configurations.", event.start_mark)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            return Unreadable("nothing of it counts: it is nested too deeply.", event.start_mark)
    return None


def _written(node: yaml.Node, text: str) -> Written:
    line, column = _place(node.start_mark)
    shown = _shown(text[node.start_mark.index : node.end_mark.index][: 10 * _SHOWN])
    if isinstance(node, yaml.MappingNode):
        return Written(_entries(node, text), shown, line, column)
    if isinstance(node, yaml.SequenceNode):
        return Written(tuple(_written(one, text) for one in node.value), shown, line, column)
    return Written(_scalar(node) if isinstance(node, yaml.ScalarNode) else None, shown, line, column)


def _entries(node: yaml.MappingNode, text: str) -> Mapping[str, Entry]:
    """By key; of a key that stands twice the last one counts, as everywhere."""
    entries: dict[str, Entry] = {}
    for key_node, value_node in node.value:
        key = _written(key_node, text)
        name = key_node.value if isinstance(key_node, yaml.ScalarNode) else key.shown
        before = entries.pop(name, None)
        again = (*before.again, before.key) if before else ()
        entries[name] = Entry(key, _written(value_node, text), again)
    return entries


def _scalar(node: yaml.ScalarNode) -> str | bool | int | float | None:
    """Words and numbers as such where they stand plain, all else as text."""
    value = _joined(str(node.value))
    if node.style is not None:
        return value
    if value.lower() in _WORDS:
        return _WORDS[value.lower()]
    if _WHOLE.fullmatch(value):
        return int(value)
    return float(value) if _NUMBER.fullmatch(value) else value


def _joined(value: str) -> str:
    """JSON writes a character of a higher plane as two halves, which YAML does not know to be one."""
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _place(mark: Any) -> tuple[int, int]:
    """Line and column of a mark, of which YAML's parsers have two kinds; both begin at 1."""
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)


def _shown(value: str) -> str:
    """A stranger's text, short and on one line, safe within a code span."""
    return " ".join(value.replace("`", "'").split())[:_SHOWN]
