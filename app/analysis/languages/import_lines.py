"""The lines that a file's import statements stand on, by syntax tree; what they import is told by each language's own scan."""

from functools import lru_cache

from app.analysis.languages import trees
from app.analysis.languages.javascript import parse_typescript
from app.domain.lines import LineSet, line_set

_STATEMENTS = frozenset(
    {
        "import_statement",
        "import_from_statement",
        "future_import_statement",
        "import_declaration",
        "package_clause",
        "use_declaration",
    }
)
_GRAMMARS = {"python": "python", "javascript": "javascript", "go": "go", "java": "java", "rust": "rust"}


@lru_cache(maxsize=64)
def import_lines(language: str | None, source: bytes) -> LineSet:
    """The lines of all imports at the top of the file; none where the language is not parsed."""
    if language == "typescript":
        tree = parse_typescript(source)[1]
    else:
        tree = trees.parse(_GRAMMARS[language], source) if language in _GRAMMARS else None
    if tree is None:
        return 0
    return line_set(trees.span_of(node) for node in tree.root_node.named_children if node.type in _STATEMENTS)
