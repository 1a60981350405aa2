from hypothesis import given
from hypothesis import strategies as st

from app.analysis.scaffold.errors import raised_in
from app.analysis.scaffold.plain import name_words, one_line, title_of
from app.analysis.scaffold.story import read_story
from app.domain.scaffold import Raised
from tests.analysis.scaffold.hostile import TEXTS

FORM = """### What happened?

The cart is empty after I log in.

### Steps to reproduce

1. Put an apple into the cart
2. Log in with `mona`

```python
cart.add("apple")
login("mona")
```

### Expected behavior

The apple is still there.

### Version

1.2.3

### Anything else?

_No response_
"""
TEMPLATE = """<!-- Please search first! -->
**Describe the bug**
Totals are wrong.

**To Reproduce**
Steps to reproduce the behavior: open the cart

**Expected behavior:** 7

**Actual:** 4

- [x] I searched
"""


def test_an_issue_form_is_taken_apart_by_its_fields():
    story = read_story(7, "Cart is empty", FORM)

    assert story.when == ("Put an apple into the cart", "Log in with mona")
    assert story.then == ("The apple is still there.",)
    assert story.actual == ("The cart is empty after I log in.",)
    assert [(s.language, s.text) for s in story.snippets] == [("python", 'cart.add("apple")\nlogin("mona")')]


def test_a_template_is_taken_apart_by_its_bold_headings_and_what_stands_behind_them():
    story = read_story(7, "Totals", TEMPLATE)

    assert story.then == ("7",)
    assert story.actual == ("Totals are wrong.", "4")
    assert story.when == ("Steps to reproduce the behavior: open the cart",)


def test_plain_labels_are_headings_too():
    story = read_story(7, "x", "Run it.\n\nExpected: no error\nActual: a crash\n")

    assert (story.then, story.actual) == (("no error",), ("Run it.", "a crash"))


def test_an_issue_without_headings_opens_with_what_went_wrong():
    assert read_story(7, "x", "Saving twice loses the first.\n\nMore.").actual == ("Saving twice loses the first.",)


def test_a_transcript_is_told_from_code():
    assert read_story(7, "x", "```\n>>> total([1])\n0\n```").snippets[0].console


def test_a_fence_that_is_never_closed_takes_the_rest():
    assert read_story(7, "x", "```py\ntotal()\n### Expected\n").snippets[0].text == "total()\n### Expected\n"


def test_the_last_error_of_a_trace_is_the_one():
    text = "Traceback (most recent call last):\n  File \"shop/cart.py\", line 3, in total\nKeyError: 'apple'\n"

    assert raised_in(text) == Raised("KeyError", "'apple'", (("shop/cart.py", 3),))


def test_errors_of_other_languages_are_read():
    assert raised_in('Exception in thread "main" java.lang.IllegalStateException: gone') == Raised(
        "java.lang.IllegalStateException", "gone"
    )
    assert raised_in("panic: runtime error: index out of range [3]") == Raised("panic", "runtime error: index out of range [3]")
    assert raised_in("Uncaught TypeError: x is not a function") == Raised("TypeError", "x is not a function")
    assert raised_in("app/cart.rb:4:in `total': undefined method (NoMethodError)") == Raised(
        "NoMethodError", "undefined method", (("app/cart.rb", 4),)
    )


def test_a_title_loses_its_tags_and_a_name_its_fillers():
    assert title_of("[Bug] :bug: Bug report: The total is wrong.") == "The total is wrong"
    assert name_words("The total of the CartView isn't 3") == ("total", "cart", "view", "isnt", "3")


def test_a_name_that_had_to_be_cut_does_not_end_in_the_middle_of_a_phrase():
    assert name_words("Saving an order twice loses discounts when somebody else wins") == (
        "saving",
        "order",
        "twice",
        "loses",
        "discounts",
    )


@given(TEXTS, st.integers(1, 300))
def test_one_line_is_one_visible_line(text, most):
    shown = one_line(text, most)

    assert len(shown) <= most
    assert len(shown.splitlines()) <= 1
    assert shown == shown.strip()


@given(TEXTS, TEXTS)
def test_no_issue_is_too_strange(title, body):
    read_story(7, title, body, trusted=True)


def test_greetings_and_versions_tell_nothing_of_what_happened():
    told = read_story(7, "Total", "Hi there,\n\nGo version: 1.20\nshop/cart@v1.4.0\nHi was printed instead of 3.\n")

    assert told.actual == ("Hi was printed instead of 3.",)
