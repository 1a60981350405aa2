"""`recall replay`: what recall would have said of a repository's last bug fixes, before anybody installs anything."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.explain import cache_folder
from app.domain.errors import RecallError, TellUser

if TYPE_CHECKING:
    from app.cli.progress import Progress
    from app.domain.replay import Replay, Replayed

MOST = 500


def replay(
    last: Annotated[int, typer.Option(metavar="N", min=1, max=MOST, help="How many bug fixes, the newest first.")] = 20,
    repo: Annotated[
        Path, typer.Option(metavar="PATH", help="The repository; nothing in it is changed, and without --prove nothing run.")
    ] = Path(),
    until: Annotated[str, typer.Option(metavar="COMMIT", help="The commit whose history is looked through.")] = "HEAD",
    maps: Annotated[
        list[Path] | None, typer.Option("--map", metavar="FILE", help="A test map (`recall map build`); repeatable.")
    ] = None,
    prove: Annotated[
        bool, typer.Option("--prove", help="Also run the tests that the fixes brought, without them and with them.")
    ] = False,
    command: Annotated[str, typer.Option(metavar="COMMAND", help="With --prove: run this instead of what is found.")] = "",
    seconds: Annotated[float, typer.Option(metavar="N", min=1, help="With --prove: the limit of one run.")] = 600,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print it as Markdown.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print it for machines.")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither read nor keep what earlier runs found out.")] = False,
) -> None:
    """Say how many of the last bug fixes came without a test, which had no integration test, and which seams let most through."""
    if markdown and json:
        raise TellUser("--markdown and --json exclude each other: choose one.")

    from app.cli import replay_words
    from app.cli.progress import Progress
    from app.engine.cache import Cache
    from app.engine.map_files import open_maps
    from app.engine.replay import find_fixes
    from app.engine.replay import replay as answer
    from app.engine.weights import load_weights

    with Progress() as progress:
        progress("reading the history")
        past = find_fixes(repo, last, until)
        cache = Cache(None if no_cache else cache_folder())
        told = answer(repo, past, load_weights(), maps=open_maps(maps) if maps else None, cache=cache, progress=progress)
        if prove:
            told = _proved(repo, told, command, seconds, progress)
    if json:
        from json import dumps

        print(dumps(replay_words.replay_json(told), indent=2))
        return
    for line in (replay_words.table if markdown else replay_words.lines)(told, mapped=bool(maps)):
        print(line)


def _proved(repo: Path, told: "Replay", command: str, seconds: float, progress: "Progress") -> "Replay":
    """The same with what came of the tests that each fix brought; one that cannot be tried is told, and stops none."""
    from dataclasses import replace

    def tried(number: int, one: "Replayed") -> "Replayed":
        if not one.tests_in_fix:
            return one
        progress(f"proving fix {number} of {len(told.fixes)}: {one.fix.sha[:10]}")
        return _prove(repo, one, command, seconds)

    return replace(told, fixes=tuple(tried(number, one) for number, one in enumerate(told.fixes, 1)), proved=True)


def _prove(repo: Path, one: "Replayed", command: str, seconds: float) -> "Replayed":
    from app.domain.proof import Verdict
    from app.proving.asked import Asked
    from app.proving.prove import prove as run
    from app.render.proof import reason
    from app.render.words import plain

    try:
        receipt = run(repo, Asked(fix=one.fix.sha, command=command, tip=False, seconds=seconds))
    except RecallError as error:
        return one.proved(Verdict.COULD_NOT_RUN, str(error))
    return one.proved(receipt.verdict, reason(receipt, plain()))
