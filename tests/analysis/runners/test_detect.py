"""The framework is told from the repository alone."""

import json

import pytest

from app.analysis.runners.detect import find_suite
from app.domain.suite import Framework, Suite


def suite(path: str, files: dict[str, str]) -> Suite | None:
    return find_suite(path, list(files), files.get)


def framework(path: str, files: dict[str, str]) -> Framework | None:
    found = suite(path, files)
    return found.framework if found else None


def package(**said: object) -> str:
    return json.dumps(said)


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
