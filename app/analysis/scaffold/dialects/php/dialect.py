"""PHP: a test method for PHPUnit in the class and the naming of its neighbours."""

import posixpath
import re
from collections.abc import Sequence

from app.analysis.languages import php
from app.analysis.scaffold import prose
from app.analysis.scaffold.dialect import Written
from app.analysis.scaffold.dialects import telling
from app.analysis.scaffold.dialects.php.call import call
from app.analysis.scaffold.dialects.php.source import Source, add_use
from app.analysis.scaffold.dialects.placing import indented, moved, put_apart
from app.analysis.scaffold.fill import fill
from app.analysis.scaffold.plain import code_line, name_words
from app.domain.scaffold import Blueprint, Neighbour, Story

_ESCAPES = {"\\": "\\\\", '"': '\\"', "$": "\\$", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_END = re.compile(r"\?(?=>)")
_BASE = "PHPUnit\\Framework\\TestCase"


class Php:
    """The dialect of PHPUnit."""

    def grammar(self, path: str) -> str:
        """Always PHP."""
        del path
        return "php"

    def string(self, text: str) -> str:
        """In single quotes, where nothing is evaluated; in double quotes where a sign has to be written by its number."""
        if text.isprintable():
            return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
        return f'"{"".join(_escaped(c) for c in text)}"'

    def comment(self, text: str) -> list[str]:
        """Lines behind `//`, which the end of PHP (`?>`) would end too."""
        return [f"// {_harmless(line)}".rstrip() for line in text.splitlines()]

    def tests(self, path: str, source: bytes) -> Sequence[str]:
        """The methods that PHPUnit runs."""
        del path
        return [test.name for test in php.tests_in(source)]

    def name(self, story: Story, neighbours: Sequence[Neighbour]) -> str:
        """`testIssue123EmptyCart`, or `test_issue_123_empty_cart` where the neighbours write so."""
        names = [name for neighbour in neighbours[:3] for name in Source(neighbour.text).test_names]
        words = ["issue", str(story.number)] if story.number is not None else ["regression"]
        words += name_words(story.title)
        if sum("_" in name and name.islower() for name in names) * 2 > len(names):
            return "_".join(["test", *words])
        return "test" + "".join(word[:1].upper() + word[1:] for word in words)

    def write(self, blueprint: Blueprint, template: str) -> Written:
        """The file with the test behind `beside`, or at the end of its class."""
        existing = blueprint.existing
        source = Source(existing if existing is not None else _new_file(blueprint))
        owner, after, margin, unit = _place(source, blueprint)
        made = call(blueprint.targets, source)
        name = telling.free(self.name(blueprint.story, blueprint.neighbours), {one.name for one in source.definitions})
        fails = f"{_failing(source, blueprint)}({self.string(prose.finish(blueprint))});"
        values = telling.values(blueprint, self, name, made.lines, fails, _harmless)
        typed = _typed(source, blueprint)
        lines = [line if typed else re.sub(rf"({name}\(.*\)): void$", r"\1", line) for line in fill(template, values)]
        lines = [f"{margin}{indented(line, unit)}" if line else "" for line in lines]
        text, span = put_apart(source.text, after, lines)
        if made.use:
            text, grown = add_use(text, made.use)
            span = moved(span, grown)
        return Written(text, span, f"{owner}.{name}" if owner else name, telling.todo(blueprint, made.todo))


def _harmless(text: str) -> str:
    return _END.sub("? ", code_line(text))


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    number = ord(character)
    if 0xD800 <= number < 0xE000:
        return "\\u{fffd}"
    return character if character.isprintable() else f"\\u{{{number:x}}}"


def _place(source: Source, blueprint: Blueprint) -> tuple[str, int, str, str]:
    """The class that the test becomes part of, the line to write after, the margin and one level of indentation."""
    classes = [one for one in source.definitions if one.kind == "class"]
    tests = source.tests
    beside = next((test for test in tests if test.name == blueprint.beside), None) or (tests[-1] if tests else None)
    stem = posixpath.basename(blueprint.path).partition(".")[0]
    named = beside.name.partition(".")[0] if beside else stem
    owner = next((one for one in classes if one.name == named), classes[-1] if classes else None)
    if owner is None:
        return "", len(source.text.rstrip().split("\n")), "", "    "
    member = next((one for one in source.definitions if one.owner == owner), None)
    outer = re.match(r"\s*", source.line(owner.node.start_point.row))
    base = outer[0] if outer else ""
    line = source.line(member.node.start_point.row) if member else ""
    margin = line[: len(line) - len(line.lstrip())] or base + "    "
    unit = margin.removeprefix(base) or "    "
    return owner.name, beside.span.end if beside else owner.node.end_point.row, margin, unit


def _failing(source: Source, blueprint: Blueprint) -> str:
    """`$this->fail`, `self::fail` or `static::fail`, as the neighbours call assertions."""
    text = source.text if source.tests else "".join(neighbour.text for neighbour in blueprint.neighbours[:1])
    ways = {way: text.count(f"{way}assert") for way in ("$this->", "self::", "static::")}
    return f"{max(ways, key=lambda way: ways[way])}fail"


def _typed(source: Source, blueprint: Blueprint) -> bool:
    """Whether test methods here say that they give nothing."""
    text = source.text if source.tests else "".join(neighbour.text for neighbour in blueprint.neighbours[:1])
    return len(re.findall(r"function \w+\([^)]*\)\s*:\s*void", text)) * 2 > len(re.findall(r"function test", text)) or not text


def _new_file(blueprint: Blueprint) -> str:
    """License, namespace and an empty class in the manner of the nearest neighbour's."""
    like = blueprint.neighbours[0] if blueprint.neighbours else None
    source = Source(like.text if like else "")
    text = source.text
    license_comment = re.match(r"<\?php\s*(/\*(?:[^*]|\*(?!/))*\*/)", text)
    keeps = license_comment and re.search(r"copyright|licen[sc]e|\(c\)|package", license_comment[1], re.IGNORECASE)
    parts = ["<?php"]
    if license_comment and keeps:
        parts += ["", license_comment[1].replace("\r\n", "\n")]
    if re.search(r"declare\s*\(\s*strict_types\s*=\s*1\s*\)", text):
        parts += ["", "declare(strict_types=1);"]
    namespace = _namespace(blueprint, source)
    parts += ["", f"namespace {namespace};"] if namespace else []
    base, use = _base(source, namespace)
    parts += ["", f"use {use};"] if use else []
    final = "final " if re.search(r"^final class ", text, re.MULTILINE) else ""
    name = posixpath.basename(blueprint.path).partition(".")[0]
    return "\n".join([*parts, "", f"{final}class {name} extends {base}", "{", "}"]) + "\n"


def _namespace(blueprint: Blueprint, source: Source) -> str:
    """That of tests in the same folder; else the neighbour's, moved as the folders are."""
    folder = posixpath.dirname(blueprint.path)
    if not blueprint.neighbours:
        return next((target.package for target in blueprint.targets if target.package), "")
    here = posixpath.dirname(blueprint.neighbours[0].path)
    names, parts, wanted = source.namespace.split("\\"), here.split("/"), folder.split("/")
    while names and parts and parts[-1] == names[-1]:
        names.pop()
        parts.pop()
    if here == folder or wanted[: len(parts)] != parts or not source.namespace:
        return source.namespace
    return "\\".join([*names, *wanted[len(parts) :]])


def _base(source: Source, namespace: str) -> tuple[str, str]:
    """The neighbour's base class and the import for it, PHPUnit's own where that is not plain."""
    extended = re.search(r"^(?:final |abstract )?class \w+ extends (\\?[\w\\]+)", source.text, re.MULTILINE)
    if extended and extended[1].startswith("\\"):
        return extended[1], ""
    if extended and (full := source.names.get(extended[1].lower())):
        return (extended[1], full) if full.rpartition("\\")[2] == extended[1] else (f"\\{full}", "")
    if extended and "\\" not in extended[1] and source.namespace == namespace:
        return extended[1], ""
    return "TestCase", _BASE
