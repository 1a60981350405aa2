"""Go: a test in a file of `go test`, in the package, the naming and with the assertions of its neighbours.

How the changed function is called is `table`'s, where imports go is `imports`'s.
"""

import posixpath
import re
from collections.abc import Mapping, Sequence

from app.analysis import languages
from app.analysis.languages import trees
from app.analysis.scaffold import prose
from app.analysis.scaffold.dialect import Written
from app.analysis.scaffold.dialects import telling
from app.analysis.scaffold.dialects.go import table
from app.analysis.scaffold.dialects.go.imports import Imports, add_imports
from app.analysis.scaffold.dialects.placing import header, last_line, moved, put_apart
from app.analysis.scaffold.fill import fill
from app.analysis.scaffold.plain import code_line, name_words
from app.analysis.scaffold.signatures.go import package_of
from app.domain.change import Span
from app.domain.scaffold import Blueprint, Neighbour, Story

_TEST = re.compile(r"^func (?:\([^)\n]*\) )?(Test\w+)\(", re.MULTILINE)
_CLAUSE = re.compile(r"^package\s")
_SUITE = re.compile(r"\((\w+) (\*?\w+)\)")
# What `go vet` takes for a constraint on builds, and two signs that `gofmt` makes one of above a function.
_BUILD = re.compile(r"^\s*\+build")
_QUOTES = re.compile(r"''|``")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_INITIALS = frozenset({"api", "db", "http", "https", "html", "id", "ip", "json", "sql", "tls", "ui", "url", "xml", "yaml"})


class Go:
    """The dialect of `go test`, with testify where the neighbours use it."""

    def grammar(self, path: str) -> str:
        """Always Go."""
        del path
        return "go"

    def string(self, text: str) -> str:
        """An interpreted string; what cannot be seen is written by its number."""
        return f'"{"".join(_escaped(c) for c in text)}"'

    def comment(self, text: str) -> list[str]:
        """Lines behind `// `; the blank keeps them from being directives (`//go:build`), but not the old `+build`."""
        return [f"// {_BUILD.sub('+ build', code_line(line))}".rstrip() for line in text.splitlines()]

    def tests(self, path: str, source: bytes) -> Sequence[str]:
        """As `go test` finds them."""
        del path
        return [test.name for test in languages.tests_in("go", source)]

    def name(self, story: Story, neighbours: Sequence[Neighbour]) -> str:
        """`TestIssue123_EmptyCart` where neighbours write `TestCart_Total`, `TestIssue123EmptyCart` elsewhere."""
        words = "".join(word.upper() if word in _INITIALS else word.capitalize() for word in name_words(story.title))
        names = [name for neighbour in neighbours[:3] for name in _TEST.findall(neighbour.text)]
        apart = "_" if sum("_" in name for name in names) * 2 > len(names) else ""
        subject = f"Issue{story.number}" if story.number is not None else "Regression"
        return f"Test{subject}{apart if words else ''}{words}"

    def write(self, blueprint: Blueprint, template: str) -> Written:
        """The file with the test behind `beside`, or at its end; in a testify suite where `beside` is one of its tests."""
        text = blueprint.existing if blueprint.existing is not None else _new_file(blueprint)
        source = text.encode(errors="surrogateescape")
        tree = trees.parse("go", source)
        package = package_of(tree) if tree else ""
        imports = Imports.read(source)
        after, suite = _place(blueprint, text)
        taken = {name for one in (text, *_same_folder(blueprint)) for name in _TEST.findall(one)}
        name = telling.free(self.name(blueprint.story, blueprint.neighbours), taken)
        call = table.call(blueprint, package, imports, _checks(blueprint, imports))
        values = self._values(blueprint, call, name, suite)
        written, span = put_apart(text, after, fill(template, values))
        written, added = add_imports(written, [*([] if suite else ['"testing"']), *call.imports])
        return Written(
            written, moved(span, added), f"{suite[1].strip('*')}.{name}" if suite else name, telling.todo(blueprint, call.todo)
        )

    def _values(
        self, blueprint: Blueprint, call: table.Call, name: str, suite: tuple[str, str] | None
    ) -> Mapping[str, str | Sequence[str]]:
        story = blueprint.story
        return {
            "name": f"({suite[0]} {suite[1]}) {name}" if suite else name,
            "literal_title": self.string(prose.headline(story)),
            "title": _QUOTES.sub('"', _BUILD.sub("+ build", code_line(prose.headline(story)))),
            "issue": str(story.number) if story.number is not None else "",
            "url": _QUOTES.sub('"', _BUILD.sub("+ build", code_line(story.url.strip()))),
            "parameters": "" if suite else "t *testing.T",
            "given": [f"t := {suite[0]}.T()"] if suite else [],
            "when": [*self._comments(telling.told(blueprint, call.lines)), *call.lines],
            "then": [],
            "conditions": self._comments(prose.conditions(blueprint.seams)),
            "finish": [self._failure(prose.finish(blueprint))],
            "decorators": [],
        }

    def _comments(self, lines: Sequence[str]) -> list[str]:
        return [comment for line in lines for comment in self.comment(line) or ["//"]]

    def _failure(self, sentence: str) -> str:
        """`go vet` takes a `%` in what is only printed for a mistake."""
        if "%" in sentence:
            return f"t.Fatalf({self.string(sentence.replace('%', '%%'))})"
        return f"t.Fatal({self.string(sentence)})"


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    number = ord(character)
    if 0xD800 <= number < 0xE000:
        return "\\ufffd"
    if character.isprintable():
        return character
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _folder(path: str) -> str:
    return posixpath.dirname(path)


def _same_folder(blueprint: Blueprint) -> list[str]:
    here = _folder(blueprint.path)
    return [neighbour.text for neighbour in blueprint.neighbours if _folder(neighbour.path) == here]


def _new_file(blueprint: Blueprint) -> str:
    """License, package clause and imports of a file that is not there yet."""
    beside = _same_folder(blueprint)
    near = beside or [neighbour.text for neighbour in blueprint.neighbours]
    license_lines = header(near[0], _CLAUSE) if near else []
    package = next((found for found in map(_package, beside) if found), "")
    if not package:
        own = (target.package for target in blueprint.targets if _folder(target.path) == _folder(blueprint.path))
        package = next(own, "") or re.sub(r"\W", "", posixpath.basename(_folder(blueprint.path))) or "main"
    lines = [*license_lines, *([""] if license_lines else []), f"package {package}"]
    return "\n".join(lines) + "\n"


def _package(text: str) -> str:
    tree = trees.parse("go", text.encode(errors="surrogateescape"))
    return package_of(tree) if tree else ""


def _place(blueprint: Blueprint, text: str) -> tuple[int, tuple[str, str] | None]:
    """The line to write after, and the receiver of the testify suite that the test becomes part of."""
    tests = languages.tests_in("go", text.encode(errors="surrogateescape"))
    beside = next((test for test in tests if test.name == blueprint.beside), None) or (tests[-1] if tests else None)
    if beside is None:
        return last_line(text), None
    opening = text.split("\n")[beside.span.start - 1]
    receiver = _SUITE.match(opening.removeprefix("func ")) if "." in beside.name else None
    suite = (receiver[1], receiver[2]) if receiver and re.search(rf"\b{receiver[1]}\.(?:T|Require|Assert)\(\)", text) else None
    return _end(text, beside.span), suite


def _end(text: str, span: Span) -> int:
    return min(span.end, last_line(text))


def _checks(blueprint: Blueprint, imports: Imports) -> str:
    """The testify package that tests here check with, as its import path; empty where they use none."""
    texts = [blueprint.existing or "", *_same_folder(blueprint)]
    for text in texts:
        for path in ("github.com/stretchr/testify/assert", "github.com/stretchr/testify/require"):
            if f'"{path}"' in text:
                return path
        if text and text == blueprint.existing and imports.names:
            return ""
    return ""
