"""What recall would write, where nothing is written: the deeds of a rehearsal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Act(StrEnum):
    """What would be done, as a slug of `templates/words/deed.j2`."""

    COMMENT = "comment"
    EDIT_COMMENT = "edit-comment"
    BRANCH = "branch"
    DELETE_BRANCH = "delete-branch"
    COMMIT = "commit"
    PULL = "pull"
    EDIT_PULL = "edit-pull"
    REOPEN = "reopen"
    CLOSE = "close"
    LABEL = "label"
    UNLABEL = "unlabel"
    ISSUE = "issue"
    EDIT_ISSUE = "edit-issue"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Deed:
    """One write that was not done. `where` names the issue, pull request, branch or commit, as people name it; `title` and `text`
    are what would stand there (of a commit its first line and its patch), `files` the whole texts of a commit's files (None for
    one that would go).
    """

    act: Act
    where: str
    title: str = ""
    text: str = ""
    files: Mapping[str, str | None] = field(default_factory=dict)
