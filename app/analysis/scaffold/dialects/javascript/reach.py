"""How a test file gets at what the fix changed: by a name it has, in the way its neighbours take it, else by a new import."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.analysis.languages import trees
from app.analysis.scaffold.dialects.javascript.bindings import Binding, meant, resolves, stem_of
from app.analysis.scaffold.dialects.javascript.page import Page, is_module
from app.domain.scaffold import Target

_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")


@dataclass(frozen=True, slots=True)
class Reached:
    """`expression` is what the target, or what it hangs on, is called in the test; `local` and `taken` what has to be imported
    for it from `module`, empty where nothing has. `join` is the import it can be joined to.
    """

    expression: str
    module: str = ""
    local: str = ""
    taken: str = ""
    join: Binding | None = None


def reach(target: Target, page: Page | None, path: str, neighbours: Sequence[Page]) -> Reached | None:
    """How the test at `path` gets at a target; None where its file keeps it to itself.

    `page` is the test's file as it stands, None for a new one; `neighbours` are other test files.
    """
    whole = target.owner.partition(".")[0] or target.name
    if not target.reachable or not target.export or not _IDENTIFIER.fullmatch(whole):
        return None
    own = list(_known(target, whole, page)) if page is not None else []
    if own:
        return own[0]
    if page is not None and (joined := _joined(target, whole, page)):
        return joined
    for other in neighbours:
        if found := _taken_there(target, whole, other, path):
            return found
    return _new(target, whole, page, module=writes_module(page, neighbours, path))


def _known(target: Target, whole: str, page: Page) -> Iterator[Reached]:
    """By what the test's file has: the changed file itself first, then what hands it on."""
    direct = [binding for binding in page.bindings if not binding.is_type and _is_direct(binding, page.path, target)]
    for binding in direct:
        expression = _expression(binding, target, whole)
        if expression:
            yield Reached(expression)
    for binding in page.bindings:
        if not binding.is_type and _hands_on(binding, page.path, target.path):
            if binding.taken == whole and target.export in {"named", "property"}:
                yield Reached(binding.local)
            elif binding.taken in {"*", "default"} and _uses(page, f"{binding.local}.{whole}"):
                yield Reached(f"{binding.local}.{whole}")


def _uses(page: Page, expression: str) -> bool:
    return re.search(rf"(?<![\w$.]){re.escape(expression)}(?![\w$])", page.text) is not None


def _expression(binding: Binding, target: Target, whole: str) -> str:
    """What the target is called by a binding of its own file; empty where that binding is of something else."""
    if target.export == "mixin":
        return binding.local if binding.taken in {"*", "default"} else ""
    if target.export in {"named", "property"}:
        if binding.taken == whole:
            return binding.local
        plain = binding.taken == "*" or (binding.taken == "default" and target.export == "property")
        return f"{binding.local}.{whole}" if plain else ""
    if binding.taken == "default" or (binding.taken == "*" and target.export == "whole"):
        return binding.local
    return f"{binding.local}.default" if binding.taken == "*" else ""


def _is_direct(binding: Binding, test: str, target: Target) -> bool:
    """Whether a binding is of the target's file; of one that is mixed into another, of the folder or file it is mixed into."""
    if target.export == "mixin":
        return stem_of(meant(binding.module, test)) == posixpath.dirname(target.path)
    return resolves(binding, test, target.path)


def _hands_on(binding: Binding, test: str, path: str) -> bool:
    """Whether a module may hand on the file: it stands above it (`../src`, `..`), or is the package that the file belongs to."""
    stem = stem_of(meant(binding.module, test))
    if binding.module.startswith("."):
        return stem != stem_of(path) and (stem == "." or f"{stem_of(path)}/".startswith(f"{posixpath.dirname(stem) or stem}/"))
    name = binding.module.rpartition("/")[2]
    return binding.module.startswith("@") and name in path.split("/")[:-1]


def _joined(target: Target, whole: str, page: Page) -> Reached | None:
    """By one more name in an import of the changed file."""
    if target.export not in {"named", "property"}:
        return None
    for binding in page.bindings:
        if binding.braces is not None and not binding.is_type and resolves(binding, page.path, target.path):
            if not _is_free(whole, page):
                return None
            return Reached(whole, binding.module, whole, whole, None if binding.is_common else binding)
    return None


def _taken_there(target: Target, whole: str, other: Page, path: str) -> Reached | None:
    """As a neighbour takes it, its path rewritten for where the new test stands."""
    for binding in other.bindings:
        if binding.is_type:
            continue
        direct = _is_direct(binding, other.path, target)
        expression = _expression(binding, target, whole) if direct else ""
        if not direct and binding.taken == whole and _hands_on(binding, other.path, target.path):
            expression = binding.local if target.export in {"named", "property"} else ""
        if expression:
            return Reached(expression, moved(binding.module, other.path, path), binding.local, binding.taken)
    return None


def _new(target: Target, whole: str, page: Page | None, *, module: bool) -> Reached | None:
    if not target.module:
        return None
    all_of_it = "default" if module else "*"
    taken = {"default": "default", "whole": all_of_it, "mixin": all_of_it}.get(target.export, whole)
    if taken == whole:
        return Reached(whole, target.module, whole, whole) if page is None or _is_free(whole, page) else None
    stem = re.sub(r"\W+(\w)", lambda match: match[1].upper(), posixpath.basename(stem_of(target.path)))
    names = [whole, stem, f"{stem}Module"]
    local = next((name for name in names if _IDENTIFIER.fullmatch(name) and (page is None or _is_free(name, page))), "")
    return Reached(local, target.module, local, taken) if local else None


def _is_free(name: str, page: Page) -> bool:
    """Whether the file uses the name nowhere: a new import of it shadows nothing and is shadowed by nothing."""
    return re.search(rf"(?<![\w$.'\"#@/-]){re.escape(name)}(?![\w$'\"-])(?!\s*:)", page.text) is None


def moved(module: str, there: str, here: str) -> str:
    """A relative module of the test `there` as the test `here` has to write it."""
    if not module.startswith("."):
        return module
    folder = posixpath.dirname(here)
    if posixpath.dirname(there) == folder:
        return module
    return relative(meant(module, there), folder)


def relative(path: str, folder: str) -> str:
    """`src/cart` from `tests/unit` is `../../src/cart`."""
    found = posixpath.relpath(path or ".", folder or ".")
    return found if found.startswith(".") else f"./{found}"


def imported(reached: Reached, quote: str, *, module: bool, semicolons: bool, word: str = "const") -> str:
    """The statement that brings a name in; `word` declares what is required."""
    end = ";" if semicolons else ""
    source = f"{quote}{reached.module}{quote}"
    name = reached.taken if reached.taken == reached.local else f"{reached.taken} as {reached.local}"
    if module:
        clause = {"default": reached.local, "*": f"* as {reached.local}"}.get(reached.taken, f"{{ {name} }}")
        return f"import {clause} from {source}{end}"
    if reached.taken in {"*", "default"}:
        last = ".default" if reached.taken == "default" else ""
        return f"{word} {reached.local} = require({source}){last}{end}"
    return f"{word} {{ {name.replace(' as ', ': ')} }} = require({source}){end}"


def joined(text: str, binding: Binding, name: str) -> str:
    """The file's text with one more name in an import's braces, on a line of its own where the last one has one."""
    braces = binding.braces
    names = braces.named_children if braces is not None else []
    if braces is None or not names:
        return text
    source = text.encode(errors="surrogateescape")
    last = names[-1]
    alone = last.start_point.row != braces.start_point.row and (len(names) < 2 or names[-2].end_point.row != last.start_point.row)
    rest = source[last.end_byte : braces.end_byte]
    at = last.end_byte + (1 if rest.startswith(b",") else 0)
    if alone:
        line = source[: last.start_byte].rpartition(b"\n")[2]
        space = line if not line.strip() else b"  "
        tail = b"," if rest.startswith(b",") else b""
        added = (b"" if tail else b",") + b"\n" + space + name.encode() + tail
    else:
        added = (b" " if rest.startswith(b",") else b", ") + name.encode()
    return (source[:at] + added + source[at:]).decode(errors="surrogateescape")


def writes_module(page: Page | None, neighbours: Sequence[Page], path: str) -> bool:
    """Whether the test's file is an ES module: as it is written, else as its neighbours of the same ending are."""
    if path.endswith((".mjs", ".mts")):
        return True
    if path.endswith((".cjs", ".cts")):
        return False
    ending = path.rpartition(".")[2]
    alike = [*([page] if page else []), *(each for each in neighbours if each.path.rpartition(".")[2] == ending)]
    said = (is_module(each) for each in alike)
    return next((each for each in said if each is not None), ending in {"ts", "tsx"})


def texts(page: Page) -> Iterator[str]:
    """The text of each import statement, in source order, each once."""
    seen: set[int] = set()
    for binding in page.bindings:
        if binding.node.start_byte not in seen:
            seen.add(binding.node.start_byte)
            yield trees.text_of(binding.node)
