"""A person's own command is filled in, and never read by a shell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.runners.configured import configured
from app.domain.errors import TellUser
from app.domain.suite import Command, Format, TestId

TESTS = [TestId("tests/test_a.py", "TestX.test_b"), TestId("tests/test_c.py", "test_d")]


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("make test", ("make", "test")),
        ("run {tests}", ("run", "tests/test_a.py::TestX::test_b", "tests/test_c.py::test_d")),
        ("run {files}", ("run", "tests/test_a.py", "tests/test_c.py")),
        ("run --only={names}", ("run", "--only=TestX.test_b,test_d")),
        ("run -k '{pattern}'", ("run", "-k", r"TestX\.test_b|test_d")),
        ("run 'a b' {names}", ("run", "a b", "TestX.test_b", "test_d")),
        ("run {other}", ("run", "{other}")),
    ],
)
def test_placeholders_become_arguments(command: str, arguments: tuple[str, ...]) -> None:
    assert configured(command, TESTS, "r.xml") == Command(arguments)


@pytest.mark.parametrize("command", ["", "  ", "run 'a", "a && b", "a | b", "a > b", "a\nb", "x" * 5000])
def test_what_no_program_can_be_started_with_is_refused_in_one_sentence(command: str) -> None:
    with pytest.raises(TellUser):
        configured(command, TESTS, "r.xml")


def test_results_are_read_where_the_command_is_told_to_leave_them() -> None:
    assert configured("run --out {results}", TESTS, "r.xml") == Command(("run", "--out", "r.xml"), Format.JUNIT, "r.xml")
    assert configured("run --log-junit a/b.xml", TESTS, "r.xml").results == "a/b.xml"


def test_pytest_is_asked_for_results_besides() -> None:
    command = configured("poetry run pytest {tests}", TESTS, "/tmp/a b.xml")
    assert (command.format, command.results) == (Format.JUNIT, "/tmp/a b.xml")
    assert dict(command.sets)["PYTEST_ADDOPTS"] == "--junitxml='/tmp/a b.xml' -o junit_family=xunit1"


def test_a_test_s_name_never_becomes_an_option() -> None:
    command = configured("run {tests} {files} {names}", [TestId("-rf", "--x")], "r.xml")
    assert command.arguments == ("run", "./-rf::--x", "./-rf", "./--x")


@given(st.text(max_size=80), st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=20))
def test_no_name_splits_or_joins_arguments(path: str, name: str) -> None:
    test = TestId(path or "a", name)
    assert len(configured("run {tests} end", [test], "r.xml").arguments) == 3
