"""What is remembered of a repository as the lines of small files, where there is no database; docs/action.md shows them.

Lines are only added. Each is one change: the fields that are not as the lines before say, with the moment. Keeping the files is
left to `app.github.ledger`.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from types import UnionType
from typing import Any

from app.analysis.course import read_recall, recall_json
from app.domain.job import Recall
from app.domain.seam import SeamKind

BRANCH = "recall-data"
FOLDER = "recalls"
FOLLOWED = "followed.jsonl"
README = """# What recall remembers

This branch is written by [recall](https://github.com/topics/recall-bot) and holds what it remembers between runs: per labelled
issue the fix it found, the comment and the draft it keeps, what was proved, and what people corrected. It has no history in
common with any other branch, is never to be merged, and starts no workflow.

`recalls/N.jsonl` is the course of issue N: each line is one change, later lines win. `followed.jsonl` names the commands that
were followed. Deleting the branch makes recall forget; its comments, drafts and pull requests stay.
"""

MOST_CHARACTERS = 200_000
"""Of one file; beyond that its lines become one, or the older half of them goes, and the branch's history has the rest. GitHub
shows none that is far larger.
"""

MOST_TESTS = 10
"""Of a report, in the order of the ranking."""

MOST_NAMED = 2
"""Suspects: those that the comment may name."""

MOST_TITLE = 300
_KINDS: dict[str, type | UnionType] = {
    "repository_id": int,
    "number": int,
    "repository": str,
    "state": str,
    "installation": int | None,
    "comment_id": int | None,
    "fix_pull": int | None,
    "fix_head": str | None,
    "report": str | None,
    "title": str | None,
}
_MOST_NAMES = 20
_ODD = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


def place(number: int) -> str:
    """The path of what is remembered of that issue."""
    return f"{FOLDER}/{number}.jsonl"


def number_of(name: str) -> int | None:
    """The issue that a file of the folder is about; None for any other file."""
    digits, dot, rest = name.partition(".")
    return int(digits) if dot and rest == "jsonl" and digits.isascii() and digits.isdigit() and len(digits) < 16 else None


def read(text: str) -> Recall | None:
    """The recall that the lines of a file tell of; None where they tell of none. Lines that are none of ours are passed over."""
    told = _told(text)
    with suppress(*_ODD):
        if all(isinstance(told.get(name), kind) for name, kind in _KINDS.items()):
            recall = read_recall(told)
            return recall if _is_sound(recall) else None
    return None


def written(text: str, recall: Recall, now: str) -> str:
    """The file's text once it tells of the recall as it is now: one more line with what changed, or the same text."""
    told, wanted = _told(text), _plain(recall)
    changed = {name: value for name, value in wanted.items() if name not in told or told[name] != value}
    if not changed:
        return text
    longer = text + ("\n" if text and not text.endswith("\n") else "") + _line({"at": now} | changed)
    return longer if len(longer) <= MOST_CHARACTERS else _line({"at": now} | wanted)


def slim(report: str) -> str:
    """The report as it is remembered here: what past escapes, remarks and the digest need of it, without the evidence."""
    told = json.loads(report)
    kept = {
        name: told[name]
        for name in ("fix", "base", "verdict", "changed", "tests_in_fix", "placement", "map", "culprit")
        if name in told
    }
    if told.get("origin"):
        kept["origin"] = {name: told["origin"].get(name) for name in ("basis", "close")}
        kept["suspects"] = [{name: one.get(name) for name in ("sha", "pull_request")} for one in told["suspects"][:MOST_NAMED]]
    kept["tests"] = [
        {name: test.get(name) for name in ("path", "id", "kind", "score", "touches")}
        for test in told.get("tests", ())[:MOST_TESTS]
    ]
    kept["gaps"] = [{name: gap.get(name) for name in ("path", "symbol", "lines", "missing")} for gap in told.get("gaps", ())]
    kept["seams"] = [_seam(seam) for seam in told.get("seams", ())]
    kept["swallowed"] = [{name: one.get(name) for name in ("path", "line", "how")} for one in told.get("swallowed", ())]
    kept["unchecked"] = [{"code": one.get("code")} for one in told.get("unchecked", ())]
    return json.dumps(kept, separators=(",", ":"))


def read_keys(text: str) -> frozenset[str]:
    """The commands that were followed already."""
    return frozenset(key for entry in _entries(text) if isinstance(key := entry.get("key"), str))


def with_key(text: str, key: str, now: str) -> str:
    """The file with one more command that was followed; the same text where it has it. Of too many the oldest are forgotten."""
    if key in read_keys(text):
        return text
    lines = [*text.splitlines(), _line({"at": now, "key": key})[:-1]]
    kept = lines if sum(map(len, lines)) <= MOST_CHARACTERS else lines[len(lines) // 2 :]
    return "".join(f"{line}\n" for line in kept)


def _is_sound(recall: Recall) -> bool:
    """Whether what stands in its depths is what it has to be, too: whoever may push to the branch could have written it."""
    guard, said = recall.guard, recall.said
    texts = [
        *(value for name, value in asdict(guard).items() if name not in ("pull", "tests")),
        *guard.tests,
        *(said.fix, said.culprit, *said.not_culprits),
        *(text for verdict in said.verdicts for text in (verdict.when, verdict.why)),
        *(moment.when for moment in recall.course.moments),
        *(_texts_of(json.loads(recall.report)) if recall.report else ()),
    ]
    return isinstance(guard.pull, int | None) and all(isinstance(text, str) for text in texts)


def _texts_of(report: Mapping[str, Any]) -> Iterator[object]:
    """All that anybody reads of a report as text. Raises one of `_ODD` where it has another shape."""
    yield (report.get("fix") or {}).get("sha", "")
    yield report.get("base") or ""
    yield report.get("culprit") or ""
    yield (report.get("origin") or {"basis": ""})["basis"]
    yield from (one["sha"] for one in report.get("suspects", ()))
    for file in report.get("changed", ()):
        yield from (file["path"], file["role"])
    for test in report.get("tests_in_fix", ()):
        yield test["path"]
    for seam in report.get("seams", ()):
        yield from (seam["from"], seam["to"], SeamKind(seam["kind"]), str(seam["counts"]["both"]))


def _seam(seam: Mapping[str, Any]) -> dict[str, Any]:
    lists = {name: seam[name][:_MOST_NAMES] for name in ("tests_from", "tests_to", "tests_both", "severed_by") if name in seam}
    return dict(seam) | lists


def _plain(recall: Recall) -> dict[str, Any]:
    """The fields as JSON gives them back."""
    fields = recall_json(recall) | {"title": recall.title[:MOST_TITLE]}
    if recall.report:
        fields["report"] = slim(recall.report)
    told: dict[str, Any] = json.loads(json.dumps(fields))
    return told


def _told(text: str) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for entry in _entries(text):
        told |= entry
    told.pop("at", None)
    return told


def _entries(text: str) -> list[dict[str, Any]]:
    found = []
    for line in text.splitlines():
        with suppress(ValueError, RecursionError):
            entry = json.loads(line)
            if isinstance(entry, dict):
                found.append(entry)
    return found


def _line(entry: Mapping[str, Any]) -> str:
    return json.dumps(entry, separators=(",", ":"), ensure_ascii=True) + "\n"
