"""Where the regression test belongs: the best test that is likely enough, else a new file named as its neighbours are."""

import posixpath
import re
from collections.abc import Sequence

from app.analysis.languages import stem
from app.analysis.verdict import SURE
from app.domain.change import FileChange
from app.domain.evidence import Kind, RankedTest, TestFile
from app.domain.report import Placement

# For languages whose neighbours give no example: folder and name around the stem of the changed file.
_CONVENTIONS = {
    "python": ("tests/", "test_{stem}.py"),
    "javascript": ("", "{stem}.test.js"),
    "typescript": ("", "{stem}.test.ts"),
    "vue": ("", "{stem}.spec.ts"),
    "go": ("", "{stem}_test.go"),
    "java": ("src/test/java/", "{stem}Test.java"),
    "ruby": ("spec/", "{stem}_spec.rb"),
    "php": ("tests/", "{stem}Test.php"),
    "csharp": ("tests/", "{stem}Tests.cs"),
    "kotlin": ("src/test/kotlin/", "{stem}Test.kt"),
    "rust": ("tests/", "{stem}.rs"),
}
_AFFIXES = re.compile(r"^(test_|test-)?(.+?)([_.-](?:test|spec|cy)|Tests?|IT|_spec)?(\.[a-z.]+)$")


def place(files: Sequence[FileChange], ranked: Sequence[RankedTest], tests: Sequence[TestFile]) -> Placement | None:
    """The file to write the regression test in. None where nothing says where tests live and what they are called.

    `ranked` is best first; `tests` are all test files of the repository, whose names and folders a new file follows.
    """
    if ranked and ranked[0].score >= SURE:
        reason = "best-evidence" if ranked[0].test.kind is Kind.UNIT else "best-evidence-integration"
        return Placement(ranked[0].test.path, new=False, reason=reason)
    largest = max(files, key=lambda file: file.changed_lines, default=None)
    if largest is None:
        return Placement(ranked[0].test.path, new=False, reason="nearest") if ranked else None
    path = largest.before
    neighbour = _nearest(path, [test for test in tests if test.language == largest.language])
    made = _bound(path, largest.language, neighbour)
    made = made or (_like(path, neighbour.path) if neighbour else _by_convention(path, largest.language))
    if made is None:
        return None
    exists = any(test.path == made for test in tests)
    return Placement(
        made,
        new=not exists,
        reason="named-after" if exists else "new-file",
        names=(path, *([neighbour.path] if neighbour else [])),
    )


def _bound(path: str, language: str | None, neighbour: TestFile | None) -> str | None:
    """The folder that the language demands: Go's tests stand in the package, Maven's in the same one below `src/test`."""
    folder = posixpath.dirname(path)
    if language == "go":
        return posixpath.join(folder, f"{stem(path)}_test.go")
    if "src/main/" in path and neighbour is not None and "src/test/" in neighbour.path:
        named = _like(path, neighbour.path)
        return named and posixpath.join(folder.replace("src/main/", "src/test/", 1), posixpath.basename(named))
    return None


def _nearest(path: str, tests: Sequence[TestFile]) -> TestFile | None:
    """The test whose folders have the most names in common with those of the changed file."""
    own = set(posixpath.dirname(path).split("/"))

    def closeness(test: TestFile) -> tuple[int, int, str]:
        folders = posixpath.dirname(test.path).split("/")
        return (-len(own & set(folders)), len(folders), test.path)

    return min(tests, key=closeness, default=None)


def _like(path: str, example: str) -> str | None:
    """The changed file's stem in the name of the example: `shop/pricing.py` like `test_cart.py` is `test_pricing.py`."""
    match = _AFFIXES.match(posixpath.basename(example))
    if match is None:
        return None
    before, _, after, ending = match.groups(default="")
    if not before and not after:
        return None
    return posixpath.join(posixpath.dirname(example), f"{before}{stem(path)}{after}{ending}")


def _by_convention(path: str, language: str | None) -> str | None:
    folder, name = _CONVENTIONS.get(language or "", (None, ""))
    if folder is None:
        return None
    return posixpath.join(folder or posixpath.dirname(path), name.format(stem=stem(path)))
