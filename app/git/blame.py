"""Asks who last wrote a few lines of a file, for as long as there is time: what git found by then is told."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.analysis.quoting import unquoted
from app.domain.change import Span
from app.git.repository import Repository
from app.git.timed import run_until

MAX_OUTPUT = 16 << 20
_ENTRY = re.compile(rb"^([0-9a-f]{40,64}) (\d+) (\d+) (\d+)\n(?:(?!filename )[^\n]*\n)*?filename ([^\n]*)$", re.MULTILINE)
_PREVIOUS = re.compile(rb"^previous [0-9a-f]{40,64} ([^\n]*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """`length` lines in a row of one commit: from `there` in its file `path`, now from `line`."""

    sha: str
    there: int
    line: int
    length: int
    path: str


@dataclass(frozen=True, slots=True)
class Blame:
    """Who wrote which lines. `names` are all the names that the file had on the way, `whole` says that git came to the end."""

    runs: tuple[Run, ...]
    names: frozenset[str]
    whole: bool


def read_runs(
    repository: Repository,
    commit: str,
    path: str,
    spans: Sequence[Span],
    *,
    ignored: Sequence[str] = (),
    moved: bool = False,
    deadline: float,
) -> Blame:
    """Which commit last wrote each line of `spans` otherwise than by its blanks, without the `ignored` commits.

    With `moved`, lines are followed into other files that the same commit changed.
    `deadline` is of `time.monotonic`. What the repository's own configuration would leave out counts.
    """
    ranges = [f"-L{span.start},{span.end}" for span in spans]
    told = run_until(
        repository,
        *("blame", "-w", "--incremental", "--no-textconv", "--ignore-revs-file=", *(f"--ignore-rev={sha}" for sha in ignored)),
        *(*(["-C"] if moved else []), *ranges, commit, "--", path),
        deadline=deadline,
        limit=MAX_OUTPUT,
    )
    return parse_blame(told.output, whole=told.whole)


def parse_blame(told: bytes, *, whole: bool = True) -> Blame:
    """What `blame --incremental` told: `<sha> <line there> <line here> <lines>`, headers, `filename <name>` for each run."""
    runs = tuple(
        Run(entry[1].decode(), int(entry[2]), int(entry[3]), int(entry[4]), unquoted(entry[5])) for entry in _ENTRY.finditer(told)
    )
    names = {run.path for run in runs} | {unquoted(match[1]) for match in _PREVIOUS.finditer(told)}
    return Blame(runs, frozenset(names), whole)
