"""What a runner lists in a dry run is collected, and nothing else."""

from pathlib import Path

import pytest

from app.analysis.runners.commands import collect, is_collected
from app.domain.suite import Framework, Suite, TestId

DATA = Path(__file__).parent / "data"
PHPUNIT = "Available test(s):\n - Shop\\Tests\\CartTest::testAdds\n - Shop\\Tests\\CartTest::testEach#0\n"
CARGO = "cart::tests::adds: test\n\n1 test, 0 benchmarks\n"


@pytest.mark.parametrize(
    ("framework", "test", "output", "expected"),
    [
        (Framework.PYTEST, TestId("t/test_a.py", "TestX.test_b"), "t/test_a.py::TestX::test_b[1]\n\n1 test collected", True),
        (Framework.PYTEST, TestId("t/test_a.py", "test_b"), "t/test_a.py::test_bc\n", False),
        (Framework.PYTEST, TestId("t/test_a.py", "test_b"), "<Module test_a.py>\n  <Function test_b>\n", True),
        (Framework.PYTEST, TestId("t/test_a.py", "test_b"), "t/test_a.py: 1\n\n1 test collected in 0.1s", True),
        (Framework.UNITTEST, TestId("t/test_a.py", "X.test_b"), "collected test_a.X.test_b\n", True),
        (Framework.UNITTEST, TestId("t/test_a.py", "X.test_b"), "collected unittest.loader._FailedTest.test_a\n", False),
        (Framework.GO_TEST, TestId("a_test.go", "TestA"), "TestA\nok  \texample.com/a\t0.1s\n", True),
        (Framework.GO_TEST, TestId("a_test.go", "TestA"), "TestAB\nok  \texample.com/a\t0.1s\n", False),
        (Framework.RSPEC, TestId("a_spec.rb", "A > b"), "1 example, 0 failures\n", True),
        (Framework.RSPEC, TestId("a_spec.rb", "A > b"), "All examples were filtered out\n0 examples, 0 failures\n", False),
        (Framework.MINITEST, TestId("a_test.rb", "A.test_b"), "0 runs, 0 assertions, 0 failures, 0 errors, 0 skips\n", True),
        (Framework.PHPUNIT, TestId("tests/CartTest.php", "CartTest.testAdds"), PHPUNIT, True),
        (Framework.PHPUNIT, TestId("tests/CartTest.php", "CartTest.testEach"), PHPUNIT, True),
        (Framework.PHPUNIT, TestId("tests/CartTest.php", "CartTest.testAdd"), PHPUNIT, False),
        (Framework.CARGO_TEST, TestId("src/cart.rs", "tests.adds"), CARGO, True),
        (Framework.CARGO_TEST, TestId("src/cart.rs", "tests.add"), CARGO, False),
        (Framework.PLAYWRIGHT, TestId("a.spec.ts", "x"), "Listing tests:\nTotal: 1 test in 1 file\n", True),
        (Framework.PLAYWRIGHT, TestId("a.spec.ts", "x"), "Listing tests:\nTotal: 0 tests in 0 files\n", False),
        (Framework.XUNIT, TestId("CartTests.cs", "CartTests.Adds"), "    Shop.CartTests.Adds\n", True),
        (Framework.XUNIT, TestId("CartTests.cs", "CartTests.Adds"), "    Shop.CartTests.AddsMore\n", False),
    ],
)
def test_a_test_is_collected_if_its_runner_lists_it(framework: Framework, test: TestId, output: str, expected: bool) -> None:
    suite = Suite(framework, launcher=("run",))
    assert collect(suite, test)
    assert is_collected(suite, test, 0, output) is expected
    assert not is_collected(suite, test, 1, output)


@pytest.mark.parametrize(
    ("framework", "file", "test", "expected"),
    [
        (Framework.JEST, "jest/all.json", TestId("src/cart.test.js", "Cart > differs"), True),
        (Framework.JEST, "jest/all.json", TestId("src/cart.test.js", "Cart > nowhere"), False),
        (Framework.JEST, "jest/all.json", TestId("src/import.test.js", "is here"), False),
        (Framework.VITEST, "vitest/all.json", TestId("src/cart.test.ts", "template ${n} ends"), True),
        (Framework.MOCHA, "mocha/all.json", TestId("test/cart.js", "Cart > raises"), True),
        (Framework.NODE_TEST, "node/one.xml", TestId("test/cart.test.js", "Cart > differs"), True),
        (Framework.NODE_TEST, "node/all.xml", TestId("test/import.test.js", "is here"), False),
    ],
)
def test_a_report_of_a_dry_run_lists_as_well(framework: Framework, file: str, test: TestId, expected: bool) -> None:
    suite = Suite(framework, launcher=("run",))
    assert is_collected(suite, test, 1, (DATA / file).read_text()) is expected


def test_a_dry_run_runs_nothing() -> None:
    test = TestId("a.test.js", "A > b")
    for framework in (Framework.JEST, Framework.VITEST):
        (command,) = collect(Suite(framework, launcher=("npx",)), test)
        assert command.arguments[command.arguments.index("--testNamePattern") + 1] == "(?!)"
    (command,) = collect(Suite(Framework.MOCHA, launcher=("npx",)), test)
    assert "--dry-run" in command.arguments
    (command,) = collect(Suite(Framework.RSPEC, launcher=()), TestId("a_spec.rb", "A > b"))
    assert "--dry-run" in command.arguments
