"""`recall explain` on a real repository: for people, as the comment, for machines, and for places without a fix."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app import cli
from app.demo.scene import Scene, shop

KEYS = {"fix", "verdict", "changed", "tests", "tests_in_fix", "placement", "gaps", "map", "unchecked"}
Told = tuple[int, str, str]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return shop(tmp_path_factory.mktemp("explain") / "shop")


@pytest.fixture
def explain(scene: Scene, capsys: pytest.CaptureFixture[str]) -> Callable[..., Told]:
    def call(*arguments: str) -> Told:
        code = cli.run(["explain", *arguments, "--repo", str(scene.source)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_json_stands_alone_on_standard_output(explain: Callable[..., Told], scene: Scene) -> None:
    code, out, err = explain(scene.fix, "--json")
    report = json.loads(out)
    assert (code, err) == (0, "")
    assert report.keys() >= KEYS
    assert report["fix"] == {"sha": scene.fix, "subject": "Keep the discount for more than 100 pieces"}
    assert report["map"] is None
    assert report["changed"][0]["lines"] == [[8, 10], [12, 12], [17, 18]]


def test_json_says_which_change_let_the_bug_in(explain: Callable[..., Told], scene: Scene) -> None:
    report = json.loads(explain(scene.fix, "--json")[1])
    assert report["origin"]["basis"] == "guessed"
    assert [suspect["sha"] for suspect in report["suspects"]][:1] == [report["culprit"] or report["suspects"][0]["sha"]]


def test_places_without_a_fix_have_no_culprit(explain: Callable[..., Told]) -> None:
    report = json.loads(explain("--paths", "shop/pricing/discounts.py", "--json")[1])
    assert (report["culprit"], report["suspects"], report["origin"]) == (None, [], None)


def test_each_test_has_its_reasons(explain: Callable[..., Told], scene: Scene) -> None:
    best = json.loads(explain(scene.fix, "--json")[1])["tests"][0]
    assert best["path"] == "tests/pricing/test_discounts.py"
    assert {"path", "id", "kind", "score", "evidence"} <= best.keys()
    assert {"source": "imports", "detail": "imports discounted and rate_for from shop.pricing.discounts", "line": 6} in best[
        "evidence"
    ]


def test_the_report_opens_with_the_verdict(explain: Callable[..., Told], scene: Scene) -> None:
    code, out, _ = explain(scene.fix)
    assert code == 0
    assert out.splitlines()[0] == "1 test file touches the changed code, and it is no integration test; 2"


def test_markdown_is_the_comment(explain: Callable[..., Told], scene: Scene) -> None:
    lines = explain(scene.fix, "--markdown")[1].splitlines()
    assert lines[0].startswith("<!-- recall:v1 ")
    assert lines[1].startswith("**1 test file touches the changed code")
    assert lines[-1].startswith("<sub>No test map yet")


def test_named_places_are_answered_for_without_a_fix(explain: Callable[..., Told]) -> None:
    code, out, _ = explain("--paths", "shop/pricing/tax.py", "--json")
    report = json.loads(out)
    assert (code, report["fix"]) == (0, None)
    assert report["tests"][0]["path"] == "tests/pricing/test_tax.py"


def test_an_issue_is_answered_for_without_a_fix(explain: Callable[..., Told], tmp_path: Path) -> None:
    issue = tmp_path / "issue.md"
    issue.write_text('It broke:\n\n  File "shop/pricing/vouchers.py", line 24, in apply\n    raise VoucherRefused\n')
    code, out, _ = explain("--issue", str(issue), "--json")
    report = json.loads(out)
    assert (code, report["places"]) == (0, ["shop/pricing/vouchers.py"])
    assert report["tests"][0]["path"] == "tests/pricing/test_vouchers.py"


def test_an_unknown_commit_is_one_line_and_two(explain: Callable[..., Told]) -> None:
    code, out, err = explain("no-such-branch", "--json")
    assert (code, out) == (2, "")
    assert err.startswith("recall: There is no commit 'no-such-branch'") and len(err.splitlines()) == 1
