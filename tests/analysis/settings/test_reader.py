"""What a repository settles in its `.github/recall.yml`, and what it is told of its mistakes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.settings.keys import KEYS, PATH
from app.analysis.settings.reader import read, read_configuration, read_overrides, settle
from app.domain.configuration import Configuration, Fallback, ReviewRules, Weekly

WHOLE = """
labels: [escaped-bug, Regression]
tests:
  unit: a/**
test_command: make test TESTS={files}
comments: false
checks: off
drafts: false
draft_fallback: branch
drafts_per_day: 2
draft_label: regression
require_proof: true
review:
  enabled: false
  drafts: true
  bots: yes
  seams: false
  fail: true
digest:
  enabled: false
  day: sunday
  time: 10:30
  zone: Europe/Berlin
  repository: octo-org/quality
ignore: ["vendor/**", docs]
least_right: 0.8
dry_run: true
"""


def test_every_setting_is_read() -> None:
    settled = Configuration(
        labels=("escaped-bug", "Regression"),
        comments=False,
        checks=False,
        test_command="make test TESTS={files}",
        drafts=False,
        draft_fallback=Fallback.BRANCH,
        drafts_per_day=2,
        draft_label="regression",
        require_proof=True,
        review=ReviewRules(enabled=False, drafts=True, bots=True, seams=False, fail=True),
        digest=Weekly(enabled=False, day=6, hour=10, minute=30, zone="Europe/Berlin", repository="octo-org/quality"),
        ignore=("vendor/**", "docs"),
        least_right=0.8,
        dry_run=True,
    )
    assert read_configuration(WHOLE) == (settled, ())
    assert read_overrides(WHOLE)[1] == ()


@pytest.mark.parametrize("text", [None, "", "# nothing\n", "tests:\n  unit: a/**\n", "drafts:\n", "review:\n", "digest: {}"])
def test_what_is_not_written_has_its_default(text: str | None) -> None:
    assert read_configuration(text) == (Configuration(), ())


@pytest.mark.parametrize("none", ["false", '""', "no"])
def test_a_label_can_be_done_without(none: str) -> None:
    assert read_configuration(f"draft_label: {none}") == (Configuration(draft_label=""), ())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("test_command: [make, test]", "`test_command` is `[make, test]`, not one line of at most 1000 characters"),
        ('test_command: "make\\ntest"', '`test_command` is `"make\\ntest"`, not one line'),
        ("test_command: ' '", "`test_command` is `' '`, not one line"),
        ('test_command: "make \\ud800"', '`test_command` is `"make \\ud800"`, not one line'),
        ("drafts: maybe", "line 1, column 9: `drafts` is `maybe`, not `true` or `false`; it was ignored."),
        ("drafts: 'true'", "`drafts` is `'true'`, not `true` or `false`"),
        ("draft_fallback: email", "`draft_fallback` is `email`, not one of `pull-request`, `branch`, `patch`"),
        (
            "draft_fallback: Branch",
            "`draft_fallback` is `Branch`, not one of `pull-request`, `branch`, `patch`; did you mean `branch`?",
        ),
        ("draft_fallback: 3", "`draft_fallback` is `3`"),
        ("drafts_per_day: true", "`drafts_per_day` is `true`, not a number from 0 to 50"),
        ("drafts_per_day: 1000", "`drafts_per_day` is `1000`"),
        ("drafts_per_day: 2.5", "`drafts_per_day` is `2.5`"),
        ("drafts_per_day: .inf", "`drafts_per_day` is `.inf`"),
        ("drafts_per_day: 1e99", "`drafts_per_day` is `1e99`"),
        (f"drafts_per_day: {'9' * 5000}", "`drafts_per_day` is `999"),
        ("draft_label: true", "`draft_label` is `true`, not the name of a label"),
        (f"draft_label: {'x' * 51}", "`draft_label` is"),
        ("require_proof: 1", "`require_proof` is `1`, not `true` or `false`"),
        ("\n- a", "line 2, column 1: the file holds no keys; write keys such as `labels:`, `tests:`,"),
        ("draft: true", "line 1, column 1: `draft` is not a known key; did you mean `drafts`?"),
        ("review:\n  fial: true", "line 2, column 3: `review.fial` is not a known key; did you mean `review.fail`?"),
        ("zone: UTC", "`zone` is not a known key; did you mean `digest.zone`?"),
        ("review:\n  dry_run: true", "`review.dry_run` is not a known key; did you mean `dry_run`?"),
        ("review:\n  zzz: 1", "`review.zzz` is not a known key; known are enabled, drafts, bots, seams, fail."),
        ("1: 2", "`1` is not a known key"),
        ("? [a, b]\n: 2", "`[a, b]` is not a known key"),
        ("review: on", "`review` holds no keys; write keys such as `enabled:`, `drafts:`, `bots:`, `seams:`, `fail:`."),
        ("digest:\n  day: Mon", "`digest.day` is `Mon`, not one of `monday`, `tuesday`,"),
        ("digest:\n  day: Monday", "did you mean `monday`?"),
        ("digest:\n  time: 25:00", "`digest.time` is `25:00`, not a time of day such as `09:00`"),
        ("digest:\n  time: 9", "`digest.time` is `9`"),
        ("digest:\n  zone: europe/berlin", "not the name of a time zone such as `Europe/Berlin`; did you mean `Europe/Berlin`?"),
        ("digest:\n  zone: Europe", "`digest.zone` is `Europe`"),
        ("digest:\n  zone: ../../etc/passwd", "`digest.zone` is `../../etc/passwd`"),
        ("digest:\n  repository: quality", "`digest.repository` is `quality`, not a repository such as `owner/name`"),
        ("least_right: 80", "`least_right` is `80`, not a number from 0 to 1"),
        ("labels: {a: b}", "`labels` must be a list of names of labels"),
        ("labels: [[a]]", "`labels` holds `[a]`, which is not the name of a label of at most 50 characters"),
        ("ignore: ['']", "`ignore` holds `''`, which is not a glob"),
        ("drafts: true\ndrafts:\n", "line 2, column 1: `drafts` stands in line 1 as well; the last one counts."),
        ("drafts: true\nbad", "line 2, column 4: nothing of it counts, since it is not YAML: could not find expected"),
        ("drafts: !!bool yes", "line 1, column 9: nothing of it counts: tags such as `!!str` are not for configurations."),
        ("a: &x [1]\nb: *x", "line 1, column 4: nothing of it counts: anchors and aliases are not for configurations."),
        ("<<: {drafts: false}", "`<<` is not a known key"),
        ("drafts: true\n---\ndrafts: false", "nothing of it counts, since it is not YAML: but found another document."),
        ("drafts: \x07", "nothing of it counts: it is not YAML."),
    ],
)
def test_a_wrong_value_is_told_once_and_has_its_default(text: str, told: str) -> None:
    configuration, problems = read_configuration(text)
    assert configuration == Configuration()
    assert [problem for problem in problems if told not in problem] == []
    assert len(problems) == 1
    assert read_overrides(text)[1] == problems


def test_what_is_right_is_kept_beside_what_is_wrong() -> None:
    configuration, problems = read_configuration("drafts: 3\ndrafts_per_day: 0\ntests: 4\nlabels: [bug, 3]\n")
    assert configuration == Configuration(drafts_per_day=0, labels=("bug",))
    assert [problem.partition(": ")[0] for problem in problems] == [
        f"{PATH}, line 1, column 9",
        f"{PATH}, line 3, column 8",
        f"{PATH}, line 4, column 15",
    ]


def test_of_a_key_that_stands_twice_the_last_one_counts() -> None:
    assert read("drafts_per_day: 1\ndrafts_per_day: 2\n").configuration == Configuration(drafts_per_day=2)


def test_the_owners_file_fills_what_the_repositorys_own_leaves_open() -> None:
    settled = settle(
        "drafts: true\nreview:\n  fail: true\n",
        shared="drafts: false\nreview:\n  bots: true\n  fail: false\ntests:\n  unit: a/**\n",
        shared_from="octo-org/.github",
        commit="c" * 40,
    )
    assert settled.configuration == Configuration(drafts=True, review=ReviewRules(bots=True, fail=True))
    assert settled.sources == {
        "drafts": f"{PATH}, line 1",
        "review.bots": f"{PATH} of octo-org/.github, line 3",
        "review.fail": f"{PATH}, line 3",
    }
    assert (settled.problems, settled.commit) == ((), "c" * 40)


def test_what_is_wrong_in_the_owners_file_is_counted_and_never_shown() -> None:
    settled = settle(None, shared="secret_key: 1\ndrafts: secret\n", shared_from="octo-org/.github")
    assert settled.problems == (
        f"{PATH} of octo-org/.github holds 2 things that could not be used; `recall config check` names them there.",
    )


_ANY = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=80)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([key.name for key in KEYS if not key.section]), _ANY))
def test_no_value_raises_and_what_is_kept_is_within_its_bounds(said: dict[str, object]) -> None:
    configuration, _ = read_configuration(json.dumps(said))
    assert 0 <= configuration.drafts_per_day <= 50
    assert 0 <= configuration.least_right <= 1
    assert "\n" not in configuration.test_command
    assert max(map(len, (*configuration.labels, configuration.draft_label or ""))) <= 50


@given(st.text(alphabet=st.characters(), max_size=200) | st.text(alphabet="drafts:[]{}\n \t-&*!|>'\"#?,0123", max_size=60))
def test_no_text_raises(text: str) -> None:
    read(text)
    for problem in read("labels:\n  - " + text).problems:
        assert "\n" not in problem.text
