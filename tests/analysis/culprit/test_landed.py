"""The pull request that a subject names."""

import pytest

from app.analysis.culprit.landed import pull_request_of, without_pull_request


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("Round once (#431)", 431),
        ("Merge pull request #431 from acme/round", 431),
        ('Revert "Round once (#431)" (#440)', 440),
        ("Round once, see (#431) for more", None),
        ("Fix #431", None),
        ("", None),
    ],
)
def test_the_number_stands_where_github_puts_it(subject: str, number: int | None) -> None:
    assert pull_request_of(subject) == number


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("Round once (#431)", "Round once"),
        ("Merge pull request #431 from ada/round", ""),
        ("Merge branch 'main' of github.com:ada/shop", "Merge branch 'main'"),
        ("Merge branch 'main' of https://github.com/ada/shop into round", "Merge branch 'main' into round"),
        ("Merge branch 'round'", "Merge branch 'round'"),
    ],
)
def test_no_subject_names_the_person_whose_branch_was_merged(subject: str, shown: str) -> None:
    assert without_pull_request(subject) == shown
