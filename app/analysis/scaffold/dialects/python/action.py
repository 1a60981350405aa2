"""What the test does: the issue's reproduction, else a call as the neighbours make it, else one that a person fills in."""

from dataclasses import dataclass, replace

from app.analysis.scaffold import prose
from app.analysis.scaffold.dialects.python.calls import Borrowed, borrow, borrow_act, fixtures_near
from app.analysis.scaffold.dialects.python.imports import Wanted, known_as
from app.analysis.scaffold.dialects.python.snippets import Reproduction, nested, reproduction
from app.analysis.scaffold.dialects.python.source import Source, Test
from app.analysis.scaffold.plain import wrapped
from app.domain.scaffold import Blueprint, Parameter, Target, Todo
from app.domain.seam import SeamKind

MOST_TARGETS = 4
MAX_CALL = 100
_MADE = ("__init__", "__new__", "__post_init__", "__init_subclass__")


@dataclass(frozen=True, slots=True)
class Action:
    """The statements in the middle of a test, and what they need around them.

    `beside` is the test they were taken from, `result` the name of what came out, `expected` the literal it should be.
    `reproduces` says that they are the issue's own code.
    """

    lines: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    decorators: tuple[str, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    todo: tuple[Todo, ...] = ()
    beside: str | None = None
    is_async: bool = False
    result: str = ""
    expected: str = ""
    asserts: bool = False
    reproduces: bool = False


def plan_action(blueprint: Blueprint, source: Source) -> Action:
    """The best of what can be done."""
    targets = [target for target in blueprint.targets if target.reachable and target.module][:MOST_TARGETS]
    known = {bound.alias.partition(".")[0] for bound in source.imports} | source.top_names
    about = {part for target in targets for part in (target.name, *target.owner.split("."), target.module.partition(".")[0])}
    modules = {(bound.module or bound.name).partition(".")[0] for bound in source.imports}
    if found := reproduction(blueprint.story, known, modules, about - {""}):
        return _reproduced(found)
    tests = _nearest_first(source, blueprint.beside)
    if found := nested(blueprint.story, tests):
        return _reproduced(found)
    for target in targets:
        outer = (target.owner or target.qualified).partition(".")[0]
        if (name := known_as(source, target.module, outer)) and (call := borrow(source, tests, name, target)):
            return _borrowed(call, blueprint, "calls it")
    beside = next((test for test in tests if test.qualified == blueprint.beside), None)
    if beside is not None and (act := borrow_act(source, beside)):
        return _borrowed(act, blueprint, "does")
    filled = _to_fill(source, targets)
    fixtures = fixtures_near(tests) if any(kind is not SeamKind.MODULE for kind in blueprint.seams) else ()
    return replace(filled, parameters=fixtures, todo=(*filled.todo, Todo.FIXTURE)) if fixtures else filled


def _nearest_first(source: Source, beside: str | None) -> list[Test]:
    """The tests of the file, `beside` first and then as near to it as they stand."""
    at = next((number for number, test in enumerate(source.tests) if test.qualified == beside), len(source.tests))
    return [test for _, test in sorted(enumerate(source.tests), key=lambda pair: abs(pair[0] - at))]


def _reproduced(found: Reproduction) -> Action:
    asserts = found.asserts or bool(found.expected)
    return Action(found.lines, found.parameters, result=found.result, expected=found.expected, asserts=asserts, reproduces=True)


def _borrowed(call: Borrowed, blueprint: Blueprint, how: str) -> Action:
    of = prose.issue_shown(blueprint.story)
    said = f"As {call.test.rpartition('.')[2]} {how}; put in what {of} is about."
    return Action(
        (*(f"# {line}" for line in wrapped([said], prose.WIDTH)), *call.lines),
        call.parameters,
        call.decorators,
        todo=(Todo.ARGUMENTS,),
        beside=call.test,
        is_async=call.is_async,
        result=call.result,
    )


def _to_fill(source: Source, targets: list[Target]) -> Action:
    """The calls of the changed definitions, as comments: invented arguments would only fail for another reason."""
    lines: list[str] = []
    wanted: list[Wanted] = []
    for target in targets[:2]:
        outer = (target.owner or target.qualified).partition(".")[0]
        known = known_as(source, target.module, outer)
        if known is None:
            wanted.append(Wanted(target.module, outer))
        line = f"# result = {_call(target, known or outer)}"
        if line not in lines:
            lines.append(line)
    todo = [Todo.ARGUMENTS] if lines else []
    if any(target.owner and not target.is_static for target in targets[:2]):
        todo.append(Todo.MAKE)
    return Action(tuple(lines), wanted=tuple(wanted), todo=tuple(todo))


def _call(target: Target, known: str) -> str:
    """`await Cart(shop).total(items, *discounts)`: what has no default, by name."""
    waiting = "await " if target.is_async else ""
    if not target.owner:
        made = target.owner_parameters if target.kind == "class" else target.parameters
        return f"{waiting}{known}({_arguments(made or target.parameters)})"
    holder = known if target.is_static else f"{known}({_arguments(target.owner_parameters)})"
    if target.name in _MADE:
        return f"{known}({_arguments(target.parameters)})"
    if target.name == "__call__":
        return f"{waiting}{holder}({_arguments(target.parameters)})"
    if target.name.startswith("__"):
        return holder
    return f"{waiting}{holder}.{target.name}({_arguments(target.parameters)})"


def _arguments(parameters: tuple[Parameter, ...]) -> str:
    needed = [parameter for parameter in parameters if parameter.default is None]
    signs = {"rest": "*{}", "keywords": "**{}", "keyword": "{0}={0}"}
    shown = ", ".join(signs.get(p.kind, "{}").format(p.name) for p in needed)
    return shown if len(shown) <= MAX_CALL else "..."
