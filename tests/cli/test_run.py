"""The command line ends in one line and an exit code, whatever happens."""

import pytest
import typer

from app import cli
from app.domain.errors import TellUser, TryLater


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.run(list(arguments))
    said = capsys.readouterr()
    return code, said.out, said.err


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
