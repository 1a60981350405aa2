"""What one test file reads like where its assertions are judged: statements with their names, calls, functions, tests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tree_sitter import Node, Tree

from app.domain.change import Span

SELVES = frozenset({"self", "cls", "this"})


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


@dataclass(slots=True)
class Unit:
    """One statement: all names in it, those that stand for themselves (`plain`, no attributes), and those that it can put a
    value into or hand it to (`roots`). Of an `if`, a loop or a `with`, only the head counts; `inner` are the names of its body,
    `within` its roots.
    """

    line: int
    names: set[str] = field(default_factory=set)
    plain: set[str] = field(default_factory=set)
    roots: set[str] = field(default_factory=set)
    within: set[str] = field(default_factory=set)
    inner: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the last name of what is called, the first ("" if it is no name), how many there are, and what it is given."""

    line: int
    name: str
    root: str
    depth: int
    given: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """One file. `functions` are the definitions that are no tests, by name; `bases` are the classes that others extend
    on those lines, `throws` the lines that raise by themselves, `bound` all names that something is put into.
    """

    units: tuple[Unit, ...]
    calls: tuple[Call, ...]
    throws: tuple[int, ...]
    functions: Mapping[str, tuple[Span, ...]]
    tests: tuple[Span, ...]
    bases: tuple[tuple[Span, str], ...]
    hooks: tuple[Span, ...]
    bound: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Grammar:
    """How one language writes what is looked for, by the types of its nodes.

    `call` gives what a node calls and what it hands over, None where it calls nothing; `attribute` the name that a node takes
    from something else, with that something. `keys` are nodes whose first child is a name for a place and not a use of it.
    """

    tree: Callable[[bytes], Tree | None]
    simple: frozenset[str]
    compound: frozenset[str]
    bodies: frozenset[str]
    names: frozenset[str]
    attributes: frozenset[str]
    keys: frozenset[str]
    calls: Mapping[str, tuple[str, str]]
    throws: frozenset[str]
    chain: Callable[[Node], tuple[str, ...]]
    groups: frozenset[str] = frozenset()
    bases: frozenset[str] = frozenset()
    is_hook: Callable[[str, str], bool] = lambda _name, _head: False
