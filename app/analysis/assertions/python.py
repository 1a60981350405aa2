"""Python's assertions: `assert`, the methods of unittest and of its mocks, `pytest.raises` and what is named like one."""

import re
from collections.abc import Collection, Iterator

from tree_sitter import Node, Tree

from app.analysis.assertions.model import Assertion, Exactness, arguments_of, assertion, field, is_helper, levels, lowered, said
from app.analysis.languages import trees

_METHODS = levels(
    whole="assertEqual assertEquals assertIs assertIsNone assertListEqual assertDictEqual assertTupleEqual assertSetEqual"
    " assertCountEqual assertItemsEqual assertSequenceEqual assertMultiLineEqual assertJSONEqual assertXMLEqual assertHTMLEqual"
    " assertQuerysetEqual assertQuerySetEqual assert_called_once_with assert_called_with assert_has_calls"
    " assert_awaited_once_with assert_awaited_with assert_not_called assert_equal assert_array_equal assert_frame_equal"
    " assert_series_equal assert_index_equal assert_identical assert_raises_regex assertRaisesRegex assertRaisesMessage"
    " assertRaisesRegexp assertWarnsRegex assertNumQueries",
    part="assertIn assertNotIn assertRegex assertNotRegex assertGreater assertGreaterEqual assertLess assertLessEqual"
    " assertAlmostEqual assertNotAlmostEqual assertIsInstance assertNotIsInstance assertContains assertNotContains assertRaises"
    " assertWarns assertLogs assertNoLogs assertNotEqual assertIsNot assertDictContainsSubset assertRedirects assert_allclose"
    " assert_almost_equal assert_raises assert_any_call assert_called_once assert_awaited_once assert_warns raises warns",
    present="assertTrue assertFalse assertIsNotNone assert_called assert_awaited assert_",
)
_ORDER = frozenset({"<", ">", "<=", ">=", "!=", "in", "not in", "is not"})
_PARTLY = frozenset(
    {
        "isinstance",
        "issubclass",
        "hasattr",
        "all",
        "any",
        "startswith",
        "endswith",
        "match",
        "search",
        "approx",
        "isclose",
        "allclose",
        "issubset",
        "issuperset",
        "array_equal",
    }
)
_BROAD = frozenset({"Exception", "BaseException"})
_LAST = re.compile(r"\w+\Z")


def assertions(tree: Tree) -> Iterator[Assertion]:
    """Every assertion of the tree; each part of an `and` is one of its own."""
    for node in trees.walk(tree.root_node):
        if node.type == "assert_statement":
            condition = node.named_children[0] if node.named_children else None
            if condition is not None:
                yield from _asserted(condition)
        elif node.type == "call":
            yield from _called(node)


def _asserted(condition: Node) -> Iterator[Assertion]:
    for side in _sides(condition, {"and"}):
        call, exactness = _judged(side)
        yield assertion(side, call, exactness)


def _sides(condition: Node, words: Collection[str]) -> Iterator[Node]:
    """The conditions that those words join, from left to right; without recursion, since a stranger may join thousands."""
    waiting = [condition]
    while waiting:
        one = _bare(waiting.pop())
        if one.type == "boolean_operator" and said(field(one, "operator")) in words:
            waiting += [side for side in (field(one, "right"), field(one, "left")) if side is not None]
        else:
            yield one


def _judged(condition: Node) -> tuple[str, Exactness]:
    """What a condition is called, and how much it pins down."""
    condition = _bare(condition)
    if condition.type == "comparison_operator":
        return _compared(condition)
    if condition.type == "not_operator":
        return "assert not", Exactness.PART
    if condition.type == "boolean_operator":
        return "assert or", min((_judged(side)[1] for side in _sides(condition, {"and", "or"})), default=Exactness.PRESENT)
    if condition.type == "call":
        name = _name(condition)
        return (f"assert {name}", Exactness.PART) if name in _PARTLY or is_helper(name) else ("assert", Exactness.PRESENT)
    return "assert", Exactness.PRESENT


def _compared(condition: Node) -> tuple[str, Exactness]:
    words = " ".join(" ".join(child.type.split()) for child in condition.children if not child.is_named)
    if "approx" in said(condition):
        return f"assert {words} approx", Exactness.PART
    if words == "is not" or (words == "!=" and said(condition).endswith("None")):
        return f"assert {words}", Exactness.PRESENT
    return f"assert {words}", Exactness.PART if words in _ORDER else Exactness.WHOLE


def _bare(node: Node) -> Node:
    while node.type == "parenthesized_expression" and node.named_children:
        node = node.named_children[0]
    return node


def _name(call: Node) -> str:
    found = _LAST.search(said(field(call, "function")))
    return found[0] if found else ""


def _called(call: Node) -> Iterator[Assertion]:
    name = _name(call)
    known = _METHODS.get(name)
    if known is None and not (is_helper(name) and _is_statement(call)):
        return
    given = arguments_of(call)
    if name in {"raises", "assertRaises", "assert_raises"}:
        yield assertion(call, name, _raised(call, known or Exactness.PART))
    elif name in {"assertTrue", "assertFalse", "assert_"} and given:
        exactness = _judged(given[0])[1]
        yield assertion(call, name, exactness if name != "assertFalse" else lowered(exactness))
    else:
        yield assertion(call, name, known or Exactness.PART, guessed=known is None)


def _raised(call: Node, known: Exactness) -> Exactness:
    """Any exception at all says little; its message pins it down."""
    given = arguments_of(call)
    if any(one.type == "keyword_argument" and said(field(one, "name")) == "match" for one in given):
        return Exactness.WHOLE
    return Exactness.PRESENT if given and said(given[0]) in _BROAD else known


def _is_statement(call: Node) -> bool:
    """Whether it stands alone, as what asserts by itself does."""
    above = call.parent
    while above is not None and above.type == "await":
        above = above.parent
    return above is not None and above.type in {"expression_statement", "with_item", "as_pattern"}
