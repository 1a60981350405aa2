"""Stand-ins in Python: `mock.patch` and its kin, `monkeypatch`, `mocker`, libraries that answer for HTTP and databases."""

import re
from collections.abc import Iterator

from tree_sitter import Node, Tree

from app.analysis.languages import trees
from app.analysis.mocks.model import Mock
from app.analysis.mocks.names import stands_for
from app.analysis.uses.model import Bound, Names
from app.analysis.uses.python import chain_of, names
from app.domain.change import Span
from app.domain.seam import SeamKind

MARK = re.compile(
    rb"(?<!dis)patch|\bresponses\b|respx|requests_mock|httpretty|httpx_mock|aioresponses|vcr|betamax|fakeredis|mongomock|moto"
    rb"|(?:Fake|Mock|Stub|Dummy)[A-Z]|\bmock"
)
# Libraries that answer in the place of something outside: of which kind, and of which library if of one alone.
_ANSWERS = {
    "responses": (SeamKind.HTTP, "requests"),
    "requests_mock": (SeamKind.HTTP, "requests"),
    "betamax": (SeamKind.HTTP, "requests"),
    "respx": (SeamKind.HTTP, "httpx"),
    "pytest_httpx": (SeamKind.HTTP, "httpx"),
    "aioresponses": (SeamKind.HTTP, "aiohttp"),
    "httpretty": (SeamKind.HTTP, ""),
    "vcr": (SeamKind.HTTP, ""),
    "fakeredis": (SeamKind.DATABASE, "redis"),
    "mongomock": (SeamKind.DATABASE, "pymongo"),
    "moto": (SeamKind.SERVICE, "boto3"),
}
_FIXTURES = {"requests_mock": "requests_mock", "httpx_mock": "pytest_httpx", "respx_mock": "respx"}
_CALLS = "(call function: (_) @function arguments: (argument_list) @arguments) @call"
_DECORATORS = "(decorator [(attribute) (identifier)] @function) @call"
_PARAMETERS = "(function_definition parameters: (parameters (identifier) @parameter)) @function"
_ASSIGNED = "(assignment left: (attribute) @left right: (call function: (_) @made)) @call"
_MADE = re.compile(r"^(?:(?:Magic|Async|NonCallable|Property)?Mock|create_autospec|mock_open)$")
_DOTTED = re.compile(r"^[\w.]+\.\w+$")
_SETS_UP = re.compile(r"^(?:setUp|setUpClass|asyncSetUp|setup|setup_method|setup_class|setup_function)$")


def mocks(source: bytes) -> Iterator[Mock]:
    """The stand-ins of a test file."""
    tree = trees.parse("python", source)
    if tree is None:
        return
    known = names(source)
    for match in trees.matches("python", tree, _CALLS):
        yield from _called(match["call"], match["function"], match["arguments"], known, tree)
    for match in trees.matches("python", tree, _DECORATORS):
        yield from _answered(match["call"], chain_of(match["function"]), known, tree)
    for match in trees.matches("python", tree, _PARAMETERS):
        if library := _FIXTURES.get(trees.text_of(match["parameter"])):
            kind, only = _ANSWERS[library]
            name = match["parameter"]
            yield Mock(trees.text_of(name), trees.span_of(name).start, _scope(name, tree), kind=kind, library=only)
    for match in trees.matches("python", tree, _ASSIGNED):
        made, left = chain_of(match["made"]), chain_of(match["left"])
        bound = known.meaning(left, frozenset()) if made and _MADE.match(made[-1]) and len(left) > 1 else None
        if bound is not None:
            yield _mock(match["call"], ".".join(made), tree, bound.target, bound.names)


def _called(call: Node, function: Node, arguments: Node, known: Names, tree: Tree) -> Iterator[Mock]:
    chain = chain_of(function)
    if not chain:
        return
    if chain[-1] in {"patch", "setattr", "delattr"} or chain[-2:-1] == ("patch",) or chain[-1] == "setitem":
        for target, taken in _replaced(chain, arguments, known):
            yield _mock(call, _said(chain), tree, target, taken)
    elif core := stands_for(chain[-1]):
        yield Mock(chain[-1], trees.span_of(call).start, _scope(call, tree), stands_for=core)
    else:
        yield from _answered(call, chain, known, tree)


def _said(chain: tuple[str, ...]) -> str:
    """How people name it: `mock.patch` also where only `patch` is written."""
    return ".".join(("mock", *chain) if chain[0] == "patch" else chain[-3:])


def _mock(node: Node, how: str, tree: Tree, target: str, taken: tuple[str, ...]) -> Mock:
    return Mock(how, trees.span_of(node).start, _scope(node, tree), target=target, names=taken)


def _replaced(chain: tuple[str, ...], arguments: Node, known: Names) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a call of `patch` or `setattr` replaces. One that hands the calls on (`wraps=`) replaces nothing."""
    given = [argument for argument in arguments.named_children if argument.type not in {"keyword_argument", "comment"}]
    said = {
        trees.text_of(name): argument
        for argument in arguments.named_children
        if argument.type == "keyword_argument" and (name := argument.child_by_field_name("name")) is not None
    }
    if not given or "wraps" in said:
        return
    first = _text(given[0])
    second = _text(given[1]) if len(given) > 1 else None
    what = chain_of(given[0])
    if chain[-1] in {"dict", "setitem"}:
        if (first or ".".join(what)) == "sys.modules":
            yield from ((name, ()) for name in ([second] if chain[-1] == "setitem" and second else _keys(given[1:])))
        return
    if chain[-1] == "multiple":
        replaced = list(said)
    elif first is not None:
        yield from ((first, ()) for _ in _DOTTED.findall(first))
        return
    else:
        replaced = [second] if second else []
    bound = Bound(first) if first else known.meaning(what, frozenset()) if what else None
    if bound is not None:
        yield from ((bound.target, (*bound.names, name)) for name in replaced)


def _keys(arguments: list[Node]) -> list[str]:
    """The fixed keys of a dict given as the first of the arguments."""
    pairs = arguments[0].named_children if arguments and arguments[0].type == "dictionary" else []
    keys = [pair.child_by_field_name("key") for pair in pairs if pair.type == "pair"]
    return [text for key in keys if key is not None and (text := _text(key))]


def _text(node: Node) -> str | None:
    """What a plain string says."""
    if node.type != "string" or any(child.type == "interpolation" for child in node.named_children):
        return None
    return "".join(trees.text_of(child) for child in node.named_children if child.type == "string_content")


def _answered(node: Node, chain: tuple[str, ...], known: Names, tree: Tree) -> Iterator[Mock]:
    """A use of a library that answers in the place of something outside."""
    bound = known.meaning(chain, frozenset()) if chain else None
    found = _ANSWERS.get(bound.target.partition(".")[0]) if bound is not None else None
    if found is None and chain[:3] == ("pytest", "mark", "vcr"):
        found = _ANSWERS["vcr"]
    if found is not None:
        how = bound.target.partition(".")[0] if bound is not None and bound.target != "pytest" else "vcr"
        yield Mock(how, trees.span_of(node).start, _scope(node, tree), kind=found[0], library=found[1])


def _scope(node: Node, tree: Tree) -> tuple[Span, ...] | None:
    """The lines a stand-in holds for; none at all where it is made in a helper, of which it is not known who calls it."""
    at: Node | None = node
    function = owner = None
    while at is not None:
        if at.type == "decorated_definition" and _is_decorator_of(node, at):
            defined = at.child_by_field_name("definition")
            if defined is None or defined.type == "class_definition":
                return (trees.span_of(at),)
            function = defined
        elif at.type == "function_definition":
            function = at
        elif at.type == "class_definition" and owner is None:
            owner = at
        at = at.parent
    if function is None:
        return None if owner is None else (trees.span_of(owner),)
    return _of_function(function, owner, tree)


def _is_decorator_of(node: Node, decorated: Node) -> bool:
    definition = decorated.child_by_field_name("definition")
    return definition is not None and node.end_byte <= definition.start_byte


def _of_function(function: Node, owner: Node | None, tree: Tree) -> tuple[Span, ...] | None:
    name = trees.text_of(function.child_by_field_name("name") or function)
    whole = (trees.span_of(owner),) if owner is not None else None
    if name.startswith("test"):
        return (trees.span_of(function),)
    if _SETS_UP.match(name):
        return whole
    outer = function.parent
    decorators = trees.text_of(outer)[:500].partition("def ")[0] if outer and outer.type == "decorated_definition" else ""
    if "fixture" not in decorators:
        return ()
    if "autouse=True" in decorators.replace(" ", ""):
        return whole
    asking = trees.matches("python", tree, _PARAMETERS)
    return tuple(
        trees.span_of(match["function"])
        for match in asking
        if trees.text_of(match["parameter"]) == name
        and trees.text_of(match["function"].child_by_field_name("name") or function).startswith("test")
    )
