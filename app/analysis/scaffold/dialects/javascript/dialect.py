"""Writes a JavaScript or TypeScript test: in the manner of the file it goes into, else of its nearest neighbours."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.analysis import languages
from app.analysis.languages import trees
from app.analysis.scaffold.dialect import Written
from app.analysis.scaffold.dialects.javascript import opening
from app.analysis.scaffold.dialects.javascript.body import Body, write_body
from app.analysis.scaffold.dialects.javascript.page import Manner, Page, grammar_of, manner, page
from app.analysis.scaffold.dialects.javascript.place import Place, after, place
from app.analysis.scaffold.dialects.javascript.reach import imported, joined, writes_module
from app.analysis.scaffold.dialects.javascript.text import quote_for, string, title_text
from app.analysis.scaffold.fill import fill
from app.analysis.scaffold.plain import one_line, wrapped
from app.domain.change import Span
from app.domain.scaffold import Blueprint, Neighbour, Story
from app.domain.suite import Framework


@dataclass(frozen=True, slots=True)
class JavaScript:
    """JavaScript and TypeScript by one test framework."""

    framework: Framework

    def grammar(self, path: str) -> str:
        """By the ending: TypeScript, TSX or JavaScript."""
        return grammar_of(path)

    def string(self, text: str) -> str:
        """A literal in single quotes; a template literal would evaluate what stands in it."""
        return string(text, "'")

    def comment(self, text: str) -> list[str]:
        """Lines that open with `//`, which only a line break could end."""
        return [f"// {line}" for line in wrapped(text.splitlines())]

    def tests(self, path: str, source: bytes) -> Sequence[str]:
        """As everywhere in recall."""
        language = "javascript" if grammar_of(path) == "javascript" else "typescript"
        return [test.name for test in languages.tests_in(language, source)]

    def name(self, story: Story, neighbours: Sequence[Neighbour]) -> str:
        """`issue #123: cart is empty after login`."""
        del neighbours
        return title_text(story)

    def write(self, blueprint: Blueprint, template: str) -> Written:
        """The file with the test in it."""
        crlf = "\r\n" in (blueprint.existing or "")
        existing = (blueprint.existing or "").replace("\r\n", "\n")
        own = page(blueprint.path, existing) if existing.strip() else None
        others = [each for near in blueprint.neighbours if near.path != blueprint.path and (each := page(near.path, near.text))]
        style = manner([*([own] if own else []), *others])
        is_module = writes_module(own, others, blueprint.path)
        body = write_body(blueprint, self.framework, own, others, style)
        if own is None:
            existing, at = opening.new_file(blueprint, self.framework, others, style, body, module=is_module)
        elif body.beside is not None:
            at = after(own, body.beside)
        else:
            names = [target.name for target in blueprint.targets]
            at = place(own, blueprint.beside, names, style.indent)
        lines = self._test(blueprint, style, body, template)
        text, span = _put(existing, at, lines)
        if own is not None:
            text, added = _bring_in(text, own, style, body, module=is_module)
            span = Span(span.start + added, span.end + added)
        name = self._added(blueprint, text)
        return Written(text.replace("\n", "\r\n") if crlf else text, span, name, body.todo, body.asserts)

    def _test(self, blueprint: Blueprint, style: Manner, body: Body, template: str) -> list[str]:
        title = self.name(blueprint.story, blueprint.neighbours)
        return fill(
            _restyled(template, style),
            {
                "name": style.word,
                "literal_title": string(title, quote_for(title, style.quote)),
                "title": title,
                "issue": str(blueprint.story.number or ""),
                "url": one_line(blueprint.story.url, 300),
                "parameters": body.opening,
                "decorators": [],
                "given": body.given,
                "when": body.when,
                "then": body.then,
                "conditions": body.conditions,
                "finish": body.finish,
            },
        )

    def _added(self, blueprint: Blueprint, text: str) -> str:
        """What recall calls the new test, with the groups around it."""
        more = Counter(self.tests(blueprint.path, text.encode(errors="surrogateescape")))
        more.subtract(Counter(self.tests(blueprint.path, (blueprint.existing or "").encode(errors="surrogateescape"))))
        title = self.name(blueprint.story, blueprint.neighbours)
        return next((name for name, count in more.items() if count > 0 and name.endswith(title)), title)


def _restyled(template: str, style: Manner) -> str:
    """The template with the neighbours' indentation, and without semicolons where they write none."""
    lines = []
    for line in template.rstrip("\n").split("\n"):
        rest = line.lstrip(" ")
        steps, odd = divmod(len(line) - len(rest), 2)
        kept = rest.removesuffix(";") if not style.semicolons else rest
        lines.append(style.indent * steps + " " * odd + kept)
    return "\n".join(lines)


def _put(text: str, at: Place, block: Sequence[str]) -> tuple[str, Span]:
    """The text with the block at its place, a blank line around it where there is none, and the lines that it takes."""
    lines = text.split("\n")
    above, below = lines[: at.after], lines[at.after :]
    if not any(line.strip() for line in below):
        below = [""]
    shown = [f"{at.lead}{line}" if line else "" for line in block]
    needs_above = bool(above) and bool(above[-1].strip()) and not above[-1].rstrip().endswith(("{", "=>"))
    needs_below = bool(below[0].strip()) and not below[0].lstrip().startswith("}")
    start = len(above) + needs_above + 1
    merged = [*above, *([""] if needs_above else []), *shown, *([""] if needs_below else []), *below]
    return "\n".join(merged), Span(start, start + len(shown) - 1)


def _bring_in(text: str, own: Page, style: Manner, body: Body, *, module: bool) -> tuple[str, int]:
    """The text with what the test needs imported, and how many lines that added, all of them above the test."""
    before = text.count("\n")
    rest = list(body.imports)
    for one in [each for each in rest if each.join is not None]:
        again = page(own.path, text)
        bindings = again.bindings if again else ()
        same = next((b for b in bindings if b.module == one.module and b.braces is not None and not b.is_common), None)
        if same is not None:
            text = joined(text, same, one.local)
            rest.remove(one)
    common = next((trees.text_of(binding.node) for binding in own.bindings if binding.is_common), "")
    word = "var" if common.startswith("var ") else "const"
    statements = [imported(each, style.quote, module=module, semicolons=style.semicolons, word=word) for each in rest]
    again = page(own.path, text)
    if statements and again is not None:
        lines = text.split("\n")
        at = opening.below_imports(again)
        gap = [""] if not again.bindings and lines[at : at + 1] != [""] else []
        text = "\n".join([*lines[:at], *statements, *gap, *lines[at:]])
    return text, text.count("\n") - before
