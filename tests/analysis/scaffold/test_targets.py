from app.analysis.scaffold.signatures import Surroundings
from app.analysis.scaffold.targets import targets
from app.domain.change import FileChange, Hunk, Role, Span, Status, Symbol
from app.domain.scaffold import Parameter, Target

CART = b"""class Cart:
    def __init__(self, shop, *, limit=3):
        self.items = []

    async def total(self, tax, *rest, rounded=True, **more):
        def inner(n):
            return n * tax
        return sum(map(inner, self.items))

    @staticmethod
    def empty():
        return Cart(None)


def _clean(items: list[str] | None = None):
    return items or []
"""
TREE = ("src/shop/__init__.py", "src/shop/cart.py", "tests/test_cart.py")


def change(*lines: int, path: str = "src/shop/cart.py", language: str = "python") -> FileChange:
    hunks = tuple(Hunk(Span(line, line), Span(line, line), line - 1, ("a",), ("b",)) for line in lines)
    return FileChange(path, path, Status.MODIFIED, Role.CODE, language, hunks)


def found(*files: FileChange, now: bytes = CART, test: str = "tests/test_cart.py") -> tuple[Target, ...]:
    texts = {file.path: now for file in files}
    return targets(files, texts, {file.path: CART for file in files}, Surroundings(test, TREE, lambda _: None))


def test_a_method_comes_with_its_parameters_and_what_its_object_is_made_with():
    (total,) = found(change(8))

    assert (total.module, total.owner, total.name) == ("shop.cart", "Cart", "total")
    assert total.is_async
    assert [(p.name, p.kind, p.default) for p in total.parameters] == [
        ("tax", "positional", None),
        ("rest", "rest", None),
        ("rounded", "keyword", "True"),
        ("more", "keywords", None),
    ]
    assert total.owner_parameters == (Parameter("shop"), Parameter("limit", default="3", kind="keyword"))


def test_what_is_private_to_a_function_stands_for_that_function():
    assert [target.qualified for target in found(change(7))] == ["Cart.total"]


def test_a_static_method_takes_no_self_away():
    (empty,) = found(change(12))

    assert (empty.is_static, empty.parameters) == (True, ())


def test_private_names_come_last():
    assert [target.name for target in found(change(12, 16))] == ["empty", "_clean"]


def test_what_a_later_commit_removed_is_left_out():
    assert found(change(16), now=b"def other():\n    pass\n") == ()


def test_what_only_the_fix_brought_is_found_where_it_stands_now():
    file = FileChange(
        "src/shop/cart.py",
        "src/shop/cart.py",
        Status.MODIFIED,
        Role.CODE,
        "python",
        (Hunk(None, Span(19, 20), 18, (), ("def new(a):", "    return a")),),
        new_symbols=(Symbol("new", "new", "function", Span(19, 20)),),
    )

    assert "new" in [target.name for target in found(file, now=CART + b"\n\ndef new(a):\n    return a\n")]


def test_code_of_another_language_is_no_target():
    assert found(change(8, path="web/cart.js", language="javascript")) == ()
