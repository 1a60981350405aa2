"""Whether a test was part of any check, by the configuration of a tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.green.checks import LeftOut, left_out

TEST = "tests/slow/test_cart.py"


def workflow(*runs: str, on: str = "[push, pull_request]", uses: str = "actions/checkout@v4") -> str:
    steps = "".join(f"      - run: {run}\n" for run in runs)
    return f"on: {on}\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: {uses}\n{steps}"


def told(files: dict[str, str], test: str = TEST, text: str = "") -> LeftOut | None:
    return left_out(test, text.encode(), {*files, test, "tests/unit/test_a.py"}, files.get)


def by(*runs: str, test: str = TEST, text: str = "", **more: str) -> LeftOut | None:
    return told({".github/workflows/ci.yml": workflow(*runs, **more)}, test, text)


def test_a_folder_that_no_command_names_is_in_no_check() -> None:
    found = by("pip install -e .", "pytest tests/unit")
    assert found == LeftOut("paths", (("pytest tests/unit", ".github/workflows/ci.yml", 8),))


def test_the_line_of_a_command_in_a_block_is_its_own() -> None:
    found = by("|\n          pip install -e .\n          pytest tests/unit")
    assert found is not None
    assert found.commands[0][2] == 9


@pytest.mark.parametrize(
    "command",
    [
        "pytest",
        "pytest .",
        "pytest tests",
        "python -m pytest tests/slow/test_cart.py::test_a",
        "coverage run --source=shop -m pytest -q",
        "poetry run pytest tests/unit tests/slow",
        "cd tests && pytest slow",
    ],
)
def test_a_command_that_takes_it_in_is_a_check(command: str) -> None:
    assert by(command) is None


@pytest.mark.parametrize(
    "command",
    [
        "pytest $TESTS",
        "pytest ${{ matrix.tests }}",
        "./run-the-tests",
        "python run_tests.py",
        "python setup.py test",
        "nox",
        "make -C tests",
        "pytest tests/*",
        "bash -c 'pytest'",
    ],
)
def test_a_command_that_is_not_understood_may_take_it_in(command: str) -> None:
    assert by("pytest tests/unit", command) is None


def test_one_command_of_several_is_enough() -> None:
    assert by("pytest tests/unit", "pytest tests/slow") is None


def test_what_is_ignored_by_an_option_is_in_no_check() -> None:
    found = by("pytest --ignore=tests/slow")
    assert found is not None
    assert found.how == "ignored"


def test_a_file_that_bears_a_mark_which_is_left_out_is_in_no_check() -> None:
    found = by('pytest -m "not slow"', text="import pytest\n\npytestmark = pytest.mark.slow\n")
    assert found is not None
    assert found.how == "marker"


def test_a_file_without_that_mark_is_run() -> None:
    assert by('pytest -m "not slow"', text="import pytest\n") is None


def test_the_folders_that_pytest_is_told_to_take_count() -> None:
    files = {".github/workflows/ci.yml": workflow("pytest"), "pytest.ini": "[pytest]\ntestpaths = tests/unit\n"}
    found = told(files)
    assert found is not None
    assert found.how == "paths"


def test_a_workflow_that_no_change_starts_is_no_check_of_a_change() -> None:
    files = {
        ".github/workflows/ci.yml": workflow("pytest tests/unit"),
        ".github/workflows/nightly.yml": workflow("pytest", on="{schedule: [{cron: '0 3 * * *'}]}"),
    }
    assert told(files) is not None


def test_what_another_service_runs_is_not_known() -> None:
    assert told({".github/workflows/ci.yml": workflow("pytest tests/unit"), ".circleci/config.yml": ""}) is None


def test_an_action_that_may_run_tests_is_not_understood() -> None:
    assert by("pytest tests/unit", uses="somebody/run-pytest@v1") is None


def test_an_action_of_the_tree_is_not_understood() -> None:
    assert by("pytest tests/unit", uses="./.github/actions/all") is None


def test_without_a_check_nothing_is_claimed() -> None:
    assert told({}) is None


def test_tests_of_another_language_are_no_check_of_this_one() -> None:
    assert by("go test ./...", "cargo test") is None
    assert by("go test ./...", "pytest tests/unit") is not None


def test_tox_is_followed_to_its_commands() -> None:
    tox = "[testenv]\ndeps = pytest\ncommands =\n    flake8\n    pytest {posargs:tests/unit}\n"
    found = told({".github/workflows/ci.yml": workflow("tox -e py"), "tox.ini": tox})
    assert found is not None
    assert found.commands == (("pytest tests/unit", "tox.ini", 1),)


def test_make_is_followed_to_its_recipes() -> None:
    make = "WHERE = tests/unit\nall: test\n\ntest: build\n\tpytest $(WHERE)\n\nbuild:\n\tpip install .\n\n"
    make += "slow:\n\tpytest tests/slow\n"
    found = told({".github/workflows/ci.yml": workflow("make"), "Makefile": make})
    assert found is not None
    assert found.commands == (("pytest tests/unit", "Makefile", 5),)


def test_travis_is_read() -> None:
    found = told({".travis.yml": "language: python\ninstall: pip install .\nscript:\n  - pytest tests/unit\n"})
    assert found is not None
    assert found.commands == (("pytest tests/unit", ".travis.yml", 4),)


def test_a_script_of_the_tree_is_followed() -> None:
    files = {".github/workflows/ci.yml": workflow("./ci.sh"), "ci.sh": "#!/bin/sh\nset -e\npytest tests/unit\n"}
    found = told(files)
    assert found is not None
    assert found.commands == (("pytest tests/unit", "ci.sh", 3),)


def test_a_go_package_that_is_not_named_is_in_no_check() -> None:
    found = by("go test -race ./cart/...", test="mail/mail_test.go")
    assert found is not None
    assert found.how == "packages"


@pytest.mark.parametrize("command", ["go test ./...", "go test -v ./mail", "cd mail && go test", "go test $(go list ./...)"])
def test_a_go_package_that_is_taken_in_is_checked(command: str) -> None:
    assert by(command, test="mail/mail_test.go") is None


def test_a_go_file_behind_a_tag_that_nobody_asks_for_is_in_no_check() -> None:
    text = "//go:build integration\n\npackage mail\n"
    found = by("go test ./...", test="mail/mail_test.go", text=text)
    assert found is not None
    assert found.how == "build-tag"
    assert by("go test -tags=integration ./...", test="mail/mail_test.go", text=text) is None
    assert by("go test ./...", test="mail/mail_test.go", text=text.replace("integration", "!integration")) is None
    assert by("go test ./...", test="mail/mail_test.go", text=text.replace("integration", "linux")) is None


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_configuration_breaks_the_reading(one: str, other: str) -> None:
    ours = {".github/workflows/ci.yml": workflow("make", "tox", "npm test", "pytest tests/unit"), ".travis.yml": other}
    found = told({**ours, "Makefile": one, "tox.ini": other, "package.json": one})
    assert found is None or found.commands


@given(st.text(max_size=200))
def test_no_script_breaks_the_reading(script: str) -> None:
    found = told({".github/workflows/ci.yml": workflow("pytest tests/unit", "./x.sh"), "x.sh": script})
    assert found is None or found.commands
