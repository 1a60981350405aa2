"""`recall ci`: what the action runs in a job of GitHub Actions. What to do comes from the run's event, or from a server."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.domain.errors import GiveUp, TellUser

if TYPE_CHECKING:
    from app.analysis.to_prove import ToProve
    from app.domain.past import PastEscape
    from app.domain.proof import Receipt
    from app.proving.asked import Asked

SUMMARY_BYTES = 900_000
"""Of a step's summary; over 1 MiB GitHub shows none of it."""

ci = typer.Typer(name="ci", no_args_is_help=True, help="What the action runs in a job of GitHub Actions.", rich_markup_mode=None)

Repo = Annotated[Path, typer.Option(metavar="PATH", help="The checkout, with its whole history.")]
Escapes = Annotated[
    Path | None, typer.Option("--escapes", metavar="FILE", help="The past escapes, as `recall ci escapes` wrote them.")
]


@ci.command()
def escapes(
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write them, as JSON.")],
    server: Annotated[
        str, typer.Option("--server", metavar="URL", envvar="RECALL_SERVER", help="The recall server that knows them.")
    ] = "",
    repo: Repo = Path(),
) -> None:
    """Write down the repository's past escapes: what a server knows, else what stands on the checkout's branch recall-data.

    To ask a server the job needs `id-token: write`, and no secret.
    """
    from json import dumps

    from app.analysis.past import escapes_json, past_escapes, read_escapes
    from app.cli.server import Server
    from app.git.remembered import read_remembered
    from app.github.runner import Runner
    from app.github.shapes import FULL_NAME

    repository = os.environ.get("GITHUB_REPOSITORY", "")
    if not FULL_NAME.fullmatch(repository):
        raise TellUser("GITHUB_REPOSITORY names no repository: `recall ci` runs in jobs of GitHub Actions.")
    if server:
        there = Server(server)
        told = dumps(there.get(f"/escapes/{repository}", Runner(os.environ).token(there.url))).encode()
    else:
        told = dumps(escapes_json(repository, past_escapes(read_remembered(repo, needed=False)))).encode()
    found = read_escapes(told)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(told)
    print(f"recall: {len(found)} past escapes of {repository}.")


@ci.command()
def prove(
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where to write the receipts, as JSON.")],
    repo: Repo = Path(),
    past: Escapes = None,
    command: Annotated[str, typer.Option(metavar="COMMAND", help="Run this instead of the command that is found.")] = "",
) -> None:
    """Prove what the run is for: a draft's tests, those that a fix brings, or with --escapes all that nobody proved yet."""
    from app.analysis.to_prove import to_prove
    from app.cli.progress import Progress
    from app.domain.proof import ExitCode
    from app.github.runner import Runner
    from app.proving.prove import prove as run
    from app.render.proof import receipt_markdown, receipt_text

    event = to_prove(Runner(os.environ).event())
    asked = list(_for_pull(repo, event, command) if event else _for_past(past, command))
    if not asked:
        print("recall: nothing to prove: this change brings no test, and no past escape waits for a proof.")
        return
    receipts: list[Receipt] = []
    for number, one in enumerate(asked, 1):
        with Progress() as progress:
            receipts.append(run(repo, one, progress))
        _write(out / f"receipt-{number}.json", receipts[-1])
        print(receipt_text(receipts[-1]), flush=True)
    _summarise("\n".join(receipt_markdown(receipt) for receipt in receipts))
    raise typer.Exit(int(max((receipt.exit_code for receipt in receipts), default=ExitCode.PROVED)))


Label = Annotated[str, typer.Option(metavar="NAME", help="The label that marks an escape.")]
As = Annotated[str, typer.Option("--as", metavar="LOGIN", help="Whom GITHUB_TOKEN writes as; what others wrote is left alone.")]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="FOLDER", help="Where the code and what is found out about it are kept meanwhile."),
]
_BOT = "github-actions[bot]"


@ci.command("recall")
def recall_escapes(label: Label = "escaped-bug", login: As = _BOT, data: Data = None) -> None:
    """Do what the run's event asks for: comment on an escape, open its draft, follow a command, read a proof."""
    _act("recall", label, login, data)


@ci.command()
def review(label: Label = "escaped-bug", login: As = _BOT, data: Data = None) -> None:
    """Review the pull request that the run is for, or whose run has ended, against past escapes."""
    _act("review", label, login, data)


@ci.command()
def digest(label: Label = "escaped-bug", login: As = _BOT, data: Data = None) -> None:
    """Write the digest of the repository, whatever the run is for."""
    _act("digest", label, login, data)


def _act(mode: str, label: str, login: str, data: Path | None) -> None:
    """Does it with GITHUB_TOKEN, and tells of it in the log and in the run's summary, whatever came of it."""
    from app.github.auth import Given
    from app.github.runner import Runner

    runner = Runner(os.environ)
    host, delivery, secret = runner.host(), runner.delivery(), os.environ.get("GITHUB_TOKEN", "").strip()
    if not secret:
        raise TellUser("GITHUB_TOKEN is not set: hand the job's token to the step.")
    # Only now, since it takes seconds.
    from app.bootstrap.action import Action, Mode
    from app.bootstrap.github import Terms
    from app.render.summary import summary_markdown, summary_text

    folder = data or Path(os.environ.get("RUNNER_TEMP", "."), "recall", "data")
    reads = delivery.event == "pull_request" and bool(runner.cannot_have_tokens)
    done = Action(host, Given(secret, login), Terms(folder, label), writes=not reads).run(delivery, Mode(mode))
    sentences = [*(outcome.sentence for outcome in done.outcomes), *map(str, done.problems)]
    print(summary_text(sentences, done.unwritten, done.unkept, done.deeds), flush=True)
    _summarise(summary_markdown(sentences, done.unwritten, done.unkept, done.deeds))
    for problem in done.problems:
        if not isinstance(problem, GiveUp):
            raise problem


def _for_pull(repo: Path, event: "ToProve", command: str) -> "Iterator[Asked]":
    """A draft's tests as it names them; where a person renamed them, those that it brought; or those that the fix brought."""
    from app.proving.asked import Asked
    from app.proving.brought import brought_since, held

    if not event.draft:
        if brought_since(repo, event.parent, event.head):
            yield Asked((), f"{event.parent}..{event.fix}", command)
        return
    tests = held(repo, event.head, event.tests) or brought_since(repo, event.base, event.head)
    if tests:
        yield Asked(tests, f"{event.parent}..{event.fix}", command, source=event.head, issue=event.issue)


def _for_past(past: Path | None, command: str) -> "Iterator[Asked]":
    from app.proving.asked import Asked

    for escape in _read(past) if past else ():
        if not escape.guarded and escape.tests:
            yield Asked((), f"{escape.parent}..{escape.fix}", command, issue=escape.issue)


def _read(path: Path) -> "Sequence[PastEscape]":
    from app.analysis.past import read_escapes

    try:
        return read_escapes(path.read_bytes())
    except OSError as error:
        raise TellUser(f"The escapes cannot be read from {path}: {error.strerror}.") from error


def _write(path: Path, receipt: "Receipt") -> None:
    from json import dumps

    from app.analysis.receipt import receipt_json

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dumps(receipt_json(receipt), indent=1) + "\n")
    except OSError as error:
        raise TellUser(f"The receipt cannot be written to {path}: {error.strerror}.") from error


def _summarise(text: str) -> None:
    """The summary that Actions shows on the run's page, where it asks for one."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        with Path(summary).open("ab") as file:
            file.write(text.encode("utf-8", "replace")[:SUMMARY_BYTES] + b"\n")
