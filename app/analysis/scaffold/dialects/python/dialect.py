"""Writes a Python test: in the manner of the file it goes into, else of its nearest neighbour."""

import keyword
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.analysis import languages
from app.analysis.scaffold import prose
from app.analysis.scaffold.dialect import Written
from app.analysis.scaffold.dialects.python.action import Action, plan_action
from app.analysis.scaffold.dialects.python.imports import Wanted, add_imports
from app.analysis.scaffold.dialects.python.parametrised import CONDITION, parametrized
from app.analysis.scaffold.dialects.python.place import Place, find_place, opening_text
from app.analysis.scaffold.dialects.python.source import Source, string
from app.analysis.scaffold.fill import fill
from app.analysis.scaffold.plain import name_words, one_line, wrapped
from app.domain.change import Span
from app.domain.scaffold import Blueprint, Neighbour, Story, Todo


@dataclass(frozen=True, slots=True)
class Python:
    """Python by one of its runners: `pytest`, `unittest` or `django`."""

    runner: str

    def grammar(self, path: str) -> str:
        """Always the same."""
        del path
        return "python"

    def string(self, text: str) -> str:
        """A literal of one line in double quotes."""
        return string(text, '"')

    def comment(self, text: str) -> list[str]:
        """Lines that open with `#`."""
        return _comment(list(wrapped(text.splitlines())))

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
        source = Source(opening_text(blueprint) if blueprint.existing is None else blueprint.existing)
        action = plan_action(blueprint, source)
        place = find_place(source, self.runner, replace(blueprint, beside=action.beside or blueprint.beside))
        name = _unused(self.name(blueprint.story, blueprint.neighbours), source)
        asks = self.runner == "pytest" and not place.in_test_case and not action.asserts
        rows = parametrized(source, prose.rows(blueprint.seams), action.parameters) if asks else ()
        last, wanted = _ending(blueprint, place, action, by_row=bool(rows))
        values = {
            **_words(blueprint, action, by_row=bool(rows)),
            "name": name,
            "literal_title": string(prose.headline(blueprint.story), place.quote),
            "title": _in_docstring(prose.headline(blueprint.story)),
            "issue": str(blueprint.story.number or ""),
            "url": _in_docstring(blueprint.story.url),
            "parameters": ", ".join([*place.parameters, *action.parameters, *([CONDITION] if rows else [])]),
            "decorators": [*action.decorators, *rows],
            "finish": last,
        }
        filled = fill(_indented(template, place.indent), values)
        filled = _short_docstring(filled)
        if action.is_async:
            filled = [f"async {line}" if line.startswith(f"def {name}(") else line for line in filled]
        written = Written("", Span(0, 0), name, *_left(action))
        return _insert(source, place, filled, [*place.wanted, *action.wanted, *wanted], written)


def _words(blueprint: Blueprint, action: Action, *, by_row: bool) -> dict[str, list[str]]:
    """The blocks that tell the story and do what it tells."""
    story = blueprint.story
    when = _comment(prose.when(story))
    if not action.reproduces and (shown := prose.snippet_shown(story)):
        when += [*(["#"] if when else []), *(f"#     {line}".rstrip() for line in shown)]
    when += _comment(prose.named(blueprint, action.lines))
    return {
        "given": _comment(prose.given(story)),
        "when": [*when, *action.lines],
        "then": _comment([*prose.then(story), *prose.changed(blueprint.literals)]),
        "conditions": _comment(
            [f"Bring each {CONDITION} about before the call."] if by_row else prose.conditions(blueprint.seams)
        ),
    }


def _ending(blueprint: Blueprint, place: Place, action: Action, *, by_row: bool) -> tuple[list[str], list[Wanted]]:
    """The last statements: an assertion where one can be made, else a failure that says what to assert, and under what."""
    if action.asserts and not action.expected:
        return [], []
    if action.expected:
        compared = f"self.assertEqual({action.result}, {action.expected})"
        return [compared if place.in_test_case else f"assert {action.result} == {action.expected}"], []
    sentence = string(prose.finish(blueprint), place.quote)
    if place.in_test_case:
        return [f"self.fail({sentence})"], []
    if by_row:
        sentence = f"{sentence[:-1]}; {place.quote} + {CONDITION}"
    return [f"pytest.fail({sentence})"], [Wanted("", "pytest")]


def _left(action: Action) -> tuple[tuple[Todo, ...], bool]:
    """What is left to a person, and whether the test asserts."""
    if action.asserts:
        return (Todo.CHECK_ASSERT,), True
    return (*action.todo, Todo.ASSERT), False


def _in_docstring(text: str) -> str:
    return one_line(text, 200).replace("\\", "/").replace('"', "'")


def _comment(lines: Sequence[str]) -> list[str]:
    return [f"# {line}".rstrip() for line in lines]


def _indented(template: str, indent: str) -> str:
    """The template with each of its four leading spaces as one level of the file's indentation."""
    lines = []
    for line in template.split("\n"):
        depth = (len(line) - len(line.lstrip(" "))) // 4
        lines.append(indent * depth + line[4 * depth :])
    return "\n".join(lines)


def _short_docstring(lines: list[str]) -> list[str]:
    """The lines with a docstring that has nothing below its title closed on its own line."""
    for row in range(len(lines) - 1):
        below = next((at for at in range(row + 1, len(lines)) if lines[at].strip()), row)
        if lines[row].lstrip().startswith('"""') and lines[row].strip() != '"""' and lines[below].strip() == '"""':
            return [*lines[:row], f'{lines[row]}"""', *lines[below + 1 :]]
    return lines


def _camel(source: Source) -> bool:
    names = [test.name for test in source.tests]
    return sum(name[4:5].isupper() for name in names) > len(names) / 2


def _unused(name: str, source: Source) -> str:
    used = {test.name for test in source.tests} | source.top_names
    number, free = 2, name
    while free in used or keyword.iskeyword(free):
        free, number = f"{name}_{number}", number + 1
    return free


def _insert(source: Source, place: Place, filled: list[str], wanted: list[Wanted], written: Written) -> Written:
    """The file with the lines at their place, the imports at theirs, and the blank lines that its neighbours keep.

    Every other line stays byte for byte what it was.
    """
    block = [*place.opening, *(f"{place.margin}{line}" if line else "" for line in filled)]
    imports = add_imports(source, wanted)
    is_new = not source.import_nodes and not any(line.strip() for line in source.code)
    above = [""] * place.gap if is_new or any(source.lines[: place.row]) else []
    below = [""] * place.gap if any(line.strip() for line in source.lines[place.row : place.row + 1]) else []
    if is_new:  # a header at most: the imports stand below it, the test below them
        lines = [*source.lines, *([""] if source.lines else []), *_ordered(text for _, text, _ in imports)]
        start = len(lines) + len(above)
        lines += [*above, *block]
    else:
        edits = [(row, 0, [text], replaces) for row, text, replaces in imports]
        if imports and not source.import_nodes:  # the first ones of the file
            edits = [(imports[0][0], 0, [*_ordered(text for _, text, _ in imports), "", ""], False)]
        start = place.row + len(above) + sum(len(added) - replaces for row, _, added, replaces in edits if row <= place.row)
        edits.append((place.row, 1, [*above, *block, *below], False))
        lines = list(source.raw_lines)
        for row, _, added, replaces in sorted(edits, key=lambda edit: edit[:3], reverse=True):
            lines[row : row + replaces] = [line + source.newline[:-1] for line in added]
    name = f"{place.owner}.{written.name}" if place.owner else written.name
    return replace(written, text="\n".join(lines) + "\n", span=Span(start + 1, start + len(block)), name=name)


def _ordered(imports: Iterable[str]) -> list[str]:
    """Whole modules before names, each by the alphabet."""
    return sorted(imports, key=lambda line: (line.startswith("from "), line))
