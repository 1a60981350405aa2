"""Where in a test file the new test goes: after the test it is to stand beside, in the group it belongs to, else at the end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.analysis import languages
from app.analysis.languages import trees
from app.analysis.scaffold.dialects.javascript.page import Call, Page, lead


@dataclass(frozen=True, slots=True)
class Place:
    """`after` is the number of lines that stay above the new test; `lead` the white space it stands at."""

    after: int
    lead: str = ""


def place(page: Page, beside: str | None, names: Sequence[str], indent: str) -> Place:
    """The place for a new test, never inside of what runs its tests more than once (loops, `describe.each`).

    `beside` is the name of the test that it is put after; `names` are those of what changed, the most changed first.
    """
    anchor = beside_test(page, beside) if beside else None
    if anchor is not None:
        return after(page, anchor)
    groups = [call for call in page.calls if call.group and call.again is None]
    for name in names:
        about = [call for call in groups if _is_about(call.title, name)]
        if about:
            deepest = max(about, key=lambda call: (len(call.groups), call.node.start_byte))
            if found := _at_end_of(deepest, page, indent):
                return found
    top = [call for call in groups if not call.groups]
    alone = len(top) == 1 and all(call.groups or call is top[0] for call in page.calls)
    found = _at_end_of(top[0], page, indent) if alone else None
    return found or Place(len(page.text.rstrip("\n").split("\n")) if page.text.strip() else 0)


def after(page: Page, test: Call) -> Place:
    """The place behind a test, or behind what runs it more than once."""
    node = test.again or test.node
    return Place(node.end_point.row + 1, lead(page.lines[node.start_point.row]))


def beside_test(page: Page, name: str) -> Call | None:
    """The innermost call on the lines of the test of that name; of the name of a group, the last one in it."""
    language = "typescript" if page.path.endswith(("ts", "tsx")) else "javascript"
    spans = [
        test.span
        for test in languages.tests_in(language, page.text.encode(errors="surrogateescape"))
        if test.name == name or test.name.startswith(f"{name} > ")
    ]
    there = [call for call in page.calls if spans and not call.group and call.span.start == spans[-1].start]
    return there[-1] if there else None


def _is_about(title: str, name: str) -> bool:
    """`'.send()'`, `"send"` and `'res.send'` are about `send`; a sentence that has the word in it is not."""
    return re.fullmatch(rf"['\"`](?:[\w$]+[.#]|[.#])*{re.escape(name)}(?:\(.*\))?['\"`]", title) is not None


def _at_end_of(group: Call, page: Page, indent: str) -> Place | None:
    body = group.body.child_by_field_name("body") if group.body is not None else None
    if body is None or body.type != "statement_block" or not body.named_children:
        return None
    last = body.named_children[-1]
    if trees.span_of(last).end > body.end_point.row or last.start_point.row == body.start_point.row:
        return None
    outer = lead(page.lines[group.node.start_point.row])
    own = lead(page.lines[body.named_children[0].start_point.row])
    return Place(trees.span_of(last).end, own if own.startswith(outer) and own != outer else outer + indent)
