"""How a new Ruby test file opens: as its neighbours do, with their helper, and a class or a group like theirs."""

import posixpath
import re
from collections.abc import Iterator, Sequence

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.scaffold.dialects.ruby.body import constant
from app.analysis.scaffold.dialects.ruby.page import INDENT, Page, Place
from app.domain.scaffold import Blueprint
from app.domain.suite import Framework

_HELPER = re.compile(r"helper|minitest|rspec|test[_/]unit|abstract_unit|shoulda")


def new_file(blueprint: Blueprint, framework: Framework, others: Sequence[Page], quote: str) -> tuple[str, Place]:
    """The text of the new file without its test, and where in it the test goes."""
    near = next((page for page in others if page.tests), None)
    header = near.header if near else []
    required = list(_requires(blueprint, framework, near, quote))
    head = [*header, *([""] if header else []), *required, *([""] if required else [])]
    first = near.tests[0] if near else None
    top = first.around[0] if first and first.around else None
    if framework is Framework.RSPEC or (top is not None and top.word not in {"class", "module"}):
        line = _described(blueprint, framework, near, top.node if top else None, quote)
    else:
        line = _class(blueprint, near)
    word = first.word if first else "it" if framework is Framework.RSPEC else "def"
    lines = [*head, line]
    return "\n".join([*lines, "end", ""]), Place(len(lines), INDENT, word)


def _requires(blueprint: Blueprint, framework: Framework, near: Page | None, quote: str) -> Iterator[str]:
    if near is None:
        yield from ([f"require {quote}minitest/autorun{quote}"] if framework is Framework.MINITEST else [])
        return
    module = next((target.module for target in blueprint.targets if target.module), "")
    top = module.partition("/")[0]
    for word, asked in near.requires:
        if _HELPER.search(asked) or asked == top:
            yield f"{word} {quote}{_moved(asked, near.path, blueprint.path) if word == 'require_relative' else asked}{quote}"
    if module and any(
        asked.startswith(f"{top}/") and not _HELPER.search(asked) for word, asked in near.requires if word == "require"
    ):
        yield f"require {quote}{module}{quote}"


def _moved(asked: str, there: str, here: str) -> str:
    meant = posixpath.normpath(posixpath.join(posixpath.dirname(there), asked))
    return posixpath.relpath(meant, posixpath.dirname(here) or ".")


def _described(blueprint: Blueprint, framework: Framework, near: Page | None, node: Node | None, quote: str) -> str:
    owner = next((target.owner or target.qualified for target in blueprint.targets if target.owner or target.kind == "class"), "")
    about = constant(owner) if owner else f"{quote}{_stem(blueprint.path)}{quote}"
    says = "RSpec.describe" if framework is Framework.RSPEC else "describe"
    if node is not None and near is not None:
        says = "RSpec.describe" if trees.text_of(node).startswith("RSpec.") else "describe"
    return f"{says} {about} do"


def _class(blueprint: Blueprint, near: Page | None) -> str:
    """`class TestCart < JekyllUnitTest`, named and derived as the neighbour's."""
    name = "".join(word.capitalize() for word in re.split(r"[\W_]+", re.sub(r"^test_|_test$", "", _stem(blueprint.path))))
    base, before = "Minitest::Test", False
    node = next((group.node for test in near.tests for group in test.around if group.word == "class"), None) if near else None
    if node is not None:
        derived, called = node.child_by_field_name("superclass"), node.child_by_field_name("name")
        base = trees.text_of(derived).lstrip("< ") if derived is not None else base
        before = called is not None and trees.text_of(called).startswith("Test")
    return f"class Test{name} < {base}" if before else f"class {name}Test < {base}"


def _stem(path: str) -> str:
    return posixpath.basename(path).removesuffix(".rb").removesuffix("_spec")
