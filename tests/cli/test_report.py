"""The report in a terminal: 80 columns, no escape sequences of others, plain when piped."""

import io
from dataclasses import replace

from hypothesis import given, settings
from rich.console import Console

from app.cli.report import lines, show
from app.domain.report import Report
from tests.render import build
from tests.render.hostile import hostile


def text(report: Report, **console: bool) -> str:
    out = io.StringIO()
    show(report, Console(file=out, highlight=False, markup=False, emoji=False, width=120, **console))  # type: ignore[arg-type]
    return out.getvalue()


def test_it_opens_with_the_verdict_and_ends_with_the_stamp() -> None:
    told = text(build.report()).splitlines()
    assert told[0] == "2 test files touch the changed code, 1 of them an integration test."
    assert any(line.startswith("No test map yet; read at 3f2a9c1") for line in told[-2:])


def test_it_is_plain_when_piped() -> None:
    assert "\x1b" not in text(build.report())


def test_it_is_80_columns_wide() -> None:
    assert max(len(line.plain) for line in lines(build.report())) <= 80


def test_a_long_path_is_never_broken() -> None:
    path = "tests/" + "very_long_folder/" * 8 + "test_it.py"
    assert path in text(build.report(tests=(build.ranked(path),)))


@settings(deadline=None)
@given(hostile(), hostile())
def test_escape_sequences_of_others_are_neutralised(path: str, subject: str) -> None:
    report = build.report(tests=(build.ranked(path),), change=replace(build.change(), message=subject))
    told = text(report)
    assert "\x1b" not in told and "\x9b" not in told and "\u202e" not in told
