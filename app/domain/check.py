"""The check run that tells on a pull request what is proved of its tests, and the pull requests it can stand on."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.draft import ProofState
from app.domain.proof import Receipt
from app.domain.review import Annotation

NAME = "recall / proof"


@dataclass(frozen=True, slots=True)
class PullHead:
    """A pull request as it stands now. `own` says that its branch lies in the repository itself, not in a fork.

    `base` is the commit at the tip of the branch it goes into, `head` that of its own.
    """

    number: int
    head: str
    base: str
    own: bool
    open: bool
    merged: bool = False


class Standing(StrEnum):
    """What a check run says at a glance: `WAITING` is not ended, and so holds back where it is required."""

    WAITING = "waiting"
    NEUTRAL = "neutral"
    SUCCESS = "success"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known of one escape's guard, as far as it holds for the pull request's head."""

    issue: int
    state: ProofState
    receipt: Receipt | None = None
    run_url: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A receipt or challenge that does not count: why, as a slug of `templates/words/refused.j2`, and what it is about."""

    reason: str
    name: str = ""
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """One check run before words: all escapes that the pull request concerns, by issue. `refused` are the sentences on receipts
    that did not count.
    """

    repository: str
    web_url: str
    pull: int
    head: str
    standing: Standing
    proofs: tuple[Proof, ...]
    refused: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a check run: what it asks for (`identifier`), its label, and what it does. GitHub takes at most 20, 20 and 40
    characters.
    """

    identifier: str
    label: str
    description: str


@dataclass(frozen=True, slots=True)
class Check:
    """A check run as it is written, with at most three buttons. `key` finds it again on its commit, beside the name and the App;
    one with other annotations is another check run, since those that stand cannot be taken back.
    """

    head: str
    key: str
    standing: Standing
    title: str
    summary: str
    details_url: str = ""
    name: str = NAME
    annotations: tuple[Annotation, ...] = ()
    buttons: tuple[Button, ...] = ()
