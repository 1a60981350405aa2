"""The line that a person types to run one test."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.runners.by_hand import by_hand
from app.domain.suite import Framework, Suite, TestId


@pytest.mark.parametrize(
    ("suite", "test", "line"),
    [
        (Suite(Framework.PYTEST), "tests/test_a.py::TestA.test_b", "python -m pytest tests/test_a.py::TestA::test_b"),
        (Suite(Framework.PYTEST, "api", ("python",)), "api/test_a.py::test_b", "(cd api && python -m pytest test_a.py::test_b)"),
        (Suite(Framework.UNITTEST), "tests/test_a.py::TestA.test_b", "python -m unittest tests.test_a.TestA.test_b"),
        (Suite(Framework.DJANGO), "shop/tests.py::TestA.test_b", "python manage.py test shop.tests.TestA.test_b"),
        (
            Suite(Framework.JEST, "", ("npx", "--no-install")),
            "a.test.js::Cart > adds (1)",
            "npx --no-install jest a.test.js -t 'Cart adds \\(1\\)'",
        ),
        (Suite(Framework.VITEST), "a.test.ts::adds", "npx vitest run a.test.ts -t adds"),
        (Suite(Framework.MOCHA), "test/a.js::Cart > adds", "npx mocha test/a.js -g 'Cart adds'"),
        (Suite(Framework.NODE_TEST, "", ("node",)), "a.test.js::Cart > adds", "node --test --test-name-pattern=adds a.test.js"),
        (Suite(Framework.PLAYWRIGHT), "e2e/a.spec.ts::buys", "npx playwright test e2e/a.spec.ts -g buys"),
        (Suite(Framework.GO_TEST, "", ("go",)), "pkg/cart_test.go::TestTotal", "go test ./pkg -run '^TestTotal$'"),
        (Suite(Framework.GO_TEST), "cart_test.go::TestTotal", "go test . -run '^TestTotal$'"),
        (
            Suite(Framework.JUNIT5, "", ("./mvnw",)),
            "src/test/java/CartTest.java::CartTest.adds",
            "./mvnw test '-Dtest=CartTest#adds'",
        ),
        (
            Suite(Framework.JUNIT4, "", ("./gradlew",)),
            "src/test/java/CartTest.java::CartTest.adds",
            "./gradlew test --tests CartTest.adds",
        ),
        (
            Suite(Framework.RSPEC, "", ("bundle", "exec")),
            "spec/a_spec.rb::Cart > adds",
            "bundle exec rspec spec/a_spec.rb -e 'Cart adds'",
        ),
        (Suite(Framework.MINITEST), "test/a_test.rb::CartTest.test_adds", "ruby -Itest -Ilib test/a_test.rb -n test_adds"),
        (
            Suite(Framework.MINITEST, "", ("bin/rails",)),
            "test/a_test.rb::CartTest.test_adds",
            "bin/rails test test/a_test.rb -n test_adds",
        ),
        (
            Suite(Framework.PHPUNIT, "", ("vendor/bin/phpunit",)),
            "tests/ATest.php::ATest.testB",
            "vendor/bin/phpunit --filter '::testB$' tests/ATest.php",
        ),
        (Suite(Framework.XUNIT, "", ("dotnet",)), "T/ATests.cs::ATests.B", "dotnet test --filter 'FullyQualifiedName~ATests.B'"),
        (Suite(Framework.CARGO_TEST, "", ("cargo",)), "src/lib.rs::tests.adds", "cargo test adds"),
    ],
)
def test_the_line_of_each_framework(suite: Suite, test: str, line: str) -> None:
    path, _, name = test.partition("::")
    assert by_hand(suite, TestId(path, name)) == line


@given(st.sampled_from(Framework), st.text(min_size=1, max_size=20), st.text(max_size=20))
def test_no_name_leaves_its_argument(framework: Framework, path: str, name: str) -> None:
    line = by_hand(Suite(framework), TestId(path, name))
    assert line == "" or (line.isprintable() and shlex.join(shlex.split(line)) == line)
