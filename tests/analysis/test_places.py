"""What an issue's text names, in the trace formats of nine languages, and which files of a repository that means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.places import Places, find_places
from app.analysis.traces import Named, Written, read_named
from app.domain.change import Span

FRAMES = [
    ('  File "/app/shop/cart.py", line 42, in total', ("/app/shop/cart.py", 42, "total")),
    ("shop/cart.py:42: in total", ("shop/cart.py", 42, "total")),
    ("    at Cart.total (/app/src/cart.js:42:5)", ("/app/src/cart.js", 42, "Cart.total")),
    ("    at async Object.total (file:///app/src/cart.mjs:42:5)", ("/app/src/cart.mjs", 42, "total")),
    ("    at /app/src/cart.ts:42:5", ("/app/src/cart.ts", 42, None)),
    ("    at total (webpack:///./src/cart.ts?a1:42:5)", ("/src/cart.ts", 42, "total")),
    ("total@http://localhost:3000/src/cart.js:42:5", ("/src/cart.js", 42, "total")),
    ("\tat org.shop.Cart.total(Cart.java:42)", ("org/shop/Cart.java", 42, "Cart.total")),
    ("\tat org.shop.Cart$Line.total(Cart.java:42)", ("org/shop/Cart.java", 42, "Cart.Line.total")),
    ("\tat app//org.shop.CartKt.total(Cart.kt:42)", ("org/shop/Cart.kt", 42, "CartKt.total")),
    ("\tat java.base/java.util.List.of(Native Method)", None),
    ("app/models/cart.rb:42:in `total'", ("app/models/cart.rb", 42, "total")),
    ("from app/models/cart.rb:42:in 'Cart#total'", ("app/models/cart.rb", 42, "Cart.total")),
    ("   at Shop.Cart.Total(Int32 n) in C:\\src\\Shop\\Cart.cs:line 42", ("/src/Shop/Cart.cs", 42, "Shop.Cart.Total")),
    ("#0 /var/www/src/Cart.php(42): Shop\\Cart->total()", ("/var/www/src/Cart.php", 42, "Shop.Cart.total")),
    (
        "github.com/x/shop/cart.(*Cart).Total(0xc000)\n\t/home/u/shop/cart/cart.go:42 +0x1d",
        ("/home/u/shop/cart/cart.go", 42, "Cart.Total"),
    ),
    ("  4: shop::cart::total\n             at ./src/cart.rs:42:5", ("src/cart.rs", 42, "shop.cart.total")),
    ("thread 'main' panicked at src/cart.rs:42:5:", ("src/cart.rs", 42, None)),
]


@pytest.mark.parametrize(("text", "frame"), FRAMES)
def test_frames_are_read(text: str, frame: tuple[str, int, str | None] | None) -> None:
    found = [(w.path, w.line, w.function) for w in read_named(text).places]
    assert found == ([frame] if frame else [])


def test_paths_and_names_are_read_from_prose() -> None:
    text = "In shop/cart.py:42 (see `apply_discount()` and `Cart#total`), not in example.com; shop.money.Rate.of fails."
    named = read_named(text)
    assert Written("shop/cart.py", 42) in named.places
    assert {"apply_discount", "Cart.total", "shop.money.Rate.of"} <= set(named.names)


@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    named = read_named(text)
    places = find_places(named, ["shop/cart.py", "a.py"])
    assert {place.path for place in places.found} <= {"shop/cart.py", "a.py"}


PATHS = [
    "shop/cart.py",
    "shop/money/cart.py",
    "shop/__init__.py",
    "src/lib/core.py",
    "decoder.py",
    "web/src/cart.ts",
    "src/main/java/org/shop/StringTools.java",
    "tests/test_cart.py",
    "internal/cart/cart.go",
]


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("shop/cart.py", "shop/cart.py"),
        ("/app/shop/cart.py", "shop/cart.py"),
        ("/usr/lib/python3.11/site-packages/shop/money/cart.py", "shop/money/cart.py"),
        ("/venv/lib/python3.11/site-packages/lib/core.py", "src/lib/core.py"),
        ("org/shop/StringTools.java", "src/main/java/org/shop/StringTools.java"),
        ("core.py", "src/lib/core.py"),
        ("/home/u/go/x/internal/cart/cart.go", "internal/cart/cart.go"),
        ("decoder.py", "decoder.py"),
    ],
)
def test_the_longest_ending_wins(written: str, path: str) -> None:
    places = find_places(Named((Written(written, 3),)), PATHS)
    assert [(p.path, p.lines) for p in places.found] == [(path, (Span(3, 3),))]


@pytest.mark.parametrize(
    "written",
    [
        "/usr/lib/python3.11/json/decoder.py",
        "/app/node_modules/x/src/cart.ts",
        "__init__.py",
        "/site-packages/requests/__init__.py",
        "other/cart.go",
        "../../etc/passwd",
        "node:internal/cart.ts",
    ],
)
def test_files_from_elsewhere_mean_nothing(written: str) -> None:
    assert find_places(Named((Written(written),)), PATHS) == Places()


def test_what_could_mean_two_files_means_none_and_is_said() -> None:
    assert find_places(Named((Written("cart.py"),)), PATHS) == Places(ambiguous=("cart.py",))


def test_names_of_code_lead_to_their_files() -> None:
    places = find_places(
        Named(names=("shop.cart.Cart.total", "StringTools.isBlank", "StringTools", "os.path.join", "total")), PATHS
    )
    assert [(p.path, p.functions) for p in places.found] == [
        ("shop/cart.py", ("Cart.total",)),
        ("src/main/java/org/shop/StringTools.java", ("StringTools.isBlank", "StringTools")),
    ]


def test_tests_in_a_trace_are_evidence_and_no_code() -> None:
    text = 'File "tests/test_cart.py", line 7, in test_total\nFile "shop/cart.py", line 42, in total'
    places = find_places(read_named(text), PATHS)
    assert [p.path for p in places.code] == ["shop/cart.py"]
