"""Where an import goes in a Java file: among those of the same kind, in the order of their names."""

from collections.abc import Iterable

from app.analysis.languages import trees
from app.analysis.scaffold.dialects.java.source import Source, imported_name
from app.analysis.scaffold.dialects.placing import put


def add_imports(text: str, names: Iterable[str]) -> tuple[str, int]:
    """The file with these imported too (`a.B`, `static a.B.c`), as far as it lacks them, and by how many lines it grew."""
    before = text.count("\n")
    for name in dict.fromkeys(names):
        source = Source(text)
        if not source.holds(name) and name.rpartition(".")[0] not in {"java.lang", source.package}:
            text = _with(source, name)
    return text, text.count("\n") - before


def _with(source: Source, name: str) -> str:
    line = f"import {name};"
    known = [(imported_name(trees.text_of(node)), node.end_point.row + 1) for node in source.imports]
    same = [(one, row) for one, row in known if one.startswith("static ") == name.startswith("static ")]
    if not same:
        return _apart(source, known, line)
    near = max(_alike(one, name) for one, _ in same)
    group = [(one, row) for one, row in same if _alike(one, name) == near]
    if near == 0 and [one for one, _ in same] != sorted(one for one, _ in same):  # nothing of that house, and no plain order
        return put(source.text, same[-1][1], [line])
    before = [row for one, row in group if one < name]
    return put(source.text, max(before) if before else min(row for _, row in group) - 1, [line])


def _apart(source: Source, known: list[tuple[str, int]], line: str) -> str:
    """The first of its kind: static ones stand above the others, apart from them."""
    if known and "import static" in line:
        return put(source.text, min(row for _, row in known) - 1, [line, ""])
    if known:
        return put(source.text, max(row for _, row in known), ["", line])
    children = source.root.named_children if source.root else []
    package = next((node for node in children if node.type == "package_declaration"), None)
    return put(source.text, package.end_point.row + 1, ["", line]) if package else put(source.text, 0, [line, ""])


def _alike(one: str, other: str) -> int:
    """How many leading names two imports share."""
    count = 0
    for left, right in zip(one.removeprefix("static ").split("."), other.removeprefix("static ").split("."), strict=False):
        if left != right:
            break
        count += 1
    return count
