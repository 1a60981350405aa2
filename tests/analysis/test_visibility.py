"""Who may be told of a repository."""

import pytest

from app.analysis.visibility import may_be_named


@pytest.mark.parametrize(
    ("visibility", "where", "may"),
    [
        ("public", "public", True),
        ("public", "private", True),
        ("private", "private", True),
        ("private", "internal", False),
        ("private", "public", False),
        ("internal", "public", False),
        ("", "internal", False),
        ("private", "", False),
    ],
)
def test_nobody_is_told_of_what_they_could_not_see(visibility: str, where: str, may: bool) -> None:
    assert may_be_named(visibility, where) is may
