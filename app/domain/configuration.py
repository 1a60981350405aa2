"""What a repository settles in `.github/recall.yml` about drafts and proofs; its globs are `app.analysis.overrides`'s."""

from dataclasses import dataclass
from enum import StrEnum


class Fallback(StrEnum):
    """What becomes of a draft where the plan offers none: an ordinary pull request, only its branch, or text in the comment."""

    PULL_REQUEST = "pull-request"
    BRANCH = "branch"
    PATCH = "patch"


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings of one repository, each with the value it has where nothing is written.

    `test_command` runs the tests asked for (its placeholders are `app.analysis.runners.configured`'s), "" for the one that is
    found. `drafts` allows pull requests, at most `drafts_per_day` within 24 hours. `draft_label` goes onto them: None for the
    issue's own label, "" for none. `require_proof` lets `recall / proof` fail instead of staying neutral.
    """

    test_command: str = ""
    drafts: bool = True
    draft_fallback: Fallback = Fallback.PATCH
    drafts_per_day: int = 5
    draft_label: str | None = None
    require_proof: bool = False
