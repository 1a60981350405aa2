"""Whose word wins: corrections over what was said, that over the guess."""

from app.analysis.culprit.corrected import corrected, remaining
from app.domain.correction import Corrections
from app.domain.culprit import Basis, Origin, Saying, Suspect

A, B, C = ("a" * 40, "b" * 40, "c" * 40)
GUESS = Origin(A, suspects=(Suspect(A, "Round twice", 2, 0.8), Suspect(B, "Move", 1, 0.1)), close=True)
NOTHING = Corrections()


def shas(origin: Origin) -> list[str]:
    return [suspect.sha for suspect in origin.suspects]


def test_without_a_word_the_guess_stands() -> None:
    assert corrected(GUESS, (), NOTHING, {}) == GUESS


def test_what_is_said_wins_over_the_guess_and_comes_first() -> None:
    told = corrected(GUESS, (Saying(B, "regression", "issue"),), NOTHING, {})
    assert (told.culprit, told.basis, told.close, shas(told)) == (B, Basis.SAID, False, [B, A])
    assert told.suspects[0].score == 0.1


def test_a_commit_that_the_guess_never_weighed_comes_first_with_its_subject() -> None:
    told = corrected(GUESS, (Saying(C, "introduced", "fix"),), NOTHING, {C: Suspect(C, "Cache", 3, 0.0)})
    assert (told.culprit, told.suspects[0].subject, shas(told)) == (C, "Cache", [C, A, B])


def test_a_correction_wins_over_what_is_said() -> None:
    told = corrected(GUESS, (Saying(B, "bisect", "fix"),), Corrections(culprit=C), {})
    assert (told.culprit, told.basis, shas(told)) == (C, Basis.CORRECTED, [C, A, B])


def test_who_is_ruled_out_is_no_suspect_and_not_heard_of() -> None:
    ruled_out = Corrections(not_culprits=(A, B))
    assert remaining(GUESS.suspects, ruled_out) == ()
    told = corrected(Origin(), (Saying(B, "bisect", "fix"),), ruled_out, {})
    assert told == Origin()


def test_a_bisect_is_trusted_before_what_is_told() -> None:
    said = (Saying(A, "introduced", "fix"), Saying(B, "bisect", "issue"))
    assert corrected(Origin(), said, NOTHING, {}).culprit == B


def test_the_fix_is_believed_before_the_issue_whose_last_word_counts() -> None:
    issue = (Saying(A, "caused", "issue"), Saying(B, "regression", "issue"))
    assert corrected(Origin(), issue, NOTHING, {}).culprit == B
    assert corrected(Origin(), (*issue, Saying(C, "caused", "fix")), NOTHING, {}).culprit == C


def test_everything_that_was_said_is_kept() -> None:
    said = (Saying(A, "introduced", "fix"), Saying(B, "bisect", "issue"))
    assert corrected(GUESS, said, NOTHING, {}).said == said
