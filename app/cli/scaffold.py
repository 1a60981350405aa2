"""`recall scaffold`: the regression test for a fix, to be read, as a diff, for machines, or written into the work tree."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.domain.errors import TellUser

if TYPE_CHECKING:
    from app.domain.scaffold import Scaffold

NOT_COLLECTED, UNKNOWN = 1, 2


def scaffold(
    fix: Annotated[str, typer.Argument(metavar="FIX", help="A commit, a merge commit, or a range A..B.")],
    repo: Annotated[Path, typer.Option(metavar="PATH", help="The repository; nothing in it is run without --check.")] = Path(),
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
    check: Annotated[
        bool, typer.Option("--check", help="Ask the repository's runner whether it collects the test; this runs its code.")
    ] = False,
) -> None:
    """Write the regression test for a fix, in the place and the manner of the tests beside it."""
    if sum((write, diff, json)) > 1:
        raise TellUser("--write, --diff and --json exclude each other: choose one.")
    from app.analysis.scaffold.story import read_story
    from app.cli.explain import read_issue
    from app.engine.scaffold import write_scaffold
    from app.render.words import plain

    title, _, body = (read_issue(issue) if issue else "").lstrip().partition("\n")
    story = read_story(number, title.lstrip("# "), body, url, trusted=True)
    made = write_scaffold(repo, fix, story, on=on, tell=_tell)
    if json:
        from json import dumps

        from app.analysis.scaffold.machine import scaffold_json

        print(dumps(scaffold_json(made), indent=2))
    elif diff:
        from app.analysis.scaffold.patch import scaffold_patch

        print(scaffold_patch(made), end="")
    elif write:
        _keep(repo, made.test.path, made.before, made.text)
        print(plain().say("scaffold", "written", test=made.test))
    else:
        print("\n".join(made.text.splitlines()[made.span.start - 1 : made.span.end]))
    if not json and not diff:
        _show_left(made, written=write)
    if check:
        raise typer.Exit(_check(repo, made, on))


def _tell(sentence: str) -> None:
    from app.render.defuse import clean

    print(f"recall: {clean(sentence, 2_000)}", file=sys.stderr)


def _show_left(made: "Scaffold", *, written: bool) -> None:
    """Where the test stands and what is left to do, on standard error, so that the test can be piped."""
    from app.render.words import plain

    hand = plain()
    if not written:
        print(f"\n{hand.say('scaffold', 'placed-new' if made.new else 'placed', test=made.test)}", file=sys.stderr)
    for one in made.todo:
        print(f"- {hand.say('todo', one)}", file=sys.stderr)


def _check(repo: Path, made: "Scaffold", on: str) -> int:
    """Asks the repository's runner: 0 collected, 1 not collected, 2 could not be asked."""
    from app.proving.collect import collect
    from app.render.words import plain

    told = collect(repo, made, on)
    last = [line for line in told.output.splitlines() if line.strip()][-1:]
    slug = "collected" if told.found else told.reason
    said = plain().say("scaffold", slug, test=made.test, command=" ".join(told.command), last=last)
    _tell(f"{made.test.path}: {said}")
    return UNKNOWN if told.found is None else 0 if told.found else NOT_COLLECTED


def _keep(repo: Path, path: str, before: str | None, text: str) -> None:
    """Writes the file where it still is as it was read. Raises TellUser where it is not."""
    from app.git.worktrees import top_of

    top = top_of(repo)
    if top is None:
        raise TellUser(f"{repo} has no work tree to write into: use a clone that is not bare, or --diff.")
    file = top / path
    if file.is_symlink() or not file.resolve().is_relative_to(top.resolve()):
        raise TellUser(f"{path} is a link: nothing was written.")
    now = file.read_bytes().decode(errors="surrogateescape") if file.is_file() else None
    if now != before:
        raise TellUser(f"{path} differs from the commit that the test was written on: commit or stash it first.")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode(errors="surrogateescape"))
