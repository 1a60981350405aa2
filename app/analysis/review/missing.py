"""What is worth saying of a past escape that a change touches; where its guards stand, nothing is.

The rules are ordered, the gravest first; each finding has the slug of the first that holds.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.domain.draft import ProofState
from app.domain.review import Disarmed, Finding, KnownEscape, Missing, SeamSides, Touch

_ORDER = tuple(Missing)


@dataclass(frozen=True, slots=True)
class Held:
    """One past escape held against a change. `escape` has those of its tests alone that stand where the change begins.

    `seams` are those of it that the change crosses, and that still no integration test reaches; `tested` says that the change
    brings tests of its own for what it touches, whose writers thought of it already.
    """

    escape: KnownEscape
    touches: tuple[Touch, ...] = ()
    disarmed: tuple[Disarmed, ...] = ()
    seams: tuple[SeamSides, ...] = ()
    tests: tuple[str, ...] = ()
    run: str = ""
    tested: bool = False

    @property
    def on_lines(self) -> bool:
        """Whether the very lines of the fix are touched."""
        return any(touch.symbol is None for touch in self.touches)


def missing(held: Held) -> Missing | None:
    """The first rule that holds; None where there is nothing to say."""
    return next((slug for slug, holds in _RULES if holds(held)), None)


def findings(all_held: Iterable[Held]) -> tuple[Finding, ...]:
    """What is to be said, gravest first, then by issue."""
    found = [_finding(held, slug) for held in all_held if (slug := missing(held)) is not None]
    return tuple(sorted(found, key=lambda finding: (_ORDER.index(finding.missing), finding.escape.issue)))


def _finding(held: Held, slug: Missing) -> Finding:
    return Finding(held.escape, slug, held.touches, held.disarmed, held.seams, held.tests, held.run)


def _is_rotten(held: Held) -> bool:
    return bool(held.touches) and held.escape.proof is ProofState.ROTTEN


def _has_no_guard(held: Held) -> bool:
    return held.on_lines and not held.tested and not held.escape.tests


def _is_not_proved(held: Held) -> bool:
    return held.on_lines and not held.tested and not held.escape.guarded


_RULES: tuple[tuple[Missing, Callable[[Held], bool]], ...] = (
    (Missing.GUARD_DISARMED, lambda held: bool(held.disarmed)),
    (Missing.GUARD_ROTTEN, _is_rotten),
    (Missing.NO_GUARD, _has_no_guard),
    (Missing.NOT_PROVED, _is_not_proved),
    (Missing.SEAM_UNTESTED, lambda held: bool(held.seams)),
)
