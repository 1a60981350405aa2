"""A Java class file, read as far as its probes need: names, and for each method the instructions' flow and lines.

Source: The Java Virtual Machine Specification (Java SE 21), chapters 4 and 6. Where JaCoCo's probes sit is `jacoco_probes`'.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from struct import Struct, error

from app.analysis.coverage.unreadable import Unreadable

_U2 = Struct(">H")
_U4 = Struct(">I")
_I2 = Struct(">h")
_I4 = Struct(">i")

_MAGIC = b"\xca\xfe\xba\xbe"
_SYNTHETIC = 0x1000
_UTF8, _CLASS = 1, 7
# The bytes after the tag of each kind of constant; the two 8-byte numbers take two places in the pool.
_CONSTANTS = {3: 4, 4: 4, 5: 8, 6: 8, _CLASS: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2}

# The lengths of the instructions by opcode; 0 for those that tell their own length, and for opcodes that do not exist.
_LENGTHS = bytes(
    [1] * 16 + [2, 3, 2, 3, 3] + [2] * 5 + [1] * 28 + [2] * 5 + [1] * 73 + [3] + [1] * 20 + [3] * 16 + [2, 0, 0] + [1] * 6
    + [3] * 7 + [5, 5, 3, 2, 3, 1, 1, 3, 3, 1, 1, 0, 4, 3, 3, 5, 5] + [0] * 54
)  # fmt: skip
_JUMPS = frozenset({*range(153, 167), 198, 199})
_GOTO, _GOTO_WIDE = 167, 200
_SUBROUTINES = frozenset({168, 169, 201})
_TABLE, _LOOKUP = 170, 171
_EXITS = frozenset({*range(172, 178), 191})
_CALLS = frozenset(range(182, 187))
_WIDE, _IINC = 196, 132

# In a Kotlin class the first entry of the line section tells how many lines the file itself has; higher ones are inlined.
_OWN_LINES = re.compile(rb"\*L\n1#1,(\d{1,6}):1\n")


class Flow(Enum):
    """What an instruction does to the flow of control."""

    ON = auto()
    CALL = auto()
    BRANCH = auto()
    GOTO = auto()
    SWITCH = auto()
    EXIT = auto()


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction at offset `at`. `targets` are the offsets it may jump to, of a switch the default first."""

    at: int
    flow: Flow
    targets: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Method:
    """A method with a body. `guarded` are the offsets (start, handler) of its exception table; `lines` offset to line.

    `at_load` is whether it runs when the class is loaded, once for the whole process, and not when somebody calls it.
    """

    instructions: tuple[Instruction, ...]
    guarded: tuple[tuple[int, int], ...]
    lines: dict[int, int]
    at_load: bool = False


@dataclass(frozen=True, slots=True)
class ClassFile:
    """`name` is as the machine writes it (`com/shop/Cart$Item`), `source` the source file's name or empty."""

    name: str
    source: str
    synthetic: bool
    methods: tuple[Method, ...]

    @property
    def path(self) -> str:
        """The source file below its root: `com/shop/Cart.java`; empty where the class does not name its source."""
        package, slash, _ = self.name.rpartition("/")
        return package + slash + self.source if self.source else ""


class _Bytes:
    """The file's bytes with a place in them; reading past the end is the struct module's error."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    def number(self, kind: Struct) -> int:
        (value,) = kind.unpack_from(self.data, self.at)
        self.at += kind.size
        return int(value)

    def two(self) -> int:
        return self.number(_U2)

    def part(self, length: int) -> bytes:
        if length > len(self.data) - self.at:
            raise error("past the end")
        self.at += length
        return self.data[self.at - length : self.at]


def modified_utf8(text: bytes) -> str:
    """Java's own UTF-8, in which NUL takes two bytes and what needs a surrogate pair six. Raises UnicodeDecodeError."""
    pairs = text.replace(b"\xc0\x80", b"\0").decode("utf-8", "surrogatepass")
    return pairs.encode("utf-16-be", "surrogatepass").decode("utf-16-be")


def is_class(head: bytes) -> bool:
    """Whether the file is a class file of Java 1.1 to the far future, and not a fat Mach-O binary with the same magic."""
    return head.startswith(_MAGIC) and len(head) > 8 and _U2.unpack_from(head, 6)[0] >= 45


def read_class(data: bytes) -> ClassFile:
    """What a class file says. Raises Unreadable where it is damaged, or uses the subroutines of Java 5 and older."""
    try:
        return _class(data)
    except (error, IndexError, KeyError, UnicodeDecodeError) as why:
        raise Unreadable("It is a damaged class file; compile it anew.") from why


def _class(data: bytes) -> ClassFile:
    if not is_class(data):
        raise Unreadable("It is no Java class file.")
    found = _Bytes(data, 8)
    texts, classes = _constants(found)
    access, this = found.two(), found.two()
    found.at += 2
    interfaces = found.two()
    found.at += 2 * interfaces
    for _ in range(found.two()):  # the fields
        found.at += 6
        for _ in _attributes(found, texts):
            pass
    codes = [body for _ in range(found.two()) for body in _bodies(found, texts)]
    source, own = "", 0xFFFF
    for name, body in _attributes(found, texts):
        if name == "SourceFile":
            source = modified_utf8(texts[_U2.unpack_from(body)[0]])
        elif name == "SourceDebugExtension" and (told := _OWN_LINES.search(body)):
            own = int(told[1])
    methods = tuple(_method(code, texts, own, at_load=name == b"<clinit>") for name, code in codes)
    return ClassFile(modified_utf8(texts[classes[this]]), source, bool(access & _SYNTHETIC), methods)


def _constants(found: _Bytes) -> tuple[dict[int, bytes], dict[int, int]]:
    texts: dict[int, bytes] = {}
    classes: dict[int, int] = {}
    index, count = 1, found.two()
    while index < count:
        tag = found.part(1)[0]
        if tag == _UTF8:
            texts[index] = found.part(found.two())
        elif tag == _CLASS:
            classes[index] = found.two()
        else:
            found.at += _CONSTANTS[tag]
        index += 2 if tag in (5, 6) else 1
    return texts, classes


def _attributes(found: _Bytes, texts: dict[int, bytes]) -> Iterator[tuple[str, bytes]]:
    for _ in range(found.two()):
        name = texts[found.two()]
        yield name.decode("ascii", "replace"), found.part(found.number(_U4))


def _bodies(found: _Bytes, texts: dict[int, bytes]) -> list[tuple[bytes, bytes]]:
    """The method's name with its body; nothing for one that is abstract or native."""
    found.at += 2
    name = texts[found.two()]
    found.at += 2
    return [(name, body) for kind, body in _attributes(found, texts) if kind == "Code"]


def _method(body: bytes, texts: dict[int, bytes], own: int, *, at_load: bool) -> Method:
    found = _Bytes(body, 4)
    instructions = tuple(_instructions(found.part(found.number(_U4))))
    guarded = []
    for _ in range(found.two()):
        start, _, handler, _ = found.two(), found.two(), found.two(), found.two()
        guarded.append((start, handler))
    lines: dict[int, int] = {}
    for name, table in _attributes(found, texts):
        if name == "LineNumberTable":
            rows = _Bytes(table)
            for _ in range(rows.two()):
                at, line = rows.two(), rows.two()
                lines[at] = line if line <= own else 0
    return Method(instructions, tuple(guarded), lines, at_load)


def _instructions(code: bytes) -> Iterator[Instruction]:
    found = _Bytes(code)
    while found.at < len(code):
        at, opcode = found.at, code[found.at]
        if opcode in _SUBROUTINES:
            raise Unreadable("It is a class file with the subroutines of Java 5; compile it for Java 6 or later.")
        if opcode in (_TABLE, _LOOKUP):
            yield Instruction(at, Flow.SWITCH, _cases(found, opcode))
            continue
        length = _LENGTHS[opcode] if opcode != _WIDE else 6 if code[at + 1] == _IINC else 4
        if not length:
            raise error("no such opcode")
        yield _instruction(code, at, opcode)
        found.at += length


def _instruction(code: bytes, at: int, opcode: int) -> Instruction:
    if opcode in _JUMPS:
        return Instruction(at, Flow.BRANCH, (at + _I2.unpack_from(code, at + 1)[0],))
    if opcode == _GOTO:
        return Instruction(at, Flow.GOTO, (at + _I2.unpack_from(code, at + 1)[0],))
    if opcode == _GOTO_WIDE:
        return Instruction(at, Flow.GOTO, (at + _I4.unpack_from(code, at + 1)[0],))
    if opcode in _EXITS:
        return Instruction(at, Flow.EXIT)
    return Instruction(at, Flow.CALL if opcode in _CALLS else Flow.ON)


def _cases(found: _Bytes, opcode: int) -> tuple[int, ...]:
    at = found.at
    found.at += 4 - at % 4  # the operands are aligned to four bytes from the method's begin
    targets = [at + found.number(_I4)]
    if opcode == _TABLE:
        low, high = found.number(_I4), found.number(_I4)
        count, skip = high - low + 1, 0
    else:
        count, skip = found.number(_I4), 4
    if not 0 <= count * (4 + skip) <= len(found.data) - found.at:
        raise error("past the end")
    for _ in range(count):
        found.at += skip
        targets.append(at + found.number(_I4))
    return tuple(targets)
