"""`recall map upload`: sends maps from a CI run to a recall server, and lets runs pass that GitHub gives no token to."""

import os
from pathlib import Path
from typing import Annotated

import typer

Maps = Annotated[list[Path], typer.Argument(metavar="MAP...", help="Map files of the commit that this run tested.")]
Url = Annotated[str, typer.Option("--server", metavar="URL", envvar="RECALL_SERVER", help="The recall server's address.")]


def upload(map_files: Maps, server: Url) -> None:
    """Send maps from a run of GitHub Actions to a recall server; the job needs `id-token: write`, and no secret."""
    from app.cli.server import Server
    from app.engine.map_files import open_map_file
    from app.github.runner import Runner
    from app.render.defuse import clean

    for path in map_files:
        open_map_file(path)  # what is wrong with it is better told before anything is sent
    runner = Runner(os.environ)
    if not runner.has_tokens and (whose := runner.cannot_have_tokens):
        print(notice(f"No map was sent: GitHub gives no token to a pull request of {whose}. The push that merges it sends one."))
        return
    there = Server(server)
    for path in map_files:
        said = there.send(path.read_bytes(), lambda: runner.token(there.url))
        print(f"recall: {clean(said, 500)}")


def notice(text: str) -> str:
    """A line that GitHub Actions shows as a notice. Source of the escapes: docs.github.com/en/actions/reference/
    workflows-and-actions/workflow-commands.
    """
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::notice title=recall::{escaped}"
