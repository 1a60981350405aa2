"""What reading a file for what it uses gives: what its names are bound to by imports, and each call of something imported."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from app.domain.change import Span

_TALKS = re.compile(r"connect|client|session|engine|pool", re.IGNORECASE)
_CLASS = re.compile(r"^_?[A-Z]\w*[a-z]")


@dataclass(frozen=True, slots=True)
class Bound:
    """What a name stands for: `names` of the module `target`, the latter as in an `Import`."""

    target: str
    names: tuple[str, ...] = ()

    def of(self, names: Iterable[str]) -> "Bound":
        """What is reached by going on from it."""
        return Bound(self.target, (*self.names, *names))


@dataclass(frozen=True, slots=True)
class Use:
    """One call of something imported: `names` of the module `target`, and the line of the call."""

    target: str
    names: tuple[str, ...]
    line: int


class Names:
    """What the names of one file stand for: imported ones, and fields and variables that hold an imported thing.

    `hidden` are imported names that some variable or parameter takes for something else; they mean nothing sure.
    """

    def __init__(self, imported: Mapping[str, Bound] | None = None) -> None:
        self.imported = dict(imported or {})
        self.fields: dict[str, Bound | None] = {}
        self.variables: dict[str, Bound | None] = {}
        self.hidden: set[str] = set()

    def hold(self, name: str, held: Bound | None, *, field: bool) -> None:
        """Notes what is put into a field or variable; one that holds now this, now that, stands for nothing."""
        where = self.fields if field else self.variables
        if not field and name in self.imported:
            self.hidden.add(name)
        elif held is not None:
            where[name] = held if where.get(name, held) == held else None

    def meaning(self, chain: tuple[str, ...], selves: frozenset[str]) -> Bound | None:
        """What `client.charge` stands for, None where it is nothing imported; `selves` are names for the object itself."""
        root, *rest = chain
        if root in selves:
            held = self.fields.get(rest[0]) if rest else None
            return held.of(rest[1:]) if held else None
        if held := self.variables.get(root):
            return held.of(rest)
        if root in self.hidden or root not in self.imported:
            return None
        return self.imported[root].of(rest)


@dataclass(frozen=True, slots=True)
class UsesOf:
    """How one language is read; both take the bytes of a file and never raise."""

    names: Callable[[bytes], Names]
    uses: Callable[[bytes, tuple[Span, ...]], tuple[Use, ...]]


def carries(name: str) -> bool:
    """Whether what a call of this name gives is likely the thing to talk through: an object of a class, a connection."""
    return bool(_CLASS.match(name) or _TALKS.search(name))
