"""The framework is told from the repository alone."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.runners.detect import find_suite
from app.domain.suite import Framework, Suite


def suite(path: str, files: dict[str, str]) -> Suite | None:
    return find_suite(path, list(files), files.get)


def framework(path: str, files: dict[str, str]) -> Framework | None:
    found = suite(path, files)
    return found.framework if found else None


def package(**said: object) -> str:
    return json.dumps(said)


NAMES = [
    *("package.json", "go.mod", "pom.xml", "build.gradle", "Gemfile", ".rspec", "composer.json", "phpunit.xml", "a.csproj"),
    *("Cargo.toml", "pyproject.toml", "playwright.config.ts", "tests/test_a.py", "a.test.ts", "a_test.go", "ATest.java"),
    *("a_spec.rb", "ATest.php", "ATests.cs", "tests/a.rs"),
]
CASE = "import unittest\n\nclass CartCase(unittest.TestCase):\n    def test_adds(self):\n        pass\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"tests/test_cart.py": "def test_adds():\n    pass\n"}, Framework.PYTEST),
        ({"tests/test_cart.py": CASE}, Framework.UNITTEST),
        ({"tests/test_cart.py": CASE, "tox.ini": "[testenv]\ncommands = pytest tests\n"}, Framework.PYTEST),
        ({"tests/test_cart.py": CASE, "tests/conftest.py": ""}, Framework.PYTEST),
        ({"tests/test_cart.py": "from django.test import TestCase\n", "manage.py": ""}, Framework.DJANGO),
        (
            {
                "tests/test_cart.py": "from django.test import TestCase\n",
                "manage.py": "",
                "pytest.ini": "[pytest]\naddopts=--ds=x\n",
            },
            Framework.PYTEST,
        ),
        ({"shop/cart.py": "x = 1\n"}, None),
    ],
)
def test_python_s_framework_is_told(files: dict[str, str], expected: Framework | None) -> None:
    assert framework("tests/test_cart.py", files) is expected


def test_a_new_python_file_is_of_the_framework_of_its_neighbours() -> None:
    found = suite("tests/test_new.py", {"tests/test_cart.py": CASE, "tests/test_b.py": CASE, "pytest.ini": "[pytest]\n"})
    assert found == Suite(Framework.PYTEST, "", ("python",), also=("unittest",))


def test_the_nearest_project_is_where_python_s_tests_run() -> None:
    found = suite(
        "backend/tests/test_a.py", {"backend/setup.py": "", "backend/tests/test_a.py": "import pytest\n", "setup.py": ""}
    )
    assert found is not None
    assert found.folder == "backend"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.test.ts": "import { it } from 'vitest'\n"}, Framework.VITEST),
        ({"a.test.ts": "import { it } from '@jest/globals'\n"}, Framework.JEST),
        ({"a.test.ts": "import test from 'node:test'\n"}, Framework.NODE_TEST),
        ({"a.test.ts": "import { test } from '@playwright/test'\n"}, Framework.PLAYWRIGHT),
        ({"a.test.ts": "jest.fn()\n", "package.json": package(devDependencies={"vitest": "1"})}, Framework.JEST),
        ({"a.test.ts": "", "jest.config.js": ""}, Framework.JEST),
        ({"a.test.ts": "", "package.json": package(jest={})}, Framework.JEST),
        ({"a.test.ts": "", ".mocharc.yml": ""}, Framework.MOCHA),
        ({"a.test.ts": "", "package.json": package(scripts={"test": "mocha -r x test/"})}, Framework.MOCHA),
        ({"a.test.ts": "", "package.json": package(scripts={"test": "node --test"})}, Framework.NODE_TEST),
        ({"a.test.ts": "", "package.json": package(devDependencies={"jest": "^27.1.0"})}, Framework.JEST),
        ({"a.test.ts": "", "package.json": "not json"}, None),
    ],
)
def test_javascript_s_framework_is_told(files: dict[str, str], expected: Framework | None) -> None:
    assert framework("a.test.ts", files) is expected


def test_the_nearest_package_decides_in_a_repository_of_many() -> None:
    files = {
        "package.json": package(devDependencies={"jest": "29"}),
        "packages/cart/package.json": package(devDependencies={"vitest": "^1.2.0"}),
        "packages/cart/src/a.test.ts": "it('adds', () => {})\n",
    }
    found = suite("packages/cart/src/a.test.ts", files)
    assert found == Suite(Framework.VITEST, "packages/cart", ("npx", "--no-install"), "1.2.0")


def test_a_script_s_options_are_the_suite_s() -> None:
    scripts = {"test": "cross-env NODE_OPTIONS=--no-warnings nyc mocha -r ts-node/register --exit test/ && echo done"}
    found = suite("test/a.js", {"package.json": package(scripts=scripts)})
    assert found is not None
    assert found.also == ("node-options=--no-warnings", "require=ts-node/register", "exit")


def test_playwright_s_tests_are_told_by_the_folder_that_its_configuration_names() -> None:
    files = {
        "package.json": package(devDependencies={"vitest": "1", "@playwright/test": "1"}),
        "playwright.config.ts": "export default { testDir: './e2e' }",
    }
    assert framework("e2e/new.spec.ts", files) is Framework.PLAYWRIGHT
    assert framework("src/new.spec.ts", files) is Framework.VITEST


@pytest.mark.parametrize(
    ("path", "files", "expected"),
    [
        (
            "mod/a_test.go",
            {"mod/go.mod": "module x\n\ngo 1.19\n", "mod/a_test.go": "//go:build integration && !windows\n\npackage a\n"},
            Suite(Framework.GO_TEST, "mod", ("go",), "1.19", ("tags=integration",)),
        ),
        (
            "core/src/test/java/org/shop/NewTest.java",
            {
                "pom.xml": "<modules><module>core</module></modules>",
                "core/pom.xml": "<artifactId>junit-jupiter</artifactId>\n<version>5.9.2</version>",
                "mvnw": "",
                "core/src/test/java/org/shop/CartTest.java": "import org.junit.jupiter.api.Test;\nimport org.assertj.core.A;",
            },
            Suite(Framework.JUNIT5, "", ("./mvnw",), "5.9.2", ("assertj",)),
        ),
        (
            "src/test/java/ATest.java",
            {"build.gradle": "", "src/test/java/ATest.java": "import org.junit.Test;"},
            Suite(Framework.JUNIT4, "", ("gradle",)),
        ),
        ("src/test/java/ATest.java", {"pom.xml": "", "src/test/java/ATest.java": "import org.testng.annotations.Test;"}, None),
        ("gem/spec/a_spec.rb", {"Gemfile": "", "gem/gem.gemspec": ""}, Suite(Framework.RSPEC, "gem", ("bundle", "exec"))),
        (
            "test/models/cart_test.rb",
            {"Gemfile": "", "bin/rails": "", "test/models/cart_test.rb": "class CartTest < ActiveSupport::TestCase\n"},
            Suite(Framework.MINITEST, "", ("bin/rails",), also=("rails",)),
        ),
        (
            "tests/CartTest.php",
            {"composer.json": package(**{"require-dev": {"phpunit/phpunit": "^9.6"}}), "phpunit.xml.dist": ""},
            Suite(Framework.PHPUNIT, "", ("vendor/bin/phpunit",), "9.6"),
        ),
        (
            "test/Shop.Tests/CartTests.cs",
            {"test/Shop.Tests/Shop.Tests.csproj": '<PackageReference Include="NUnit" Version="3.13.2" />'},
            Suite(Framework.NUNIT, "test/Shop.Tests", ("dotnet",), "3.13.2"),
        ),
        (
            "crates/cart/tests/new.rs",
            {"Cargo.toml": "[workspace]\n", "crates/cart/Cargo.toml": '[package]\nedition = "2021"\n'},
            Suite(Framework.CARGO_TEST, "crates/cart", ("cargo",), "2021"),
        ),
        ("notes/cart.txt", {}, None),
    ],
)
def test_the_suites_of_other_languages_are_told(path: str, files: dict[str, str], expected: Suite | None) -> None:
    assert suite(path, files) == expected


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=200)), st.sampled_from(NAMES))
def test_no_text_of_a_repository_makes_detection_raise(files: dict[str, str], path: str) -> None:
    suite(path, files)


def test_packages_of_tests_find_the_helpers_of_the_folder_that_they_lie_in() -> None:
    files = {"test/contrib/test_gcs.py": CASE, "test/contrib/__init__.py": "", "test/helpers.py": ""}
    found = suite("test/contrib/test_gcs.py", files)
    assert found == Suite(Framework.UNITTEST, "", ("python",), also=("top=test",))
    assert suite("test/test_gcs.py", {"test/test_gcs.py": CASE}) == Suite(Framework.UNITTEST, "", ("python",))
