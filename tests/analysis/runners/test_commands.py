"""Commands select exactly the tests that were asked for."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.runners.commands import collect, run_all, run_tests
from app.domain.errors import TellUser
from app.domain.suite import Command, Framework, Suite, TestId

NPX = ("npx", "--no-install")
SUITES = [
    Suite(Framework.PYTEST, launcher=("python",)),
    Suite(Framework.UNITTEST, launcher=("python",)),
    Suite(Framework.DJANGO, launcher=("python", "manage.py")),
    Suite(Framework.JEST, launcher=NPX),
    Suite(Framework.VITEST, launcher=NPX),
    Suite(Framework.MOCHA, launcher=NPX),
    Suite(Framework.NODE_TEST, launcher=("node",)),
    Suite(Framework.PLAYWRIGHT, launcher=NPX),
    Suite(Framework.GO_TEST, launcher=("go",)),
    Suite(Framework.JUNIT5, launcher=("mvn",)),
    Suite(Framework.JUNIT4, launcher=("./gradlew",)),
    Suite(Framework.RSPEC, launcher=("bundle", "exec")),
    Suite(Framework.MINITEST, launcher=("bundle", "exec")),
    Suite(Framework.PHPUNIT, launcher=("vendor/bin/phpunit",)),
    Suite(Framework.XUNIT, launcher=("dotnet",)),
    Suite(Framework.NUNIT, launcher=("dotnet",)),
    Suite(Framework.CARGO_TEST, launcher=("cargo",)),
]
NAMES = [suite.framework.value for suite in SUITES]


def only(suite: Suite, *tests: TestId) -> Command:
    (command,) = run_tests(suite, tests, "out/r.xml")
    return command


def after(command: Command, option: str) -> str:
    return command.arguments[command.arguments.index(option) + 1]


def test_every_framework_has_its_commands() -> None:
    assert {suite.framework for suite in SUITES} == set(Framework)


@pytest.mark.parametrize("suite", SUITES, ids=NAMES)
def test_what_is_asked_for_never_becomes_an_option(suite: Suite) -> None:
    test = TestId("--evil.py", "--also-evil")
    try:
        commands = (*run_tests(suite, [test], "r.xml"), *collect(suite, test))
    except TellUser:
        return
    assert commands
    for command in commands:
        assert not {argument for argument in command.arguments if argument.startswith(("--evil", "--also-evil"))}


@pytest.mark.parametrize("suite", SUITES, ids=NAMES)
@pytest.mark.parametrize("path", ["a\n.py", "a\0.py", "../a.py", "/a.py"])
def test_a_path_that_leaves_its_line_or_the_repository_is_refused(suite: Suite, path: str) -> None:
    with pytest.raises(TellUser):
        run_tests(suite, [TestId(path, "test")], "r.xml")


@pytest.mark.parametrize("suite", SUITES, ids=NAMES)
def test_whole_suites_and_whole_files_can_be_run(suite: Suite) -> None:
    assert run_all(suite, "r.xml")
    assert run_tests(suite, [TestId("tests/cart_test.py")], "r.xml")


def test_nothing_is_run_where_nothing_is_asked_for() -> None:
    assert run_tests(SUITES[0], [], "r.xml") == ()


def test_pytest_is_given_its_own_ids_from_the_project_s_folder() -> None:
    suite = Suite(Framework.PYTEST, "backend", ("python",))
    command = only(suite, TestId("backend/tests/test_a.py", "TestX.test_b[a.b::c]"), TestId("shared/test_c.py"))
    assert command.arguments[-2:] == ("tests/test_a.py::TestX::test_b[a.b::c]", "../shared/test_c.py")
    assert "--junitxml=../out/r.xml" in command.arguments
    assert (command.folder, command.results) == ("backend", "out/r.xml")


@pytest.mark.parametrize("framework", [Framework.JEST, Framework.VITEST, Framework.MOCHA])
def test_a_title_selects_itself_alone(framework: Framework) -> None:
    command = only(Suite(framework, launcher=NPX), TestId("a.test.js", "Cart (all) > adds [1] $x.y ^a|b"))
    option = "--grep" if framework is Framework.MOCHA else "--testNamePattern"
    pattern = after(command, option)
    assert re.search(pattern, "Cart (all) adds [1] $x.y ^a|b")
    assert not re.search(pattern, "Cart (all) adds [1] $x.y ^a|b too")
    assert not re.search(pattern, "My Cart (all) adds [1] $x.y ^a|b")
    assert not re.search(pattern, "a|b")


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40))
def test_whatever_a_title_holds_its_pattern_finds_it(title: str) -> None:
    plain = title.replace("\\", "")
    if not plain:
        return
    command = only(Suite(Framework.JEST, launcher=NPX), TestId("a.test.js", plain))
    assert re.search(after(command, "--testNamePattern"), plain)


def test_the_title_of_a_template_selects_all_that_it_makes() -> None:
    pattern = after(only(Suite(Framework.JEST, launcher=NPX), TestId("a.test.js", "adds ${n} to %i")), "--testNamePattern")
    assert re.search(pattern, "adds 1 to 2")
    assert not re.search(pattern, "subtracts 1 to 2")


def test_each_file_of_titles_is_run_by_itself() -> None:
    tests = [TestId("a.test.js", "x"), TestId("b.test.js", "x"), TestId("a.test.js", "y")]
    first, second = run_tests(Suite(Framework.JEST, launcher=NPX), tests, "r.json")
    assert (first.results, second.results) == ("r.json", "r-2.json")
    assert after(first, "--testNamePattern") == "^(?:x|y)$"


def test_what_a_repository_s_script_gives_to_mocha_is_kept() -> None:
    suite = Suite(Framework.MOCHA, launcher=NPX, also=("require=test/support/env", "exit", "chai"))
    assert only(suite, TestId("a.js", "x")).arguments[2:5] == ("mocha", "--require=test/support/env", "--exit")


def test_an_old_mocha_prints_its_report() -> None:
    command = only(Suite(Framework.MOCHA, launcher=NPX, version="5.2.0"), TestId("a.js", "x"))
    assert command.results is None
    assert "--reporter-option" not in command.arguments


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("TestTotal", "^TestTotal$"),
        ("TestTotal/of nothing (a.b)", r"^TestTotal$/^of_nothing_\(a\.b\)$"),
        ("CartSuite.TestTotal", "/^TestTotal$"),
    ],
)
def test_go_is_given_a_pattern_for_each_level(name: str, pattern: str) -> None:
    command = only(Suite(Framework.GO_TEST, launcher=("go",)), TestId("pkg/cart_test.go", name))
    assert after(command, "-run") == pattern
    assert command.arguments[-1] == "./pkg"


def test_go_s_tests_are_run_package_by_package_with_the_tags_they_want() -> None:
    suite = Suite(Framework.GO_TEST, "mod", ("go",), also=("testify", "tags=integration"))
    tests = [TestId("mod/a_test.go", "TestA"), TestId("mod/b/b_test.go", "TestB"), TestId("mod/c_test.go", "TestC")]
    first, second = run_tests(suite, tests, "r")
    assert (after(first, "-run"), first.arguments[-1]) == ("^(?:TestA|TestC)$", ".")
    assert (after(second, "-run"), second.arguments[-1]) == ("^TestB$", "./b")
    assert "-tags=integration" in first.arguments


def test_maven_is_asked_for_a_method_of_a_nested_class_of_one_module() -> None:
    suite = Suite(Framework.JUNIT5, launcher=("./mvnw",))
    command = only(suite, TestId("core/src/test/java/org/shop/CartTest.java", "CartTest.Inner.adds"))
    assert "-Dtest=org.shop.CartTest$Inner#adds*" in command.arguments
    assert after(command, "-pl") == "core"
    assert command.results == "core/target/surefire-reports/TEST-org.shop.CartTest*.xml"


def test_gradle_is_asked_for_the_source_set_s_own_task() -> None:
    suite = Suite(Framework.JUNIT5, launcher=("./gradlew",))
    command = only(suite, TestId("a/b/src/integrationTest/java/org/shop/CartIT.java", "CartIT.adds"))
    assert command.arguments[-4:] == (":a:b:cleanIntegrationTest", ":a:b:integrationTest", "--tests", "org.shop.CartIT.adds")
    assert command.results == "a/b/build/test-results/integrationTest/TEST-org.shop.CartIT*.xml"


def test_phpunit_is_given_a_pattern_of_the_class_and_its_method() -> None:
    command = only(Suite(Framework.PHPUNIT, launcher=("phpunit",)), TestId("tests/CartTest.php", "CartTest.testAdds"))
    pattern = after(command, "--filter").strip("/")
    assert re.search(pattern, r"Shop\CartTest::testAdds")
    assert re.search(pattern, r"Shop\CartTest::testAdds with data set #0")
    assert not re.search(pattern, r"Shop\MyCartTest::testAdds")
    assert not re.search(pattern, r"Shop\CartTest::testAddsMore")


@pytest.mark.parametrize(
    ("name", "method", "other"),
    [
        ("CartTest.test_total", "Shop::CartTest#test_total", "CartTest#test_total_of_nothing"),
        ("CartTest > adds two", "CartTest#test_adds_two", "CartTest#test_adds_two_and_two"),
        ("Cart > adds two", "Cart#test_0001_adds two", "Cart#test_0001_adds two again"),
        ("Cart > adds two", "TestCart#test_: Cart should adds two. ", "TestCart#test_: Cart should adds twofold. "),
    ],
)
def test_minitest_is_given_a_pattern_of_the_method_that_it_makes(name: str, method: str, other: str) -> None:
    command = only(Suite(Framework.MINITEST, launcher=()), TestId("test/cart_test.rb", name))
    pattern = after(command, "-n").strip("/")
    assert re.search(pattern, method)
    assert not re.search(pattern, other)


@pytest.mark.parametrize(
    ("path", "name", "arguments"),
    [
        ("src/cart.rs", "tests.adds", ("--", "--exact", "cart::tests::adds")),
        ("src/cart/mod.rs", "tests::adds", ("--", "--exact", "cart::tests::adds")),
        ("src/lib.rs", "tests.adds", ("--lib", "--", "--exact", "tests::adds")),
        ("tests/cart.rs", "adds", ("--test=cart", "--", "--exact", "adds")),
        ("tests/cart.rs", "", ("--test=cart",)),
    ],
)
def test_cargo_is_given_the_full_path_of_a_test(path: str, name: str, arguments: tuple[str, ...]) -> None:
    command = only(Suite(Framework.CARGO_TEST, launcher=("cargo",)), TestId(path, name))
    assert command.arguments[-len(arguments) :] == arguments
