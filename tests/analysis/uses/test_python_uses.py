"""What Python code calls of what it imports."""

from hypothesis import given
from hypothesis import strategies as st

from app.analysis.uses import Use, uses
from app.domain.change import Span

ALL = [Span(1, 1_000)]
CLASS = """from .client import Client
class A:
    def __init__(self, {takes}):
        self.c = {held}
    def f(self):
        self.c.go()
"""


def called(source: str, spans: list[Span] | None = None) -> list[tuple[str, ...]]:
    return [(use.target, *use.names) for use in uses("python", source.encode(), spans or ALL)]


def test_a_call_by_an_imported_name_is_a_use() -> None:
    assert called("from shop.payments import charge as pay\n\ndef f():\n    pay(1)\n") == [("shop.payments", "charge")]


def test_a_call_through_a_module_names_the_whole_way() -> None:
    assert called("import shop.payments.client\n\ndef f():\n    shop.payments.client.charge()\n") == [
        ("shop", "payments", "client", "charge")
    ]


def test_an_attribute_holds_the_object_that_was_put_into_it() -> None:
    source = CLASS.format(takes="", held="Client()")
    assert (".client", "Client", "go") in called(source)


def test_an_attribute_holds_the_parameter_of_an_imported_type() -> None:
    source = CLASS.format(takes="c: Client", held="c")
    assert called(source) == [(".client", "Client", "go")]


def test_a_connection_opened_in_a_with_statement_is_held() -> None:
    source = "import psycopg\ndef f():\n    with psycopg.connect() as c:\n        c.execute()\n"
    assert ("psycopg", "connect", "execute") in called(source)


def test_a_variable_of_the_same_name_hides_the_import() -> None:
    assert called("from shop import client\n\ndef f(client):\n    client.charge()\n") == []


def test_what_runs_only_when_the_function_is_defined_is_no_use() -> None:
    assert called("from shop import now\n\n@now()\ndef f(at=now()):\n    return at\n") == []


def test_only_the_asked_lines_count() -> None:
    source = "from shop import a, b\n\ndef f():\n    a()\n\ndef g():\n    b()\n"
    assert uses("python", source.encode(), [Span(6, 7)]) == (Use("shop", ("b",), 7),)


@given(st.text(alphabet="abf import from().:\n=,* defclasself\0\u00e9'\"#@", max_size=300))
def test_no_source_is_too_broken(source: str) -> None:
    uses("python", source.encode(), ALL)
