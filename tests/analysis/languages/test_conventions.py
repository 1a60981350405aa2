"""Which files are tests, test support or neither, and what they are about, in the conventions of each ecosystem."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.languages import is_test, is_test_input, is_test_support, language_of, stem

TESTS = """
tests/test_cart.py cart
shop/cart_test.py cart
shop/tests.py shop
shop/tests/test_models.py models
tests/tests.py tests
tests/test_cmdline/__init__.py cmdline
testing/acceptance_test.py acceptance
test/test_YoutubeDL.py YoutubeDL
web/cart.test.ts cart
web/cart.spec.js cart
web/__tests__/cart.tsx cart
web/__tests__/cart.spec.tsx cart
web/cart.integration.test.ts cart
test/user/emails.js emails
test/socket.io.js socket.io
cypress/e2e/login.cy.ts login
dts-test/h.test-d.ts h
shop/cart_test.go cart
build/testing/integration/readonly/readonly_test.go readonly
src/test/java/org/shop/CartTest.java Cart
src/test/java/org/shop/CartTests.java Cart
src/test/org/shop/TestCart.java Cart
src/it/java/org/shop/CartIT.java Cart
src/test/java/org/shop/Lang1703Test.java Lang1703
src/test/kotlin/CartSpec.kt Cart
spec/models/cart_spec.rb cart
test/models/cart_test.rb cart
test/test_cart.rb cart
test/spec_cart.rb cart
tests/Unit/CartTest.php Cart
Shop.Tests/CartTests.cs Cart
tests/cart.rs cart
src/cart_test.rs cart
test/cart_unittest.cc cart
tests/test_cart.c cart
tests/cart.cpp cart
test/shop/cart_test.exs cart
tests/end2end/features/hints.feature hints
t/0001-init.t init
"""
SUPPORT = """
test/test_helper.rb
spec/spec_helper.rb
tests/conftest.py
conftest.py
tests/__init__.py
tests/utils.py
tests/fixtures/test_sample.py
testing/example_scripts/test_sample.py
test/helpers/index.js
test/mocks/databasemock.js
packages/vue/__tests__/e2e/e2eUtils.ts
cypress/support/commands.ts
modules/encode/export_test.go
modules/encode/testdata/main.go
internal/storage/testing/testing.go
src/test/java/org/shop/AbstractCartTest.java
src/test/java/org/shop/Fixtures.java
src/test/resources/cart.json
spec/spec_helper.rb
tests/common/mod.rs
"""
NEITHER = """
shop/cart.py
scrapy/utils/test.py
xarray/testing/assertions.py
thefuck/specific/git.py
fastapi/testclient.py
src/contest.ts
src/latest.js
src/features/cart.ts
docs/it/index.js
vitest.config.ts
shop/latest.go
caddytest/caddytest.go
src/main/java/org/shop/CartTest.java
src/main/java/org/shop/Contest.java
src/main/kotlin/test/Server.kt
lib/inspec.rb
README.md
Makefile
"""


@pytest.mark.parametrize("line", TESTS.split("\n")[1:-1])
def test_tests_are_recognised_with_their_subject(line: str) -> None:
    path, subject = line.split()
    assert is_test(path)
    assert not is_test_support(path)
    assert stem(path) == subject


@pytest.mark.parametrize("path", SUPPORT.split())
def test_support_is_no_candidate(path: str) -> None:
    assert not is_test(path)
    assert is_test_support(path)


@pytest.mark.parametrize("path", NEITHER.split())
def test_production_code_is_neither(path: str) -> None:
    assert not is_test(path)
    assert not is_test_support(path)


@pytest.mark.parametrize(
    ("path", "subject"),
    [("shop/cart.py", "cart"), ("shop/__init__.py", "shop"), ("web/cart/index.ts", "cart"), ("web/vue.d.ts", "vue"), ("x", "x")],
)
def test_a_source_file_is_about_its_name_or_folder(path: str, subject: str) -> None:
    assert stem(path) == subject


@pytest.mark.parametrize(
    ("path", "language"),
    [("a/b.PY", "python"), ("a.tsx", "typescript"), ("A.vue", "vue"), ("a.h", "c"), (".py", None), ("Makefile", None)],
)
def test_the_extension_tells_the_language(path: str, language: str | None) -> None:
    assert language_of(path) == language


@given(st.text(alphabet="ab/._-TestspecIT\n\0é", max_size=40))
def test_any_path_has_at_most_one_of_the_two_roles(path: str) -> None:
    assert not (is_test(path) and is_test_support(path))
    stem(path)


def test_what_tests_only_read_is_their_input() -> None:
    assert is_test_input("testing/example_scripts/fixtures/test_lookup.py")
    assert not is_test_input("testing/python/fixtures.py")
