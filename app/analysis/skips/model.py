"""Something that keeps a test from running, or lets it fail: where it stands, which lines it holds for, how people say it."""

from dataclasses import dataclass

from tree_sitter import Node

from app.analysis.languages import trees
from app.domain.change import Span

_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Skip:
    """One of them. `scope` are the lines that it holds for, None for the whole file; `others` turns that round: it holds for all
    tests but those (`it.only`). `fails` says that the test runs and is expected to fail.
    """

    said: str
    line: int
    scope: Span | None = None
    others: bool = False
    fails: bool = False

    def holds_for(self, test: Span) -> bool:
        """Whether it holds for the test on those lines: it stands around the test, or within it."""
        if self.scope is None:
            return True
        if self.others:
            return not (_contains(self.scope, test) or _contains(test, self.scope))
        return _contains(self.scope, test) or _contains(test, self.scope)


def skip(node: Node, scope: Node | None, *, fails: bool = False, others: bool = False, said: str = "") -> Skip:
    """The skip that is written at `node` and holds for the lines of `scope`."""
    text = said or " ".join(trees.text_of(node).split())[:_LONGEST]
    return Skip(text, trees.span_of(node).start, trees.span_of(scope) if scope is not None else None, others, fails)


def _contains(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
