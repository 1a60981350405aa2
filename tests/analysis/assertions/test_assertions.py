"""What tests assert, in every language that is read: how each is called, and how exact it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.assertions import Exactness, assertions, assertions_in, is_read
from app.domain.change import Span

WHOLE, PART, PRESENT = Exactness.WHOLE, Exactness.PART, Exactness.PRESENT


def told(language: str, source: str) -> list[tuple[str, Exactness]]:
    return [(one.call, one.exactness) for one in assertions(language, source.encode())]


@pytest.mark.parametrize(
    ("source", "call", "exactness"),
    [
        ("assert a == 1", "assert ==", WHOLE),
        ("assert a is None", "assert is", WHOLE),
        ("assert a is not None", "assert is not", PRESENT),
        ("assert a != b", "assert !=", PART),
        ("assert 'x' in a", "assert in", PART),
        ("assert 'x' not in a", "assert not in", PART),
        ("assert a == pytest.approx(3)", "assert == approx", PART),
        ("assert a", "assert", PRESENT),
        ("assert not a", "assert not", PART),
        ("assert (a == 1), 'why'", "assert ==", WHOLE),
        ("assert a == 1 or b", "assert or", PRESENT),
        ("assert isinstance(a, int)", "assert isinstance", PART),
        ("self.assertEqual(a, 1)", "assertEqual", WHOLE),
        ("self.assertTrue(a)", "assertTrue", PRESENT),
        ("self.assertTrue(a == 1)", "assertTrue", WHOLE),
        ("self.assertIn(1, a)", "assertIn", PART),
        ("self.assertAlmostEqual(a, 1)", "assertAlmostEqual", PART),
        ("client.send.assert_called_once_with(1)", "assert_called_once_with", WHOLE),
        ("client.send.assert_called()", "assert_called", PRESENT),
        ("with pytest.raises(ValueError):\n    pass", "raises", PART),
        ("with pytest.raises(ValueError, match='below'):\n    pass", "raises", WHOLE),
        ("with pytest.raises(Exception):\n    pass", "raises", PRESENT),
        ("self.check_total(1)", "check_total", PART),
    ],
)
def test_python(source: str, call: str, exactness: Exactness) -> None:
    assert told("python", source) == [(call, exactness)]


def test_each_part_of_a_python_and_is_an_assertion() -> None:
    assert told("python", "assert a == 1 and b") == [("assert ==", WHOLE), ("assert", PRESENT)]


def test_what_only_looks_at_something_is_no_assertion() -> None:
    assert told("python", "if check(a):\n    x = verify(b)\nraise ValueError") == []


@pytest.mark.parametrize(
    ("source", "call", "exactness"),
    [
        ("expect(a).toBe(1)", "toBe", WHOLE),
        ("expect(a).toEqual({b: expect.anything()})", "toEqual", PART),
        ("expect(a).toEqual(expect.anything())", "toEqual", PRESENT),
        ("expect(a).not.toBe(1)", "not.toBe", PART),
        ("await expect(a).resolves.toBe(1)", "toBe", WHOLE),
        ("expect(a).toContain(1)", "toContain", PART),
        ("expect(a).toBeTruthy()", "toBeTruthy", PRESENT),
        ("expect(() => a()).toThrow()", "toThrow", PRESENT),
        ("expect(() => a()).toThrow('below')", "toThrow", PART),
        ("expect(a).to.be.true", "true", WHOLE),
        ("expect(a).to.deep.equal([1])", "equal", WHOLE),
        ("expect(a).to.have.property('b')", "property", PART),
        ("a.should.equal(1)", "equal", WHOLE),
        ("assert(a)", "assert", PRESENT),
        ("assert(a === 1)", "assert", WHOLE),
        ("assert.strictEqual(a, 1)", "assert.strictEqual", WHOLE),
        ("assert.match(a, /x/)", "assert.match", PART),
        ("assert.ok(a)", "assert.ok", PRESENT),
        ("t.equal(a, 1)", "t.equal", WHOLE),
        ("await expect(page.locator('x')).toHaveText('y')", "toHaveText", WHOLE),
        ("request(app).get('/').expect(200, done)", "expect", WHOLE),
        ("assertShape(a)", "assertShape", PART),
    ],
)
@pytest.mark.parametrize("language", ["javascript", "typescript"])
def test_javascript(language: str, source: str, call: str, exactness: Exactness) -> None:
    assert told(language, f"it('x', async () => {{ {source} }})") == [(call, exactness)]


GO = "package a\nfunc TestA(t *testing.T) {{\n{}\n}}\n"


@pytest.mark.parametrize(
    ("source", "call", "exactness"),
    [
        ("if a != 1 { t.Errorf(`x`) }", "if !=", WHOLE),
        ("if !reflect.DeepEqual(a, b) { t.Fatal() }", "if reflect.DeepEqual", WHOLE),
        ("if diff := cmp.Diff(a, b); diff != `` { t.Error(diff) }", "if !=", WHOLE),
        ("if !strings.Contains(a, b) { t.Fatal() }", "if strings.Contains", PART),
        ("if err != nil { t.Fatal(err) }", "if !=", PRESENT),
        ("if !ok { t.Fatal() }", "if", PRESENT),
        ("assert.Equal(t, 1, a)", "assert.Equal", WHOLE),
        ("require.NoError(t, err)", "require.NoError", PRESENT),
        ("assert.Containsf(t, a, b, `x`)", "assert.Contains", PART),
        ("s.Require().Equal(1, a)", "Require.Equal", WHOLE),
        ("assert.True(t, a == b)", "assert.True", WHOLE),
        ("assert.True(t, a)", "assert.True", PRESENT),
        ("checkTotal(t, a)", "checkTotal", PART),
    ],
)
def test_go(source: str, call: str, exactness: Exactness) -> None:
    assert told("go", GO.format(source)) == [(call, exactness)]


def test_a_function_of_a_package_that_is_named_like_testify_is_no_assertion() -> None:
    assert told("go", GO.format("x := bytes.Equal(a, b) || strings.Contains(a, b)\n_ = x")) == []


JAVA = "class A {{ @Test void t() {{ {} }} }}"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("assertEquals(1, a);", [("assertEquals", WHOLE)]),
        ("Assert.assertEquals(1, a);", [("assertEquals", WHOLE)]),
        ("assertTrue(a);", [("assertTrue", PRESENT)]),
        ("assertTrue(a.equals(b));", [("assertTrue", WHOLE)]),
        ("assertThrows(X.class, () -> a());", [("assertThrows", PART)]),
        ("assertThat(a).isEqualTo(b);", [("isEqualTo", WHOLE)]),
        ("assertThat(a).isNotNull().contains(b);", [("contains", PART), ("isNotNull", PRESENT)]),
        ("assertThatThrownBy(() -> a()).hasMessage(`x`);".replace("`", '"'), [("hasMessage", WHOLE)]),
        ("assertThat(a, is(1));", [("assertThat is", WHOLE)]),
        ("assertThat(a, is(not(nullValue())));", [("assertThat is", PART)]),
        ("assertThat(a, containsString(b));", [("assertThat containsString", PART)]),
        ("assertThat(a, notNullValue());", [("assertThat notNullValue", PRESENT)]),
        ("verify(a).send(1);", [("verify", PART)]),
        ("checkTotal(a);", [("checkTotal", PART)]),
        ("a.verify(1); list.contains(a);", []),
    ],
)
def test_java(source: str, wanted: list[tuple[str, Exactness]]) -> None:
    assert sorted(told("java", JAVA.format(source))) == sorted(wanted)


def test_an_expected_exception_of_junit_4_is_an_assertion() -> None:
    assert told("java", "class A { @Test(expected = X.class) public void t() { a(); } }") == [("@Test(expected)", PART)]


@pytest.mark.parametrize(
    ("source", "call", "exactness"),
    [
        ("expect(a).to eq(1)", "eq", WHOLE),
        ("expect(a).to be > 1", "be >", PART),
        ("expect(a).not_to eq(1)", "not_to eq", PART),
        ("expect(a).to be_truthy", "be_truthy", PRESENT),
        ("expect(a).to be_nil", "be_nil", WHOLE),
        ("is_expected.to include(1)", "include", PART),
        ("expect { a }.to raise_error", "raise_error", PRESENT),
        ("expect { a }.to raise_error(Broken)", "raise_error", PART),
        ("expect { a }.to raise_error(Broken, /x/)", "raise_error", WHOLE),
        ("expect { a }.to raise_error(Broken).with_message('x')", "raise_error", WHOLE),
        ("a.should eq(1)", "eq", WHOLE),
        ("assert_equal 1, a", "assert_equal", WHOLE),
        ("assert a", "assert", PRESENT),
        ("assert a == 1", "assert", WHOLE),
        ("refute_includes a, 1", "refute_includes", PART),
        ("_(a).must_equal 1", "must_equal", WHOLE),
    ],
)
def test_ruby(source: str, call: str, exactness: Exactness) -> None:
    assert told("ruby", f"it 'x' do\n  {source}\nend\n") == [(call, exactness)]


def test_an_assertion_says_where_it_stands_and_what_it_speaks_of() -> None:
    (one,) = assertions("python", b"x = 1\nassert cart.total(\n    x) == 10\n")
    assert (one.line, one.names, one.text) == (2, ("cart", "total", "x"), "cart.total( x) == 10")


def test_only_the_assertions_of_the_lines_asked_for_are_given() -> None:
    source = b"def test_a():\n    assert a == 1\n\ndef test_b():\n    assert b\n"
    assert [one.call for one in assertions_in("python", source, Span(4, 5))] == ["assert"]


def test_a_language_that_is_not_read_has_none() -> None:
    assert not is_read("php")
    assert assertions("php", b"<?php assert($a == 1);") == ()


@pytest.mark.parametrize("language", ["python", "javascript", "typescript", "vue", "go", "java", "ruby"])
@given(source=st.one_of(st.binary(max_size=200), st.text("assertexp().toBe=!_{};'\n ", max_size=120).map(str.encode)))
def test_no_text_makes_it_fail(language: str, source: bytes) -> None:
    assertions(language, source)


@pytest.mark.parametrize(("word", "number"), [("and", 5_001), ("or", 1)])
def test_thousands_of_joined_conditions_are_read(word: str, number: int) -> None:
    source = f"def test_it():\n    assert a{f' {word} a' * 5_000}\n"
    assert len(list(assertions("python", source.encode()))) == number


def test_a_chain_that_nobody_wrote_is_passed_over() -> None:
    source = f"it('a', () => {{ expect(a){'.b()' * 500}.toBe(1); expect(a).not.toBe(1) }})"
    assert told("javascript", source) == [("not.toBe", PART)]
