"""Ruby's assertions: RSpec's `expect` and `should`, Minitest's and test-unit's `assert_*`, Minitest's `must_*`."""

from collections.abc import Iterator

from tree_sitter import Node, Tree

from app.analysis.assertions.model import Assertion, Exactness, arguments_of, assertion, field, is_helper, levels, lowered, said
from app.analysis.languages import trees

_MATCHERS = levels(
    whole="eq eql equal be match_array contain_exactly be_nil be_empty be_zero have_http_status",
    part="include match start_with end_with raise_error raise_exception have_attributes change be_within be_a be_an be_kind_of"
    " be_instance_of be_an_instance_of a_kind_of respond_to satisfy output cover all be_between have_received"
    " receive throw_symbol",
    present="be_truthy be_falsey be_falsy be_present exist be_valid",
)
_METHODS = levels(
    whole="assert_equal assert_nil assert_same assert_empty assert_path_exists assert_silent assert_output"
    " assert_false assert_true"
    " assert_template_result must_equal must_be_nil must_be_empty must_be_same_as refute",
    part="assert_includes assert_include assert_match assert_raises assert_raise assert_in_delta assert_in_epsilon assert_kind_of"
    " assert_instance_of assert_operator assert_predicate assert_difference assert_throws assert_not_equal assert_no_match"
    " assert_raise_with_message assert_no_difference must_include must_match must_raise must_be must_be_kind_of must_respond_to"
    " must_be_instance_of must_be_close_to",
    present="assert assert_respond_to assert_not_nil refute_nil refute_empty assert_nothing_raised flunk",
)
_TO = frozenset({"to", "not_to", "to_not", "should", "should_not"})


def assertions(tree: Tree) -> Iterator[Assertion]:
    """Every assertion of the tree."""
    for node in trees.walk(tree.root_node):
        if node.type == "call":
            yield from _called(node)


def _called(call: Node) -> Iterator[Assertion]:
    name, owner, given = said(field(call, "method")), field(call, "receiver"), arguments_of(call)
    if name in _TO and owner is not None and (given or name.startswith("should")):
        if name.startswith("should") or said(owner).startswith(("expect", "is_expected", "are_expected")):
            yield _matched(call, name, given)
    elif name in _METHODS:
        yield assertion(call, name, _METHODS[name] if name != "assert" else _condition(given))
    elif name.startswith(("assert_", "must_", "refute_", "wont_")) or (
        owner is None and given and name != "expect" and is_helper(name)
    ):
        yield assertion(call, name, Exactness.PART, guessed=True)


def _matched(call: Node, verb: str, given: list[Node]) -> Assertion:
    matcher = given[0] if given else None
    name, exactness = _judged(matcher)
    if "not" in verb:
        return assertion(call, f"{verb} {name}".strip(), lowered(exactness))
    return assertion(call, name or verb, exactness)


def _judged(matcher: Node | None) -> tuple[str, Exactness]:
    if matcher is None:
        return "", Exactness.PRESENT
    if matcher.type == "binary":  # be > 3
        return f"be {said(field(matcher, 'operator'))}", Exactness.PART
    inner = matcher
    while inner.type == "call" and (owner := field(inner, "receiver")) is not None:
        inner = owner  # raise_error(Broken).with_message("...")
    name = said(field(inner, "method")) if inner.type == "call" else said(inner)
    exactness = _MATCHERS.get(name, Exactness.PART)
    if name in {"raise_error", "raise_exception"}:
        exactness = _raised(matcher, arguments_of(inner))
    return name[:60], exactness


def _raised(matcher: Node, given: list[Node]) -> Exactness:
    """Anything at all that is raised says little; its message pins it down."""
    if len(given) > 1 or "with_message" in said(matcher):
        return Exactness.WHOLE
    return Exactness.PART if given else Exactness.PRESENT


def _condition(given: list[Node]) -> Exactness:
    if given and given[0].type == "binary":
        return Exactness.WHOLE if said(field(given[0], "operator")) == "==" else Exactness.PART
    return Exactness.PRESENT
