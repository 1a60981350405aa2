"""Writes a Ruby test: in the manner of the file it goes into, else of its nearest neighbours."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.analysis.languages import ruby
from app.analysis.scaffold.dialect import Written
from app.analysis.scaffold.dialects.ruby.body import Body, comment, is_module, write_body
from app.analysis.scaffold.dialects.ruby.borrow import Borrowed, borrow
from app.analysis.scaffold.dialects.ruby.opening import new_file
from app.analysis.scaffold.dialects.ruby.page import Page, Place, place
from app.analysis.scaffold.dialects.ruby.text import quote_for, string, title_text
from app.analysis.scaffold.fill import fill
from app.analysis.scaffold.plain import name_words, one_line, wrapped
from app.domain.change import Span
from app.domain.scaffold import Blueprint, Neighbour, Story
from app.domain.suite import Framework

_MARKED = {"fit": "it", "xit": "it", "focus": "it"}


@dataclass(frozen=True, slots=True)
class Ruby:
    """Ruby by one test framework."""

    framework: Framework

    def grammar(self, path: str) -> str:
        """Always the same."""
        del path
        return "ruby"

    def string(self, text: str) -> str:
        """A literal in single quotes, in which nothing is evaluated."""
        return string(text, "'")

    def comment(self, text: str) -> list[str]:
        """Lines that open with `#`."""
        return comment(list(wrapped(text.splitlines())))

    def tests(self, path: str, source: bytes) -> Sequence[str]:
        """Test methods, and tests with a title."""
        del path
        return [test.name for test in ruby.tests_in(source)]

    def name(self, story: Story, neighbours: Sequence[Neighbour]) -> str:
        """`issue #123: cart is empty`; a test method in a file of them is `test_issue_123_cart_is_empty`."""
        pages = [Page(near.path, near.text) for near in neighbours[:1]]
        first = next((test for page in pages for test in page.tests), None)
        methods = first.word == "def" if first else self.framework is Framework.MINITEST
        return _method(story) if methods else title_text(story)

    def write(self, blueprint: Blueprint, template: str) -> Written:
        """The file with the test in it."""
        crlf = "\r\n" in (blueprint.existing or "")
        text = (blueprint.existing or "").replace("\r\n", "\n")
        own = Page(blueprint.path, text)
        others = [Page(near.path, near.text) for near in blueprint.neighbours if near.path != blueprint.path]
        quote = next((page.quote for page in ([own] if text.strip() else []) + others), '"')
        borrowed = _borrowed(own, blueprint) if text.strip() else None
        beside = borrowed.test.full_name if borrowed else blueprint.beside
        at = place(own, beside, [target.name for target in blueprint.targets]) if text.strip() else None
        if at is None and not text.strip():
            text, at = new_file(blueprint, self.framework, others, quote)
        elif at is None:
            rest, at = new_file(blueprint, self.framework, [own, *others], quote)
            opened = rest.split("\n")[at.after - 1 :]
            text = "\n".join([text.rstrip("\n"), "", *opened])
            at = Place(text.rstrip("\n").count("\n"), at.lead, at.word)
        body = write_body(blueprint, self.framework, at, quote, borrowed)
        text, span = _put(text, at, self._test(blueprint.story, at, quote, template, body))
        name = self._added(blueprint, text)
        return Written(text.replace("\n", "\r\n") if crlf else text, span, name, tuple(body.todos))

    def _test(self, story: Story, at: Place, quote: str, template: str, body: Body) -> list[str]:
        title = title_text(story)
        literal = string(title, quote_for(title, quote))
        word = _MARKED.get(at.word, at.word)
        if word != "def":
            template = re.sub(r"(?m)^(\s*)(?:def \$name|it \$literal_title do)$", rf"\g<1>{word} $literal_title do", template)
        return fill(
            template,
            {
                "name": _method(story),
                "literal_title": literal,
                "title": title,
                "issue": str(story.number or ""),
                "url": one_line(story.url, 300),
                "parameters": "",
                "decorators": [],
                "given": body.given,
                "when": body.when,
                "then": body.then,
                "conditions": body.conditions,
                "finish": body.finish,
            },
        )

    def _added(self, blueprint: Blueprint, text: str) -> str:
        """What recall calls the new test, with the groups around it."""
        more = Counter(self.tests(blueprint.path, text.encode(errors="surrogateescape")))
        more.subtract(Counter(self.tests(blueprint.path, (blueprint.existing or "").encode(errors="surrogateescape"))))
        return next((name for name, count in more.items() if count > 0), "")


def _borrowed(own: Page, blueprint: Blueprint) -> Borrowed | None:
    """A call of what changed as the file's own tests make it, those nearest to `beside` first."""
    at = next((number for number, test in enumerate(own.tests) if test.full_name == blueprint.beside), len(own.tests))
    tests = [test for _, test in sorted(enumerate(own.tests), key=lambda pair: abs(pair[0] - at))]
    for target in sorted(blueprint.targets, key=lambda each: each.kind == "class"):
        if target.reachable and not is_module(target) and (found := borrow(own, tests, target)):
            return found
    return None


def _method(story: Story) -> str:
    words = ["issue", str(story.number)] if story.number is not None else []
    return "_".join(["test", *words, *name_words(story.title)] if words or name_words(story.title) else ["test_regression"])


def _put(text: str, at: Place, block: Sequence[str]) -> tuple[str, Span]:
    """The text with the block at its place, a blank line around it where there is none, and the lines that it takes."""
    lines = text.split("\n")
    above, below = lines[: at.after], lines[at.after :]
    shown = [f"{at.lead}{line}" if line else "" for line in block]
    opens = re.compile(r"\bdo(?:\s*\|[^|]*\|)?\s*$|^\s*(?:class|module)\b")
    needs_above = bool(above) and bool(above[-1].strip()) and not opens.search(above[-1])
    needs_below = bool(below) and bool(below[0].strip()) and not re.match(r"\s*end\b", below[0])
    start = len(above) + needs_above + 1
    merged = [*above, *([""] if needs_above else []), *shown, *([""] if needs_below else []), *below]
    return "\n".join(merged), Span(start, start + len(shown) - 1)
