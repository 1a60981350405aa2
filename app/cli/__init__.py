"""The `recall` command: its subcommands, and every end as one line and an exit code.

Each subcommand is a file of its own that imports what it needs when it is called, so that the command starts fast.
"""

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

import typer

from app import __version__
from app.cli.challenge import challenge
from app.cli.ci import ci
from app.cli.config import config
from app.cli.culprit import culprit
from app.cli.demo import demo
from app.cli.digest import digest
from app.cli.explain import explain
from app.cli.init import init
from app.cli.map import maps
from app.cli.preview import preview
from app.cli.prove import prove
from app.cli.replay import replay
from app.cli.scaffold import scaffold
from app.cli.serve import serve
from app.cli.upload import upload
from app.domain.errors import RecallError, TellUser

LATER, TOLD, INTERRUPTED = 1, 2, 130

recall = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)
recall.command(short_help="Say which tests touch a fix, and what none touches.")(explain)
recall.command(short_help="Say which change let in the bug that a fix repairs.")(culprit)
recall.command(short_help="Write the regression test for a fix, to be finished.")(scaffold)
recall.command(short_help="Run tests without a fix and with it: red, then green?")(prove)
recall.command(short_help="Put past bugs back: would tests catch them today?")(challenge)
recall.command(short_help="Say which of the last bug fixes came without a test.")(replay)
recall.command(short_help="Write the workflows and a commented recall.yml.")(init)
recall.command(short_help="Print what recall would write about an issue.")(preview)
recall.command(short_help="Say which escapes are still unguarded, and the trend.")(digest)
recall.command(short_help="Play an escape on this machine, from label to draft.")(demo)
recall.command(short_help="Serve the bot: take webhooks, comment, open drafts.")(serve)
maps.command()(upload)
recall.add_typer(maps)
recall.add_typer(ci)
recall.add_typer(config)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"recall {__version__}")
        raise typer.Exit


@recall.callback(help="Which tests touch a fix, on what evidence, and where the regression test belongs.")
def _options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version and exit."),
) -> None:
    del version  # `_version` has answered it


def main() -> None:
    """Runs the command line and exits: 1 where it may work later, 2 where a person has to do something, 130 on Ctrl-C."""
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(run(sys.argv[1:]))


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    """A cancelled CI job ends like Ctrl-C, so that the worktrees and the processes of whatever ran tests go as well."""
    raise KeyboardInterrupt


def run(arguments: list[str]) -> int:
    """The exit code of a command line; what went wrong is one line on standard error, never a traceback."""
    try:
        recall(arguments, prog_name="recall")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    except RecallError as error:
        code = _tell(error)
    except KeyboardInterrupt:
        code = INTERRUPTED
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has had enough. What is still buffered goes nowhere, or Python would complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _tell(error: RecallError) -> int:
    from app.render.defuse import clean

    for sentence in str(error).splitlines() or [type(error).__name__]:
        print(f"recall: {clean(sentence, 2_000)}", file=sys.stderr)
    return TOLD if isinstance(error, TellUser) else LATER
