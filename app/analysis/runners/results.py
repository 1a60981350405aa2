"""What a run says of the tests that were asked for, read from its results, its output and its exit code."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.analysis.coverage.unreadable import Unreadable
from app.analysis.runners.cases import Case, clipped
from app.analysis.runners.frames import frames_in
from app.analysis.runners.matching import all_of
from app.analysis.runners.reports import junit
from app.domain.proof import Ending, Failure
from app.domain.suite import Format, TestId

# Exit codes of a shell, and of what starts processes, for a program that is not there or may not be run.
_NOT_STARTED = (126, 127)


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
    told = all_of(tests, found)
    if not found and returncode != 0 and not any(document.strip() for document in documents):
        told = tuple(Case(test.path, test.name, Ending.BROKEN) for test in tests)
    said = Failure(trace=clipped(output)) if returncode != 0 and output.strip() else None
    absent = (Ending.ABSENT, Ending.BROKEN)
    return tuple(
        _outcome(test, replace(case, failure=said) if case.ending in absent and case.failure is None else case, root, folder)
        for test, case in zip(tests, told, strict=True)
    )


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


_READERS: dict[Format, Callable[[bytes], Iterator[Case]]] = {Format.JUNIT: junit.read}


def _cases(form: Format, documents: Iterable[bytes]) -> Iterator[Case]:
    for document in documents:
        try:
            yield from _READERS[form](document)
        except Unreadable:
            continue


def _outcome(test: TestId, case: Case, root: str, folder: str) -> Outcome:
    failure = case.failure
    if failure is not None and not failure.frames:
        failure = replace(failure, frames=frames_in(failure.trace, root, folder))
    return Outcome(test, case.ending, case.seconds, failure)
