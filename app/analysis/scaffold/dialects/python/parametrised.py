"""What pytest tests are parametrised with: the first row of a neighbour's, and the conditions that most tests of a seam miss."""

import re
from collections.abc import Sequence

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.scaffold.dialects.python.source import Source, Test, string

CONDITION = "condition"
_PARAMETRIZE = re.compile(r"^[ \t]*@([\w.]*\bparametrize)\(", re.MULTILINE)


def parametrized(source: Source, rows: Sequence[str], taken: Sequence[str]) -> tuple[str, ...]:
    """The decorator that runs a test once for each row, as the file writes such; nothing where it writes none or has the name."""
    written = _PARAMETRIZE.search(source.text)
    if written is None or not rows or CONDITION in taken or re.search(rf"\bdef {CONDITION}\b", source.text):
        return ()
    quote, step = source.quote, source.indent
    return (
        f"@{written[1]}({quote}{CONDITION}{quote}, [",
        *(f"{step}{string(row, quote)}," for row in rows),
        "])",
    )


def first_row(test: Test) -> dict[str, str | None]:
    """The first value of each parametrised name, as source text; None where it cannot be told."""
    values: dict[str, str | None] = {}
    for decorator in test.node.named_children:
        call = trees.first_in(decorator) if decorator.type == "decorator" else None
        if call is None or call.type != "call" or "parametrize" not in trees.text_of(call).partition("(")[0]:
            continue
        listed = call.child_by_field_name("arguments")
        arguments = [node for node in listed.named_children if node.type not in ("keyword_argument", "comment")] if listed else []
        names = re.findall(r"\w+", trees.text_of(arguments[0])) if arguments else []
        values |= dict.fromkeys(names)
        is_plain = len(arguments) > 1 and "indirect" not in trees.text_of(call)
        first = _first_row(arguments[1]) if is_plain else None
        if first is None:
            continue
        row = [first] if len(names) == 1 else _parts(first)
        if len(row) == len(names):
            values |= {name: " ".join(trees.text_of(value).split("\n")) for name, value in zip(names, row, strict=True)}
    return values


def _first_row(rows: Node) -> Node | None:
    if rows.type not in ("list", "tuple"):
        return None
    first = next((node for node in rows.named_children if node.type != "comment"), None)
    if first is not None and first.type == "call" and trees.text_of(first).partition("(")[0].endswith("param"):
        listed = first.child_by_field_name("arguments")
        parts = [node for node in listed.named_children if node.type != "keyword_argument"] if listed else []
        return parts[0] if len(parts) == 1 else listed
    return first


def _parts(row: Node) -> list[Node]:
    if row.type not in ("tuple", "list", "argument_list"):
        return []
    return [node for node in row.named_children if node.type not in ("keyword_argument", "comment")]
