from collections.abc import Mapping

from app.analysis.culprit.features import measure
from app.analysis.culprit.features.case import Case
from app.analysis.culprit.features.walked import visits
from app.domain.change import ChangeSet, FileChange, Hunk, Role, Span, Status
from app.domain.culprit import Authored, Candidate, PatchedFile, TracedFile, Trail

CART, BASKET = "shop/cart.py", "shop/basket.py"
WHOLE = Span(1, 6)
LINES = (
    "def total(items):",
    "    amount = 0",
    "    for item in items:",
    "        amount += item.net",
    "    log(amount)",
    "    return amount",
)


def edit(at: int, removed: str = "", added: str = "", new_at: int | None = None) -> Hunk:
    """A hunk at a line of the old side, or behind the line before it where it removes nothing."""
    before, after = (tuple(text.split("\n")) if text else () for text in (removed, added))
    there = at if new_at is None else new_at
    old = Span(at, at + len(before) - 1) if before else None
    return Hunk(old, Span(there, there + len(after) - 1) if after else None, at - 1, before, after)


def commit(
    sha: str, when: int, *hunks: Hunk, path: str = CART, old_path: str | None = CART, subject: str = "Change it"
) -> Candidate:
    return Candidate(sha, when, subject, 1, 1, 1, 1, (PatchedFile(path, old_path, hunks, ("",) * len(hunks)),))


def case(fix: Hunk, *newest_first: Candidate, lines: tuple[str, ...] = LINES, owner: str = "old") -> Case:
    change = ChangeSet("base", "head", "", (FileChange(CART, CART, Status.MODIFIED, Role.CODE, "python", (fix,)),))
    authored = {number: Authored(owner, number, text) for number, text in enumerate(lines, 1)}
    traced = {CART: TracedFile(CART, authored, (WHOLE,))}
    return Case(Trail(change, 1_000, traced, {one.sha: one for one in newest_first}))


def by_sha(given: Case, name: str) -> Mapping[str, float]:
    return dict(zip((one.sha for one in given.candidates), measure(given)[name], strict=True))


FIX = edit(4, "        amount += item.net", "        amount += item.gross")


def test_a_change_that_only_deleted_lines_at_the_place_is_seen_where_blame_sees_nothing() -> None:
    deleted = commit("deleted", 900, edit(4, "        check(item)"))
    assert by_sha(case(FIX, deleted, commit("old", 100)), "walk-on")["deleted"] == 1.0


def test_a_place_is_followed_through_lines_that_came_above_it_later() -> None:
    above = commit("above", 900, edit(1, added="import a\nimport b\nimport c\nimport d\nimport e"))
    lines = ("import a", "import b", "import c", "import d", "import e", *LINES)
    fix = edit(9, FIX.removed[0], FIX.added[0])
    there = commit("there", 800, edit(4, "        amount += item.price", "        amount += item.net"))
    far = commit("far", 700, edit(40, "x = 1", "x = 2"))
    near = by_sha(case(fix, above, there, far, lines=lines), "walk-near")
    assert near["there"] == 1.0
    assert near["far"] < 0.001


def test_a_place_is_followed_to_the_name_that_its_file_had_before() -> None:
    moved = commit("moved", 900, path=CART, old_path=BASKET)
    there = commit("there", 800, FIX, path=BASKET, old_path=BASKET)
    assert by_sha(case(FIX, moved, there), "walk-on")["there"] == 1.0


def test_nothing_came_near_before_the_file_was_made() -> None:
    made = commit("made", 900, edit(1, added="\n".join(LINES)), old_path=None)
    before = commit("before", 800, FIX)
    seen = case(FIX, made, before)
    assert by_sha(seen, "walk-on")["before"] == 0.0


def test_the_newest_that_worked_in_the_definition_counts_most() -> None:
    newest = commit("newest", 900, edit(2, "    amount = None", "    amount = 0"))
    older = commit("older", 800, edit(6, "    return 0", "    return amount"))
    outside = commit("outside", 950, edit(30, "a", "b"))
    assert by_sha(case(FIX, outside, newest, older), "newest-walk-definition") == {"outside": 0.0, "newest": 1.0, "older": 0.5}


def test_a_fix_that_only_adds_stands_in_the_gap_between_two_lines() -> None:
    beside = commit("beside", 900, edit(4, "        amount += item.price", "        amount += item.net"))
    two_away = commit("two-away", 800, edit(6, "    return 0", "    return amount"))
    found = visits(case(edit(5, added="    check(amount)"), beside, two_away))
    assert [visit.distance for visit in found] == [0.5, 1.5]


def test_the_opposite_exchange_is_told_from_the_same_one() -> None:
    back = commit("back", 900, edit(4, "        amount += item.gross", "        amount += item.net"))
    again = commit("again", 800, edit(40, "    show(item.net)", "    show(item.gross)"))
    seen = case(FIX, back, again)
    assert by_sha(seen, "undone") == {"back": 1.0, "again": 0.0}
    assert by_sha(seen, "repeated") == {"back": 0.0, "again": 1.0}


def test_a_word_brought_within_the_definition_is_told_from_one_brought_elsewhere() -> None:
    here = commit("here", 900, edit(4, "        amount += item.price", "        amount += item.net"))
    elsewhere = commit("elsewhere", 800, edit(40, "    show(item.price)", "    show(item.net)"))
    assert by_sha(case(FIX, here, elsewhere), "gone-brought-here") == {"here": 1.0, "elsewhere": 0.0}


def test_a_pattern_of_operators_is_found_again() -> None:
    fix = edit(2, "    if size < limit:", "    if size <= limit:")
    wrote = commit("wrote", 900, edit(2, "    if size <= limit:", "    if size < limit:"))
    other = commit("other", 800, edit(2, "    size = limit", "    size = limit + 1"))
    assert by_sha(case(fix, wrote, other), "gone-phrases-brought") == {"wrote": 1.0, "other": 0.0}


def test_what_the_fix_takes_out_of_a_line_is_credited_to_whom_brought_it_not_to_whom_rewrote_the_line() -> None:
    renamed = commit("renamed", 900, edit(4, "        total += item.net", "        amount += item.net"))
    wrote = commit("wrote", 800, edit(4, "        total += item.gross", "        total += item.net"))
    seen = case(FIX, renamed, wrote, owner="renamed")
    assert by_sha(seen, "brought-signs") == {"renamed": 0.0, "wrote": 1.0}
    assert by_sha(seen, "only-rewrote-line") == {"renamed": 1.0, "wrote": 0.0}


def test_a_rename_is_told_from_new_work() -> None:
    renamed = commit("renamed", 900, edit(4, "        total += item.net", "        amount += item.net"))
    new = commit("new", 800, edit(4, "        pass", "        amount += item.net"))
    rewrote = by_sha(case(FIX, renamed, new), "rewrote-here")
    assert rewrote["renamed"] > 0.7
    assert rewrote["new"] == 0.0


def test_a_fix_of_comments_alone_has_its_comments_counted() -> None:
    lines = ("# Gives gros amounts.", *LINES[1:])
    fix = edit(1, "# Gives gros amounts.", "# Gives gross amounts.")
    wrote = commit("wrote", 900, edit(1, "# Gives.", "# Gives gros amounts."))
    assert by_sha(case(fix, wrote, lines=lines, owner="wrote"), "owns-removed")["wrote"] == 1.0


def test_a_commit_of_a_week_ago_counts_half_of_one_of_today() -> None:
    today, week = commit("today", 1_000), commit("week", 1_000 - 7 * 86_400)
    assert by_sha(case(FIX, today, week), "lately") == {"today": 1.0, "week": 0.5}


def test_a_pattern_brought_far_from_the_fix_does_not_count_as_brought_near_it() -> None:
    near = commit("near", 900, edit(4, "        amount += item.price", "        amount += item.net"))
    far = commit("far", 800, edit(40, "    show(1)", "    amount += item.net"))
    seen = case(FIX, near, far, owner="near")
    assert by_sha(seen, "gone-phrases-brought") == {"near": 1.0, "far": 1.0}
    assert by_sha(seen, "gone-phrases-brought-near") == {"near": 1.0, "far": 0.0}
