"""The changed C# method as a call that compiles and waits in a lambda, or as a comment where a type cannot be named for sure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.analysis.scaffold.dialects import telling
from app.domain.scaffold import Parameter, Target, Todo

_ZERO = {"string": '""', "bool": "false", "char": "' '", "object": "new object()"}
_NUMBERS = frozenset({"byte", "decimal", "double", "float", "int", "long", "sbyte", "short", "uint", "ulong", "ushort"})
_USING = re.compile(r"^\s*(?:global\s+)?using\s+(?:static\s+)?([\w.]+)\s*;", re.MULTILINE)
_TYPE = re.compile(r"(\w+)((?:\[\])*)(\??)")


@dataclass(frozen=True, slots=True)
class Call:
    """The lines of the call, the namespaces that they need, and what they leave to a person."""

    lines: tuple[str, ...] = ()
    usings: tuple[str, ...] = ()
    todo: tuple[Todo, ...] = ()


def usings(text: str) -> frozenset[str]:
    """The namespaces that a file opens."""
    return frozenset(_USING.findall(text))


def call(targets: Sequence[Target], text: str, namespace: str) -> Call:
    """The first changed method that a test may call with values of C#'s own types; else the signatures as comments."""
    mine = [target for target in targets if target.path.endswith(".cs")]
    for target in mine:
        if (prepared := _prepared(target, text, namespace)) is not None:
            return prepared
    if not mine:
        return Call()
    lines = [f"// {line}" for line in telling.signatures([_signature(one) for one in mine])]
    hidden = any(one.access != "public" for one in mine[:3])
    return Call(tuple(lines), todo=(Todo.ARGUMENTS, *([Todo.REACH] if hidden else [])))


def _signature(target: Target) -> str:
    listed = ", ".join(f"{'params ' if one.kind == 'rest' else ''}{one.type} {one.name}" for one in target.parameters)
    return " ".join(f"{target.gives or 'void'} {target.owner}.{target.name}({listed})".split())


def _prepared(target: Target, text: str, namespace: str) -> Call | None:
    makes = target.owner.rpartition(".")[2] == target.name
    if target.access != "public" or target.type_parameters or not (target.buildable or (target.is_static and not makes)):
        return None
    needed = [one for one in target.parameters if one.default is None and one.kind == "positional"]
    made = [] if target.is_static or makes else [one for one in target.owner_parameters if one.default is None]
    values = [_zero(one) for one in (*made, *needed)]
    known = "void" if not target.gives else target.owner if makes else _plain(target.gives)
    if known is None or None in values or len({one.name for one in (*made, *needed)}) < len(values):
        return None
    owner = target.owner
    if target.package and target.package != namespace and f"{target.package}." not in f"{namespace}.":
        clashes = re.search(rf"(?<![\w.]){owner.partition('.')[0]}\b", text) and target.package not in usings(text)
        if clashes:
            owner = f"{target.package}.{owner}"
    opened = [target.package] if owner == target.owner and target.package else []
    arguments = ", ".join(one.name for one in needed)
    holder = owner if target.is_static else f"new {owner}({', '.join(one.name for one in made)})"
    called = f"new {owner}({arguments})" if makes else f"{holder}.{target.name}({arguments})"
    name = _free("call", {one.name for one in (*made, *needed)})
    kind = "Action" if known == "void" else f"Func<{owner if makes else known}>"
    lines = [f"{one.type} {one.name} = {value};" for one, value in zip((*made, *needed), values, strict=True)]
    todo = [*([Todo.ARGUMENTS] if needed else []), *([Todo.MAKE] if made else [])]
    return Call((*lines, f"{kind} {name} = () => {called};"), ("System", *opened), tuple(todo))


def _plain(text: str) -> str | None:
    """A type of C#'s own, perhaps nullable or an array: known everywhere."""
    match = _TYPE.fullmatch(text)
    if match and match[1] in _NUMBERS | _ZERO.keys():
        return text
    return "System.Threading.Tasks.Task" if text == "Task" else None


def _zero(parameter: Parameter) -> str | None:
    """A value for a parameter of C#'s own types; None where another is needed."""
    match = _TYPE.fullmatch(parameter.type)
    if match is None or match[1] not in _NUMBERS | _ZERO.keys():
        return None
    if match[2]:
        return "null" if match[3] else f"new {match[1]}[0]{match[2][2:]}"
    return "null" if match[3] else _ZERO.get(match[1], "0")


def _free(name: str, taken: Collection[str]) -> str:
    while name in taken:
        name += "_"
    return name
