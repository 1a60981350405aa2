"""What files are for, and what a repository may say about its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.globs import Glob
from app.analysis.overrides import NONE, Overrides
from app.analysis.roles import role_of
from app.analysis.settings.reader import read_overrides
from app.domain.change import Role
from app.domain.evidence import Kind

ROLES = """
code shop/cart.py
code web/cart.ts
code templates/cart.html
code bin/recall
code src/documents/doc.go
code celery/app/tasks.py
code luigi/templates/history.html
test tests/test_cart.py
test tests/conftest.py
test web/cart.spec.ts
test modules/encode/testdata/main.go
docs README.md
docs docs/conf.py
docs LICENSE
docs CHANGES.txt
docs src/changes/changes.xml
config pyproject.toml
config .github/workflows/ci.yml
config web/vite.config.ts
config web/tsconfig.base.json
config Makefile
config requirements-dev.txt
config .gitignore
data go.sum
data web/package-lock.json
data vendor/x/cart.go
data node_modules/x/cart.test.js
data web/cart.min.js
data rpc/cart.pb.go
data rpc/cart_pb2.py
data web/__tests__/__snapshots__/cart.spec.ts.snap
data public/language/en/error.json
data logo.png
migration shop/migrations/0001_initial.py
migration db/migrate/20200101_add.rb
migration alembic/versions/ab12_add.py
migration src/main/resources/V1_2__add.sql
"""


@pytest.mark.parametrize("line", ROLES.split("\n")[1:-1])
def test_paths_tell_the_role(line: str) -> None:
    role, path = line.split()
    assert role_of(path) == role


def test_what_the_repository_calls_a_test_is_one() -> None:
    overrides = Overrides(integration=(Glob("checks/**"),))
    assert role_of("checks/cart.py", overrides) is Role.TEST
    assert overrides.kind("checks/cart.py") == (Kind.INTEGRATION, "checks/**")


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("tests/it/**", "tests/it/a/b.py"),
        ("tests/**/slow_*.py", "tests/slow_a.py"),
        ("tests/**/slow_*.py", "tests/a/b/slow_a.py"),
        ("*_it.py", "a/b/c_it.py"),
        ("tests/it", "tests/it/a.py"),
        ("/it/", "it/a.py"),
        ("a?c/*", "abc/d"),
        ("**", "a/b"),
        ("**/b/**/d", "a/b/c/b/d"),
    ],
)
def test_globs_match(pattern: str, path: str) -> None:
    assert Glob(pattern).matches(path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [("tests/it/**", "a/tests/it/b.py"), ("*_it.py", "c_it.pyc"), ("/it/", "a/it/b"), ("a/*/c", "a/b/b/c"), ("a.c", "abc")],
)
def test_globs_do_not_match(pattern: str, path: str) -> None:
    assert not Glob(pattern).matches(path)


def test_no_glob_takes_long() -> None:
    assert not Glob("a/" + "**/*a*a*a*/" * 25 + "b").matches("a/" * 100 + "a" * 200)


def test_a_good_file_is_read_without_problems() -> None:
    text = "tests:\n  integration: ['tests/it/**']\n  e2e: browser/**\n  ignore: []\n"
    assert read_overrides(text) == (Overrides(integration=(Glob("tests/it/**"),), e2e=(Glob("browser/**"),)), ())


@pytest.mark.parametrize("text", [None, "", "# nothing\n"])
def test_no_file_and_an_empty_one_say_nothing(text: str | None) -> None:
    overrides, problems = read_overrides(text)
    assert overrides == NONE
    assert problems == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: &x [1]\nb: *x", "line 1, column 4: nothing of it counts: anchors and aliases are not for configurations"),
        ("[" * 50, "nested too deeply"),
        ("tests: [", "line 1"),
        ("x" * 70_000, "larger than 64 KB"),
        ("- a", "the file holds no keys"),
        ("tests: 3", "`tests` holds no keys; write keys such as `integration:`, `e2e:`, `unit:`, `ignore:`"),
        ("tests:\n  integraton: [a]", "`tests.integraton` is not a known key"),
        ("lables: x", "`lables` is not a known key; did you mean `labels`?"),
        ("tests:\n  unit: {a: b}", "`tests.unit` must be a list of globs"),
        ("tests:\n  unit: [3]", "`tests.unit` holds `3`, which is not a glob"),
        ("tests:\n  unit: ['!a']", "`tests.unit` holds `'!a'`, which is not a glob of `*`, `**` and `?`"),
        ("a: !!python/object/apply:os.system [ls]", "tags such as `!!str` are not for configurations"),
    ],
)
def test_each_mistake_is_told_in_one_sentence(text: str, told: str) -> None:
    overrides, problems = read_overrides(text)
    assert overrides == NONE
    assert [told in problem for problem in problems] == [True]
    assert "\n" not in problems[0]


def test_what_is_right_is_kept_beside_what_is_wrong() -> None:
    overrides, problems = read_overrides("tests:\n  unit: [a/**, 3]\n  x: 1\n")
    assert overrides.unit == (Glob("a/**"),)
    assert len(problems) == 2


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    read_overrides(text)
    read_overrides("tests:\n  unit: [" + text)


@given(st.text(alphabet="ab./", max_size=20), st.text(alphabet="ab*?/", max_size=30))
def test_a_path_without_signs_matches_itself_and_any_glob_ends(path: str, pattern: str) -> None:
    Glob(pattern).matches(path)
    plain = path.strip("./")
    assert Glob(plain).matches(plain)
