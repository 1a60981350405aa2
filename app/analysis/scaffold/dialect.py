"""What a language has to know so that a test can be written in it; `dialects` holds one module for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.change import Span
from app.domain.scaffold import Blueprint, Neighbour, Story, Todo


@dataclass(frozen=True, slots=True)
class Written:
    """A test file with the new test in it. `span` are the lines of the new test, `name` is what runners call it in the file.

    `todo` is what is left to a person; `asserts` says that it ends in a real assertion.
    """

    text: str
    span: Span
    name: str
    todo: tuple[Todo, ...] = ()
    asserts: bool = False


class Dialect(Protocol):
    """One language, in the manner of one test framework. Pure; `compose` checks what it writes and is the only one to call it."""

    def grammar(self, path: str) -> str:
        """The tree-sitter grammar that a file at `path` is parsed with, as `languages.trees` names it."""

    def string(self, text: str) -> str:
        """A literal of any text, by the language's own quoting; it stays one line and can hold nothing that is evaluated."""

    def comment(self, text: str) -> list[str]:
        """Lines of comment for any text: no line break and no end of a comment can survive in it."""

    def tests(self, path: str, source: bytes) -> Sequence[str]:
        """The names of the tests that a file defines, as `TestId` carries them."""

    def name(self, story: Story, neighbours: Sequence[Neighbour]) -> str:
        """The identifier or title of the new test, in the neighbours' naming."""

    def write(self, blueprint: Blueprint, template: str) -> Written:
        """The whole file with the test in it, and where that stands."""
