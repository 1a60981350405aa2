"""`recall explain`: the report on a fix in a repository on this machine, for people, as the comment, or for machines."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.domain.culprit import Speech
from app.domain.errors import TellUser

ISSUE_LIMIT = 1_000_000


def explain(
    fix: Annotated[str | None, typer.Argument(metavar="FIX", help="A commit, a merge commit, or a range A..B.")] = None,
    repo: Annotated[
        Path, typer.Option(metavar="PATH", help="The repository, bare or not; nothing in it is run or changed.")
    ] = Path(),
    paths: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH", help="A place to explain where there is no fix yet: FILE, FILE:LINE or FILE:FROM-TO; repeatable."
        ),
    ] = None,
    issue: Annotated[Path | None, typer.Option(metavar="FILE", help="The issue's text; - reads it from standard input.")] = None,
    maps: Annotated[
        list[Path] | None,
        typer.Option("--map", metavar="FILE", help="A test map (`recall map build`); repeatable, for shards or several commits."),
    ] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the comment that the bot would post.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the report for machines.")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither read nor keep what earlier runs found out.")] = False,
) -> None:
    """Say which tests touch a fix, on what evidence, what nothing touches, and where the regression test belongs."""
    if markdown and json:
        raise TellUser("--markdown and --json exclude each other: choose one.")
    if fix is None and not paths and issue is None:
        raise TellUser("Nothing to explain: name a fix, or places with --paths, or an issue's text with --issue.")
    text = "" if issue is None else read_issue(issue)

    from app.cli.progress import Progress
    from app.engine.cache import Cache
    from app.engine.explain import Asked
    from app.engine.explain import explain as answer
    from app.engine.map_files import open_maps
    from app.engine.weights import load_weights

    with Progress() as progress:
        cache = Cache(None if no_cache else cache_folder())
        asked = Asked(fix, tuple(paths or ()), text, Speech(text))
        report = answer(repo, asked, load_weights(), maps=open_maps(maps) if maps else None, cache=cache, progress=progress)
    if json:
        from json import dumps

        from app.render.machine import report_json

        print(dumps(report_json(report), indent=2))
    elif markdown:
        from app.render.comment import report_markdown

        print(report_markdown(report))
    else:
        from app.cli.report import show

        show(report)


def cache_folder() -> Path:
    """Where programs keep what they can make again (XDG Base Directory Specification 0.8)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "recall"


def read_issue(file: Path) -> str:
    """The text of a file, bytes that are no UTF-8 replaced. Raises TellUser where it cannot be read, or holds no text."""
    name = "standard input" if str(file) == "-" else str(file)
    try:
        if str(file) == "-":
            data = sys.stdin.buffer.read(ISSUE_LIMIT)
        else:
            with file.open("rb") as stream:
                data = stream.read(ISSUE_LIMIT)
    except OSError as error:
        raise TellUser(f"The issue's text cannot be read from {name}: {error.strerror}.") from error
    if b"\0" in data:
        raise TellUser(f"The issue's text cannot be read from {name}: it is not a text file.")
    if not data.strip():
        raise TellUser(f"The issue's text cannot be read from {name}: it is empty.")
    return data.decode(errors="replace")
