"""What tests say about a change, in every language that is read: nothing, something else, something about it, or no telling."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis import languages
from app.analysis.strength import judge, together
from app.domain.change import Span
from app.domain.strength import Says, Strength

_PIECES = [
    "def test_a():",
    "\n",
    "    ",
    "total(",
    ")",
    "assert ",
    "x",
    " = ",
    "it('a', () => {",
    "})",
    "func TestA(t *testing.T) {",
    "}",
    "if ",
    "@Test void a() {",
    ";",
    ".",
    "class A(B):",
    "with ",
    ":",
    "=>",
    "throw ",
    "\nexpect(",
]


def told(language: str, source: str, symbol: str = "total", *, statuses: bool = False) -> tuple[str, str]:
    """The judgement on the last test of the source."""
    text = textwrap.dedent(source).encode()
    test = languages.tests_in(language, text)[-1]
    found = judge(language, text, test.span, [symbol], statuses=statuses)
    return found.says, found.reason


def python(body: str, head: str = "") -> tuple[str, str]:
    return told("python", f"{head}\ndef test_it(client):\n" + textwrap.indent(textwrap.dedent(body).strip(), "    ") + "\n")


@pytest.mark.parametrize(
    ("body", "says", "reason"),
    [
        ("total(3)", "nothing", "no-assertion"),
        ("total(3)\nassert True", "nothing", "only-constants"),
        ("result, err = total(3)\nassert err is None", "nothing", "only-no-raise"),
        ("r = client.get('/')\nassert r.status_code == 200", "elsewhere", "only-status"),
        ("code = total(['-v'])\nassert code.exit_code == 0", "elsewhere", "only-status"),
        ("x = shop.load(2)\ntotal(3)\nassert x == 2", "elsewhere", "other-values"),
        ("assert total(3) == 4", "about", "value"),
        ("r = total(3)\nassert r == 4", "about", "value"),
        ("r = total(3)\ns = r + 1\nassert s", "about", "value"),
        ("cart = Cart()\ncart.total()\nassert cart.sum == 3", "about", "value"),
        ("into = []\ntotal(into)\nassert into == [1]", "about", "value"),
        ("with pytest.raises(ValueError):\n    total(-1)", "about", "value"),
        ("for x in total(3):\n    y = 1\nassert y", "about", "value"),
        ("self.total = 3\ntotal()\nself.assertEqual(self.sum, 3)", "cannot-tell", "side-effect"),
        ("total(3)\nassert shop.warned()", "cannot-tell", "side-effect"),
        ("x = []\nshop.keep(x)\ntotal(3)\nx.sort()\nassert x == 2", "cannot-tell", "side-effect"),
        ("assert total(3) == snapshot", "about", "snapshot"),
        ("r = client.get('/')\nassert r.json() == {}", "cannot-tell", "not-named"),
        ("run_all(client)", "cannot-tell", "helper"),
        ("total(client)\nclient(3)", "cannot-tell", "helper"),
        ("total()\nself.finish()", "cannot-tell", "helper"),
        ("total()\nif not x:\n    raise ValueError(x)", "cannot-tell", "helper"),
        ("total()\nwatcher.verify_all()", "cannot-tell", "helper"),
        ("with qtbot.wait_signal(x):\n    total()", "cannot-tell", "helper"),
        ("task = total()\nassert task.status == PENDING", "about", "value"),
        ("r = total()\nassert r.status == 200", "elsewhere", "only-status"),
    ],
)
def test_python(body: str, says: str, reason: str) -> None:
    assert python(body) == (says, reason)


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("def helper(a):\n    assert a == 3\n", "helper(total(3))", ("about", "value")),
        ("def helper():\n    return total(2)\n", "r = helper()\nassert r == 2", ("about", "value")),
        ("def helper():\n    total(2)\n", "helper()", ("nothing", "no-assertion")),
        ("def client():\n    return Shop(total(2))\n", "assert client.sum == 2", ("about", "value")),
        ("def tearDown(self):\n    assert total.calls == 3\n", "total(2)", ("about", "value")),
        ("from tests.tools import run\n", "run(total)", ("cannot-tell", "helper")),
        ("from .tools import run\n", "run(total)", ("cannot-tell", "helper")),
        ("from shop.cart import load\n", "load(total)", ("nothing", "no-assertion")),
        ("import re\n", "total(re.match('a', 'b'))", ("nothing", "no-assertion")),
        ("@compares_images\n", "total(3)", ("cannot-tell", "helper")),
    ],
)
def test_python_with_what_stands_around_the_test(head: str, body: str, expected: tuple[str, str]) -> None:
    assert python(body, head) == expected


@pytest.mark.parametrize(
    ("head", "base", "reason"),
    [
        ("from base import ShopTest", "ShopTest", "helper"),
        ("from unittest import TestCase", "TestCase", "no-assertion"),
        ("from helpers import unittest", "unittest.TestCase", "no-assertion"),
        ("", "", "no-assertion"),
    ],
)
def test_python_that_inherits_may_assert_where_the_class_is_not_known(head: str, base: str, reason: str) -> None:
    assert told("python", f"{head}\nclass TestIt({base}):\n    def test_it(self):\n        total(3)\n")[1] == reason


@pytest.mark.parametrize(
    ("body", "says", "reason"),
    [
        ("total(3);", "nothing", "no-assertion"),
        ("expect(() => total(1)).not.toThrow();", "nothing", "only-no-raise"),
        ("total(3, (err, value) => { expect(err).toBeNull(); done(); });", "nothing", "only-no-raise"),
        ("const r = await client.get('/');\nexpect(r.status).toBe(200);", "elsewhere", "only-status"),
        ("return request(app).get('/').expect(200);", "elsewhere", "only-status"),
        ("const x = 3;\ntotal(3);\nexpect(x).toBe(3);", "cannot-tell", "not-named"),
        ("expect(total(3)).toBe(4);", "about", "value"),
        ("total(3).should.equal(4);", "about", "value"),
        ("expect(total(3)).toMatchSnapshot();", "about", "snapshot"),
        ("expect(cart.sum).to.be.true;", "about", "value"),
        ("expect(() => total()).toThrow();", "about", "value"),
        ("total(3).then((sum) => {\n  assert.equal(sum, 3);\n});", "about", "value"),
        ("const all = render(<total />);\nscreen.getByText('3');", "cannot-tell", "helper"),
        ("total(3);\ncheckAll();", "cannot-tell", "helper"),
        ("app.on('added', done);\ntotal(3);", "cannot-tell", "helper"),
        ("assert.ok(total(3));", "about", "value"),
        ("assert.equal(total(3).code, 'shop.full');", "about", "value"),
        ("total(3);\nif (!x) throw new Error(x);", "cannot-tell", "helper"),
    ],
)
@pytest.mark.parametrize("language", ["javascript", "typescript"])
def test_javascript(language: str, body: str, says: str, reason: str) -> None:
    head = "import request from 'supertest';\nlet cart;\nbeforeEach(() => {\n  cart = new Cart(total(2));\n});\n"
    assert told(language, f"{head}describe('cart', () => {{\nit('adds', async (done) => {{\n{body}\n}});\n}});\n") == (
        says,
        reason,
    )


@pytest.mark.parametrize(
    ("body", "says", "reason"),
    [
        ("Total(3)", "nothing", "no-assertion"),
        ("_, err := Total(3)\nif err != nil {\n t.Fatal(err)\n}", "nothing", "only-no-raise"),
        ('if _, err := Total(3); err != nil {\n t.Fatalf("%v", err)\n}', "nothing", "only-no-raise"),
        ("_, err := Total(3)\nrequire.NoError(t, err)", "nothing", "only-no-raise"),
        ("w := httptest.NewRecorder()\nTotal(w)\nassert.Equal(t, 200, w.Code)", "elsewhere", "only-status"),
        ("got := Total(3)\nif got != 4 {\n t.Errorf(\"%v\", got)\n}", "about", "value"),
        ("for _, tt := range all {\n t.Run("", func(t *T) {\n assert.Equal(t, tt.sum, Total(tt.in))\n })\n}", "about", "value"),
        ("run(t, Total(3))", "cannot-tell", "helper"),
        ("server := start(t)\nTotal(server)", "cannot-tell", "helper"),
        ("Total(load())", "nothing", "no-assertion"),
    ],
)  # fmt: skip
def test_go(body: str, says: str, reason: str) -> None:
    assert told("go", f"package shop\n\nfunc TestIt(t *testing.T) {{\n{body}\n}}\n", "Total") == (says, reason)


def test_a_go_example_is_held_to_its_output() -> None:
    source = "package shop\n\nfunc ExampleTotal() {\n\tfmt.Println(Total(3))\n\t// Output: 3\n}\n"
    assert told("go", source, "Total") == ("about", "snapshot")


@pytest.mark.parametrize(
    ("body", "says", "reason"),
    [
        ("cart.total(3);", "nothing", "no-assertion"),
        ("assertDoesNotThrow(() -> cart.total(3));", "nothing", "only-no-raise"),
        ("int x = Other.get();\nnew Cart().total(3);\nassertEquals(3, x);", "elsewhere", "other-values"),
        ("Cart cart = new Cart();\ncart.total(3);\nassertEquals(3, cart.sum);", "about", "value"),
        ("assertThat(new Cart().total(3)).isEqualTo(3);", "about", "value"),
        ("check(new Cart());", "cannot-tell", "helper"),
        ("// for another engine", "cannot-tell", "no-test"),
        ("client.get(total()).andExpect(ok());", "cannot-tell", "helper"),
    ],
)
def test_java(body: str, says: str, reason: str) -> None:
    assert told("java", f"class CartTest {{\n@Test\npublic void adds() {{\n{body}\n}}\n}}\n") == (says, reason)


def test_java_that_inherits_from_a_class_of_another_file() -> None:
    source = "class CartTest extends ShopTest {\n@Test\npublic void adds() {\ncart.total(3);\n}\n}\n"
    assert told("java", source) == ("cannot-tell", "helper")


def test_a_status_is_a_value_where_the_change_is_about_statuses() -> None:
    source = "def test_it(client):\n    r = total(client)\n    assert r.status_code == 200\n"
    assert told("python", source) == ("elsewhere", "only-status")
    assert told("python", source, statuses=True) == ("about", "value")


def test_a_java_test_that_its_annotations_may_hold_to_something() -> None:
    source = "class CartTest {\n@Test\n@ExpectedToFail\npublic void adds() {\ncart.total(3);\n}\n}\n"
    assert told("java", source) == ("cannot-tell", "helper")


def test_the_reason_names_the_line_and_the_names() -> None:
    source = b"def test_it():\n    x = shop.load(2)\n    total(3)\n    assert x == 2\n"
    assert judge("python", source, Span(1, 4), ["total"]) == Strength(Says.ELSEWHERE, "other-values", 4, ("x",))


def test_a_whole_file_is_judged_by_the_tests_that_name_the_symbol() -> None:
    source = b"def test_a():\n    total(3)\n\ndef test_b():\n    assert load(2) == 2\n"
    assert judge("python", source, None, ["total"]).reason == "no-assertion"
    assert judge("python", source, None, ["sum_up"]) == Strength(Says.CANNOT_TELL, "not-named")


def test_one_test_that_asserts_about_the_change_is_enough() -> None:
    nothing, about = Strength(Says.NOTHING, "no-assertion"), Strength(Says.ABOUT, "value")
    assert together([nothing, about]) == about
    assert together([nothing, Strength(Says.ELSEWHERE, "only-status")]).says is Says.ELSEWHERE


@pytest.mark.parametrize(("language", "span"), [("rust", Span(1, 2)), (None, None), ("python", Span(40, 50))])
def test_what_cannot_be_read_is_not_judged(language: str | None, span: Span | None) -> None:
    assert judge(language, b"def test_it():\n    total()\n", span, ["total"]).says is Says.CANNOT_TELL


@given(st.sampled_from(["python", "javascript", "typescript", "go", "java"]), st.binary(max_size=400))
def test_nothing_is_raised_on_any_input(language: str, source: bytes) -> None:
    judge(language, source, None, ["total"])
    judge(language, source, Span(1, 5), ["total"])


@given(
    st.sampled_from(["python", "javascript", "typescript", "go", "java"]),
    st.lists(
        st.sampled_from(_PIECES),
        max_size=40,
    ),
)
def test_nothing_is_raised_on_what_almost_is_a_test(language: str, parts: list[str]) -> None:
    source = "".join(parts).encode()
    for test in languages.tests_in(language, source):
        judge(language, source, test.span, ["total"])


def test_javascript_that_asserts_on_what_the_change_cannot_move() -> None:
    source = "it('adds', () => {\n  const x = 3;\n  total(4);\n  expect(x).toBe(3);\n});\n"
    assert told("javascript", source) == ("elsewhere", "other-values")


def test_javascript_that_asserts_on_what_was_warned_about() -> None:
    source = "it('adds', () => {\n  total(4);\n  expect('too many').toHaveBeenWarned();\n});\n"
    assert told("javascript", source) == ("cannot-tell", "side-effect")
