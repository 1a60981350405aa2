"""Which lines of a comment are commands, by how GitHub shows them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.slash import (
    LONGEST,
    LONGEST_COMMENT,
    MOST,
    key,
    nearest,
    new_commands,
    slash_commands,
    target,
    told,
    understood,
    without_commands,
)
from app.domain.slash import SlashCommand, Verb

FIX = SlashCommand(Verb.FIX, "#482", "fix")
DRAFT = SlashCommand(Verb.DRAFT, word="draft")


@pytest.mark.parametrize(
    ("body", "command"),
    [
        ("/recall", SlashCommand(Verb.RECALL)),
        ("/recall fix #482", FIX),
        ("/Recall  FIX\t#482  ", FIX),
        ("Thanks.\n/recall fix #482\nIt was that one.", FIX),
        ("Thanks.\r\n\r\n  /recall fix #482\r\n", FIX),
        ("/recall fix `#482`", FIX),
        ("/recall fix #\u200b482", FIX),
        ("/recall fix [#482](https://example.test)", FIX),
        ("/recall fix #482 <!-- I think -->", FIX),
        ("/recall wrong tests they *only* look", SlashCommand(Verb.WRONG, "tests they only look", "wrong")),
        ("/recall not-culprit 1a2b3c4", SlashCommand(Verb.NOT_CULPRIT, "1a2b3c4", "not-culprit")),
        ("/recall Darft it", SlashCommand(None, "it", "Darft")),
    ],
)
def test_a_line_that_begins_with_it_is_a_command(body: str, command: SlashCommand) -> None:
    assert slash_commands(body) == (command,)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "Write /recall draft to have one.",
        "> /recall draft",
        "> As he said,\n/recall draft",
        "```\n/recall draft\n```",
        "~~~\n/recall draft",
        "    /recall draft",
        "`\n/recall draft\n`",
        "`/recall draft`",
        "<!--\n/recall draft\n-->",
        "Hm. <!--\n/recall draft\n-->",
        "<!--\n\n/recall draft\n\n-->",
        "<pre>\n/recall draft\n</pre>",
        "- /recall draft",
        "1. x\n\n   /recall draft",
        "# /recall draft",
        "/recall draft\n---",
        "/recall | draft\n---|---",
        r"\/recall draft",
        "&#47;recall draft",
        "![\n/recall draft](https://example.test)",
        "/recaller draft",
        "/recall: draft",
        "//recall draft",
    ],
)
def test_what_is_quoted_hidden_or_said_in_passing_is_none(body: str) -> None:
    assert slash_commands(body) == ()


def test_several_commands_come_in_their_order_each_once() -> None:
    assert slash_commands("/recall fix #482\n/recall draft\n\n/recall fix #482") == (FIX, DRAFT)


def test_of_many_commands_the_first_ones_are_followed() -> None:
    many = slash_commands("\n".join(f"/recall fix #{number}" for number in range(1, 50)))
    assert [command.argument for command in many] == [f"#{number}" for number in range(1, MOST + 1)]


def test_an_argument_is_cut() -> None:
    (command,) = slash_commands("/recall wrong " + "x" * 2_000)
    assert len(command.argument) == LONGEST


def test_of_a_comment_that_nobody_wrote_by_hand_the_begin_alone_is_looked_at() -> None:
    log = "|a|b|\n|-|-|\n" + "|x\n" * LONGEST_COMMENT
    assert slash_commands(f"/recall fix #482\n\n{log}\n/recall draft") == (FIX,)


def test_an_edit_brings_only_what_was_not_there() -> None:
    assert new_commands("/recall fix #482\n/recall draft", "Hm.\n\n/recall fix #482") == (DRAFT,)


def test_a_text_without_its_commands_says_the_rest() -> None:
    assert without_commands("It was #7.\n/recall not-culprit 1a2b3c4\nSure.") == "It was #7.\nSure."


@pytest.mark.parametrize(("word", "verb"), [("darft", Verb.DRAFT), ("culprits", Verb.CULPRIT), ("Fixed", Verb.FIX), ("x", None)])
def test_the_nearest_verb_is_known(word: str, verb: Verb | None) -> None:
    assert nearest(word) == verb


def test_two_commands_have_two_keys() -> None:
    assert key(FIX) != key(DRAFT)
    assert key(slash_commands("/recall FIX  #482")[0]) == key(FIX)


PIECES = [
    "/recall",
    " ",
    "\n",
    "\n\n",
    "draft",
    "fix #4",
    "> ",
    "```",
    "`",
    "<!--",
    "-->",
    "- ",
    "    ",
    "*",
    "[",
    "](x)",
    "\u2028",
    "\\",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join))
def test_whatever_is_written_every_command_stands_at_the_begin_of_a_line(body: str) -> None:
    commands = slash_commands(body)
    begins = re.findall(r"^[ \t]*/recall(?=\s|$)", body.replace("\r", "\n"), re.IGNORECASE | re.MULTILINE)
    assert len(commands) <= min(MOST, len(begins))
    assert not commands or understood(told(commands)) == commands


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_nothing_inside_a_fence_is_a_command(body: str) -> None:
    inside = body.replace("`", "").replace("~", "")
    assert slash_commands(f"````\n{inside}\n````") == ()


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_a_text_without_its_commands_has_none(body: str) -> None:
    assert slash_commands(without_commands(body)) == ()


@pytest.mark.parametrize(
    ("argument", "name"),
    [
        ("#482", "acme/shop#482"),
        ("482", "acme/shop#482"),
        ("482913", "acme/shop#482913"),
        ("1a2b3c4d5", "acme/shop@1a2b3c4d5"),
        ("123456789", "acme/shop@123456789"),  # one shortened sha in seventy has no letter
        ("https://github.com/acme/shop/pull/482", "acme/shop#482"),
    ],
)
def test_an_argument_names_one_pull_request_or_commit(argument: str, name: str) -> None:
    named = target(argument, "acme/shop")
    assert named is not None
    assert named.name == name


@pytest.mark.parametrize("argument", ["", "soon", "#1 #2", "main...fix"])
def test_an_argument_that_names_none_or_several_is_not_guessed_at(argument: str) -> None:
    assert target(argument, "acme/shop") is None
