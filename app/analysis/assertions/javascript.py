"""JavaScript's and TypeScript's assertions: Jest, Vitest and Playwright, Chai and should.js, node:assert, tap, supertest."""

from collections.abc import Iterator

from tree_sitter import Node, Tree

from app.analysis.assertions.model import Assertion, Exactness, arguments_of, assertion, field, is_helper, levels, lowered, said
from app.analysis.languages import trees

_MATCHERS = levels(
    whole="toBe toEqual toStrictEqual toMatchSnapshot toMatchInlineSnapshot toMatchFileSnapshot toThrowErrorMatchingSnapshot"
    " toThrowErrorMatchingInlineSnapshot toHaveBeenCalledWith toHaveBeenLastCalledWith toHaveBeenNthCalledWith"
    " toHaveBeenCalledTimes toHaveBeenCalledExactlyOnceWith toHaveReturnedWith toBeNull toBeUndefined toBeNaN"
    " toHaveText toHaveValue"
    " toHaveURL toHaveTitle toHaveCount toHaveScreenshot toBeEmpty toHaveTextContent toBeCalledWith toBeCalledTimes"
    # Chai and should.js, where they are properties too
    " equal equals eq eql eqls deepEqual true false null undefined NaN empty calledWith calledOnceWith calledOnceWithExactly",
    part="toContain toContainEqual toMatch toMatchObject toBeGreaterThan toBeGreaterThanOrEqual toBeLessThan toBeLessThanOrEqual"
    " toBeCloseTo toHaveProperty toBeInstanceOf toThrow toThrowError toHaveLength toBeTypeOf toSatisfy toContainText toHaveClass"
    " toHaveAttribute toHaveBeenCalledOnce resolves rejects toBeOneOf"
    " include includes contain contains match matches above below least most within instanceof instanceOf property keys members"
    " lengthOf length closeTo approximately a an throw throws throwError string calledOnce gt gte lt lte oneOf"
    " satisfy rejectedWith"
    " start startWith endWith greaterThan lessThan",
    present="toBeTruthy toBeFalsy toBeDefined toHaveBeenCalled toBeVisible toBeAttached toBeInTheDocument toBeEnabled toBeChecked"
    " toReturn toHaveReturned toBeCalled ok exist exists called fulfilled rejected",
)
_ASSERT = levels(
    whole="equal strictEqual deepEqual deepStrictEqual same strictSame is equals ifError deepLooseEqual isNull isUndefined isTrue"
    " isFalse isEmpty snapshot matchSnapshot",
    part="match doesNotMatch throws rejects include includes notInclude instanceOf notEqual notStrictEqual notDeepEqual"
    " notDeepStrictEqual partialDeepStrictEqual isAbove isBelow isAtLeast isAtMost lengthOf property typeOf"
    " isArray isString isObject"
    " isNumber isFunction hasAllKeys closeTo approximately sameMembers like isNot throwsAsync throwsException not plan",
    present="ok true false truthy falsy isOk exists isDefined isNotNull doesNotThrow doesNotReject notThrows fail pass",
)
_ROOTS = frozenset({"assert", "t", "test", "should", "chai.assert", "assert.strict", "tap"})
_LOOSE = (
    "expect.anything",
    "expect.any(",
    "expect.objectContaining",
    "expect.stringContaining",
    "expect.arrayContaining",
    "expect.stringMatching",
    "sinon.match",
)
_STARTS = frozenset({"expect", "expectTypeOf"})
_LONGEST_CHAIN = 200
_EXACT_SIGNS = frozenset({"===", "=="})


def assertions(tree: Tree) -> Iterator[Assertion]:
    """Every assertion of the tree, a chain of matchers being one."""
    for node, above in trees.walk_pairs(tree.root_node):
        if node.type == "call_expression" and not _goes_on(node, above):
            yield from _called(node)
        elif node.type == "member_expression" and _stands_alone(above):
            yield from _property(node)


def _goes_on(call: Node, above: Node | None) -> bool:
    """Whether the call is only the beginning of a longer chain of matchers."""
    if above is None or above.type != "member_expression":
        return False
    chain = _chain(call)
    return bool(chain) and (chain[0] in _STARTS or "should" in chain[1:])


def _called(call: Node) -> Iterator[Assertion]:
    chain = _chain(field(call, "function"))
    if not chain:
        return
    last, given = chain[-1], arguments_of(call)
    is_chained = (chain[0] in _STARTS and len(chain) > 1) or "should" in chain[1:]
    if is_chained:
        yield from _matched(call, chain, given)
    elif last == "expect" and len(chain) > 1 and chain[0] not in {"this", "cy"}:
        yield assertion(call, "expect", Exactness.WHOLE)  # supertest: .expect(200, body)
    elif chain[0] in {"assert", "ok"} and len(chain) == 1 and given:
        yield assertion(call, last, _condition(given[0]))
    elif ".".join(chain[:-1]) in _ROOTS and last in _ASSERT:
        exactness = _ASSERT[last]
        yield assertion(call, f"{chain[-2]}.{last}", _condition(given[0]) if last in {"ok", "true"} and given else exactness)
    elif len(chain) == 1 and is_helper(last) and last not in _STARTS and _is_statement(call):
        yield assertion(call, last, Exactness.PART, guessed=True)


def _matched(node: Node, chain: tuple[str, ...], given: list[Node]) -> Iterator[Assertion]:
    known = [(word, _MATCHERS[word]) for word in chain[1:] if word in _MATCHERS and word not in {"resolves", "rejects"}]
    if not known:
        if chain[-1].startswith(("to", "be")):
            yield assertion(node, chain[-1], Exactness.PART)
        return
    call, exactness = known[-1]
    if call in {"toThrow", "toThrowError", "throw", "throws"} and not given:
        exactness = Exactness.PRESENT
    if exactness is Exactness.WHOLE and any(loose in said(one) for one in given for loose in _LOOSE):
        exactness = Exactness.PRESENT if any(said(one).startswith("expect.any") for one in given) else Exactness.PART
    if "not" in chain or "never" in chain:
        call, exactness = f"not.{call}", lowered(exactness)
    yield assertion(node, call, exactness)


def _property(node: Node) -> Iterator[Assertion]:
    """`expect(x).to.be.true`, which Chai asserts as it is read."""
    chain = _chain(node)
    if len(chain) > 2 and (chain[0] in _STARTS or "should" in chain[1:]):
        yield from _matched(node, chain, [])


def _condition(node: Node) -> Exactness:
    if node.type == "binary_expression":
        sign = said(field(node, "operator"))
        return Exactness.WHOLE if sign in _EXACT_SIGNS else Exactness.PART
    return Exactness.PRESENT


def _chain(node: Node | None) -> tuple[str, ...]:
    """`expect(a).not.toBe` -> ("expect", "not", "toBe"); empty where it begins with something else than a name,
    or is longer than anyone writes.
    """
    words: list[str] = []
    for _ in range(_LONGEST_CHAIN):
        if node is None:
            return ()
        if node.type == "member_expression":
            words.append(said(field(node, "property")))
            node = field(node, "object")
        elif node.type in {"call_expression", "await_expression", "non_null_expression"}:
            node = field(node, "function") or trees.first_in(node)
        elif node.type == "parenthesized_expression":
            node = trees.first_in(node)
        else:
            break
    else:
        return ()
    root = said(node) if node.type in {"identifier", "this"} else "()"
    return (root, *reversed(words))


def _stands_alone(above: Node | None) -> bool:
    return above is not None and above.type in {"expression_statement", "arrow_function", "return_statement"}


def _is_statement(call: Node) -> bool:
    above = call.parent
    while above is not None and above.type == "await_expression":
        above = above.parent
    return above is not None and above.type in {"expression_statement", "arrow_function", "return_statement"}
