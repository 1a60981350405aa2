"""The changed PHP function as a call in a closure: it stands there with its parameters, and waits for a person to make it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.analysis.scaffold.dialects import telling
from app.analysis.scaffold.dialects.php.source import Source
from app.domain.scaffold import Parameter, Target, Todo

_ZERO = {"int": "0", "float": "0.0", "string": "''", "bool": "false", "array": "[]", "iterable": "[]", "callable": "'strlen'"}


@dataclass(frozen=True, slots=True)
class Call:
    """The lines of the call, the class that they import ("" for none), and what they leave to a person."""

    lines: tuple[str, ...] = ()
    use: str = ""
    todo: tuple[Todo, ...] = ()


def call(targets: Sequence[Target], source: Source) -> Call:
    """The first changed function or public method; where there is none, the signatures of those that changed as comments."""
    mine = [target for target in targets if target.path.endswith(".php") and target.kind != "class" and target.reachable]
    for target in mine:
        if target.reachable and target.access == "public" and (target.buildable or target.is_static):
            return _prepared(target, source)
    if not mine:
        return Call()
    lines = [f"// {line}" for line in telling.signatures([_signature(one) for one in mine])]
    hidden = any(one.access != "public" for one in mine[:3])
    return Call(tuple(lines), todo=(Todo.ARGUMENTS, *([Todo.REACH] if hidden else [])))


def _signature(target: Target) -> str:
    holder = f"{target.owner}::" if target.owner else ""
    listed = ", ".join(f"{one.type} {'...' if one.kind == 'rest' else ''}${one.name}".strip() for one in target.parameters)
    text = f"{holder}{target.name}({listed}){f': {target.gives}' if target.gives else ''}"
    return text.replace("?>", "? >")


def _prepared(target: Target, source: Source) -> Call:
    makes = target.name.lower() == "__construct"
    owner = target.owner
    todo: list[Todo] = []
    held = _held(owner, source) if owner and not makes and not target.is_static else ""
    known, use = _named(target, owner, source) if owner and not held else ("", "")
    lines: list[str] = []
    values = _values(target.parameters, lines)
    if lines:
        todo.append(Todo.ARGUMENTS)
    if makes:
        called = f"new {known}({values})"
    elif not owner:
        called = f"\\{target.package}\\{target.name}({values})" if target.package else f"{target.name}({values})"
    elif target.is_static:
        called = f"{known}::{target.name}({values})"
    elif held:
        called = f"{held}->{target.name}({values})"
    else:
        made = _values(target.owner_parameters, lines)
        called = f"(new {known}({made}))->{target.name}({values})"
        todo += [Todo.MAKE] if made else []
    body = [*lines, *([""] if lines else []), f"return {called};"]
    return Call(("$call = function () {", *(f"    {line}" if line else "" for line in body), "};"), use, tuple(todo))


def _values(parameters: Sequence[Parameter], lines: list[str]) -> str:
    """Declares a value for every parameter that needs one, and gives them as arguments."""
    needed = [one for one in parameters if one.default is None and one.kind == "positional"]
    arguments = []
    for one in needed:
        name = one.name
        while any(line.startswith(f"${name} =") for line in lines):
            name += "_"
        lines.append(f"${name} = {_ZERO.get(one.type.lower(), 'null')};")
        arguments.append(f"${name}")
    return ", ".join(arguments)


def _held(owner: str, source: Source) -> str:
    """A property of the test that holds an instance: `$this->cart = new Cart(`, `private Cart $cart;`."""
    name = re.escape(owner)
    made = re.search(rf"\$this->(\w+)\s*=\s*new\s+\\?(?:\w+\\)*{name}\b", source.text)
    declared = re.search(rf"\b(?:private|protected|public)\s+\??{name}\s+\$(\w+)\s*[;=]", source.text)
    found = made or declared
    return f"$this->{found[1]}" if found else ""


def _named(target: Target, owner: str, source: Source) -> tuple[str, str]:
    """How the test's file names the class, and the import that it needs for that."""
    full = f"{target.package}\\{owner}" if target.package else owner
    for name, known in source.names.items():
        if known.lower() == full.lower():
            return next((one for one in re.findall(r"\w+", source.text) if one.lower() == name), owner), ""
    if source.namespace == target.package:
        return owner, ""
    taken = owner.lower() in source.names or any(one.name.lower() == owner.lower() for one in source.definitions)
    if taken or not target.package:
        return f"\\{full}", ""
    return owner, full
