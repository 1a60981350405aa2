"""`recall config`: what is wrong in a file, what is in force and where from, and the schema."""

import json
from pathlib import Path

import pytest

from app.analysis.settings.keys import KEYS, PATH
from app.cli import run
from tests.shop import SHOP, open_shop


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GITHUB_SERVER_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def settle(folder: Path, text: str) -> Path:
    file = folder / PATH
    file.parent.mkdir(parents=True)
    file.write_text(text)
    return file


def test_a_good_file_is_fine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settle(tmp_path, "drafts: false\n")
    assert run(["config", "check"]) == 0
    assert capsys.readouterr().out == f"{PATH}: all of it can be used.\n"


def test_each_mistake_is_a_line_that_leads_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.yml"
    file.write_text("drafts: maybe\nreview:\n  fial: true\n")
    assert run(["config", "check", str(file)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{file}:1:9: `drafts` is `maybe`, not `true` or `false`; it was ignored.",
        f"{file}:3:3: `review.fial` is not a known key; did you mean `review.fail`?",
    ]


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "check", "nowhere.yml"]) == 2
    assert capsys.readouterr().err == "recall: nowhere.yml cannot be read: No such file or directory.\n"


def test_of_a_checkout_every_key_is_shown_with_its_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settle(tmp_path, "tests:\n  unit: a/**\ndigest:\n  time: 7:05\n  zone: Mars\n")
    assert run(["config", "show"]) == 0
    shown, told = capsys.readouterr()
    lines = {line.split()[0]: line.split(maxsplit=1)[1] for line in shown.splitlines()}
    assert list(lines) == [key.name for key in KEYS]
    assert lines["tests.unit"] == f'["a/**"]   # {PATH}, line 2'
    assert lines["digest.time"] == f'"07:05"   # {PATH}, line 4'
    assert lines["digest.zone"] == "UTC"
    assert "line 5, column 9: `digest.zone` is `Mars`" in told


def test_of_a_repository_on_github_the_owners_file_counts_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_shop(tmp_path, visibility="private") as shop:
        monkeypatch.setenv("GITHUB_SERVER_URL", shop.sandbox.url)
        monkeypatch.setenv("GITHUB_TOKEN", shop.mona.token())
        shop.mona.push(SHOP, {PATH: "checks: false\n"}, "Settle")
        shop.sandbox.create_repository("octo/.github")
        shop.sandbox.person("ann", "octo/.github", role="write").push("octo/.github", {PATH: "drafts: false\n"}, "Settle")
        assert run(["config", "show", "--repo", SHOP, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["settings"]
    assert told["checks"] == {"value": False, "source": f"{PATH}, line 1"}
    assert told["drafts"] == {"value": False, "source": f"{PATH} of octo/.github, line 1"}
    assert told["comments"] == {"value": True, "source": "default"}


def test_what_is_no_repository_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "show", "--repo", "no/such/place"]) == 2
    assert "neither a folder nor a repository" in capsys.readouterr().err


def test_the_schema_is_printed_as_it_is_published(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "schema"]) == 0
    assert capsys.readouterr().out == (Path(__file__).parents[2] / "docs" / "recall.schema.json").read_text()
