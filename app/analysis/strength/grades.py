"""What one assertion says by its form alone: that nothing was raised, a status, a constant, a snapshot; or some value."""

import re
from enum import Enum, auto

from app.analysis.assertions import Assertion
from app.analysis.strength.model import words

_LONGEST = 300
_NO_RAISE = words(
    "assertDoesNotThrow doesNotThrowAnyException doesNotThrow doesNotReject notThrows not.toThrow not.toThrowError not.throw"
    " not.throws NoError NotPanics assertNoException ifError does_not_raise"
)
_ERROR = r"!?\w*[eE]rr(?:or)?\w*"
# An error, and that there is none, in the words of each framework.
_ERROR_IS_NONE = re.compile(
    rf"{_ERROR} != nil|(?:\w+\.)*(?:Nil|NoError)\(\w+, {_ERROR}[^)]*\)|(?:assert )?{_ERROR} is None|assert not {_ERROR}"
    rf"|expect\({_ERROR}\)\.(?:to\.)?(?:not\.(?:be\.ok|exist|be\.an?\(.*\))|toBeNull|toBeUndefined|toBeFalsy|be\.null|be\.undefined)"
    rf"(?:\(\))?|should\.not\.exist\({_ERROR}\)|assertNull\({_ERROR}\)|(?:assert|t|test)\.(?:not|notOk|falsy|isNull|isUndefined|"
    rf"error|equal|strictEqual)\({_ERROR}(?:, (?:null|undefined))?\)"
)
_STATUS = re.compile(
    r"\b(?:\w+_)?(?:status_?code|exit_?(?:code|status)|return_?code|response_?code)\b|(?-i:\.Code\b)"
    r"|\bassert(?:Status|Response)\w*\(|\b(?:isSuccessful|is_success)\b|\b(?:r|rv|res|resp|response)\.ok\b",
    re.IGNORECASE,
)
# A bare status is one of a page or a process only where it is compared with such a one, and not the state of just anything.
_BARE = re.compile(r"\bstatus\b", re.IGNORECASE)
_CODES = re.compile(r"\b(?:[1-5]\d\d|\d\d?)\b|HTTP|Http|ExitStatus|EXIT_|\bcodes\.")
_RAISES = re.compile(
    r"(?:raise|throw|panic|reject|warns|assertLogs|assertWarns|EqualError|ErrorIs|ErrorAs|ErrorContains)", re.IGNORECASE
)
_SUPERTEST = re.compile(r"\.expect\(\d{3}(?:, \w+)?\)")
_SNAPSHOT = re.compile(r"snapshot|golden|approv|toHaveScreenshot", re.IGNORECASE)
_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`")
_NAME = re.compile(r"[^\W\d]\w*")
_WORDS = words(
    "assert self this cls expect require assertEqual assertEquals assertTrue assertFalse assertThat is not in and or"
    " None True False nil null true false undefined len str int float list dict set tuple isinstance to be toBe toEqual equal eql"
    " should if pytest Assert Assertions unittest await async lambda for else typeof instanceof Equal"
)


class Form(Enum):
    """The forms that matter."""

    NO_RAISE = auto()
    STATUS = auto()
    CONSTANT = auto()
    SNAPSHOT = auto()
    VALUE = auto()
    RAISES = auto()
    UNCLEAR = auto()


def form_of(one: Assertion, *, statuses: bool) -> Form:
    """The form of an assertion. With `statuses` a check of a status is one of a value: the change is about statuses."""
    text = one.text
    if (
        one.call.rpartition(".")[2] in _NO_RAISE
        or one.call in _NO_RAISE
        or _ERROR_IS_NONE.fullmatch(text.removeprefix("assert "))
    ):
        return Form.NO_RAISE
    if _SNAPSHOT.search(one.call) or _SNAPSHOT.search(_STRING.sub("", text)):
        return Form.SNAPSHOT
    if _RAISES.search(one.call):
        return Form.RAISES
    if one.call in {"case", "t.Error", "fail", "@Test(expected)"} or len(text) >= _LONGEST:
        return Form.UNCLEAR
    if not statuses and (_is_status(text) or _SUPERTEST.search(text[-24:]) is not None):
        return Form.STATUS
    return Form.VALUE if names_of(one) or "(" in _STRING.sub("", text).partition("(")[2] else Form.CONSTANT


def mentioned(one: Assertion) -> frozenset[str]:
    """All names in it, but for those within strings."""
    return frozenset(_NAME.findall(_STRING.sub(" ", one.text)))


def names_of(one: Assertion) -> frozenset[str]:
    """The names in it that are of the test, and not of the way in which it asserts; those within strings are not."""
    call = frozenset(_NAME.findall(one.call))
    return mentioned(one) - _WORDS - call


def _is_status(text: str) -> bool:
    """Whether the comparison is of a status, and of it alone: what stands on its left, or is given first."""
    bare = _STRING.sub("", text)
    left = re.split(r" (?:==|===|!=|in|is) ", bare, maxsplit=1)[0]
    if re.search(r"\b(?:json|body|text|content|data|headers?|stdout|stderr|output)\b", bare):
        return False
    is_status = bool(_STATUS.search(left) or (_BARE.search(left) and _CODES.search(bare)))
    return is_status or (left == bare and bool(_STATUS.search(bare)))
