"""From JaCoCo's probes to lines: where JaCoCo puts probes into a class, and which lines surely ran when one of them fired.

An exec file holds nothing but one bit for each probe. JaCoCo's agent counts the probes of a class while it instruments it, so
the same class file gives the same probes again. The rules are those of JaCoCo's "Control Flow Analysis for Java Methods"
(www.jacoco.org/jacoco/trunk/doc/flow.html): a probe at every exit, on every edge into a place that several edges reach, and,
because a call may throw, before every line that calls. A fired probe proves the instructions that can only have led to it.
Reports of JaCoCo stop there. Here the line that a fired probe leads straight into has run, too, even if an exception ended it;
and so has what compilers generate (`finally` copies, switches on strings, ...), which the reports leave out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count

from app.analysis.coverage.class_file import ClassFile, Flow, Instruction, Method, read_class
from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import LineSet, lines_of

_POLYNOMIAL = 0xD800000000000000


def _row(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (_POLYNOMIAL if byte & 1 else 0)
    return byte


_ROWS = tuple(_row(byte) for byte in range(256))


@dataclass(frozen=True, slots=True)
class ProbedClass:
    """`probes` gives for each probe the lines that ran if it fired; `code` are all lines with an instruction.

    `number` is JaCoCo's id of exactly these bytes; `path` the source file below its root. Bit n of `at_load` is set for a probe
    that fires when the class is loaded, whoever happens to be the first to need it.
    """

    number: int
    name: str
    path: str
    probes: tuple[LineSet, ...]
    code: LineSet
    at_load: int = 0


def class_number(data: bytes) -> int:
    """JaCoCo's class id: CRC-64 of the file; a Java 9 class counts as one of Java 8, as the agent has always had it."""
    if data[6:8] == b"\x00\x35":
        data = data[:7] + b"\x34" + data[8:]
    found = 0
    for byte in data:
        found = found >> 8 ^ _ROWS[(found ^ byte) & 0xFF]
    return found


def probed_class(data: bytes) -> ProbedClass | None:
    """The class with its probes; None where it names no source or was made by the compiler. Raises Unreadable."""
    read = read_class(data)
    if read.synthetic or not read.path:
        return None
    return _probed(read, class_number(data))


def _probed(read: ClassFile, number: int) -> ProbedClass:
    ids = count()
    probes: list[LineSet] = []
    code = at_load = 0
    for method in read.methods:
        graph = _Graph(method, lambda: next(ids))
        ran = graph.ran()
        code |= graph.code
        at_load |= ((1 << len(ran)) - 1) << len(probes) if method.at_load else 0
        probes += [ran[id_] for id_ in sorted(ran)]
    return ProbedClass(number, read.name, read.path, tuple(probes), code, at_load)


class _Labels:
    """What is known of the places in a method that something may lead to, by offset."""

    def __init__(self, method: Method) -> None:
        self.known = set(method.lines)
        self.reached: set[int] = set()
        self.follows: set[int] = set()
        self.often: set[int] = set()
        self.calls: set[int] = set()
        for pair in method.guarded:
            for at in pair:
                self._reach(at)
        for instruction in method.instructions:
            self.known.update(instruction.targets)
        self._flow(method)

    def _reach(self, at: int) -> None:
        self.known.add(at)
        if at in self.reached or at in self.follows:
            self.often.add(at)
        self.reached.add(at)

    def _flow(self, method: Method) -> None:
        follows, line = False, None
        for index, instruction in enumerate(method.instructions):
            if instruction.at in self.known:
                self._label(instruction.at, first=index == 0, follows=follows)
            if instruction.at in method.lines:
                line = instruction.at
            for target in dict.fromkeys(instruction.targets):
                self._reach(target)
            if instruction.flow is Flow.CALL and line is not None:
                self.calls.add(line)
            follows = instruction.flow in (Flow.ON, Flow.CALL, Flow.BRANCH)

    def _label(self, at: int, *, first: bool, follows: bool) -> None:
        if first:
            self._reach(at)
        if follows:
            self.follows.add(at)
            if at in self.reached:
                self.often.add(at)

    def probed(self, at: int) -> bool:
        """Whether the flow that falls through to this place passes a probe before it."""
        return at in self.follows and (at in self.often or at in self.calls)


class _Graph:
    """The instructions of one method, each with the only one that can have led to it, and the probes behind them."""

    def __init__(self, method: Method, new_id: Callable[[], int]) -> None:
        self._labels = _Labels(method)
        self._new_id = new_id
        self._at = {instruction.at: index for index, instruction in enumerate(method.instructions)}
        self._before: list[int | None] = [None] * len(method.instructions)
        self._line = [0] * len(method.instructions)
        self._probes: dict[int, int | None] = {}
        self._into: dict[int, int] = {}
        self._jumps: list[tuple[int, int]] = []
        self._known: dict[int, LineSet] = {}
        self._place(method)
        if any(target not in self._at for instruction in method.instructions for target in instruction.targets):
            raise Unreadable("It is a damaged class file; compile it anew.")
        for source, target in self._jumps:
            self._before[self._at[target]] = source

    @property
    def code(self) -> LineSet:
        """All lines with an instruction."""
        return lines_of({line for line in self._line if line})

    def _place(self, method: Method) -> None:
        previous: int | None = None
        line = 0
        for index, instruction in enumerate(method.instructions):
            at = instruction.at
            if at in self._labels.known:
                if self._labels.probed(at):
                    self._probe(previous, at)
                    previous = None
                if at not in self._labels.follows:
                    previous = None
            line = method.lines.get(at, line)
            self._line[index], self._before[index] = line, previous
            previous = index
            self._leave(index, instruction)

    def _leave(self, index: int, instruction: Instruction) -> None:
        if instruction.flow is Flow.EXIT:
            self._probe(index)
        for target in dict.fromkeys(instruction.targets):
            if target in self._labels.often:
                self._probe(index, target)
            else:
                self._jumps.append((index, target))

    def _probe(self, last: int | None, into: int | None = None) -> None:
        """The next probe: it stands behind the instruction `last`, and leads to the one at the offset `into`."""
        number = self._new_id()
        self._probes[number] = last
        if into is not None:
            self._into[number] = into

    def ran(self) -> Mapping[int, LineSet]:
        """By id of the probe the lines that surely ran when it fired."""
        return {id_: (0 if last is None else self._up_to(last)) | self._begun(id_) for id_, last in self._probes.items()}

    def _begun(self, probe: int) -> LineSet:
        """The line that a probe leads straight into."""
        into = self._into.get(probe)
        line = 0 if into is None else self._line[self._at[into]]
        return 1 << line if line else 0

    def _up_to(self, last: int) -> LineSet:
        """The lines of an instruction and of all that must have run before it; every step is taken once for all probes."""
        way: list[int] = []
        index: int | None = last
        while index is not None and index not in self._known:
            self._known[index] = 0  # a circle, which only unreachable code can be, ends here
            way.append(index)
            index = self._before[index]
        lines = 0 if index is None else self._known[index]
        for index in reversed(way):
            line = self._line[index]
            if line and not lines >> line & 1:
                lines |= 1 << line
            self._known[index] = lines
        return lines
