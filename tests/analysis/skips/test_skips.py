"""What keeps a test from running, or lets it fail, in every language; what only holds sometimes does not count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis import brought
from app.analysis.skips import skips

PATHS = {"python": "test_a.py", "javascript": "a.test.js", "typescript": "a.test.ts", "go": "a_test.go", "java": "ATest.java"}
PATHS["ruby"] = "spec/a_spec.rb"


def kept(language: str, source: str) -> dict[str, str]:
    """By test, what is said of it: `-` for nothing, `skip` or `fail`."""
    found = {}
    for test in brought.tests_of(PATHS[language], source.encode()):
        holding = [one for one in skips(language, source.encode()) if one.holds_for(test.span)]
        found[test.name] = "-" if not holding else "fail" if holding[0].fails else "skip"
    return found


@pytest.mark.parametrize(
    ("mark", "wanted"),
    [
        ("@pytest.mark.skip", "skip"),
        ("@pytest.mark.skip(reason='slow')", "skip"),
        ("@unittest.skip('slow')", "skip"),
        ("@skip('slow')", "skip"),
        ("@pytest.mark.skipif(True, reason='x')", "skip"),
        ("@unittest.skipUnless(False, 'x')", "skip"),
        ("@pytest.mark.skipif(sys.platform == 'win32', reason='x')", "-"),
        ("@unittest.skipIf(NO_SSL, 'x')", "-"),
        ("@pytest.mark.xfail", "fail"),
        ("@pytest.mark.xfail(reason='x')", "fail"),
        ("@pytest.mark.xfail(strict=True)", "fail"),
        ("@pytest.mark.xfail(sys.version_info < (3, 9), reason='x')", "-"),
        ("@unittest.expectedFailure", "fail"),
        ("@pytest.mark.slow", "-"),
        ("@mock.patch('a.skip')", "-"),
    ],
)
def test_python_decorators(mark: str, wanted: str) -> None:
    assert kept("python", f"{mark}\ndef test_a():\n    pass\n\ndef test_b():\n    pass\n") == {"test_a": wanted, "test_b": "-"}


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("pytest.skip('x')", "skip"),
        ("self.skipTest('x')", "skip"),
        ("raise unittest.SkipTest('x')", "skip"),
        ("pytest.xfail('x')", "fail"),
        ("if WINDOWS:\n        pytest.skip('x')", "-"),
    ],
)
def test_python_bodies(body: str, wanted: str) -> None:
    assert kept("python", f"def test_a(self):\n    {body}\n\ndef test_b():\n    pass\n") == {"test_a": wanted, "test_b": "-"}


def test_a_python_class_or_file_is_skipped_as_a_whole() -> None:
    inside = "    def test_a(self):\n        pass\n"
    assert kept("python", f"@unittest.skip('x')\nclass A:\n{inside}") == {"A.test_a": "skip"}
    assert kept("python", f"class A:\n    __test__ = False\n{inside}") == {"A.test_a": "skip"}
    assert kept("python", f"class A:\n    pytestmark = pytest.mark.skip\n{inside}") == {"A.test_a": "skip"}
    assert kept("python", "pytestmark = [pytest.mark.skip(reason='x')]\ndef test_a():\n    pass\n") == {"test_a": "skip"}
    assert kept("python", "pytest.skip('x', allow_module_level=True)\ndef test_a():\n    pass\n") == {"test_a": "skip"}


@pytest.mark.parametrize(
    ("test", "wanted"),
    [
        ("it('a', () => {})", "-"),
        ("it.skip('a', () => {})", "skip"),
        ("xit('a', () => {})", "skip"),
        ("xtest('a', () => {})", "skip"),
        ("test.skip('a', () => {})", "skip"),
        ("test.fixme('a', () => {})", "skip"),
        ("it.todo('a')", "skip"),
        ("it.failing('a', () => {})", "fail"),
        ("test.fails('a', () => {})", "fail"),
        ("test.fail('a', () => {})", "fail"),
        ("test('a', { skip: true }, () => {})", "skip"),
        ("test('a', { skip: 'slow' }, () => {})", "skip"),
        ("test('a', { skip: false }, () => {})", "-"),
        ("test('a', { skip: process.platform === 'win32' }, () => {})", "-"),
        ("it('a', function () { this.skip() })", "skip"),
        ("it('a', function () { if (windows) { this.skip() } })", "-"),
        ("test('a', (t) => { t.skip('x') })", "skip"),
        ("describe.skip('g', () => { it('a', () => {}) })", "skip"),
        ("xdescribe('g', () => { it('a', () => {}) })", "skip"),
    ],
)
@pytest.mark.parametrize("language", ["javascript", "typescript"])
def test_javascript(language: str, test: str, wanted: str) -> None:
    found = kept(language, f"{test}\nit('b', () => {{}})\n")
    assert {name.rpartition(" > ")[2]: said for name, said in found.items()} == {"a": wanted, "b": "-"}


def test_an_only_keeps_all_others_from_running() -> None:
    assert kept("javascript", "it('a', () => {})\nit.only('b', () => {})\n") == {"a": "skip", "b": "-"}
    grouped = "describe.only('g', () => {\n it('a', () => {})\n})\nit('b', () => {})\n"
    assert kept("javascript", grouped) == {"g > a": "-", "b": "skip"}


@pytest.mark.parametrize(
    ("body", "wanted"),
    [("t.Skip()", "skip"), ('t.Skipf("x")', "skip"), ('if testing.Short() {\n\t\tt.Skip("x")\n\t}', "-"), ("_ = 1", "-")],
)
def test_go(body: str, wanted: str) -> None:
    source = f"package a\n\nfunc TestA(t *testing.T) {{\n\t{body}\n}}\n\nfunc TestB(t *testing.T) {{\n\t_ = 2\n}}\n"
    assert kept("go", source) == {"TestA": wanted, "TestB": "-"}


def test_a_go_file_that_is_never_built_skips_all() -> None:
    assert kept("go", "//go:build ignore\n\npackage a\n\nfunc TestA(t *testing.T) {\n\t_ = 1\n}\n") == {"TestA": "skip"}


@pytest.mark.parametrize(
    ("head", "body", "wanted"),
    [
        ("@Test", "", "-"),
        ("@Test @Disabled", "", "skip"),
        ('@Disabled("x") @Test', "", "skip"),
        ("@Ignore @Test", "", "skip"),
        ("@Test(enabled = false)", "", "skip"),
        ("@Test", "Assume.assumeTrue(false);", "skip"),
        ("@Test", "assumeTrue(isLinux());", "-"),
        ("@Test @DisabledOnOs(WINDOWS)", "", "-"),
    ],
)
def test_java(head: str, body: str, wanted: str) -> None:
    source = f"class ATest {{\n  {head}\n  void a() {{ {body} }}\n  @Test\n  void b() {{ }}\n}}\n"
    assert kept("java", source) == {"ATest.a": wanted, "ATest.b": "-"}


def test_a_java_class_is_skipped_as_a_whole() -> None:
    assert kept("java", "@Disabled\nclass ATest {\n  @Test\n  void a() { }\n}\n") == {"ATest.a": "skip"}


@pytest.mark.parametrize(
    ("test", "wanted"),
    [
        ("it 'a' do\nend", "-"),
        ("xit 'a' do\nend", "skip"),
        ("it 'a', :skip do\nend", "skip"),
        ("it 'a', skip: 'slow' do\nend", "skip"),
        ("it 'a', skip: false do\nend", "-"),
        ("it 'a', pending: true do\nend", "fail"),
        ("it 'a' do\n skip\n run\nend", "skip"),
        ("it 'a' do\n skip 'x'\n run\nend", "skip"),
        ("it 'a' do\n pending 'x'\n run\nend", "fail"),
        ("it 'a' do\n skip if windows?\n run\nend", "-"),
        ("xdescribe 'g' do\n it 'a' do\n end\nend", "skip"),
    ],
)
def test_ruby(test: str, wanted: str) -> None:
    found = kept("ruby", f"{test}\nit 'b' do\nend\n")
    assert {name.rpartition(" > ")[2]: said for name, said in found.items()} == {"a": wanted, "b": "-"}


def test_minitest_skips_in_the_body() -> None:
    source = (
        "class ATest < Minitest::Test\n  def test_a\n    skip 'x'\n    assert 1\n  end\n  def test_b\n    assert 1\n  end\nend\n"
    )
    assert kept("ruby", source) == {"ATest.test_a": "skip", "ATest.test_b": "-"}


@pytest.mark.parametrize("language", ["python", "javascript", "typescript", "vue", "go", "java", "ruby", "php"])
@given(source=st.one_of(st.binary(max_size=200), st.text("itskpxdo@.()'{}=>\n :", max_size=120).map(str.encode)))
def test_no_text_makes_it_fail(language: str, source: bytes) -> None:
    skips(language, source)


def test_a_mark_on_one_of_the_values_that_a_test_is_given_skips_no_test() -> None:
    one = b"@pytest.mark.parametrize('n', (1, pytest.param(2, marks=pytest.mark.skip)))\ndef test_a(n):\n    assert n\n"
    assert skips("python", one) == ()
