"""Which calls of changed code are edges to another side, and which lines of that side are called."""

import pytest

from app.analysis.edges import Edge, edges_of, lines_called
from app.analysis.modules import ModuleIndex
from app.domain.change import FileChange, Hunk, Role, Span, Status, Symbol
from app.domain.seam import SeamKind

PATH = "shop/cart.py"
FILES = ["shop/__init__.py", PATH, "shop/money.py", "shop/utils.py", "pay/__init__.py", "pay/client.py", "pay/errors.py"]


def far(source: str, changed: int = 4) -> list[str]:
    """The far sides of `shop/cart.py` with one function from line 3 on, of which one line changed."""
    function = Symbol("f", "f", "function", Span(3, source.count("\n")))
    hunk = Hunk(Span(changed, changed), Span(changed, changed), changed - 1)
    file = FileChange(PATH, PATH, Status.MODIFIED, Role.CODE, "python", (hunk,), (function,))
    return [edge.far for edge in edges_of(file, source.encode(), ModuleIndex.build(FILES))]


def test_another_package_comes_before_a_module_beside() -> None:
    assert far("from pay import client\nfrom shop import money\ndef f():\n    money.add()\n    client.pay()\n", 3) == [
        "pay/client.py",
        "shop/money.py",
    ]


def test_what_the_changed_line_calls_comes_first() -> None:
    assert far("from pay import client\nimport requests\ndef f():\n    client.pay()\n    requests.get('/')\n") == [
        "pay/client.py",
        "requests",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "from shop.utils import rounded\n\ndef f():\n    rounded()\n",
        "from pay.errors import failed\n\ndef f():\n    failed()\n",
        "from pay.client import PayError\n\ndef f():\n    raise PayError()\n",
        "from pay.client import Receipt\n\ndef f():\n    return Receipt(1)\n",
        "import json\n\ndef f():\n    json.loads('1')\n",
        "from requests.utils import quote\n\ndef f():\n    quote('/')\n",
    ],
)
def test_helpers_errors_values_and_what_stays_in_the_process_are_no_side(source: str) -> None:
    assert far(source) == []


def test_a_call_far_from_the_change_in_a_long_function_is_another_concern() -> None:
    assert far("from pay import client\n\ndef f():\n    a = 1\n" + "    b = 2\n" * 30 + "    client.pay()\n") == []


@pytest.mark.parametrize(
    ("names", "called"), [((("Client",),), [Span(2, 3)]), ((("Client", "pay"),), [Span(5, 6)]), ((("other",),), [])]
)
def test_the_called_method_or_constructor_is_the_far_side(names: tuple[tuple[str, ...], ...], called: list[Span]) -> None:
    source = b"class Client:\n    def __init__(self):\n        self.a = 1\n\n    def pay(self):\n        return 1\n"
    edge = Edge(PATH, "pay/client.py", SeamKind.MODULE, ("pay/client.py",), names, (4,))
    assert lines_called(edge, {"pay/client.py": source}) == ("pay/client.py", tuple(called))
