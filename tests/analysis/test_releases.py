"""Which tags are releases, and in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.releases import version_of


@pytest.mark.parametrize(
    "tag",
    [
        "1.2.3",
        "v1.2.3",
        "310",
        "release-1.2",
        "pkg@1.2.3",
        "v2_7_0",
        "rpc/flipt/v1.20.0",
        "1.2.3+build5",
        "1.0.0.Final",
        "1.0.2k",
    ],
)
def test_these_are_releases(tag: str) -> None:
    version = version_of(tag)
    assert version is not None
    assert version.final


@pytest.mark.parametrize(
    "tag", ["1.0rc1", "v5.0.0.beta2", "1.0a1", "40.alpha", "v3.0.0-alpha.10", "rel_0_4beta1", "2024.07.11-nightly"]
)
def test_these_come_before_one(tag: str) -> None:
    version = version_of(tag)
    assert version is not None
    assert not version.final


@pytest.mark.parametrize(
    "tag", ["nightly-2024-01-01", "all-tests-pass", "checkout", "v2.35.0-retract", "build-17", "", "v", "origin"]
)
def test_these_are_none(tag: str) -> None:
    assert version_of(tag) is None


def test_versions_are_numbers_and_a_release_follows_what_comes_before_it() -> None:
    tags = ["v1.10", "v1.9", "v1.10.1", "v1.10rc1"]
    assert sorted(tags, key=lambda tag: version_of(tag) or pytest.fail(tag)) == ["v1.9", "v1.10rc1", "v1.10", "v1.10.1"]


def test_zeros_at_the_end_make_no_other_version() -> None:
    assert version_of("v1.0.0") == version_of("1")


@given(st.text(max_size=60) | st.from_regex(r"[a-z]{0,4}[-/@]?v?\d{1,3}(\.\d{1,12}){0,3}[a-z0-9.-]{0,9}", fullmatch=True))
def test_no_name_breaks_the_reading(tag: str) -> None:
    version = version_of(tag)
    assert version is None or version.numbers
