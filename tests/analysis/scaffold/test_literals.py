import pytest

from app.analysis.scaffold.literals import changed_literals
from app.domain.change import FileChange, Hunk, Role, Span, Status


def change(removed: list[str], added: list[str]) -> tuple[tuple[str, str, str], ...]:
    hunk = Hunk(Span(3, 3), Span(3, 3), 2, tuple(removed), tuple(added))
    file = FileChange("shop/cart.py", "shop/cart.py", Status.MODIFIED, Role.CODE, "python", (hunk,))
    return tuple((one.kind, one.before, one.after) for one in changed_literals([file]))


def test_a_boundary_is_told_before_and_after():
    assert change(["    if count > limit:"], ["    if count >= limit:"]) == (("boundary", "count > limit", "count >= limit"),)


def test_a_number_that_changed_is_a_pair():
    assert change(["    return rate(2)"], ["    return rate(3)"]) == (("number", "2", "3"),)


def test_a_named_constant_is_told_as_one():
    assert change(["MAX_ITEMS = 10"], ["MAX_ITEMS = 100"]) == (("constant", "10", "100"),)


def test_a_new_text_of_an_error_is_told_alone():
    assert change([], ['    raise ValueError("no such item")']) == (("error-text", "", '"no such item"'),)


def test_what_only_moved_and_what_only_counts_releases_is_not_told():
    assert change(['    log("sold")', '__version__ = "1.2"'], ['        log("sold")', '__version__ = "1.3"']) == ()


def test_comparisons_in_sentences_are_none():
    assert change([], ["    works with versions > 6.2 (probably)"]) == ()


def test_what_types_are_made_of_is_no_boundary_and_an_import_no_value():
    generic = "private static Map<Object, Object> m = new WeakHashMap<Object, Object>();"

    assert change([], [generic, "fn f() -> Option<PathBuf> {", '\tyaml "gopkg.in/yaml.v3"']) == ()
    assert change(["if (a<3) return;"], ["if (a<4) return;"]) == (("boundary", "a<3", "a<4"),)


def test_comparisons_that_differ_in_names_only_are_none():
    assert change(["if modifer == 0 {"], ["if modifier == 0 {"]) == ()
    assert change(["if (state == State.OPEN) {"], ["if (state == State.SOLD) {"]) == (
        ("boundary", "state == State.OPEN", "state == State.SOLD"),
    )


def test_what_a_fix_changed_twice_is_told_once():
    files = [
        FileChange(
            "cart.c",
            "cart.c",
            Status.MODIFIED,
            Role.CODE,
            "go",
            (Hunk(Span(at, at), Span(at, at), at - 1, ("f(10)",), ("f(0)",)),),
        )
        for at in (3, 9)
    ]

    assert [(one.before, one.after) for one in changed_literals(files)] == [("10", "0")]


@pytest.mark.parametrize(
    "line", ["if a - count > 3:", "if count > limit - 1:", "if rates[0].total(a, b).size > 3:", "if x == names[0]:"]
)
def test_the_middle_of_a_longer_comparison_is_not_told(line):
    assert [one for one in change([], [line]) if one[0] == "boundary"] == []


def test_the_words_and_signs_before_a_name_belong_to_it():
    assert change([], ["if (typeof total === 'number') {"]) == (("boundary", "", "typeof total === 'number'"),)
    assert change([], ["if ($this->total === 3) {"]) == (("boundary", "", "$this->total === 3"),)
