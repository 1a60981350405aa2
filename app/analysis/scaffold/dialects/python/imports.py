"""Brings names into a Python test file: as they are known there already, else by an import where its neighbours stand."""

from dataclasses import dataclass

from app.analysis.languages import trees
from app.analysis.scaffold.dialects.python.source import Bound, Source

MAX_WIDTH = 88


@dataclass(frozen=True, slots=True)
class Wanted:
    """An import that is missing: `from module import name`, or `import name` where `module` is empty."""

    module: str
    name: str

    @property
    def line(self) -> str:
        """The statement."""
        return f"from {self.module} import {self.name}" if self.module else f"import {self.name}"


def known_as(source: Source, module: str, name: str) -> str | None:
    """How the file can already speak of `name` in `module`: `total`, `cart.total`, `xr.Dataset`; None where it cannot."""
    folder, _, last = module.rpartition(".")
    for bound in source.imports:
        if bound.name == name and _is_within(module, bound.module):
            return bound.alias
    for bound in source.imports:
        if (bound.module, bound.name) in (("", module), (folder, last)):
            return f"{bound.alias}.{name}"
    for bound in source.imports:  # a package that gives the name again: seen by its use
        if not bound.module and _is_within(module, bound.name) and f"{bound.alias}.{name}" in source.text:
            return f"{bound.alias}.{name}"
    return None


def _is_within(module: str, package: str) -> bool:
    """Whether `package` is the module or a package around it, whose `__init__` may give the same name."""
    return bool(package) and (module == package or module.startswith(f"{package}.") or package.startswith("."))


def add_imports(source: Source, wanted: list[Wanted]) -> list[tuple[int, str, bool]]:
    """Edits as (line, text, replaces): text goes in front of the 0-based line, or in its place."""
    lines = source.lines
    edits: list[tuple[int, str, bool]] = []
    for one in dict.fromkeys(wanted):
        if any(b.module == one.module and b.name == one.name and b.alias == one.name for b in source.imports):
            continue
        same = [b for b in source.imports if one.module and b.module == one.module]
        if (
            same
            and (edit := _joined(source, lines, same[-1], one))
            and edit[0] not in {at for at, _, replaces in edits if replaces}
        ):
            edits.append(edit)
        else:
            edits.append((_line_for(source, lines, one), one.line, False))
    return edits


def _joined(source: Source, lines: list[str], beside: Bound, one: Wanted) -> tuple[int, str, bool] | None:
    """The import one name longer, where it is one short line."""
    row = beside.node.start_point.row
    line = lines[row]
    if beside.node.end_point.row != row or any(sign in line for sign in "();#\\") or beside.name == "*":
        return None
    head, _, tail = line.partition(" import ")
    names = [name.strip() for name in tail.split(",")]
    if len(names) == 1 and _one_a_line(source):
        return None
    ordered = names == sorted(names, key=str.lower)
    names.append(one.name)
    longer = f"{head} import {', '.join(sorted(names, key=str.lower) if ordered else names)}"
    return (row, longer, True) if len(longer) <= MAX_WIDTH else None


def _one_a_line(source: Source) -> bool:
    """Whether the file imports one name with each statement, as isort does when it is told so."""
    modules = [bound.module for bound in source.imports if bound.module]
    statements = [node for node in source.import_nodes if node.type == "import_from_statement"]
    return len(modules) > len(set(modules)) and len(statements) == len(modules)


def _line_for(source: Source, lines: list[str], one: Wanted) -> int:
    """Where an import goes: among those of the same package in their order, else behind the imports, else below the header."""
    top = (one.module or one.name).partition(".")[0]
    plain = [node for node in source.import_nodes if node.type != "future_import_statement"]
    same = [node for node in plain if _top(trees.text_of(node)) == top]
    alike = [node for node in same if node.type.startswith("import_from") == bool(one.module)]
    if same := alike or same:
        later = next((node for node in same if trees.text_of(node) > one.line), None)
        return later.start_point.row if later else _below(same[-1].end_point.row, same[-1].end_point.column)
    standard = [node for node in plain if not one.module and trees.text_of(node).startswith("import ")]
    if one.name in ("pytest", "unittest") and standard:
        later = next((node for node in standard if trees.text_of(node) > one.line), None)
        return later.start_point.row if later else _below(standard[-1].end_point.row, standard[-1].end_point.column)
    if source.import_nodes:
        last = source.import_nodes[-1]
        return _below(last.end_point.row, last.end_point.column)
    return _below_header(source, lines)


def _below(row: int, column: int) -> int:
    return row + (column > 0)


def _below_header(source: Source, lines: list[str]) -> int:
    """Below the comments and the docstring that a file opens with."""
    first = source.root.named_children if source.root else ()
    for node in first:
        if node.type == "comment" or (node.type == "expression_statement" and (s := trees.first_in(node)) and s.type == "string"):
            continue
        row = node.start_point.row
        while row and lines[row - 1].startswith("#"):
            row -= 1
        return row
    return len(lines)


def _top(statement: str) -> str:
    """The first package that an import names."""
    words = statement.split()
    return words[1].partition(".")[0].rstrip(",") if len(words) > 1 else ""
