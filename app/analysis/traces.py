"""Reads what an issue's text says of code: stack frames of nine languages, file paths, and names in code spans.

Whether any of it belongs to this repository is `app.analysis.places`'s to say.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from app.analysis.languages import language_of

Found = TypeVar("Found")

MAX_TEXT = 200_000
MAX_LINE = 2_000
MAX_FOUND = 500


@dataclass(frozen=True, slots=True)
class Written:
    """A place in code as a text writes it: a path with a line and a function, as far as given; `is_frame` in a stack trace."""

    path: str
    line: int | None = None
    function: str | None = None
    is_frame: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """What a text names, in its order: places by path, and names of code (`shop.cart.Cart.total`, `apply_discount`)."""

    places: tuple[Written, ...] = ()
    names: tuple[str, ...] = ()


# Endings of files without a language that issues nevertheless name.
_OTHER_ENDINGS = frozenset({"json", "yml", "yaml", "toml", "html", "css", "scss", "sql", "proto", "graphql"})
_FILE = r"(?P<path>(?:[A-Za-z]:)?[\w./\\@+~$()\[\]-]*[\w)\]-]\.[A-Za-z]\w{0,9})"
# `at org.shop.Cart$Line.total(Cart.java:42)`, perhaps behind a module: `at app//org.shop...`
_JAVA = re.compile(
    r"^\s*at (?:[\w.@-]*/{1,2})?(?P<function>[\w.$<>]+)\((?P<path>\w+\.(?:java|kt|scala|groovy))(?::(?P<line>\d+))?\)"
)
# `File "shop/cart.py", line 42, in total`
_PYTHON = re.compile(r'File "(?P<path>[^"\n]{1,500})", line (?P<line>\d+)(?:, in (?P<function>[\w.<>]+))?')
# `at Shop.Cart.Total(Int32 n) in /src/Shop/Cart.cs:line 42`
_DOTNET = re.compile(r"^\s*at (?P<function>[\w.`<>+\[\],]+)\([^)\n]*\) in (?P<path>[^\n]{1,500}?):line (?P<line>\d+)")
# `at async Cart.total (/app/src/cart.js:10:5)`, `at /app/src/cart.js:10:5`, `total@http://localhost/src/cart.js:10:5`
_NODE = re.compile(
    r"^\s*at (?:async |new )?(?:(?P<function>[\w.$<>#]+)(?: \[as [\w.$]+\])? \()?"
    r"(?P<path>[^\s()][^\n()]{0,500}?):(?P<line>\d+):\d+\)?\s*$"
)
_FIREFOX = re.compile(r"^\s*(?P<function>[\w.$/<>]*)@(?P<path>\w+://[^\s]{1,500}?):(?P<line>\d+):\d+\s*$")
# `app/models/cart.rb:42:in 'Cart#total'`
_RUBY = re.compile(r"(?P<path>[^\s:'\"`(]{1,500}\.(?:rb|rake|erb)):(?P<line>\d+):in [`'\"](?P<function>[^'\"`\n]{1,200})['\"`]")
# `#0 /var/www/src/Cart.php(42): Shop\Cart->total()`
_PHP = re.compile(r"(?P<path>[^\s(]{1,500}\.php)\((?P<line>\d+)\): (?P<function>[\w\\:>-]+)\(")
# The second line of a frame in Go (`\t/src/cart/cart.go:42 +0x1d`) and Rust (`at ./src/cart.rs:42:5`), below the function.
_SECOND = re.compile(r"^\s+(?:at )?(?P<path>[^\s:]{1,500}\.(?:go|rs)):(?P<line>\d+)(?::\d+)?(?: \+0x[0-9a-f]+)?\s*$")
_FIRST = re.compile(
    r"^(?:\s*\d+:\s+(?:0x[0-9a-f]+ - )?|created by )?(?P<function>[\w./:*()<>{}$-]{3,300}?)(?:\([^()]*\)|::h[0-9a-f]{16})?\s*$"
)
_FRAMES = (_PYTHON, _JAVA, _DOTNET, _RUBY, _PHP, _NODE, _FIREFOX)
# Anything else with a folder or a known ending: `src/cart.rs:42:5`, `shop/cart.py`, `cart.py:42`, `cart.go#L42`
_PATH = re.compile(_FILE + r"(?:(?::|#L|, line )(?P<line>\d{1,7}))?(?:: in (?P<function>\w+))?(?!\w)")
_CODE_SPAN = re.compile(r"`([^`\n]{2,200})`")
_NAME = re.compile(r"^[A-Za-z_$][\w$]*(?:(?:\.|::|#|->|\\)[A-Za-z_$][\w$]*)*(?:\([^)]{0,100}\))?$")
_DOTTED = re.compile(r"(?<![\w./\\@-])[A-Za-z_]\w*(?:(?:\.|::|#)[A-Za-z_]\w*){1,8}(?![\w/\\@-])")


def read_named(text: str) -> Named:
    """What the text names, each once: at most `MAX_FOUND` places and names of its first `MAX_TEXT` characters."""
    lines = [line[:MAX_LINE] for line in text[:MAX_TEXT].splitlines()]
    return Named(_once(_places(lines)), _once(_names(lines)))


def _once(found: Iterator[Found]) -> tuple[Found, ...]:
    return tuple(dict.fromkeys(islice(found, MAX_FOUND)))


def _places(lines: Iterable[str]) -> Iterator[Written]:
    before = ""
    for line in lines:
        if second := _SECOND.match(line):
            first = _FIRST.match(before)
            yield _frame(second, first["function"] if first else None)
        elif frame := next((match for pattern in _FRAMES if (match := pattern.search(line))), None):
            yield _frame(frame, frame["function"])
        else:
            yield from _in_prose(line)
        before = line


def _in_prose(line: str) -> Iterator[Written]:
    for match in _PATH.finditer(line):
        path = _plain_path(match["path"])
        if language_of(path) or path.rpartition(".")[2] in _OTHER_ENDINGS:
            number = int(match["line"]) if match["line"] else None
            yield Written(path, number, match["function"], is_frame=bool(match["function"]))


def _frame(match: re.Match[str], function: str | None) -> Written:
    path = match["path"]
    name = _plain_function(function) if function else None
    if match.re is _JAVA and function:
        # The file's folder is its class's package.
        package = function.split("$")[0].split(".")[:-1] if "$" in function else function.split(".")[:-2]
        path = "/".join([*package, path])
        name = ".".join(re.split(r"[.$]", function)[len(package) :])
    if name and path.endswith(".go"):
        name = name.partition(".")[2] or name  # Go puts the package first
    return Written(_plain_path(path), int(match["line"]) if match["line"] else None, name, is_frame=True)


def _plain_path(path: str) -> str:
    """Windows paths, `file:///shop/cart.py`, `webpack:///./shop/cart.js?x` -> `/shop/cart.py`, `/shop/cart.js`."""
    path = re.sub(r"^\w{2,20}://[^/\s]*/?|^[A-Za-z]:(?=[\\/])", "/", path.replace("\\", "/"))
    return re.sub(r"/(?:\./)+|//+", "/", path.partition("?")[0]).removeprefix("./").strip("()[]")


def _plain_function(function: str) -> str:
    """`x.com/shop/cart.(*Cart).Total`, `shop::total`, `Cart#total` -> `cart.Cart.Total`, `shop.total`, `Cart.total`."""
    name = re.sub(r"::|#|->|\\|/", ".", function.rpartition("/")[2] if function.count("/") else function)
    name = re.sub(r"\(\*?(\w+)\)", r"\1", name)
    return re.sub(r"^(?:async\.|Object\.)|[<>`].*$|\.(?=\.)", "", name).strip(".") or function


def _names(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        for span in _CODE_SPAN.findall(line):
            if _NAME.match(span.strip()):
                yield _plain_function(span.strip().partition("(")[0])
        for name in _DOTTED.findall(line):
            yield _plain_function(name)
