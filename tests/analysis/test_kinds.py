"""Which tests are integration and end-to-end tests, by which rule; and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.globs import Glob
from app.analysis.kinds import kind_of
from app.analysis.languages import language_of
from app.analysis.overrides import NONE, Overrides


def told(path: str, text: str = "", own: tuple[str, ...] = (), overrides: Overrides = NONE) -> str:
    language = language_of(path)
    test = kind_of(path, language, text.encode(), own, overrides)
    return f"{test.kind} {test.kind_reason}"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("tests/integration/test_cart.py", "integration folder"),
        ("t/integration/test_cart.py", "integration folder"),
        ("caddytest/integration/acme_test.go", "integration folder"),
        ("src/it/java/org/shop/CartTest.java", "integration folder"),
        ("src/integrationTest/java/org/shop/CartTest.java", "integration folder"),
        ("src/test/java/org/shop/functional/CartTest.java", "integration folder"),
        ("tests/functional/test_cart.py", "integration folder"),
        ("Shop.IntegrationTests/CartTests.cs", "integration folder"),
        ("tests/end2end/test_cart.py", "e2e folder"),
        ("packages/vue/__tests__/e2e/grid.spec.ts", "e2e folder"),
        ("cypress/integration/login.js", "e2e folder"),
        ("features/login.feature", "e2e file-name"),
        ("web/login.cy.ts", "e2e file-name"),
        ("test/app.e2e-spec.ts", "e2e file-name"),
        ("src/test/java/org/shop/CartIT.java", "integration file-name"),
        ("src/test/java/org/shop/CartIntegrationTest.java", "integration file-name"),
        ("gin_integration_test.go", "integration file-name"),
        ("testing/acceptance_test.py", "integration file-name"),
        ("tests/unit/test_cart.py", "unit folder"),
        ("tests/test_items.py", "unit default"),
        ("tests/test_integrations.py", "unit default"),
        ("tests/components/integration/test_sensor.py", "unit default"),
        ("src/integration/slack.test.ts", "unit default"),
        ("src/test/java/org/spring/integration/channel/QueueTest.java", "unit default"),
        ("docs/it/cart.test.js", "unit default"),
        ("src/test/java/org/shop/EditTest.java", "unit default"),
        ("torch/test/nn/functional/test_pool.py", "unit default"),
        ("shop/redis/redis_test.go", "unit default"),
    ],
)
def test_paths_tell_the_kind(path: str, kind: str) -> None:
    assert told(path) == kind


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("cart_test.go", "//go:build integration\n\npackage cart\n", "integration build-tag"),
        ("cart_test.go", "//go:build linux && e2e\n\npackage cart\n", "e2e build-tag"),
        ("cart_test.go", "//go:build !integration\n\npackage cart\n", "unit default"),
        ("cart_test.go", "package cart\n\n//go:build integration\n", "unit default"),
        ("test_a.py", "pytestmark = pytest.mark.integration\n", "integration marker"),
        ("test_a.py", "@pytest.mark.django_db\ndef test_a(): pass\n", "integration marker"),
        ("test_a.py", "\ndef test_b(): pass\n" * 9 + "@pytest.mark.integration\ndef test_a(): pass\n", "unit default"),
        ("ATest.java", "@SpringBootTest\nclass ATest {}\n", "integration annotation"),
        ("ATest.java", '@Tag("integration")\nclass ATest {}\n', "integration annotation"),
        ("ATest.java", "@Category(IntegrationTests.class)\nclass ATest {}\n", "integration annotation"),
        ("ATest.java", "@Test(expected = X.class)\nvoid a() {}\n", "unit default"),
        ("a.spec.ts", "import { test } from '@playwright/test'\n", "e2e framework"),
        ("test_a.py", "from selenium import webdriver\n", "e2e framework"),
        ("test_a.py", "from psycopg.rows import dict_row\n", "integration client"),
        ("test_a.py", "import redis\n@mock.patch('redis.Redis')\ndef test_a(): pass\n", "unit default"),
        ("test_a.py", "import redis\nimport fakeredis\n", "unit default"),
        ("test_a.py", "from redistribute import x\n", "unit default"),
        ("a.test.js", "const request = require('supertest')\n", "integration client"),
        ("a.test.js", "import pg from './pg'\n", "unit default"),
        ("a_test.go", 'package a\nimport "github.com/jackc/pgx/v5"\n', "integration client"),
        ("a_test.go", 'package a\nimport "go.mongodb.org/mongo-driver/v2/bson"\n', "unit default"),
        ("ATest.java", "import org.testcontainers.containers.GenericContainer;\n", "integration client"),
        ("a_test.go", "package a\nfunc TestA(t *testing.T) { s := httptest.NewServer(h) }\n", "integration server"),
        ("a_test.go", "package a\n" + "func TestA() {}\n" * 20 + "func TestB() { httptest.NewServer(h) }\n", "unit default"),
        ("a_test.go", "package a\nfunc TestA(t *testing.T) { w := httptest.NewRecorder() }\n", "unit default"),
        ("test_a.py", "client = TestClient(app)\n", "integration server"),
        ("test_a.py", "def test_a(live_server): pass\n", "integration server"),
        ("test_a.py", "from tests.mockserver.http import MockServer\n", "integration server"),
        ("test_a.rb", "class ATest < ActionDispatch::IntegrationTest\n", "integration framework"),
        ("tests/unit/test_a.py", "import psycopg\n", "unit folder"),
    ],
)
def test_texts_tell_the_kind(path: str, text: str, kind: str) -> None:
    assert told(path, text) == kind


def test_what_the_repository_says_comes_first() -> None:
    overrides = Overrides(unit=(Glob("tests/integration/**"),))
    assert told("tests/integration/test_cart.py", overrides=overrides) == "unit configured"


def test_a_module_of_the_repository_is_no_client() -> None:
    assert told("test_a.py", "import redis\n", own=("redis",)) == "unit default"


def test_many_of_its_own_packages_make_an_integration_test() -> None:
    packages = tuple(f"shop/{name}" for name in "abcdefgh")
    assert told("test_a.py", own=packages) == "integration packages"
    assert told("test_a.py", own=packages[1:]) == "unit default"


def test_the_names_say_what_the_rule_saw() -> None:
    test = kind_of("test_a.py", "python", b"import psycopg.rows\n")
    assert test.kind_names == ("psycopg.rows",)


@given(st.text(max_size=60), st.binary(max_size=200), st.sampled_from(["python", "go", "java", "typescript", "ruby", None]))
def test_nothing_raises_on_strange_paths_and_texts(path: str, text: bytes, language: str | None) -> None:
    kind_of(path, language, text)
