"""The answer to commands, whole; what people write stays where it is put."""

import pytest
from hypothesis import given
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from app.domain.escape import IssueRef
from app.domain.slash import AnswerFacts, SlashCommand, Unfollowed, Verb
from app.render.answer import answer
from tests.render.build import words_of
from tests.render.hostile import hostile
from tests.render.page import ALIVE, OURS, Page

REF = IssueRef(7, 479)
REASONS = [slug for slug in words_of("answer") if not slug.startswith(("help-", "headline"))]
# What each reason may be about, where it is not about the fix that was named.
ASKED = {
    "unknown": (None, "drafft", ""),
    "not-labelled": (Verb.WITHDRAW, "", "escaped-bug"),
    "only-on-issues": (Verb.DRAFT, "", ""),
    "quiet-here": (Verb.RECALL, "", ""),
    "names-nothing": (Verb.FIX, "that one", "that one"),
    "elsewhere": (Verb.FIX, "acme/api#7", "acme/api#7"),
    "not-found": (Verb.CULPRIT, "1a2b3c4", "1a2b3c4"),
    "drafts-off": (Verb.DRAFT, "", ""),
    "no-right-to-draft": (Verb.DRAFT, "", ""),
    "no-merged-fix": (Verb.PROVE, "", ""),
    "no-test": (Verb.PROVE, "", ""),
    "no-receipt": (Verb.PROVE, "", "#482"),
    "no-challenge": (Verb.CHALLENGE, "", ""),
    "no-recall-here": (Verb.WRONG, "tests", ""),
}


class AsFile(SingleFileSnapshotExtension):
    """Each answer in a Markdown file of its own."""

    _write_mode = WriteMode.TEXT
    file_extension = "md"


def refused(reason: str, name: str = "#482", near: Verb | None = None) -> Unfollowed:
    return Unfollowed(SlashCommand(Verb.FIX, name, "fix"), reason, name, near)


def asked(reason: str, verb: Verb | None, argument: str, name: str) -> Unfollowed:
    word = verb.value if verb else argument
    return Unfollowed(SlashCommand(verb, argument, word), reason, name, Verb.DRAFT)


@pytest.mark.parametrize("where", ["issue", "pull-request"])
def test_help(snapshot: SnapshotAssertion, where: str) -> None:
    assert answer(AnswerFacts(REF, "acme/shop", helps=True, on_pull=where != "issue", comment=71)) == snapshot(
        extension_class=AsFile
    )


def test_every_reason(snapshot: SnapshotAssertion) -> None:
    told = [reason for reason in REASONS if reason not in ("refused", "stamp", "other")]
    assert set(told) >= ASKED.keys()
    said = tuple(asked(reason, *ASKED.get(reason, (Verb.FIX, "#482", "#482"))) for reason in told)
    assert answer(AnswerFacts(REF, "acme/shop", said, comment=71)) == snapshot(extension_class=AsFile)


def test_without_a_comment_none_is_named() -> None:
    assert "issuecomment" not in answer(AnswerFacts(REF, "acme/shop", (refused("elsewhere"),)))


@given(hostile(), hostile())
def test_what_people_write_can_do_nothing(word: str, name: str) -> None:
    said = Unfollowed(SlashCommand(None, name, word), "not-found", name)
    body = answer(AnswerFacts(REF, "acme/shop", (said,), comment=71))
    assert body.count("<!--") == 1
    page = Page(body)
    assert not ALIVE.search(page.text), body
    assert page.tags <= OURS
    assert all(link.startswith("https://github.com/acme/shop/issues/479#") for link in page.links)
