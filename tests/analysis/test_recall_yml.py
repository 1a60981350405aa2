"""What a repository settles about drafts and proofs in its `.github/recall.yml`; its globs are `test_roles`'s."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.recall_yml import read_configuration, read_overrides
from app.domain.configuration import Configuration, Fallback


def test_every_setting_is_read() -> None:
    text = """
    tests:
      unit: a/**
    test_command: make test TESTS={files}
    drafts: false
    draft_fallback: branch
    drafts_per_day: 2
    draft_label: regression
    require_proof: true
    """
    settled = Configuration("make test TESTS={files}", False, Fallback.BRANCH, 2, "regression", True)
    assert read_configuration(text) == (settled, ())
    assert read_overrides(text)[1] == ()


@pytest.mark.parametrize("text", [None, "", "# nothing\n", "tests:\n  unit: a/**\n", "drafts:\n"])
def test_what_is_not_written_has_its_default(text: str | None) -> None:
    assert read_configuration(text) == (Configuration(), ())


@pytest.mark.parametrize("none", ["false", '""'])
def test_a_label_can_be_done_without(none: str) -> None:
    assert read_configuration(f"draft_label: {none}") == (Configuration(draft_label=""), ())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("test_command: [make, test]", "`test_command` is `['make', 'test']`, not one line of at most 1000 characters"),
        ('test_command: "make\\ntest"', "`test_command` is `make test`, not one line"),
        ("test_command: ' '", "`test_command` is ``, not one line"),
        ("drafts: maybe", "`drafts` is `maybe`, not `true` or `false`; it was ignored."),
        ("draft_fallback: email", "`draft_fallback` is `email`, not `pull-request`, `branch`, `patch`"),
        ("draft_fallback: 3", "`draft_fallback` is `3`"),
        ("drafts_per_day: true", "`drafts_per_day` is `True`, not a number from 0 to 50"),
        ("drafts_per_day: 1000", "`drafts_per_day` is `1000`"),
        ("draft_label: true", "`draft_label` is `True`, not the name of a label"),
        (f"draft_label: {'x' * 51}", "`draft_label` is"),
        ("require_proof: 1", "`require_proof` is `1`, not `true` or `false`"),
        ("- a", "must be a mapping of tests, test_command, drafts"),
        ("draft: true", "`draft` is not a known key"),
    ],
)
def test_a_wrong_value_is_told_once_and_has_its_default(text: str, told: str) -> None:
    configuration, problems = read_configuration(text)
    assert configuration == Configuration()
    assert [told in problem for problem in problems] == [True]
    assert read_overrides(text)[1] == problems


def test_what_is_right_is_kept_beside_what_is_wrong() -> None:
    configuration, problems = read_configuration("drafts: 3\ndrafts_per_day: 0\ntests: 4\n")
    assert configuration == Configuration(drafts_per_day=0)
    assert len(problems) == 2


_ANY = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=80), st.lists(st.text(max_size=5)))


@given(st.dictionaries(st.sampled_from(["drafts", "drafts_per_day", "draft_fallback", "draft_label", "test_command"]), _ANY))
def test_no_value_raises_and_what_is_kept_is_within_its_bounds(said: dict[str, object]) -> None:
    configuration, _ = read_configuration(json.dumps(said))
    assert 0 <= configuration.drafts_per_day <= 50
    assert "\n" not in configuration.test_command
    assert len(configuration.draft_label or "") <= 50
