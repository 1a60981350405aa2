"""The node types by which each language writes statements, calls and names: data for `app.analysis.strength.reading`."""

import re

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.languages.javascript import parse_typescript
from app.analysis.strength.model import Grammar, words

_LONGEST_CHAIN = 200
_ON_THE_WAY = frozenset(
    {
        "await",
        "await_expression",
        "parenthesized_expression",
        "non_null_expression",
        "subscript",
        "subscript_expression",
        "index_expression",
        "type_assertion_expression",
        "unary_expression",
        "as_expression",
        "array_access",
        "cast_expression",
        "generic_type",
    }
)
# Of a node that takes something from another: the fields of that other, of what is taken, and of what is called.
_OWNER = ("object", "operand", "value")
_TAKEN = ("attribute", "property", "field", "name")
_CALLED = ("function", "constructor", "type")
_HOOKS = re.compile(
    r"(?:set_?up|tear_?down|before|after)(?:_?(?:test|suite|sub_?test|all|each|class|method|module|function))?", re.IGNORECASE
)
_HOOK_MARKS = re.compile(r"@(?:Before|After)|autouse|\bbeforeEach|\bafterEach")


def chain(node: Node) -> tuple[str, ...]:
    """`client.get().json` -> ("client", "get", "json"); what begins with no name begins with ""."""
    parts: list[str] = []
    at: Node | None = node
    for _ in range(_LONGEST_CHAIN):
        if at is None:
            break
        if at.type == "method_invocation":
            parts.append(_text(at.child_by_field_name("name")))
            at = at.child_by_field_name("object")
            if at is None:
                return tuple(reversed(parts))
        elif (taken := _field(at, _TAKEN)) is not None and (owner := _field(at, _OWNER)) is not None:
            parts.append(_text(taken))
            at = owner
        elif (called := _field(at, _CALLED)) is not None:
            at = called
        elif at.type in _ON_THE_WAY:
            at = trees.first_in(at)
        elif at.type.endswith("identifier") or at.type in {"this", "self", "super"}:
            return (_text(at), *reversed(parts))
        else:
            break
    return ("", *reversed(parts))


def _field(node: Node, names: tuple[str, ...]) -> Node | None:
    return next((found for name in names if (found := node.child_by_field_name(name)) is not None), None)


def _text(node: Node | None) -> str:
    return trees.text_of(node)[:200] if node is not None else ""


def _is_hook(name: str, head: str) -> bool:
    return bool(_HOOKS.fullmatch(name) or _HOOK_MARKS.search(head))


_CURLY = Grammar(
    tree=lambda source: trees.parse("javascript", source),
    simple=words("expression_statement lexical_declaration variable_declaration return_statement"
    " throw_statement field_definition"),
    compound=words("if_statement for_statement for_in_statement while_statement do_statement switch_statement try_statement"),
    bodies=words("statement_block else_clause catch_clause finally_clause switch_body"),
    names=words("identifier property_identifier shorthand_property_identifier shorthand_property_identifier_pattern"
    " private_property_identifier"),
    attributes=words("member_expression"),
    keys=words("pair method_definition field_definition jsx_attribute"),
    calls={
        "call_expression": ("function", "arguments"),
        "new_expression": ("constructor", "arguments"),
        "jsx_self_closing_element": ("name", ""),
        "jsx_opening_element": ("name", ""),
    },
    throws=words("throw_statement"),
    chain=chain,
    groups=words(
        "describe context suite it test specify scenario fit xit xtest fdescribe xdescribe before after beforeEach afterEach"
        " beforeAll afterAll setup teardown define"
    ),
)  # fmt: skip
_TYPED = Grammar(
    tree=lambda source: parse_typescript(source)[1],
    simple=_CURLY.simple | {"public_field_definition"},
    compound=_CURLY.compound,
    bodies=_CURLY.bodies,
    names=_CURLY.names | {"type_identifier"},
    attributes=_CURLY.attributes,
    keys=_CURLY.keys | {"public_field_definition"},
    calls=_CURLY.calls,
    throws=_CURLY.throws,
    chain=chain,
    groups=_CURLY.groups,
)
GRAMMARS = {
    "python": Grammar(
        tree=lambda source: trees.parse("python", source),
        simple=words(
            "expression_statement assert_statement return_statement delete_statement raise_statement named_expression decorator"
        ),
        compound=words("if_statement for_statement while_statement with_statement try_statement match_statement"),
        bodies=words("block elif_clause else_clause except_clause finally_clause"),
        names=words("identifier"),
        attributes=words("attribute"),
        keys=words("keyword_argument"),
        calls={"call": ("function", "arguments"), "decorator": ("", "")},
        throws=words("raise_statement yield"),
        chain=chain,
        bases=words("class_definition"),
        is_hook=_is_hook,
    ),
    "javascript": _CURLY,
    "typescript": _TYPED,
    "go": Grammar(
        tree=lambda source: trees.parse("go", source),
        simple=words(
            "expression_statement short_var_declaration assignment_statement var_declaration const_declaration return_statement"
            " go_statement defer_statement send_statement inc_statement dec_statement receive_statement"
        ),
        compound=words("if_statement for_statement expression_switch_statement type_switch_statement select_statement"),
        bodies=words("block expression_case default_case communication_case type_case"),
        names=words("identifier field_identifier type_identifier package_identifier"),
        attributes=words("selector_expression qualified_type"),
        keys=frozenset(),
        calls={"call_expression": ("function", "arguments")},
        throws=frozenset(),
        chain=chain,
        groups=words("t.Run b.Run s.Run suite.Run tt.Run f.Fuzz"),
        is_hook=_is_hook,
    ),
    "java": Grammar(
        tree=lambda source: trees.parse("java", source),
        simple=words(
            "expression_statement local_variable_declaration return_statement throw_statement field_declaration"
            " yield_statement assert_statement"
        ),
        compound=words(
            "if_statement for_statement enhanced_for_statement while_statement do_statement try_statement"
            " try_with_resources_statement switch_expression"
        ),
        bodies=words("block catch_clause finally_clause switch_block"),
        names=words("identifier type_identifier"),
        attributes=words("field_access scoped_type_identifier"),
        keys=words("element_value_pair"),
        calls={
            "method_invocation": ("", "arguments"),
            "object_creation_expression": ("type", "arguments"),
            "annotation": ("name", ""),
            "marker_annotation": ("name", ""),
        },
        throws=words("throw_statement"),
        chain=chain,
        bases=words("superclass"),
        is_hook=_is_hook,
    ),
}
