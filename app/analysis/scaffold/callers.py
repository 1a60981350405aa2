"""Who uses a definition that no test can reach: the way in for a test of it, where its own file shows one."""

import re
from collections.abc import Mapping

from app.analysis.scaffold.signatures import Reader, Signature
from app.domain.change import Symbol

# Further away than this, what is called has little to do with what changed.
MOST_HOPS = 3
# A shorter name is a word like any other, unless it is called.
_TELLING = 6


def caller(reader: Reader, source: bytes, symbol: Symbol, known: Mapping[str, Symbol]) -> tuple[Symbol, Signature] | None:
    """The nearest function or method of the file that uses the definition and that a test can call; None without one.

    By name alone: `validateProps` is private to its module, `initProps` that calls it is not.
    """
    lines = source.decode(errors="surrogateescape").split("\n")
    seen, near = {symbol.qualified}, [symbol]
    for _ in range(MOST_HOPS):
        using = [one for one in known.values() if one.qualified not in seen and any(_uses(one, each, lines) for each in near)]
        for one in using:
            signature = reader.signature(source, one.qualified)
            if signature is not None and signature.reachable:
                return one, signature
        seen.update(one.qualified for one in using)
        near = using
    return None


def _uses(one: Symbol, other: Symbol, lines: list[str]) -> bool:
    """Whether the text of `one` names `other`, which does not stand in it."""
    if one.kind == "class" or (one.span.start <= other.span.start and other.span.end <= one.span.end):
        return False
    called = "" if len(other.name) >= _TELLING else r"\s*\("
    text = "\n".join(lines[one.span.start - 1 : one.span.end])
    return re.search(rf"(?<![\w$]){re.escape(other.name)}(?![\w$]){called}", text) is not None
