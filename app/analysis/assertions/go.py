"""Go's assertions: testify's functions, and the `t.Error` and `t.Fatal` that stand in an `if`."""

import re
from collections.abc import Iterator

from tree_sitter import Node, Tree

from app.analysis.assertions.model import Assertion, Exactness, arguments_of, assertion, field, is_helper, levels, said
from app.analysis.languages import trees

_TESTIFY = levels(
    whole="Equal EqualValues EqualExportedValues Exactly JSONEq YAMLEq Nil ErrorIs EqualError Same Empty Zero False ElementsMatch"
    " DeepEqual Len",
    part="Contains NotContains Subset NotSubset Regexp NotRegexp Greater GreaterOrEqual Less LessOrEqual InDelta InEpsilon"
    " WithinDuration IsType Implements ErrorContains ErrorAs NotEqual NotSame PanicsWithValue PanicsWithError"
    " HasPrefix HTTPSuccess"
    " FileExists Eventually Never NoFileExists Positive Negative",
    present="NotNil NoError Error NotEmpty True Panics NotPanics NotZero Fail FailNow",
)
_FAILS = frozenset({"Error", "Errorf", "Fatal", "Fatalf", "Fail", "FailNow"})
_PACKAGES = frozenset(
    {"strings", "bytes", "reflect", "time", "errors", "fmt", "http", "log", "os", "slices", "maps", "cmp", "proto"}
)
_PART = re.compile(r"\b(?:Contains|HasPrefix|HasSuffix|MatchString|Index|len)\(|[<>]")
_ANY_ERROR = re.compile(r"\w*[eE]rr\w* (?:!=|==) nil")


def assertions(tree: Tree) -> Iterator[Assertion]:
    """Every assertion of the tree; one of Go's own is its `if`."""
    for node in trees.walk(tree.root_node):
        if node.type != "call_expression":
            continue
        function = field(node, "function")
        if function is not None and function.type == "selector_expression":
            yield from _method(node, said(field(function, "operand")), said(field(function, "field")))
        elif function is not None and function.type == "identifier" and is_helper(said(function)):
            yield assertion(node, said(function), Exactness.PART, guessed=True)


def _method(call: Node, receiver: str, name: str) -> Iterator[Assertion]:
    given = arguments_of(call)
    plain = name[:-1] if name.endswith("f") and name[:-1] in _TESTIFY else name
    if name in _FAILS and receiver in {"t", "b", "tb", "f"}:
        told = _if(call)
        if told is not None:
            yield told
    elif plain in _TESTIFY and receiver not in _PACKAGES and _is_testify(receiver, given):
        exactness = _TESTIFY[plain]
        tested = given[1:] if given and said(given[0]) in {"t", "s.T()", "suite.T()"} else given
        if plain == "True" and tested and tested[0].type == "binary_expression":
            exactness = Exactness.WHOLE if said(field(tested[0], "operator")) == "==" else Exactness.PART
        yield assertion(call, f"{receiver.rpartition('.')[2].removesuffix('()')}.{plain}", exactness)


def _is_testify(receiver: str, given: list[Node]) -> bool:
    short = receiver.rpartition(".")[2]
    return short in {"assert", "require", "is", "should", "must", "a", "r", "s", "suite", "ts", "Assert()", "Require()", "c"} or (
        bool(given) and said(given[0]) == "t"
    )


def _if(call: Node) -> Assertion | None:
    """The nearest `if` around a failure within the same function; one in no `if` ends the test wherever it comes to it."""
    above = call.parent
    while above is not None and above.type not in {"function_declaration", "func_literal", "method_declaration"}:
        if above.type == "if_statement":
            condition = field(above, "condition")
            return None if condition is None else assertion(condition, _sign(said(condition)), _judged(said(condition)))
        if above.type in {"expression_case", "default_case", "communication_case", "type_case"}:
            return assertion(call, "case", Exactness.PART)
        above = above.parent
    return assertion(call, "t.Error", Exactness.PRESENT)


def _judged(condition: str) -> Exactness:
    if _ANY_ERROR.fullmatch(condition):
        return Exactness.PRESENT
    if "DeepEqual" in condition or "cmp.Diff" in condition or "!=" in condition:
        return Exactness.WHOLE
    return Exactness.PART if _PART.search(condition) or "==" in condition else Exactness.PRESENT


def _sign(condition: str) -> str:
    """What the condition compares by, as people would name it."""
    for sign in ("reflect.DeepEqual", "cmp.Diff", "cmp.Equal", "strings.Contains", "!=", "==", "<=", ">=", "<", ">"):
        if sign in condition:
            return f"if {sign}"
    return "if"
