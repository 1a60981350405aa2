"""Red for the right reason, for a wrong one, or not run at all: by what failures of real runners say, in every language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.redness import Known, Why, why_red
from app.analysis.scaffold.prose import finish
from app.domain.proof import Ending, Failure
from app.domain.scaffold import Blueprint, Raised, Story
from app.domain.suite import Framework, Suite

TEST, CODE, OTHER, FIXTURES = "tests/test_cart.py", "shop/cart.py", "shop/tax.py", "tests/conftest.py"
KNOWN = Known(
    tests=frozenset({TEST, "src/test/java/org/shop/CartTest.java", "cart/cart_test.go", "test/cart.test.js"}),
    support=frozenset({FIXTURES}),
    changed=frozenset({CODE, "src/main/java/org/shop/Cart.java", "cart/cart.go", "src/cart.js"}),
    new_names=frozenset({"strict", "Basket", "rounded"}),
    raised=Raised("KeyError", "no product 'x'"),
    elsewhere=frozenset({"/home/me/shop/shop/cart.py"}),
)


def failure(type_: str, message: str = "", *frames: str, trace: str = "") -> Failure:
    return Failure(type_, message, trace, tuple((path, 1) for path in frames))


RED = [
    # Python, by pytest
    (failure("AssertionError", "assert 1000 == 900", TEST), Why.ASSERTION),
    (failure("Failed", "DID NOT RAISE <class 'ValueError'>", TEST), Why.ASSERTION),
    (failure("AssertionError", "Arrays are not equal", TEST, "/usr/lib/python3/numpy/testing/utils.py"), Why.ASSERTION),
    (failure("AssertionError", "no", OTHER), Why.ELSEWHERE),
    (failure("KeyError", "no product 'x'", TEST, OTHER), Why.ISSUE_ERROR),
    (failure("KeyError", "'y'", TEST, CODE), Why.CHANGED_CODE),
    (failure("TypeError", "unsupported operand", TEST, CODE, OTHER), Why.CHANGED_CODE),
    (failure("AttributeError", "'NoneType' object has no attribute 'total'", TEST), Why.IN_TEST),
    (failure("AttributeError", "module 'shop' has no attribute 'rounded'", TEST), Why.NEW_NAME),
    (failure("TypeError", "total() got an unexpected keyword argument 'strict'", TEST), Why.NEW_NAME),
    (failure("TypeError", "total() takes 1 positional argument but 2 were given", TEST), Why.NEW_NAME),
    (failure("NameError", "name 'Basket' is not defined", TEST), Why.NEW_NAME),
    (failure("ImportError", "cannot import name 'Basket' from 'shop'", TEST), Why.NEW_NAME),
    (failure("ModuleNotFoundError", "No module named 'redis'", TEST), Why.IMPORT),
    (failure("ImportError", "numpy is needed", TEST, CODE), Why.CHANGED_CODE),
    (failure("ConnectionRefusedError", "[Errno 111]", TEST, OTHER), Why.ELSEWHERE),
    (failure("FileNotFoundError", "data.json", TEST), Why.ELSEWHERE),
    (failure("Failed", "Unfinished: assert what #12 expects: 900", TEST), Why.UNFINISHED),
    (failure("RuntimeError", "no", "/usr/lib/python3/plugin.py"), Why.ELSEWHERE),
    (failure("KeyError", "'x'", TEST, "/home/me/shop/shop/cart.py"), Why.OTHER_CODE),
    # JavaScript
    (failure("Error", "expect(received).toBe(expected)", "test/cart.test.js"), Why.ASSERTION),
    (failure("AssertionError", "expected 1000 to equal 900", "test/cart.test.js"), Why.ASSERTION),
    (failure("TypeError", "cart.rounded is not a function", "test/cart.test.js"), Why.NEW_NAME),
    (
        failure("TypeError", "Cannot read properties of undefined (reading 'price')", "test/cart.test.js", "src/cart.js"),
        Why.CHANGED_CODE,
    ),
    (failure("Error", "Exceeded timeout of 5000 ms for a test: exceeded timeout of", "test/cart.test.js"), Why.TIMEOUT),
    # Go
    (failure("", "", "cart_test.go", trace="    cart_test.go:9: got 1000, want 900"), Why.ASSERTION),
    (failure("", "", "cart/cart_test.go", "cart/cart.go", trace="panic: runtime error: index out of range"), Why.CHANGED_CODE),
    (failure("", "", trace="./cart_test.go:9:10: undefined: Rounded\nFAIL shop [build failed]"), Why.BUILD),
    (failure("build", "the build failed", "cart/cart_test.go", trace="cart/cart_test.go:9:10: cannot use cart"), Why.BUILD),
    # Java
    (failure("org.opentest4j.AssertionFailedError", "expected: <900> but was: <1000>", "org/shop/CartTest.java"), Why.ASSERTION),
    (failure("java.lang.NullPointerException", "", "org/shop/Cart.java", "org/shop/CartTest.java"), Why.CHANGED_CODE),
    # PHP and Ruby
    (failure("PHPUnit\\Framework\\ExpectationFailedException", "Failed asserting that 1000 matches 900."), Why.ASSERTION),
    (failure("Error", "Call to undefined method Shop\\Cart::rounded()", TEST), Why.NEW_NAME),
    (failure("RSpec::Expectations::ExpectationNotMetError", "expected: 900\n got: 1000", TEST), Why.ASSERTION),
]


@pytest.mark.parametrize(("told", "why"), RED)
def test_a_red_test_is_red_for_this_reason(told: Failure, why: Why) -> None:
    assert why_red(Ending.FAILED, told, KNOWN) == why


NEVER_RAN = [
    (Ending.ERROR, failure("", "fixture 'basket' not found", TEST), Why.FIXTURE),
    (Ending.ERROR, failure("ImportError", "cannot import name 'tax'", TEST), Why.IMPORT),
    (Ending.ERROR, failure("SyntaxError", "invalid syntax", TEST), Why.COLLECTION),
    (Ending.ERROR, failure("AttributeError", "collection failure", TEST, trace="has no attribute 'rounded'"), Why.COLLECTION),
    (Ending.ERROR, failure("NameError", "uninitialized constant Base", TEST, trace="<top (required)>"), Why.COLLECTION),
    (Ending.ABSENT, None, Why.COLLECTION),
    (Ending.ABSENT, failure("", "", trace="ImportError while importing test module"), Why.IMPORT),
    (Ending.BROKEN, None, Why.NO_RESULT),
    (Ending.BROKEN, failure("", "", trace="CartTest.java:9: error: cannot find symbol"), Why.BUILD),
    (Ending.BROKEN, failure("", "", trace="error[E0425]: cannot find function"), Why.BUILD),
    (Ending.BROKEN, failure("", "", trace="Error: Cannot find module 'express'"), Why.IMPORT),
    (Ending.SKIPPED, None, Why.SKIPPED),
    (Ending.TIMEOUT, None, Why.TIMEOUT),
    (Ending.PASSED, None, ""),
]


@pytest.mark.parametrize(("ending", "told", "why"), NEVER_RAN)
def test_what_never_ran_is_not_red(ending: Ending, told: Failure | None, why: str) -> None:
    assert why_red(ending, told, KNOWN) == why
    assert not why or not Why(why).right


def test_the_last_line_of_an_unfinished_scaffold_is_known_as_such() -> None:
    said = finish(Blueprint(Suite(Framework.PYTEST), Story(12, "A cent is lost"), TEST, None))
    assert why_red(Ending.FAILED, failure("Failed", said, TEST), KNOWN) == Why.UNFINISHED


def test_the_issues_error_needs_the_message_in_common_where_both_have_one() -> None:
    told = failure("KeyError", "completely different words", TEST)
    assert why_red(Ending.FAILED, told, KNOWN) == Why.IN_TEST


words = st.text(max_size=200)
failures = st.builds(
    Failure, words, words, words, st.lists(st.tuples(st.sampled_from([TEST, CODE, OTHER]), st.just(1))).map(tuple)
)


@given(st.sampled_from(Ending), st.none() | failures)
def test_every_failure_has_a_known_reason(ending: Ending, told: Failure | None) -> None:
    why = why_red(ending, told, KNOWN)
    assert (why == "") == (ending is Ending.PASSED)
    assert not why or Why(why)
