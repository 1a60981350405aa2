"""Asks the repository's own runner whether it collects a test that was just written, by its dry run in a worktree."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.analysis.redness import Why
from app.analysis.runners.commands import collect as dry_run
from app.analysis.runners.commands import is_collected
from app.analysis.runners.detect import find_suite
from app.domain.scaffold import Scaffold
from app.domain.suite import Command
from app.git.objects import Entry, read_blobs, read_tree
from app.git.repository import find_commit, open_repository
from app.git.worktrees import blob_id, remove, top_of
from app.proving.asked import MAX_FILE, Plan
from app.proving.process import run_command
from app.proving.side import Ready, made_ready, results_of

SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Collected:
    """What the runner said. `found` is None where it could not be asked; `reason` is then `no-suite`, `no-command`, `timeout` or
    `other-code`, and `collection` where it was asked and does not collect the test. `output` is what it printed.
    """

    found: bool | None
    reason: str = ""
    command: tuple[str, ...] = ()
    output: str = ""


def collect(path: Path, scaffold: Scaffold, commit: str = "HEAD", seconds: float = SECONDS) -> Collected:
    """Whether the scaffold is collected where it was written; the checkout stays as it is, its packages are used.

    Raises TellUser where the repository or the commit is not there.
    """
    repository = open_repository(path)
    sha = find_commit(repository, commit)
    tree = read_tree(repository, sha)
    content = scaffold.text.encode(errors="surrogateescape")
    oid = blob_id(repository, content)
    files = {scaffold.test.path: Entry("100644", oid)}

    def text(name: str) -> str | None:
        if name == scaffold.test.path:
            return scaffold.text
        entry = tree.get(name)
        found = read_blobs(repository, [entry.oid], MAX_FILE).contents.get(entry.oid) if entry else None
        return None if found is None else found.decode(errors="replace")

    suite = find_suite(scaffold.test.path, {**tree, **files}.keys(), text)
    commands = dry_run(suite, scaffold.test) if suite else ()
    if suite is None or not commands:
        return Collected(None, Why.NO_SUITE)
    planned = Plan(
        repository,
        top_of(path),
        sha,
        None,
        (scaffold.test,),
        files=files,
        loose={oid: content},
        suites={suite: (scaffold.test,)},
    )
    with tempfile.TemporaryDirectory(prefix="recall-", ignore_cleanup_errors=True) as made:
        folder = Path(made).resolve()
        try:
            with made_ready(planned, sha, folder / "collect" / (planned.checkout or path).name, files) as ready:
                if ready is None:
                    return Collected(None, Why.NO_RESULT)
                told = _ask(ready, commands, seconds)
                if told.found is None:
                    return told
                results = b"".join(results_of(ready.folder, commands[-1]))
        finally:
            remove(folder)
    found = told.found and is_collected(suite, scaffold.test, 0, told.output, results)
    return Collected(found, "" if found else Why.COLLECTION, told.command, told.output)


def _ask(ready: Ready, commands: Sequence[Command], seconds: float) -> Collected:
    """Runs the commands until one fails; `found` says that all of them ended well."""
    told = Collected(None, Why.NO_COMMAND)
    for command in commands:
        done = run_command(command, ready.folder, ready.environment, seconds)
        if done.returncode is None or done.timed_out:
            return Collected(None, Why.TIMEOUT if done.timed_out else Why.NO_COMMAND, command.arguments, done.said)
        told = Collected(done.returncode == 0, "", command.arguments, done.said)
        if not told.found:
            break
    return told
