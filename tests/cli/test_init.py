"""`recall init`: files that GitHub, zizmor and recall's own reader take, for repositories of many shapes; nothing is lost."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from app.analysis.settings.reader import read
from app.cli import run

BIN = Path(sys.prefix) / "bin"
PYTEST = {"tests/test_cart.py": "import pytest\n\ndef test_total():\n    assert True\n"}
JEST = {"src/cart.test.js": "const { total } = require('./cart');\ntest('total', () => { expect(total()).toBe(1); });\n"}
VITEST = {"src/cart.test.ts": "import { expect, test } from 'vitest';\ntest('total', () => { expect(1).toBe(1); });\n"}
JUNIT = {"src/test/java/CartTest.java": "import org.junit.jupiter.api.Test;\nclass CartTest { @Test void total() {} }\n"}
ACTION = f"acme/recall@{'a' * 40}"

SHAPES: dict[str, Mapping[str, str]] = {
    "requirements": {**PYTEST, "requirements.txt": "", "requirements-dev.txt": "pytest\n", ".python-version": "3.12\n"},
    "pyproject": {
        **PYTEST,
        "pyproject.toml": '[project]\nname = "shop"\n[project.optional-dependencies]\ntest = ["pytest"]\n',
    },
    "uv": {**PYTEST, "pyproject.toml": "[tool.pytest.ini_options]\n", "uv.lock": ""},
    "poetry": {
        **PYTEST,
        "pyproject.toml": "[tool.poetry]\n",
        "poetry.lock": "",
        "tests/integration/test_all.py": "import pytest\n",
    },
    "jest": {**JEST, "package.json": json.dumps({"devDependencies": {"jest": "29"}}), "yarn.lock": "", ".nvmrc": "22\n"},
    "vitest": {
        **VITEST,
        "package.json": json.dumps({"devDependencies": {"vitest": "3", "@vitest/coverage-istanbul": "3"}}),
        "pnpm-lock.yaml": "",
    },
    "go": {"go.mod": "module shop\n", "cart_test.go": 'package shop\n\nimport "testing"\n\nfunc TestTotal(t *testing.T) {}\n'},
    "maven": {**JUNIT, "pom.xml": "<project><artifactId>junit-jupiter</artifactId>jacoco-maven-plugin</project>", "mvnw": ""},
    "ruby": {"spec/cart_spec.rb": "RSpec.describe 'cart' do\nend\n", "Gemfile": "gem 'rspec'\n"},
    "cargo": {"Cargo.toml": "[package]\n", "tests/cart.rs": "#[test]\nfn total() {}\n"},
    "nothing": {"README.md": "hello\n"},
}
RUNS = {
    "requirements": "python -m pip install -r requirements-dev.txt -r requirements.txt",
    "pyproject": 'python -m pip install -e ".[test]"',
    "uv": "uv sync",
    "poetry": "poetry install",
    "jest": "yarn install --frozen-lockfile",
    "vitest": "pnpm install --frozen-lockfile",
    "go": "go mod download",
    "maven": "./mvnw --batch-mode --quiet test-compile",
    "ruby": "bundle install",
    "cargo": "cargo fetch",
}
MEASURED = {"requirements", "pyproject", "uv", "poetry", "jest", "vitest", "go", "maven"}


def checkout(folder: Path, files: Mapping[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    git(folder, "init", "-q", "-b", "trunk")
    git(folder, "add", "-A")
    git(folder, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "Begin")
    return folder


def git(folder: Path, *arguments: str, given: str | None = None) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True, input=given)
    return done.stdout


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every shape with its files written."""
    made = {}
    for shape, files in SHAPES.items():
        folder = checkout(tmp_path_factory.mktemp(shape), files)
        assert run(["init", "--repo", str(folder), "--write", "--action", ACTION]) == 0
        made[shape] = folder
    return made


def workflows(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in (folder / ".github" / "workflows").iterdir()}


def commands(text: str) -> list[str]:
    (job,) = yaml.safe_load(text)["jobs"].values()
    return [step["run"] for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("shape", RUNS)
def test_the_workflows_install_what_the_repository_uses(written: dict[str, Path], shape: str) -> None:
    made = workflows(written[shape])
    for name in ("recall-prove.yml", "recall-challenge.yml"):
        assert RUNS[shape] in commands(made[name])


@pytest.mark.parametrize("shape", SHAPES)
def test_a_map_is_made_only_where_coverage_can_be_told(written: dict[str, Path], shape: str) -> None:
    assert ("recall-map.yml" in workflows(written[shape])) is (shape in MEASURED)


@pytest.mark.parametrize("shape", sorted(MEASURED))
def test_a_map_is_of_the_default_branch(written: dict[str, Path], shape: str) -> None:
    # YAML 1.1 reads `on` as true
    assert yaml.safe_load(workflows(written[shape])["recall-map.yml"])[True]["push"]["branches"] == ["trunk"]


def test_github_takes_every_workflow(written: dict[str, Path]) -> None:
    files = [str(file) for folder in written.values() for file in (folder / ".github" / "workflows").iterdir()]
    subprocess.run([BIN / "check-jsonschema", "--quiet", "--builtin-schema", "vendor.github-workflows", *files], check=True)


def test_zizmor_finds_nothing(written: dict[str, Path]) -> None:
    folders = [str(folder / ".github" / "workflows") for folder in written.values()]
    subprocess.run([BIN / "zizmor", "--offline", "--quiet", "--no-progress", *folders], check=True)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_configuration_is_read_without_a_problem(written: dict[str, Path], shape: str) -> None:
    reading = read((written[shape] / ".github" / "recall.yml").read_text())
    assert reading.problems == ()


def test_folders_of_integration_tests_are_named(written: dict[str, Path]) -> None:
    assert read((written["poetry"] / ".github" / "recall.yml").read_text()).values == {
        "tests.integration": ("tests/integration/**",)
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_no_placeholder_is_left(written: dict[str, Path], shape: str) -> None:
    texts = "\n".join(workflows(written[shape]).values())
    assert "OWNER/" not in texts
    assert "recall.example" not in texts
    assert "Copy to" not in texts


def test_nothing_is_written_unless_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = checkout(tmp_path, SHAPES["go"])
    assert run(["init", "--repo", str(folder)]) == 0
    assert git(folder, "status", "--short") == ""
    told = capsys.readouterr()
    assert "Would write .github/recall.yml" in told.out
    assert "--action" in told.err


def test_the_patch_makes_the_same_files(written: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = checkout(tmp_path, SHAPES["vitest"])
    assert run(["init", "--repo", str(folder), "--diff", "--action", ACTION]) == 0
    git(folder, "apply", "-", given=capsys.readouterr().out)
    assert workflows(folder) == workflows(written["vitest"])


def test_a_file_that_is_there_stays_unless_forced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = checkout(tmp_path, {**SHAPES["go"], ".github/recall.yml": "drafts: false\n"})
    assert run(["init", "--repo", str(folder), "--write"]) == 0
    assert (folder / ".github" / "recall.yml").read_text() == "drafts: false\n"
    assert "left as it is, --force replaces it" in capsys.readouterr().out
    assert run(["init", "--repo", str(folder), "--write", "--force"]) == 0
    assert "drafts: true" in (folder / ".github" / "recall.yml").read_text()


ODD = """it's ${{ github.token }} "odd" # here"""


@pytest.mark.parametrize("labels", [["incident"], ["incident", "Kind: Regression"], [ODD, "incident"]])
def test_the_labels_that_the_configuration_names_start_the_workflow(tmp_path: Path, labels: list[str]) -> None:
    settled = {".github/recall.yml": f"labels: {json.dumps(labels)}\n"}
    folder = checkout(tmp_path, {**SHAPES["go"], **settled})
    assert run(["init", "--repo", str(folder), "--write", "--force", "--action", ACTION]) == 0
    assert read((folder / ".github" / "recall.yml").read_text()).configuration.labels == tuple(labels)
    (job,) = yaml.safe_load(workflows(folder)["recall.yml"])["jobs"].values()
    assert "escaped-bug" not in job["if"]
    assert "${{" not in job["if"]
    told = [json.loads(found[1]) if found[1] else found[2] for found in re.finditer(r"fromJSON\('(.+?)'\)|'([^']*)'", job["if"])]
    assert {label: told.count(label) for label in labels} == dict.fromkeys(labels, 3)
    file = folder / ".github" / "workflows" / "recall.yml"
    subprocess.run([BIN / "check-jsonschema", "--quiet", "--builtin-schema", "vendor.github-workflows", file], check=True)


def test_a_second_time_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = checkout(tmp_path, SHAPES["go"])
    for _ in range(2):
        assert run(["init", "--repo", str(folder), "--write"]) == 0
    assert "Wrote" not in capsys.readouterr().out.partition("as it should be")[2]


def test_a_link_is_not_written_through(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = checkout(tmp_path / "repository", SHAPES["go"])
    (tmp_path / "elsewhere").mkdir()
    (folder / ".github").symlink_to(tmp_path / "elsewhere")
    assert run(["init", "--repo", str(folder), "--write"]) == 2
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_with_a_server_only_what_runs_tests_is_written(tmp_path: Path) -> None:
    folder = checkout(tmp_path, SHAPES["go"])
    assert run(["init", "--repo", str(folder), "--write", "--server", "https://recall.acme.org"]) == 0
    made = workflows(folder)
    assert set(made) == {"recall-map.yml", "recall-prove.yml", "recall-challenge.yml"}
    assert made["recall-challenge.yml"].count("server: https://recall.acme.org") == 2


@pytest.mark.parametrize("arguments", [["--action", "acme/recall@v1"], ["--server", "http://recall"], ["--write", "--diff"]])
def test_what_cannot_be_meant_is_refused(tmp_path: Path, arguments: list[str]) -> None:
    assert run(["init", "--repo", str(tmp_path), *arguments]) == 2


@pytest.mark.parametrize("shape", SHAPES)
def test_without_a_server_nobody_asks_for_a_token_to_speak_to_one(written: dict[str, Path], shape: str) -> None:
    assert [name for name, text in workflows(written[shape]).items() if "id-token" in text] == []
