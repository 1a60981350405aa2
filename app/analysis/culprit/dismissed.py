"""Which candidates are no suspects, whatever speaks for them: formatting, comments, a change taken back, a change made again.

On 1,154 fixes whose developers named the cause, four of 6,613 such candidates were it. Measured, not assumed: others stay.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from app.analysis import languages
from app.analysis.culprit.telling import is_telling
from app.domain.change import ChangeSet, Hunk
from app.domain.culprit import Authored, Candidate, PatchedFile, TracedFile, Trail

FORMAT, COMMENTS, UNDONE, UNDOES = "format-only", "comment-only", "undone", "undoes"
# Where indents mean something, a few lines moved by them alone can be a bug; of so many it is a formatter's work.
_BULK = 20
_BY_INDENT = frozenset({"python", None})
# A change of fewer telling lines can be made twice by chance; then a like subject has to say that it is the same.
_UNLIKELY = 4
_ALIKE = 0.6
# Lines of a patch beyond which it is not compared with others: nobody makes that again by hand.
_LONG = 2000
_BLANKS = re.compile(r"\s+")
_OPTIONAL = re.compile(r",(?=[)\]}])|;$")
_AGAIN = re.compile(r'^(?:revert|reapply|reland|re-?apply|redo)\b:?\s*|^"|"$', re.IGNORECASE)

_Lines = tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """A trail without the candidates that are no suspects. `dismissed` says why, by sha; `copies` are the shas of changes that
    were made again, oldest first, by the one that made them first.
    """

    trail: Trail
    dismissed: Mapping[str, str] = field(default_factory=dict)
    copies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def settled(trail: Trail) -> Settled:
    """The trail as a guess should see it.

    Lines of a change that was made again are credited to the first to make it. One that is dismissed, but that blame could not
    look behind (it is still credited with a telling line), stays.
    """
    first = repeats(trail.candidates)
    traced = {path: _credited(file, first) for path, file in trail.traced.items()}
    owners = {line.sha for path, file in traced.items() for line in _telling(path, file)}
    found = dismissed(trail.change, trail.candidates)
    why = {sha: reason for sha, reason in found.items() if sha not in owners and sha not in first}
    kept = {sha: _own(one, traced) for sha, one in trail.candidates.items() if sha not in why and sha not in first}
    copies: dict[str, tuple[str, ...]] = {}
    for copy in reversed([sha for sha in trail.candidates if sha in first]):
        copies[first[copy]] = (*copies.get(first[copy], ()), copy)
    return Settled(replace(trail, traced=traced, candidates=kept), why, copies)


def dismissed(change: ChangeSet, candidates: Mapping[str, Candidate]) -> Mapping[str, str]:
    """The candidates that cannot have let the bug in that `change` mends, each with the reason.

    A fix that changes nothing but layout or comments dismisses nobody for having done so; and whoever took back what the fix
    makes again (an earlier fix) is no mere return to the state before.
    """
    found: dict[str, str] = {}
    if not all(_only_formats(file.path, file.hunks) for file in change.code):
        found |= {sha: FORMAT for sha, one in candidates.items() if is_format_only(one)}
    if not all(_only_comments(file.path, file.hunks) for file in change.code):
        found |= {sha: COMMENTS for sha, one in candidates.items() if sha not in found and is_comment_only(one)}
    mends = _signature(PatchedFile(file.path, file.before, file.hunks) for file in change.code)
    for undone, undoes in _taken_back(candidates):
        if not _is_like(mends, _signature(candidates[undone].patch)):
            found[undone] = UNDONE
            found[undoes] = UNDOES
    return found


def edges(trail: Trail) -> frozenset[str]:
    """Where a shallow clone ends: the commit there looks as if it had written all that is older."""
    if not any(one.reason == "shallow" for one in trail.unchecked):
        return frozenset()
    return frozenset(sha for sha, one in trail.candidates.items() if not one.parents)


def hiding(change: ChangeSet, candidates: Mapping[str, Candidate]) -> frozenset[str]:
    """Those of the dismissed that stand before whoever wrote their lines, so that blame has to look behind them."""
    copies = repeats(candidates)
    return frozenset(sha for sha, reason in dismissed(change, candidates).items() if reason != COMMENTS and sha not in copies)


def repeats(candidates: Mapping[str, Candidate]) -> Mapping[str, str]:
    """Candidates that do to the files just what an older one did, by that one's sha: picked to a branch, or made again after it
    was taken back. As `git patch-id` does, this leaves line numbers and blanks out of the comparison.
    """
    first: dict[_Lines, Candidate] = {}
    copies = {}
    for one, lines in _comparable(candidates):
        older = first.setdefault(lines, one)
        if older is not one and _is_meant(lines, older, one):
            copies[one.sha] = older.sha
    return copies


def is_format_only(candidate: Candidate) -> bool:
    """Whether it left every word of the files where it stood: only blanks, line ends, quotes, closing commas and semicolons.

    Of a formatter that went over many lines also the parentheses that it puts around what it breaks into several.
    """
    files = [file for file in candidate.patch if file.hunks]
    hunks = [hunk for file in files for hunk in file.hunks]
    if not files or candidate.parents > 1:
        return False
    bulk = sum(len(hunk.removed) + len(hunk.added) for hunk in hunks) >= _BULK
    if not all(_only_formats(file.path, file.hunks, bulk) for file in files):
        return False
    by_indent = any(languages.language_of(file.path or "") in _BY_INDENT for file in files)
    return bulk or not (by_indent and any(_indents(hunk.removed) != _indents(hunk.added) for hunk in hunks))


def is_comment_only(candidate: Candidate) -> bool:
    """Whether all that it changed in the files are lines that tell nothing: comments, blanks, lone braces."""
    files = [file for file in candidate.patch if file.hunks]
    return bool(files) and all(file.path and file.old_path and _only_comments(file.path, file.hunks) for file in files)


def _only_formats(path: str | None, hunks: Iterable[Hunk], bulk: bool = False) -> bool:
    """Whether all hunks keep their words; those that were cut cannot tell, and one at least has to be whole."""
    whole = [hunk for hunk in hunks if _is_whole(hunk)]
    return bool(path and whole) and all(_folded(hunk.removed, bulk) == _folded(hunk.added, bulk) for hunk in whole)


def _only_comments(path: str, hunks: Iterable[Hunk]) -> bool:
    language = languages.language_of(path)
    return not any(is_telling(language, line) for hunk in hunks for line in (*hunk.removed, *hunk.added))


def _is_whole(hunk: Hunk) -> bool:
    removed = hunk.old.end - hunk.old.start + 1 if hunk.old else 0
    added = hunk.new.end - hunk.new.start + 1 if hunk.new else 0
    return len(hunk.removed) == removed and len(hunk.added) == added


def _folded(lines: Iterable[str], bulk: bool) -> str:
    text = "".join(_OPTIONAL.sub("", _BLANKS.sub("", line).removesuffix("\\")) for line in lines)
    text = _OPTIONAL.sub("", text.replace("'", '"'))
    return text.replace("(", "").replace(")", "") if bulk else text


def _indents(lines: Iterable[str]) -> list[int]:
    return [len(line) - len(line.lstrip()) for line in lines if line.strip()]


def _taken_back(candidates: Mapping[str, Candidate]) -> Iterator[tuple[str, str]]:
    """Changes with the one that took them back. What is taken back may itself have taken one back; then that one stands again."""
    standing: dict[_Lines, list[str]] = {}
    behind: dict[str, str] = {}
    for one, lines in _comparable(candidates):
        undone = standing.get(_inverse(lines), [])
        if undone and _is_meant(lines, candidates[undone[-1]], one):
            behind[one.sha] = undone.pop()
            if again := behind.pop(behind[one.sha], None):
                standing.setdefault(lines, []).append(again)
                continue
        standing.setdefault(lines, []).append(one.sha)
    yield from ((undone, undoes) for undoes, undone in behind.items())


def _comparable(candidates: Mapping[str, Candidate]) -> Iterator[tuple[Candidate, _Lines]]:
    """The candidates, oldest first, with their lines; only those for which another one is large enough to be the same or the
    opposite, which is quickly counted.
    """
    sizes = {sha: _size(one.patch) for sha, one in candidates.items() if one.parents < 2}
    same = Counter(sizes.values())
    for sha, (removed, added) in reversed(list(sizes.items())):
        if same[removed, added] > 1 or (removed != added and same[added, removed]):
            lines = _signature(candidates[sha].patch)
            if lines:
                yield candidates[sha], lines


def _size(files: Iterable[PatchedFile]) -> tuple[int, int]:
    hunks = [hunk for file in files for hunk in file.hunks]
    return sum(len(hunk.removed) for hunk in hunks), sum(len(hunk.added) for hunk in hunks)


def _signature(files: Iterable[PatchedFile]) -> _Lines:
    """The removed and added lines of each hunk without their blanks; nothing of a patch that is very long."""
    hunks = [hunk for file in files for hunk in file.hunks]
    if sum(len(hunk.removed) + len(hunk.added) for hunk in hunks) > _LONG:
        return ()
    return tuple(sorted((_squeezed(hunk.removed), _squeezed(hunk.added)) for hunk in hunks))


def _squeezed(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple("".join(line.split()) for line in lines)


def _inverse(lines: _Lines) -> _Lines:
    return tuple(sorted((added, removed) for removed, added in lines))


def _is_meant(lines: _Lines, older: Candidate, newer: Candidate) -> bool:
    """Whether two changes are alike on purpose, and not just short."""
    telling = sum(any(sign.isalnum() for sign in line) for hunk in lines for side in hunk for line in side)
    return telling >= _UNLIKELY or _topic(older.subject) == _topic(newer.subject)


def _topic(subject: str) -> str:
    """The subject without how often it was taken back and made again: `Revert "Revert "A""` is about `A`."""
    for _ in range(8):
        shorter = _AGAIN.sub("", subject.strip())
        if shorter == subject:
            break
        subject = shorter
    return subject.casefold()


def _is_like(mends: _Lines, lines: _Lines) -> bool:
    """Whether two changes have most of what they add and remove in common."""
    one, other = (
        {(side, line) for hunk in change for side in (0, 1) for line in hunk[side] if any(sign.isalnum() for sign in line)}
        for change in (mends, lines)
    )
    return len(one & other) > _ALIKE * len(one | other)


def _credited(file: TracedFile, first: Mapping[str, str]) -> TracedFile:
    authored = {
        number: replace(line, sha=first[line.sha]) if line.sha in first else line for number, line in file.authored.items()
    }
    return replace(file, authored=authored)


def _telling(path: str, file: TracedFile) -> Iterator[Authored]:
    language = languages.language_of(path)
    return (line for line in file.authored.values() if is_telling(language, line.text))


def _own(candidate: Candidate, traced: Mapping[str, TracedFile]) -> Candidate:
    """A merge is read against its first parent, with all that came from the others: its own are only lines it is blamed for."""
    if candidate.parents < 2:
        return candidate
    blamed = {line.text.strip() for file in traced.values() for line in file.authored.values() if line.sha == candidate.sha}
    patch = tuple(replace(file, hunks=tuple(_of(file.hunks, blamed)), headings=()) for file in candidate.patch)
    return replace(candidate, patch=tuple(file for file in patch if file.hunks))


def _of(hunks: Iterable[Hunk], lines: set[str]) -> Iterator[Hunk]:
    for hunk in hunks:
        if added := tuple(line for line in hunk.added if line.strip() in lines):
            yield replace(hunk, removed=(), added=added)
