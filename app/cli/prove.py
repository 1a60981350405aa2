"""`recall prove`: whether tests are red without a fix and green with it, by running them; ends in a receipt and an exit code."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.domain.errors import TellUser, TryLater

if TYPE_CHECKING:
    from app.domain.scaffold import Raised


def prove(
    tests: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TEST...]", help="PATH::NAME of each test, or a whole file. [default: those that the fix changed]"
        ),
    ] = None,
    fix: Annotated[
        str | None,
        typer.Option(metavar="FIX", help="A commit, a merge commit, or a range A..B. [default: none yet, so only red now]"),
    ] = None,
    repo: Annotated[Path, typer.Option(metavar="PATH", help="The repository; nothing in it is changed.")] = Path(),
    command: Annotated[
        str,
        typer.Option(metavar="COMMAND", help="Run this instead, never in a shell; {tests}, {files} and {results} are filled in."),
    ] = "",
    source: Annotated[
        str | None, typer.Option("--from", metavar="REV", help="Take the tests from this commit or branch.")
    ] = None,
    issue: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The issue's text, for the error it tells of; - reads standard input.")
    ] = None,
    number: Annotated[int | None, typer.Option(metavar="N", min=1, help="The issue's number, for the receipt.")] = None,
    tip: Annotated[bool, typer.Option("--tip/--no-tip", help="Also undo the fix on the default branch's tip.")] = True,
    seconds: Annotated[float, typer.Option(metavar="N", min=1, help="The limit of one run.")] = 600,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the receipt there, as JSON.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the receipt as JSON.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print it as Markdown.")] = False,
) -> None:
    """Run tests without a fix and with it, three times each: 0 proved, 1 not proved, 2 could not run."""
    if json and markdown:
        raise TellUser("--json and --markdown exclude each other: choose one.")

    from json import dumps

    from app.analysis.receipt import receipt_json
    from app.analysis.runners.test_ids import read_test_id
    from app.cli.progress import Progress
    from app.proving.asked import Asked
    from app.proving.prove import prove as run
    from app.render.proof import receipt_markdown, receipt_text

    named = tuple(read_test_id(test) for test in tests or ())
    asked = Asked(named, fix, command, source, number, _raised(issue), tip, seconds)
    try:
        with Progress() as progress:
            receipt = run(repo, asked, progress)
    except TryLater as error:
        raise TellUser(str(error)) from error  # 1 would say that it is not proved
    as_json = dumps(receipt_json(receipt), indent=2)
    if out:
        _write(out, as_json + "\n")
    print(as_json if json else receipt_markdown(receipt) if markdown else receipt_text(receipt))
    raise typer.Exit(int(receipt.exit_code))


def _raised(issue: Path | None) -> "Raised | None":
    if issue is None:
        return None
    from app.analysis.scaffold.story import read_story
    from app.cli.explain import read_issue

    return read_story(None, "", read_issue(issue)).raised


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text)
    except OSError as error:
        raise TellUser(f"The receipt cannot be written to {out}: {error.strerror}.") from error
