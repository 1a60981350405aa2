"""`recall demo`: an escaped bug is labelled and the comment appears, all of it on this machine."""

import re
import sys
import tempfile
import threading
from pathlib import Path
from typing import Annotated

import typer


def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the draft instead of staying up until Ctrl-C.")] = False,
    repo: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Use a clone of this repository, with the newest bug fix of its history.")
    ] = None,
) -> None:
    """Play an escape: a small GitHub on this machine, the real server, a labelled issue, its comment, and the draft."""
    from app.demo.play import play
    from app.demo.scene import newest_fix, shop

    with tempfile.TemporaryDirectory(prefix="recall-demo-") as made:
        folder = Path(made)
        scene = shop(folder / "source") if repo is None else newest_fix(repo)
        with play(scene, folder, typer.echo) as played:
            _show(played.comment)
            typer.echo(f"From label to comment: {played.seconds:.1f} seconds.")
            typer.echo(f"The issue: {played.issue}\nThe fix:   {played.pull}")
            typer.echo(f"The test:  {played.draft}" if played.draft else "No draft was opened; the comment says why.")
            if not once:
                typer.echo("Everything stays up until Ctrl-C: take the label off, edit the issue, open another one.")
                threading.Event().wait()


_FOLD = re.compile(r"<details><summary>(.*?)</summary>.*?</details>", re.DOTALL)


def _show(comment: str) -> None:
    """The comment as a person would read it: what is folded stays folded."""
    from rich.console import Console
    from rich.markdown import Markdown
    from rich.rule import Rule

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)
    console.print(Rule("the comment"), Markdown(_FOLD.sub(r"- \1 (folded)", comment)), Rule(), sep="\n")
