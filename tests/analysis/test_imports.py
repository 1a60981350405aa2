"""Which files an import means in each language, and which tests reach a change by their imports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.imports import ImportGraph, changed_file, line_of
from app.analysis.languages import Import, imports, language_of, symbols
from app.analysis.modules import ModuleIndex, manifests_needed

PATHS = [
    "shop/__init__.py",
    "shop/cart.py",
    "shop/money/__init__.py",
    "shop/money/rate.py",
    "src/lib/__init__.py",
    "src/lib/core.py",
    "tests/helpers/build.py",
    "tests/unit/test_cart.py",
    "tests/logging/test_log.py",
    "tests/logging/handlers.py",
    "tests/unit/conftest.py",
    "go.mod",
    "cart/cart.go",
    "cart/cart_test.go",
    "cart/money/rate.go",
    "tools/go.mod",
    "tools/gen/gen.go",
    "src/main/java/org/shop/Cart.java",
    "src/main/java/org/shop/money/Rate.java",
    "src/test/java/org/shop/CartTest.java",
    "package.json",
    "packages/money/package.json",
    "packages/money/src/index.ts",
    "packages/money/src/rate.ts",
    "packages/money/index.js",
    "web/src/cart.ts",
    "web/src/items/index.ts",
    "web/src/App.vue",
    "web/tsconfig.json",
    "web/tests/cart.spec.ts",
    "node_modules/x/package.json",
]
MANIFESTS = {
    "go.mod": "// the shop\nmodule example.com/shop/v2\n\ngo 1.22\n",
    "tools/go.mod": 'module "example.com/shop/v2/tools"\n',
    "package.json": "{",
    "packages/money/package.json": '{"name": "@shop/money", "main": "index.js"}',
    "web/tsconfig.json": '{ // paths\n"compilerOptions": {"baseUrl": ".", "paths": {"~/*": ["src/*"],"@w/*": ["src/*/index"],}}}',
}
INDEX = ModuleIndex.build(PATHS, MANIFESTS)


@pytest.mark.parametrize(
    ("path", "imported", "files"),
    [
        ("tests/unit/test_cart.py", Import("shop.cart", ("Cart",)), "shop/cart.py"),
        ("tests/unit/test_cart.py", Import("shop", ("cart", "money")), "shop/cart.py shop/money/__init__.py"),
        ("tests/unit/test_cart.py", Import("shop", ("cart", "Cart")), "shop/__init__.py shop/cart.py"),
        ("tests/unit/test_cart.py", Import("shop.money.rate"), "shop/money/rate.py"),
        ("tests/unit/test_cart.py", Import("lib.core"), "src/lib/core.py"),
        ("tests/unit/test_cart.py", Import("helpers", ("build",)), "tests/helpers/build.py"),
        ("tests/logging/test_log.py", Import("logging", ("handlers",)), ""),
        ("tests/unit/test_cart.py", Import("os.path"), ""),
        ("shop/money/rate.py", Import("..cart", ("Cart",)), "shop/cart.py"),
        ("shop/money/rate.py", Import(".", ("rate",)), "shop/money/rate.py"),
        ("shop/cart.py", Import(".....x"), ""),
        ("cart/cart_test.go", Import("example.com/shop/v2/cart/money"), "cart/money/rate.go"),
        ("cart/cart_test.go", Import("example.com/shop/v2/tools/gen"), "tools/gen/gen.go"),
        ("cart/cart_test.go", Import("example.com/other/cart"), ""),
        ("src/test/java/org/shop/CartTest.java", Import("org.shop.Cart", ("Cart",)), "src/main/java/org/shop/Cart.java"),
        ("src/test/java/org/shop/CartTest.java", Import("org.shop.Cart.Line", ("Line",)), "src/main/java/org/shop/Cart.java"),
        ("src/test/java/org/shop/CartTest.java", Import("org.shop.money", ("*",)), "src/main/java/org/shop/money/Rate.java"),
        ("src/test/java/org/shop/CartTest.java", Import("com.other.Cart", ("Cart",)), ""),
        ("web/tests/cart.spec.ts", Import("../src/cart"), "web/src/cart.ts"),
        ("web/tests/cart.spec.ts", Import("../src/cart.js"), "web/src/cart.ts"),
        ("web/tests/cart.spec.ts", Import("../src/items"), "web/src/items/index.ts"),
        ("web/tests/cart.spec.ts", Import("../src/App.vue?raw"), "web/src/App.vue"),
        ("web/tests/cart.spec.ts", Import("~/cart"), "web/src/cart.ts"),
        ("web/tests/cart.spec.ts", Import("@/cart"), "web/src/cart.ts"),
        ("web/tests/cart.spec.ts", Import("@w/items"), "web/src/items/index.ts"),
        ("web/tests/cart.spec.ts", Import("src/cart"), "web/src/cart.ts"),
        ("web/tests/cart.spec.ts", Import("@shop/money"), "packages/money/src/index.ts"),
        ("web/tests/cart.spec.ts", Import("@shop/money/rate"), "packages/money/src/rate.ts"),
        ("web/tests/cart.spec.ts", Import("vue"), ""),
        ("web/tests/cart.spec.ts", Import("../../../../etc/passwd"), ""),
        ("README.md", Import("shop"), ""),
    ],
)
def test_an_import_means_these_files(path: str, imported: Import, files: str) -> None:
    assert INDEX.resolve(path, imported) == tuple(files.split())


def test_manifests_of_dependencies_are_not_needed() -> None:
    assert manifests_needed(PATHS) == tuple(sorted(MANIFESTS, key=lambda p: (p.count("/"), p)))


@given(st.lists(st.text(max_size=20), max_size=5), st.text(max_size=20), st.text(max_size=20))
def test_nothing_raises_on_strange_paths_manifests_and_imports(paths: list[str], text: str, target: str) -> None:
    names = ("go.mod", "package.json", "tsconfig.json")
    index = ModuleIndex.build([*paths, *names], dict.fromkeys(names, text))
    for path in ("a.py", "b/a.ts", "a.go", "A.java"):
        index.resolve(path, Import(target, (text,)))
        index.resolve(path, Import("." + target))


Told = tuple[str, tuple[str, ...], int | None]


def reached(files: dict[str, str], changed: str) -> dict[str, Told]:
    """The evidence in a small tree: files named like tests are its tests, everything else may be read when wanted."""
    index = ModuleIndex.build(files, files)
    tests = {path: imports(language_of(path), text.encode()) for path, text in files.items() if "test" in path.lower()}
    between: dict[str, tuple[Import, ...]] = {}
    graph = ImportGraph(index, tests, between)
    source = files[changed].encode()
    change = changed_file(changed, symbols(language_of(changed), source), source)
    while missing := graph.wanted():
        between.update({path: imports(language_of(path), files[path].encode()) for path in missing})
    found = graph.evidence(change, {path: files[path].encode() for path in tests})
    return {path: (e.reason, e.names, e.line) for path, e in found.items()}


SHOP = {
    "shop/__init__.py": "from .cart import Cart\nfrom . import money\n",
    "shop/cart.py": "from shop.money import rate\nclass Cart:\n    def total(self): 1\n    def add(self): 1\ndef tax(): 1\n",
    "shop/money.py": "def rate(): pass\n",
    "shop/checkout.py": "from shop.cart import Cart\n",
}


def test_a_direct_import() -> None:
    files = SHOP | {"test_a.py": "import os\nfrom shop.cart import Cart, tax\n"}
    assert reached(files, "shop/cart.py") == {"test_a.py": ("imports", ("shop.cart", "Cart", "tax"), 2)}


def test_a_name_taken_through_a_package() -> None:
    found = reached(SHOP | {"test_a.py": "from shop import Cart\n"}, "shop/cart.py")
    assert found == {"test_a.py": ("imports-reexport", ("shop", "Cart"), 1)}


def test_another_name_of_the_same_package_is_no_evidence() -> None:
    assert reached(SHOP | {"test_a.py": "from shop import money\n"}, "shop/cart.py") == {}


def test_a_package_bound_as_a_whole_counts_where_the_name_is_used() -> None:
    files = SHOP | {"test_a.py": "import shop\n\nshop.Cart()\n", "test_b.py": "import shop\nshop.money\n"}
    assert reached(files, "shop/cart.py") == {"test_a.py": ("imports-reexport", ("shop", "Cart"), 3)}


def test_a_method_is_not_taken_through_a_package_by_its_name() -> None:
    files = SHOP | {"shop/__init__.py": "from .cart import *\n", "test_a.py": "import shop\n\nbasket.total()\n"}
    assert reached(files, "shop/cart.py") == {}


def test_a_name_that_another_file_hands_on_is_not_taken_from_this_one() -> None:
    barrel = "from .cart import *\nfrom .money import *\n"
    files = SHOP | {"shop/__init__.py": barrel, "test_a.py": "from shop import rate\n"}
    assert reached(files, "shop/cart.py") == {}
    assert reached(files, "shop/money.py") == {"test_a.py": ("imports-reexport", ("shop", "rate"), 1)}


@pytest.mark.parametrize(
    "line", ["export const RATE = 1", "export type RATE = number", "export interface RATE {}", "let RATE = 1"]
)
def test_a_value_or_a_type_is_handed_on_as_well(line: str) -> None:
    files = {
        "web/index.ts": "export * from './rate'\n",
        "web/rate.ts": f"{line}\n",
        "a.test.ts": "import { RATE } from './web'\n",
    }
    assert reached(files, "web/rate.ts") == {"a.test.ts": ("imports-reexport", ("./web", "RATE"), 1)}


def test_one_hop_and_never_two() -> None:
    files = SHOP | {"test_a.py": "import shop.checkout\n"}
    assert reached(files, "shop/cart.py") == {"test_a.py": ("imports-hop", ("shop/checkout.py", "shop/cart.py"), 1)}
    assert reached(files, "shop/money.py") == {}


def test_a_barrel_of_barrels() -> None:
    files = {
        "web/index.ts": "export * from './cart'\n",
        "web/cart/index.ts": "export { total as sum } from './total'\n",
        "web/cart/total.ts": "import { rate } from '../rate'\nexport function total() {}\n",
        "web/rate.ts": "export const rate = () => 1\n",
        "web/cart.test.ts": "import { sum } from '.'\n",
    }
    assert reached(files, "web/cart/total.ts") == {"web/cart.test.ts": ("imports-reexport", (".", "sum"), 1)}
    assert reached(files, "web/rate.ts") == {"web/cart.test.ts": ("imports-hop", ("web/cart/total.ts", "web/rate.ts"), 1)}


def test_barrels_that_hand_on_each_other_come_to_an_end() -> None:
    files = {
        "a/index.ts": "export * from '../b'\n",
        "b/index.ts": "export * from '../a'\nexport * from './cart'\n",
        "b/cart.ts": "export const sum = 1\n",
        "cart.test.ts": "import { sum } from './a'\n",
    }
    assert reached(files, "b/cart.ts") == {"cart.test.ts": ("imports-reexport", ("./a", "sum"), 1)}


def test_a_go_test_reaches_its_own_package_where_it_names_something_of_the_file() -> None:
    files = {
        "cart/cart.go": "package cart\nfunc Total() {}\n",
        "cart/cart_test.go": "package cart\n\nfunc TestTotal(t *testing.T) { Total() }\n",
        "cart/other_test.go": "package cart\nfunc TestOther(t *testing.T) { Totals() }\n",
    }
    assert reached(files, "cart/cart.go") == {"cart/cart_test.go": ("same-package", ("Total",), 3)}


def test_a_java_test_reaches_its_own_package_where_it_names_the_class() -> None:
    files = {
        "src/main/java/org/shop/Cart.java": "package org.shop;\nclass Cart { Cart() {} }\n",
        "src/test/java/org/shop/CartTest.java": "package org.shop;\nclass CartTest { Cart cart; }\n",
        "src/test/java/org/shop/RateTest.java": "package org.shop;\nclass RateTest { }\n",
    }
    found = reached(files, "src/main/java/org/shop/Cart.java")
    assert found == {"src/test/java/org/shop/CartTest.java": ("same-package", ("Cart",), 2)}


@pytest.mark.parametrize(("text", "line"), [(b"a\nrate", 2), (b"rates\nmy_rate", None), (b"rates rate", 1), (b"", None)])
def test_names_are_sought_as_whole_words(text: bytes, line: int | None) -> None:
    assert line_of(text, b"rate") == line
