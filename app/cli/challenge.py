"""`recall challenge`: puts past escapes back on the tip, in worktrees, and says which of them tests would catch today."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.domain.errors import TellUser, TryLater

if TYPE_CHECKING:
    from app.domain.past import PastEscape

Escapes = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[ESCAPE]...", help="Receipts of `recall prove`, or a list of escapes as a server tells it."),
]
_MOST_BYTES = 16 << 20
CAUGHT, UNCAUGHT, UNKNOWN = 0, 1, 2


def challenge(
    escapes: Escapes = None,
    repo: Annotated[Path, typer.Option(metavar="PATH", help="The repository, with what its tests need installed.")] = Path(),
    whole: Annotated[bool, typer.Option("--all", help="Run the whole suite, not the guards alone.")] = False,
    server: Annotated[
        str | None, typer.Option("--server", metavar="URL", help="Ask a recall server for the escapes; needs --name and a token.")
    ] = None,
    name: Annotated[str, typer.Option(metavar="OWNER/NAME", envvar="GITHUB_REPOSITORY", help="What the server calls it.")] = "",
    token: Annotated[str, typer.Option(metavar="TOKEN", envvar="GITHUB_TOKEN", help="A GitHub token that can read it.")] = "",
    on: Annotated[str, typer.Option(metavar="COMMIT", help="The commit that stands for today.")] = "HEAD",
    command: Annotated[str, typer.Option(metavar="'...'", help="How tests are run, where recall finds it out wrongly.")] = "",
    seconds: Annotated[float, typer.Option(metavar="N", min=1, help="The limit of one run.")] = 600.0,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print it as Markdown.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it for machines.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Also write it for machines into FILE.")] = None,
) -> None:
    """Put past bugs back and run their guards: 0 if all are caught, 1 if one gets through, 2 if nothing could be tried."""
    if markdown and as_json:
        raise TellUser("--markdown and --json exclude each other: choose one.")
    if not escapes and server is None:
        raise TellUser("Nothing to challenge: name receipts of `recall prove --out`, or a server with --server.")

    from app.analysis.receipt import challenge_json
    from app.cli.progress import Progress
    from app.domain.proof import Catch
    from app.proving.challenge import Asking
    from app.proving.challenge import challenge as run
    from app.render.challenge import challenge_markdown, challenge_text

    try:
        known = [escape for file in escapes or () for escape in _read(file)]
        if server is not None:
            known += _ask(server, name, token)
        with Progress() as progress:
            told = run(repo, known, Asking(on, whole, command, seconds), progress)
    except TryLater as error:
        raise TellUser(str(error)) from error  # 1 would say that a bug gets through
    as_text = json.dumps(challenge_json(told), indent=2)
    if out:
        _write(out, as_text + "\n")
    print(as_text if as_json else challenge_markdown(told) if markdown else challenge_text(told))
    catches = {one.catch for one in told}
    code = UNCAUGHT if Catch.UNCAUGHT in catches else UNKNOWN if catches == {Catch.UNKNOWN} else CAUGHT
    raise typer.Exit(code)


def _read(file: Path) -> "tuple[PastEscape, ...]":
    """The escapes of one file, whichever of the two it is."""
    from app.analysis.past import escape_of, read_escapes
    from app.analysis.receipt import read_receipt

    try:
        with file.open("rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise TellUser(f"{file} cannot be read: {error.strerror}.") from error
    try:
        return read_escapes(data) if b'"escapes"' in data[:1000] else (escape_of(read_receipt(data)),)
    except TellUser as error:
        raise TellUser(f"{file}: {error}") from error


def _ask(url: str, name: str, token: str) -> "tuple[PastEscape, ...]":
    from app.analysis.past import read_escapes
    from app.cli.server import Server
    from app.github.shapes import FULL_NAME

    if not FULL_NAME.fullmatch(name):
        raise TellUser("Say with --name which repository the server is to be asked about: OWNER/NAME.")
    return read_escapes(json.dumps(Server(url).get(f"/escapes/{name}", token)).encode())


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text)
    except OSError as error:
        raise TellUser(f"The result cannot be written to {out}: {error.strerror}.") from error
