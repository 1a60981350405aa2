"""`recall config`: checks a `.github/recall.yml`, shows what is in force and where from, and prints the schema."""

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.domain.errors import TellUser

if TYPE_CHECKING:
    from app.domain.configuration import Problem, Settled

config = typer.Typer(name="config", help="Check .github/recall.yml, or show what is in force.", no_args_is_help=True)


@config.command(short_help="Name what in a file cannot be used, with line and column.")
def check(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="The file; - reads standard input.")] = None,
) -> None:
    """Name everything in FILE (.github/recall.yml) that recall could not use. Exit code 1 if there is anything."""
    from app.analysis.settings.keys import PATH
    from app.analysis.settings.reader import read

    path = file or Path(PATH)
    problems = read(_text(path)).problems
    for problem in problems:
        print(_located(path, problem))
    if problems:
        raise typer.Exit(1)
    print(f"{path}: all of it can be used.")


@config.command(short_help="Show every setting in force, and where it comes from.")
def show(
    repo: Annotated[
        str, typer.Option(metavar="PATH|OWNER/NAME", help="A checkout, or a repository on GitHub (GH_TOKEN if it is not public).")
    ] = ".",
    json: Annotated[bool, typer.Option("--json", help="Print it for machines.")] = False,
) -> None:
    """Show the configuration in force: each key, its value, and the line that says so. Of a checkout only its own file counts."""
    from app.analysis.settings.commented import written
    from app.analysis.settings.keys import DEFAULTS

    settled = _settled(repo)
    values = {**DEFAULTS, **settled.written}
    if json:
        from json import dumps

        rows = {key: {"value": value, "source": settled.sources.get(key, "default")} for key, value in values.items()}
        print(dumps({"commit": settled.commit, "settings": rows, "problems": list(settled.problems)}, indent=2))
        return
    widest = max(map(len, DEFAULTS))
    for key, value in values.items():
        source = settled.sources.get(key)
        print(f"{key:{widest}}  {'-' if value is None else written(value)}{f'   # {source}' if source else ''}")
    for problem in settled.problems:
        print(f"recall: {problem}", file=sys.stderr)


@config.command(short_help="Print the JSON schema by which editors complete the file.")
def schema() -> None:
    """Print the JSON schema of .github/recall.yml (draft 2020-12)."""
    from app.analysis.settings.schema import schema_text

    print(schema_text(), end="")


def _settled(repo: str) -> "Settled":
    """What is in force in a checkout, or in a repository on GitHub."""
    from app.analysis.settings.keys import PATH
    from app.analysis.settings.reader import settle

    folder = Path(repo)
    if folder.is_dir():
        file = folder / PATH
        return settle(_text(file) if file.is_file() else None)
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repo, re.ASCII):
        raise TellUser(f"{repo[:200]} is neither a folder nor a repository such as owner/name.")

    from app.bootstrap.preview import settled_there
    from app.cli.preview import token_for

    web_url = os.environ.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/")
    return settled_there(web_url, repo, token_for(web_url, os.environ))


def _text(path: Path) -> str:
    """A file's text; what is no UTF-8 is told as a problem of the file, not of this command."""
    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise TellUser(f"{path} cannot be read: {error.strerror or error}.") from error
    return content.decode("utf-8", "replace")


def _located(path: Path, problem: "Problem") -> str:
    """As compilers tell it, so that editors and terminals lead there."""
    where = f":{problem.line}:{problem.column}" if problem.line else ""
    return f"{path}{where}: {problem.text}"
