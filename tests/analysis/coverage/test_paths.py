"""A file is found by one consistent prefix, or it is said why it is not; two equals are never decided by a guess."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.coverage.paths import Files, Hints, Prefix, Resolution, Why, resolve
from app.analysis.coverage.spelling import spellings

SITE = "/venv/lib/python3.11/site-packages"


def resolved(
    names: Sequence[str],
    files: Sequence[str],
    *,
    roots: Sequence[str] = (),
    near: str = "",
    declared: Sequence[Prefix] = (),
    submodules: Sequence[str] = (),
) -> Resolution:
    return resolve([spellings(name, roots) for name in names], Files(files, submodules), Hints(declared, near))


def found(*arguments: Sequence[str], **known: object) -> dict[str, str | None]:
    """Where each name stands; None where it did not resolve."""
    names, files = arguments
    told = resolved(names, files, **known)  # type: ignore[arg-type]
    return {name: told.found.get(spellings(name, known.get("roots", ()))) for name in names}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("names", "files"),
    [
        (["src/a.py", "b.py"], ["src/a.py", "b.py"]),
        (["/home/runner/work/x/x/src/a.py", "/home/runner/work/x/x/b.py"], ["src/a.py", "b.py"]),
        (["/app/main.py", "/app/util.py"], ["main.py", "util.py"]),
        (["/usr/src/app/src/a.ts", "/usr/src/app/src/b/c.ts"], ["web/src/a.ts", "web/src/b/c.ts"]),
        ([r"D:\a\x\x\src\A.cs", r"D:\a\x\x\src\b\C.cs"], ["src/A.cs", "src/b/C.cs"]),
        ([f"{SITE}/shop/a.py", f"{SITE}/shop/b/__init__.py"], ["src/shop/a.py", "src/shop/b/__init__.py"]),
        (["build/lib/shop/a.py", "build/lib/shop/b.py"], ["src/shop/a.py", "src/shop/b.py"]),
        (
            ["com/shop/A.java", "com/shop/b/C.java"],
            ["core/src/main/java/com/shop/A.java", "core/src/main/java/com/shop/b/C.java"],
        ),
        (["../../src/a.c", "../../src/b/c.c"], ["src/a.c", "src/b/c.c"]),
    ],
)
def test_what_stands_before_the_repository_s_own_paths_is_found(names: list[str], files: list[str]) -> None:
    assert list(found(names, files).values()) == files


def test_modules_of_one_build_are_found_each_in_its_folder() -> None:
    core, web = "core/src/main/java/com/shop", "web/src/main/java/com/shop"
    assert found(
        ["com/shop/A.java", "com/shop/B.java", "com/shop/W.java"], [f"{core}/A.java", f"{core}/B.java", f"{web}/W.java"]
    ) == {
        "com/shop/A.java": f"{core}/A.java",
        "com/shop/B.java": f"{core}/B.java",
        "com/shop/W.java": f"{web}/W.java",
    }


def test_a_class_of_two_modules_is_not_guessed() -> None:
    core, web = "core/src/main/java/com/shop", "web/src/main/java/com/shop"
    names = ["com/shop/A.java", "com/shop/Main.java", "com/shop/W.java"]
    told = resolved(names, [f"{core}/A.java", f"{core}/Main.java", f"{web}/Main.java", f"{web}/W.java"])
    lost = told.lost[spellings("com/shop/Main.java")]
    assert (lost.why, lost.candidates) == (Why.AMBIGUOUS, (f"{core}/Main.java", f"{web}/Main.java"))


TWINS = ["web/src/index.ts", "web/src/a.ts", "api/src/index.ts", "api/src/a.ts"]


def test_two_packages_that_look_alike_are_not_guessed() -> None:
    assert found(["src/index.ts", "src/a.ts"], TWINS) == {"src/index.ts": None, "src/a.ts": None}


def test_a_file_that_only_one_of_them_has_tells_which_it_is() -> None:
    assert found(["src/index.ts", "src/only.ts"], [*TWINS, "api/src/only.ts"])["src/index.ts"] == "api/src/index.ts"


def test_the_folder_of_the_data_tells_which_of_two_equals_is_meant() -> None:
    assert found(["src/index.ts", "src/a.ts"], TWINS, near="api/coverage") == {
        "src/index.ts": "api/src/index.ts",
        "src/a.ts": "api/src/a.ts",
    }


def test_the_root_can_be_told_too() -> None:
    files = ["src/index.ts", "api/src/index.ts"]
    assert found(["src/index.ts"], files) == {"src/index.ts": None}
    assert found(["src/index.ts"], files, near=".") == {"src/index.ts": "src/index.ts"}


def test_a_stranger_s_file_of_the_same_name_is_not_ours() -> None:
    names = ["/work/x/src/a.py", "/work/x/src/utils.py", f"{SITE}/yaml/utils.py", f"{SITE}/yaml/nodes.py"]
    told = resolved(names, ["src/a.py", "src/utils.py"])
    assert told.lost[spellings(f"{SITE}/yaml/utils.py")].why is Why.INSTALLED
    assert set(told.found.values()) == {"src/a.py", "src/utils.py"}


def test_one_likeness_among_many_strangers_proves_nothing() -> None:
    names = ["/work/x/src/a.py", "/work/x/src/b.py", *(f"/opt/tool/yaml/{name}.py" for name in ("c", "d", "e/utils"))]
    told = found(names, ["src/a.py", "src/b.py", "web/e/utils.py"])
    assert {name for name, path in told.items() if path} == {"/work/x/src/a.py", "/work/x/src/b.py"}


def test_a_vendored_copy_is_not_taken_for_the_installed_package() -> None:
    assert found([f"{SITE}/six/a.py", f"{SITE}/six/b.py"], ["shop/_vendor/six/a.py", "shop/_vendor/six/b.py"]) == {
        f"{SITE}/six/a.py": None,
        f"{SITE}/six/b.py": None,
    }


def test_compiled_scripts_are_not_taken_for_their_sources() -> None:
    assert set(found(["/work/x/dist/b/a.js", "/work/x/dist/b/c.js"], ["src/b/a.js", "src/b/c.js"]).values()) == {None}


def test_a_file_that_is_gone_is_not_looked_for_elsewhere() -> None:
    names = ["/work/x/src/a.py", "/work/x/src/b.py", "/work/x/src/gone.py"]
    told = resolved(names, ["src/a.py", "src/b.py", "old/src/gone.py"])
    lost = told.lost[spellings("/work/x/src/gone.py")]
    assert (lost.why, lost.candidates) == (Why.ABSENT, ("src/gone.py",))


def test_a_file_of_a_submodule_is_said_to_be_one() -> None:
    told = resolved(["/work/x/a/a.py", "/work/x/b/b.py", "/work/x/lib/c.py"], ["a/a.py", "b/b.py"], submodules=["lib"])
    assert told.lost[spellings("/work/x/lib/c.py")].why is Why.SUBMODULE


def test_go_s_module_paths_are_declared() -> None:
    declared = [Prefix("github.com/o/r/", ""), Prefix("github.com/o/r/sub/v2/", "sub/")]
    names = ["github.com/o/r/x.go", "github.com/o/r/sub/v2/x.go", "github.com/o/r/gen.go"]
    assert found(names, ["x.go", "sub/x.go"], declared=declared) == dict(zip(names, ["x.go", "sub/x.go", None], strict=True))


def test_each_root_is_tried() -> None:
    files = ["src/pkg/a.py", "lib/b.py"]
    assert list(found(["pkg/a.py", "b.py"], files, roots=["/work/x/src", "/work/x/lib"]).values()) == files


def test_another_repository_resolves_nothing() -> None:
    told = resolved(["/work/x/shop/a.py", "/work/x/shop/__init__.py"], ["src/main.go", "lib/tool/__init__.py"])
    assert not told.found
    assert {lost.why for lost in told.lost.values()} == {Why.UNKNOWN}


PARTS = st.sampled_from(["a", "b", "src", "main", "x"])
FILE = st.builds(
    lambda folders, base: "/".join([*folders, base]), st.lists(PARTS, max_size=3), st.sampled_from(["a.py", "b.py", "c.py"])
)
FILES = st.lists(FILE, min_size=1, max_size=8, unique=True)
PREFIXES = st.sampled_from(["", "/app/", "/home/runner/work/x/x/", "D:/a/x/x/"])


@settings(deadline=None)
@given(FILES, PREFIXES, st.lists(FILE, max_size=4), st.sampled_from(["", ".", "a", "src/main"]))
def test_what_is_found_ends_like_its_name_and_everything_is_told(
    files: list[str], prefix: str, strangers: list[str], near: str
) -> None:
    names = {*(f"{prefix}{path}" for path in files), *strangers, "a\0b"}
    told = resolved(sorted(names), files, near=near)
    assert told.found.keys() | told.lost.keys() == {spellings(name) for name in names}
    assert not told.found.keys() & told.lost.keys()
    for (name,), path in told.found.items():
        assert path in files and path.rpartition("/")[2] == name.rpartition("/")[2]


@settings(deadline=None)
@given(FILES, st.sampled_from(["/app/", "/home/runner/work/x/x/", "D:/a/x/x/"]))
def test_a_whole_checkout_is_never_put_in_a_wrong_place(files: list[str], prefix: str) -> None:
    told = resolved([f"{prefix}{path}" for path in files], files)
    if Prefix(prefix, "") in dict(told.prefixes):
        assert all(path == name.removeprefix(prefix) for (name,), path in told.found.items())


@settings(deadline=None)
@given(FILES)
def test_the_order_of_the_names_does_not_matter(files: list[str]) -> None:
    names = [f"/app/{path}" for path in files] + files
    assert resolved(names, files) == resolved(list(reversed(names)), files)


@settings(deadline=None)
@given(FILES)
def test_two_equal_copies_are_never_decided(files: list[str]) -> None:
    told = resolved(files, [f"one/{path}" for path in files] + [f"two/{path}" for path in files])
    assert not told.found
