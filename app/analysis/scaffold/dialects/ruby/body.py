"""What stands inside a Ruby test: what the issue tells, the call of what changed, and how the unfilled test fails."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.analysis.languages import trees
from app.analysis.scaffold import prose
from app.analysis.scaffold.dialects.ruby.borrow import Borrowed
from app.analysis.scaffold.dialects.ruby.page import Place
from app.analysis.scaffold.dialects.ruby.text import quote_for, string
from app.analysis.scaffold.plain import one_line
from app.domain.scaffold import Blueprint, Parameter, Target, Todo
from app.domain.suite import Framework

MOST_CALLS = 2
# What Ruby calls by itself when a class is derived or a module is taken in.
_HOOKS = frozenset({"inherited", "included", "extended", "prepended", "method_missing", "respond_to_missing?", "method_added"})
_SETTER = re.compile(r"[a-z_]\w*=")
_PLAIN = re.compile(r"[a-z_]\w*[?!]?")


@dataclass(slots=True)
class Body:
    """The parts of the test, and what is left to do in it."""

    given: list[str] = field(default_factory=list)
    when: list[str] = field(default_factory=list)
    then: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    finish: list[str] = field(default_factory=list)
    todos: dict[Todo, None] = field(default_factory=dict)


def write_body(
    blueprint: Blueprint, framework: Framework, at: Place | None, quote: str, borrowed: Borrowed | None = None
) -> Body:
    """The inside of the test, one step of indentation to be put in front of each line."""
    body, story = Body(), blueprint.story
    body.given = comment(prose.given(story))
    body.when = comment(prose.when(story))
    if snippet := prose.snippet_shown(story):
        body.when += [*(["#"] if body.when else []), *comment([f"    {line}" for line in snippet])]
        body.todos[Todo.SNIPPET] = None
    told = len(body.when)
    if borrowed is not None:
        shown = one_line(borrowed.test.name, 60)
        body.when += [*comment([f"As '{shown}' does it; put in what {prose.issue_shown(story)} is about."]), *borrowed.lines]
        body.todos[Todo.ARGUMENTS] = None
    else:
        _calls(blueprint.targets, at, body)
    body.when[told:told] = comment(prose.named(blueprint, body.when[told:]))
    body.then = comment([*prose.then(story), *prose.changed(blueprint.literals)])
    body.conditions = comment(prose.conditions(blueprint.seams))
    if body.conditions:
        body.todos[Todo.CONDITIONS] = None
    sentence = prose.finish(blueprint)
    word = "flunk" if framework is Framework.MINITEST else "raise"
    body.finish = [f"{word} {string(sentence, quote_for(sentence, quote))}"]
    body.todos[Todo.ASSERT] = None
    return body


def comment(lines: Sequence[str]) -> list[str]:
    """Lines that open with `#`; the one magic comment that may stand anywhere is none here."""
    return [f"# {line}".rstrip().replace("shareable_constant_value:", "shareable_constant_value") for line in lines]


def constant(qualified: str) -> str:
    """`Shop.Cart` -> `Shop::Cart`."""
    return qualified.replace(".", "::")


def is_module(target: Target) -> bool:
    """Whether it is a module itself, which nothing can be made of."""
    return target.kind == "class" and target.export == "module"


def _calls(targets: Sequence[Target], at: Place | None, body: Body) -> None:
    shown = [each for each in targets if each.reachable and each.name not in _HOOKS and not is_module(each)]
    shown = sorted(shown, key=lambda each: each.kind == "class")[:MOST_CALLS]
    for number, target in enumerate(shown):
        lines = [
            re.sub(r"^(# )?result = ", rf"\g<1>result{number + 1} = ", line) if number else line
            for line in _call(target, at, body)
        ]
        body.when += [line for line in lines if line not in body.when]
    hidden = next((target for target in targets if not target.reachable), None)
    if hidden is not None and not shown:
        body.when.append(f"# {hidden.name} of {constant(hidden.owner)} is private: reach it through what calls it.")
        body.todos[Todo.REACH] = None


def _call(target: Target, at: Place | None, body: Body) -> list[str]:
    if target.kind == "class" or target.name == "initialize":
        return _made(target.qualified if target.kind == "class" else target.owner, target.parameters, body)
    if not _PLAIN.fullmatch(target.name) and not _SETTER.fullmatch(target.name):
        return [f"# {constant(target.owner)} answers {target.name} otherwise now."]
    if target.is_static or not target.owner:
        holder = f"{constant(target.owner)}." if target.owner else ""
        return _written(holder, target, body)
    known = _known_instance(target.owner, at)
    if known:
        return _written(f"{known}.", target, body)
    if target.export == "module":
        body.todos[Todo.MAKE] = None
        line = f"Class.new {{ include {constant(target.owner)} }}.new."
        return [f"# {each}".replace("# # ", "# ") for each in _written(line, target, body)]
    made = _made(target.owner, target.owner_parameters, body)
    call = _written(f"{_instance(target.owner)}.", target, body)
    return [*made, *(f"# {line}".replace("# # ", "# ") if made[0].startswith("#") else line for line in call)]


def _made(owner: str, parameters: Sequence[Parameter], body: Body) -> list[str]:
    call = f"{_instance(owner)} = {constant(owner)}.new{_arguments(parameters)}"
    if _needs_none(parameters):
        return [call]
    body.todos[Todo.MAKE] = None
    return [f"# {call}"]


def _written(holder: str, target: Target, body: Body) -> list[str]:
    """The call, as a comment where a value has to be found for a parameter."""
    if _SETTER.fullmatch(target.name):
        body.todos[Todo.ARGUMENTS] = None
        return [f"# {holder}{target.name.removesuffix('=')} = {', '.join(each.name for each in target.parameters)}"]
    call = f"result = {holder}{target.name}{_arguments(target.parameters)}"
    if _needs_none(target.parameters):
        return [call]
    body.todos[Todo.ARGUMENTS] = None
    return [f"# {call}"]


def _needs_none(parameters: Sequence[Parameter]) -> bool:
    return all(each.default is not None or each.kind in {"rest", "keywords"} for each in parameters)


def _arguments(parameters: Sequence[Parameter]) -> str:
    """`(items, tax: tax, *rest)`; nothing where everything has a default."""
    if _needs_none(parameters):
        return ""
    marks = {"rest": "*", "keywords": "**"}
    shown = [
        f"{each.name}: {each.name}" if each.kind == "keyword" else f"{marks.get(each.kind, '')}{each.name}" for each in parameters
    ]
    return f"({', '.join(shown)})"


def _instance(owner: str) -> str:
    """`Shop.LineItem` -> `line_item`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", owner.rpartition(".")[2]).lower()


def _known_instance(owner: str, at: Place | None) -> str:
    """What the groups around the test already call an instance of the class: `cart` of `let(:cart)`, `@cart`, `subject`."""
    if at is None or not at.around:
        return ""
    names = "|".join(re.escape(name) for name in (constant(owner), owner.rpartition(".")[2]))
    made = re.compile(
        r"(?:let!?\(:(\w+)\)\s*(?:\{|do\b)\s*|(@\w+)\s*=\s*|(subject)\s*(?:\{|do\b)\s*|subject!?\(:(\w+)\)\s*(?:\{|do\b)\s*)"
        rf"(?:(?:::)?(?:{names})|described_class)\.new\b"
    )
    for group in reversed(at.around):
        for match in made.finditer(trees.text_of(group.node)[:20_000]):
            found: str = next(filter(None, match.groups()))
            if not found.startswith("@") or _is_set_up(trees.text_of(group.node), match.start()):
                return found
    return ""


def _is_set_up(text: str, at: int) -> bool:
    """Whether the nearest block or method that opens above is one that runs before each test."""
    opened = re.findall(r"(?m)^\s*(?:def\s+(\w+)|(setup|before|it|test|should|specify|example)\b)", text[:at])
    last = next(filter(None, opened[-1]), "") if opened else ""
    return last in {"setup", "before"}
