"""Reads `.github/recall.yml` by the table of its keys: what is right is kept, and one sentence tells of each thing that is not.

Fetching the text is left to the caller. Kept apart from the table, since most repositories have no such file and loading a YAML
parser costs more than ranking a few tests.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.analysis.overrides import Overrides
from app.analysis.settings.document import Entry, Unreadable, Written, read_document
from app.analysis.settings.forms import nearest
from app.analysis.settings.keys import BY_NAME, MAX_TEXT, PATH, SECTIONS, configuration_of, overrides_of, words_in
from app.analysis.settings.texts import Many
from app.domain.configuration import Configuration, Problem, Settled

_FEW = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file settles. `values` are those that can be used, by dotted key; `lines` say where each of them stands."""

    values: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def configuration(self) -> Configuration:
        """The configuration, defaults for all that is not written."""
        return configuration_of(self.values)

    @property
    def overrides(self) -> Overrides:
        """Which files are tests."""
        return overrides_of(self.values)


def read(text: str | None) -> Reading:
    """What the file settles; None is a file that is not there. Never raises."""
    if text is None:
        return Reading()
    if len(text.encode("utf-8", "replace")) > MAX_TEXT:
        return Reading(problems=(Problem("it is larger than 64 KB and was not read."),))
    try:
        document = read_document(text)
    except Unreadable as unreadable:
        return Reading(problems=(unreadable.problem,))
    found = _Found()
    found.problems.extend(_section(document, "", found))
    return Reading(found.values, found.lines, tuple(sorted(found.problems, key=lambda problem: (problem.line, problem.column))))


def read_overrides(text: str | None) -> tuple[Overrides, tuple[str, ...]]:
    """Which files are tests, and one sentence for each thing in the whole file that could not be used."""
    reading = read(text)
    return reading.overrides, sentences(reading)


def read_configuration(text: str | None) -> tuple[Configuration, tuple[str, ...]]:
    """All other settings, with the same sentences."""
    reading = read(text)
    return reading.configuration, sentences(reading)


def sentences(reading: Reading, place: str = PATH) -> tuple[str, ...]:
    """What could not be used, each with the file, the line and the column."""
    return tuple(problem.sentence(place) for problem in reading.problems)


def settle(text: str | None, *, shared: str | None = None, shared_from: str = "", commit: str = "") -> Settled:
    """The configuration in force: key by key the repository's own, else that of its owner's repository `shared_from`.

    Which files are tests is each repository's own to say. Of what is wrong in the shared file only the number is told: the
    repository that it stands in may be private.
    """
    own, others = read(text), read(shared)
    problems = sentences(own)
    if others.problems:
        many = len(others.problems)
        things = "one thing" if many == 1 else f"{many} things"
        problems += (f"{PATH} of {shared_from} holds {things} that could not be used; `recall config check` names them there.",)
    values = {name: value for name, value in others.values.items() if not name.startswith("tests.")} | dict(own.values)
    written = {name: BY_NAME[name].form.plain(value) for name, value in values.items()}
    theirs = {name: f"{PATH} of {shared_from}, line {line}" for name, line in others.lines.items() if name in values}
    ours = {name: f"{PATH}, line {line}" for name, line in own.lines.items()}
    return Settled(configuration_of(values), problems, {**theirs, **ours}, commit, written)


@dataclass(slots=True)
class _Found:
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def _section(written: Written, section: str, found: _Found) -> Iterator[Problem]:
    """Keeps what one section holds, the whole document being section ""; gives what is wrong there."""
    if written.value is None:
        return
    known = words_in(section)
    if written.entries is None:
        what = f"`{section}`" if section else "the file"
        keys = ", ".join(f"`{word}:`" for word in known[:_FEW]) + (" and others" if len(known) > _FEW else "")
        yield _problem(written, f"{what} holds no keys; write keys such as {keys}. It was ignored.")
        return
    for entry in written.entries:
        yield from _entry(entry, f"{section}.{_word(entry)}" if section else _word(entry), known, found)


def _entry(entry: Entry, name: str, known: tuple[str, ...], found: _Found) -> Iterator[Problem]:
    if entry.again:
        places = ", ".join(str(key.line) for key in entry.again)
        yield _problem(entry.key, f"`{entry.key.shown}` stands in line {places} as well; the last one counts.")
    if name in SECTIONS:
        yield from _section(entry.value, name, found)
    elif name not in BY_NAME:
        yield _unknown(entry, name, known)
    elif entry.value.value is not None:
        yield from _value(name, entry.value, found)


def _value(name: str, written: Written, found: _Found) -> Iterator[Problem]:
    form = BY_NAME[name].form
    if isinstance(form, Many):
        yield from _list(name, form, written, found)
        return
    try:
        found.values[name] = form.take(written.plain)
        found.lines[name] = written.line
    except ValueError as error:
        meant = f"; did you mean `{error}`?" if str(error) else "; it was ignored."
        yield _problem(written, f"`{name}` is `{written.shown}`, not {form.wanted}{meant}")


def _list(name: str, form: Many, written: Written, found: _Found) -> Iterator[Problem]:
    """Of a list the good ones are kept, so that one slip does not turn all of them off."""
    if written.entries is not None:
        yield _problem(written, f"`{name}` must be {form.wanted}; it was ignored.")
        return
    items = written.value if isinstance(written.value, tuple) else (written,)
    taken = []
    for item in items[: form.most]:
        try:
            taken.append(form.each.take(item.plain))
        except ValueError:
            yield _problem(item, f"`{name}` holds `{item.shown}`, which is not {form.each.wanted}; it was ignored.")
    if len(items) > form.most:
        yield _problem(items[form.most], f"`{name}` has more than {form.most} {form.of}; the rest was ignored.")
    if taken or not items:
        found.values[name], found.lines[name] = tuple(taken), written.line


def _unknown(entry: Entry, name: str, known: tuple[str, ...]) -> Problem:
    """The key that was probably meant: of this section, else a key that belongs elsewhere."""
    meant = nearest(_word(entry), known)
    full = f"{name.rpartition('.')[0]}.{meant}".lstrip(".") if meant else _elsewhere(entry)
    shown = ".".join((*name.split(".")[:-1], entry.key.shown)) if "." in name else entry.key.shown
    hint = f"did you mean `{full}`?" if full else f"known are {', '.join(known)}."
    return _problem(entry.key, f"`{shown}` is not a known key; {hint}")


def _elsewhere(entry: Entry) -> str:
    word = _word(entry)
    return next((key for key in BY_NAME if "." in key and key.endswith(f".{word}")), word if word in BY_NAME else "")


def _word(entry: Entry) -> str:
    value = entry.key.value
    return value if isinstance(value, str) else entry.key.shown


def _problem(written: Written, text: str) -> Problem:
    return Problem(text, written.line, written.column)
