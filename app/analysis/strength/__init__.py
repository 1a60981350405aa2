"""Whether a test asserts anything about what a change touches: told from its text alone, in a few rules per language.

It is told as a reason, never as a score, and with one bias: what cannot be seen may assert. What tests ran is the map's to say.
"""

import re
from collections.abc import Collection, Sequence

from app.analysis.assertions import Assertion, assertions
from app.analysis.strength.flow import Reach, calls_in, guarded_at, reach_of, reached_names, untouched
from app.analysis.strength.grades import Form, form_of, mentioned, names_of
from app.analysis.strength.grammars import GRAMMARS
from app.analysis.strength.helpers import hidden_in, unseen_base
from app.analysis.strength.model import Reading
from app.analysis.strength.reading import read
from app.analysis.uses import names
from app.domain.change import Span
from app.domain.strength import Says, Strength

__all__ = ["judge", "together"]

_NAMED = 3
_MOST_TESTS = 40
_OUTPUT = re.compile(rb"(?m)^\s*//\s*(?:unordered )?output:", re.IGNORECASE)
_RUNNERS = frozenset({"t", "b", "tb", "f"})
_ORDER = (Says.ABOUT, Says.CANNOT_TELL, Says.ELSEWHERE, Says.NOTHING)


def judge(
    language: str | None, source: bytes, test: Span | None, symbols: Collection[str], *, statuses: bool = False
) -> Strength:
    """What one test asserts about the changed symbols (their short names), or with None all tests of the file together that name
    one of them. With `statuses` the change is about a status, so that a check of one is a check of it. Never raises.
    """
    file = read(language, source)
    if language is None or file is None or language not in GRAMMARS:
        return Strength(Says.CANNOT_TELL, "not-read")
    if test is not None:
        return _judged(language, source, file, test, symbols, statuses)
    naming = [span for span in file.tests if _names_any(source, span, symbols)]
    if not naming:
        return Strength(Says.CANNOT_TELL, "not-named" if file.tests else "no-test")
    told = []
    for span in naming[:_MOST_TESTS]:
        told.append(_judged(language, source, file, span, symbols, statuses))
        if told[-1].says is Says.ABOUT:
            break
    return together(told) if len(naming) <= _MOST_TESTS or told[-1].says is Says.ABOUT else Strength(Says.CANNOT_TELL, "no-test")


def together(all_of: Sequence[Strength]) -> Strength:
    """What is to be said of several tests together: one that asserts about the change is enough."""
    return min(all_of, key=lambda one: _ORDER.index(one.says), default=Strength(Says.CANNOT_TELL, "no-test"))


def _names_any(source: bytes, span: Span, symbols: Collection[str]) -> bool:
    text = b"\n".join(source.split(b"\n")[span.start - 1 : span.end])
    return any(symbol.encode(errors="surrogateescape") in text for symbol in symbols)


def _judged(language: str, source: bytes, file: Reading, test: Span, symbols: Collection[str], statuses: bool) -> Strength:
    text = b"\n".join(source.split(b"\n")[test.start - 1 : test.end])
    if not any(span.start <= test.start and test.end <= span.end for span in file.tests) or _is_none(language, text):
        return Strength(Says.CANNOT_TELL, "no-test", test.start)
    reach = reach_of(test, file, source.count(b"\n") + 1)
    if language == "go" and (output := _OUTPUT.search(text)):
        return Strength(Says.ABOUT, "snapshot", test.start + text.count(b"\n", 0, output.start()))
    told = [one for one in assertions(language, source) if reach.holds(one.line) and not one.guessed]
    reached = reached_names(reach, file, symbols) - (_RUNNERS if language == "go" else frozenset())
    forms = [(one, form_of(one, statuses=statuses)) for one in told]
    about = _about(forms, symbols, reached, file)
    if about is not None:
        return about
    hidden = _hidden(language, source, file, reach, symbols, told)
    if hidden is not None:
        return hidden
    return _silent(forms, reach, file, symbols, test)


def _is_none(language: str, text: bytes) -> bool:
    """Whether what looks like a test is none: `test.set(...)` runs no function, an example without output is only compiled."""
    if language in {"javascript", "typescript"}:
        return b"=>" not in text and b"function" not in text
    return language == "go" and text.startswith(b"func Example") and not _OUTPUT.search(text)


def _about(
    forms: Sequence[tuple[Assertion, Form]], symbols: Collection[str], reached: Collection[str], file: Reading
) -> Strength | None:
    """The first assertion that mentions what flows from the changed code."""
    flows = {*symbols, *reached}
    for one, form in forms:
        if form is Form.SNAPSHOT:
            return Strength(Says.ABOUT, "snapshot", one.line)
        flowing = sorted(mentioned(one) & flows)
        if form is Form.RAISES and not flowing:
            flowing = sorted(guarded_at(file.units, one.line) & flows)
        if form in {Form.VALUE, Form.RAISES, Form.UNCLEAR} and flowing:
            return Strength(Says.ABOUT, "value", one.line, tuple(flowing[:_NAMED]))
    return None


def _hidden(
    language: str, source: bytes, file: Reading, reach: Reach, symbols: Collection[str], told: Sequence[Assertion]
) -> Strength | None:
    """What may assert out of sight."""
    seen = {line for one in told for line in range(one.line, one.end + 1)}
    imported = names(language, source).imported
    throwing = next((line for line in file.throws if reach.holds(line)), None)
    if throwing is not None:
        return Strength(Says.CANNOT_TELL, "helper", throwing)
    calls = [call for call in calls_in(reach, file.calls) if call.line not in seen]
    hidden = hidden_in(language, calls, file, imported, symbols)
    if hidden is not None:
        return Strength(Says.CANNOT_TELL, "helper", hidden.line, (hidden.name,))
    base = unseen_base(language, file, reach.test, imported)
    return Strength(Says.CANNOT_TELL, "helper", None, (base,)) if base else None


def _silent(
    forms: Sequence[tuple[Assertion, Form]], reach: Reach, file: Reading, symbols: Collection[str], test: Span
) -> Strength:
    """No assertion mentions the changed code, and none is out of sight."""
    kinds = {form for _, form in forms}
    first = forms[0][0].line if forms else None
    if not forms:
        does = any(test.start <= unit.line <= test.end for unit in file.units)
        return Strength(Says.NOTHING, "no-assertion", test.start) if does else Strength(Says.CANNOT_TELL, "no-test", test.start)
    if kinds <= {Form.NO_RAISE, Form.CONSTANT}:
        return Strength(Says.NOTHING, "only-no-raise" if Form.NO_RAISE in kinds else "only-constants", first)
    if kinds <= {Form.STATUS, Form.NO_RAISE, Form.CONSTANT}:
        line = next(one.line for one, form in forms if form is Form.STATUS)
        return Strength(Says.ELSEWHERE, "only-status", line)
    named = [call.line for call in calls_in(reach, file.calls) if call.name in symbols]
    if not named or any(line in reach.outside for line in named):  # what is made for all tests may be anywhere in them
        return Strength(Says.CANNOT_TELL, "not-named", test.start)
    values = [one for one, form in forms if form not in {Form.NO_RAISE, Form.CONSTANT, Form.STATUS}]
    for one, form in forms:
        held = names_of(one)
        if one in values and not (form is Form.VALUE and held and held <= untouched(file, test, min(named), one.line)):
            return Strength(Says.CANNOT_TELL, "side-effect", one.line)
    mentioned_names = dict.fromkeys(name for one in values for name in sorted(names_of(one)))
    return Strength(Says.ELSEWHERE, "other-values", values[0].line, tuple(mentioned_names)[:_NAMED])
