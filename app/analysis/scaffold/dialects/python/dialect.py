"""Writes a Python test: in the manner of the file it goes into, else of its nearest neighbour."""

import keyword
from collections.abc import Sequence
from dataclasses import dataclass

from app.analysis import languages
from app.analysis.scaffold import prose
from app.analysis.scaffold.dialect import Written
from app.analysis.scaffold.dialects.python.imports import Wanted, add_imports, known_as
from app.analysis.scaffold.dialects.python.place import Place, find_place, opening_text
from app.analysis.scaffold.dialects.python.source import Source
from app.analysis.scaffold.fill import fill
from app.analysis.scaffold.plain import name_words, one_line, wrapped
from app.domain.change import Span
from app.domain.scaffold import Blueprint, Neighbour, Story, Target, Todo

MAX_STRING = 2_000


@dataclass(frozen=True, slots=True)
class Python:
    """Python by one of its runners: `pytest`, `unittest` or `django`."""

    runner: str

    def grammar(self, path: str) -> str:
        """Always the same."""
        del path
        return "python"

    def string(self, text: str) -> str:
        """A literal in double quotes, ASCII signs as they are, everything else that could mislead escaped."""
        return string(text, '"')

    def comment(self, text: str) -> list[str]:
        """Lines that open with `#`."""
        return [f"# {line}" for line in wrapped(text.splitlines())]

    def tests(self, path: str, source: bytes) -> Sequence[str]:
        """As everywhere in recall."""
        del path
        return [test.name for test in languages.tests_in("python", source)]

    def name(self, story: Story, neighbours: Sequence[Neighbour]) -> str:
        """`test_issue_123_cart_is_empty`, or `testIssue123CartIsEmpty` where the neighbours write so."""
        words = ["issue", str(story.number)] if story.number is not None else []
        words += name_words(story.title)
        if neighbours and _camel(Source(neighbours[0].text)):
            return "test" + "".join(word.capitalize() for word in words or ["regression"])
        return "_".join(["test", *(words or ["regression"])])

    def write(self, blueprint: Blueprint, template: str) -> Written:
        """The file with the test in it."""
        text = blueprint.existing
        if text is None:
            text = opening_text(self.runner, blueprint)
        source = Source(text)
        place = find_place(source, self.runner, blueprint)
        wanted = list(place.wanted)
        body = self._body(blueprint, source, place, wanted)
        name = _unused(self.name(blueprint.story, blueprint.neighbours), source)
        values = {
            "name": name,
            "literal_title": string(prose.headline(blueprint.story), source.quote),
            "title": _in_docstring(prose.headline(blueprint.story)),
            "issue": str(blueprint.story.number or ""),
            "url": _in_docstring(blueprint.story.url),
            "parameters": ", ".join(place.parameters),
            "decorators": [],
            **body,
        }
        filled = [line.replace("    ", place.indent) if line.startswith("    ") else line for line in fill(template, values)]
        return _insert(source, place, filled, wanted, name)

    def _body(self, blueprint: Blueprint, source: Source, place: Place, wanted: list[Wanted]) -> dict[str, list[str]]:
        story = blueprint.story
        finish = string(prose.finish(blueprint), source.quote)
        if place.in_test_case:
            last = f"self.fail({finish})"
        else:
            wanted.append(Wanted("", "pytest"))
            last = f"pytest.fail({finish})"
        when = _comment(prose.when(story))
        for snippet in story.snippets[:1]:
            when += ["#", *(f"#     {line}".rstrip() for line in prose.quoted(snippet))]
        when += [line for target in blueprint.targets[:2] if target.reachable for line in _call(target, source, wanted)]
        return {
            "given": _comment(prose.given(story)),
            "when": when,
            "then": _comment([*prose.then(story), *prose.changed(blueprint.literals)]),
            "conditions": _comment(prose.conditions(blueprint.seams)),
            "finish": [last],
        }


def string(text: str, quote: str) -> str:
    """A literal of one line; whatever is no visible ASCII is escaped unless it is a letter or sign of one line."""
    shown = one_line(text, MAX_STRING).encode("utf-8", "replace").decode()
    return quote + shown.replace("\\", "\\\\").replace(quote, f"\\{quote}") + quote


def _in_docstring(text: str) -> str:
    return one_line(text, 200).replace("\\", "/").replace('"', "'")


def _comment(lines: Sequence[str]) -> list[str]:
    return [f"# {line}".rstrip() for line in lines]


def _camel(source: Source) -> bool:
    names = [test.name for test in source.tests]
    return sum(name[4:5].isupper() for name in names) > len(names) / 2


def _unused(name: str, source: Source) -> str:
    used = {test.name for test in source.tests} | source.top_names
    number, free = 2, name
    while free in used or keyword.iskeyword(free):
        free, number = f"{name}_{number}", number + 1
    return free


def _call(target: Target, source: Source, wanted: list[Wanted]) -> list[str]:
    """The call that a person fills in, as a comment."""
    if not target.module:
        return []
    outer = (target.owner or target.qualified).partition(".")[0]
    known = known_as(source, target.module, outer)
    if known is None:
        wanted.append(Wanted(target.module, outer))
        known = outer
    arguments = ", ".join(p.name if p.default is None else f"{p.name}={p.default}" for p in target.parameters)
    waiting = "await " if target.is_async else ""
    if not target.owner:
        return [f"# result = {waiting}{known}({arguments})"]
    made = ", ".join(p.name for p in target.owner_parameters if p.default is None and p.kind == "positional")
    holder = known if target.is_static else f"{known}({made})"
    return [f"# result = {waiting}{holder}.{target.name}({arguments})"]


def _insert(source: Source, place: Place, filled: list[str], wanted: list[Wanted], name: str) -> Written:
    lines = source.text.splitlines()
    block = [*place.opening, *(f"{place.margin}{line}" if line else "" for line in filled)]
    edits = add_imports(source, lines, wanted)
    after = list(lines)
    before_gap = [""] * place.gap if place.row else []
    behind = (
        [""] * place.gap if any(line.strip() for line in lines[place.row :]) and lines[place.row : place.row + 1] != [""] else []
    )
    after[place.row : place.row] = [*before_gap, *block, *behind]
    start = place.row + len(before_gap)
    for row, text, replaces in sorted(edits, key=lambda edit: -edit[0]):
        after[row : row + replaces] = [text]
        start += not replaces
    newline = source.newline
    qualified = f"{place.owner}.{name}" if place.owner else name
    todo = (Todo.ASSERT,)
    return Written(newline.join(after) + newline, Span(start + 1, start + len(block)), qualified, todo)
