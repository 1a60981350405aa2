import pytest

from app.analysis.findings import EVIDENCE, Findings
from app.analysis.question import Question, Reached
from app.analysis.rank import LISTED, Weights, probabilities, rank, read_weights, shortlist
from app.analysis.words import read_test
from app.domain.change import FileChange, Hunk, Role, Span, Status, Symbol
from app.domain.evidence import Kind, Source, TestFile
from app.domain.history import BlamedLine, PastCommit, PathChange

TOTAL = Symbol("total", "Cart.total", "method", Span(2, 4))
CHANGE = FileChange(
    "shop/cart.py",
    "shop/cart.py",
    Status.MODIFIED,
    Role.CODE,
    "python",
    (Hunk(Span(3, 3), Span(3, 3), 2, ("    return sum(prices)",), ("    return sum(prices, start=discount)",)),),
    (TOTAL,),
)
TESTS = {
    "tests/test_cart.py": b"from shop.cart import Cart\n\ndef test_total_with_discount():\n    Cart().total(prices)\n",
    "tests/test_mail.py": b"from shop.mail import send\n\ndef test_mail_is_sent():\n    send()\n",
    "tests/test_user.py": b"def test_user_name():\n    user()\n",
}


def question(**more: object) -> Question:
    given = {
        "message": "Fix the total of a cart with a discount",
        "files": (CHANGE,),
        "tests": tuple(TestFile(path, "python", Kind.UNIT, "") for path in TESTS),
        "words": {path: read_test(text) for path, text in TESTS.items()},
    }
    return Question(**(given | more))  # type: ignore[arg-type]


EVEN = Weights(dict.fromkeys(EVIDENCE, 1.0))


def test_the_test_that_everything_speaks_for_comes_first() -> None:
    assert rank(question(), EVEN)[0].test.path == "tests/test_cart.py"


def test_an_issue_alone_is_ranked_by_its_words() -> None:
    ranked = rank(question(files=(), message="Mail is sent twice"), EVEN)
    assert ranked[0].test.path == "tests/test_mail.py"


def test_a_repository_without_tests_has_no_ranking() -> None:
    assert rank(question(tests=(), words={}), EVEN) == ()


def test_tests_past_those_shown_are_ranked_with_their_imports_alone() -> None:
    paths = [f"tests/test_cart_{n}.py" for n in range(LISTED + 1)]
    ranked = rank(
        question(
            tests=tuple(TestFile(path, "python", Kind.UNIT, "") for path in paths),
            words=dict.fromkeys(paths, read_test(TESTS["tests/test_cart.py"])),
            reached=dict.fromkeys(paths, (Reached("shop/cart.py", 1.0, "imports", ("shop.cart",), 1),)),
        ),
        EVEN,
    )
    assert len(ranked) == LISTED + 1
    assert {e.source for e in ranked[0].evidence} > {Source.IMPORTS}
    assert {e.source for e in ranked[-1].evidence} == {Source.IMPORTS}


def test_every_strength_is_a_share_of_the_strongest() -> None:
    for name, strengths in Findings(question()).strengths.items():
        assert all(0 <= value <= 1 for value in strengths), name


def test_the_weights_of_the_evidence_add_up_to_the_sum() -> None:
    history = (PastCommit("b" * 40, 1, "Fix total", (PathChange("M", "shop/cart.py"), PathChange("M", "tests/test_cart.py"))),)
    asked = question(history=history, blame={"shop/cart.py": [BlamedLine(3, "b" * 40)]})
    strengths = Findings(asked).strengths
    first = rank(asked, EVEN)[0]
    assert sum(e.weight for e in first.evidence) == pytest.approx(sum(s[0] for s in strengths.values()), abs=0.1)


def test_history_names_the_commits_it_goes_by() -> None:
    history = (PastCommit("b" * 40, 1, "Change", (PathChange("M", "shop/cart.py"), PathChange("M", "tests/test_user.py"))),)
    user = next(r for r in rank(question(history=history), EVEN) if r.test.path == "tests/test_user.py")
    together = next(e for e in user.evidence if e.reason == "changed-together")
    assert (together.commits, together.count, together.of) == (("b" * 40,), 1, 1)


def test_what_a_test_imports_is_told_with_its_line_and_reaches_the_symbols_it_names() -> None:
    reached = {"tests/test_cart.py": (Reached("shop/cart.py", 1.0, "imports-module", ("Cart",), 1),)}
    first = rank(question(reached=reached), EVEN)[0]
    piece = next(e for e in first.evidence if e.source is Source.IMPORTS)
    assert (piece.reason, piece.names, piece.line) == ("imports-module", ("Cart",), 1)
    assert first.reaches == ("Cart.total",)
    assert first.touches


def test_words_are_told_as_they_are_spelled() -> None:
    first = rank(question(message="Rounding totals"), EVEN)[0]
    title = next(e for e in first.evidence if e.reason == "message-in-title")
    assert title.names == ("totals",)


def test_a_test_named_in_the_message_is_told_so() -> None:
    ranked = rank(question(message="Update tests/test_user.py"), EVEN)
    user = next(r for r in ranked if r.test.path == "tests/test_user.py")
    assert ("message-names-test", ("tests/test_user.py",)) in {(e.reason, e.names) for e in user.evidence}


def test_probabilities_keep_the_order_and_leave_room_for_none_of_them() -> None:
    sure, unsure, hopeless = probabilities([9.0, 5.0, 0.0], Weights({}, nowhere=3.0))
    assert 1 > sure > unsure > hopeless > 0
    assert probabilities([0.0], Weights({}, nowhere=5.0))[0] < 0.05


def test_enormous_sums_do_not_overflow() -> None:
    assert probabilities([1e6, -1e6], Weights({}))[0] > 0.99


def test_weights_that_are_no_weights_are_refused() -> None:
    with pytest.raises(ValueError, match="evidence"):
        read_weights({})


def test_the_shortlist_keeps_the_nearest_by_name_and_history_without_reading_a_test() -> None:
    history = (PastCommit("b" * 40, 1, "Change", (PathChange("M", "shop/cart.py"), PathChange("M", "tests/test_user.py"))),)
    unread = dict.fromkeys(TESTS, read_test(b""))
    assert shortlist(question(words=unread, history=history), EVEN, 2) == ["tests/test_cart.py", "tests/test_user.py"]
