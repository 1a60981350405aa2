"""The past escapes of a repository as JSON: what `GET /escapes` answers, and what a run of CI reads of it.

What is read is as foreign as any answer over the network: bounded, and refused with one sentence where it is anything else.
"""

import json
from collections.abc import Iterable
from typing import Any

from app.analysis.proofs import sides
from app.analysis.testmap.safe import is_object_id, is_plain, is_safe
from app.domain.draft import ProofState
from app.domain.errors import TellUser
from app.domain.job import Recall, State
from app.domain.past import PastEscape
from app.domain.proof import Receipt, Verdict
from app.domain.suite import TestId

VERSION = 1
MAX_BYTES = 16 << 20
MAX_ESCAPES = 1_000
MAX_TESTS = 100
MAX_PATCHES = 8 << 20
"""Characters of all patches of one answer together; what goes over it is told by its commits alone."""


def past_escapes(recalls: Iterable[Recall]) -> tuple[PastEscape, ...]:
    """The recalled issues whose fix has landed, by issue. Tests that nobody proved yet are those that the fix itself brought."""
    found, left = [], MAX_PATCHES
    for recall in sorted(recalls, key=lambda recall: recall.number):
        about = sides(recall)
        if recall.state is not State.REPORTED or about is None:
            continue
        guard = recall.guard
        reverse = json.loads(guard.receipt).get("reverse", "") if guard.receipt else ""
        reverse = reverse if len(reverse) <= left else ""
        left -= len(reverse)
        tests = guards_of(recall)
        found.append(PastEscape(recall.number, about.fix, about.parent, tests, guard.proof, reverse))
    return tuple(found[:MAX_ESCAPES])


def guards_of(recall: Recall) -> tuple[TestId, ...]:
    """The proved tests of an escape; where nobody proved any yet, the test files that the fix itself brought."""
    return tuple(_test(test) for test in recall.guard.tests) or _brought(recall)


def escapes_json(repository: str, escapes: Iterable[PastEscape]) -> dict[str, Any]:
    """The escapes of a repository, in the form that `read_escapes` reads."""
    return {
        "recall": "escapes",
        "version": VERSION,
        "repository": repository,
        "escapes": [
            {
                "issue": each.issue,
                "fix": each.fix,
                "parent": each.parent,
                "tests": [str(test) for test in each.tests],
                "proof": each.proof.value,
                "reverse": each.reverse,
            }
            for each in escapes
        ],
    }


def read_escapes(data: bytes) -> tuple[PastEscape, ...]:
    """The escapes that `escapes_json` told of. Raises TellUser, in one sentence, for anything else and for what is over 16 MB."""
    try:
        said = json.loads(data) if len(data) <= MAX_BYTES else None
        if not isinstance(said, dict) or (said.get("recall"), said.get("version")) != ("escapes", VERSION):
            raise ValueError
        listed = said["escapes"]
        if not isinstance(listed, list) or len(listed) > MAX_ESCAPES:
            raise ValueError
        return tuple(_escape(each) for each in listed)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise TellUser("This is no list of escapes that this recall knows: use the same recall on both sides.") from None


def _escape(said: dict[str, Any]) -> PastEscape:
    issue, fix, parent, reverse, tests = (said[key] for key in ("issue", "fix", "parent", "reverse", "tests"))
    numbered = isinstance(issue, int) and not isinstance(issue, bool) and issue > 0
    if not numbered or not isinstance(reverse, str) or not isinstance(tests, list) or len(tests) > MAX_TESTS:
        raise ValueError
    if not is_object_id(fix) or not is_object_id(parent):
        raise ValueError
    return PastEscape(issue, fix, parent, tuple(_safe(test) for test in tests), ProofState(said["proof"]), reverse)


def _safe(text: object) -> TestId:
    if not isinstance(text, str):
        raise ValueError
    test = _test(text)
    if not is_safe(test.path) or not is_plain(test.name):
        raise ValueError
    return test


def _test(text: str) -> TestId:
    path, _, name = text.partition("::")
    return TestId(path, name)


def _brought(recall: Recall) -> tuple[TestId, ...]:
    report = json.loads(recall.report) if recall.report else {}
    return tuple(TestId(test["path"]) for test in report.get("tests_in_fix", ())[:MAX_TESTS])


def escape_of(receipt: Receipt) -> PastEscape:
    """The escape that a receipt is the proof of. Raises TellUser for one that did not prove anything of a fix."""
    if receipt.fix is None or receipt.verdict is not Verdict.PROVED:
        raise TellUser(f"Only what is proved can be challenged, and this receipt says {receipt.verdict}: prove the test first.")
    return PastEscape(receipt.issue or 0, receipt.fix, receipt.parent, receipt.tests, ProofState.PROVED, receipt.reverse)
