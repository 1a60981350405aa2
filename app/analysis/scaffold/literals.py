"""The values that a fix changed: numbers, boundaries, texts of errors, constants; the same in every language, by tokens."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from app.domain.change import FileChange, Hunk
from app.domain.scaffold import Literal

MOST = 8
MAX_LINES = 400
MAX_VALUE = 120
_TOKEN = re.compile(
    r"(?P<comment>(?:#|//)[^\n]*)"
    r"|(?P<string>[rbfuRBFU]{0,2}(?:\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\\n]|\\.)*+`))"
    r"|(?P<boundary>(?:typeof\s+)?[A-Za-z_$](?:[\w.$]|->|::|\?\.){0,60}(?:\(\w{0,20}\)|\[[\w'\"-]{1,20}\])?(?:\s*(?:<=|>=|===|!==|==|!=)\s*|\s+[<>]\s+|[<>](?=-?\d))"
    r"(?:-?\d[\w.]*|[A-Za-z_$](?:[\w.$]|->|::|\?\.){0,60}(?:\(\w{0,20}\))?|\"[^\"\\\n]{0,40}\"|'[^'\\\n]{0,40}')(?![\w(]))"
    r"|(?P<number>(?<![\w.])-?\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.]))"
)
_ERROR = re.compile(r"\b(?:raise|throw|panic|fail|error|Error|Exception|errors\.New|Errorf|abort|warn)\b|(?:Error|Exception)\(")
# A comparison stands in a line that decides or gives something; elsewhere it is a sentence ("versions > 6.2").
_DECIDES = re.compile(r"\b(?:if|elif|elsif|unless|while|until|for|return|assert|and|or|when|case|match)\b|[=?&|]|^\s*\(")
# A comparison between these is a part of a longer one, which would be told wrong.
_CUT_BEFORE = re.compile(r"[\w)\]]\s*[-+*/%]\s*$|[.)\]:]$")
_CUT_AFTER = re.compile(r"\s*[-+*/%](?![-+*/%=])|[.\[(]|::|->")
# What a renaming can change in a comparison: names that start small, without the words that are values.
_NAME = re.compile(r"\"[^\"]*\"|'[^']*'|[A-Z]\w*|\b(?:null|nil|none|true|false|undefined|typeof)\b|(?P<name>[a-z_$][\w$]*)")
# A string alone on its line is a Go import.
_IMPORT = re.compile(r'^\s*(?:import\s+)?(?:[\w.]+\s+)?"[\w./-]+"\s*$')
_VERSION = re.compile(r"\bversion\b\W{1,4}[\"'\d]|__version__|[\"']version[\"']", re.IGNORECASE)
_CONSTANT = re.compile(r"^\s*(?:(?:public|private|static|final|const|export|let|var|pub)\s+)*[A-Z][A-Z0-9_]{2,}\b[^=\n]{0,40}=")


def changed_literals(files: Sequence[FileChange]) -> tuple[Literal, ...]:
    """At most `MOST` values that stand in lines of the changed code before and not after, or the other way; pairs first."""
    found = [literal for file in files for hunk in file.hunks for literal in _literals(file, hunk)]
    gone, come = {one.before for one in found if not one.after}, {one.after for one in found if not one.before}
    moved = gone & come
    kept = [one for one in found if not {one.before, one.after} & moved]
    once: dict[tuple[str, str, str], Literal] = {}
    for one in kept:
        once.setdefault((one.before, one.after, one.path), one)
    return tuple(sorted(once.values(), key=lambda one: not (one.before and one.after)))[:MOST]


def _is_renamed(kind: str, old: str, new: str) -> bool:
    """Whether two comparisons differ in names only."""
    plain = (_NAME.sub(lambda match: "_" if match["name"] else match[0], text) for text in (old, new))
    return kind == "boundary" and len(set(plain)) == 1


def _literals(file: FileChange, hunk: Hunk) -> Iterator[Literal]:
    before, after = _values(hunk.removed), _values(hunk.added)
    line = hunk.new.start if hunk.new else hunk.after
    for kind in ("boundary", "error-text", "constant", "number", "string"):
        gone = list((before.get(kind, Counter()) - after.get(kind, Counter())).elements())
        come = list((after.get(kind, Counter()) - before.get(kind, Counter())).elements())
        if len(gone) == len(come) <= 2:
            pairs = zip(gone, come, strict=True)
            yield from (Literal(kind, old, new, file.path, line) for old, new in pairs if not _is_renamed(kind, old, new))
        elif kind not in ("number", "string") and len(gone) + len(come) <= 3:
            yield from (Literal(kind, old, "", file.path, line) for old in gone)
            yield from (Literal(kind, "", new, file.path, line) for new in come)


def _values(lines: Sequence[str]) -> dict[str, Counter[str]]:
    values: dict[str, Counter[str]] = {}
    for line in lines[:MAX_LINES]:
        if _VERSION.search(line) or _IMPORT.match(line):
            continue
        for match in _TOKEN.finditer(line[:2_000]):
            kind = match.lastgroup or ""
            if kind == "comment" or len(match[0]) > MAX_VALUE or match[0].strip("rbfuRBFU") in ('""', "''", "``"):
                continue
            if kind == "boundary" and not _is_whole(line, match):
                continue
            if kind == "string":
                kind = "error-text" if _ERROR.search(line) and " " in match[0] else kind
            if kind in ("string", "number") and _CONSTANT.match(line):
                kind = "constant"
            values.setdefault(kind, Counter())[match[0]] += 1
    return values


def _is_whole(line: str, match: re.Match[str]) -> bool:
    """Whether a comparison decides something, and is not the middle of a longer one."""
    if _CUT_BEFORE.search(line[max(0, match.start() - 80) : match.start()]) or _CUT_AFTER.match(line, match.end()):
        return False
    return bool(_DECIDES.search(line.replace(match[0], "")))
