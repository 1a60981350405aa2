"""Writes a scaffold and checks it: what an issue brought cannot have left its string or comment, nothing else is disturbed.

The test is written a second time from a harmless story of the same shape; both syntax trees have to be alike. What fails is
written again with less in it, step by step.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.scaffold.dialect import Dialect, Written
from app.analysis.scaffold.dialects import DIALECTS
from app.analysis.scaffold.plain import is_identifier
from app.domain.errors import TellUser
from app.domain.scaffold import Blueprint, Raised, Scaffold, Snippet, Story, Target
from app.domain.suite import TestId

MAX_FILE = 1_000_000
# Looked at from outside, a string is a string and a comment nothing; what is evaluated inside a string is a node of its own.
_INERT = frozenset(
    {
        "escape_interpolation",
        "escape_sequence",
        "heredoc_end",
        "string_content",
        "string_end",
        "string_fragment",
        "string_literal_content",
        "string_start",
        "string_value",
        "interpreted_string_literal_content",
        "raw_string_literal_content",
        "multiline_string_fragment",
    }
)


def compose(blueprint: Blueprint, template: str) -> Scaffold:
    """The test as written and checked. Raises TellUser where no way of writing it passes the checks."""
    framework = blueprint.suite.framework
    dialect = DIALECTS.get(framework)
    if dialect is None:
        raise TellUser(f"Tests for {framework} cannot be written yet: write {blueprint.path} by hand.")
    for plainer in _plainer(blueprint):
        written = dialect.write(plainer, template)
        if is_sound(dialect, plainer, written, template):
            return Scaffold(
                framework,
                TestId(blueprint.path, written.name),
                written.text,
                blueprint.existing,
                written.span,
                written.todo,
                written.asserts,
            )
    raise TellUser(f"A test cannot be added to {blueprint.path} without breaking it: write it by hand.")


def is_sound(dialect: Dialect, blueprint: Blueprint, written: Written, template: str) -> bool:
    """Whether the file still parses, holds exactly one test more, was otherwise only added to, and has the shape it should."""
    before = (blueprint.existing or "").encode(errors="surrogateescape")
    after = written.text.encode(errors="surrogateescape")
    if len(after) > MAX_FILE:
        return False
    grammar = dialect.grammar(blueprint.path)
    shape = _shape(grammar, after)
    if shape is None or shape.count("ERROR") > (_shape(grammar, before) or []).count("ERROR"):
        return False
    more = Counter(dialect.tests(blueprint.path, after))
    more.subtract(Counter(dialect.tests(blueprint.path, before)))
    if {name: count for name, count in more.items() if count} != {written.name: 1}:
        return False
    if not _only_adds(blueprint.existing or "", written.text):
        return False
    meant = dialect.write(replace(blueprint, story=harmless(blueprint.story)), template)
    return shape == _shape(grammar, meant.text.encode(errors="surrogateescape"))


def harmless(story: Story) -> Story:
    """The same story with every word of people replaced by `x`.

    Of a trusted one the snippets stay, since they may be code, and what was expected, since a value in it may be compared with.
    """
    raised = story.raised
    return replace(
        story,
        title=_x(story.title),
        url="https://example.com/1" if story.url else "",
        given=tuple(map(_x, story.given)),
        when=tuple(map(_x, story.when)),
        then=story.then if story.trusted else tuple(map(_x, story.then)),
        actual=tuple(map(_x, story.actual)),
        snippets=story.snippets if story.trusted else tuple(Snippet(_x(s.text), s.language, s.console) for s in story.snippets),
        raised=raised and Raised(_plain_type(raised.type), _x(raised.message)),
    )


def _x(text: str) -> str:
    return "\n".join("x" if line.strip() else "" for line in text.splitlines())


def _plain_type(name: str) -> str:
    return name if all(map(is_identifier, name.split("."))) else _x(name)


def _plainer(blueprint: Blueprint) -> Iterator[Blueprint]:
    """The blueprint, then with less and less in it: snippets as text, no values, no story, nothing to call."""
    yield blueprint
    story = replace(blueprint.story, trusted=False)
    blueprint = replace(blueprint, story=story)
    yield blueprint
    blueprint = replace(blueprint, literals=(), story=replace(story, snippets=(), raised=None))
    yield blueprint
    bare = Story(story.number, story.title, story.url)
    yield replace(blueprint, story=bare)
    reachable: tuple[Target, ...] = ()
    yield replace(blueprint, story=bare, targets=reachable, seams=())


def _shape(grammar: str, source: bytes) -> list[str] | None:
    """The kinds of all nodes in source order, each with its depth; comments and what stands in strings left out."""
    tree = trees.parse(grammar, source)
    if tree is None:
        return None
    kinds: list[str] = []
    waiting: list[tuple[Node, int]] = [(tree.root_node, 0)]
    while waiting:
        node, depth = waiting.pop()
        if node.is_error or node.is_missing:
            kinds.append("ERROR")
        elif node.type in _INERT or "comment" in node.type:
            continue
        else:
            kinds.append(f"{depth} {node.type}")
        waiting.extend((child, depth + 1) for child in reversed(node.named_children))
    return kinds


def _only_adds(before: str, after: str) -> bool:
    """Whether every line is still there in its order, but for lines that an import was added to."""
    lines, at = after.splitlines(), 0
    for line in before.splitlines():
        start = at
        while at < len(lines) and lines[at] != line:
            at += 1
        if at == len(lines):
            if start < len(lines) and _grew(line, lines[start]):
                at = start
            else:
                return False
        at += 1
    return True


def _grew(line: str, now: str) -> bool:
    """`from shop import a` -> `from shop import a, b`."""
    old = [part for part in line.replace(",", " ").split() if part not in "(){};"]
    new = Counter(now.replace(",", " ").split())
    return bool(old) and "import" in line + now and all(new[part] for part in old)
