"""What a scaffold says in every language: whole lines of code, whole values, and nothing twice."""

import pytest

from app.analysis.scaffold import prose
from app.domain.scaffold import Literal, Raised, Snippet, Story

LONG = "router.MethodNotAllowedHandler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {"
TRACE = """Traceback (most recent call last):
  File "shop/main.py", line 3, in <module>
    total()
  File "shop/cart.py", line 9, in total
    raise ValueError("empty")
ValueError: empty"""


def test_lines_of_code_are_shown_whole_or_not_at_all():
    assert prose.quoted(Snippet(f"a()\n\t{LONG}\nb({'x' * 300})\nc()")) == ["a()", f"    {LONG}", "...", "c()"]


@pytest.mark.parametrize("trace", [TRACE, "TypeError: x\n    at total (cart.js:3:1)\n    at main (shop.js:9:1)"])
def test_a_trace_is_not_shown_beside_the_error_that_it_ends_in(trace):
    told = (Snippet(trace), Snippet("total([1])"))

    assert prose.snippet_shown(Story(7, "Total", snippets=told[:1], raised=Raised("ValueError", "empty"))) == []
    assert prose.snippet_shown(Story(7, "Total", snippets=told, raised=Raised("ValueError", "empty"))) == ["total([1])"]
    assert len(prose.snippet_shown(Story(7, "Total", snippets=told[:1]))) == len(trace.splitlines())


def test_a_session_that_ends_in_a_trace_is_shown():
    session = Snippet(f">>> import shop\n>>> shop.total()\n{TRACE}")

    assert (
        prose.snippet_shown(Story(7, "Total", snippets=(session,), raised=Raised("ValueError", "empty")))[0] == ">>> import shop"
    )


def test_a_long_line_about_a_value_is_broken_beside_it():
    builtin, shorter = "' builtin history merge ^ /dev/null with'", "' builtin history merge with'"

    assert prose.changed([Literal("string", builtin, shorter, "shells/fish.py")]) == [
        f"The fix turned {builtin}",
        f"  into {shorter} (shells/fish.py)",
    ]


def test_of_long_values_the_part_that_differs_is_shown():
    common = ",".join(f"attribute{number}" for number in range(9))

    assert prose.changed([Literal("string", f"`{common},hidden,`", f"`{common},`", "attributes.ts")]) == [
        "The fix turned …,attribute8,hidden,` into …,attribute8,` (attributes.ts)"
    ]
    assert prose.changed([Literal("string", f"`{common}a`{'b' * 500}", f"`{common}a`{'b' * 500}c", "attributes.ts")]) == []
