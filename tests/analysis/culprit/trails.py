"""A small trail for the tests of features and model: a coupon that rounds down, and the fix that rounds to the nearest."""

from app.domain.change import ChangeSet, FileChange, Hunk, Role, Span, Status
from app.domain.culprit import Authored, Candidate, PatchedFile, TracedFile, Trail

FIRST, COUPON, TIDY = "a" * 40, "b" * 40, "c" * 40
_DAY = 86_400
_FIX = 1_700_000_000
PATH = "shop/cart.py"
_BEFORE = (
    (FIRST, "def total(items, coupon):"),
    (FIRST, "    amount = sum(item.price for item in items)"),
    (COUPON, "    amount = round_down(amount * coupon.rate)"),
    (TIDY, "    return amount  # cents"),
)


def _patched(old_path: str | None, *hunks: Hunk) -> tuple[PatchedFile, ...]:
    return (PatchedFile(PATH, old_path, hunks, ("",) * len(hunks)),)


def trail() -> Trail:
    """Three candidates: the first made the file, the second brought the removed line, the newest touched the one below."""
    hunk = Hunk(Span(3, 3), Span(3, 3), 2, (_BEFORE[2][1],), ("    amount = round_half_up(amount * coupon.rate)",))
    file = FileChange(PATH, PATH, Status.MODIFIED, Role.CODE, "python", (hunk,))
    authored = {number: Authored(sha, number, text) for number, (sha, text) in enumerate(_BEFORE, 1)}
    created = Hunk(None, Span(1, 3), 0, (), (_BEFORE[0][1], _BEFORE[1][1], "    return amount"))
    coupon = Hunk(None, Span(3, 3), 2, (), (_BEFORE[2][1],))
    tidy = Hunk(Span(4, 4), Span(4, 4), 3, ("    return amount",), (_BEFORE[3][1],))
    candidates = (
        Candidate(TIDY, _FIX - 2 * _DAY, "Name the unit", 1, 1, 1, 1, _patched(PATH, tidy)),
        Candidate(COUPON, _FIX - 12 * _DAY, "Add coupons (#12)", 1, 1, 1, 0, _patched(PATH, coupon)),
        Candidate(FIRST, _FIX - 90 * _DAY, "Add the cart", 1, 1, 3, 0, _patched(None, created)),
    )
    return Trail(
        ChangeSet("d" * 40, "e" * 40, "fix", (file,)),
        _FIX,
        {PATH: TracedFile(PATH, authored, (Span(1, 4),))},
        {one.sha: one for one in candidates},
    )
