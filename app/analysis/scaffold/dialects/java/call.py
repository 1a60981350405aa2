"""The changed Java method as a call that compiles and is not made before a person has filled in its values.

What the test's file has no sure name for stays a comment with the signature.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.scaffold.dialects import telling
from app.analysis.scaffold.dialects.java.source import Source, imported_name, members, modifiers
from app.domain.scaffold import Parameter, Target, Todo


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BOXED = {
    "boolean": "Boolean",
    "byte": "Byte",
    "char": "Character",
    "double": "Double",
    "float": "Float",
    "int": "Integer",
    "long": "Long",
    "short": "Short",
}
_ZERO = {
    "boolean": "false",
    "byte": "0",
    "char": "' '",
    "double": "0.0",
    "float": "0f",
    "int": "0",
    "long": "0L",
    "short": "0",
    "String": '""',
    "CharSequence": '""',
}
_JAVA_LANG = _words(
    "Appendable Boolean Byte CharSequence Character Class ClassLoader Cloneable Comparable Double Enum Error Exception "
    "Float IllegalArgumentException IllegalStateException Integer Iterable Long Math Number Object Process "
    "ProcessBuilder Readable Runnable RuntimeException Short StackTraceElement String StringBuffer StringBuilder System "
    "Thread ThreadGroup Throwable Void"
)
_JAVA_UTIL = _words(
    "ArrayList BitSet Calendar Collection Comparator Currency Date Enumeration HashMap HashSet Iterator LinkedHashMap "
    "LinkedList List ListIterator Locale Map Optional Properties Queue Random Set SortedMap SortedSet TimeZone TreeMap "
    "UUID"
)
_NO_CODE = re.compile(r"//[^\n]*|/\*(?:[^*]|\*(?!/))*+\*/|\"(?:[^\"\\\n]|\\.)*+\"")
_LAMBDA = re.compile(r"[\w)]\s*->\s*[\w{(]|[\w)]::\w|\borg\.junit\.jupiter\b")
# Names that classes often inherit from what they extend, so that a bare one need not be of the same package.
_INHERITED = _words("Builder Entry Factory Item Key Kind Mode Node Options Result State Status Type")


@dataclass(frozen=True, slots=True)
class Call:
    """The lines that call what was changed, what they import, and what they leave to a person. `waits` if a call is prepared."""

    lines: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    todo: tuple[Todo, ...] = ()
    waits: bool = False


class _Unnameable(Exception):
    """A type, or the method itself, that the test's file has no sure name for."""


def call(targets: Sequence[Target], source: Source, owner: Node | None, lambdas: bool) -> Call:
    """The first changed method that can be called from the test class `owner` of that file."""
    mine = [target for target in targets if target.path.endswith(".java")]
    for target in mine:
        try:
            return _Written(target, source, owner, lambdas).call()
        except _Unnameable:
            continue
    if not mine:
        return Call()
    lines = [f"// {line}" for line in telling.signatures([_signature(one) for one in mine])]
    hidden = any(one.access in {"private", "package", "protected"} and one.package != source.package for one in mine[:3])
    return Call(tuple(lines), todo=(Todo.ARGUMENTS, *([Todo.REACH] if hidden else [])))


def _signature(target: Target) -> str:
    listed = ", ".join(f"{one.type}{'...' if one.kind == 'rest' else ''} {one.name}" for one in target.parameters)
    made = target.kind == "constructor" or target.owner.rpartition(".")[2] == target.name
    named = f"new {target.owner}({listed})" if made else f"{target.owner}.{target.name}({listed})"
    return _plain(f"{named} -> {target.gives or 'void'}")


def _plain(text: str) -> str:
    """Source text in a comment: a unicode escape would be read there."""
    return " ".join(text.split()).replace("\\u", "\\ u")


class _Written:
    """One target, in one test class. Raises `_Unnameable` from `call`."""

    def __init__(self, target: Target, source: Source, owner: Node | None, lambdas: bool) -> None:
        self._target = target
        self._source = source
        self._owner = owner
        self._lambdas = lambdas
        self._needs: dict[str, None] = {}
        self._todo: dict[Todo, None] = {}
        self._lines: list[str] = []
        self._taken: set[str] = set()
        self._own = {name.partition(".")[0] for name, _ in source.classes()} | {n.rpartition(".")[2] for n, _ in source.classes()}
        reached = target.access == "public" or (target.access in {"package", "protected"} and target.package == source.package)
        if not target.reachable or target.type_parameters or not reached or not target.owner:
            raise _Unnameable

    def call(self) -> Call:
        """A value for every parameter, and the call that waits for them."""
        target = self._target
        is_constructor = target.owner.rpartition(".")[2] == target.name
        holder = "" if is_constructor else self._holder()
        values = [self._local(one) for one in target.parameters]
        if target.parameters:
            self._todo[Todo.ARGUMENTS] = None
        called = f"new {self._type(target.owner)}({', '.join(values)})" if is_constructor else ""
        called = called or f"{holder}.{target.name}({', '.join(values)})"
        self._lines += self._waiting(called)
        return Call(tuple(self._lines), tuple(self._needs), tuple(self._todo), waits=True)

    def _waiting(self, called: str) -> list[str]:
        self._needs["java.util.concurrent.Callable"] = None
        if "Callable" in self._own:
            raise _Unnameable
        gives = self._boxed(self._type(self._target.gives)) if self._target.gives else "Void"
        name = self._free("call")
        body = [f"return {called};"] if self._target.gives else [f"{called};", "return null;"]
        if not self._lambdas:
            inner = [f"public {gives} call() throws Exception {{", *(f"    {line}" for line in body), "}"]
            return [f"final Callable<{gives}> {name} = new Callable<{gives}>() {{", *(f"    {line}" for line in inner), "};"]
        if self._target.gives:
            return [f"Callable<{gives}> {name} = () -> {called};"]
        return [f"Callable<{gives}> {name} = () -> {{", *(f"    {line}" for line in body), "};"]

    def _holder(self) -> str:
        """What the method is called on: the class, a field of the test that holds one, or a new one."""
        target = self._target
        if target.is_static:
            return self._type(target.owner)
        if field := self._field(target.owner.rpartition(".")[2]):
            return field
        owner = self._type(target.owner)
        simple = target.owner.rpartition(".")[2]
        if target.buildable and not target.owner_parameters:
            return f"new {owner}()"
        name = self._free(simple[:1].lower() + simple[1:])
        self._todo[Todo.MAKE] = None
        if target.buildable:
            made = ", ".join(self._local(one) for one in target.owner_parameters)
            return f"new {owner}({made})"
        self._lines.append(f"{self._final}{owner} {name} = null;")
        return name

    def _field(self, kind: str) -> str:
        """A field of the test class that holds such an instance."""
        for node in members(self._owner) if self._owner else ():
            declared = node.child_by_field_name("type")
            if node.type == "field_declaration" and declared is not None and trees.text_of(declared) == kind:
                name = (node.child_by_field_name("declarator") or node).child_by_field_name("name")
                if name is not None and "Mock" not in modifiers(node):
                    return trees.text_of(name)
        return ""

    @property
    def _final(self) -> str:
        return "" if self._lambdas else "final "

    def _local(self, parameter: Parameter) -> str:
        """Declares a value of the parameter's type and gives its name."""
        kind = self._type(parameter.type)
        if parameter.kind == "rest":
            value = "null" if "<" in kind else f"new {kind}{'[0]' if not kind.endswith(']') else '{}'}"
            value = "null" if value.endswith("{}") else value
            kind = f"{kind}[]"
        else:
            value = _ZERO.get(kind, "null")
        name = self._free(parameter.name)
        self._lines.append(f"{self._final}{kind} {name} = {value};")
        return name

    def _free(self, name: str) -> str:
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name

    def _boxed(self, kind: str) -> str:
        return _BOXED.get(kind, kind)

    def _type(self, text: str) -> str:
        """A type's text, everything that it names known in the test's file."""
        tree = trees.parse("java", f"class C {{ {text} f; }}".encode())
        if tree is None or tree.root_node.has_error or "@" in text or "\\" in text:
            raise _Unnameable
        for match in trees.matches("java", tree, "(type_identifier) @name"):
            node = match["name"]
            scoped = node.parent is not None and node.parent.type == "scoped_type_identifier"
            if not scoped or node.prev_named_sibling is None:
                self._know(trees.text_of(node))
        return text

    def _know(self, name: str) -> None:
        """Makes the test's file know a type by its simple name, or raises."""
        target, source = self._target, self._source
        if name in _JAVA_LANG:
            if name in self._own or any(one.endswith(f".{name}") for one in source.imported):
                raise _Unnameable
            return
        full = self._full(name)
        if name in self._own or any(one != full and one.rpartition(".")[2] == name for one in source.imported):
            raise _Unnameable
        if full.rpartition(".")[0] != source.package:
            known = source.holds(full)
            if not full.rpartition(".")[0] or (not known and re.search(rf"(?<![\w.]){name}\b", source.text)):
                raise _Unnameable  # the file has another one by that name, of its own package
            self._needs[full] = None
        elif full.rpartition(".")[0] == target.package and name != target.owner.partition(".")[0] and name in _INHERITED:
            raise _Unnameable

    def _full(self, name: str) -> str:
        """A type's full name, by the imports of the target's file."""
        target = self._target
        if name == target.owner.partition(".")[0]:
            return f"{target.package}.{name}".lstrip(".")
        imported = [imported_name(one) for one in target.imports]
        for one in imported:
            if one.rpartition(".")[2] == name and not one.startswith("static "):
                return one
        if "java.util.*" in imported and name in _JAVA_UTIL:
            return f"java.util.{name}"
        if (
            any(one.endswith(".*") and not one.startswith("static ") for one in imported)
            or target.package != self._source.package
        ):
            raise _Unnameable
        return f"{target.package}.{name}".lstrip(".")


def uses_lambdas(texts: Sequence[str]) -> bool:
    """Whether tests here are compiled as Java 8 or later, as far as they show."""
    return any(_LAMBDA.search(_NO_CODE.sub(" ", text)) for text in texts)
