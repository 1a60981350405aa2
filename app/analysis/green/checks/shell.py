"""Takes the lines of a shell script apart into single commands, as far as they are plain; what a shell would put in is kept."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

_MOST_LINES = 400
_SEPARATORS = frozenset({"&&", "||", ";", "|", "&", ";;"})
_OPENING = frozenset(
    {"if", "then", "else", "elif", "do", "while", "until", "!", "{", "(", "time", "sudo", "exec", "env", "command"}
)
_CLOSING = frozenset({"fi", "done", "}", ")", "esac"})
# Where one stream goes to another is no command of its own.
_JOINED = re.compile(r"\d?>&\d")
_ASSIGNED = re.compile(r"[A-Za-z_]\w*=")


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its words, where it stands, and the folder that it runs in ("" the repository's root, None unknown)."""

    words: tuple[str, ...]
    path: str
    line: int
    folder: str | None = ""


class NotPlain(Exception):
    """Something that only a shell can make sense of."""


def commands_in(script: str, path: str, line: int, folder: str | None = "") -> Iterator[Command]:
    """The commands of a script that begins on that line of a file. Raises NotPlain."""
    for at, text in _lines(script):
        for words in _split(text):
            plain = _bare(words)
            if plain[:1] == ["cd"]:
                folder = _moved(folder, plain[1:])
            elif plain:
                yield Command(tuple(plain), path, line + at, folder)


def _lines(script: str) -> Iterator[tuple[int, str]]:
    """Each line with those that a backslash joins to it, by the number of its first, from 0."""
    lines = script.split("\n")
    if len(lines) > _MOST_LINES:
        raise NotPlain
    at = 0
    while at < len(lines):
        first, text = at, lines[at].rstrip()
        while text.endswith("\\") and at + 1 < len(lines):
            at += 1
            text = text[:-1] + " " + lines[at].strip()
        yield first, text
        at += 1


def _split(text: str) -> Iterator[list[str]]:
    reader = shlex.shlex(_JOINED.sub(" ", text), posix=True, punctuation_chars=";|&")
    reader.whitespace_split = True
    reader.commenters = "#"
    try:
        words = list(reader)
    except ValueError as error:
        raise NotPlain from error
    part: list[str] = []
    for word in words:
        if word in _SEPARATORS:
            yield part
            part = []
        else:
            part.append(word)
    yield part


def _bare(words: list[str]) -> list[str]:
    """The command without what stands before it: assignments, words of the shell, `sudo`."""
    while words and (words[0] in _OPENING or _ASSIGNED.match(words[0]) or words[0] in {"-E", "-e"}):
        words = words[1:]
    if words[:1] in (["for"], ["case"]) or (words and words[0] in _CLOSING):
        return []
    return words


def _moved(folder: str | None, to: list[str]) -> str | None:
    """The folder after a `cd`; None where it cannot be told."""
    if folder is None or len(to) != 1 or not re.fullmatch(r"[\w./-]+", to[0]) or ".." in to[0] or to[0].startswith("/"):
        return None
    return "/".join(part for part in (folder, *to[0].split("/")) if part not in {"", "."})
