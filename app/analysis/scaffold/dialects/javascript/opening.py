"""How a new JavaScript test file opens: as its neighbours do, with their license, switches, framework and helpers."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.scaffold.dialects.javascript.bindings import Binding, meant
from app.analysis.scaffold.dialects.javascript.body import Body
from app.analysis.scaffold.dialects.javascript.page import Manner, Page
from app.analysis.scaffold.dialects.javascript.place import Place
from app.analysis.scaffold.dialects.javascript.reach import imported, moved, texts
from app.analysis.scaffold.dialects.javascript.text import string
from app.domain.scaffold import Blueprint
from app.domain.suite import Framework

# Where the words of a test come from when they are imported; in the other frameworks they are always there.
HOMES = {
    Framework.JEST: "@jest/globals",
    Framework.VITEST: "vitest",
    Framework.MOCHA: "mocha",
    Framework.NODE_TEST: "node:test",
    Framework.PLAYWRIGHT: "@playwright/test",
}
_ALWAYS_IMPORTED = frozenset({Framework.NODE_TEST, Framework.PLAYWRIGHT})
_ASSERTIONS = frozenset({"chai", "assert", "node:assert", "assert/strict", "node:assert/strict", "should", "expect", "expect.js"})
_KEPT = re.compile(r"licen[sc]e|copyright|SPDX|@(?:jest|vitest)-environment|eslint-env|@ts-nocheck|@flow|@vitest", re.IGNORECASE)
_HELPER = re.compile(r"(?:^|/)(?:mocks?|setup|helpers?|support|bootstrap|global|init)(?:[./_-]|$)", re.IGNORECASE)


def new_file(
    blueprint: Blueprint, framework: Framework, others: Sequence[Page], style: Manner, body: Body, *, module: bool
) -> tuple[str, Place]:
    """The text of the new file without its test, and where in it the test goes."""
    end = ";" if style.semicolons else ""
    quote = style.quote
    lines: list[str] = list(_header(others[0])) if others else []
    if style.strict and not module:
        lines += [f"{quote}use strict{quote}{end}", ""]
    statements = list(_framework(framework, others, style, body, module=module))
    statements += _common(blueprint.path, others)
    statements += [imported(each, quote, module=module, semicolons=style.semicolons) for each in body.imports]
    if statements:
        lines += [*dict.fromkeys(statements), ""]
    about = blueprint.targets[0].owner or blueprint.targets[0].name if blueprint.targets else _stem(blueprint.path)
    group = "test.describe" if framework is Framework.PLAYWRIGHT else style.group
    lines += [f"{group}({string(about, quote)}, {style.opening} {{"]
    return "\n".join([*lines, f"}}){end}", ""]), Place(len(lines), style.indent)


def below_imports(page: Page) -> int:
    """The number of lines down to the end of the imports; without any, down to the end of what a file opens with."""
    if page.bindings or _bare(page):
        return max(trees.span_of(node).end for node in [*(b.node for b in page.bindings), *_bare(page)])
    after = 0
    for node in page.root.named_children:
        is_strict = node.type == "expression_statement" and re.match(r"['\"]use \w+", trees.text_of(node))
        if node.type not in {"comment", "hash_bang_line"} and not is_strict:
            break
        if node.type == "comment" and not _KEPT.search(trees.text_of(node)):
            break
        after = trees.span_of(node).end
    return after


def _bare(page: Page) -> list[Node]:
    return [node for node in page.root.named_children if node.type == "import_statement"]


def _stem(path: str) -> str:
    return posixpath.basename(path).partition(".")[0]


def _header(page: Page) -> Iterator[str]:
    """License and switches of the neighbour."""
    found = False
    for node in page.root.named_children:
        if node.type != "comment":
            break
        if _KEPT.search(trees.text_of(node)):
            found = True
            yield from trees.text_of(node).split("\n")
    if found:
        yield ""


def _framework(framework: Framework, others: Sequence[Page], style: Manner, body: Body, *, module: bool) -> Iterator[str]:
    """The imports of the framework's words, where the nearest neighbour imports them, and of its assertions."""
    home = HOMES[framework]
    bound = {b.local: b for b in others[0].bindings} if others else {}
    needed = {style.word, *body.words}
    if framework is not Framework.PLAYWRIGHT:
        needed.add(style.group)
    source = next((b.module for b in bound.values() if b.local in needed and _is_home(b.module, home)), None)
    if source is None and framework in _ALWAYS_IMPORTED:
        source = home
    if source is not None:
        end = ";" if style.semicolons else ""
        base = {b.local for b in bound.values() if b.taken == "default" and b.module == source}
        names = ", ".join(sorted(needed - base))
        default = next(iter(sorted(needed & base)), "")
        quoted = f"{style.quote}{source}{style.quote}"
        if module:
            clause = ", ".join(filter(None, (default, f"{{ {names} }}" if names else "")))
            yield f"import {clause} from {quoted}{end}"
        else:
            yield f"const {{ {', '.join(sorted(needed))} }} = require({quoted}){end}"
    for page in others[:1]:
        for binding in page.bindings:
            if binding.module in _ASSERTIONS and binding.local in body.words:
                yield trees.text_of(binding.node)


def _is_home(module: str, home: str) -> bool:
    """The framework itself, or a file of the repository that hands its words on with more fixtures."""
    return module in {home, home.removeprefix("node:")} or module.startswith((".", "@/", "~/"))


def _common(path: str, others: Sequence[Page]) -> Iterator[str]:
    """What most of the neighbours bring in besides: the files that set their stage, by where the new file stands."""
    pages = others[:5]
    counted = Counter(meant(binding.module, page.path) for page in pages for binding in _each_module(page))
    enough = max(2, (len(pages) * 2 + 2) // 3)
    for page in pages[:1]:
        for text in texts(page):
            module = next((b.module for b in page.bindings if trees.text_of(b.node) == text), "")
            if not module.startswith(".") or not _HELPER.search(module) or counted[meant(module, page.path)] < enough:
                continue
            yield text.replace(module, moved(module, page.path, path))


def _each_module(page: Page) -> Iterator[Binding]:
    seen: set[str] = set()
    for binding in page.bindings:
        if binding.module not in seen:
            seen.add(binding.module)
            yield binding
