"""What the real results of the other runners say of single tests."""

from pathlib import Path

import pytest

from app.analysis.runners.results import Outcome, read_run, together
from app.domain.proof import Ending, Failure
from app.domain.suite import Format, TestId

DATA = Path(__file__).parent / "data"
PASSED, FAILED, ERROR, SKIPPED, ABSENT = Ending.PASSED, Ending.FAILED, Ending.ERROR, Ending.SKIPPED, Ending.ABSENT
SUITES = {
    "go": (Format.GO_JSON, "go/cart.jsonl", "cart/cart_test.go"),
    "rspec": (Format.RSPEC_JSON, "ruby/rspec.json", "spec/cart_spec.rb"),
    "minitest": (Format.MINITEST, "ruby/minitest.txt", "test/cart_test.rb"),
    "phpunit": (Format.JUNIT, "php/phpunit.xml", "tests/CartTest.php"),
    "cargo": (Format.CARGO, "rust/cargo.txt", "src/cart.rs"),
    "jupiter": (Format.JUNIT, "java/jupiter.xml", "core/src/test/java/org/shop/CartTest.java"),
    "vintage": (Format.JUNIT, "java/vintage.xml", "core/src/test/java/org/shop/OldTest.java"),
    "unittest": (Format.UNITTEST, "python/unittest.txt", "test/test_cart.py"),
}


def outcome(suite: str, name: str, file: str = "", path: str = "") -> Outcome:
    form, data, own = SUITES[suite]
    content = (DATA / (file or data)).read_bytes()
    (one,) = read_run(form, content, content.decode(), 1, [TestId(path or own, name)], "/src")
    return one


def failure(suite: str, name: str, file: str = "", path: str = "") -> Failure:
    found = outcome(suite, name, file, path).failure
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("suite", "name", "ending"),
    [
        ("go", "TestAdds", PASSED),
        ("go", "TestDiffers", FAILED),
        ("go", "TestLater", SKIPPED),
        ("go", "TestTable", FAILED),
        ("go", "TestTable/of nothing", PASSED),
        ("go", "TestTable/of (two) a.b", FAILED),
        ("go", "TestAdd", ABSENT),
        ("rspec", "Cart > #total > adds (all) prices", PASSED),
        ("rspec", "Cart > #total > differs", FAILED),
        ("rspec", "Cart > #total > comes later", SKIPPED),
        ("rspec", "Cart > when empty > is 0.5", FAILED),
        ("rspec", "Cart > total > differs", ABSENT),
        ("minitest", "CartTest.test_adds", PASSED),
        ("minitest", "CartTest.test_differs", FAILED),
        ("minitest", "CartTest.test_later", SKIPPED),
        ("minitest", "Cart spec > adds two", FAILED),
        ("minitest", "Cart spec > adds two again", PASSED),
        ("minitest", "CartTest.test_add", ABSENT),
        ("phpunit", "CartTest.testAdds", PASSED),
        ("phpunit", "CartTest.testDiffers", FAILED),
        ("phpunit", "CartTest.testLater", SKIPPED),
        ("phpunit", "CartTest.testEach", FAILED),
        ("phpunit", "CartTest.testEach[0]", PASSED),
        ("phpunit", "CartTest.testEach[two]", FAILED),
        ("phpunit", "CartTest.testAdd", ABSENT),
        ("cargo", "tests.adds", PASSED),
        ("cargo", "tests.differs", FAILED),
        ("cargo", "tests.later", SKIPPED),
        ("cargo", "tests.expected", PASSED),
        ("cargo", "tests.nowhere", ABSENT),
        ("jupiter", "CartTest.adds", PASSED),
        ("jupiter", "CartTest.differs", FAILED),
        ("jupiter", "CartTest.later", SKIPPED),
        ("jupiter", "CartTest.each", FAILED),
        ("jupiter", "CartTest.WhenEmpty.isNothing", FAILED),
        ("jupiter", "CartTest.isNothing", ABSENT),
        ("vintage", "OldTest.adds", PASSED),
        ("vintage", "OldTest.differs", FAILED),
        ("vintage", "OldTest.later", SKIPPED),
        ("unittest", "CartCase.test_adds", PASSED),
        ("unittest", "CartCase.test_differs", FAILED),
        ("unittest", "CartCase.test_later", SKIPPED),
        ("unittest", "CartCase.test_known", SKIPPED),
        ("unittest", "CartCase.test_sub", FAILED),
        ("unittest", "BadCase.test_never", ERROR),
        ("unittest", "CartCase.test_add", ABSENT),
    ],
)
def test_a_test_ended_as_its_runner_says(suite: str, name: str, ending: Ending) -> None:
    assert outcome(suite, name).ending is ending


@pytest.mark.parametrize(
    ("suite", "name", "kind", "message"),
    [
        ("go", "TestDiffers", "", "Total = 3, want 4"),
        ("rspec", "Cart > #total > differs", "RSpec::Expectations::ExpectationNotMetError", "expected: 4"),
        ("minitest", "CartTest.test_differs", "Minitest::Assertion", "Expected: 4"),
        ("minitest", "CartTest.test_raises", "NoMethodError", "undefined method `sum' for nil:NilClass"),
        ("phpunit", "CartTest.testRaises", "DivisionByZeroError", "Division by zero"),
        (
            "phpunit",
            "CartTest.testDiffers",
            r"PHPUnit\Framework\ExpectationFailedException",
            "Failed asserting that 2 is identical",
        ),
        ("cargo", "tests.differs", "AssertionError", "assertion `left == right` failed: the total"),
        ("cargo", "tests.raises", "panic", "index out of bounds: the len is 0 but the index is 0"),
        ("jupiter", "CartTest.differs", "org.opentest4j.AssertionFailedError", "the total ==> expected: <3> but was: <2>"),
        ("jupiter", "CartTest.wants", "org.junit.jupiter.api.extension.ParameterResolutionException", "No ParameterResolver"),
        ("vintage", "OldTest.raises", "java.lang.ClassCastException", "class java.lang.String cannot be cast"),
        ("unittest", "CartCase.test_differs", "AssertionError", "1.5 != 3"),
        ("unittest", "BadCase.test_never", "ConnectionError", "refused"),
    ],
)
def test_a_failure_has_its_type_and_message(suite: str, name: str, kind: str, message: str) -> None:
    told = failure(suite, name)
    assert told.type == kind
    assert told.message.startswith(message)


@pytest.mark.parametrize(
    ("suite", "name", "frames"),
    [
        ("rspec", "Cart > #total > raises", (("spec/cart_spec.rb", 14), ("lib/cart.rb", 3))),
        ("minitest", "CartTest.test_raises", (("test/cart_test.rb", 14), ("lib/cart.rb", 3))),
        ("phpunit", "CartTest.testRaises", (("tests/CartTest.php", 23), ("src/Cart.php", 7))),
        ("cargo", "tests.raises", (("src/cart.rs", 6),)),
        ("jupiter", "CartTest.raises", (("org/shop/CartTest.java", 28),)),
        ("unittest", "CartCase.test_raises", (("test/test_cart.py", 17), ("shop.py", 2))),
    ],
)
def test_frames_are_the_code_s_own_with_the_outermost_first(suite: str, name: str, frames: tuple[tuple[str, int], ...]) -> None:
    assert failure(suite, name).frames == frames


def test_a_panic_of_go_has_its_stack() -> None:
    told = failure("go", "TestRaises", "go/panic.jsonl")
    assert (told.type, told.frames) == ("panic", (("cart/cart_test.go", 33), ("cart/cart.go", 11)))


def test_a_go_test_that_takes_too_long_timed_out() -> None:
    assert outcome("go", "TestHangs", "go/timeout.jsonl").ending is Ending.TIMEOUT


@pytest.mark.parametrize(
    ("suite", "file", "path", "said"),
    [
        ("go", "go/broken.jsonl", "broken/broken_test.go", "undefined: nowhere"),
        ("go", "go/boom.jsonl", "boom/boom_test.go", "no database"),
        ("rspec", "ruby/rspec-import.json", "spec/import_spec.rb", "cannot load such file"),
        ("unittest", "python/unittest.txt", "test/test_import.py", "No module named 'nowhere'"),
    ],
)
def test_what_could_not_be_built_or_loaded_is_the_error_of_its_tests(suite: str, file: str, path: str, said: str) -> None:
    one = outcome(suite, "X.TestAny", file, path)
    assert one.ending is ERROR
    assert one.failure is not None
    assert said in one.failure.trace


def test_a_module_s_import_error_has_the_type_of_what_was_raised() -> None:
    assert failure("unittest", "X.test_it", path="test/test_import.py").type in {"ImportError", "ModuleNotFoundError"}


def test_go_running_no_test_at_all_is_absence_and_no_pass() -> None:
    content = (DATA / "go/nowhere.jsonl").read_bytes()
    (one,) = read_run(Format.GO_JSON, content, content.decode(), 0, [TestId("cart/cart_test.go", "TestNowhere")])
    assert one.ending is ABSENT


def test_a_fatal_error_of_php_leaves_nothing_but_what_it_printed() -> None:
    output = (DATA / "php/phpunit-import.txt").read_text()
    (one,) = read_run(Format.JUNIT, b"", output, 255, [TestId("tests/ImportTest.php", "ImportTest.testHere")], "/src")
    assert one.ending is Ending.BROKEN
    assert one.failure is not None
    assert one.failure.frames == (("tests/ImportTest.php", 2),)


@pytest.mark.parametrize(("code", "ending"), [(0, PASSED), (1, FAILED), (127, Ending.BROKEN), (-9, Ending.BROKEN)])
def test_of_a_command_of_one_s_own_the_exit_code_is_all_that_is_known(code: int, ending: Ending) -> None:
    (one,) = read_run(Format.EXIT, b"", "said", code, [TestId("a", "b")])
    assert one.ending is ending


def test_of_several_commands_that_which_ran_the_test_speaks_for_it() -> None:
    test = TestId("a", "b")
    absent, broken, passed = (Outcome(test, ending) for ending in (ABSENT, Ending.BROKEN, PASSED))
    assert together([[absent], [passed], [broken]]) == (passed,)
    assert together([[absent], [broken]]) == (broken,)


TRX = """<?xml version="1.0"?>
<TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>
<UnitTestResult testId="1" testName="Shop.CartTests.Adds" outcome="Passed" duration="00:00:01.5000000" />
<UnitTestResult testId="2" testName="differs in the end" outcome="Failed" duration="00:00:00.0100000"><Output><ErrorInfo>
<Message>Shop.Refused : no</Message><StackTrace>   at Shop.Cart.Total(Int32 n) in /src/Shop/Cart.cs:line 42
   at Shop.CartTests.Differs() in /src/Tests/CartTests.cs:line 7</StackTrace></ErrorInfo></Output></UnitTestResult>
<UnitTestResult testId="3" testName="Shop.CartTests.Later" outcome="NotExecuted" />
</Results><TestDefinitions>
<UnitTest id="1" name="x"><TestMethod className="Shop.CartTests" name="Adds" /></UnitTest>
<UnitTest id="2" name="x"><TestMethod className="Shop.CartTests" name="Differs" /></UnitTest>
<UnitTest id="3" name="x"><TestMethod className="Shop.CartTests" name="Later" /></UnitTest>
</TestDefinitions></TestRun>"""


def test_dotnet_s_results_are_told_by_their_methods() -> None:
    tests = [TestId("Tests/CartTests.cs", f"CartTests.{name}") for name in ("Adds", "Differs", "Later", "Nowhere")]
    adds, differs, later, nowhere = read_run(Format.TRX, TRX.encode(), "", 1, tests, "/src")
    assert [one.ending for one in (adds, differs, later, nowhere)] == [PASSED, FAILED, SKIPPED, ABSENT]
    assert adds.seconds == 1.5
    assert differs.failure is not None
    assert differs.failure.type == "Shop.Refused"
    assert differs.failure.frames == (("Tests/CartTests.cs", 7), ("Shop/Cart.cs", 42))


def test_a_module_that_skips_itself_skips_its_tests() -> None:
    output = "contrib.gcs_test (unittest.loader.ModuleSkipped) ... skipped 'no network'\n\nRan 1 test in 0.0s\n\nOK (skipped=1)\n"
    (one,) = read_run(Format.UNITTEST, b"", output, 0, [TestId("test/contrib/gcs_test.py", "GCSClientTest.test_mkdir")])
    assert one.ending is SKIPPED


def test_a_selection_that_reaches_no_test_is_absence_even_where_the_exit_code_is_no_success() -> None:
    output = "\n----------------------------------------------------------------------\nRan 0 tests in 0.000s\n\nNO TESTS RAN\n"
    (one,) = read_run(Format.UNITTEST, b"", output, 5, [TestId("test/test_cart.py", "CartCase.test_nowhere")])
    assert one.ending is ABSENT
