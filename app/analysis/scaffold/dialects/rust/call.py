"""The changed Rust function as a call that compiles and waits in a closure, or as a comment where a value has no plain form."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.analysis.scaffold.dialects import telling
from app.domain.scaffold import Target, Todo

_NUMBERS = frozenset({"f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize"})
_ZERO = {"&str": '""', "&'static str": '""', "bool": "false", "char": "' '", "String": "String::new()", "()": "()"}


@dataclass(frozen=True, slots=True)
class Call:
    """The lines of the call, and what they leave to a person."""

    lines: tuple[str, ...] = ()
    todo: tuple[Todo, ...] = ()


def call(targets: Sequence[Target], path: str, text: str, modules: Sequence[str]) -> Call:
    """The first changed function that a test in `modules` of the file at `path` may call; else the signatures as comments."""
    mine = [target for target in targets if target.path.endswith(".rs") and target.reachable]
    for target in mine:
        if (prepared := _prepared(target, path, text, modules)) is not None:
            return prepared
    if not mine:
        return Call()
    lines = [f"// {line}" for line in telling.signatures([_signature(one) for one in mine])]
    hidden = any(one.access != "public" and one.path != path for one in mine[:3])
    return Call(tuple(lines), (Todo.ARGUMENTS, *([Todo.REACH] if hidden else [])))


def _signature(target: Target) -> str:
    listed = ", ".join(f"{one.name}: {one.type}" for one in target.parameters)
    own = "" if not target.owner or target.is_static else "self, " if listed else "self"
    name = f"{target.owner}::{target.name}" if target.owner else target.name
    return " ".join(f"fn {name}({own}{listed}){f' -> {target.gives}' if target.gives else ''}".split())


def _prepared(target: Target, path: str, text: str, modules: Sequence[str]) -> Call | None:
    if target.type_parameters or target.is_async or not target.reachable:
        return None
    values = [_zero(one.type) for one in target.parameters]
    if None in values or (target.owner and not target.is_static and not target.buildable):
        return None
    known = _known(target, path, text, modules)
    if not known:
        return None
    given = [f"let {one.name} = {value};" for one, value in zip(target.parameters, values, strict=True)]
    listed = ", ".join(one.name for one in target.parameters)
    if target.owner and not target.is_static:
        called = f"{known}::new().{target.name}({listed})"
    else:
        called = f"{known}::{target.name}({listed})" if target.owner else f"{known}({listed})"
    body = ["let _call = || {", *(f"    {line}" for line in [*given, called]), "};"] if given else [f"let _call = || {called};"]
    return Call(tuple(body), (Todo.ARGUMENTS,) if given else ())


def _known(target: Target, path: str, text: str, modules: Sequence[str]) -> str:
    """How the test names the function, or its type: bare where its module takes in the one above, or where it is imported."""
    name = target.owner or target.name
    if path == target.path:
        above = "::".join(modules[:-1])
        inside = re.search(r"\buse\s+super::\*", text) and modules and above == target.package
        return name if inside or "::".join(modules) == target.package else ""
    imported = re.search(
        rf"^\s*use\s+{re.escape(target.module.partition('::')[0])}::[^;]*\b{name}\b(?!::)[^;]*;", text, re.MULTILINE
    )
    return name if target.module and target.access == "public" and imported else ""


def _zero(kind: str) -> str | None:
    """A value that borrows from nothing; None where the type has no plain one."""
    if kind in _ZERO:
        return _ZERO[kind]
    if kind in _NUMBERS:
        return f"0{kind}" if not kind.startswith("f") else f"0.0{kind}"
    if kind.startswith("Option<") and kind.count("<") == kind.count(">"):
        inner = kind[7:-1].strip()
        return f"None::<{inner}>" if inner in _ZERO or inner in _NUMBERS else None
    return None
