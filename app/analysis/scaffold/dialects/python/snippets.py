"""The reproduction that an issue brings, as Python code that can stand in a test: prompts and outputs gone, names explained.

`>>> total([1])` with its output and `In [1]: ...` are transcripts; what needs names or files that are not there stays text.
"""

import ast
import builtins
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from app.analysis.languages import trees
from app.analysis.scaffold.dialects.python.source import Test
from app.domain.scaffold import Snippet, Story

MAX_LINES = 60
MAX_CODE = 4_000
_PROMPT = re.compile(r"^\s*(?:>>>|In \[\d+\]:) ?(?P<code>.*)$")
_MORE = re.compile(r"^\s*\.{3,}:? ?(?P<code>.*)$")
_OUTPUT = re.compile(r"^\s*(?:Out\[\d+\]:)? ?(?P<text>.*)$")
# What a test must not do by itself: ask, stop, go out, show, or delete; and what is no code of anybody's own.
_UNFIT = re.compile(
    r"https?://|\binput\(|\bexit\(|\bquit\(|sys\.exit|os\.(?:system|remove|unlink|rmdir|kill|fork|exec\w*)\b|subprocess|shutil"
    r"|\bshow\(|^\s*[%!?]|^\s*\.\.\.\s*$|\bwhile True\b|__main__|\beval\(|\bexec\(|socket|requests\.|urlopen",
    re.MULTILINE,
)
_SAYS = re.compile(
    r"^(?:it |this |the (?:result|output|value) |[\w.]+\([^)]*\) )?"
    r"(?:should (?:be|return|give|equal|yield|print|output)|returns?|is|=+>?|gives)?[:\s]*(?P<value>.+?)\.?$",
    re.IGNORECASE,
)
# The fixtures by which pytest's plugins are tested.
_PYTESTERS = ("pytester", "testdir")


@dataclass(frozen=True, slots=True)
class Reproduction:
    """Code that can stand in a test. `result` is the name that holds the last value, "" without one.

    `expected` is the literal that it is expected to be, `asserts` says that the code asserts by itself.
    """

    lines: tuple[str, ...]
    result: str = ""
    expected: str = ""
    asserts: bool = False
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Step:
    """One statement of a transcript and what was printed below it."""

    code: str
    output: str = ""


def reproduction(story: Story, known: Collection[str], modules: Collection[str], about: Collection[str]) -> Reproduction | None:
    """The first snippet that can be code: it parses, every name in it is explained, and it speaks of one of `about`.

    `known` are the names that the test's file makes known, `modules` the packages it imports. None for an untrusted story.
    """
    if not story.trusted:
        return None
    for snippet in story.snippets:
        if snippet.language in ("", "python") and (found := _read(snippet, story, known, {*modules, *about}, about)) is not None:
            return found
    return None


def nested(story: Story, tests: Sequence[Test]) -> Reproduction | None:
    """A snippet that is a test itself, run by pytest inside the test, where the neighbours test plugins so; else None."""
    used = [fixture for fixture in _PYTESTERS for test in tests if f"{fixture}.makepyfile(" in trees.text_of(test.function)]
    if not story.trusted or not used:
        return None
    for snippet in story.snippets:
        code = _dedented(snippet.text.expandtabs(4).split("\n")).strip("\n")
        tree = _parsed(code) if snippet.language in ("", "python") else None
        if tree is None or len(code.splitlines()) > MAX_LINES or not _holds_a_test(tree):
            continue
        text = code.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        lines = [
            f"{used[0]}.makepyfile(",
            '    """',
            *(f"    {line}" if line else "" for line in text.split("\n")),
            '    """',
            ")",
        ]
        return Reproduction((*lines, f"result = {used[0]}.runpytest()"), "result", parameters=(used[0],))
    return None


def _holds_a_test(tree: ast.Module) -> bool:
    defined = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef))
    return any(node.name.lower().startswith("test") for node in defined)


def _read(
    snippet: Snippet, story: Story, known: Collection[str], modules: Collection[str], about: Collection[str]
) -> Reproduction | None:
    steps = list(_steps(snippet.text.expandtabs(4)))
    code = "\n".join(step.code for step in steps)
    if not code.strip() or len(code) > MAX_CODE or _UNFIT.search(code):
        return None
    tree = _parsed(code)
    if tree is None or not tree.body or len(code.splitlines()) > MAX_LINES:
        return None
    words = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | {
        name for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom) for name in _imported_from(node)
    }
    words |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    if not words & set(about) or _is_unfit(tree) or _unexplained(tree, known) or _strange_imports(tree, modules):
        return None
    kept = [node for node in tree.body if not _is_known_import(node, known) and not (_is_shown(node) and node != tree.body[-1])]
    if not kept or all(isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef) for node in kept):
        return None
    out = _kept_lines(code.split("\n"), tree.body, kept)
    return _ended(kept[-1], out, steps, story, asserts=any(isinstance(node, ast.Assert) for node in kept))


def _kept_lines(lines: Sequence[str], body: Sequence[ast.stmt], kept: Sequence[ast.stmt]) -> list[str]:
    """The lines of the statements that are kept, with what stands between them; a blank line below imports."""
    dropped = {row for node in body if node not in kept for row in range(_start(node), (node.end_lineno or node.lineno) + 1)}
    first, last = _start(kept[0]), kept[-1].end_lineno or kept[-1].lineno
    out: list[str] = []
    for row in range(first, last + 1):
        line = lines[row - 1].rstrip()
        if row not in dropped and (line or (out and out[-1])):
            out.append(line)
    imports = sum(1 for line in out if line.startswith(("import ", "from ")))
    if imports and imports < len(out) and all(line.startswith(("import ", "from ")) for line in out[:imports]) and out[imports]:
        out.insert(imports, "")
    return out


def _is_shown(node: ast.stmt) -> bool:
    """Whether a statement only prints, or names a value to see it."""
    if not isinstance(node, ast.Expr):
        return False
    called = node.value.func if isinstance(node.value, ast.Call) else None
    return isinstance(node.value, ast.Name | ast.Constant) or (isinstance(called, ast.Name) and called.id == "print")


def _ended(last: ast.stmt, out: list[str], steps: Sequence[_Step], story: Story, *, asserts: bool) -> Reproduction:
    """The code with its last value given a name, and what that is expected to be."""
    if asserts or not isinstance(last, ast.Expr):
        return Reproduction(tuple(out), asserts=asserts and _asserts_something(out))
    call = last.value
    first = len(out) - ((last.end_lineno or last.lineno) - last.lineno + 1)
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print" and len(call.args) == 1:
        if last.lineno == last.end_lineno:
            out[first] = ast.unparse(call.args[0])
        else:
            return Reproduction(tuple(out))
    out[first] = f"result = {out[first]}"
    return Reproduction(tuple(out), "result", _expected(story, steps))


def _asserts_something(lines: Sequence[str]) -> bool:
    """Whether an assertion is there that could fail: not `assert True`, `assert 1`, `assert "text"`."""
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.Assert) and any(isinstance(one, ast.Name | ast.Call) for one in ast.walk(node.test)):
            return True
    return False


def _expected(story: Story, steps: Sequence[_Step]) -> str:
    """The literal that people expect, of the first line that says one; never what was printed, which is what went wrong."""
    printed = _literal(steps[-1].output) if steps else ""
    for line in story.then:
        code = _PROMPT.match(line)
        said = _SAYS.match(line)
        value = "" if code else _literal(said["value"] if said else line)
        if value and value != printed:
            return value
    return ""


def _literal(text: str) -> str:
    """The text where it is a literal of Python that a test can compare with; empty where it is prose."""
    text = text.strip().strip("`")
    if not text or len(text) > 200 or "\n" in text:
        return ""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return ""
    return "" if value is Ellipsis else ast.unparse(ast.parse(text, mode="eval"))


def _steps(text: str) -> Iterator[_Step]:
    """The statements of a transcript with their outputs; of plain code the whole as one."""
    lines = text.split("\n")
    if not any(_PROMPT.match(line) for line in lines):
        yield _Step(_dedented(lines))
        return
    code: list[str] = []
    output: list[str] = []
    for line in lines:
        if prompt := _PROMPT.match(line):
            if code:
                yield _Step("\n".join(code), "\n".join(output).strip())
            code, output = [prompt["code"]], []
        elif code and not output and (more := _MORE.match(line)):
            code.append(more["code"])
        elif code and (told := _OUTPUT.match(line)) and told["text"].strip():
            output.append(told["text"])
    if code:
        yield _Step("\n".join(code), "\n".join(output).strip())


def _dedented(lines: Sequence[str]) -> str:
    margin = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:].rstrip() for line in lines)


def _parsed(code: str) -> ast.Module | None:
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def _is_unfit(tree: ast.Module) -> bool:
    """Whether it defines tests of its own, returns at the top, or only quotes a piece of a program."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name.lower().startswith("test"):
            return True
    if any(isinstance(node, ast.Return | ast.Await | ast.Yield | ast.AsyncFor | ast.AsyncWith) for node in _outside(tree)):
        return True
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant | ast.JoinedStr))
    return any(node.end_lineno != node.lineno for node in strings) or any(
        isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names) for node in ast.walk(tree)
    )


def _outside(tree: ast.Module) -> Iterator[ast.AST]:
    """What does not stand in a function."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            waiting.extend(ast.iter_child_nodes(node))


def _unexplained(tree: ast.Module, known: Collection[str]) -> set[str]:
    """Names that nothing makes known: no import, no assignment, no builtin, not the file."""
    loaded: set[str] = set()
    bound = set(dir(builtins)) | set(known)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (loaded if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            bound |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
    return loaded - bound


def _strange_imports(tree: ast.Module, known: Collection[str]) -> bool:
    """Whether it imports a package that is neither Python's own, nor the project's, nor one that the test's file uses."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            modules = [node.module or "."]
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        else:
            continue
        if any((top := name.partition(".")[0]) not in sys.stdlib_module_names and top not in known for name in modules):
            return True
    return False


def _is_known_import(node: ast.stmt, known: Collection[str]) -> bool:
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return False
    return all((alias.asname or alias.name).partition(".")[0] in known for alias in node.names)


def _imported_from(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = {alias.name for alias in node.names}
    module = getattr(node, "module", None)
    return {part for name in [*names, module or ""] for part in name.split(".") if part}


def _start(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])
