"""What is said of the change that let the bug in: the answer by who says so, and each reason with its numbers."""

from dataclasses import replace

import pytest

from app.analysis.culprit.said import FIX, claims
from app.domain.culprit import Basis, Ground, Origin, Saying, Suspect
from app.render import words
from app.render.culprit import day, ground_sentence, items, line, origin_json, origin_markdown, why
from app.render.links import Links
from app.render.sentences import Sentences
from tests.render import build

PLAIN = Sentences(words.plain(), Links())


def test_nobody_can_be_named_without_a_candidate() -> None:
    assert str(line(Origin(), PLAIN)) == (
        "Which change let it in: not known. No commit before the fix is seen to have to do with it."
    )


@pytest.mark.parametrize(
    ("score", "words"),
    [(0.8, "Let in by"), (0.79, "Probably let in by"), (0.5, "Probably let in by"), (0.49, "Perhaps let in by")],
)
def test_a_guess_claims_no_more_than_it_is_sure_of(score: float, words: str) -> None:
    first, *rest = build.suspects()
    told = line(build.origin(suspects=(replace(first, score=score), *rest)), PLAIN)
    assert str(told).startswith(f"{words} 7d1e0c5")


def test_a_commit_that_people_named_and_nothing_is_known_of_has_its_name_alone() -> None:
    assert str(line(build.corrected_origin(), PLAIN)) == "Let in by eeeeeee, named by a person with /recall culprit."


def test_others_that_people_named_are_told_as_well() -> None:
    assert str(line(build.said_origin(), PLAIN)).endswith("Also named: 7d1e0c5.")


@pytest.mark.parametrize(
    ("ground", "sentence"),
    [
        (Ground("blame-removed", 1, 1), "last wrote the one line that the fix takes away"),
        (Ground("blame-removed", 2, 2), "last wrote both lines that the fix takes away"),
        (Ground("blame-removed", 7, 9), "last wrote 7 of the 9 lines that the fix takes away"),
        (Ground("added-calls", names=("push",)), "brought the call of push, made in the fix's lines"),
        (Ground("recent", days=1), "came 1 day before the fix"),
        (Ground("recent", days=0), "came on the day of the fix"),
        (Ground("copied-by", names=("a" * 40, "no sha")), "was applied again in aaaaaaa"),
        (Ground("no-such-slug", names=("a",)), "no-such-slug (a)"),
    ],
)
def test_a_reason_agrees_with_its_numbers(ground: Ground, sentence: str) -> None:
    assert str(ground_sentence(ground, PLAIN)) == sentence


@pytest.mark.parametrize(
    "text",
    [
        "Fixes: 1a2b3c4",
        "Broken by 1a2b3c4",
        "Regression from 1a2b3c4",
        "Introduced in 1a2b3c4",
        "Bisected to 1a2b3c4",
        "This reverts commit 1a2b3c4.",
    ],
)
def test_every_manner_of_saying_it_has_words(text: str) -> None:
    (claim,) = claims(text, FIX)
    told = str(line(build.origin(basis=Basis.SAID, said=(Saying(build.CULPRIT, claim.manner, claim.where),)), PLAIN))
    assert f"said-{claim.manner}" not in told


def test_the_days_are_told_once_behind_the_strongest_reason() -> None:
    grounds = (Ground("made-file", path="a.py"), Ground("newest", days=3), Ground("recent", days=3))
    told = str(why(Suspect("a" * 40, "", 0, 0.5, grounds), PLAIN))
    assert told == "made a.py, 3 days before the fix; is the newest change of the fixed files"


def test_a_date_alone_is_a_reason_where_there_is_no_other() -> None:
    assert str(why(Suspect("a" * 40, "", 0, 0.5, (Ground("recent", days=3),)), PLAIN)) == "came 3 days before the fix"


def test_machines_read_no_score_where_people_alone_named_the_commit() -> None:
    scores = [suspect["score"] for suspect in origin_json(build.corrected_origin())["suspects"]]
    assert scores == [None, 0.83, 0.09]


def test_a_date_out_of_all_time_is_left_out() -> None:
    assert day(Suspect("a" * 40, "", 10**18, 0.5)) == ""


def test_the_candidates_are_cut() -> None:
    many = Origin(suspects=tuple(Suspect(f"{number:040x}", "", 0, 0.1) for number in range(10)))
    assert len(items(many, PLAIN)) == 5


def test_markdown_lists_what_could_not_be_checked_last() -> None:
    assert "blame-too-slow" in origin_markdown(build.unknown_origin()).splitlines()[-1]
