"""What stands inside a JavaScript test: what the issue tells, the call of what changed, and how the unfilled test fails."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.analysis.scaffold import prose
from app.analysis.scaffold.dialects.javascript.borrow import Borrowed, borrow
from app.analysis.scaffold.dialects.javascript.page import Call, Manner, Page
from app.analysis.scaffold.dialects.javascript.place import beside_test
from app.analysis.scaffold.dialects.javascript.reach import Reached, reach
from app.analysis.scaffold.dialects.javascript.snippets import Reproduction, reproduction
from app.analysis.scaffold.dialects.javascript.text import quote_for, string
from app.analysis.scaffold.plain import one_line
from app.domain.scaffold import Blueprint, Parameter, Target, Todo
from app.domain.suite import Framework

# More calls than these bury what has to be done.
MOST_CALLS = 2
_ORDER = re.compile(r"@(?=(?:ts|vitest|jest|jsx|flow)\b)")


@dataclass(slots=True)
class Body:
    """The parts of the test, the imports they need, and the words of the framework and its assertions that they use."""

    given: list[str] = field(default_factory=list)
    when: list[str] = field(default_factory=list)
    then: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    finish: list[str] = field(default_factory=list)
    imports: list[Reached] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    is_async: bool = False
    asserts: bool = False
    opening: str = "() =>"
    beside: Call | None = None
    todos: dict[Todo, None] = field(default_factory=dict)

    @property
    def todo(self) -> tuple[Todo, ...]:
        """What is left to do, in the order it was found."""
        return tuple(self.todos)


def write_body(blueprint: Blueprint, framework: Framework, own: Page | None, others: Sequence[Page], style: Manner) -> Body:
    """The inside of the test, one step of indentation to be put in front of each line."""
    body = Body()
    story = blueprint.story
    body.given = _comment(prose.given(story))
    body.when = _comment(prose.when(story))
    about = [name for target in blueprint.targets for name in (target.name, *target.owner.split(".")) if name]
    known = own or next(iter(others), None)
    shown = reproduction(story, own, about) if own is not None and framework is not Framework.PLAYWRIGHT else None
    if shown is not None:
        _reproduce(shown, known, style, body)
    else:
        if snippet := prose.snippet_shown(story):
            body.when += [*(["//"] if body.when else []), *_comment([f"    {line}" for line in snippet])]
            body.todos[Todo.SNIPPET] = None
        told = len(body.when)
        _act(blueprint, framework, own, others, style, body)
        body.when[told:told] = _comment(prose.named(blueprint, body.when[told:]))
    body.then = _comment([*prose.then(story), *prose.changed(blueprint.literals)])
    body.conditions = _comment(prose.conditions(blueprint.seams))
    if body.conditions:
        body.todos[Todo.CONDITIONS] = None
    if not body.asserts:
        body.finish = [_fail(prose.finish(blueprint), known, style, body)]
    body.todos[Todo.CHECK_ASSERT if body.asserts else Todo.ASSERT] = None
    body.opening = _opening(framework, style, body)
    return body


def _reproduce(shown: Reproduction, known: Page | None, style: Manner, body: Body) -> None:
    """The issue's own code; with an assertion where it says what its value should be and the file has one that can tell."""
    body.when += list(shown.lines)
    body.is_async = shown.is_async
    asserted = _assertion(shown, known, style) if shown.expected else ""
    if asserted:
        body.finish = [asserted]
        body.asserts = True


def _assertion(shown: Reproduction, known: Page | None, style: Manner) -> str:
    """`expect(result).toEqual(3)` or `assert.deepStrictEqual(result, 3)`; empty where the file's own assertions are unknown."""
    end = ";" if style.semicolons else ""
    text = known.text if known else ""
    if re.search(r"\bassert\.(?:deepStrictEqual|strictEqual|deepEqual|equal|ok)\b", text):
        return f"assert.deepStrictEqual({shown.result}, {shown.expected}){end}"
    if re.search(r"\.(?:toBe|toEqual|toStrictEqual)\(", text):
        return f"expect({shown.result}).toEqual({shown.expected}){end}"
    if re.search(r"\bexpect\(.*\)\.to\.(?:be|deep|equal|eql)\b", text):
        return f"expect({shown.result}).to.deep.equal({shown.expected}){end}"
    return ""


def _act(blueprint: Blueprint, framework: Framework, own: Page | None, others: Sequence[Page], style: Manner, body: Body) -> None:
    """A call as the neighbours make it, else one that a person fills in."""
    if framework is Framework.PLAYWRIGHT:
        body.is_async = True
    elif own is None or not (call := _borrowed(blueprint, own)):
        _calls(blueprint, own, others, style, body)
    else:
        title = one_line(call.test.title.strip("'\"`"), 60)
        body.when += [f"// As '{title}' does it; put in what {prose.issue_shown(blueprint.story)} is about.", *call.lines]
        body.beside, body.is_async = call.test, call.is_async
        body.todos[Todo.ARGUMENTS] = None


def _borrowed(blueprint: Blueprint, own: Page) -> Borrowed | None:
    """A call of what changed as the file's own tests make it, those nearest to `beside` first."""
    tests = [call for call in own.calls if not call.group]
    near = beside_test(own, blueprint.beside) if blueprint.beside else None
    at = tests.index(near) if near in tests else len(tests)
    tests = [test for _, test in sorted(enumerate(tests), key=lambda pair: abs(pair[0] - at))]
    for target in sorted(blueprint.targets, key=lambda each: each.kind == "class"):
        reached = reach(target, own, blueprint.path, ())
        known = reached.expression if reached is not None and not reached.module else ""
        if target.reachable and (known or target.owner) and (call := borrow(own, tests, target, known)):
            return call
    return None


def _comment(lines: Sequence[str]) -> list[str]:
    """Lines of comment; what tools take from comments as an order (`@ts-ignore`, `@vitest-environment`) is none here."""
    return [f"// {_ORDER.sub('', line)}".rstrip() for line in lines]


def _opening(framework: Framework, style: Manner, body: Body) -> str:
    if framework is Framework.PLAYWRIGHT:
        return "async ({ page }) =>"
    return f"async {style.opening}" if body.is_async else style.opening


def _calls(blueprint: Blueprint, own: Page | None, others: Sequence[Page], style: Manner, body: Body) -> None:
    """The changed definitions, imported and called: really where nothing has to be known, else as a comment to be filled in."""
    hidden: list[Target] = []
    called = 0
    for target in blueprint.targets:
        reached = reach(target, own, blueprint.path, others)
        if reached is None:
            hidden += [] if target.reachable else [target]
        elif called < MOST_CALLS and target.kind in {"function", "method", "class"}:
            if reached.local and reached not in body.imports:
                body.imports.append(reached)
            lines = _call(target, reached.expression, style, body, called)
            body.when += [line for line in lines if line not in body.when]
            called += 1
    if hidden and not called:
        target = hidden[0]
        body.when.append(f"// {target.qualified} of {target.path} is not handed on: reach it through what is.")
        body.todos[Todo.REACH] = None


def _call(target: Target, reached: str, style: Manner, body: Body, number: int) -> list[str]:
    end = ";" if style.semicolons else ""
    waiting = "await " if target.is_async else ""
    body.is_async = body.is_async or target.is_async
    result = "result" if not number else f"result{number + 1}"
    if target.kind == "class" or target.name == "constructor":
        made = target.parameters if target.kind == "class" else target.owner_parameters
        return _written(f"const {_instance(reached)} = new {reached}({_arguments(made)}){end}", made, body, Todo.MAKE)
    given = f"({_arguments(target.parameters)}){end}"
    inner = ".".join(target.owner.split(".")[1:])
    holder = f"{reached}.{inner}" if inner else reached
    if not target.owner:
        return _written(f"const {result} = {waiting}{reached}{given}", target.parameters, body, Todo.ARGUMENTS)
    if target.is_static:
        return _written(f"const {result} = {waiting}{holder}.{target.name}{given}", target.parameters, body, Todo.ARGUMENTS)
    instance = _instance(holder)
    making = f"const {instance} = new {holder}({_arguments(target.owner_parameters)}){end}"
    lines = _written(making, target.owner_parameters, body, Todo.MAKE)
    call = f"const {result} = {waiting}{instance}.{target.name}{given}"
    if lines[0].startswith("//"):
        return [*lines, f"// {call}"]
    return [*lines, *_written(call, target.parameters, body, Todo.ARGUMENTS)]


def _written(call: str, parameters: Sequence[Parameter], body: Body, todo: Todo) -> list[str]:
    """The statement, as a comment where a value has to be found for a parameter."""
    if all(each.default is not None or each.kind == "rest" for each in parameters):
        return [call]
    body.todos[todo] = None
    return [f"// {call}"]


def _arguments(parameters: Sequence[Parameter]) -> str:
    """What a person puts values in for; nothing where everything has a default."""
    if all(each.default is not None or each.kind == "rest" for each in parameters):
        return ""
    return ", ".join(f"...{each.name}" if each.kind == "rest" else each.name for each in parameters)


def _instance(name: str) -> str:
    """`commander.Command` -> `command`."""
    last = name.rpartition(".")[2]
    lowered = last[:1].lower() + last[1:]
    return lowered if lowered != last and re.fullmatch(r"[a-z_$][\w$]*", lowered) else f"{last}Instance"


def _fail(sentence: str, known: Page | None, style: Manner, body: Body) -> str:
    """The last line: by the neighbours' own assertions where these can simply fail, else by an error."""
    end = ";" if style.semicolons else ""
    literal = string(sentence, quote_for(sentence, style.quote))
    names = {binding.local: binding for binding in known.bindings if not binding.is_type} if known else {}
    if "assert" in names:
        body.words.add("assert")
        return f"assert.fail({literal}){end}"
    expect = names.get("expect")
    if expect is not None and expect.module in {"vitest", "chai"}:
        body.words.add("expect")
        return f"expect.fail({literal}){end}"
    return f"throw new Error({literal}){end}"
