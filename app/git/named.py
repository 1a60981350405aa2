"""Finds the commits that people name, by the beginning of a sha or by a pull request's number, and what a merge brought."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.git.ancestry import is_ancestor
from app.git.log import seconds_of
from app.git.repository import Repository
from app.git.run import GitFailed, GitTooSlow, run

MOST_BROUGHT = 500
SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Header:
    """A commit without its changes. `when` is its committer date in seconds since 1970."""

    sha: str
    when: int
    parents: tuple[str, ...]
    subject: str


def find_shas(repository: Repository, beginnings: Iterable[str]) -> dict[str, str]:
    """The full shas of the commits that begin so; what is no commit here, or the beginning of several, is left out, and so is
    a branch or a tag of that name: git takes it for that first.
    """
    asked = list(dict.fromkeys(beginnings))
    told = run(
        repository.path,
        *("cat-file", "--batch-check=%(objectname)"),
        stdin="".join(f"{beginning}^{{commit}}\n" for beginning in asked).encode(),
        seconds=SECONDS,
    )
    answers = told.decode(errors="replace").splitlines()
    return {
        asked[n]: answer for n, answer in enumerate(answers[: len(asked)]) if answer.startswith(asked[n]) and " " not in answer
    }


def leads_to(repository: Repository, earlier: str, later: str) -> bool:
    """Whether `earlier` is `later` or in its history, as far as this clone knows it and tells in time."""
    try:
        return is_ancestor(repository, earlier, later, SECONDS)
    except GitTooSlow:
        return False


def read_headers(repository: Repository, shas: Iterable[str]) -> dict[str, Header]:
    """The headers of commits that are in this clone, by sha."""
    asked = list(dict.fromkeys(shas))
    if not asked:
        return {}
    told = run(repository.path, "log", "-z", "--no-walk=unsorted", "--format=%H%n%ct%n%P%n%s", *asked, "--", seconds=SECONDS)
    records = (record.split("\n", 3) for record in told.decode(errors="replace").split("\0") if record)
    return {sha: Header(sha, seconds_of(when), tuple(parents.split()), subject) for sha, when, parents, subject in records}


def brought_by(repository: Repository, merge: Header) -> tuple[str, ...]:
    """The commits that a merge brought into its first parent, newest first; the commit itself where it is no merge."""
    if len(merge.parents) < 2:
        return (merge.sha,)
    told = run(
        repository.path,
        *("rev-list", f"--max-count={MOST_BROUGHT}", "--no-merges", *merge.parents[1:], f"^{merge.parents[0]}", "--"),
        seconds=SECONDS,
    )
    return tuple(told.decode().split())


def merge_of(repository: Repository, commit: str, tip: str) -> Header | None:
    """The merge that brought a commit to the line of first parents of `tip`; None where it was made there, or git is too slow."""
    try:
        told = run(
            repository.path,
            *(
                "log",
                "--merges",
                "--first-parent",
                "--ancestry-path",
                "--reverse",
                "--format=%H%x00%ct%x00%P%x00%s",
                f"{commit}..{tip}",
            ),
            "--",
            seconds=SECONDS,
        )
    except (GitFailed, GitTooSlow):
        return None
    sha, when, names, subject = [*told.decode(errors="replace").partition("\n")[0].split("\0", 3), "", "", ""][:4]
    parents = tuple(names.split())
    brought = len(parents) > 1 and not leads_to(repository, commit, parents[0])
    return Header(sha, seconds_of(when), parents, subject) if brought else None


def find_pull(repository: Repository, before: str, number: int) -> str | None:
    """The newest commit before `before` that landed a pull request, by its subject: "Round once (#431)", or a merge."""
    try:
        told = run(
            repository.path,
            *("log", "-20", "--extended-regexp", f"--grep=\\(#{number}\\)$", f"--grep=^Merge pull request #{number} from "),
            *("--format=%H %s", before, "--"),
            seconds=SECONDS,
        )
    except (GitFailed, GitTooSlow):
        return None
    for line in told.decode(errors="replace").splitlines():
        sha, _, subject = line.partition(" ")
        if subject.endswith(f"(#{number})") or subject.startswith(f"Merge pull request #{number} "):
            return sha
    return None
