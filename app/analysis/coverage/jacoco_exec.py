"""JaCoCo's exec files: which probes fired, by session. Which lines they mean only the class files that ran can tell.

The format is that of org.jacoco.core.data.ExecutionDataWriter, unchanged since JaCoCo 0.7.5: blocks, each with one byte for its
kind. A listener that dumps after every test writes one header for each dump, so that a header with one session is that
session's alone; merged files (`jacococli merge`) hold one header, all their sessions, and then data that is nobody's own.
"""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from struct import Struct, error
from types import MappingProxyType

from app.analysis.coverage.class_file import modified_utf8
from app.analysis.coverage.jacoco_probes import ProbedClass
from app.analysis.coverage.sessions import names_a_test
from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import LineSet
from app.domain.testmap import Grain, Measured, Reading

_HEADER, _SESSION, _CLASS = 0x01, 0x10, 0x11
_MAGIC = 0xC0C0
_VERSION = 0x1007
_START = b"\x01\xc0\xc0"
_U2, _TWO_U2, _U8 = Struct(">H"), Struct(">HH"), Struct(">Q")

_NO_TEST = -1
_DAMAGED = "It is a damaged or cut-off JaCoCo file; take it once the tests have ended."


@dataclass(frozen=True, slots=True)
class Fired:
    """The probes of one class that fired: bit n of `bits` stands for probe n of `count`. `number` is JaCoCo's class id."""

    number: int
    name: str
    count: int
    bits: int


@dataclass(slots=True)
class Dump:
    """What stands below one header: the ids of its sessions, and the classes they entered."""

    sessions: list[str] = field(default_factory=list)
    fired: list[Fired] = field(default_factory=list)


def recognises(head: bytes) -> bool:
    """Whether a file begins as JaCoCo's exec files do."""
    return head.startswith(_START)


def dumps(data: bytes) -> list[Dump]:
    """The whole file. Raises Unreadable where it is damaged, cut off, or older than JaCoCo 0.7.5."""
    try:
        return _dumps(data)
    except (error, IndexError, UnicodeDecodeError) as why:
        raise Unreadable(_DAMAGED) from why


def read(data: bytes, suite: str, classes: Mapping[int, ProbedClass] = MappingProxyType({})) -> Reading:
    """What the file says of these classes' sources, in lines; every class given is measured, run or not.

    What ran because a class was loaded ran outside of any test. A source of which any class ran in another build than the one
    given is left out, since its lines cannot be told.
    Raises Unreadable as `dumps` does, and where no class that ran is among those given.
    """
    found = dumps(data)
    if not classes:
        raise Unreadable("It is a JaCoCo exec file, which names probes and no lines; give the compiled classes with --classes.")
    single = any(_test_of(dump) for dump in found) and all(len(set(dump.sessions)) <= 1 for dump in found)
    tests = dict.fromkeys(test for dump in found if (test := _test_of(dump))) if single else {suite: None}
    index = {test: number for number, test in enumerate(tests)}
    known = _Known(classes, at_load=_NO_TEST if single else 0)
    for dump in found:
        known.add(dump.fired, index.get(_test_of(dump), _NO_TEST) if single else 0)
    known.check()
    return Reading("jacoco exec", Grain.TEST if single else Grain.SUITE, tuple(index), known.files())


def _test_of(dump: Dump) -> str:
    session = dump.sessions[0] if dump.sessions else ""
    return session if names_a_test(session) else ""


class _Known:
    """The probes that fired, gathered by class: equal ones of many tests are held once, and become lines once."""

    def __init__(self, classes: Mapping[int, ProbedClass], *, at_load: int) -> None:
        """`at_load` is whose the lines are that ran because a class was loaded: of no single test, but of the whole suite."""
        self._classes = classes
        self._at_load = at_load
        self._names = {known.name: known.path for known in classes.values()}
        self._fired: dict[int, dict[int, array[int]]] = defaultdict(dict)
        self._foreign: set[str] = set()

    def add(self, fired: Collection[Fired], test: int) -> None:
        """Notes what one test, or none, ran."""
        for one in fired:
            known = self._classes.get(one.number)
            if known and len(known.probes) == one.count:
                self._fired[one.number].setdefault(one.bits, array("l")).append(test)
            elif one.name in self._names:
                self._foreign.add(self._names[one.name])

    def check(self) -> None:
        """Raises Unreadable where nothing can be said of any class."""
        if self._fired:
            return
        if self._foreign:
            raise Unreadable("Its classes ran in another build than the class files given; give those the tests ran with.")
        raise Unreadable("No class that ran is among the class files given; give those the tests ran with.")

    def files(self) -> Iterator[Measured]:
        """The sources one by one, with all their classes."""
        sources: dict[str, list[ProbedClass]] = defaultdict(list)
        for known in self._classes.values():
            if known.path not in self._foreign:
                sources[known.path].append(known)
        for path, parts in sources.items():
            code, ran = 0, defaultdict[int, LineSet](int)
            for known in parts:
                code |= known.code
                for bits, tests in self._fired.get(known.number, {}).items():
                    ran[self._at_load] |= _lines(known, bits & known.at_load)
                    lines = _lines(known, bits & ~known.at_load)
                    for test in set(tests):
                        ran[test] |= lines
            outside = ran.pop(_NO_TEST, 0)
            yield Measured(path, {test: lines for test, lines in ran.items() if lines}, outside, code)


def _lines(known: ProbedClass, bits: int) -> LineSet:
    found = 0
    for index, lines in enumerate(known.probes):
        if bits >> index & 1:
            found |= lines
    return found


def _dumps(data: bytes) -> list[Dump]:
    if not recognises(data):
        raise Unreadable("It is no JaCoCo exec file.")
    found: list[Dump] = []
    at = 0
    while at < len(data):
        kind, at = data[at], at + 1
        if kind == _HEADER:
            magic, version = _TWO_U2.unpack_from(data, at)
            if magic != _MAGIC:
                raise Unreadable(_DAMAGED)
            if version != _VERSION:
                raise Unreadable("It was written by another JaCoCo than 0.7.5 or later; run the tests with such a one.")
            found.append(Dump())
            at += _TWO_U2.size
        elif kind == _SESSION:
            session, at = _text(data, at)
            found[-1].sessions.append(session)
            at += 2 * _U8.size
            if at > len(data):
                raise Unreadable(_DAMAGED)
        elif kind == _CLASS:
            fired, at = _fired(data, at)
            found[-1].fired.append(fired)
        else:
            raise Unreadable(_DAMAGED)
    return found


def _text(data: bytes, at: int) -> tuple[str, int]:
    end = at + 2 + _U2.unpack_from(data, at)[0]
    if end > len(data):
        raise Unreadable(_DAMAGED)
    return modified_utf8(data[at + 2 : end]), end


def _fired(data: bytes, at: int) -> tuple[Fired, int]:
    (number,) = _U8.unpack_from(data, at)
    name, at = _text(data, at + _U8.size)
    count = shift = 0
    while True:
        byte, at = data[at], at + 1
        count |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80 or shift > 28:
            break
    end = at + (count + 7) // 8
    if end > len(data):
        raise Unreadable(_DAMAGED)
    bits = int.from_bytes(data[at:end], "little") & (1 << count) - 1
    return Fired(number, name, count, bits), end
