"""The command line ends in one line and an exit code, whatever happens."""

from pathlib import Path

import pytest
import typer

from app import cli
from app.domain.errors import TellUser, TryLater
from tests.build import working_copy


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.run(list(arguments))
    said = capsys.readouterr()
    return code, said.out, said.err


def test_nothing_to_explain_is_one_line_and_two(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capsys, "explain")
    assert (code, out, len(err.splitlines())) == (2, "", 1)


def test_no_repository_is_one_line_and_two(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = told(capsys, "explain", "HEAD", "--repo", str(tmp_path / "nowhere"))
    assert (code, out) == (2, "")
    assert err.startswith("recall: ") and "is not a folder" in err and len(err.splitlines()) == 1


def test_an_unreadable_issue_is_one_line_and_two(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = told(capsys, "explain", "--issue", str(tmp_path / "none.md"))
    assert code == 2
    assert "No such file" in err and len(err.splitlines()) == 1


def test_a_wrong_option_is_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "explain", "--nonsense")[0] == 2


def test_an_escape_sequence_in_a_name_is_not_passed_on(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    copy = working_copy(tmp_path / "repo")
    copy.commit("Start")
    _, _, err = told(capsys, "explain", "\x1b[31mred", "--repo", str(copy.path))
    assert "\x1b" not in err


@pytest.mark.parametrize(
    ("raised", "code"), [(TellUser("Do this."), 2), (TryLater("Busy."), 1), (KeyboardInterrupt(), 130), (BrokenPipeError(), 1)]
)
def test_each_end_has_its_code(
    raised: BaseException, code: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def end() -> None:
        if isinstance(raised, BrokenPipeError):
            raise BrokenPipeError(32, "Broken pipe")
        raise raised

    recall = typer.Typer(pretty_exceptions_enable=False)
    recall.command("end")(end)
    monkeypatch.setattr(cli, "recall", recall)
    assert cli.run([]) == code
    assert "Traceback" not in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "--version")
    assert code == 0
    assert out.startswith("recall ")
