"""Every slug that the code can say has words, every word is said by some slug, and templates have no way around defusing."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

import app
from app.domain.change import Status
from app.domain.escape import FixState, LinkKind
from app.domain.job import State
from app.domain.report import Blind, Lead, VerdictCode
from app.domain.seam import Hiding, SeamKind
from app.render import words
from app.render.words import Written, count, folder, markdown, percent, plain, sections, verb
from tests.render import build

ROOT = Path(app.__file__).parent
# The family of words of each value that carries a slug, the slug's keyword, and its place among the arguments.
CARRIERS = {
    "Dropped": ("dropped", "reason", 0),
    "FileChange": ("opaque", "opaque", 8),
    "Evidence": ("evidence", "reason", 1),
    "Gap": ("gap", "missing", 3),
    "Ground": ("ground", "reason", 0),
    "Placement": ("placement", "reason", 2),
    "Strength": ("strength", "reason", 1),
    "TestFile": ("kind", "kind_reason", 3),
    "Unchecked": ("unchecked", "reason", 0),
}
ENUMS = {
    "swallowed": Hiding,
    "seam": SeamKind,
    "verdict": VerdictCode,
    "leads": Lead,
    "unchecked": Blind,
    "link": LinkKind,
    "state": State,
    "change": Status,
    "fix": FixState,
}
# Sections that frame the others, said by `app.render` itself.
FRAMES = {
    "change": {"test"},
    "fix": {"given", "bare", "places", "size", "others"},
    "gap": {"place"},
    "link": {"sure", "item"},
    "placement": set(),
    "seam": {
        *("edge", "apart", "apart-executed", "apart-imports", "severed", "cut", "place", "fold"),
        *("item-executed", "item-imports"),
    },
    "swallowed": {"found", "place"},
    "state": {"problem", "withdrawn-more"},
    "verdict": {"brought"},
    # A file that could not be read is listed by the reason that its change carries.
    "unchecked": set(build.words_of("opaque")),
}


def said() -> dict[str, set[str]]:
    """The slugs that the code hands to the values that carry them, by family."""
    found: dict[str, set[str]] = {family: set() for family, _, _ in CARRIERS.values()}
    for path in ROOT.rglob("*.py"):
        tree = ast.parse(path.read_text())
        if path.name == "kinds.py":
            found["kind"] |= set(ruled(tree))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = call.func.id if isinstance(call.func, ast.Name) else None
            if name in CARRIERS:
                family, keyword, place = CARRIERS[name]
                found[family] |= set(slugs(argument(call, keyword, place), tree, set()))
    return found


def ruled(tree: ast.Module) -> Iterator[str]:
    """The rules for a test's kind give (kind, slug, names)."""
    for node in ast.walk(tree):
        match node:
            case ast.Tuple(elts=[ast.Attribute() | ast.Name() | ast.Call() | ast.Subscript(), ast.Constant(value=str(slug)), _]):
                yield slug


def argument(call: ast.Call, keyword: str, place: int) -> ast.expr | None:
    given = {one.arg: one.value for one in call.keywords}
    return given.get(keyword) or (call.args[place] if len(call.args) > place else None)


def slugs(value: ast.expr | None, tree: ast.Module, seen: set[str]) -> Iterator[str]:
    """The strings that an expression can come to, through the names and functions of its own module."""
    match value:
        case ast.Constant(value=str(slug)):
            if slug:  # a value that is made only to be measured carries none
                yield slug
        case ast.IfExp(body=one, orelse=other):
            yield from slugs(one, tree, seen)
            yield from slugs(other, tree, seen)
        case ast.BoolOp(values=parts) | ast.Dict(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from slugs(part, tree, seen)
        case ast.Call(func=ast.Name(id="next"), args=[ast.GeneratorExp(elt=inner), *_]):
            yield from slugs(inner, tree, seen)
        case ast.Subscript(value=inner) | ast.Call(func=inner) | ast.Attribute(value=inner):
            yield from slugs(inner, tree, seen)
        case ast.Name(id=name) if name not in seen:
            for definition in definitions(name, tree):
                yield from slugs(definition, tree, seen | {name})


def definitions(name: str, tree: ast.Module) -> Iterator[ast.expr | None]:
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                if any(isinstance(part, ast.Name) and part.id == name for to in targets for part in ast.walk(to)):
                    yield value
            case ast.AnnAssign(target=ast.Name(id=target), value=value) if target == name:
                yield value
            case ast.FunctionDef(name=defined, args=ast.arguments(args=parameters)) if name in {one.arg for one in parameters}:
                place = [one.arg for one in parameters].index(name)
                yield from (argument(call, name, place) for call in calls_of(defined, tree))
            case ast.FunctionDef(name=defined) if defined == name:
                yield from (inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return))


def calls_of(function: str, tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
            yield node


@pytest.mark.parametrize("family", sorted({family for family, _, _ in CARRIERS.values()}))
def test_every_slug_of_the_code_has_words(family: str) -> None:
    unsaid = said()[family] - set(build.words_of(family))
    assert unsaid == set()


def test_what_cannot_be_read_can_also_be_listed() -> None:
    assert set(build.words_of("opaque")) <= set(build.words_of("unchecked"))


@pytest.mark.parametrize("family", ENUMS)
def test_every_slug_of_the_domain_has_words(family: str) -> None:
    assert {slug.value.lower() for slug in ENUMS[family]} <= set(build.words_of(family))


@pytest.mark.parametrize("family", sorted(FRAMES.keys() | {"dropped", "evidence", "kind", "leads", "unchecked", "verdict"}))
def test_all_words_are_said(family: str) -> None:
    known = said().get(family, set()) | {slug.value.lower() for slug in ENUMS.get(family, ())} | FRAMES.get(family, set())
    assert set(build.words_of(family)) - known - {"other"} == set()


def test_a_slug_without_words_is_still_said() -> None:
    assert "not-known-yet" in markdown().say("unchecked", "not-known-yet", names=("a",))


@pytest.mark.parametrize("template", [folder() / "comment.md.j2", *(folder() / "words").iterdir()], ids=lambda path: path.name)
def test_templates_join_nothing_by_themselves(template: Path) -> None:
    """`~`, `+` and `%` would join foreign text to ours before a hand has seen it."""
    for text in sections(template.read_text()).values() or [template.read_text()]:
        tree = Environment(autoescape=True).parse(text)
        assert not list(tree.find_all((nodes.Concat, nodes.Add, nodes.Mod)))


def test_only_filters_of_the_hand_exist() -> None:
    assert "safe" not in markdown()._environment.filters


def test_a_list_names_the_first_and_counts_the_rest() -> None:
    assert plain().codes(["a"]) == "a"
    assert plain().codes(["a", "b", "c"]) == "a, b and c"
    assert plain().codes("abcdefg") == "a, b, c and 4 more"


def test_numbers_agree_with_their_words() -> None:
    assert [count(number, "test") for number in (0, 1, 2, 1200)] == ["0 tests", "1 test", "2 tests", "1,200 tests"]
    assert [verb(number, "touches", "touch") for number in (1, 2)] == ["touches", "touch"]


@pytest.mark.parametrize(
    ("share", "said"), [(0, "0%"), (0.001, "under 1%"), (0.01, "1%"), (0.614, "61%"), (0.999, "99%"), (1, "100%")]
)
def test_what_is_nearly_certain_is_not_called_certain(share: float, said: str) -> None:
    assert percent(share) == said


def test_what_a_hand_wrote_is_not_written_again() -> None:
    assert markdown().listed([Written("`a`"), "`b`"]) == "`a` and &#96;b&#96;"


def test_templates_are_found_beside_the_package_or_in_it() -> None:
    assert (words.folder() / "comment.md.j2").is_file()
