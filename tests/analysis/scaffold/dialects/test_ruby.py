"""Ruby tests are written as their neighbours are, and nothing of an issue leaves its string or comment."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from app.analysis.languages import trees
from app.analysis.scaffold.compose import compose
from app.domain.scaffold import Blueprint, Literal, Neighbour, Parameter, Snippet, Story, Target, Todo
from app.domain.suite import Framework, Suite
from app.engine.scaffold import shipped_template
from tests.analysis.scaffold.hostile import TEXTS, stories

STORY = Story(7, "Total isn't right", "https://github.com/octo/shop/issues/7", then=("The total is 3",))
TOTAL = Target("lib/shop/cart.rb", "total", "Shop.Cart.total", "method", "shop/cart", "Shop.Cart", (Parameter("tax"),))
SPEC = """require "spec_helper"

RSpec.describe Shop::Cart do
  describe "#total" do
    it "adds" do
      expect(1).to eq(1)
    end
  end

  it "is empty" do
    expect(1).to eq(1)
  end
end
"""
CASE = """# frozen_string_literal: true

require 'test_helper'

class CartTest < ActiveSupport::TestCase
  def setup
    @cart = Cart.new
  end

  def test_total
    assert_equal 1, 1
  end

  private

  def make; end
end
"""
SHOULD = """require "helper"

class TestCart < ShopTest
  context "a cart" do
    should "be empty" do
      assert true
    end
  end
end
"""


def blueprint(existing: str | None, framework: Framework = Framework.RSPEC, **fields: object) -> Blueprint:
    path = "spec/shop/cart_spec.rb" if framework is Framework.RSPEC else "test/cart_test.rb"
    near = (Neighbour(path, existing),) if existing is not None else ()
    return replace(Blueprint(Suite(framework), STORY, path, existing, (TOTAL,), neighbours=near), **fields)


def added(plan: Blueprint) -> list[str]:
    made = compose(plan, shipped_template(plan.suite.framework))
    return made.text.split("\n")[made.span.start - 1 : made.span.end]


def test_a_spec_stands_in_the_group_about_what_changed():
    made = compose(blueprint(SPEC), shipped_template(Framework.RSPEC))

    assert made.test.name == "Shop::Cart > #total > issue #7: Total isn't right"
    assert made.todo == (Todo.ARGUMENTS, Todo.ASSERT)
    assert added(blueprint(SPEC)) == [
        "    # https://github.com/octo/shop/issues/7",
        """    it "issue #7: Total isn't right" do""",
        "      cart = Shop::Cart.new",
        "      # result = cart.total(tax)",
        "      # Expected: The total is 3",
        '      raise "Unfinished: assert what #7 expects: The total is 3"',
        "    end",
    ]


@pytest.mark.parametrize(
    ("setup", "call"),
    [
        ("let(:basket) { described_class.new(1) }", "basket.total(tax)"),
        ("subject { Cart.new }", "subject.total(tax)"),
        ("before { @it = Shop::Cart.new }", "@it.total(tax)"),
        ("let(:line) { Line.new }", "cart.total(tax)"),
    ],
)
def test_the_groups_own_instance_is_used(setup, call):
    text = SPEC.replace("  describe", f"  {setup}\n\n  describe", 1)

    assert f"      # result = {call}" in added(blueprint(text))


def test_a_method_follows_the_last_one_that_is_not_private():
    text = compose(blueprint(CASE, Framework.MINITEST), shipped_template(Framework.MINITEST)).text

    assert "  def test_issue_7_total_isnt_right\n    # result = @cart.total(tax)\n" in text
    assert "    flunk 'Unfinished: assert what #7 expects: The total is 3'\n" in text
    assert text.index("issue_7") < text.index("  private")


def test_shoulda_keeps_its_words():
    made = compose(blueprint(SHOULD, Framework.MINITEST), shipped_template(Framework.MINITEST))

    assert """    should "issue #7: Total isn't right" do\n""" in made.text
    assert made.test.name == "TestCart > a cart > issue #7: Total isn't right"


def test_a_new_spec_opens_as_its_neighbour_does():
    text = compose(
        blueprint(None, neighbours=(Neighbour("spec/other_spec.rb", SPEC),)),
        shipped_template(Framework.RSPEC),
    ).text

    assert text.startswith('require "spec_helper"\n\nRSpec.describe Shop::Cart do\n  # https')


def test_a_new_case_has_the_neighbours_base_and_naming():
    plan = blueprint(None, Framework.MINITEST, neighbours=(Neighbour("test/other_test.rb", CASE),))

    text = compose(plan, shipped_template(Framework.MINITEST)).text

    assert text.startswith(
        "# frozen_string_literal: true\n\nrequire 'test_helper'\n\nclass CartTest < ActiveSupport::TestCase\n  # https"
    )


def calls(text: str) -> int:
    tree = trees.parse("ruby", text.encode(errors="surrogateescape"))
    assert tree is not None
    assert not tree.root_node.has_error
    return sum(1 for _ in trees.matches("ruby", tree, "[(call) (interpolation) (subshell) (heredoc_body)] @call"))


@pytest.mark.parametrize(
    ("existing", "framework"),
    [(SPEC, Framework.RSPEC), (CASE, Framework.MINITEST), (SHOULD, Framework.MINITEST), (None, Framework.RSPEC)],
)
@settings(max_examples=40, deadline=None)
@given(story=stories(), value=TEXTS)
def test_nothing_of_an_issue_leaves_its_string_or_comment(existing, framework, story, value):
    plan = blueprint(existing, framework, story=story, literals=(Literal("string", value, value, "lib/shop/cart.rb"),))

    made = compose(plan, shipped_template(framework))

    meant = compose(replace(plan, story=Story(1, "x")), shipped_template(framework))
    assert calls(made.text) == calls(meant.text)


def test_without_an_address_no_empty_comment_stands_above():
    story = Story(None, "Total is wrong", snippets=(Snippet("total"),))

    assert added(blueprint(SPEC, story=story))[:2] == ['    it "Total is wrong" do', "      #     total"]


def test_what_no_test_can_call_is_named_with_its_path():
    changed = (("lib/shop.rb", ("Shop.RATE",)),)

    assert "    # The fix changed Shop.RATE (lib/shop.rb)" in added(blueprint(SPEC, targets=(), changed=changed))
