import ast
import os
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.analysis.scaffold.compose import compose, is_sound
from app.analysis.scaffold.dialects import DIALECTS
from app.domain.scaffold import Blueprint, Literal, Neighbour, Parameter, Raised, Snippet, Story, Target
from app.domain.seam import SeamKind
from app.domain.suite import Framework, Suite
from app.engine.scaffold import shipped_template
from tests.analysis.scaffold.hostile import TEXTS, stories

# RECALL_HOSTILE=10000 for the long run.
EXAMPLES = int(os.environ.get("RECALL_HOSTILE", "40"))
PLACES = {
    Framework.PYTEST: "tests/test_cart.py",
    Framework.UNITTEST: "tests/test_cart.py",
    Framework.DJANGO: "shop/tests.py",
    Framework.JEST: "src/cart.test.js",
    Framework.VITEST: "src/cart.test.ts",
    Framework.MOCHA: "test/cart.js",
    Framework.NODE_TEST: "test/cart.test.mjs",
    Framework.PLAYWRIGHT: "e2e/cart.spec.ts",
    Framework.GO_TEST: "cart/cart_test.go",
    Framework.JUNIT5: "src/test/java/org/shop/CartTest.java",
    Framework.JUNIT4: "src/test/java/org/shop/CartTest.java",
    Framework.RSPEC: "spec/cart_spec.rb",
    Framework.MINITEST: "test/cart_test.rb",
    Framework.PHPUNIT: "tests/CartTest.php",
    Framework.XUNIT: "tests/CartTests.cs",
    Framework.NUNIT: "tests/CartTests.cs",
    Framework.CARGO_TEST: "tests/cart.rs",
}
TARGET = Target("shop/cart.py", "total", "total", "function", "shop.cart", parameters=(Parameter("items"),))
PYTHON = "from shop.cart import total\n\n\ndef test_total():\n    assert total([1]) == 1\n"
ANY = TEXTS | st.just("")
FIELDS = st.builds(
    Story,
    st.just(7),
    ANY,
    ANY,
    given=st.lists(ANY, max_size=3).map(tuple),
    when=st.lists(ANY, max_size=3).map(tuple),
    then=st.lists(ANY, max_size=3).map(tuple),
    actual=st.lists(ANY, max_size=3).map(tuple),
    snippets=st.lists(st.builds(Snippet, ANY, st.sampled_from(["", "python", "javascript"])), max_size=2).map(tuple),
    raised=st.none() | st.builds(Raised, ANY, ANY),
)


def plan(framework: Framework, story: Story, existing: str | None = None) -> Blueprint:
    path = PLACES[framework]
    near = (Neighbour(path, existing),) if existing else ()
    literals = (Literal("number", "1", "2", "shop/cart.py", 3),)
    return Blueprint(Suite(framework), story, path, existing, (TARGET,), literals, near, seams=(SeamKind.DATABASE,))


@pytest.mark.parametrize("framework", DIALECTS)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(story=stories() | FIELDS)
def test_nothing_of_a_strangers_issue_leaves_its_string_or_comment(framework: Framework, story: Story) -> None:
    blueprint, template = plan(framework, story), shipped_template(framework)

    written = DIALECTS[framework].write(blueprint, template)

    assert is_sound(DIALECTS[framework], blueprint, written, template)
    assert not [
        c for c in written.text if unicodedata.category(c) in ("Cf", "Cs", "Zl", "Zp") or (ord(c) < 32 and c not in "\n\t")
    ]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(story=stories() | FIELDS)
def test_python_itself_reads_the_same_program_from_a_hostile_issue_as_from_a_plain_one(story: Story) -> None:
    hostile = compose(plan(Framework.PYTEST, story, PYTHON), shipped_template(Framework.PYTEST))
    plain = replace(story, title="x", url="x", given=(), when=(), then=(), actual=(), snippets=(), raised=None)
    harmless = compose(plan(Framework.PYTEST, plain, PYTHON), shipped_template(Framework.PYTEST))

    assert skeleton(hostile.text) == skeleton(harmless.text)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(story=stories(trusted=True))
def test_what_trusted_people_wrote_still_makes_one_test_that_python_reads(story: Story) -> None:
    made = compose(plan(Framework.PYTEST, story, PYTHON), shipped_template(Framework.PYTEST))

    added = [node.name for node in ast.parse(made.text).body if isinstance(node, ast.FunctionDef)]
    assert len(added) == 2
    assert made.test.name in added


def skeleton(text: str) -> str:
    """The program with the texts and the name of the new test taken out."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
        if isinstance(node, ast.FunctionDef):
            node.name = ""
    return ast.dump(tree)
