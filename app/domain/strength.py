"""What the assertions of a test say about a change, read from its text alone; words are `templates/words/strength.j2`'s."""

from dataclasses import dataclass
from enum import StrEnum


class Says(StrEnum):
    """Whether a test that comes to the changed code asserts anything about it, from the least."""

    NOTHING = "nothing"
    ELSEWHERE = "elsewhere"
    CANNOT_TELL = "cannot-tell"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Strength:
    """One judgement with its reason, a slug; never a score. `line` of the test file shows it, `names` are what it is about.

    NOTHING: `no-assertion`, `only-no-raise`, `only-constants`. ELSEWHERE: `only-status`, `other-values`. ABOUT: `value`,
    `snapshot`. CANNOT_TELL: `helper` (what may assert is not in the file), `not-named` (comes to the change through other code),
    `side-effect`, `no-test` (no such test in the file), `not-read`.
    """

    says: Says
    reason: str
    line: int | None = None
    names: tuple[str, ...] = ()
