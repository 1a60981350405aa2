"""The changed Go function as a table of cases that a person fills in: it compiles, and calls nothing until there is a case.

What cannot be named from the test's package stays a comment with the signature.
"""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.analysis.languages import trees
from app.analysis.scaffold.dialects import telling
from app.analysis.scaffold.dialects.go.imports import Imports, spec_parts
from app.analysis.scaffold.signatures.go import results
from app.domain.scaffold import Blueprint, Parameter, Target, Todo


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Types that `!=` compares and whose values are readable in a message.
_PLAIN = _words(
    "bool byte complex128 complex64 float32 float64 int int16 int32 int64 int8 rune string uint uint16 uint32 uint64 "
    "uint8 uintptr"
)
_BUILT_IN = _PLAIN | {"any", "comparable", "error"}
_LOCAL = frozenset({"t", "tt", "tests", "got", "err", "want", "assert", "require", "reflect", "testing"})
_SYSTEMS = re.compile(
    r"_(?:aix|android|darwin|dragonfly|freebsd|illumos|ios|js|linux|nacl|netbsd|openbsd|plan9|solaris|wasip1|windows|zos|386|amd64|"
    r"arm|arm64|loong64|mips\w*|ppc64\w*|riscv64|s390x|wasm)\.go$"
)


@dataclass(frozen=True, slots=True)
class Call:
    """The lines that call what was changed, the import specs that they need, and what they leave to a person."""

    lines: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    todo: tuple[Todo, ...] = ()


class _Unnameable(Exception):
    """A type, or the function itself, that the test's file has no sure name for."""


def call(blueprint: Blueprint, package: str, imports: Imports, checks: str) -> Call:
    """The first changed function that can be called from `package`; `checks` is the testify package in use, "" for none."""
    same_language = [target for target in blueprint.targets if target.path.endswith(".go") and target.reachable]
    for target in same_language:
        try:
            return _Table(blueprint, target, package, imports, checks).call()
        except _Unnameable:
            continue
    if not same_language:
        return Call()
    hidden = any(one.access != "public" for one in same_language[:3])
    lines = [f"// {line}" for line in telling.signatures([_signature(one) for one in same_language])]
    return Call(tuple(lines), todo=(Todo.ARGUMENTS, *([Todo.REACH] if hidden else [])))


def _signature(target: Target) -> str:
    receiver = f"({target.owner_parameters[0].name} {target.owner_parameters[0].type}) " if target.owner_parameters else ""
    listed = ", ".join(f"{one.name} {'...' if one.kind == 'rest' else ''}{one.type}" for one in target.parameters)
    return f"func {receiver}{target.name}({listed}) {target.gives}".strip()


class _Table:
    """The table for one target, in one test file. Raises `_Unnameable` from `call`."""

    def __init__(self, blueprint: Blueprint, target: Target, package: str, imports: Imports, checks: str) -> None:
        self._target = target
        self._imports = imports
        self._checks = checks
        self._needs: dict[str, None] = {}
        self._inside = package == target.package and posixpath.dirname(target.path) == posixpath.dirname(blueprint.path)
        self._outside_ok = package.endswith("_test") or target.module in imports.names
        if not target.reachable or target.type_parameters or _SYSTEMS.search(target.path):
            raise _Unnameable

    def call(self) -> Call:
        """The table, the loop over it, and the check of each result."""
        target = self._target
        receiver = target.owner_parameters[0] if target.owner_parameters else None
        callee = target.name if receiver else self._named(target.name)
        columns = [*([receiver] if receiver else []), *target.parameters]
        fields = [(one.name, self._type(one)) for one in columns]
        if len({name for name, _ in fields}) < len(fields):
            raise _Unnameable
        given = [self._type_of(one) for one in results(target.gives)]
        if target.gives and not given:
            raise _Unnameable
        fails = bool(given) and given[-1] == "error"
        wanted = given[:-1] if fails else given
        taken = {name for name, _ in fields}
        title = _other("name", taken)
        wants = [_other("want" if number == 0 else f"want{number + 1}", taken) for number in range(len(wanted))]
        table = [(title, "string"), *fields, *zip(wants, wanted, strict=True)]
        if fails:
            table.append((_other("wantErr", taken), "bool"))
        values = [f"tt.{one.name}{'...' if one.kind == 'rest' else ''}" for one in target.parameters]
        called = f"{f'tt.{receiver.name}.' if receiver else ''}{callee}({', '.join(values)})"
        body = self._checked(called, wanted, wants, table[-1][0] if fails else "")
        return Call(_loop(title, table, body), ('"testing"', *self._needs), (Todo.ARGUMENTS, *([Todo.MAKE] if receiver else [])))

    def _named(self, name: str) -> str:
        """A name of the target's package as the test's file says it."""
        if self._inside:
            if name in _LOCAL:
                raise _Unnameable
            return name
        if not self._outside_ok or not name[:1].isupper() or not self._target.module or self._target.package == "main":
            raise _Unnameable
        return f"{self._bring(self._target.module, self._target.package)}.{name}"

    def _bring(self, path: str, name: str, spec: str = "") -> str:
        """The name that a package goes by in the test's file, which imports it if it does not yet."""
        if path in self._imports.names:
            return self._imports.names[path]
        if self._imports.paths.get(name, path) != path or name in _LOCAL - {"reflect"}:
            raise _Unnameable
        self._needs[spec or f'"{path}"'] = None
        return name

    def _type(self, parameter: Parameter) -> str:
        return ("[]" if parameter.kind == "rest" else "") + self._type_of(parameter.type)

    def _type_of(self, text: str) -> str:
        """A type's text as the test's file says it, every package in it imported."""
        source = f"package p\nvar v {text}\n"
        tree = trees.parse("go", source.encode())
        if (
            tree is None
            or tree.root_node.has_error
            or not text.isascii()
            or "struct" in text
            or ("interface" in text and "{}" not in text)
        ):
            raise _Unnameable
        changes: list[tuple[int, int, str]] = []
        for match in trees.matches("go", tree, "(qualified_type package: (_) @package)"):
            node = match["package"]
            changes.append((node.start_byte, node.end_byte, self._package(trees.text_of(node))))
        for match in trees.matches("go", tree, "(type_identifier) @name"):
            node, parent = match["name"], match["name"].parent
            name = trees.text_of(node)
            if (parent is None or parent.type != "qualified_type") and name not in _BUILT_IN:
                changes.append((node.start_byte, node.end_byte, self._named_type(name)))
        for start, end, now in sorted(changes, reverse=True):
            source = source[:start] + now + source[end:]
        return source.removeprefix("package p\nvar v ").rstrip("\n")

    def _named_type(self, name: str) -> str:
        return name if self._inside else self._named(name)

    def _package(self, name: str) -> str:
        """The package that the target's file calls by this name."""
        found = [(spec, parts) for spec in self._target.imports if (parts := spec_parts(spec)) and parts[0] == name]
        if len(found) != 1:
            raise _Unnameable
        spec, (_, path) = found[0]
        if not self._inside and path == self._target.module:
            raise _Unnameable
        return self._bring(path, name, spec)

    def _checked(self, called: str, wanted: Sequence[str], wants: Sequence[str], fails: str) -> list[str]:
        """The call and the comparison of what it gives, in testify's words where the neighbours use it."""
        if not wanted and not fails:
            return [called]
        got = ["got" if number == 0 else f"got{number + 1}" for number in range(len(wanted))]
        lines = [f"{', '.join([*got, *(['err'] if fails else [])])} := {called}"]
        if self._checks:
            says = self._bring(self._checks, self._checks.rpartition("/")[2])
            if fails:
                lines.append(f"{says}.Equal(t, tt.{fails}, err != nil)")
            return [*lines, *(f"{says}.Equal(t, tt.{want}, {one})" for want, one in zip(wants, got, strict=True))]
        shown = self._target.qualified
        if fails:
            lines += [
                f"if (err != nil) != tt.{fails} {{",
                f'\tt.Fatalf("{shown} error = %v, want one: %v", err, tt.{fails})',
                "}",
            ]
        for want, one, kind in zip(wants, got, wanted, strict=True):
            differs = (
                f"{one} != tt.{want}" if kind in _PLAIN else f"!{self._bring('reflect', 'reflect')}.DeepEqual({one}, tt.{want})"
            )
            verb = "%q" if kind == "string" else "%v"
            lines += [f"if {differs} {{", f'\tt.Errorf("{shown} = {verb}, want {verb}", {one}, tt.{want})', "}"]
        return lines


def _other(name: str, taken: set[str]) -> str:
    """The name, or one like it where a parameter is called so."""
    while name in taken:
        name = f"{name}_" if name != "name" else "scenario"
    taken.add(name)
    return name


def _loop(title: str, table: Sequence[tuple[str, str]], body: Sequence[str]) -> tuple[str, ...]:
    width = max(len(name) for name, _ in table)
    row = ", ".join(f'{name}: "as reported"' if name == title else f"{name}: ..." for name, _ in table)
    return (
        "tests := []struct {",
        *(f"\t{name.ljust(width)} {kind}" for name, kind in table),
        "}{",
        f"\t// {{{row}}},",
        "}",
        "for _, tt := range tests {",
        f"\tt.Run(tt.{title}, func(t *testing.T) {{",
        *(f"\t\t{line}" for line in body),
        "\t})",
        "}",
    )
