"""The reasons for one test, piece by piece, so that a person can check each: the words, commits, lines and counts behind it.

Every kind of evidence that moved the test's place becomes one piece, with its part of the sum as `weight`.
"""

from collections.abc import Callable, Mapping, Sequence

from app.analysis.findings import Findings
from app.analysis.names import likeness, name_parts
from app.analysis.question import before, front
from app.analysis.words import IDENTIFIER, Weighted, clean, parts, rarity
from app.domain.evidence import Evidence, Source

_SHOWN = 5
_SLIGHT = 0.05


def reasons(findings: Findings, index: int, weights: Mapping[str, float]) -> tuple[Evidence, ...]:
    """The evidence for the test at `index`, the weightiest first; what hardly counts is left out, imports never are."""
    pieces = [piece for name, tell in _TELL.items() for piece in _pieces(findings, index, name, weights.get(name, 0.0), tell)]
    return tuple(sorted(pieces, key=lambda piece: -piece.weight))


Facts = tuple[Evidence, ...]
_Tell = Callable[[Findings, int], Facts]


def _pieces(findings: Findings, index: int, name: str, weight: float, tell: _Tell) -> list[Evidence]:
    worth = weight * findings.strengths[name][index]
    if abs(worth) < _SLIGHT and name != "imports":
        return []
    facts = tell(findings, index)
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
        if before(file) in reached
        for symbol in file.symbols
        if symbol.name in held or (symbol.name.startswith("__") and symbol.qualified.split(".")[-2:][0] in held)
    )


def _common(asked: Weighted, bags: Sequence[Mapping[str, float]], index: int) -> list[str]:
    """The words asked for that this bag holds, the most telling first."""
    found = {word: weight for word, weight in asked.items() if word in bags[index]}
    worth = {word: weight * rarity(sum(word in bag for bag in bags), len(bags)) for word, weight in found.items()}
    return sorted(worth, key=lambda word: (-worth[word], word))[:_SHOWN]


def _spelled(text: str, found: Sequence[str]) -> tuple[str, ...]:
    """Parts of words as the text first spells them: `pars` -> `parsing`."""
    spelled: dict[str, str] = {}
    for word in IDENTIFIER.findall(text):
        for part in parts(word):
            spelled.setdefault(part, word)
    return tuple(dict.fromkeys(spelled.get(part, part) for part in found))


def _message_text(findings: Findings, index: int) -> Facts:
    common = _common(findings.fix.message, [text.parts for text in findings.texts], index)
    return (Evidence(Source.WORDS, "message-in-text", _spelled(clean(findings.question.message), common)),)


def _message_title(findings: Findings, index: int) -> Facts:
    common = _common(findings.fix.message, [text.title_parts for text in findings.texts], index)
    return (Evidence(Source.WORDS, "message-in-title", _spelled(clean(findings.question.message), common)),)


def _message_code(findings: Findings, index: int) -> Facts:
    names = _common(findings.names, [text.identifiers for text in findings.texts], index)
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
        return (Evidence(Source.NAME, "name-shares-words", _spelled(path, known)),)
    said = tuple(part for part in dict.fromkeys(own) if part in findings.fix.message)
    return (Evidence(Source.NAME, "name-in-message", _spelled(path, said)),)


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
    names = _common(findings.fix.code, [text.identifiers for text in findings.texts], index)
    return (Evidence(Source.WORDS, "code-in-text", tuple(names)),)


def _symbol_title(findings: Findings, index: int) -> Facts:
    common = _common(findings.fix.symbol_parts, [text.title_parts for text in findings.texts], index)
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
