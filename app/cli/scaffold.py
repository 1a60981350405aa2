"""`recall scaffold`: the regression test for a fix, to be read, as a diff, for machines, or written into the work tree."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.domain.errors import TellUser


def scaffold(
    fix: Annotated[str, typer.Argument(metavar="FIX", help="A commit, a merge commit, or a range A..B.")],
    repo: Annotated[Path, typer.Option(metavar="PATH", help="The repository; nothing in it is run.")] = Path(),
    issue: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The issue's text, its title on the first line; - reads it from standard input."),
    ] = None,
    number: Annotated[int | None, typer.Option(metavar="N", min=1, help="The issue's number.")] = None,
    url: Annotated[str, typer.Option(metavar="URL", help="The issue's address.")] = "",
    on: Annotated[str, typer.Option(metavar="COMMIT", help="The commit to write on.")] = "HEAD",
    write: Annotated[bool, typer.Option("--write", help="Write the test into the work tree.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Print the change as a patch for `git apply`.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the test for machines.")] = False,
) -> None:
    """Write the regression test for a fix, in the place and the manner of the tests beside it."""
    if sum((write, diff, json)) > 1:
        raise TellUser("--write, --diff and --json exclude each other: choose one.")
    from app.analysis.scaffold.machine import scaffold_json
    from app.analysis.scaffold.patch import scaffold_patch
    from app.analysis.scaffold.story import read_story
    from app.cli.explain import read_issue
    from app.engine.scaffold import write_scaffold

    title, _, body = (read_issue(issue) if issue else "").lstrip().partition("\n")
    story = read_story(number, title.lstrip("# "), body, url, trusted=True)
    made = write_scaffold(repo, fix, story, on=on, tell=lambda sentence: print(f"recall: {sentence}", file=sys.stderr))
    if json:
        from json import dumps

        print(dumps(scaffold_json(made), indent=2))
    elif diff:
        print(scaffold_patch(made), end="")
    elif write:
        print(_written(repo, made.test.path, made.before, made.text))
    else:
        print("\n".join(made.text.splitlines()[made.span.start - 1 : made.span.end]))


def _written(repo: Path, path: str, before: str | None, text: str) -> str:
    """Writes the file where it still is as it was read. Raises TellUser where it is not."""
    file = repo / path
    if file.is_symlink() or not file.resolve().is_relative_to(repo.resolve()):
        raise TellUser(f"{path} is a link: nothing was written.")
    now = file.read_bytes().decode(errors="surrogateescape") if file.is_file() else None
    if now != before:
        raise TellUser(f"{path} differs from the commit that the test was written on: commit or stash it first.")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode(errors="surrogateescape"))
    return f"Wrote {path}."
