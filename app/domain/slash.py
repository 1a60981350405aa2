"""Commands that people write into comments, as in `/recall fix #482`; finding them in Markdown is `app.analysis.slash`'s."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.comment import MARKER_PREFIX
from app.domain.escape import Issue, IssueRef


class Verb(StrEnum):
    """What can be asked for; the name is what people write behind `/recall`."""

    RECALL = ""
    FIX = "fix"
    CULPRIT = "culprit"
    NOT_CULPRIT = "not-culprit"
    DRAFT = "draft"
    PROVE = "prove"
    CHALLENGE = "challenge"
    WITHDRAW = "withdraw"
    WRONG = "wrong"
    QUIET = "quiet"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """One line of a comment. `verb` is None where the word is none that recall knows; `word` is what was written there."""

    verb: Verb | None
    argument: str = ""
    word: str = ""


class Reaction(StrEnum):
    """How a comment with a command is reacted to, by GitHub's names: seen, done, not done."""

    SEEN = "eyes"
    DONE = "+1"
    REFUSED = "confused"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command was written: an issue, or a pull request with what it shares with issues."""

    issue: Issue
    on_pull: bool = False


@dataclass(frozen=True, slots=True)
class Unfollowed:
    """A command that was not followed, and why, as a slug of `templates/words/answer.j2`. `name` is what the reason is about;
    `near` the verb that may have been meant.
    """

    command: SlashCommand
    reason: str
    name: str = ""
    near: Verb | None = None


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """recall's one answer on an issue or pull request before words: what it did not follow, and whether help was asked for.

    `comment` is the one that is answered; None for a button.
    """

    ref: IssueRef
    repository: str
    unfollowed: tuple[Unfollowed, ...] = ()
    helps: bool = False
    on_pull: bool = False
    comment: int | None = None
    web_url: str = "https://github.com"


def answer_marker(ref: IssueRef) -> str:
    """The first line of recall's answer to commands; found again together with the author."""
    return f"{MARKER_PREFIX}answer issue={ref.repository_id}/{ref.number} -->"


def quiet_key(pull: int) -> str:
    """Under which it is remembered that recall keeps quiet on a pull request."""
    return f"quiet-{pull}"


def asked_key(issue: int) -> str:
    """Under which it is remembered that somebody with triage rights asked for a recall, so that its label can be trusted."""
    return f"asked-{issue}"
