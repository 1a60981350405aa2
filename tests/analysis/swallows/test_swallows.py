"""Which code of each language hides failures, and which only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.swallows import hidden
from app.domain.change import Span
from app.domain.seam import Hiding

ALL = (Span(1, 1_000),)
TRIED = "def f():\n    try:\n        a()\n    {handler}\n"
CAUGHT = "function f() {{ try {{ {tried} }} catch (e) {{ {handler} }} }}\n"
GO = "package a\nfunc g() (int, error) {{ return 1, nil }}\nfunc f() error {{\n\t{line}\n\treturn err\n}}\n"
JAVA = "class A {{ Object f() {{ try {{ a(); }} catch ({caught} e) {{ {handler} }} }} }}\n"


def reasons(language: str, source: str) -> list[Hiding]:
    return [one.reason for one in hidden(language, source.encode(), ALL)]


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        ("except:\n        pass", Hiding.HANDLER_EMPTY),
        ("except Exception:\n        pass", Hiding.HANDLER_EMPTY),
        ("except (KeyError, Exception):\n        ...", Hiding.HANDLER_EMPTY),
        ("except Exception as e:\n        logger.warning('no', e)", Hiding.HANDLER_ONLY_LOGS),
        ("except Exception:\n        return None", Hiding.HANDLER_GIVES_DEFAULT),
        ("except Exception as e:\n        log.error(e)\n        return []", Hiding.HANDLER_GIVES_DEFAULT),
        ("except:\n        rate = 0", Hiding.HANDLER_GIVES_DEFAULT),
    ],
)
def test_a_handler_for_everything_hides_the_failure_in_python(handler: str, reason: Hiding) -> None:
    assert reasons("python", TRIED.format(handler=handler)) == [reason]


@pytest.mark.parametrize(
    "handler",
    [
        "except KeyError:\n        pass",
        "except Exception:\n        raise",
        "except Exception as e:\n        errors.append(e)",
        "except Exception as e:\n        return str(e)",
        "except Exception as e:\n        log.error(e)\n        self.failed = check(e)",
        "except Exception:\n        pass\n    raise Missing()",
        "finally:\n        pass",
    ],
)
def test_a_handler_that_does_something_or_names_its_failure_does_not(handler: str) -> None:
    assert reasons("python", TRIED.format(handler=handler)) == []


def test_an_attempt_that_returns_only_gives_way_to_the_next() -> None:
    source = "def f():\n    try:\n        return a()\n    except Exception:\n        pass\n    return b()\n"
    assert reasons("python", source) == []


def test_suppressing_everything_hides_it() -> None:
    assert reasons("python", "def f():\n    with suppress(Exception):\n        a()\n") == [Hiding.HANDLER_EMPTY]


LOOP = "def f():\n    while True:\n        try:\n            return a()\n        except Exception:\n            {handler}\n"


def test_a_loop_that_tries_for_ever_has_no_limit() -> None:
    assert reasons("python", LOOP.format(handler="sleep(1)")) == [Hiding.RETRY_WITHOUT_LIMIT]


@pytest.mark.parametrize("handler", ["raise", "left -= 1", "break"])
def test_a_loop_that_leaves_or_counts_has_one(handler: str) -> None:
    assert reasons("python", LOOP.format(handler=handler)) == []


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        ("", Hiding.HANDLER_EMPTY),
        ("/* never mind */", Hiding.HANDLER_EMPTY),
        ("console.log(e);", Hiding.HANDLER_ONLY_LOGS),
        ("return null;", Hiding.HANDLER_GIVES_DEFAULT),
    ],
)
def test_a_catch_hides_the_failure_in_javascript(handler: str, reason: Hiding) -> None:
    assert reasons("javascript", CAUGHT.format(tried="a();", handler=handler)) == [reason]


@pytest.mark.parametrize("handler", ["next(e);", "throw e;", "return fallback(e);", "this.error = e;"])
def test_a_catch_that_does_something_does_not(handler: str) -> None:
    assert reasons("typescript", CAUGHT.format(tried="a();", handler=handler)) == []


def test_trying_whether_something_can_be_read_hides_nothing() -> None:
    assert reasons("javascript", CAUGHT.format(tried="return JSON.parse(x);", handler="return null;")) == []


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("() => {}", Hiding.HANDLER_EMPTY),
        ("() => []", Hiding.HANDLER_GIVES_DEFAULT),
        ("console.error", Hiding.HANDLER_ONLY_LOGS),
        ("_.noop", Hiding.HANDLER_EMPTY),
    ],
)
def test_a_promise_can_hide_its_failure(given: str, reason: Hiding) -> None:
    assert reasons("typescript", f"const f = () => a().catch({given});\n") == [reason]


@pytest.mark.parametrize("given", ["next", "(e) => { throw e; }", "(e) => handle(e)"])
def test_a_promise_that_hands_its_failure_on_does_not(given: str) -> None:
    assert reasons("typescript", f"const f = () => a().catch({given});\n") == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("_ = s.Save(1)", Hiding.ERROR_IGNORED),
        ("v, _ := g()", Hiding.ERROR_IGNORED),
        ("v, _ := strconv.Atoi(x)", Hiding.ERROR_IGNORED),
        ("if err != nil { return nil }", Hiding.ERROR_BECOMES_NIL),
        ("if err != nil { log.Println(err) }", Hiding.HANDLER_ONLY_LOGS),
        ("if err != nil { }", Hiding.HANDLER_EMPTY),
    ],
)
def test_an_error_can_be_hidden_in_go(line: str, reason: Hiding) -> None:
    assert reasons("go", GO.format(line=line)) == [reason]


@pytest.mark.parametrize(
    "line",
    [
        "_ = r.Close()",
        "v, _ := m.Load(1)",
        "v, _ := m[1]",
        "if err != nil { return err }",
        "if err != nil { return fmt.Errorf(`x`) }",
        "if err != nil { log.Println(err); return err }",
        "if value != nil { return nil }",
    ],
)
def test_what_is_no_error_or_is_handed_on_is_not_hidden_in_go(line: str) -> None:
    assert reasons("go", GO.format(line=line)) == []


@pytest.mark.parametrize(
    ("caught", "handler", "reason"),
    [
        ("Exception", "", Hiding.HANDLER_EMPTY),
        ("java.io.IOException", "LOGGER.warn(e);", Hiding.HANDLER_ONLY_LOGS),
        ("Exception", "e.printStackTrace();", Hiding.HANDLER_ONLY_LOGS),
        ("Throwable", "return null;", Hiding.HANDLER_GIVES_DEFAULT),
    ],
)
def test_a_catch_hides_the_failure_in_java(caught: str, handler: str, reason: Hiding) -> None:
    assert reasons("java", JAVA.format(caught=caught, handler=handler)) == [reason]


@pytest.mark.parametrize(("caught", "handler"), [("NumberFormatException", ""), ("Exception", "throw new X(e);")])
def test_a_named_failure_or_one_thrown_on_is_not_hidden_in_java(caught: str, handler: str) -> None:
    assert reasons("java", JAVA.format(caught=caught, handler=handler)) == []


@pytest.mark.parametrize("language", ["python", "javascript", "typescript", "vue", "go", "java"])
@given(source=st.text(alphabet="tryexcpcahif (e){}[].:=_,'\n\t\0\u00e9!nl>;", max_size=200))
def test_no_source_is_too_broken(language: str, source: str) -> None:
    hidden(language, source.encode(), ALL)
