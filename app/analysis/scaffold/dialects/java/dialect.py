"""Java: a test method in the class, the naming and with the failing word of its neighbours; new classes are `opening`'s."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tree_sitter import Node

from app.analysis import languages
from app.analysis.languages import trees
from app.analysis.scaffold import prose
from app.analysis.scaffold.dialect import Written
from app.analysis.scaffold.dialects import telling
from app.analysis.scaffold.dialects.java import call
from app.analysis.scaffold.dialects.java.imports import add_imports
from app.analysis.scaffold.dialects.java.opening import new_file
from app.analysis.scaffold.dialects.java.source import Source, indent_of, members
from app.analysis.scaffold.dialects.placing import indented, moved, put_apart, unit_of
from app.analysis.scaffold.fill import fill
from app.analysis.scaffold.plain import code_line, name_words
from app.domain.scaffold import Blueprint, Neighbour, Story, Todo

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
# A backslash that javac would take for the start of a unicode escape, in a comment as anywhere else.
_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\(?=u)")
_TEST = {5: "org.junit.jupiter.api.Test", 4: "org.junit.Test"}
_ASSERTIONS = {5: "org.junit.jupiter.api.Assertions", 4: "org.junit.Assert"}
# Classes whose `fail(String)` fails a test, as neighbours import them.
_FAILING = (
    "org.junit.jupiter.api.Assertions",
    "org.junit.Assert",
    "org.assertj.core.api.Assertions",
    "junit.framework.Assert",
    "org.junit.jupiter.api.AssertionsKt",
)


@dataclass(frozen=True, slots=True)
class Java:
    """Java by JUnit's generation: 5 or 4, whose runner also runs what is written for 3."""

    generation: int

    def grammar(self, path: str) -> str:
        """Always the same."""
        del path
        return "java"

    def string(self, text: str) -> str:
        """A literal in double quotes; what cannot be seen is written in octal or by its number."""
        return f'"{"".join(_escaped(c) for c in text)}"'

    def comment(self, text: str) -> list[str]:
        """Lines behind `//`, in which javac finds no unicode escape."""
        return [f"// {harmless(line)}".rstrip() for line in text.splitlines()]

    def tests(self, path: str, source: bytes) -> Sequence[str]:
        """As everywhere in recall; none in Kotlin and the like, whose suites are JUnit's too."""
        if not path.endswith(".java"):
            return []
        return [test.name for test in languages.tests_in("java", source)]

    def name(self, story: Story, neighbours: Sequence[Neighbour]) -> str:
        """`testIssue123EmptyCart`, `issue123EmptyCart` or `issue_123_empty_cart`, as the neighbours write."""
        sources = [Source(neighbour.text) for neighbour in neighbours[:3]]
        if sources and sources[0].test_names:
            sources = sources[:1]
        names = [name for source in sources for name in source.test_names]
        words = ["issue", str(story.number)] if story.number is not None else ["regression"]
        words += name_words(story.title)
        if sum("_" in name and name.islower() for name in names) * 2 > len(names):
            return "_".join(["test", *words] if _most(names, "test") else words)
        first = "test" if self._by_name(sources) or _most(names, "test") else "shouldNotRepeat" if _most(names, "should") else ""
        camel = "".join(word[:1].upper() + word[1:] for word in words)
        return first + camel if first else camel[:1].lower() + camel[1:]

    def write(self, blueprint: Blueprint, template: str) -> Written:
        """The file with the test behind `beside`, or at the end of its class."""
        existing = blueprint.existing
        source = Source(existing if existing is not None else new_file(blueprint, self.generation))
        dotted, owner, after, margin, unit = _place(source, blueprint)
        by_name = self._by_name([source]) or (
            existing is None and self._by_name([Source(n.text) for n in blueprint.neighbours[:1]])
        )
        texts = [source.text, *(neighbour.text for neighbour in blueprint.neighbours)]
        made = call.call(blueprint.targets, source, owner, self.generation == 5 or call.uses_lambdas(texts))
        name = telling.free(self.name(blueprint.story, blueprint.neighbours), source.all_names)
        wanted = [*([] if by_name or _knows_test(source) else [_TEST[self.generation]]), *made.imports]
        fails = self._failing(source, texts, owner, wanted)
        unfinished = f"{fails}({self.string(prose.finish(blueprint))});"
        values = telling.values(blueprint, self, name, made.lines, unfinished, harmless)
        if not by_name:
            values["decorators"] = ["@Test", *self._display(blueprint, texts, wanted)]
        lines = [_in_style(line, name, made.waits, self._public(source, blueprint)) for line in fill(template, values)]
        lines = [f"{margin}{indented(line, unit)}" if line else "" for line in lines]
        written, span = put_apart(source.text, after, lines)
        written, added = add_imports(written, wanted)
        return Written(written, moved(span, added), f"{dotted}.{name}" if dotted else name, telling.todo(blueprint, made.todo))

    def _by_name(self, sources: Sequence[Source]) -> bool:
        """Whether tests here are found by their name alone, as JUnit 3 did."""
        return self.generation == 4 and bool(sources) and "@Test" not in sources[0].text and "extends" in sources[0].text

    def _failing(self, source: Source, texts: Sequence[str], owner: Node | None, wanted: list[str]) -> str:
        """How tests here fail: by a word that the class inherits, imports statically, or takes from a class of assertions."""
        superclass = owner.child_by_field_name("superclass") if owner else None
        inherits = superclass is not None and trees.text_of(superclass).endswith("TestCase")
        if inherits or any(source.holds(f"static {one}.fail") for one in _FAILING):
            return "fail"
        for one in (_ASSERTIONS[self.generation], *_FAILING):
            if source.holds(one):
                return f"{one.rpartition('.')[2]}.fail"
        own = _ASSERTIONS[4 if source.holds(_TEST[4]) else self.generation]
        if any("import static" in text for text in texts) and not re.search(r"\bfail\s*\([^)]*\)\s*\{", source.text):
            wanted.append(f"static {own}.fail")
            return "fail"
        wanted.append(own)
        return f"{own.rpartition('.')[2]}.fail"

    def _display(self, blueprint: Blueprint, texts: Sequence[str], wanted: list[str]) -> list[str]:
        """A name for reading, where most tests of the nearest file have one."""
        near = texts[0] if "@Test" in texts[0] else texts[1] if len(texts) > 1 else ""
        if self.generation != 5 or near.count("@DisplayName") * 2 <= near.count("@Test"):
            return []
        wanted.append("org.junit.jupiter.api.DisplayName")
        return [f"@DisplayName({self.string(prose.headline(blueprint.story))})"]

    def _public(self, source: Source, blueprint: Blueprint) -> bool:
        """Whether test methods here say that they are public; older JUnits need it."""
        texts = [source.text] if source.tests else [neighbour.text for neighbour in blueprint.neighbours[:1]]
        counts = [(len(re.findall(r"public\s+void\s", text)), len(re.findall(r"\bvoid\s", text))) for text in texts]
        return self.generation == 4 or any(public * 2 > every for public, every in counts)


def _knows_test(source: Source) -> bool:
    """Whether `@Test` means something in the file already, whosever it is."""
    return any(one.endswith((".Test", "org.junit.*", "org.junit.jupiter.api.*")) for one in source.imported)


def harmless(text: str) -> str:
    """One line of text without anything that javac reads in a comment: a unicode escape would end it."""
    return _ESCAPE.sub(r"\1\\\\", code_line(text))


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    number = ord(character)
    if character.isprintable():
        return character
    if number < 0x100:
        return f"\\{number:03o}"
    return "".join(f"\\u{unit:04x}" for unit in _units(number))


def _units(number: int) -> tuple[int, ...]:
    """UTF-16: 0x1f600 -> 0xd83d, 0xde00."""
    if number < 0x10000:
        return (0xFFFD,) if 0xD800 <= number < 0xE000 else (number,)
    number -= 0x10000
    return (0xD800 + (number >> 10), 0xDC00 + (number & 0x3FF))


def _most(names: Sequence[str], start: str) -> bool:
    return sum(name.startswith(start) for name in names) * 2 > len(names)


def _in_style(line: str, name: str, waits: bool, public: bool) -> str:
    """The method's opening line as neighbours have it: `public`, and `throws` only where something can be thrown."""
    if f"void {name}(" not in line:
        return line
    if not waits:
        line = line.replace(" throws Exception", "")
    return line if "public " in line or not public else line.replace("void ", "public void ", 1)


def _place(source: Source, blueprint: Blueprint) -> tuple[str, Node | None, int, str, str]:
    """The class that the test becomes part of (its dotted name and node), the line to write after, margin and indentation."""
    tests = source.tests
    beside = next((test for test in tests if test.name == blueprint.beside), None) or (tests[-1] if tests else None)
    classes = dict(source.classes())
    stem = blueprint.path.rpartition("/")[2].removesuffix(".java")
    top = stem if stem in classes else next(iter(classes), "")
    dotted = beside.name.rpartition(".")[0] if beside else top
    owner = classes.get(dotted)
    if owner is None:
        return "", None, len(source.text.rstrip().split("\n")), "", "    "
    margin, unit = _indentation(source, owner)
    if beside and beside.span.end > owner.start_point.row + 1:
        return dotted, owner, beside.span.end, margin, unit
    return dotted, owner, owner.end_point.row, margin, unit


def _indentation(source: Source, owner: Node) -> tuple[str, str]:
    """How members of a class are indented, and by how much more their bodies are."""
    outer = indent_of(source, owner)
    for member in members(owner):
        margin = indent_of(source, member)
        if member.type in {"method_declaration", "field_declaration"} and margin.startswith(outer) and margin != outer:
            return margin, margin.removeprefix(outer)
    unit = unit_of(source.text)
    return outer + unit, unit


def _todo(blueprint: Blueprint, made: call.Call) -> tuple[Todo, ...]:
    todo = [*made.todo]
    if blueprint.story.snippets:
        todo.append(Todo.SNIPPET)
    if prose.conditions(blueprint.seams):
        todo.append(Todo.CONDITIONS)
    return (*todo, Todo.ASSERT)
