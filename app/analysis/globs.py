"""Matches paths against globs with `*`, `?` and `**`, in time proportional to pattern times path whatever people write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Glob:
    """One pattern, as `.gitignore` reads it, without `!` and `[...]`.

    `tests/it/**` is anchored at the repository's root; `*_slow.py`, having no slash, matches at any depth; a pattern that
    matches a folder matches everything below it.
    """

    pattern: str
    _segments: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        plain = self.pattern.removeprefix("./").strip("/")
        anchored = "/" in plain or self.pattern.startswith(("/", "./"))
        segments = (*(() if anchored else ("**",)), *plain.split("/"), "**")
        object.__setattr__(self, "_segments", segments)

    def matches(self, path: str) -> bool:
        """Whether the path, relative to the repository's root, matches."""
        return _matches(self._segments, path.split("/"), "**", _segment_matches)


def _segment_matches(pattern: str, text: str) -> bool:
    return pattern == text or (("*" in pattern or "?" in pattern) and _matches(pattern, text, "*", _character_matches))


def _character_matches(pattern: str, text: str) -> bool:
    return pattern in {text, "?"}


def _matches(pattern: Sequence[str], text: Sequence[str], star: str, same: Callable[[str, str], bool]) -> bool:
    """Greedy matching that goes back to the last star only: taking one item more there covers all earlier choices."""
    at, last, resumed, position = 0, -1, 0, 0
    while position < len(text):
        if at < len(pattern) and pattern[at] == star:
            last, resumed = at, position
            at += 1
        elif at < len(pattern) and same(pattern[at], text[position]):
            at += 1
            position += 1
        elif last >= 0:
            resumed += 1
            at, position = last + 1, resumed
        else:
            return False
    return all(rest == star for rest in pattern[at:])
