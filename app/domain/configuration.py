"""What a repository settles in `.github/recall.yml`, as values; reading it is `app.analysis.settings`'s.

Which files are tests is `app.analysis.overrides`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Fallback(StrEnum):
    """What becomes of a draft where the plan offers none: an ordinary pull request, only its branch, or text in the comment."""

    PULL_REQUEST = "pull-request"
    BRANCH = "branch"
    PATCH = "patch"


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """When recall remarks on a pull request. `drafts` and `bots` say whether theirs are looked at, `seams` whether a seam that
    let bugs through is worth a remark of its own; `fail` lets the check run `recall / review` fail instead of staying neutral.
    """

    enabled: bool = True
    drafts: bool = False
    bots: bool = False
    seams: bool = True
    fail: bool = False


@dataclass(frozen=True, slots=True)
class Weekly:
    """When the digest is written, and where. `day` is 0 for Monday, `hour` and `minute` are in the zone of that IANA name.

    `repository` (`owner/name`) collects the digests of several repositories in one issue; "" keeps each its own.
    """

    enabled: bool = True
    day: int = 0
    hour: int = 9
    minute: int = 0
    zone: str = "UTC"
    repository: str = ""


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings of one repository, each with the value it has where nothing is written.

    `labels` mark an escape, () for the one that recall itself is set to. `comments` and `checks` allow comments and check runs,
    `drafts` pull requests, at most `drafts_per_day` within 24 hours. `test_command` runs the tests asked for (its placeholders
    are `app.analysis.runners.configured`'s), "" for the one that is found. `draft_label` goes onto drafts: None for the issue's
    own label, "" for none. `require_proof` lets `recall / proof` fail instead of staying neutral. `ignore` are globs of paths
    that no remark is about. Once people called less than `least_right` of what recall said right, it opens no drafts. `dry_run`
    computes and words everything, and writes nothing.
    """

    labels: tuple[str, ...] = ()
    comments: bool = True
    checks: bool = True
    test_command: str = ""
    drafts: bool = True
    draft_fallback: Fallback = Fallback.PATCH
    drafts_per_day: int = 5
    draft_label: str | None = None
    require_proof: bool = False
    review: ReviewRules = field(default_factory=ReviewRules)
    digest: Weekly = field(default_factory=Weekly)
    ignore: tuple[str, ...] = ()
    least_right: float = 0.5
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing in the file that could not be used. `text` goes on behind the place; line and column are 0 where unknown."""

    text: str
    line: int = 0
    column: int = 0

    def sentence(self, file: str) -> str:
        """The whole sentence about that file."""
        return f"{file}, line {self.line}, column {self.column}: {self.text}" if self.line else f"{file}: {self.text}"


@dataclass(frozen=True, slots=True)
class Settled:
    """The configuration in force. `problems` are sentences on what could not be used, with line and column; `written` holds each
    key that is written, with its value as people write it, and `sources` says where that comes from; `commit` is the one of the
    default branch that it was read at.
    """

    configuration: Configuration = field(default_factory=Configuration)
    problems: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    commit: str = ""
    written: Mapping[str, object] = field(default_factory=dict)
