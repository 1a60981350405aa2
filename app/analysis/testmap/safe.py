"""What a map lets in as a path, a name or an object id: it may come from a stranger, and is shown to people later."""

import hashlib
import re
import unicodedata

MAX_PATH_BYTES = 4_096
MAX_NAME = 1_000
_HEX = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})\Z")
# Controls, halves of surrogate pairs, line and paragraph separators; the marks that turn the direction of what is shown.
_NEVER = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_safe(path: str) -> bool:
    r"""Whether a map may speak of that path: POSIX, relative, without `..` or empty parts, NFC, at most 4,096 bytes.

    `src/a b.py` is; `/etc/passwd`, `../x`, `a//b`, `./a`, `a\\b`, a path with a control character or a lone surrogate are not.
    """
    if not path or len(path) > MAX_PATH_BYTES or "\\" in path or not is_plain(path):
        return False
    if not path.isascii() and (len(path.encode()) > MAX_PATH_BYTES or not unicodedata.is_normalized("NFC", path)):
        return False
    return not any(part in ("", ".", "..") for part in path.split("/"))


def is_plain(text: str) -> bool:
    """Whether the text is free of control characters, lone surrogates, and marks that turn the direction of reading."""
    if text.isascii():
        return text.isprintable()
    return not any(sign in _TURNING or unicodedata.category(sign) in _NEVER for sign in text)


def plain(text: str, limit: int = MAX_NAME) -> str:
    r"""The text as a map keeps it: what is not plain is escaped (`\x1b`), and a long one is cut, ended by a digest of the whole.

    Two long names that begin alike stay different, so that no test is taken for another.
    """
    if not is_plain(text):
        text = "".join(sign if is_plain(sign) else sign.encode("unicode_escape").decode() for sign in text)
    if len(text) <= limit:
        return text
    return f"{text[: limit - 18]}… {hashlib.sha256(text.encode()).hexdigest()[:16]}"


def is_object_id(text: str) -> bool:
    """Whether it is a whole git object id, SHA-1 or SHA-256, in lower case."""
    return _HEX.match(text) is not None
