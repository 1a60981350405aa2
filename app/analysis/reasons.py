"""The reasons for one test, piece by piece, so that a person can check each: the words, commits, lines and counts behind it.

Every kind of evidence that moved the test's place becomes one piece, with its part of the sum as `weight`.
"""

from collections.abc import Callable, Mapping, Sequence

from app.analysis.findings import Findings
from app.analysis.names import likeness, name_parts
from app.analysis.question import front
from app.analysis.words import IDENTIFIER, PIECE, clean, parts
from app.domain.evidence import Evidence, Source

_SHOWN = 5
_SLIGHT = 0.05


def reasons(findings: Findings, index: int, weights: Mapping[str, float]) -> tuple[Evidence, ...]:
    """The evidence for the test at `index`, the weightiest first; what hardly counts is left out, imports never are."""
    pieces = [piece for name in _TELL for piece in _pieces(findings, index, name, weights.get(name, 0.0))]
    return tuple(sorted(pieces, key=lambda piece: -piece.weight))


def reaching(findings: Findings, index: int, weights: Mapping[str, float]) -> tuple[Evidence, ...]:
    """The imports alone: for the many tests that are counted but not shown."""
    return tuple(_pieces(findings, index, "imports", weights.get("imports", 0.0)))


Facts = tuple[Evidence, ...]
_Tell = Callable[[Findings, int], Facts]


def _pieces(findings: Findings, index: int, name: str, weight: float) -> list[Evidence]:
    worth = weight * findings.strengths[name][index]
    if abs(worth) < _SLIGHT and name != "imports":
        return []
    facts = _TELL[name](findings, index)
    return [_weighed(fact, worth / len(facts)) for fact in facts]


def _weighed(fact: Evidence, weight: float) -> Evidence:
    return Evidence(fact.source, fact.reason, fact.names, fact.commits, fact.line, fact.count, fact.of, round(weight, 3))


def reached_symbols(findings: Findings, path: str) -> tuple[str, ...]:
    """The changed functions and classes that the test can be seen to name in a file whose code it imports."""
    reached = {reached.path for reached in findings.question.reached.get(path, ())}
    held = findings.question.words[path].identifiers
    return tuple(
        symbol.qualified
        for file in findings.question.files
        if file.before in reached
        for symbol in file.symbols
        if symbol.name in held or (symbol.name.startswith("__") and symbol.qualified.split(".")[-2:][0] in held)
    )


def _common(findings: Findings, query: str, index: int) -> list[str]:
    """The words asked for that the test at `index` holds, the most telling first."""
    worth, bags = findings.telling[query]
    bag = bags[index]
    return sorted((word for word in worth if word in bag), key=lambda word: (-worth[word], word))[:_SHOWN]


def _spelled(text: str, found: Sequence[str]) -> tuple[str, ...]:
    """Parts of words as the text first spells them: `pars` -> `parsing`."""
    spelled: dict[str, str] = {}
    for word in IDENTIFIER.findall(text):
        for part in parts(word):
            spelled.setdefault(part, word)
    return tuple(dict.fromkeys(spelled.get(part, part) for part in found))


def _in_path(path: str, found: Sequence[str]) -> tuple[str, ...]:
    """Parts of a file's name as they stand in it: `cooki` -> `cookies`."""
    pieces = {part: piece for piece in PIECE.findall(front(path)) for part in parts(piece)}
    return tuple(dict.fromkeys(pieces.get(part, part) for part in found))


def _message_text(findings: Findings, index: int) -> Facts:
    common = _common(findings, "message-text", index)
    return (Evidence(Source.WORDS, "message-in-text", _spelled(clean(findings.question.message), common)),)


def _message_title(findings: Findings, index: int) -> Facts:
    common = _common(findings, "message-title", index)
    return (Evidence(Source.WORDS, "message-in-title", _spelled(clean(findings.question.message), common)),)


def _message_code(findings: Findings, index: int) -> Facts:
    names = _common(findings, "message-code", index)
    return (Evidence(Source.MENTION, "message-names-code", tuple(names)),)


def _mentioned(findings: Findings, index: int) -> Facts:
    path = findings.paths[index]
    spoken = next(name for name in (path, path.rpartition("/")[2], front(path)) if name in findings.question.message)
    return (Evidence(Source.MENTION, "message-names-test", (spoken,)),)


def _name(findings: Findings, index: int) -> Facts:
    path = findings.paths[index]
    alike = {source: likeness({source: share}, [path])[0] for source, share in findings.fix.roots.items()}
    nearest = max(alike, key=lambda source: alike[source], default="")
    if nearest and name_parts(nearest) == name_parts(path):
        return (Evidence(Source.NAME, "named-after", (nearest,)),)
    own = name_parts(path)
    known = tuple(part for part in dict.fromkeys(own) if part in findings.fix.names or part in findings.fix.symbol_parts)
    if known:
        return (Evidence(Source.NAME, "name-shares-words", _in_path(path, known)),)
    said = tuple(part for part in dict.fromkeys(own) if part in findings.fix.message)
    return (Evidence(Source.NAME, "name-in-message", _in_path(path, said)),)


def _folder(findings: Findings, index: int) -> Facts:
    return (Evidence(Source.NAME, "near-folder", (findings.paths[index].rpartition("/")[0],)),)


def _together(findings: Findings, index: int) -> Facts:
    found = findings.together[findings.paths[index]]
    return (Evidence(Source.HISTORY, "changed-together", (), found.commits[:_SHOWN], None, found.count, found.of),)


def _lines(findings: Findings, index: int) -> Facts:
    path = findings.paths[index]
    on_lines = findings.on_lines.get(path)
    if on_lines is not None:
        return (Evidence(Source.HISTORY, "changed-with-these-lines", (), on_lines.commits[:_SHOWN]),)
    return (Evidence(Source.HISTORY, "changed-with-lines-near", (), findings.near_lines[path].commits[:_SHOWN]),)


def _like(findings: Findings, index: int) -> Facts:
    found = findings.like.get(findings.paths[index])
    return (Evidence(Source.HISTORY, "changed-for-like-reason", (), found.commits[:_SHOWN] if found else ()),)


def _code(findings: Findings, index: int) -> Facts:
    names = _common(findings, "code-words", index)
    return (Evidence(Source.WORDS, "code-in-text", tuple(names)),)


def _symbol_title(findings: Findings, index: int) -> Facts:
    common = _common(findings, "symbol-title", index)
    if not common:
        return _message_title(findings, index)
    return (Evidence(Source.WORDS, "symbol-in-title", _spelled(" ".join(findings.fix.symbols), common)),)


def _imports(findings: Findings, index: int) -> Facts:
    reached = findings.question.reached.get(findings.paths[index], ())
    return tuple(Evidence(Source.IMPORTS, r.reason, r.names or (r.path,), line=r.line) for r in reached[:_SHOWN])


def _size(findings: Findings, index: int) -> Facts:
    return (Evidence(Source.WORDS, "length", count=sum(findings.texts[index].parts.values())),)


_TELL: dict[str, _Tell] = {
    "message-text": _message_text,
    "message-title": _message_title,
    "message-code": _message_code,
    "mentioned": _mentioned,
    "name-explained": _name,
    "folder": _folder,
    "changed-together": _together,
    "same-lines": _lines,
    "like-reason": _like,
    "code-words": _code,
    "symbol-title": _symbol_title,
    "imports": _imports,
    "size": _size,
}
