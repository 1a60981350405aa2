"""JaCoCo's session ids: which of them name a test, and which only the machine that ran.

An agent that nobody told otherwise makes up `<host>-<hexadecimal>`; a listener that dumps after every test sets the test's
name (`com.shop.CartTest#adds`, `com.shop.CartTest.adds`, or with a blank between). Builds also set names such as `unit`.
"""

import re

_NAME = r"[^\W\d][\w$]*"
_MADE_UP = re.compile(r"[\w.-]+-[0-9a-f]{1,8}")
_TEST = rf"(?:[A-Z][\w$]*(?:Tests?|IT|ITCase|TestCase|Spec)|Test{_NAME})(?:\${_NAME})*"
_FILE = re.compile(r"(?:jacoco[-_.]|TEST-)?(?P<test>.+)\.(?:exec|xml)", re.DOTALL)
_CLASS = re.compile(rf"(?:{_NAME}\.)*{_TEST}")
_METHOD = re.compile(
    rf"(?:(?:{_NAME}\.)*{_NAME}(?:#|::)|(?:{_NAME}\.)*[A-Z][\w$]*\.|(?:(?:{_NAME}\.)+[A-Z][\w$]*|{_TEST})[ /]){_NAME}(?:\W.*)?",
    re.DOTALL,
)
_LONGEST = 1000


def names_a_test(session: str) -> bool:
    """Whether a session is one test's or one test class's: `com.shop.CartTest#adds` is, `runner-1f3a` and `unit` are not."""
    if not 0 < len(session) <= _LONGEST or not session.isprintable() or _MADE_UP.fullmatch(session):
        return False
    return bool(_METHOD.fullmatch(session) or _CLASS.fullmatch(session))


def file_test(name: str) -> str:
    """The test that a file's name tells: `com.shop.CartTest.exec` is of `com.shop.CartTest`; empty for `test.exec`."""
    found = _FILE.fullmatch(name)
    return found["test"] if found and names_a_test(found["test"]) else ""
