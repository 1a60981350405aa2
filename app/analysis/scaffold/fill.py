"""Fills plain placeholder templates: `$name` in a line, or alone on its line for a block of lines. No engine, no expressions.

The same form is what repositories keep under `.github/recall/<framework>`: nothing in them is ever evaluated.
"""

import re
from collections.abc import Mapping, Sequence

PLACEHOLDERS = frozenset(
    {
        "name",
        "literal_title",
        "title",
        "issue",
        "url",
        "parameters",
        "given",
        "when",
        "then",
        "finish",
        "conditions",
        "decorators",
    }
)
MAX_TEMPLATE = 20_000
_PLACEHOLDER = re.compile(r"\$(?:\$|\{(?P<braced>[a-z_]+)\}|(?P<named>[a-z_]+))")
_ALONE = re.compile(r"^(?P<indent>[ \t]*)\$\{?(?P<name>[a-z_]+)\}?[ \t]*$")

_WORD = re.compile(r"\w")

Values = Mapping[str, str | Sequence[str]]


def unknown(template: str) -> tuple[str, ...]:
    """The placeholders of a template that recall does not know, in their order, each once."""
    names = (match["braced"] or match["named"] for match in _PLACEHOLDER.finditer(template[:MAX_TEMPLATE]))
    return tuple(dict.fromkeys(name for name in names if name and name not in PLACEHOLDERS))


def fill(template: str, values: Values) -> list[str]:
    """The lines of the template with every known placeholder replaced; what is unknown stays as it is written.

    A placeholder alone on its line takes a block of lines (a sequence) at its indentation, or a text as one line; where there is
    nothing to take, the line goes away, and so does a blank line that would then follow another. A line of which nothing but
    signs is left goes away, too (`// $url` without an address). `$$` is a dollar sign.
    """
    lines: list[str] = []
    for line in template.rstrip("\n").split("\n"):
        alone = _ALONE.match(line)
        if alone and alone["name"] in values:
            block = values[alone["name"]]
            block = [block] if isinstance(block, str) and block else block
            lines.extend(f"{alone['indent']}{each}" if each else "" for each in block)
        elif (line.strip() or not lines or lines[-1].strip()) and not _is_emptied(line, values):
            lines.append(_filled(line, values))
    while lines and not lines[0].strip():
        lines.pop(0)
    return lines


def _is_emptied(line: str, values: Values) -> bool:
    """Whether all that a line would say are placeholders that nothing is there for."""
    names = [match["braced"] or match["named"] or match[0] for match in _PLACEHOLDER.finditer(line)]
    return bool(names) and not any(values.get(name, name) for name in names) and not _WORD.search(_PLACEHOLDER.sub("", line))


def _filled(line: str, values: Values) -> str:
    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        found = values.get(match["braced"] or match["named"])
        if found is None:
            return match[0]
        return found if isinstance(found, str) else ", ".join(found)

    return _PLACEHOLDER.sub(value, line).rstrip()
