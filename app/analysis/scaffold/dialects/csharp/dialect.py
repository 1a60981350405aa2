"""C#: a test method for xUnit or NUnit in the class and the naming of its neighbours."""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.analysis.languages import csharp
from app.analysis.scaffold import prose
from app.analysis.scaffold.dialect import Written
from app.analysis.scaffold.dialects import telling
from app.analysis.scaffold.dialects.csharp.call import call, usings
from app.analysis.scaffold.dialects.placing import header, indented, moved, put, put_apart, unit_of
from app.analysis.scaffold.fill import fill
from app.analysis.scaffold.plain import code_line, name_words
from app.analysis.scaffold.signatures.csharp import namespace
from app.domain.scaffold import Blueprint, Neighbour, Story

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}
_FIRST = re.compile(r"\s*(?:using|namespace)\b")
_USING = re.compile(r"^[ \t]*using\s+([\w.]+)\s*;[^\n]*$", re.MULTILINE)
_HOUSES = {"Fact": "Xunit", "Test": "NUnit.Framework"}


@dataclass(frozen=True, slots=True)
class CSharp:
    """The dialect of a framework whose tests are marked by `attribute`."""

    attribute: str

    def grammar(self, path: str) -> str:
        """Always C#."""
        del path
        return "csharp"

    def string(self, text: str) -> str:
        """A regular literal, neither verbatim nor interpolated; what cannot be seen is written by its number."""
        return f'"{"".join(_escaped(c) for c in text)}"'

    def comment(self, text: str) -> list[str]:
        """Lines behind `// `."""
        return [f"// {code_line(line)}".rstrip() for line in text.splitlines()]

    def tests(self, path: str, source: bytes) -> Sequence[str]:
        """The methods that carry a test's attribute."""
        del path
        return [test.name for test in csharp.tests_in(source)]

    def name(self, story: Story, neighbours: Sequence[Neighbour]) -> str:
        """`Issue123EmptyCart`, `Issue123_EmptyCart` or `issue_123_empty_cart`, as the neighbours write."""
        tests = [test for neighbour in neighbours[:3] for test in csharp.tests_in(neighbour.text.encode(errors="replace"))]
        names = [test.name.rpartition(".")[2] for test in tests]
        words = [f"Issue{story.number}" if story.number is not None else "Regression"]
        told = name_words(story.title)
        if sum("_" in name for name in names) * 2 > len(names):
            if sum(name.islower() for name in names) * 2 > len(names):
                return "_".join([*(["issue", str(story.number)] if story.number is not None else ["regression"]), *told])
            words.append("_" if told else "")
        start = "Test" if sum(name.startswith("Test") for name in names) * 2 > len(names) else ""
        return start + "".join([*words, *(word.capitalize() for word in told)])

    def write(self, blueprint: Blueprint, template: str) -> Written:
        """The file with the test behind `beside`, or at the end of its class."""
        existing = blueprint.existing
        text = existing if existing is not None else self._new_file(blueprint)
        definitions = csharp.definitions(text.encode(errors="surrogateescape"))
        owner, after, margin, unit = _place(text, definitions, blueprint)
        made = call(blueprint.targets, text, namespace(text.encode(errors="surrogateescape")))
        name = telling.free(self.name(blueprint.story, blueprint.neighbours), {one.name for one in definitions})
        fails = f"{self._failing(blueprint)}({self.string(prose.finish(blueprint))});"
        values = telling.values(blueprint, self, name, made.lines, fails)
        lines = fill(template, values)
        written, span = put_apart(text, after, [f"{margin}{indented(line, unit)}" if line else "" for line in lines])
        for opened in made.usings:
            written, grown = _add_using(written, opened)
            span = moved(span, grown)
        return Written(written, span, f"{owner}.{name}" if owner else name, telling.todo(blueprint, made.todo))

    def _failing(self, blueprint: Blueprint) -> str:
        """XUnit got `Assert.Fail` with 2.5; before, its exception is what every version has."""
        texts = [blueprint.existing or "", *(neighbour.text for neighbour in blueprint.neighbours)]
        version = [int(part) for part in blueprint.suite.version.split(".")[:2] if part.isdigit()]
        if self.attribute == "Test" or version >= [2, 5] or any("Assert.Fail(" in text for text in texts):
            return "Assert.Fail"
        return "throw new Xunit.Sdk.XunitException"

    def _new_file(self, blueprint: Blueprint) -> str:
        """License, usings, namespace and an empty class in the manner of the nearest neighbour's."""
        like = blueprint.neighbours[0] if blueprint.neighbours else None
        text = like.text.removeprefix("\ufeff").replace("\r\n", "\n") if like else ""
        license_lines = header(text, _FIRST)
        within = _namespace(blueprint)
        house = _HOUSES[self.attribute]
        opens = [] if like and house not in usings(text) else [f"using {house};"]
        fixture = ["[TestFixture]"] if "[TestFixture]" in text else []
        kept = re.search(r"^[ \t]*((?:public |internal )?(?:sealed )?class )\w+", text, re.MULTILINE)
        name = re.sub(r"\W", "_", posixpath.basename(blueprint.path).removesuffix(".cs"))
        unit = unit_of(text)
        opened = [*fixture, f"{kept[1] if kept else 'public class '}{name}", "{", "}"]
        if within and re.search(r"^namespace\s+[\w.]+\s*;", text, re.MULTILINE):
            body = [f"namespace {within};", "", *opened]
        elif within:
            body = [f"namespace {within}", "{", *(f"{unit}{line}" for line in opened), "}"]
        else:
            body = opened
        return "\n\n".join("\n".join(part) for part in (license_lines, opens, body) if part) + "\n"


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    number = ord(character)
    if 0xD800 <= number < 0xE000:
        return "\\ufffd"
    if character.isprintable():
        return character
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _namespace(blueprint: Blueprint) -> str:
    """That of tests in the same folder, else of the nearest test, else of the code."""
    folder = posixpath.dirname(blueprint.path)
    near = sorted(blueprint.neighbours, key=lambda neighbour: posixpath.dirname(neighbour.path) != folder)
    named = [found for neighbour in near if (found := namespace(neighbour.text.encode(errors="replace")))]
    return next(iter(named), "") or next((f"{target.package}.Tests" for target in blueprint.targets if target.package), "")


def _place(text: str, definitions: Sequence[csharp.Definition], blueprint: Blueprint) -> tuple[str, int, str, str]:
    """The class that the test becomes part of, the line to write after, the margin and one level of indentation."""
    tests = csharp.tests_in(text.encode(errors="surrogateescape"))
    beside = next((test for test in tests if test.name == blueprint.beside), None) or (tests[-1] if tests else None)
    classes = {one.qualified: one for one in definitions if one.kind == "class"}
    stem = posixpath.basename(blueprint.path).removesuffix(".cs")
    wanted = beside.name.rpartition(".")[0] if beside else stem
    owner = classes.get(wanted) or next(iter(classes.values()), None)
    if owner is None:
        return "", len(text.rstrip().split("\n")), "", "    "
    lines = text.split("\n")
    base = _blanks(lines[owner.node.start_point.row])
    member = next((one for one in definitions if one.around[-1:] == (owner,)), None)
    margin = _blanks(lines[member.node.start_point.row]) if member else ""
    if not margin.startswith(base) or margin == base:
        margin = base + unit_of(text)
    return owner.qualified, beside.span.end if beside else owner.node.end_point.row, margin, margin.removeprefix(base)


def _blanks(line: str) -> str:
    return line[: len(line) - len(line.lstrip())].lstrip("\ufeff")


def _add_using(text: str, name: str) -> tuple[str, int]:
    """The file with a namespace opened, unless it stands in it or opens it already, and by how many lines it grew."""
    within = namespace(text.encode(errors="surrogateescape"))
    if name in usings(text) or f"{within}.".startswith(f"{name}."):
        return text, 0
    known = [(match[1], text.count("\n", 0, match.start()) + 1, _blanks(match[0])) for match in _USING.finditer(text)]
    if not known:
        first = next((number for number, line in enumerate(text.split("\n")) if _FIRST.match(line.lstrip("\ufeff"))), 0)
        return put(text, first, [f"using {name};", ""]), 2
    system = [one for one in known if one[0].partition(".")[0] == "System"]
    if name == "System":
        return put(text, known[0][1] - 1, [f"{known[0][2]}using {name};"]), 1
    before = [row for other, row, _ in known if other < name and (other, row) not in [(o, r) for o, r, _ in system]]
    at = max(before) if before else max((row for _, row, _ in system), default=known[0][1] - 1)
    return put(text, at, [f"{known[0][2]}using {name};"]), 1
