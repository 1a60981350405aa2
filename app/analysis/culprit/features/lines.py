"""What a line of any language says: its words, and whether it is code at all."""

import re
from functools import lru_cache

_WORD = re.compile(r"[A-Za-z_$][\w$]*|\d+\.?\d*|\"[^\"\n]{1,80}\"|'[^'\n]{1,80}'")
_KEYWORDS = frozenset(
    {
        *("if", "else", "for", "while", "return", "def", "end", "do", "self", "this", "let", "var", "function", "import", "from"),
        *("true", "false", "null", "NULL", "None", "True", "False", "nil", "in", "is", "not", "and", "or", "new", "class"),
        *("elif", "elsif", "unless", "case", "when", "break", "continue", "switch", "default", "then", "fi", "done", "pass"),
        *("try", "catch", "except", "rescue", "throw", "raise", "with", "as", "func", "fn", "const", "static", "struct"),
        *("int", "char", "void", "bool", "long", "unsigned", "u8", "u16", "u32", "u64", "s32", "s64", "size_t"),
    }
)
_COMMENT = ("//", "/*", "*", '"""', "'''", "--")
_DIRECTIVE = ("#include", "#if", "#define", "#el", "#end")
_EMPTY = frozenset({"end", "else", "else:", "do", "then", "fi", "done", "pass", "begin", "ensure", "try:", "try"})
_SIGN = re.compile(rf"{_WORD.pattern}|[^\w\s]")
_VERSION = re.compile(r"""["']?(?:\w+[.:])?_*version_*["']?\s*[:=]{1,2}\s*["']v?\d[\w.+-]*["']\s*[,;]?$""", re.IGNORECASE)
_READ = 300


@lru_cache(maxsize=1 << 15)
def words(line: str) -> tuple[str, ...]:
    """Identifiers, numbers and string literals of a line, without keywords and single characters.

    Every group of features reads the same lines again, so the last ones are kept.
    """
    return tuple(word for word in _WORD.findall(line) if len(word) > 1 and word not in _KEYWORDS)


def code(line: str) -> bool:
    """Whether a line can hold a bug: no blank, comment, brace or bare keyword."""
    text = line.strip()
    if not text or (text[0] == "#" and not text.startswith(_DIRECTIVE)) or text.startswith(_COMMENT):
        return False
    return text not in _EMPTY and any(sign.isalnum() for sign in text)


def states_version(line: str) -> bool:
    """Whether a line does no more than give a version: `__version__ = '2.0.0'`, `"version": "1.4.0",`."""
    return _VERSION.match(line.strip()[:_READ]) is not None


def signs(line: str) -> list[str]:
    """All signs of a line: words, with keywords and single characters among them, operators and brackets."""
    return _SIGN.findall(line[:_READ])
