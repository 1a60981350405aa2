"""`recall culprit`: which change let in the bug that a fix repairs, for people, as Markdown, or for machines."""

from pathlib import Path
from typing import Annotated

import typer

from app.domain.culprit import Speech
from app.domain.errors import TellUser


def culprit(
    fix: Annotated[str, typer.Argument(metavar="FIX", help="A commit, a merge commit, or a range A..B.")],
    repo: Annotated[
        Path, typer.Option(metavar="PATH", help="The repository, bare or not; nothing in it is run or changed.")
    ] = Path(),
    issue: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The issue's text, which may name the cause; - reads it from standard input."),
    ] = None,
    guess: Annotated[
        bool, typer.Option("--guess", help="Only guess: do not hear who names the cause in the fix's message or the issue.")
    ] = False,
    cautious: Annotated[
        bool, typer.Option("--cautious", help="Name a commit only where that is right most of the time.")
    ] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print what the bot's comment would say of it.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the answer for machines.")] = False,
) -> None:
    """Say which change let in the bug that a fix repairs, with what speaks for it, or that it is not known."""
    if markdown and json:
        raise TellUser("--markdown and --json exclude each other: choose one.")
    if guess and issue is not None:
        raise TellUser("--guess and --issue exclude each other: a guess reads nothing that people say.")
    from app.cli.explain import read_issue
    from app.engine.culprit import trace

    text = read_issue(issue) if issue is not None else ""
    origin = trace(repo, fix, speech=None if guess else Speech(text), cautious=cautious)
    if json:
        from json import dumps

        from app.render.culprit import origin_json

        print(dumps(origin_json(origin), indent=2))
    elif markdown:
        from app.render.culprit import origin_markdown

        print(origin_markdown(origin))
    else:
        from app.cli.report import show_origin

        show_origin(origin)
