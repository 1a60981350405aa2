"""`recall scaffold` on a real repository: as text, as a patch, for machines, and written into the work tree."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app import cli
from tests.build import WorkingCopy, working_copy

Told = tuple[int, str, str]
CART = """def total(items):
    return sum(items[1:])


class Cart:
    def __init__(self, shop):
        self.items = []

    def add(self, item, count=1):
        self.items.append(item * count)
"""
TESTS = """import pytest

from shop.cart import Cart, total


@pytest.fixture
def shop():
    return object()


@pytest.mark.parametrize(("items", "expected"), [([0, 1], 1), ([0], 0)])
def test_total(items, expected):
    assert total(items) == expected


def test_add(shop):
    cart = Cart(shop)
    cart.add("apple")
    assert cart.items == ["apple"]
"""
ISSUE = """Total forgets the first item

### Steps to reproduce

Put one thing in the cart and ask for its total.

```python
>>> from shop.cart import total
>>> total([3, 4])
4
```

### Expected behavior

7
"""


@pytest.fixture
def shop(tmp_path: Path) -> WorkingCopy:
    copy = working_copy(tmp_path / "shop")
    copy.commit("Sell", {"shop/__init__.py": "", "shop/cart.py": CART, "tests/test_cart.py": TESTS})
    return copy


@pytest.fixture
def fixed(shop: WorkingCopy) -> str:
    return shop.commit("Count the first item too (#12)", {"shop/cart.py": CART.replace("items[1:]", "items")})


@pytest.fixture
def scaffold(shop: WorkingCopy, capsys: pytest.CaptureFixture[str]) -> Callable[..., Told]:
    def call(*arguments: str) -> Told:
        code = cli.run(["scaffold", *arguments, "--repo", str(shop.path)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def issue(tmp_path: Path) -> str:
    file = tmp_path / "issue.md"
    file.write_text(ISSUE)
    return str(file)


def test_without_an_issue_it_calls_what_was_changed_as_the_neighbours_do(scaffold: Callable[..., Told], fixed: str) -> None:
    assert (
        scaffold(fixed)[1]
        == '''def test_count_first_item_too():
    """Count the first item too"""
    # As test_total calls it; put in what the issue is about.
    items = [0, 1]
    result = total(items)
    pytest.fail("Unfinished: assert what the issue expects")
'''
    )


def test_a_reproduction_with_what_was_expected_becomes_an_assertion(
    scaffold: Callable[..., Told], fixed: str, issue: str
) -> None:
    told = scaffold(fixed, "--issue", issue, "--number", "12", "--url", "https://github.com/octo/shop/issues/12")[1]

    assert (
        told
        == '''def test_issue_12_total_forgets_first_item():
    """#12: Total forgets the first item

    https://github.com/octo/shop/issues/12
    """
    # When: Put one thing in the cart and ask for its total.
    result = total([3, 4])
    # Expected: 7
    assert result == 7
'''
    )


def test_the_patch_applies_and_adds_nothing_but_the_test(scaffold: Callable[..., Told], shop: WorkingCopy, fixed: str) -> None:
    patch = scaffold(fixed, "--diff")[1]

    shop.git("apply", "-", stdin=patch.encode())
    assert shop.git("diff", "--numstat").split("\t")[1:] == ["0", "tests/test_cart.py"]


def test_written_into_the_work_tree_it_says_where(scaffold: Callable[..., Told], shop: WorkingCopy, fixed: str) -> None:
    assert scaffold(fixed, "--write")[:2] == (
        0,
        "Wrote tests/test_cart.py::test_count_first_item_too.\n",
    )
    assert "def test_count_first_item_too" in (shop.path / "tests/test_cart.py").read_text()


def test_what_somebody_is_working_on_is_not_overwritten(scaffold: Callable[..., Told], shop: WorkingCopy, fixed: str) -> None:
    shop.write({"tests/test_cart.py": TESTS + "\n# mine\n"})

    code, _, said = scaffold(fixed, "--write")

    assert code == 2
    assert "tests/test_cart.py differs from the commit" in said
    assert (shop.path / "tests/test_cart.py").read_text().endswith("# mine\n")


def test_machines_get_the_whole_file_and_what_is_left_to_do(scaffold: Callable[..., Told], fixed: str, issue: str) -> None:
    made = json.loads(scaffold(fixed, "--json")[1])

    assert (made["test"], made["new"]) == ("tests/test_cart.py::test_count_first_item_too", False)
    assert (made["framework"], made["todo"]) == ("pytest", ["fill-arguments", "assert-expected"])
    assert made["text"].startswith("import pytest\n")
    assert json.loads(scaffold(fixed, "--json", "--issue", issue)[1])["asserts"] is True


def test_a_template_of_the_repository_is_filled_instead(scaffold: Callable[..., Told], shop: WorkingCopy, fixed: str) -> None:
    shop.commit("Our way", {".github/recall/pytest": "def $name($parameters):\n    # Escaped: $title\n    $when\n    $finish\n"})

    assert scaffold(fixed)[1].splitlines()[1] == "    # Escaped: Count the first item too"


def test_a_template_with_a_placeholder_that_nobody_knows_is_named_and_left_alone(
    scaffold: Callable[..., Told], shop: WorkingCopy, fixed: str
) -> None:
    shop.commit("Our way", {".github/recall/pytest": "def $name():\n    $who\n"})

    _, told, said = scaffold(fixed)

    assert '"""Count the first item too' in told
    assert ".github/recall/pytest has a placeholder that recall does not know ($who)" in said


def test_a_fix_without_code_is_told(scaffold: Callable[..., Told], shop: WorkingCopy) -> None:
    sha = shop.commit("Say more", {"README.md": "# Shop\n"})

    code, _, said = scaffold(sha)

    assert code == 2
    assert "changed no code" in said


def test_what_is_left_to_do_is_told_beside_the_test(scaffold: Callable[..., Told], fixed: str) -> None:
    said = scaffold(fixed)[2].splitlines()

    assert said[1] == "tests/test_cart.py::test_count_first_item_too, in the file as it is"
    assert said[2].startswith("- Put the issue's own values")


def test_the_runner_is_asked_whether_it_collects_the_test(scaffold: Callable[..., Told], fixed: str) -> None:
    code, _, said = scaffold(fixed, "--diff", "--check")

    assert code == 0
    assert "tests/test_cart.py: collected by" in said


def test_a_test_that_the_runner_does_not_collect_ends_in_a_code_of_its_own(
    scaffold: Callable[..., Told], shop: WorkingCopy, fixed: str
) -> None:
    shop.commit("Break", {"tests/conftest.py": "raise RuntimeError('no')\n"})

    code, _, said = scaffold(fixed, "--diff", "--check")

    assert code == 1
    assert "not collected by" in said


def test_a_bare_repository_has_nowhere_to_write_to(shop: WorkingCopy, fixed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["scaffold", fixed, "--repo", str(shop.path / ".git"), "--write"]) == 2
    assert "has no work tree to write into" in capsys.readouterr().err


def test_written_from_a_folder_of_the_repository_it_stands_where_it_says(shop: WorkingCopy, fixed: str) -> None:
    assert cli.run(["scaffold", fixed, "--repo", str(shop.path / "shop"), "--write"]) == 0
    assert "test_count_first_item_too" in (shop.path / "tests/test_cart.py").read_text()


@pytest.mark.parametrize(("text", "says"), [(b" \n", "it is empty"), (b"PK\x03\0", "it is not a text file")])
def test_an_issue_without_text_is_told(scaffold: Callable[..., Told], fixed: str, tmp_path: Path, text: bytes, says: str) -> None:
    (tmp_path / "issue.md").write_bytes(text)
    code, out, said = scaffold(fixed, "--issue", str(tmp_path / "issue.md"))
    assert (code, out) == (2, "")
    assert says in said
