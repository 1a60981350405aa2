"""How a Java test file that is not there yet opens: license, package, and a class in the manner of the nearest neighbour's."""

import posixpath
import re
from collections.abc import Sequence

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.scaffold.dialects.java.source import Source, imported_name, members, modifiers
from app.analysis.scaffold.dialects.placing import header, unit_of
from app.domain.scaffold import Blueprint, Neighbour

_PACKAGE = re.compile(r"^\s*package\s")
_ROOT = re.compile(r"^(?:.*/)?(?:java|kotlin|test|tests)/(?=(?:com|org|net|io|dev|de|fr|uk|eu|edu|gov|me|app)/)")
# Annotations that bring a test its surroundings: Spring's slices, extensions, runners, profiles.
_SURROUNDINGS = re.compile(
    r"^@(?:SpringBootTest|WebMvcTest|WebFluxTest|DataJpaTest|DataMongoTest|DataRedisTest|DataJdbcTest|JdbcTest|JsonTest|JooqTest"
    r"|RestClientTest|AutoConfigure\w+|ContextConfiguration|ActiveProfiles|TestPropertySource|Transactional|ExtendWith|RunWith"
    r"|SpringJUnitConfig|SpringJUnitWebConfig|WebAppConfiguration|DirtiesContext|Testcontainers|QuarkusTest|MicronautTest)\b"
)
_BROUGHT = re.compile(r"@(?:Autowired|MockBean|MockitoBean|SpyBean|Inject|Container|LocalServerPort)\b")


def new_file(blueprint: Blueprint, generation: int) -> str:
    """The text of the file without its test."""
    like = blueprint.neighbours[0] if blueprint.neighbours else None
    source = Source(like.text if like else "")
    package = _package(blueprint)
    owner = next((node for _, node in source.classes()), None)
    annotations, fields, imports = _surroundings(source, owner, package) if owner and like else ([], [], [])
    base = _base(source, owner, package, imports) if owner else ""
    public = generation == 4 or (owner is not None and "public" in modifiers(owner))
    name = posixpath.basename(blueprint.path).removesuffix(".java")
    unit = unit_of(source.text)
    opened = [*annotations, f"{'public ' if public else ''}class {name}{base} {{", *(f"{unit}{line}" for line in fields), "}"]
    license_lines = header(like.text, _PACKAGE) if like else []
    parts = [license_lines, [f"package {package};"] if package else [], sorted({f"import {one};" for one in imports}), opened]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _package(blueprint: Blueprint) -> str:
    """The package of tests in the same folder, else by the folder, else that of the code."""
    folder = posixpath.dirname(blueprint.path)
    for neighbour in blueprint.neighbours:
        if posixpath.dirname(neighbour.path) == folder and (found := Source(neighbour.text).package):
            return found
    for neighbour in blueprint.neighbours:
        if moved := _moved_package(neighbour, folder):
            return moved
    named = _ROOT.match(f"{folder}/")
    if named:
        return folder[named.end() :].replace("/", ".")
    return next((target.package for target in blueprint.targets if target.package), "")


def _moved_package(neighbour: Neighbour, folder: str) -> str:
    """By a neighbour of the same source root: `src/test/java/org/shop` is `org.shop`, so `src/test/java/org/pay` is `org.pay`."""
    package = Source(neighbour.text).package.replace(".", "/")
    here = posixpath.dirname(neighbour.path)
    if not package or not here.endswith(package):
        return ""
    root = here[: -len(package)]
    return folder[len(root) :].replace("/", ".") if root and folder.startswith(root) else ""


def _surroundings(source: Source, owner: Node, package: str) -> tuple[list[str], list[str], list[str]]:
    """The annotations and injected fields that the neighbour's tests live on, as far as their names can be brought along."""
    imports: list[str] = []
    block = next((child for child in owner.children if child.type == "modifiers"), None)
    annotations = []
    for node in block.named_children if block else ():
        text = trees.text_of(node)
        if _SURROUNDINGS.match(text) and "\n" not in text and (needed := _brought(source, node, package)) is not None:
            annotations.append(text)
            imports += needed
    fields = []
    for node in members(owner) if annotations else ():
        text = " ".join(trees.text_of(node).split())
        is_brought = node.type == "field_declaration" and _BROUGHT.search(modifiers(node)) and len(text) < 120
        if is_brought and (needed := _brought(source, node, package)) is not None:
            fields.append(text)
            imports += needed
    return annotations, fields, imports


def _brought(source: Source, node: Node, package: str) -> list[str] | None:
    """The imports that everything named in a piece of source needs; None where one of them cannot be told."""
    needed = []
    for name in sorted(_types(node)):
        found = _imported(source, name)
        if found:
            needed.append(found)
        elif source.package != package and name not in {"String", "Integer", "Long", "Boolean", "Object"}:
            return None
    return needed


def _types(node: Node) -> set[str]:
    """Names that open with a capital letter: types, by everyone's habit."""
    return set(re.findall(r"(?<![\w.\"])[A-Z]\w*", re.sub(r'"[^"]*"', "", trees.text_of(node))))


def _imported(source: Source, name: str) -> str:
    plain: Sequence[str] = [imported_name(trees.text_of(node)) for node in source.imports]
    return next((one for one in plain if one.rpartition(".")[2] == name), "")


def _base(source: Source, owner: Node, package: str, imports: list[str]) -> str:
    """The neighbour's base class, where it seems to be made for tests and asks nothing of the classes below it."""
    superclass = owner.child_by_field_name("superclass")
    named = trees.first_in(superclass) if superclass else None
    if named is None or named.type != "type_identifier" or "@Override" in source.text:
        return ""
    name = trees.text_of(named)
    if not re.search(r"Test|Spec|IT$", name):
        return ""
    found = _imported(source, name)
    if not found and source.package != package:
        return ""
    imports += [found] if found else []
    return f" extends {name}"
