"""What a run says of the tests that were asked for, read from its results, its output and its exit code."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.analysis.coverage.unreadable import Unreadable
from app.analysis.runners.cases import Case, clipped
from app.analysis.runners.frames import frames_in
from app.analysis.runners.matching import all_of
from app.analysis.runners.reports import cargo, go_json, jest_json, junit, minitest, mocha_json, rspec_json, trx, unittest_text
from app.domain.proof import Ending, Failure
from app.domain.suite import Format, TestId

# Exit codes of a shell, and of what starts processes, for a program that is not there or may not be run.
_NOT_STARTED = (126, 127)
# How runners whose exit code tells it say that a selection reached no test.
_RAN_NONE = re.compile(r"^(?:Ran 0 tests|NO TESTS RAN|0 runs, 0 assertions|No tests executed)", re.MULTILINE)
# A trace longer than this speaks for itself.
_TELLING = 300


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one test ended in one run. `failure` is told of whatever did not pass, where anything is known."""

    test: TestId
    ending: Ending
    seconds: float = 0.0
    failure: Failure | None = None


def read_run(
    form: Format,
    data: bytes | Sequence[bytes],
    output: str,
    returncode: int,
    tests: Sequence[TestId],
    root: str = "",
    folder: str = "",
) -> tuple[Outcome, ...]:
    """Of each test asked for, in their order, how it ended. Never raises.

    `data` are the results, several where the command leaves several files; `output` is all it printed. `root` is the worktree's
    absolute path and `folder` the command's in it: frames become relative to the root. A run that left no results at all is
    BROKEN for every test; a test that readable results do not tell of is ABSENT.
    """
    documents = [data] if isinstance(data, bytes) else list(data)
    if form is Format.EXIT:
        cases = tuple(_by_exit(tests, output, returncode))
        return tuple(_outcome(test, case, root, folder) for test, case in zip(tests, cases, strict=True))
    found = list(_cases(form, documents))
    if not found and form in _PRINTED:
        found = list(_cases(form, [output.encode("utf-8", "replace")]))
    found = [_rooted(case, root) for case in found]
    told = all_of(tests, found)
    if not found and returncode != 0 and not any(map(bytes.strip, documents)) and not _RAN_NONE.search(output):
        told = tuple(Case(test.path, test.name, Ending.BROKEN) for test in tests)
    said = Failure(trace=clipped(output)) if returncode != 0 and output.strip() else None
    return tuple(
        _outcome(test, replace(case, failure=_fuller(case, said)), root, folder) for test, case in zip(tests, told, strict=True)
    )


def _rooted(case: Case, root: str) -> Case:
    """The case with its path from the root on, where the runner told it in full."""
    start = f"{root.rstrip('/')}/"
    return replace(case, path=case.path[len(start) :], rooted=True) if root and case.path.startswith(start) else case


def read_all(form: Format, documents: Sequence[bytes], root: str = "", folder: str = "") -> tuple[Outcome, ...]:
    """How every test ended that the results tell of, by the addresses that they give. Never raises; nothing for a bare exit code.

    `documents`, `root` and `folder` are as for `read_run`.
    """
    found = () if form is Format.EXIT else (_rooted(case, root) for case in _cases(form, documents))
    return tuple(_outcome(TestId(case.path, case.name), case, root, folder) for case in found if case.name)


def _fuller(case: Case, said: Failure | None) -> Failure | None:
    """The failure, with what was printed where the results themselves do not tell why."""
    if case.ending in (Ending.PASSED, Ending.SKIPPED) or said is None:
        return case.failure
    told = case.failure or Failure()
    if case.ending is Ending.FAILED or len(told.trace.strip()) > _TELLING:
        return case.failure
    return replace(told, trace=clipped(f"{told.trace}\n{said.trace}"))


def _by_exit(tests: Iterable[TestId], output: str, returncode: int) -> Iterator[Case]:
    """Where nothing but the exit code is known, all tests end as the run did."""
    if returncode == 0:
        ending = Ending.PASSED
    elif returncode < 0 or returncode in _NOT_STARTED:
        ending = Ending.BROKEN
    else:
        ending = Ending.FAILED
    failure = None if ending is Ending.PASSED else Failure(trace=clipped(output))
    for test in tests:
        yield Case(test.path, test.name, ending, failure=failure)


# Formats that are printed, some of them to the standard error.
_PRINTED = (Format.GO_JSON, Format.MOCHA_JSON, Format.MINITEST, Format.CARGO, Format.UNITTEST)
_READERS: dict[Format, Callable[[bytes], Iterator[Case]]] = {
    Format.JUNIT: junit.read,
    Format.JEST_JSON: jest_json.read,
    Format.MOCHA_JSON: mocha_json.read,
    Format.GO_JSON: go_json.read,
    Format.RSPEC_JSON: rspec_json.read,
    Format.MINITEST: minitest.read,
    Format.CARGO: cargo.read,
    Format.TRX: trx.read,
    Format.UNITTEST: unittest_text.read,
}


def _cases(form: Format, documents: Iterable[bytes]) -> Iterator[Case]:
    for document in documents:
        try:
            yield from _READERS[form](document)
        except Unreadable:
            continue


def _outcome(test: TestId, case: Case, root: str, folder: str) -> Outcome:
    failure = case.failure
    if failure is not None and not failure.frames:
        failure = replace(failure, frames=frames_in(failure.trace, root, folder, test.path))
    return Outcome(test, case.ending, case.seconds, failure)


def together(runs: Sequence[Sequence[Outcome]]) -> tuple[Outcome, ...]:
    """The outcomes of several commands that ran the same tests among them: of each test what most is known of."""
    found: dict[TestId, Outcome] = {}
    for outcome in (one for run in runs for one in run):
        earlier = found.get(outcome.test)
        if earlier is None or (_SILENT.get(earlier.ending, 0) > _SILENT.get(outcome.ending, 0)):
            found[outcome.test] = outcome
    return tuple(found.values())


# A command that was not asked for a test does not tell of it, or comes to nothing at all.
_SILENT = {Ending.ABSENT: 2, Ending.BROKEN: 1}
