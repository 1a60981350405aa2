"""Which commits of a history read as fixes of bugs, by their messages and the paths they changed; reading them is `app.git`'s.

People say it in three ways: by a closing keyword with an issue's number, by the `fix:` of Conventional Commits 1.0, or by a
subject that begins with the word. What only mends documents, builds, tests or spelling is no escape and is left out.
"""

import re
from collections.abc import Iterable, Iterator

from app.analysis.roles import role_of
from app.domain.change import Role
from app.domain.history import PastCommit
from app.domain.replay import PastFix

# A sweep over many files says "fix" of something else than one bug.
MOST_FILES = 25
_LONGEST = 20_000
_NUMBER = r"(?:[\w.-]{1,100}/[\w.-]{1,100})?#(?P<number>\d{1,9})\b|https?://[^\s/]{1,200}/[^\s]{1,200}/issues/(?P<url>\d{1,9})\b"
_CLOSES = re.compile(
    rf"\b(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?)\b:?[ \t]+(?:(?:issue|bug)[ \t]+)?(?:{_NUMBER})", re.IGNORECASE
)
_NAMED = re.compile(r"(?:#|\bGH-|\bissue[ \t]+#?)(\d{1,9})\b", re.IGNORECASE)
_CONVENTIONAL = re.compile(r"(?:fix|bugfix|hotfix)(?:\((?P<scope>[^()\n]{1,60})\))?!?:", re.IGNORECASE)
_SUBJECT = re.compile(r"(?:\[[^\]\n]{1,40}\][ \t]*|[\w./-]{1,40}:[ \t]+)?(?:bug|hot)?fix(?:e[sd]|ing)?\b", re.IGNORECASE)
_OTHER_KIND = re.compile(
    r"(?:feat|docs?|chore|ci|build|style|tests?|refactor|perf|release|deps?)(?:\([^()\n]{1,60}\))?!?:", re.IGNORECASE
)
_WRITING = re.compile(
    r"\W*(?:fix(?:e[sd])?\W+)?(?:\w+\W+)?(?:typos?|spelling|docs?|documentation|readme|changelog)\b", re.IGNORECASE
)
_NO_BUG = re.compile(
    r"\b(?:typos?|spelling|grammar|lint\w*|flake8|pylint|mypy|eslint|ruff|prettier|black|isort|pep ?8|whitespaces?|indent\w*"
    r"|style issues?|code style|[EWF]\d{3}"
    r"|formatting|docs?|documentation|docstrings?|readme|changelog|comments?|tests?|ci|travis|appveyor|flak(?:y|iness)|workflows?"
    r"|rubocop|offen[cs]es|error prone|codeql|clippy|golint|golangci\S*|staticcheck|placate|examples?|benchmarks?"
    r"|broken links?|warnings?|types?|typings?|type hints?|merge conflicts?|build)\b",
    re.IGNORECASE,
)
_NEVER = re.compile(r"(?:merge|revert|bump|update|upgrade|release|prepare|back out)\b", re.IGNORECASE)


def past_fixes(history: Iterable[PastCommit]) -> Iterator[PastFix]:
    """The commits that read as fixes of bugs, in the order given; one that is there twice (a cherry-pick) counts once."""
    seen = set[str]()
    for commit in history:
        if commit.subject not in seen and is_bug_fix(commit):
            seen.add(commit.subject)
            yield PastFix(commit.sha, commit.subject, issue_of(commit.message))


def is_bug_fix(commit: PastCommit) -> bool:
    """Whether the message says so and some code was changed, in no more than `MOST_FILES` files."""
    code = [change for change in commit.changes if role_of(change.path) in (Role.CODE, Role.MIGRATION)]
    return bool(code) and len(code) <= MOST_FILES and says_fix(commit.message)


def says_fix(message: str) -> bool:
    """Whether a commit's message calls it the fix of a bug.

    `fix(cart): lose no discount` and `Close #12: totals` do; `fix typo`, `fix: flaky test` and `docs: fix #12` do not.
    """
    message = message[:_LONGEST]
    subject = message.partition("\n")[0].strip()
    if _NEVER.match(subject) or _OTHER_KIND.match(subject):
        return False
    conventional = _CONVENTIONAL.match(subject)
    about = f"{conventional['scope'] or ''} {subject[conventional.end() :]}" if conventional else subject
    if _CLOSES.search(message) and not _WRITING.match(about):
        return True
    return bool(conventional or _SUBJECT.match(subject)) and not _NO_BUG.search(about)


def issue_of(message: str) -> int | None:
    """The number of the issue that a message closes, else of the first that it names."""
    message = message[:_LONGEST]
    closes = _CLOSES.search(message)
    if closes:
        return int(closes["number"] or closes["url"]) or None
    named = _NAMED.search(message)
    return (int(named[1]) or None) if named else None
