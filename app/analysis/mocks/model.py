"""What reading a test for its stand-ins gives: what is replaced, where, how, and for which lines of the test it holds."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.domain.change import Span
from app.domain.seam import SeamKind


@dataclass(frozen=True, slots=True)
class Mock:
    """One place where a test puts a stand-in for something else.

    What it replaces is either `names` of the module `target` (as in an import; in Python `target` may be a whole dotted
    name), or, with `kind`, what of that kind lies outside the program, narrowed to `library` where it stands in for only one,
    or, with `stands_for`, something known by its bare name alone (`FakeClient` -> `Client`). `scope` are the lines it holds
    for, None for the whole file.
    """

    how: str
    line: int
    scope: tuple[Span, ...] | None = None
    target: str = ""
    names: tuple[str, ...] = ()
    kind: SeamKind | None = None
    library: str = ""
    stands_for: str = ""


@dataclass(frozen=True, slots=True)
class MocksOf:
    """How one language is read. `mark` stands in any test that replaces something, so that others are not parsed."""

    mocks: Callable[[bytes], Iterator[Mock]]
    mark: re.Pattern[bytes]
