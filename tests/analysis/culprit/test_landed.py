"""The pull request that a subject names."""

import pytest

from app.analysis.culprit.landed import pull_request_of


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
