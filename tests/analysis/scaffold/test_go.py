import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from app.analysis.scaffold.compose import compose
from app.analysis.scaffold.signatures import READERS, Surroundings
from app.domain.scaffold import Blueprint, Neighbour, Scaffold, Snippet, Story, Target, Todo
from app.domain.suite import Framework, Suite
from app.engine.scaffold import shipped_template

CART = """package cart

import (
	"net/http"
	yaml "gopkg.in/yaml.v3"
)

type Cart struct{}

func Total(items []int, code string) (int, error) { return 0, nil }

func (c *Cart) Pay(r *http.Request, _ bool, opts ...func()) bool { return true }

func (l List[T]) Len() int { return 0 }

func hidden(n yaml.Node) {}

func Keep[T any](one T) T { return one }

func init() {}
"""
TESTS = """package cart

import (
	"os"
	"testing"
)

func TestTotal(t *testing.T) {
	os.Exit(0)
}

func TestPay(t *testing.T) {
}
"""
STORY = Story(7, "Total is 100% wrong", "https://github.com/octo/shop/issues/7", then=("The total is 100% right",))
TREE = {"go.mod": "module example.com/shop\n\ngo 1.19\n", "cart/cart.go": CART}


def target(qualified: str, path: str = "cart/cart.go") -> Target:
    reader = READERS["go"]
    found = reader.signature(CART.encode(), qualified)
    assert found is not None
    return Target(
        path,
        qualified.rpartition(".")[2],
        qualified,
        "function",
        reader.module(path, CART.encode(), Surroundings("cart/cart_test.go", TREE, TREE.get)),
        found.owner,
        found.parameters,
        found.owner_parameters,
        reachable=found.reachable,
        gives=found.gives,
        access=found.access,
        package=found.package,
        imports=found.imports,
        type_parameters=found.type_parameters,
    )


def made(qualified: str, existing: str | None = TESTS, **fields: object) -> Scaffold:
    near = (Neighbour("cart/cart_test.go", existing),) if existing is not None else ()
    plan = Blueprint(Suite(Framework.GO_TEST), STORY, "cart/cart_test.go", existing, (target(qualified),), neighbours=near)
    return compose(replace(plan, **fields), shipped_template(Framework.GO_TEST))


def test_the_module_is_named_from_the_nearest_manifest():
    assert target("Total").module == "example.com/shop/cart"


def test_a_receiver_parameters_and_results_are_read():
    found = target("Cart.Pay")

    assert [(one.name, one.type, one.kind) for one in (*found.owner_parameters, *found.parameters)] == [
        ("c", "*Cart", "positional"),
        ("r", "*http.Request", "positional"),
        ("arg2", "bool", "positional"),
        ("opts", "func()", "rest"),
    ]
    assert (found.owner, found.gives, found.access) == ("Cart", "bool", "public")


def test_what_leaves_types_open_says_so():
    assert target("Keep").type_parameters
    assert target("List.Len").type_parameters
    assert not target("Total").type_parameters


def test_the_changed_function_is_called_for_each_case_of_a_table():
    text = made("Total").text

    assert "\t\tcode    string\n\t\twant    int\n\t\twantErr bool\n" in text
    assert "got, err := Total(tt.items, tt.code)" in text


def test_imports_join_their_group_in_order():
    text = made("Cart.Pay").text

    assert 'import (\n\t"net/http"\n\t"os"\n\t"testing"\n)' in text
    assert "got := tt.c.Pay(tt.r, tt.arg2, tt.opts...)" in text


def test_it_stands_behind_the_test_that_is_named():
    text = made("Total", beside="TestTotal").text

    assert text.index("func TestTotal") < text.index("func TestIssue7") < text.index("func TestPay")


def test_an_external_test_package_calls_through_the_import():
    text = made("Total", TESTS.replace("package cart", "package cart_test")).text

    assert '\t"example.com/shop/cart"\n' in text
    assert "cart.Total(tt.items, tt.code)" in text


def test_what_is_unexported_stays_a_comment_outside_its_package():
    scaffold = made("hidden", TESTS.replace("package cart", "package cart_test"))

    assert "//   func hidden(n yaml.Node)" in scaffold.text
    assert Todo.REACH in scaffold.todo
    assert "yaml.v3" not in scaffold.text


@pytest.mark.parametrize("qualified", ["Keep", "List.Len", "init"])
def test_what_cannot_be_called_without_more_knowledge_stays_a_comment(qualified: str):
    assert "tests := " not in made(qualified).text


def test_testify_is_used_where_the_file_uses_it():
    text = made("Total", TESTS.replace('"os"', '"os"\n\n\t"github.com/stretchr/testify/require"')).text

    assert "require.Equal(t, tt.want, got)" in text
    assert "reflect" not in text


def test_in_a_suite_of_testify_it_becomes_a_method():
    suite = TESTS + "\nfunc (s *CartSuite) TestKept() {\n\ts.Require().True(true)\n}\n"

    scaffold = made("Total", suite, beside="CartSuite.TestKept")

    assert scaffold.test.name == "CartSuite.TestIssue7Total100Wrong"
    assert "func (s *CartSuite) TestIssue7Total100Wrong() {\n\tt := s.T()\n" in scaffold.text


def test_names_take_underscores_where_the_neighbours_do():
    text = TESTS.replace("TestTotal", "TestCart_Total").replace("TestPay", "TestCart_Pay")

    assert made("Total", text).test.name == "TestIssue7_Total100Wrong"


def test_a_percent_sign_is_no_mistake_for_vet():
    assert 't.Fatalf("Unfinished: assert what #7 expects: The total is 100%% right")' in made("Total").text


def test_a_new_file_takes_license_and_package_of_its_neighbour():
    near = Neighbour("cart/other_test.go", f"// Copyright 2020 Octo.\n\n//go:build linux\n\n{TESTS}")

    scaffold = made("Total", None, neighbours=(near,))

    assert scaffold.text.startswith('// Copyright 2020 Octo.\n\npackage cart\n\nimport "testing"\n\n// #7')


def test_a_snippet_stays_in_its_comment():
    story = replace(STORY, snippets=(Snippet("//go:build ignore\nfunc init() {\n\tpanic(1)\n}", "go"),))

    assert "\t//     func init() {\n\t//         panic(1)\n" in made("Total", story=story).text


def test_windows_line_ends_stay():
    text = made("Total", TESTS.replace("\n", "\r\n")).text

    assert text.count("\n") == text.count("\r\n")


@pytest.mark.skipif(shutil.which("go") is None, reason="needs go")
def test_it_compiles_is_listed_and_is_red(tmp_path: Path):
    code = CART.replace('\tyaml "gopkg.in/yaml.v3"\n', "").replace("func hidden(n yaml.Node) {}", "type List[T any] []T")
    (tmp_path / "go.mod").write_text(TREE["go.mod"])
    (tmp_path / "cart.go").write_text(code)
    for qualified in ("Total", "Cart.Pay", "Keep"):
        scaffold = made(qualified)
        (tmp_path / "cart_test.go").write_text(scaffold.text)
        for command in (["go", "vet", "."], ["go", "test", "-run", scaffold.test.name, "."]):
            run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
            assert run.returncode == (0 if command[1] == "vet" else 1), run.stdout + run.stderr
        assert "Unfinished: assert what #7 expects" in run.stdout
        tidy = subprocess.run(["gofmt", "-l", "cart_test.go"], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert tidy.stdout == ""
