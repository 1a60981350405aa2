from app.analysis.history import BULK, changed_for_like_reasons, changed_together, changed_with_lines, past_changes
from app.domain.change import Span
from app.domain.history import BlamedLine, PastCommit, PathChange

CART, MAIL = "tests/test_cart.py", "tests/test_mail.py"
DAY = 86400


def commit(sha: str, *paths: str, message: str = "change", when: int = 0, renamed: tuple[str, str] | None = None) -> PastCommit:
    changes = [PathChange("M", path) for path in paths]
    if renamed:
        changes.append(PathChange("R", renamed[1], renamed[0]))
    return PastCommit(sha, when, message, tuple(changes))


def test_a_renamed_test_is_credited_under_its_present_path() -> None:
    log = [commit("c", renamed=("tests/cart.py", CART)), commit("b", "shop.py", "tests/cart.py")]
    assert changed_together(past_changes(log, [CART]), {"shop.py": 1.0}, 0)[CART].commits == ("b",)


def test_a_test_renamed_twice_is_followed_all_the_way() -> None:
    log = [
        commit("c", renamed=("tests/b.py", CART)),
        commit("b", renamed=("tests/a.py", "tests/b.py")),
        commit("a", "shop.py", "tests/a.py"),
    ]
    assert CART in changed_together(past_changes(log, [CART]), {"shop.py": 1.0}, 0)


def test_sweeps_through_the_repository_are_left_out() -> None:
    log = [commit("a", CART, "shop.py", *(f"other{n}.py" for n in range(BULK)))]
    assert past_changes(log, [CART]) == ()


def test_the_share_is_of_the_tests_own_commits() -> None:
    log = [commit("c", CART, "shop.py"), commit("b", MAIL, "shop.py"), commit("a", MAIL, "mail.py")]
    found = changed_together(past_changes(log, [CART, MAIL]), {"shop.py": 1.0}, 0)
    assert (found[CART].count, found[CART].of) == (1, 1)
    assert (found[MAIL].count, found[MAIL].of) == (1, 2)
    assert found[CART].share > found[MAIL].share


def test_what_happened_long_ago_counts_less() -> None:
    log = [commit("b", CART, "shop.py", when=4000 * DAY), commit("a", MAIL, "shop.py", when=0)]
    found = changed_together(past_changes(log, [CART, MAIL]), {"shop.py": 1.0}, 4000 * DAY)
    assert found[CART].share > found[MAIL].share


def test_the_commit_that_wrote_the_lines_leads_to_the_test_it_changed() -> None:
    past = past_changes([commit("b", CART, "shop.py"), commit("a", MAIL, "shop.py")], [CART, MAIL])
    blame = {"shop.py": [BlamedLine(10, "b"), BlamedLine(20, "a")]}
    found = changed_with_lines(past, blame, {"shop.py": [Span(10, 11)]}, {"shop.py": 1.0}, 0)
    assert found.keys() == {CART}
    assert found[CART].commits == ("b",)


def test_lines_within_the_margin_count_too() -> None:
    past = past_changes([commit("a", MAIL, "shop.py")], [MAIL])
    blame = {"shop.py": [BlamedLine(20, "a")]}
    assert MAIL in changed_with_lines(past, blame, {"shop.py": [Span(10, 11)]}, {"shop.py": 1.0}, 12)
    assert MAIL not in changed_with_lines(past, blame, {"shop.py": [Span(10, 11)]}, {"shop.py": 1.0}, 8)


def test_a_commit_with_a_like_message_leads_to_its_tests() -> None:
    log = [
        commit("b", CART, message="Fix rounding of discounts"),
        commit("a", MAIL, message="Send mail twice"),
    ]
    likest, ever = changed_for_like_reasons(past_changes(log, [CART, MAIL]), {"round": 1.0, "discount": 1.0})
    assert likest.keys() == {CART}
    assert likest[CART].commits == ("b",)
    assert ever[CART] > ever[MAIL] == 0.0


def test_a_repository_without_history_gives_nothing() -> None:
    assert changed_for_like_reasons((), {"round": 1.0}) == ({}, {})
    assert changed_together((), {"shop.py": 1.0}, 0) == {}
