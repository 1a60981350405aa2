"""What every language's signatures are read into, and what a reader may look at."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from app.domain.change import Symbol
from app.domain.scaffold import Parameter


@dataclass(frozen=True, slots=True)
class Signature:
    """How one definition is called; the fields mean what they mean in `Target`."""

    parameters: tuple[Parameter, ...] = ()
    owner: str = ""
    owner_parameters: tuple[Parameter, ...] = ()
    is_async: bool = False
    is_static: bool = False
    reachable: bool = True
    export: str = ""
    gives: str = ""
    access: str = "public"
    package: str = ""
    imports: tuple[str, ...] = ()
    type_parameters: bool = False
    buildable: bool = True


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The commit that is written on: `test` is where the test goes, `tree` holds all paths, `read` gives a text."""

    test: str
    tree: Collection[str]
    read: Callable[[str], str | None]


class Reader(Protocol):
    """One language. Nothing here raises on any input."""

    def symbols(self, source: bytes) -> tuple[Symbol, ...]:
        """The named definitions of a file (`languages.symbols`, or more where that does not parse the language)."""

    def signature(self, source: bytes, qualified: str) -> Signature | None:
        """How the definition of that dotted name is called; None where the file has no such definition."""

    def module(self, path: str, source: bytes, around: Surroundings) -> str:
        """How the test's file names the file at `path` when it imports it."""
