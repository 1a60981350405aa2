"""Replays the last merged pull requests of a repository against its earlier bug fixes: how often a review would have spoken.

    python -m benchmarks.review MIRROR [--last 200] [--named] [--out remarks.jsonl]

MIRROR is a clone with its whole history. A pull request is a commit of the first-parent history that merges one ("Merge pull
request #12") or stands for one ("... (#12)"). Its past escapes are all commits before it that read as bug fixes, as `recall
replay` finds them, or with `--named` those alone that say which issue they close. Their guards are the tests that they brought.
Nobody proved these, so both is counted: as if all of them had been proved, and as if none had.
"""

import argparse
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from app.analysis.bug_fixes import past_fixes
from app.analysis.roles import role_of
from app.domain.change import Role
from app.domain.draft import ProofState
from app.domain.errors import RecallError
from app.domain.history import PastCommit
from app.domain.review import Finding, KnownEscape, Missing, Review
from app.domain.suite import TestId
from app.engine.review import ReviewChange
from app.git.ancestry import walk
from app.git.log import read_log
from app.git.repository import Repository, find_commit, open_repository
from app.git.run import run

_PULL = re.compile(r"^Merge pull request #(\d+)|\(#(\d+)\)$")
_CLOSES = re.compile(r"\b(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?)\b:?\s+(?:issue\s+)?(?:[\w./-]+)?#\d", re.IGNORECASE)
_HISTORY = 20_000
_PROVED_AS_WELL = frozenset({Missing.GUARD_DISARMED, Missing.NO_GUARD, Missing.SEAM_UNTESTED})


@dataclass(frozen=True)
class Pull:
    """A merged pull request: the commits that a review of it would be given."""

    number: int
    title: str
    base: str
    head: str


@dataclass(frozen=True)
class Answer:
    """What the review of one pull request came to."""

    pull: Pull
    review: Review | None
    seconds: float
    problem: str = ""

    def findings(self, *, proved: bool) -> tuple[Finding, ...]:
        """What would be said, as if all tests had been proved or none."""
        found = self.review.findings if self.review else ()
        return tuple(one for one in found if not proved or one.missing in _PROVED_AS_WELL)


def pulls(repository: Repository, last: int) -> Iterator[Pull]:
    """The last merged pull requests, newest first."""
    told = run(repository.path, "log", "--first-parent", f"-n{last * 8}", "--format=%H%x00%P%x00%s", "HEAD", "--").decode()
    found = 0
    for line in told.splitlines():
        commit, parents, subject = line.split("\0", 2)
        number, above = _PULL.search(subject), parents.split()
        if number is None or not above or found >= last:
            continue
        found += 1
        yield Pull(int(number[1] or number[2]), subject, above[0], above[1] if len(above) > 1 else commit)


def escapes(repository: Repository, *, named: bool) -> tuple[KnownEscape, ...]:
    """All bug fixes of the history as past escapes, numbered one by one: several may have closed one issue."""
    head = find_commit(repository, "HEAD")
    history = read_log(repository, head, _HISTORY, 300.0)
    commits, parents = {one.sha: one for one in history}, walk(repository, [head], most=_HISTORY * 2, seconds=120.0)
    fixes = [fix for fix in past_fixes(history) if parents.get(fix.sha)]
    kept = [fix for fix in fixes if not named or _CLOSES.search(commits[fix.sha].message)]
    return tuple(_escape(n, commits[fix.sha], parents[fix.sha][0]) for n, fix in enumerate(kept, 1))


def _escape(number: int, commit: PastCommit, parent: str) -> KnownEscape:
    there = [change.path for change in commit.changes if change.status != "D"]
    tests = tuple(TestId(path) for path in there if role_of(path) is Role.TEST)
    code = tuple(path for path in there if role_of(path) in (Role.CODE, Role.MIGRATION))
    return KnownEscape(number, commit.subject, commit.sha, parent, tests=tests, paths=code)


def answers(mirror: Path, asked: Iterable[Pull], known: Sequence[KnownEscape]) -> Iterator[Answer]:
    """The review of each pull request against the escapes that were fixed before it."""
    review = ReviewChange()
    for pull in asked:
        start = time.monotonic()
        try:
            told = review(mirror, base=pull.base, head=pull.head, escapes=known)
            yield Answer(pull, told, time.monotonic() - start)
        except RecallError as error:
            yield Answer(pull, None, time.monotonic() - start, str(error))


def as_proved(answer: Answer) -> Answer:
    """The same with every guard that stands proved."""
    if answer.review is None:
        return answer
    found = answer.findings(proved=True)
    proved = tuple(replace(one, escape=replace(one.escape, proof=ProofState.PROVED)) for one in found)
    return replace(answer, review=replace(answer.review, findings=proved))


def summary(told: Sequence[Answer]) -> str:
    """The figures, as Markdown."""
    reviewed = [one for one in told if one.review]
    lines = ["| guards | pull requests | spoken on | of these, by the gravest finding |", "|---|---|---|---|"]
    for name, proved in (("all proved", True), ("none proved", False)):
        spoken = [found for one in reviewed if (found := one.findings(proved=proved))]
        share = 100 * len(spoken) / len(reviewed) if reviewed else 0.0
        gravest = Counter(found[0].missing.value for found in spoken)
        words = ", ".join(f"{count} {slug}" for slug, count in gravest.most_common()) or "none"
        lines.append(f"| {name} | {len(reviewed)} | {len(spoken)} ({share:.1f}%) | {words} |")
    seconds = sorted(one.seconds for one in reviewed)
    if seconds:
        half, most = statistics.median(seconds), seconds[int(len(seconds) * 0.9)]
        lines.append("")
        lines.append(f"Seconds a review: median {half:.2f}, nine of ten within {most:.2f}, longest {seconds[-1]:.2f}.")
    return "\n".join(lines)


def _record(answer: Answer) -> str:
    findings = [asdict(one) for one in answer.review.findings] if answer.review else []
    return json.dumps(asdict(replace(answer, review=None)) | {"findings": findings}, default=str)


def main() -> None:
    parser = argparse.ArgumentParser(description="How often a review would have spoken on merged pull requests.")
    parser.add_argument("mirror", type=Path)
    parser.add_argument("--last", type=int, default=200)
    parser.add_argument("--named", action="store_true", help="only fixes that say which issue they close")
    parser.add_argument("--out", type=Path, help="every pull request with its findings, as lines of JSON")
    asked = parser.parse_args()
    repository = open_repository(asked.mirror)
    known = escapes(repository, named=asked.named)
    told = []
    for answer in answers(asked.mirror, pulls(repository, asked.last), known):
        told.append(answer)
        if asked.out:
            with asked.out.open("a", encoding="utf-8") as out:
                out.write(_record(answer) + "\n")
    print(f"{len(known)} past bug fixes, {sum(bool(one.tests) for one in known)} of them with tests\n")
    print(summary(told))


if __name__ == "__main__":
    main()
