"""A configuration that was broken and mended, on the served recall: what stands on its commits and in the comment afterwards."""

from collections.abc import Iterator

import pytest

from app.analysis.settings.keys import PATH
from app.sandbox.sandbox import WRITING
from tests.end_to_end.conftest import LABEL, Bot, serving
from tests.shop import SHOP


@pytest.fixture(scope="module")
def bot(request: pytest.FixtureRequest) -> Iterator[Bot]:
    with serving("sqlite", request, permissions=WRITING) as made:
        yield made


def push(bot: Bot, path: str, text: str) -> str:
    """The commit that brings it."""
    sha = bot.shop.mona.push(SHOP, {path: text}, "Settle")
    bot.settle()
    return sha


def told(bot: Bot, commit: str) -> list[tuple[str, str | None]]:
    """The check runs on a commit."""
    return [(run.name, run.conclusion) for run in bot.shop.repository.checks if run.head_sha == commit]


def report(bot: Bot) -> str:
    """The one comment on an issue that was labelled just now."""
    issue = bot.issue()
    bot.shop.mona.label(issue, LABEL)
    bot.settle()
    (comment,) = bot.comments(issue)
    return comment.body


def test_a_broken_configuration_is_told_with_line_and_column_until_it_is_mended(bot: Bot) -> None:
    push(bot, "notes.md", "Nothing to settle.\n")
    push(bot, PATH, "drafts: false\n")
    assert bot.shop.repository.checks == [], "a configuration that was never wrong is nothing to speak of"

    broken = push(bot, PATH, "drafts: maybe\nlabls: [bug]\n")
    assert told(bot, broken) == [("recall / config", "neutral")]
    (check,) = bot.shop.repository.checks
    assert "line 1, column 9" in check.output["summary"]
    assert "line 2, column 1" in check.output["summary"]
    assert "labels" in check.output["summary"]
    assert "line 1, column 9" in report(bot)

    mended = push(bot, PATH, "drafts: false\n")
    assert told(bot, mended) == [("recall / config", "success")]
    assert told(bot, broken) == [("recall / config", "neutral")]
    assert PATH not in report(bot)

    again = push(bot, PATH, "drafts: true\n")
    assert told(bot, again) == []


def test_one_that_is_no_yaml_stops_nothing_and_says_where(bot: Bot) -> None:
    broken = push(bot, PATH, "labels: [escaped-bug\n")
    assert told(bot, broken) == [("recall / config", "neutral")]
    assert "line 2, column 1" in bot.shop.repository.checks[-1].output["summary"]
    assert "line 2, column 1" in report(bot)
