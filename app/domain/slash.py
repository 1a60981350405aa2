"""Commands that people write into comments, as in `/recall fix #482`; finding them in Markdown is `app.analysis.slash`'s."""

from dataclasses import dataclass
from enum import StrEnum


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
