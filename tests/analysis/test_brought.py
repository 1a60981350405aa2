"""Which tests a change brought or changed."""

from hypothesis import given
from hypothesis import strategies as st

from app.analysis.brought import brought_tests
from app.domain.suite import TestId

PATH = "tests/test_cart.py"
TWO = b"import shop\n\n\ndef test_one():\n    assert shop\n\n\ndef test_two():\n    assert 2\n"


def names(before: bytes | None, after: bytes) -> list[str]:
    return [test.name for test in brought_tests(PATH, before, after)]


def test_a_new_test_and_a_changed_one_are_brought() -> None:
    assert names(TWO, TWO.replace(b"assert 2", b"assert 3") + b"\n\ndef test_three():\n    pass\n") == ["test_two", "test_three"]


def test_a_new_parameter_belongs_to_its_test() -> None:
    before = b"@pytest.mark.parametrize('n', [1])\ndef test_n(n):\n    assert n\n\n\ndef test_other():\n    pass\n"
    assert names(before, before.replace(b"[1]", b"[1, 2]")) == ["test_n"]


def test_lines_that_only_moved_are_no_change() -> None:
    assert names(TWO, TWO.replace(b"def test_two", b"def test_new():\n    pass\n\n\ndef test_two")) == ["test_new"]


def test_where_only_lines_around_them_changed_all_tests_are_meant() -> None:
    assert names(TWO, TWO.replace(b"import shop", b"import shop as shop")) == ["test_one", "test_two"]


def test_all_tests_of_a_new_file_are_brought() -> None:
    assert names(None, TWO) == ["test_one", "test_two"]


def test_a_file_whose_tests_cannot_be_read_stands_for_them() -> None:
    assert brought_tests("t/cart.t", None, b"ok(1)") == [TestId("t/cart.t")]


def test_a_test_that_a_loop_makes_is_in_the_file_as_a_whole() -> None:
    before = b"it('sends', function () {\n  send()\n})\n"
    after = before + b"kinds.forEach(function (kind) {\n  it('sends ' + kind, function () {\n    send(kind)\n  })\n})\n"
    assert brought_tests("test/send.js", before, after) == [TestId("test/send.js")]


@given(
    st.none() | st.binary(max_size=300), st.binary(max_size=300), st.sampled_from([PATH, "a_test.go", "a.test.ts", "ATest.java"])
)
def test_any_bytes_name_some_test_of_that_file(before: bytes | None, after: bytes, path: str) -> None:
    assert {test.path for test in brought_tests(path, before, after)} == {path}
