"""An assertion of a test: what it calls, how exact it is, which names it speaks of, where it stands."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

from tree_sitter import Node, Tree

from app.analysis.languages import trees

_LONGEST = 300
_HELPER = re.compile(r"_{0,2}(?:assert|check|verify|expect|ensure|must|validate)(?:[A-Z_]\w*|)\Z")
_NAME = re.compile(r"[^\W\d]\w*")


class Exactness(IntEnum):
    """How much an assertion pins down: that something is there, one side of it, or the whole of it."""

    PRESENT = 1
    PART = 2
    WHOLE = 3


@dataclass(frozen=True, slots=True)
class Assertion:
    """One assertion. `call` is its name as people say it (`assertEqual`, `toBe`, `assert ==`), `names` are the identifiers in it,
    `line` is where it begins and `end` its last one, `text` what it says, whitespace apart. `guessed` says that its name alone
    speaks for it: it is called like a helper that asserts.
    """

    call: str
    exactness: Exactness
    line: int
    names: tuple[str, ...] = ()
    text: str = ""
    guessed: bool = False
    end: int = 0


@dataclass(frozen=True, slots=True)
class AssertionsOf:
    """How one language is read: its grammar, or None where the text has to tell, and what gives the assertions of a tree."""

    grammar: Callable[[bytes], tuple[str, Tree | None]]
    read: Callable[[Tree], Iterable[Assertion]]


def assertion(node: Node, call: str, exactness: Exactness, *, guessed: bool = False) -> Assertion:
    """The assertion that stands at `node`."""
    text = " ".join(trees.text_of(node).split())
    names = tuple(dict.fromkeys(_NAME.findall(text[:_LONGEST])))
    span = trees.span_of(node)
    return Assertion(call, exactness, span.start, names, text[:_LONGEST], guessed, span.end)


def lowered(exactness: Exactness) -> Exactness:
    """What is left of it where the contrary is asserted: that something is not this leaves all else open."""
    return Exactness(max(Exactness.PRESENT, exactness - 1))


def is_helper(name: str) -> bool:
    """Whether a function of that name most likely asserts something (`check_total`, `assertCart`, `verifyAll`)."""
    return bool(_HELPER.match(name))


def levels(*, whole: str = "", part: str = "", present: str = "") -> dict[str, Exactness]:
    """How exact each of the names is, given as words."""
    found = dict.fromkeys(present.split(), Exactness.PRESENT) | dict.fromkeys(part.split(), Exactness.PART)
    return found | dict.fromkeys(whole.split(), Exactness.WHOLE)


def field(node: Node | None, name: str) -> Node | None:
    """A field of the node, None where there is none."""
    return node.child_by_field_name(name) if node is not None else None


def said(node: Node | None) -> str:
    """The node's text, "" where there is none."""
    return trees.text_of(node) if node is not None else ""


def arguments_of(call: Node | None) -> list[Node]:
    """What a call is given, comments left out."""
    given = field(call, "arguments")
    return [one for one in given.named_children if one.type != "comment"] if given is not None else []
