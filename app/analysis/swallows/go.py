"""Go: error results that are thrown away, and errors that are only logged or turned into nil."""

import re
from collections.abc import Iterator

from tree_sitter import Node, Tree

from app.analysis.languages import trees
from app.analysis.swallows.model import Hidden, is_logging
from app.analysis.uses.go import chain_of
from app.domain.change import Span
from app.domain.seam import Hiding

_PLACES = """
(assignment_statement left: (expression_list) @left right: (expression_list . (call_expression) @call .)) @assigned
(short_var_declaration left: (expression_list) @left right: (expression_list . (call_expression) @call .)) @assigned
(if_statement condition: (binary_expression left: (identifier) @error operator: "!=" right: (nil)) consequence: (_) @then) @if
"""
_RESULTS = """
(function_declaration name: (identifier) @name result: (_) @result)
(method_declaration name: (field_identifier) @name result: (_) @result)
"""
# What there is nothing to do about, or what cannot fail in a way that matters.
_HARMLESS = re.compile(
    r"^(?:Close\w*|Fprint\w*|Print\w*|Flush|Sync|Remove\w*|Unlock|Shutdown|Stop|Cancel|Write\w*|Setenv|Unsetenv|Kill|Wait|Log"
    r"|Unregister|Encode|Copy|SetDeadline|SetReadDeadline|SetWriteDeadline|Signal|Chdir|append|min|max|len|cap|copy|Seek|Done"
    r"|MarkFlag\w*|MarkHidden|BindPFlag\w*|BindEnv|RegisterFlagCompletionFunc|Usage|Help|Mount|Use|Register\w*)$"
)
# Functions of the standard library whose last result is an error.
_FALLIBLE = re.compile(
    r"^(?:strconv\.(?:Atoi|Parse\w+|Unquote)|json\.Marshal\w*|io\.Read\w+|ioutil\.\w+|url\.(?:Parse\w*|QueryUnescape|PathUnescape)"
    r"|os\.(?:Read\w+|Open\w*|Create\w*|Getwd|Stat|Lstat|Hostname|UserHomeDir|UserConfigDir|Executable|MkdirTemp|Mkdir\w*)"
    r"|time\.(?:Parse\w*|LoadLocation)|filepath\.(?:Abs|Rel|Glob|EvalSymlinks|Match)|hex\.DecodeString|net\.(?:Split\w+|Lookup\w+"
    r"|Resolve\w+|Listen|Dial\w*)|http\.(?:NewRequest\w*|Get|Post)|regexp\.Compile|exec\.LookPath|template\.\w*Parse\w*)$"
)
_ERROR = re.compile(r"^(?:err|\w*Err)$")


def hidden(source: bytes, spans: tuple[Span, ...]) -> Iterator[Hidden]:
    """The places on those lines where an error is hidden."""
    tree = trees.parse("go", source)
    if tree is None:
        return
    fallible = _fallible(tree)
    for match in trees.matches("go", tree, _PLACES, spans):
        if "assigned" in match:
            if _throws_away(match["left"], match["call"], fallible):
                yield Hidden(trees.span_of(match["assigned"]).start, Hiding.ERROR_IGNORED, trees.span_of(match["assigned"]))
        elif _ERROR.match(trees.text_of(match["error"])) and (reason := _reason(match["if"], match["then"])):
            at = trees.span_of(match["if"])
            before = match["if"].prev_named_sibling
            yield Hidden(at.start, reason, Span(trees.span_of(before).start if before is not None else at.start, at.start))


def _fallible(tree: Tree) -> frozenset[str]:
    """The functions of this file whose last result is an error."""
    return frozenset(
        trees.text_of(match["name"])
        for match in trees.matches("go", tree, _RESULTS)
        if re.search(r"\berror\)?$", trees.text_of(match["result"]))
    )


def _throws_away(left: Node, call: Node, fallible: frozenset[str]) -> bool:
    """`_ = save()`, and `x, _ := load()` where the last result is known to be an error."""
    names = [trees.text_of(each) for each in left.named_children]
    chain = chain_of(call)
    if not names or names[-1] != "_" or not chain or _HARMLESS.match(chain[-1]):
        return False
    if len(names) == 1:
        return len(chain) > 1 or chain[0] in fallible
    return bool(_FALLIBLE.match(".".join(chain[-2:]))) or (chain[-1] in fallible and len(chain) <= 2)


def _reason(node: Node, then: Node) -> Hiding | None:
    """What becomes of an error that is not nil: nothing, a line in the log, or nil for the caller."""
    block = next((child for child in then.named_children if child.type == "statement_list"), then)
    statements = [child for child in block.named_children if child.type != "comment"]
    if node.child_by_field_name("alternative") is not None:
        return None
    if not statements:
        return Hiding.HANDLER_EMPTY
    *before, last = statements
    if not all(map(_is_log, before)):
        return None
    if last.type == "return_statement":
        results = trees.first_in(last)
        given = [trees.text_of(each) for each in results.named_children] if results is not None else []
        if not given or given[-1] != "nil" or not _gives_error(node):
            return None
        return Hiding.HANDLER_ONLY_LOGS if before else Hiding.ERROR_BECOMES_NIL
    return Hiding.HANDLER_ONLY_LOGS if _is_log(last) or (last.type == "continue_statement" and before) else None


def _is_log(statement: Node) -> bool:
    call = trees.first_in(statement) if statement.type == "expression_statement" else None
    return call is not None and call.type == "call_expression" and is_logging(chain_of(call))


def _gives_error(node: Node) -> bool:
    """Whether the last result of the function around is an error."""
    at = node.parent
    while at is not None and at.type not in {"function_declaration", "method_declaration", "func_literal"}:
        at = at.parent
    result = at.child_by_field_name("result") if at is not None else None
    return result is not None and bool(re.search(r"\berror\)?$", trees.text_of(result)))
