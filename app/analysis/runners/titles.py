"""Titles of tests, as JavaScript and Ruby name them: what they look like when they run, and a pattern that selects one."""

import re

# What a title is cut at where the tests of a file are listed.
LONGEST = 200
_HOLES = re.compile(r"\$\{[^}]*\}|#\{[^}]*\}|%[sdifjopc#%$]|(?<!\w)\$[A-Za-z_][\w.]*")
_ESCAPED = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([nrtbfv])|(.))")
_SPACES = re.compile(r"\s+")
_SPECIAL = re.compile(r"[\\^$.*+?()\[\]{}|/]")
_JOINT = " > "


def plain(title: str) -> str:
    """The title as it runs: the escapes of its source undone, all space alike."""
    return _SPACES.sub(" ", _ESCAPED.sub(_unescaped, title)).strip()


def pattern(name: str, joint: str = " ", hole: str = ".*") -> str:
    """A regular expression, for JavaScript and Ruby as for Python, of the titles that `name` nests by ` > `.

    It takes a ` > ` that stands in a title itself as well, and is not anchored.
    """
    written = []
    for title in name.split(_JOINT):
        parts = [_special(plain(f"x{part}x")[1:-1]) for part in _HOLES.split(title)]
        written.append(hole.join(parts) + (hole if len(title) >= LONGEST else ""))
    return f"(?:{joint}|{_JOINT})".join(written) if len(written) > 1 else written[0]


def _special(text: str) -> str:
    return _SPECIAL.sub(lambda match: "\\" + match[0], text).replace(" ", r"\s+")


def _unescaped(match: re.Match[str]) -> str:
    if match[1] or match[2]:
        return chr(int(match[1] or match[2], 16))
    return " " if match[3] else match[4]
