"""What tree-sitter cannot see: the languages' own compilers read tests made of hostile issues, and every one of them is red."""

import shutil
import subprocess
from pathlib import Path

import pytest

from app.analysis.scaffold.compose import compose
from app.domain.scaffold import Blueprint, Literal, Neighbour, Raised, Snippet, Story
from app.domain.suite import Framework, Suite
from app.engine.scaffold import shipped_template

HOSTILE = (
    "\\u000a System.exit(0); //",
    "\\\\u0022 \\uuu0022 C:\\users\\uuuu",
    '"); os.Exit(0) // " \\',
    "*/ /* /** ?> <?php exit; ?> </script> %>",
    "`' $x {$y} ${z} $$ '' `` '''",
    "+build ignore",
    "//go:build ignore",
    "go:generate rm -rf /",
    "line x.go:1",
    "{0} {{ }} {x:?} %d %s %! %%v 100%",
    '"# r#" @" """ <<<EOT',
    "#if X #endregion #[cfg(none)] #!",
    "\x00\x01\x07\x1b[31m\x7f\x85\x0b\x0c\r\u2028\u2029",
    "\u202e\u2066\ufeff\u200b\ud800\udfff",
    "\U0001f600 e\u0301 ü 中",
    "a\n\nb\r\nc\n@Test\n}\n}",
)
JARS = [Path("/usr/share/java") / f"{name}.jar" for name in ("junit4", "hamcrest-core")]
GO = 'package cart\n\nimport (\n\t"testing"\n)\n\nfunc TestA(t *testing.T) {\n}\n'
JAVA = "import org.junit.Test;\n\npublic class CartTest {\n    @Test\n    public void a() {\n    }\n}\n"
PHP = (
    "<?php\n\nuse PHPUnit\\Framework\\TestCase;\n\nclass CartTest extends TestCase\n{\n    public function testA(): void\n"
    "    {\n        $this->assertTrue(true);\n    }\n}\n"
)
RUST = "#[test]\nfn a() {}\n"


def stories() -> list[Story]:
    return [
        Story(
            number,
            text,
            f"https://example.com/{text}",
            given=(text,),
            when=(text, text),
            then=(text,),
            actual=(text,),
            snippets=(Snippet(text), Snippet(f"{text}\n{text}", "java")),
            raised=Raised(text, text),
        )
        for number, text in enumerate(HOSTILE, 1)
    ]


def whole(framework: Framework, path: str, text: str) -> str:
    """The file with one test for every hostile story."""
    for story in stories():
        values = (Literal("string", story.title, f'"{story.title}', "src/cart"),)
        plan = Blueprint(Suite(framework), story, path, text, literals=values, neighbours=(Neighbour(path, text),))
        text = compose(plan, shipped_template(framework)).text
    return text


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=300, check=False
    )  # fmt: skip


@pytest.mark.skipif(shutil.which("go") is None, reason="needs go")
def test_go_reads_only_text(tmp_path: Path):
    (tmp_path / "go.mod").write_text("module example.com/cart\n\ngo 1.19\n")
    (tmp_path / "cart_test.go").write_text(whole(Framework.GO_TEST, "cart_test.go", GO))

    assert run(tmp_path, "gofmt", "-l", ".").stdout == ""
    vetted = run(tmp_path, "go", "vet", ".")
    assert vetted.returncode == 0, vetted.stderr
    assert run(tmp_path, "go", "test", ".").stdout.count("\n--- FAIL") == len(HOSTILE) - 1


@pytest.mark.skipif(shutil.which("javac") is None or not all(jar.exists() for jar in JARS), reason="needs javac and JUnit 4")
def test_java_reads_only_text(tmp_path: Path):
    (tmp_path / "CartTest.java").write_text(whole(Framework.JUNIT4, "CartTest.java", JAVA))
    path = ":".join([*map(str, JARS), str(tmp_path)])

    built = run(tmp_path, "javac", "-encoding", "UTF-8", "-cp", path, "-d", ".", "CartTest.java")
    assert built.returncode == 0, built.stderr
    told = run(tmp_path, "java", "-cp", path, "org.junit.runner.JUnitCore", "CartTest").stdout
    assert f"Tests run: {len(HOSTILE) + 1},  Failures: {len(HOSTILE)}" in told


@pytest.mark.skipif(shutil.which("phpunit") is None, reason="needs PHPUnit")
def test_php_reads_only_text(tmp_path: Path):
    (tmp_path / "CartTest.php").write_text(whole(Framework.PHPUNIT, "CartTest.php", PHP))

    told = run(tmp_path, "phpunit", "--no-configuration", "CartTest.php").stdout

    assert f"Tests: {len(HOSTILE) + 1}, Assertions: {len(HOSTILE) + 1}, Failures: {len(HOSTILE)}." in told


@pytest.mark.skipif(shutil.which("cargo") is None, reason="needs cargo")
def test_rust_reads_only_text(tmp_path: Path):
    (tmp_path / "src").mkdir()
    (tmp_path / "Cargo.toml").write_text('[package]\nname = "cart"\nversion = "0.1.0"\nedition = "2021"\n')
    (tmp_path / "src/lib.rs").write_text(whole(Framework.CARGO_TEST, "src/lib.rs", RUST))

    told = run(tmp_path, "cargo", "test", "--offline", "--lib")

    assert f"1 passed; {len(HOSTILE)} failed" in told.stdout, told.stderr
