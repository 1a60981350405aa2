"""The places that a failure's trace names, in every runner's own spelling of it, as paths within the worktree."""

import posixpath
import re
from collections.abc import Iterator

MAX_FRAMES = 200
_MAX_LINE = 1_000

_PATTERNS = (
    # File "/src/shop/cart.py", line 42, in total
    re.compile(r'File "(?P<path>[^"\n]{1,500})", line (?P<line>\d{1,8})'),
    # at total (/src/shop/cart.js:42:7), at file:///src/cart.mjs:42:7, > src/cart.test.ts:3:21 (vitest's own)
    re.compile(
        r"^\s*(?:at\b.*?[(\s]|❯ .*?\s?|❯\s)(?:async )?(?:file://)?(?P<path>[^\s()]{1,500}?\.(?:[cm]?[jt]sx?|vue)):(?P<line>\d{1,8}):\d+\)?\s*$"
    ),
    # at org.shop.Cart.total(Cart.java:42)
    re.compile(r"^\s*at (?:[\w.@-]*/{1,2})?(?P<function>[\w.$<>]+)\((?P<path>\w+\.(?:java|kt|scala|groovy)):(?P<line>\d{1,8})\)"),
    # at Shop.Cart.Total(Int32 n) in /src/Shop/Cart.cs:line 42
    re.compile(r" in (?P<path>[^\n]{1,500}?\.(?:cs|fs|vb)):line (?P<line>\d{1,8})"),
    # #0 /src/Cart.php(42): Shop\Cart->total()
    re.compile(r"(?P<path>[^\s(]{1,500}\.php)\((?P<line>\d{1,8})\)"),
    # tests/test_cart.py:42: in test_total
    re.compile(r"^(?P<path>[^\s:][^:\n]{0,500}\.pyi?):(?P<line>\d{1,8}): "),
    # /src/cart.rb:42:in 'total'; /src/CartTest.php:42; cart_test.go:42: told; src/cart.rs:42:5
    re.compile(r"(?<![\w./\\-])(?P<path>[\w./\\@+~-]{0,500}[\w-]\.(?:py|rb|rake|php|go|rs)):(?P<line>\d{1,8})(?!\d)"),
)
# Frames of runners, of what asserts, and of the language itself: they stand around every failure and tell nothing of it.
_MACHINERY = re.compile(
    r"/(?:rspec|minitest|test-unit|shoulda|mocha|jest|chai|expect|vitest|playwright|tinypool|tinyspy|uvu|phpunit)[\w.-]*/"
    r"|/@(?:vitest|jest|playwright)/|/(?:_pytest|pluggy|unittest|PHPUnit)/|/src/(?:runtime|testing)/\w+\.go$|/testify/|^/rustc/"
    r"|^(?:org/junit|junit/framework|org/assertj|org/hamcrest|org/opentest4j|com/google/common/truth|java/lang/reflect|jdk/internal"
    r"|java/util|sun/reflect|org/apache/maven/surefire|org/gradle)/"
)


def frames_in(trace: str, root: str = "", folder: str = "", test: str = "") -> tuple[tuple[str, int], ...]:
    """The frames, outermost first, paths relative to `root` where they lie in it; `folder` is where the runner ran.

    Only Python writes its traces so; those of all others are turned round. A Java frame names no folder: its package stands
    for it (`org/shop/Cart.java`). Nor does Go, of the files beside the `test`.
    """
    found: list[tuple[str, int]] = []
    for line in trace.splitlines():
        for frame in _frames(line[:_MAX_LINE]):
            beside = posixpath.dirname(test) if frame[0].endswith(".go") and "/" not in frame[0] else folder
            placed = (_placed(frame[0], root, beside), frame[1])
            if (not found or found[-1] != placed) and not _is_machinery(placed[0]):
                found.append(placed)
        if len(found) >= MAX_FRAMES:
            break
    found = found[:MAX_FRAMES]
    return tuple(found) if not found or _is_in_order(found[0][0], trace) else tuple(reversed(found))


def _is_in_order(path: str, trace: str) -> bool:
    """Python puts the outermost frame first; what Go's tests report one after the other is no stack at all."""
    return path.endswith(".py") or (path.endswith(".go") and "goroutine " not in trace)


def _is_machinery(path: str) -> bool:
    """Whether the frame is none of the code's: what lies in the worktree is, unless it was installed there."""
    installed = path.startswith("/") or "node_modules/" in path or path.endswith((".java", ".kt")) or "vendor/" in path
    return installed and bool(_MACHINERY.search(path))


def _frames(line: str) -> Iterator[tuple[str, int]]:
    for pattern in _PATTERNS:
        if match := pattern.search(line):
            path = match["path"].strip()
            if "function" in pattern.groupindex:
                package = match["function"].partition("$")[0].split(".")
                package = package[:-1] if "$" in match["function"] else package[:-2]
                path = "/".join([*package, path])
            yield path, int(match["line"])
            return


def _placed(path: str, root: str, folder: str) -> str:
    path = posixpath.normpath(path.replace("\\", "/"))
    for start in (root, f"/private{root}"):
        if root and path.startswith(f"{start.rstrip('/')}/"):
            return path[len(start.rstrip("/")) + 1 :]
    if folder and not path.startswith(("/", f"{folder}/")):
        return posixpath.normpath(f"{folder}/{path}")
    return path
