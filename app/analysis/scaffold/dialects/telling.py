"""What all typed languages tell in the same order before the call: the issue's story as lines, and what is left to do."""

from collections.abc import Callable, Collection, Sequence
from textwrap import wrap

from app.analysis.scaffold import prose
from app.analysis.scaffold.dialect import Dialect
from app.analysis.scaffold.plain import code_line
from app.domain.scaffold import Blueprint, Todo

MOST_SNIPPETS = 2
MOST_SIGNATURES = 3


def told(blueprint: Blueprint, call: Sequence[str]) -> list[str]:
    """The story, its code as text, the values that the fix changed, and what it changed where the lines of the `call` name
    nothing of it; every line is one line of text.
    """
    story = blueprint.story
    lines = [*prose.given(story), *prose.when(story)]
    for snippet in prose.telling(story)[:MOST_SNIPPETS]:
        quoted = prose.quoted(snippet)
        lines += ["The issue's code:", *(f"    {line}" if line else "" for line in quoted)] if quoted else []
    return [*lines, *prose.then(story), *prose.changed(blueprint.literals), *prose.named(blueprint, call)]


def signatures(targets: Sequence[str]) -> list[str]:
    """The signatures of what changed, where they cannot be called as they are: lines without their comment sign."""
    lines = [
        line
        for one in targets[:MOST_SIGNATURES]
        for line in wrap(code_line(one), prose.WIDTH, initial_indent="  ", subsequent_indent="      ", break_long_words=False)
    ]
    return ["Changed by the fix, to be called as the issue tells:", *lines] if lines else []


def comments(dialect: Dialect, lines: Sequence[str]) -> list[str]:
    """The lines as comments of a language whose sign for one is `//`."""
    return [comment for line in lines for comment in dialect.comment(line) or ["//"]]


def values(
    blueprint: Blueprint, dialect: Dialect, name: str, calls: Sequence[str], fails: str, plain: Callable[[str], str] = code_line
) -> dict[str, str | Sequence[str]]:
    """What fills a template: `calls` stand behind the story, `fails` is the last line; `plain` makes text fit a comment."""
    story = blueprint.story
    return {
        "name": name,
        "literal_title": dialect.string(prose.headline(story)),
        "title": plain(prose.headline(story)),
        "issue": str(story.number) if story.number is not None else "",
        "url": plain(story.url.strip()),
        "parameters": "",
        "given": [],
        "when": [*comments(dialect, told(blueprint, calls)), *calls],
        "then": [],
        "conditions": comments(dialect, prose.conditions(blueprint.seams)),
        "finish": [fails],
        "decorators": [],
    }


def todo(blueprint: Blueprint, of_call: Sequence[Todo]) -> tuple[Todo, ...]:
    """What a person has to do, the assertion last."""
    snippet = [Todo.SNIPPET] if blueprint.story.snippets else []
    conditions = [Todo.CONDITIONS] if prose.conditions(blueprint.seams) else []
    return (*dict.fromkeys([*of_call, *snippet, *conditions]), Todo.ASSERT)


def free(name: str, taken: Collection[str]) -> str:
    """The name, numbered where the file has it already."""
    number, unused = 1, name
    while unused in taken:
        number += 1
        unused = f"{name}_{number}"
    return unused
