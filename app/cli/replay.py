"""`recall replay`: what recall would have said of a repository's last bug fixes, before anybody installs anything."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.explain import cache_folder
from app.domain.errors import TellUser

MOST = 500


def replay(
    last: Annotated[int, typer.Option(metavar="N", min=1, max=MOST, help="How many bug fixes, the newest first.")] = 20,
    repo: Annotated[
        Path, typer.Option(metavar="PATH", help="The repository, bare or not; nothing in it is run or changed.")
    ] = Path(),
    until: Annotated[str, typer.Option(metavar="COMMIT", help="The commit whose history is looked through.")] = "HEAD",
    maps: Annotated[
        list[Path] | None, typer.Option("--map", metavar="FILE", help="A test map (`recall map build`); repeatable.")
    ] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print it as Markdown.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print it for machines.")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither read nor keep what earlier runs found out.")] = False,
) -> None:
    """Say how many of the last bug fixes came without a test, which had no integration test, and which seams let most through."""
    if markdown and json:
        raise TellUser("--markdown and --json exclude each other: choose one.")

    from app.cli import replay_words
    from app.cli.progress import Progress
    from app.engine import Cache, load_weights
    from app.engine.map_files import open_maps
    from app.engine.replay import find_fixes
    from app.engine.replay import replay as answer

    with Progress() as progress:
        progress("reading the history")
        past = find_fixes(repo, last, until)
        cache = Cache(None if no_cache else cache_folder())
        told = answer(repo, past, load_weights(), maps=open_maps(maps) if maps else None, cache=cache, progress=progress)
    if json:
        from json import dumps

        print(dumps(replay_words.replay_json(told), indent=2))
        return
    for line in (replay_words.table if markdown else replay_words.lines)(told, mapped=bool(maps)):
        print(line)
