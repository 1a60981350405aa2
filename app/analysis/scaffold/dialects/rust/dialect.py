"""Rust: a test function for Cargo's runner, in the module and the naming of its neighbours."""

import re
from collections.abc import Sequence

from tree_sitter import Node

from app.analysis.languages import rust, trees
from app.analysis.scaffold import prose
from app.analysis.scaffold.dialect import Written
from app.analysis.scaffold.dialects import telling
from app.analysis.scaffold.dialects.placing import header, indented, put_apart, unit_of
from app.analysis.scaffold.dialects.rust.call import call
from app.analysis.scaffold.fill import fill
from app.analysis.scaffold.plain import code_line, name_words
from app.domain.change import Span
from app.domain.scaffold import Blueprint, Neighbour, Story

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}
_FIRST = re.compile(r"\s*(?:use|mod|fn|pub|extern|#!?\[)\b")
_TESTS_MODULE = "(mod_item name: (identifier) @name body: (declaration_list) @body) @mod"


class Rust:
    """The dialect of `cargo test`."""

    def grammar(self, path: str) -> str:
        """Always Rust."""
        del path
        return "rust"

    def string(self, text: str) -> str:
        """A plain literal, never a raw one; what cannot be seen is written by its number."""
        return f'"{"".join(_escaped(c) for c in text)}"'

    def comment(self, text: str) -> list[str]:
        """Lines behind `// `: no documentation, and nothing that could nest."""
        return [f"// {code_line(line)}".rstrip() for line in text.splitlines()]

    def tests(self, path: str, source: bytes) -> Sequence[str]:
        """The functions that Cargo's runner finds."""
        del path
        return [test.name for test in rust.tests_in(source)]

    def name(self, story: Story, neighbours: Sequence[Neighbour]) -> str:
        """`issue_123_empty_cart`; with `test_` before it where the neighbours write so."""
        tests = [test for neighbour in neighbours[:3] for test in rust.tests_in(neighbour.text.encode(errors="replace"))]
        names = [test.name.rpartition(".")[2] for test in tests]
        first = ["test"] if sum(name.startswith("test_") for name in names) * 2 > len(names) else []
        subject = ["issue", str(story.number)] if story.number is not None else ["regression"]
        return "_".join([*first, *subject, *name_words(story.title)])

    def write(self, blueprint: Blueprint, template: str) -> Written:
        """The file with the test behind `beside`, at the end of its module of tests, or at its end."""
        existing = blueprint.existing
        text = existing if existing is not None else _new_file(blueprint)
        source = text.encode(errors="surrogateescape")
        modules, after, margin = _place(text, source, blueprint)
        made = call(blueprint.targets, blueprint.path, text, modules)
        taken = set(re.findall(r"\bfn\s+(\w+)", text))
        name = telling.free(self.name(blueprint.story, blueprint.neighbours), taken)
        values = telling.values(blueprint, self, name, made.lines, f"panic!({self._format(prose.finish(blueprint))});")
        lines = fill(template, values)
        if opening := _macro(text, source, after):
            lines = _in_macro(lines, name, opening)
        unit = unit_of(text)
        lines = [f"{margin}{indented(line, unit)}" if line else "" for line in lines]
        written, span = put_apart(text, after, lines) if text else ("\n".join(lines) + "\n", _whole(lines))
        return Written(written, span, ".".join([*modules, name]), telling.todo(blueprint, made.todo))

    def _format(self, text: str) -> str:
        """A literal that `panic!` takes for a format: its brackets stand for themselves."""
        return self.string(text.replace("{", "{{").replace("}", "}}"))


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    number = ord(character)
    if 0xD800 <= number < 0xE000:
        return "\\u{fffd}"
    return character if character.isprintable() else f"\\u{{{number:x}}}"


def _place(text: str, source: bytes, blueprint: Blueprint) -> tuple[tuple[str, ...], int, str]:
    """The modules that the test becomes part of, the line to write after, and the margin."""
    tests = rust.tests_in(source)
    beside = next((test for test in tests if test.name == blueprint.beside), None) or (tests[-1] if tests else None)
    if beside is not None:
        line = text.split("\n")[beside.span.start - 1]
        return tuple(beside.name.split(".")[:-1]), beside.span.end, line[: len(line) - len(line.lstrip())]
    tree = trees.parse("rust", source)
    for match in trees.matches("rust", tree, _TESTS_MODULE) if tree else ():
        if re.search(r"tests?$", trees.text_of(match["name"])) and _is_top(match["mod"]):
            return (trees.text_of(match["name"]),), match["body"].end_point.row, "    "
    return (), len(text.rstrip().split("\n")) if text.strip() else 0, ""


def _macro(text: str, source: bytes, after: int) -> str:
    """What the test above the line opens with, its name left open by a null sign, where a macro makes it; else nothing."""
    above = next((test for test, _ in rust.macro_tests(source) if test.span.end == after), None)
    line = text.split("\n")[above.span.start - 1].rstrip() if above else ""
    return re.sub(r"\(\s*\w+", "(\0", line, count=1) if line.endswith("{") else ""


def _in_macro(lines: Sequence[str], name: str, opening: str) -> list[str]:
    """The lines of a test function as the argument of such a macro."""
    kept = [line for line in lines if line.strip() != "#[test]"]
    kept = [opening.replace("\0", name) if line.startswith(f"fn {name}(") else line for line in kept]
    return [*kept[:-1], "});"] if kept[-1] == "}" else list(lines)


def _is_top(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "source_file" and node.start_point.row != node.end_point.row


def _whole(lines: Sequence[str]) -> Span:
    return Span(1, len(lines))


def _new_file(blueprint: Blueprint) -> str:
    """The license of the nearest neighbour; imports are left to whoever fills the test."""
    like = blueprint.neighbours[0].text.replace("\r\n", "\n") if blueprint.neighbours else ""
    license_lines = header(like, _FIRST)
    return "\n".join(license_lines) + "\n" if license_lines else ""
