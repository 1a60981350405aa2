"""The report for machines: the dict that `recall explain --json` prints. Its keys are a promise, more may come."""

from dataclasses import asdict
from typing import Any

from app.domain.change import FileChange, Span
from app.domain.evidence import RankedTest
from app.domain.report import Gap, Report
from app.domain.testmap import MapUse
from app.render import words
from app.render.culprit import origin_json
from app.render.links import Links
from app.render.machine_seams import seam_json, swallowed_json
from app.render.sentences import Sentences


def report_json(report: Report) -> dict[str, Any]:
    """Plain lists, dicts, strings and numbers; `tests` is ranked best first, `map` is the stamp of the test map, or null."""
    say = Sentences(words.plain(), Links(), report.change is not None)
    place = report.placement
    origin = origin_json(report.origin, say) if report.origin else None
    return {
        "fix": {"sha": report.change.head, "subject": report.change.subject} if report.change else None,
        "base": report.base,
        "verdict": _verdict(report, say),
        "changed": [_changed(file) for file in report.change.files] if report.change else [],
        "places": list(report.places),
        "tests": [_test(test, say) for test in report.tests],
        "tests_in_fix": [{"path": test.path, "kind": test.kind.value} for test in report.tests_in_fix],
        "placement": place and {"path": place.path, "new": place.new, "reason": str(say.placement_reason(report))},
        "gaps": [_gap(gap, say) for gap in report.gaps],
        "map": _map(report.map) if report.map else None,
        "seams": [seam_json(seam) for seam in report.seams],
        "swallowed": [swallowed_json(one, say) for one in report.swallowed],
        "culprit": origin and origin["culprit"],
        "suspects": origin["suspects"] if origin else [],
        "origin": origin and {key: origin[key] for key in ("basis", "close", "said", "sentence", "unchecked")},
        "unchecked": [
            {"code": item.reason, "sentence": str(say.unchecked(item)), "names": list(item.names)} for item in report.unchecked
        ],
    }


def _verdict(report: Report, say: Sentences) -> dict[str, Any]:
    verdict = report.verdict
    return {
        "code": verdict.code.value,
        "leads": verdict.leads.value,
        "sentence": str(say.verdict(report)),
        "sure": report.sure,
        "ran": verdict.ran and asdict(verdict.ran),
        "blind": [reason.value for reason in verdict.blind],
    }


def _map(use: MapUse) -> dict[str, Any]:
    return {
        "commit": use.commit,
        "branch": use.branch,
        "distance": use.distance,
        "ahead": use.ahead,
        "age_days": round(use.age_days, 3),
        "trusted": use.trusted,
        "grain": use.grain.value,
        "tests": use.tests,
        "suites": list(use.suites),
        "shards": use.shards,
        "missing_shards": list(use.missing_shards),
        "uncarried": list(use.uncarried),
        "tools": list(use.tools),
    }


def _changed(file: FileChange) -> dict[str, Any]:
    return {
        "path": file.path,
        "old_path": file.old_path,
        "status": file.status.value,
        "role": file.role.value,
        "language": file.language,
        "lines": _lines(tuple(hunk.old for hunk in file.hunks if hunk.old)),
        "symbols": [symbol.qualified for symbol in file.symbols],
        "new_symbols": [symbol.qualified for symbol in file.new_symbols],
        "opaque": file.opaque,
    }


def _test(test: RankedTest, say: Sentences) -> dict[str, Any]:
    return {
        "path": test.test.path,
        "id": test.id,
        "kind": test.test.kind.value,
        "kind_reason": str(say.kind(test.test)),
        "score": round(test.score, 4),
        "touches": test.touches,
        "through_one_file": test.passes_through,
        "asserts": _asserts(test, say),
        "evidence": [
            {"source": evidence.source.value, "detail": str(say.evidence(test, evidence)), "line": evidence.line}
            | ({"path": evidence.names[0], "lines": _lines(evidence.lines)} if evidence.lines else {})
            for evidence in test.evidence
        ],
    }


def _asserts(test: RankedTest, say: Sentences) -> dict[str, Any] | None:
    told = test.strength
    if told is None:
        return None
    return {
        "says": told.says.value,
        "reason": told.reason,
        "line": told.line,
        "names": list(told.names),
        "sentence": str(say.asserts(test)),
    }


def _gap(gap: Gap, say: Sentences) -> dict[str, Any]:
    return {
        "path": gap.path,
        "symbol": gap.symbol,
        "lines": _lines(gap.lines),
        "missing": gap.missing,
        "sentence": str(say.gap(gap)),
    }


def _lines(spans: tuple[Span, ...]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]
