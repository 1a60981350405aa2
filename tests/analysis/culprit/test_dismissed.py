from collections.abc import Mapping

import pytest

from app.analysis.culprit.dismissed import (
    COMMENTS,
    FORMAT,
    UNDOES,
    UNDONE,
    dismissed,
    edges,
    hiding,
    is_comment_only,
    is_format_only,
    repeats,
    settled,
)
from app.domain.change import ChangeSet, FileChange, Hunk, Role, Span, Status
from app.domain.culprit import Authored, Candidate, PatchedFile, TracedFile, Trail
from app.domain.unchecked import Unchecked

CART = "shop/cart.py"


def hunk(removed: str = "", added: str = "", at: int = 1) -> Hunk:
    before, after = (tuple(text.split("\n")) if text else () for text in (removed, added))
    return Hunk(
        old=Span(at, at + len(before) - 1) if before else None,
        new=Span(at, at + len(after) - 1) if after else None,
        after=at - 1,
        removed=before,
        added=after,
    )


def candidate(sha: str, *hunks: Hunk, path: str = CART, subject: str = "Change it", parents: int = 1) -> Candidate:
    return Candidate(sha, when=100, subject=subject, parents=parents, patch=(PatchedFile(path, path, hunks),))


def by_sha(*newest_first: Candidate) -> Mapping[str, Candidate]:
    return {one.sha: one for one in newest_first}


def fix(*hunks: Hunk) -> ChangeSet:
    return ChangeSet("base", "head", "", (FileChange(CART, CART, Status.MODIFIED, Role.CODE, "python", hunks),))


FIX = fix(hunk("    return a - b - b", "    return a - b", at=9))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f( 'a' )", 'f("a")'),
        ("f(a, b)", "f(\n    a,\n    b,\n)"),
        ("a = b;", "a = b"),
        ("a = b + \\\n  c", "a = b + c"),
    ],
)
def test_what_keeps_every_word_is_formatting(before: str, after: str) -> None:
    assert is_format_only(candidate("a", hunk(before, after), path="cart.js"))


@pytest.mark.parametrize(("before", "after"), [("f(a, b)", "f(b, a)"), ("a = 1", "a = 10"), ("if (a) b()", "a; b()"), ("", "a")])
def test_what_changes_a_word_is_no_formatting(before: str, after: str) -> None:
    assert not is_format_only(candidate("a", hunk(before, after), path="cart.js"))


def test_a_line_moved_elsewhere_is_no_formatting() -> None:
    assert not is_format_only(candidate("a", hunk("check()", at=3), hunk(added="check()", at=9), path="cart.js"))


def test_a_few_lines_indented_anew_can_be_a_bug_where_indents_mean_something() -> None:
    moved = hunk("        return a", "    return a")
    assert not is_format_only(candidate("a", moved))
    assert is_format_only(candidate("a", moved, path="cart.js"))


def test_very_many_lines_indented_anew_are_a_formatters_work() -> None:
    lines = [f"call({n})" for n in range(10)]
    again = hunk("\n".join(f"    {line}" for line in lines), "\n".join(f"  {line}" for line in lines))
    assert is_format_only(candidate("a", again))


def test_a_hunk_of_which_lines_were_cut_tells_nothing() -> None:
    cut = Hunk(Span(1, 30), Span(1, 40), 0, ("a()",), ("b()",))
    assert not is_format_only(candidate("a", cut, path="cart.js"))
    assert is_format_only(candidate("a", cut, hunk("a( )", "a()", at=80), path="cart.js"))


def test_a_change_of_comments_alone_is_one() -> None:
    assert is_comment_only(candidate("a", hunk("# old", "# new\n"), hunk("", "    # more", at=7)))
    assert not is_comment_only(candidate("a", hunk("# old", "call()  # new")))


def test_formatting_and_comments_are_no_suspects() -> None:
    found = dismissed(FIX, by_sha(candidate("a", hunk("f( 'a' )", 'f("a")')), candidate("b", hunk("# old", "# new"))))
    assert found == {"a": FORMAT, "b": COMMENTS}


def test_the_fix_of_a_comment_leaves_changes_of_comments_suspect() -> None:
    assert not dismissed(fix(hunk("# wrong", "# right")), by_sha(candidate("b", hunk("# old", "# new"))))


ONE, OTHER = "    amount = subtotal(cart)\n    rebate = amount // 10", "    rebate = subtotal(cart) // 10\n    amount = 0"


def test_a_change_and_what_took_it_back_are_no_suspects() -> None:
    found = dismissed(FIX, by_sha(candidate("back", hunk(OTHER, ONE)), candidate("there", hunk(ONE, OTHER))))
    assert found == {"there": UNDONE, "back": UNDOES}


def test_who_took_back_what_the_fix_makes_again_stays_suspect() -> None:
    again = fix(hunk(ONE, OTHER, at=40))
    assert not dismissed(again, by_sha(candidate("back", hunk(OTHER, ONE)), candidate("first fix", hunk(ONE, OTHER))))


def test_a_change_that_was_made_again_after_it_was_taken_back_stays_suspect() -> None:
    made = candidate("made", hunk(ONE, OTHER))
    story = by_sha(candidate("again", hunk(ONE, OTHER, at=30)), candidate("back", hunk(OTHER, ONE)), made)
    assert "made" not in dismissed(FIX, story)
    assert repeats(story) == {"again": "made"}


def test_a_short_change_made_twice_may_be_chance() -> None:
    flip = hunk("    on = False", "    on = True")
    assert not repeats(by_sha(candidate("b", flip, subject="Turn it on"), candidate("a", flip, subject="Begin with it on")))


def test_a_short_change_made_twice_under_one_subject_is_the_same() -> None:
    flip = hunk("    on = False", "    on = True")
    newer = candidate("b", flip, subject='Revert "Revert "Turn it on""')
    assert repeats(by_sha(newer, candidate("a", flip, subject="Turn it on"))) == {"b": "a"}


def traced(**authors: str) -> Mapping[str, TracedFile]:
    lines = {int(line[1:]): Authored(sha, 1, "    return a - b - b") for line, sha in authors.items()}
    return {CART: TracedFile(CART, lines)}


def test_the_lines_of_a_copy_are_credited_to_the_original() -> None:
    story = by_sha(candidate("copy", hunk(ONE, OTHER)), candidate("original", hunk(ONE, OTHER)))
    found = settled(Trail(FIX, 200, traced(_9="copy"), story))
    assert found.trail.traced[CART].authored[9].sha == "original"
    assert list(found.trail.candidates) == ["original"]
    assert found.copies == {"original": ("copy",)}


def test_who_is_still_credited_with_a_telling_line_stays_suspect() -> None:
    sweep = candidate("sweep", hunk("f( 'a' )", 'f("a")'))
    assert list(settled(Trail(FIX, 200, traced(_9="sweep"), by_sha(sweep))).trail.candidates) == ["sweep"]
    gone = settled(Trail(FIX, 200, traced(_9="other"), by_sha(sweep)))
    assert not gone.trail.candidates
    assert gone.dismissed == {"sweep": FORMAT}


def test_of_a_merge_only_the_lines_are_its_own_that_it_is_blamed_for() -> None:
    merge = candidate("merge", hunk("x()", "    return a - b - b\n    brought()"), hunk(added="more()", at=50), parents=2)
    found = settled(Trail(FIX, 200, traced(_9="merge"), by_sha(merge)))
    assert [one.added for file in found.trail.candidates["merge"].patch for one in file.hunks] == [("    return a - b - b",)]


def test_where_a_shallow_clone_ends_is_told_by_its_lack_of_parents() -> None:
    story = by_sha(candidate("newer", hunk(ONE, OTHER)), candidate("edge", hunk(added=ONE), parents=0))
    assert edges(Trail(FIX, 200, {}, story, (Unchecked("shallow"),))) == {"edge"}
    assert not edges(Trail(FIX, 200, {}, story))


def test_blame_looks_behind_formatters_but_not_behind_comments_and_copies() -> None:
    story = by_sha(
        candidate("copy", hunk(ONE, OTHER)),
        candidate("back", hunk(OTHER, ONE)),
        candidate("comments", hunk("# old", "# new")),
        candidate("sweep", hunk("f( 'a' )", 'f("a")')),
        candidate("made", hunk(ONE, OTHER)),
    )
    assert hiding(FIX, story) == {"sweep", "back"}
