"""`docs/gallery.md`: every text that recall can say, for whoever wants to know before it says it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import app
from app.domain import errors
from app.render.words import folder, markdown
from papers.samples import examples

PATH = "docs/gallery.md"
_ROOT = Path(__file__).parents[1]
_SNAPSHOTS = _ROOT / "tests" / "render" / "__snapshots__"
_ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.RecallError)}


def section() -> str:
    """Whole texts, single sentences, errors."""
    return "\n".join((*_whole(), *_sentences(), *_errors()))


def _whole() -> Iterator[str]:
    """The snapshots that the tests hold the templates to."""
    yield "## Whole texts\n\nExactly as the tests hold them, with invented names and numbers."
    for file in sorted(_SNAPSHOTS.rglob("*.md")):
        kind = file.parent.name.removeprefix("test_").replace("_", " ")
        of, _, case = file.stem.removeprefix("test_").partition("[")
        name = (case.rstrip("]") or of).replace("_", " ")
        quoted = "\n".join(f"> {line}".rstrip() for line in file.read_text(encoding="utf-8").splitlines())
        yield f"\n### {kind.capitalize()}: {name}\n\n{quoted}"


def _sentences() -> Iterator[str]:
    yield "\n## Sentences\n\nBy the slug that the code says them with; several where one sentence has several forms."
    for file in sorted((folder() / "words").glob("*.j2")):
        source = file.read_text(encoding="utf-8")
        about = " ".join(source.partition("\n[")[0].split())
        yield f"\n### `{file.stem}`\n\n{about}\n\n| slug | said |\n|---|---|"
        for slug, said in examples(markdown(), file.stem, source).items():
            yield f"| `{slug}` | {'<br>'.join(one.replace('|', chr(92) + '|') for one in said)} |"


def _errors() -> Iterator[str]:
    yield "\n## Errors\n\nOne line each on standard error, in the log, or in the comment. What is in braces is filled in."
    found = sorted({sentence for file in Path(app.__file__).parent.rglob("*.py") for sentence in _told(file)})
    yield ""
    yield from (f"- {sentence}" for sentence in found)


def _told(file: Path) -> Iterator[str]:
    """The sentences of the errors that a module raises on purpose."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _ERRORS and node.args:
            sentence = " ".join("".join(_text(node.args[0])).split())
            if " " in sentence:
                yield sentence


def _text(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
            yield f"{lead}{markdown().prose(text)}{trail if text.strip() else ''}"
        case ast.JoinedStr(values=parts):
            for part in parts:
                yield from _text(part)
        case ast.FormattedValue(value=value):
            yield markdown().code(f"{{{_name(value)}}}")


def _name(value: ast.expr) -> str:
    """The last name in an expression: `issue.repository.full_name` is the full name."""
    names = [
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in ast.walk(value)
        if isinstance(node, ast.Attribute | ast.Name)
    ]
    return names[0].strip("_").replace("_", " ") if names else "…"
