"""Where in a Python test file a new test stands, and how a new file opens."""

from dataclasses import dataclass

from app.analysis.scaffold.dialects.python.imports import Wanted
from app.analysis.scaffold.dialects.python.source import Source, Test, bases, class_name, is_test_case
from app.analysis.scaffold.plain import name_words
from app.domain.scaffold import Blueprint


@dataclass(frozen=True, slots=True)
class Place:
    """The 0-based row that the test is put in front of, `gap` blank lines around it, `margin` before every line of it.

    `owner` is the class it stands in, with `parameters` (`self`) that its methods take; `indent` is one level deeper.
    `opening` are the lines of a new class that has to be opened for it, `wanted` the imports which that takes.
    """

    row: int
    gap: int
    margin: str
    indent: str
    owner: str = ""
    parameters: tuple[str, ...] = ()
    in_test_case: bool = False
    quote: str = '"'
    opening: tuple[str, ...] = ()
    wanted: tuple[Wanted, ...] = ()


def find_place(source: Source, runner: str, blueprint: Blueprint) -> Place:
    """After the test `beside` (named as recall names tests), else after the last one, else at the end of the file."""
    test = next((test for test in source.tests if test.qualified == blueprint.beside), None) or _last(source, runner)
    lines = source.lines
    if test is None:
        return _at_end(source, lines, runner, blueprint)
    start, end = test.node.start_point, test.node.end_point
    margin = lines[start.row][: start.column]
    is_static = "@staticmethod" in (test.node.text or b"").decode(errors="replace").partition("def ")[0]
    return Place(
        end.row + (end.column > 0),
        _gap(lines, start.row, 1 if test.owner else 2),
        margin if not margin.strip() else "",
        source.indent,
        class_name(test.owner),
        ("self",) if test.owner and not is_static else (),
        is_test_case(test.owner),
        source.quote,
    )


def opening_text(blueprint: Blueprint) -> str:
    """What a new test file opens with: the nearest neighbour's license."""
    header = Source(blueprint.neighbours[0].text).header if blueprint.neighbours else ""
    return f"{header}\n" if header else ""


def _at_end(source: Source, lines: list[str], runner: str, blueprint: Blueprint) -> Place:
    """Behind everything; for unittest and Django in a new class in the manner of the neighbour's."""
    row = len(lines)
    while row and not lines[row - 1].strip():
        row -= 1
    like = Source(blueprint.neighbours[0].text) if blueprint.neighbours else source
    indent = like.indent
    if runner == "pytest" and not _in_classes(like):
        return Place(row, 2, "", indent, quote=like.quote)
    base, wanted = _base(like, runner)
    stem = blueprint.path.rpartition("/")[2].removesuffix(".py").removeprefix("test_").removesuffix("_test")
    stem = "" if stem in ("test", "tests") else stem
    words = name_words(stem.replace("_", " ")) or name_words(blueprint.story.title, 30) or ("regression",)
    name = "".join(word.capitalize() for word in words)
    name = f"{name}Tests" if name[0].isalpha() else f"Issue{name}Tests"
    while name in source.top_names:
        name += "_"
    return Place(row, 2, indent, indent, name, ("self",), True, like.quote, (f"class {name}({base}):",), wanted)


def _in_classes(source: Source) -> bool:
    """Whether its tests are unittest's, whatever runs them."""
    return bool(source.tests) and all(is_test_case(test.owner) for test in source.tests)


def _base(like: Source, runner: str) -> tuple[str, tuple[Wanted, ...]]:
    """The base class that the neighbour's test classes have, and what is imported for it."""
    for test in like.tests:
        named = bases(test.owner).strip("() \n").partition(",")[0]
        first = named.partition(".")[0]
        bound = next((bound for bound in like.imports if bound.alias == first), None)
        if bound and is_test_case(test.owner) and bound.name == bound.alias and not bound.module.startswith("."):
            return named, (Wanted(bound.module, bound.name),)
    if runner == "django":
        return "TestCase", (Wanted("django.test", "TestCase"),)
    return "unittest.TestCase", (Wanted("", "unittest"),)


def _last(source: Source, runner: str) -> Test | None:
    if runner == "pytest" and not _in_classes(source):
        return next((test for test in reversed(source.tests) if test.owner is None), None)
    return next((test for test in reversed(source.tests) if is_test_case(test.owner)), None)


def _gap(lines: list[str], row: int, most: int) -> int:
    """The blank lines that stand above the sibling, at least one."""
    count = 0
    while count < most and row - 1 - count >= 0 and not lines[row - 1 - count].strip():
        count += 1
    return max(count, 1)
