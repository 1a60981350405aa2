"""Which statements of a test a call needs before it: what makes its names, or changes what they hold."""

import re
from dataclasses import dataclass

from tree_sitter import Node

from app.analysis.languages import trees

_ASSERTS = re.compile(r"^(?:self\.)?(?:assert|fail|expect)", re.IGNORECASE)
RAISES = re.compile(r"\b(?:raises|assertRaises\w*|raises_regex|warns|assertWarns\w*|deprecated_call|fail)\b")
COMPOUND = frozenset({"if_statement", "for_statement", "while_statement", "try_statement", "match_statement"})
# `result = testdir.runpytest()` changes what `testdir` stands for.
_CALLED_ON = re.compile(r"^\w+ = (?:await )?(\w+)\.[\w.]+\(")


@dataclass
class Needs:
    """The names that are to be explained by the statements before the call, and how many of these were kept.

    `fixtures` are those of the names that hold a state; `grew` says that more names became needed.
    """

    names: set[str]
    fixtures: frozenset[str] = frozenset()
    kept: int = 0
    grew: bool = False

    def add(self, names: set[str]) -> None:
        """Needs these names too."""
        self.grew = self.grew or not names <= self.names
        self.names |= names


def head(node: Node) -> str:
    """The first line of a statement."""
    return trees.text_of(node).partition("\n")[0]


def is_needed(statement: Node, needs: Needs) -> bool:
    """Whether a statement makes or changes something that is needed; if so, what it needs itself is needed from now on."""
    text = trees.text_of(statement)
    if statement.type in ("comment", "assert_statement") or _ASSERTS.match(text) or RAISES.search(head(statement)):
        return False
    made = _made(statement)
    if statement.type in ("import_statement", "import_from_statement"):
        made = names_in(statement)
    if statement.type == "expression_statement" and not made:
        first = trees.first_in(statement)
        if first is not None and first.type in ("call", "await"):
            root = text.removeprefix("await ").partition(".")[0].partition("(")[0]
            made = {root} if "." in text else set()
    called = _CALLED_ON.match(text)
    if called and called[1] in needs.fixtures:
        made = made | {called[1]}
    if not made & needs.names:
        return False
    needs.add(names_in(statement))
    return True


def _made(statement: Node) -> set[str]:
    """The names that a statement gives a value to, or part of one (`cart.items = 3` makes `cart`)."""
    names: set[str] = set()
    for node in [statement, *statement.named_children]:
        left = node.child_by_field_name("left") if node.type in ("assignment", "augmented_assignment") else None
        if left is not None:
            names |= set(re.findall(r"(?<![.\w])[^\W\d]\w*", re.sub(r"\[[^\]]*\]", "", trees.text_of(left))))
    if statement.type in ("function_definition", "class_definition", "decorated_definition", "with_statement"):
        inner = statement.child_by_field_name("definition") or statement
        name = inner.child_by_field_name("name")
        names |= {trees.text_of(name)} if name else set(re.findall(r"\bas (\w+)", trees.text_of(statement).partition("\n")[0]))
    if statement.type in COMPOUND:
        for child in trees.walk(statement):
            if child.type == "assignment" and (left := child.child_by_field_name("left")):
                names |= set(re.findall(r"(?<![.\w])[^\W\d]\w*", trees.text_of(left)))
    return names


def names_in(node: Node) -> set[str]:
    """The identifiers in a piece of code, attributes and the names of keywords left out."""
    names = set()
    for one in trees.walk(node):
        if one.type != "identifier":
            continue
        parent = one.parent
        if parent is not None and parent.type == "attribute" and parent.child_by_field_name("attribute") == one:
            continue
        if parent is not None and parent.type == "keyword_argument" and parent.child_by_field_name("name") == one:
            continue
        names.add(trees.text_of(one))
    return names
