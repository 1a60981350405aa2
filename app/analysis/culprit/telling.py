r"""Which lines are worth blaming: not the blank ones, comments, lone braces and words like `else` that every change moves about.

By the text of lines alone, in any language; whether a file is a test or a document is told by its role.
"""

import re
from collections.abc import Sequence

_HASHED = frozenset({"python", "ruby", "shell", "perl", "elixir", "gherkin"})
_DASHED = frozenset({"lua", "haskell"})
_SLASHED = frozenset(
    {
        *("javascript", "typescript", "vue", "svelte", "java", "kotlin", "scala", "groovy", "dart", "swift"),
        *("go", "rust", "c", "cpp", "objc", "csharp", "php"),
    }
)
_HASH = re.compile(r"#(?!\[)")
_SLASH = re.compile(r"//|/\*|\*(?=[\s*/]|$)")
_DASH = re.compile(r"--")
# Of a file in no language known here: what is a comment in most, and `#` only where no word of C or CSS follows it.
_ANY = re.compile(r"#(?=[\s#!]|$)|//|/\*|\*(?=[\s*/]|$)|--(?=\s|$)|<!--|;;|%%")
_MARKUP = frozenset({"vue", "svelte", "php"})
_INLINE_BLOCK = re.compile(r"/\*.*?\*/|<!--.*?-->")
_DOCSTRING = re.compile(r"[rRuUbB]{0,2}(\"\"\"|''')")
_STRUCTURE = frozenset(["begin", "do", "done", "else", "end", "endif", "esac", "fi", "finally", "then", "try"])
_WORD = re.compile(r"\w+")
# What a line says is told by its beginning; a stranger's may be a megabyte long.
_READ = 300
_IMPORTS = {
    "python": re.compile(r"(?:import|from)\s+[\w.]+"),
    "ruby": re.compile(r"(?:require|require_relative|autoload)\b"),
    "perl": re.compile(r"(?:use|require)\s+[A-Z]"),
    "c": re.compile(r"#\s*include\b"),
    "cpp": re.compile(r"#\s*include\b|using\s"),
    "objc": re.compile(r"#\s*(?:include|import)\b"),
    "javascript": re.compile(r"import\b(?!\()|(?:const|let|var)\s[^=]*=\s*require\("),
    "php": re.compile(r"(?:use|require|include)(?:_once)?\b"),
    "rust": re.compile(r"(?:pub\s+)?use\s"),
    "csharp": re.compile(r"using\s+(?!var\b)[\w.]+\s*;"),
}
_ANY_IMPORT = re.compile(r"(?:import|package)\b(?!\s*[(=.])")


def is_telling(language: str | None, line: str) -> bool:
    """Whether a single line says something of its own: `}`, `# note`, `else:` and a blank one do not.

    `language` is one of `languages.language_of`, None where it is unknown. A line within a comment of several lines is seen
    as one only where its own first sign says so; `telling` sees more where the lines around it are known.
    """
    text = line.strip()[:_READ].rstrip()
    if not text or _is_comment(language, text):
        return False
    if not any(sign.isalnum() or sign in "_\"'`" for sign in text):
        return False
    words = _WORD.findall(text)
    return not (words and len(words) <= 3 and all(word in _STRUCTURE for word in words) and "(" not in text)


def telling(language: str | None, lines: Sequence[str]) -> tuple[bool, ...]:
    """The same of each line of a run, where comments and docstrings of several lines are followed from their first to their last.

    A run may begin within a comment: what stands before a line that ends in `*/`, and opens none, is one as well.
    """
    found: list[bool] = []
    until = ""
    opened = False
    for line in lines:
        if until:
            found.append(False)
            until = "" if until in line else until
            continue
        until = _opens(language, line.strip()[:_READ])
        if not opened and language not in _HASHED and _closes(line):
            found = [False] * len(found)
        opened = opened or bool(until) or "/*" in line
        found.append(not until and is_telling(language, line))
    return tuple(found)


def is_import(language: str | None, line: str) -> bool:
    """Whether the line only brings in names from elsewhere, by how its first words look; later lines of a long one do not."""
    text = line.strip()[:_READ]
    known = _IMPORTS.get("javascript" if language in {"typescript", "vue", "svelte"} else language or "", _ANY_IMPORT)
    return known.match(text) is not None


def _is_comment(language: str | None, text: str) -> bool:
    if language == "python" and (match := _DOCSTRING.match(text)):
        rest = text[match.end() :]
        return match[1] not in rest or rest.endswith(match[1])
    if language not in _HASHED and language not in _DASHED:
        if _closes(text):
            return True
        bare = _INLINE_BLOCK.sub("", text).strip()
        if bare != text:
            return not bare or _is_comment(language, bare)
    if language in _MARKUP and text.startswith("<!--"):
        return True
    return _marker(language).match(text) is not None or (language == "php" and _HASH.match(text) is not None)


def _marker(language: str | None) -> re.Pattern[str]:
    if language in _HASHED:
        return _HASH
    if language in _SLASHED:
        return _SLASH
    return _DASH if language in _DASHED else _ANY


def _closes(text: str) -> bool:
    """Whether a comment that began on an earlier line ends with this one."""
    stripped = text.rstrip()
    return stripped.endswith("*/") and "/*" not in stripped


def _opens(language: str | None, text: str) -> str:
    """What ends the comment of several lines that begins with this one; empty where none does."""
    if language == "python":
        match = _DOCSTRING.match(text)
        return match[1] if match and match[1] not in text[match.end() :] else ""
    if language == "ruby":
        return "=end" if text.startswith("=begin") else ""
    if language in _HASHED or language in _DASHED:
        return ""
    for start, end in (("/*", "*/"), ("<!--", "-->")):
        if text.startswith(start) and end not in text:
            return end
    return ""
