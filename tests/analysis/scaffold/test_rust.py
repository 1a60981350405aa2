import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from app.analysis.languages import rust
from app.analysis.scaffold.compose import compose
from app.analysis.scaffold.signatures import READERS, Surroundings
from app.domain.scaffold import Blueprint, Neighbour, Scaffold, Story, Target
from app.domain.suite import Framework, Suite
from app.engine.scaffold import shipped_template

CART = """use std::fmt;

pub struct Cart<'a> {
    pub name: &'a str,
}

impl<'a> Cart<'a> {
    pub fn new() -> Self {
        Cart { name: "" }
    }

    pub fn total(&self, mut count: u32, code: &str, most: Option<u8>) -> Result<u32, String> {
        count += 1;
        Ok(count + code.len() as u32 + u32::from(most.unwrap_or(0)))
    }

    fn each(&self, f: impl Fn(u8)) {
        f(1)
    }
}

impl fmt::Display for Cart<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

fn trim(text: &str) -> &str {
    text.trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trims() {
        assert_eq!(trim(" a"), "a");
    }
}
"""
STORY = Story(7, "Total is {wrong}", "https://github.com/octo/shop/issues/7", then=("The total is {x:?} */ \\u{0}",))
TREE = {"Cargo.toml": '[package]\nname = "my-shop"\nversion = "0.1.0"\nedition = "2021"\n', "src/lib.rs": "", "src/cart.rs": CART}


def target(qualified: str, path: str = "src/cart.rs") -> Target:
    reader = READERS["rust"]
    found = reader.signature(CART.encode(), qualified)
    assert found is not None
    return Target(
        path,
        qualified.rpartition(".")[2],
        qualified,
        "function",
        reader.module(path, CART.encode(), Surroundings("", TREE, TREE.get)),
        found.owner,
        found.parameters,
        is_static=found.is_static,
        reachable=found.reachable,
        gives=found.gives,
        access=found.access,
        package=found.package,
        type_parameters=found.type_parameters,
        buildable=found.buildable,
    )


def made(qualified: str, existing: str | None = CART, path: str = "src/cart.rs", **fields: object) -> Scaffold:
    near = (Neighbour(path, existing),) if existing is not None else ()
    plan = Blueprint(Suite(Framework.CARGO_TEST), STORY, path, existing, (target(qualified),), neighbours=near)
    return compose(replace(plan, **fields), shipped_template(Framework.CARGO_TEST))


def test_definitions_are_qualified_by_type_and_module():
    assert [one.qualified for one in rust.symbols(CART.encode())] == [
        "Cart", "Cart.new", "Cart.total", "Cart.each", "Cart.fmt", "trim", "tests.trims",
    ]  # fmt: skip
    assert [test.name for test in rust.tests_in(CART.encode())] == ["tests.trims"]


def test_a_module_is_named_from_its_package():
    assert target("trim").module == "my_shop::cart"
    assert READERS["rust"].module("src/bin/run.rs", b"", Surroundings("", TREE, TREE.get)) == ""


def test_a_test_in_the_same_file_calls_what_is_above():
    scaffold = made("Cart.total")

    assert scaffold.test.name == "tests.issue_7_total_wrong"
    assert (
        '        let _call = || {\n            let count = 0u32;\n            let code = "";\n'
        "            let most = None::<u8>;\n            Cart::new().total(count, code, most)\n        };\n"
    ) in scaffold.text


@pytest.mark.parametrize("qualified", ["Cart.each", "Cart.fmt"])
def test_what_has_no_plain_values_stays_a_comment(qualified: str):
    text = made(qualified).text

    assert f"//   fn Cart::{qualified.partition('.')[2]}(self, f: " in text
    assert "_call" not in text


def test_a_test_outside_calls_only_what_it_imports():
    outside = "use my_shop::cart::Cart;\n\n#[test]\nfn test_pays() {\n}\n"

    assert "Cart::new().total(" in made("Cart.total", outside, "tests/cart.rs").text
    assert made("Cart.total", outside, "tests/cart.rs").test.name == "test_issue_7_total_wrong"
    assert "_call" not in made("trim", outside, "tests/cart.rs").text


def test_brackets_in_the_sentence_stand_for_themselves():
    assert 'panic!("Unfinished: assert what #7 expects: The total is {{x:?}} */ \\\\u{{0}}");' in made("trim").text


def test_a_new_file_takes_the_neighbours_license():
    near = Neighbour("tests/other.rs", "// Copyright Octo.\n\n#![allow(dead_code)]\n")

    text = made("trim", None, "tests/cart.rs", neighbours=(near,)).text

    assert text.startswith("// Copyright Octo.\n\n// #7: Total is {wrong}\n")


@pytest.mark.skipif(shutil.which("cargo") is None, reason="needs cargo")
def test_it_compiles_and_is_red(tmp_path: Path):
    (tmp_path / "src").mkdir()
    (tmp_path / "Cargo.toml").write_text(TREE["Cargo.toml"])
    text = CART
    for number, qualified in enumerate(("Cart.total", "Cart.new", "Cart.each", "trim")):
        text = made(qualified, text, story=replace(STORY, number=number)).text
    (tmp_path / "src/lib.rs").write_text("pub mod cart;\n")
    (tmp_path / "src/cart.rs").write_text(text)
    run = subprocess.run(
        ["cargo", "test", "--offline", "--lib"], cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False
    )

    assert "1 passed; 4 failed" in run.stdout, run.stdout + run.stderr
    assert "assert what #3 expects: The total is {x:?} */ \\u{0}" in run.stdout


def test_a_macro_that_makes_tests_is_used_where_the_neighbours_use_it():
    macros = "use crate::util::Dir;\n\nrgtest!(r1, |dir: Dir, mut cmd: Command| {\n    dir.create();\n});\n"

    scaffold = made("trim", macros, "tests/regression.rs")

    assert "\nrgtest!(issue_7_total_wrong, |dir: Dir, mut cmd: Command| {\n    // Expected: " in scaffold.text
    assert scaffold.text.endswith("});\n")
    assert scaffold.test.name == "issue_7_total_wrong"
    assert "#[test]" not in scaffold.text
