"""An example for every sentence of `templates/words/`: each variable gets values of the kind that the sentence uses it as.

A variable that is counted gets numbers, one that is listed gets names, one that is only asked about is true and false; what has a
well-known name gets a value that looks like life, and everything else shows its own name. Of all combinations
as many are kept as it takes to show every word of the sentence.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, nodes

from app.domain.report import Ran
from app.render.words import Hand, Written, folder, markdown, sections

_MOST_TRIED = 6_000
_URL = "https://github.com/acme/shop"
_COUNTED = {"count", "verb"}
_LISTED = {"listed", "codes", "length", "languages", "first", "last", "join"}
_SHA = "9b8a7c6d5e4f30211203f4e5d6c7b8a990817263"


def _link(label: str, path: str) -> Written:
    return markdown().link(Written(label), f"{_URL}/{path}")


_KNOWN: dict[str, Any] = {
    "branch": markdown().code("recall/issue-479"),
    "brought": "tests/test_rounding.py",
    "command": "python -m pytest tests/test_cart.py",
    "commit": _link("`9b8a7c6`", f"commit/{_SHA}"),
    "does": "removes",
    "draft": _link("#495", "pull/495"),
    "edge": Written("`shop/checkout.py` → `payments/client.py`"),
    "escape": _link("#479", "issues/479"),
    "evidence": Written("imports `apply_discount` from `shop.pricing`"),
    "expected": "3f2a9c1d5e",
    "far": "payments/client.py",
    "file": markdown().code("tests/test_cart.py"),
    "first": Written(f'{_link("`7d1e0c5`", "commit/7d1e0c5")} "Round every discount" ({_link("#431", "pull/431")})'),
    "fix": _link("#482", "pull/482"),
    "found": "9b8a7c6d5e",
    "issue": _link("#479", "issues/479"),
    "kind": "integration",
    "kind_reason": Written("it lies in `integration`"),
    "label": "escaped-bug",
    "level": "write",
    "message": "assert 110 == 99",
    "name": "apply_discount",
    "near": "shop/checkout.py",
    "number": 3,
    "old_path": "shop/prices.py",
    "path": "shop/pricing.py",
    "permission": "issues",
    "proof": Written("not proved yet: no run has brought a receipt for it"),
    "pull": _link("#495", "pull/495"),
    "repeat": "recall prove tests/test_cart.py::test_total --fix 9b8a7c6d5e4f",
    "repository": "acme/shop",
    "run": "python -m pytest tests/test_cart.py::test_issue_479",
    "said": Written("the issue calls the bug a regression from it"),
    "second": Written(f'{_link("`2b4c6d8`", "commit/2b4c6d8")} "Move the prices"'),
    "second_why": Written("made `shop/pricing.py`, 30 days before the fix"),
    "size": _link("2 files, 9 lines", "pull/482/files"),
    "suite": "unit",
    "target": Written("the changed code"),
    "test": "tests/test_cart.py::test_total",
    "title": "Bulk discount is lost over quantity 100",
    "url": f"{_URL}/actions/runs/1",
    "when": "2026-11-23",
    "why": Written("last wrote 7 of the 9 lines that the fix takes away, 12 days before the fix"),
}
_LISTS: dict[str, tuple[Any, ...]] = {
    "places": (Written("`shop/pricing.py` (lines 88-91)"), Written("`shop/cart.py` (line 3)")),
    "symbols": (markdown().code("apply_discount"), markdown().code("Cart.total")),
}
# What one sentence hands on to another as it is.
_HANDED: dict[str, tuple[Any, ...]] = {
    "ran": (
        Ran("changed", lines=9, of=12, tests=6, integration=1),
        Ran("changed", lines=9, of=12, tests=1),
        Ran("changed", lines=9, of=12, tests=1, integration=1),
        Ran("changed", lines=9, of=12, tests=2, integration=2),
        Ran("changed", lines=9, of=12, tests=6, integration=2),
        Ran("changed", lines=0, of=12, skipped=("tests/test_cart.py::test_total",)),
        Ran("changed", lines=0, of=12, skipped=("tests/test_cart.py::test_total", "tests/test_cart.py::test_bulk")),
        Ran("changed", lines=9, of=12, suites=("unit",)),
        Ran("changed", lines=9, of=12, suites=("unit", "integration")),
        Ran("changed", lines=0, of=1),
        Ran("changed", lines=0, of=4),
    )
}
_NAMES = ("shop/pricing.py", "shop/cart.py")


_PARSER = Environment(trim_blocks=True, lstrip_blocks=True, autoescape=True)


def examples(hand: Hand, family: str, source: str) -> dict[str, tuple[str, ...]]:
    """The sentences of a family of words by slug, `source` being its file; as few as show all its words, at least one."""
    return {slug: tuple(_shown(hand, family, slug, text)) for slug, text in sections(source).items()}


def unshown(hand: Hand, family: str, source: str) -> list[str]:
    """The words of a family that no example shows."""
    found = examples(hand, family, source)
    return [
        f"{family} [{slug}]: {word}"
        for slug, text in sections(source).items()
        for word in _words(hand, _PARSER.parse(text))
        if not any(word in said for said in found[slug])
    ]


def _shown(hand: Hand, family: str, slug: str, text: str) -> Iterator[str]:
    tree = _PARSER.parse(text)
    choices, left, shown = _choices(tree), _words(hand, tree), False
    for values in islice(product(*choices.values()), _MOST_TRIED):
        said = hand.say(family, slug, **_given(zip(choices, values, strict=True)))
        new = {word for word in left if word in said}
        if new or not shown:
            yield said
        left, shown = left - new, True
        if not left:
            return


def _words(hand: Hand, tree: nodes.Template) -> set[str]:
    """Everything that the sentence can say by itself: its text, and the words that it chooses from."""
    said = [data.data for data in tree.find_all(nodes.TemplateData)]
    for output in tree.find_all(nodes.Output):
        slugs = [choice for call in output.find_all(nodes.Call) for choice in call.find_all(nodes.CondExpr)]
        choices = (choice for choice in output.find_all(nodes.CondExpr) if choice not in slugs)
        chosen = (branch for choice in choices for branch in (choice.expr1, choice.expr2))
        agreeing = (form for filtered in output.find_all(nodes.Filter) if filtered.name == "verb" for form in filtered.args)
        said += [str(hand.prose(one.value)) for one in (*chosen, *agreeing) if isinstance(one, nodes.Const) and one.value]
    return {words for text in said if (words := " ".join(text.split()))}


def _given(values: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """`("e.count", 3)` becomes an `e` that has a `count`."""
    given: dict[str, Any] = {}
    for path, value in values:
        name, _, rest = path.partition(".")
        if rest:
            setattr(given.setdefault(name, SimpleNamespace()), rest, value)
        else:
            given.setdefault(name, value)
    return given


def _choices(tree: nodes.Template) -> Mapping[str, tuple[Any, ...]]:
    """The values to try for each variable, the most usual first."""
    found = list(tree.find_all(nodes.Name))
    names = {one.name for one in found} - {one.name for one in found if one.ctx == "store"} - {"say", "slug"}
    paths = {path for node in tree.find_all((nodes.Name, nodes.Getattr)) if (path := _path(node)).partition(".")[0] in names}
    handed = {path for call in tree.find_all(nodes.Call) for one in call.kwargs if (path := _path(one.value)) in _HANDED}
    whole = {path for path in paths if not any(other.startswith(f"{path}.") for other in paths)}
    own = {path: _values(path, tree) for path in sorted(whole) if path.partition(".")[0] not in handed}
    return own | {name: _HANDED[name] for name in sorted(handed)}


def _path(node: nodes.Node | None) -> str:
    match node:
        case nodes.Name(name=name):
            return str(name)
        case nodes.Getattr(node=inner, attr=attr) if path := _path(inner):
            return f"{path}.{attr}"
    return ""


def _values(path: str, tree: nodes.Template) -> tuple[Any, ...]:
    name, use = path.rpartition(".")[2], _Use.of(path, tree)
    values: tuple[Any, ...]
    if use.slugs:
        values = use.slugs
    elif use.filters & _COUNTED or any(isinstance(other, int) for other in use.compared):
        return tuple(dict.fromkeys((3, 1, 0, 2, *(other for other in use.compared if isinstance(other, int)))))
    elif "percent" in use.filters:
        values = (0.81,)
    elif use.filters & _LISTED or use.cut:
        names = _LISTS.get(name, _NAMES)
        values = (names, names[:1])
    elif use.asked and not use.compared and not _printed(path, tree):
        values = (True,)
    else:
        shown = name.replace("_", " ")
        usual = _SHA if "commit" in use.filters else _KNOWN.get(name, shown if use.filters else Written(f"*{shown}*"))
        values = (*(other for other in use.compared if isinstance(other, str)), usual)
    return (*values, type(values[-1])()) if use.asked or use.cut else values


@dataclass(frozen=True, slots=True)
class _Use:
    """How a sentence uses a variable: the filters that take it, what it is compared with (3 for another variable), whether it is
    asked about, whether it is cut, and the slugs that it can be, where another sentence is said by it.
    """

    filters: set[str]
    compared: list[Any]
    asked: bool
    cut: bool
    slugs: tuple[str, ...]

    @classmethod
    def of(cls, path: str, tree: nodes.Template) -> "_Use":
        """The uses of that variable, by the names that the sentence gives it as well."""
        names = {path, *(_path(one.target) for one in tree.find_all(nodes.Assign) if path in _subjects(one.node))}
        tests = [*(found.test for found in tree.find_all(nodes.If)), *(found.test for found in tree.find_all(nodes.CondExpr))]
        calls = (call.args for call in tree.find_all(nodes.Call) if _path(call.node) == "say")
        return cls(
            filters=set(_filters(names, tree)),
            compared=list(_compared(names, tree)),
            asked=any(_path(node) in names for test in tests for node in _inside(test)),
            cut=any(_path(found.node) in names for found in tree.find_all(nodes.Getitem)),
            slugs=next((found for family, slug, *_ in calls if (found := _slugs(names, str(family.as_const()), slug))), ()),
        )


def _slugs(names: set[str], family: str, slug: nodes.Expr) -> tuple[str, ...]:
    """What a variable can be that a slug of that family is made of: `"does-" ~ how` or the variable alone."""
    known = tuple(sections((folder() / "words" / f"{family}.j2").read_text(encoding="utf-8")))
    match slug:
        case nodes.Concat(nodes=[nodes.Const(value=str(prefix)), end]) if _path(end) in names:
            return tuple(one.removeprefix(prefix) for one in known if one.startswith(prefix))
    return known[:1] if _path(slug) in names else ()


def _filters(names: set[str], tree: nodes.Template) -> Iterator[str]:
    yield from (found.name for found in tree.find_all(nodes.Filter) if names & _subjects(found.node))
    yield from ("listed" for loop in tree.find_all(nodes.For) if names & _subjects(loop.iter))


def _compared(names: set[str], tree: nodes.Template) -> Iterator[Any]:
    for comparison in tree.find_all(nodes.Compare):
        sides = (comparison.expr, *(operand.expr for operand in comparison.ops))
        if any(names & _subjects(side) for side in sides):
            yield from (side.value if isinstance(side, nodes.Const) else 3 for side in sides if not names & _subjects(side))


def _subjects(node: nodes.Node | None) -> set[str]:
    """The variables that an expression can be the value of."""
    match node:
        case nodes.Or(left=left, right=right):
            return _subjects(left) | _subjects(right)
        case nodes.CondExpr(expr1=one, expr2=other):
            return _subjects(one) | _subjects(other)
    return {_path(node)} - {""}


def _inside(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    yield from node.find_all(nodes.Node)


def _printed(path: str, tree: nodes.Template) -> bool:
    """Whether the variable itself is said somewhere, as it is or through a filter."""
    said = (part for output in tree.find_all(nodes.Output) for part in output.nodes)
    return any(path in _subjects(part) or _through(path, part) for part in said)


def _through(path: str, part: nodes.Node) -> bool:
    """`title|code`, `"draft"|link(url)`."""
    filtered = [part, *part.find_all(nodes.Filter)] if isinstance(part, nodes.Filter) else part.find_all(nodes.Filter)
    return any(
        path in _subjects(found.node) or any(path in _subjects(argument) for argument in found.args)
        for found in filtered
        if isinstance(found, nodes.Filter)
    )
