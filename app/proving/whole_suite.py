"""The whole suite of a repository, run once in a worktree: every test that its runners tell of, and how it ended."""

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from app.analysis.languages import is_test
from app.analysis.runners.commands import run_all
from app.analysis.runners.configured import configured
from app.analysis.runners.detect import find_suite
from app.analysis.runners.results import Outcome, read_all
from app.domain.suite import Command, Suite
from app.git.objects import read_blobs, read_tree
from app.git.repository import Repository
from app.proving.process import run_command
from app.proving.side import Ready, results_of

# One test file of each folder tells the suite that the others belong to; a repository with more folders is asked by these.
_MOST_FOLDERS = 200


class WholeSuite:
    """The suites of one commit. What they are is found out once, when it is first asked for."""

    def __init__(self, repository: Repository, commit: str, command: str, seconds: float) -> None:
        """`command` is a person's own, which then is all that runs; `seconds` is the limit of one command."""
        self._repository, self._commit = repository, commit
        self._command, self._seconds = command, seconds

    @cached_property
    def suites(self) -> tuple[Suite, ...]:
        """All that some test file belongs to."""
        return tuple(dict.fromkeys(self._found()))

    def run(self, ready: Ready, folder: Path) -> tuple[Outcome, ...]:
        """How each test ended; nothing where no runner is known, or none left results that can be read."""
        results = folder / "suite-results"
        results.mkdir(exist_ok=True)
        found: list[Outcome] = []
        for command in self._commands(os.fspath(results / "results.xml")):
            results_of(ready.folder, command)  # what lies there already is of another run
            done = run_command(command, ready.folder, ready.environment, self._seconds)
            if done.returncode is not None and not done.timed_out:
                data = results_of(ready.folder, command) if command.results else [done.output.encode()]
                found += read_all(command.format, data, os.fspath(ready.folder), command.folder)
        return tuple(found)

    def _commands(self, results: str) -> Iterator[Command]:
        if self._command:
            yield configured(self._command, (), results)
            return
        for number, suite in enumerate(self.suites):
            yield from run_all(suite, results if not number else results.replace("results.xml", f"results-{number}.xml"))

    def _found(self) -> Iterator[Suite]:
        tree = read_tree(self._repository, self._commit)

        def read(path: str) -> str | None:
            entry = tree.get(path)
            content = read_blobs(self._repository, [entry.oid]).contents.get(entry.oid) if entry else None
            return None if content is None else content.decode(errors="replace")

        by_folder = {path.rpartition("/")[0]: path for path in sorted(tree, reverse=True) if is_test(path)}
        for path in list(by_folder.values())[:_MOST_FOLDERS]:
            suite = find_suite(path, tree.keys(), read)
            if suite is not None:
                yield suite
