"""Java's assertions: JUnit 4 and 5, TestNG, AssertJ and Truth, Hamcrest, Mockito's `verify`."""

from collections.abc import Iterator

from tree_sitter import Node, Tree

from app.analysis.assertions.model import Assertion, Exactness, arguments_of, assertion, field, is_helper, levels, lowered, said
from app.analysis.languages import trees

_JUNIT = levels(
    whole="assertEquals assertArrayEquals assertSame assertNull assertIterableEquals assertLinesMatch assertThrowsExactly",
    part="assertThrows assertInstanceOf assertNotEquals assertNotSame assertTimeout verify expectThrows"
    " assertTimeoutPreemptively",
    present="assertTrue assertFalse assertNotNull assertDoesNotThrow fail",
)
_CHAINED = levels(
    whole="isEqualTo isSameAs isNull isTrue isFalse isZero isEmpty containsExactly containsExactlyInAnyOrder"
    " containsOnly hasMessage"
    " isEqualToIgnoringCase containsExactlyElementsOf isEqualByComparingTo hasToString isSameInstanceAs hasValue containsEntry"
    " containsExactlyEntriesIn isOne containsExactlyElementsIn isEqualToNormalizingNewlines hasFieldOrPropertyWithValue",
    part="contains startsWith endsWith matches hasSize isInstanceOf isExactlyInstanceOf isGreaterThan"
    " isLessThan isBetween isCloseTo"
    " hasMessageContaining hasMessageThat hasMessageStartingWith containsKey containsAnyOf isIn"
    " isGreaterThanOrEqualTo isNotEqualTo"
    " isLessThanOrEqualTo isPositive isNegative doesNotContain hasCauseInstanceOf satisfies allMatch anyMatch isAtLeast isAtMost"
    " hasRootCauseInstanceOf isAfter isBefore containsAllOf containsAtLeast hasLength",
    present="isNotNull isNotEmpty isPresent isNotBlank exists isThrownBy hasNoCause doesNotThrowAnyException",
)
_MATCHERS = levels(
    whole="is equalTo sameInstance nullValue contains containsInAnyOrder arrayContaining empty equalToIgnoringCase hasEntry",
    part="containsString hasItem hasItems hasSize instanceOf startsWith endsWith greaterThan lessThan"
    " hasProperty closeTo anyOf hasKey"
    " matchesPattern greaterThanOrEqualTo lessThanOrEqualTo not allOf everyItem isA",
    present="notNullValue anything any",
)
_STARTS = frozenset(
    {
        "assertThat",
        "assertThatThrownBy",
        "assertThatExceptionOfType",
        "assertThatCode",
        "assertWithMessage",
        "then",
        "assertThatNoException",
        "assertThatIllegalArgumentException",
        "assertThatIllegalStateException",
        "assertThatNullPointerException",
    }
)


def assertions(tree: Tree) -> Iterator[Assertion]:
    """Every assertion of the tree; each link of a chain is one of its own."""
    for node in trees.walk(tree.root_node):
        if node.type == "method_invocation":
            yield from _called(node)
        elif node.type == "annotation" and said(field(node, "name")) == "Test" and "expected" in said(node):
            yield assertion(node, "@Test(expected)", Exactness.PART)


def _called(call: Node) -> Iterator[Assertion]:
    name, owner = said(field(call, "name")), field(call, "object")
    given = arguments_of(call)
    if name in _STARTS:
        if len(given) > 1 and name == "assertThat":
            yield _hamcrest(call, given[-1])
    elif name in _CHAINED and _begins(owner) in _STARTS:
        yield assertion(call, name, _CHAINED[name])
    elif name in _JUNIT and (
        owner is None or said(owner).rpartition(".")[2] in {"Assert", "Assertions", "Mockito", "TestCase", "this"}
    ):
        yield assertion(call, name, _truth(given) if name in {"assertTrue", "assertFalse"} else _JUNIT[name])
    elif owner is None and is_helper(name) and _is_statement(call):
        yield assertion(call, name, Exactness.PART, guessed=True)


def _truth(given: list[Node]) -> Exactness:
    """`assertTrue(a == b)` says as much as `assertEquals(a, b)`."""
    condition = given[-1] if given else None
    if condition is None:
        return Exactness.PRESENT
    if condition.type == "binary_expression":
        return Exactness.WHOLE if said(field(condition, "operator")) == "==" else Exactness.PART
    is_equals = condition.type == "method_invocation" and said(field(condition, "name")) == "equals"
    return Exactness.WHOLE if is_equals else Exactness.PRESENT


def _hamcrest(call: Node, matcher: Node) -> Assertion:
    name = said(field(matcher, "name")) if matcher.type == "method_invocation" else ""
    exactness = _MATCHERS.get(name, Exactness.PART)
    inner = arguments_of(matcher) if matcher.type == "method_invocation" else []
    if name in {"is", "not"} and inner and inner[0].type == "method_invocation":
        within = _MATCHERS.get(said(field(inner[0], "name")), exactness)
        exactness = lowered(within) if name == "not" else within
    return assertion(call, f"assertThat {name}".strip(), exactness)


def _begins(node: Node | None) -> str:
    """The first call of a chain."""
    name = ""
    while node is not None and node.type == "method_invocation":
        name = said(field(node, "name"))
        if name in _STARTS:
            return name
        node = field(node, "object")
    return name


def _is_statement(call: Node) -> bool:
    return call.parent is not None and call.parent.type == "expression_statement"
