"""What a test map says of a change: aims, evidence, ranking, numbers and gaps, on one small file."""

from dataclasses import replace

import pytest

from app.analysis.aims import Depth, aims
from app.analysis.blindness import blind_spots
from app.analysis.executed import Executed
from app.analysis.posterior import log_ratios, posterior, weigh
from app.analysis.tally import run_gaps, tally
from app.analysis.testmap.carry import Carried
from app.analysis.testmap.test_files import TestFiles
from app.analysis.testmap.view import MapView
from app.domain.change import FileChange, Hunk, Role, Span, Status, Symbol
from app.domain.evidence import Evidence, Kind, RankedTest, Source, TestFile
from app.domain.lines import lines_of
from app.domain.report import Blind
from app.domain.testmap import Ended, FileCover, Grain, MapUse, Origin, Segment, TestResult
from tests.maps import cover

PATH = "shop/cart.py"
SOURCE = b"""RATE = 2


def total(items):
    found = 0
    for item in items:
        found += item * RATE
    if found > 100:
        found -= 1
    return found


def unseen():
    return 1
"""
UNIT = [f"tests/test_{name}.py::test_{name}" for name in ("cart", "mail", "user", "page")]
WIDE = "tests/integration/test_shop.py::test_shop"
TESTS = [*UNIT, WIDE]
FILES = {name.partition("::")[0]: b"" for name in TESTS}


def file(*hunks: Hunk, **changed: object) -> FileChange:
    symbols = (Symbol("total", "total", "function", Span(4, 10)),)
    made = FileChange(PATH, PATH, Status.MODIFIED, Role.CODE, "python", hunks, symbols)
    return replace(made, **changed)  # type: ignore[arg-type]


def replaced(start: int, end: int) -> Hunk:
    return Hunk(Span(start, end), Span(start, end), start - 1)


def added(after: int) -> Hunk:
    return Hunk(None, Span(after + 1, after + 1), after)


def seen(
    ran: dict[str, list[int]], *hunks: Hunk, results: tuple[TestResult, ...] = (), unknown: tuple[int, ...] = (), **more: object
) -> Executed:
    return Executed([file(*hunks)], {PATH: SOURCE}, view(ran, results=results, unknown=unknown, **more), TestFiles(FILES))


def view(
    ran: dict[str, list[int]], *, results: tuple[TestResult, ...] = (), unknown: tuple[int, ...] = (), **more: object
) -> MapView:
    grain = more.pop("grain", Grain.TEST)
    names = tuple(ran) if grain is Grain.SUITE else tuple(dict.fromkeys([*TESTS, *ran]))
    known: FileCover = cover(PATH, "b" * 40, names, ran, **more)  # type: ignore[arg-type]
    segment = Segment(Origin("c" * 40), grain, names, results)  # type: ignore[arg-type]
    return MapView(MapUse("c" * 40, 0, 0.0), (segment,), {PATH: (Carried(known, True, lines_of(unknown)),)}, frozenset({PATH}))


def ranked(*scores: float) -> list[RankedTest]:
    kinds = [Kind.UNIT] * 4 + [Kind.INTEGRATION]
    return [
        RankedTest(TestFile(path, "python", kind, "default"), score, ())
        for path, kind, score in zip(FILES, kinds, scores, strict=True)
    ]


EVEN = ranked(0.2, 0.2, 0.2, 0.2, 0.1)


def test_a_changed_statement_is_aimed_at_with_all_its_lines() -> None:
    assert [(aim.lines, aim.depth) for aim in aims(file(replaced(7, 7)), SOURCE)] == [(lines_of([7]), Depth.CHANGED)]


def test_added_lines_aim_at_their_neighbours_in_the_function() -> None:
    assert [aim.lines for aim in aims(file(added(8)), SOURCE)] == [lines_of([8]), lines_of([9])]


def test_a_new_function_aims_at_nothing() -> None:
    new = Symbol("more", "more", "function", Span(11, 14))
    assert aims(file(Hunk(None, Span(11, 14), 10), new_symbols=(new,)), SOURCE) == ()


def test_a_changed_constant_aims_at_the_functions_that_name_it() -> None:
    assert [(aim.lines, aim.depth) for aim in aims(file(replaced(1, 1)), SOURCE)] == [(lines_of([7]), Depth.FUNCTION)]


def test_a_changed_head_aims_at_the_body() -> None:
    assert len(aims(file(replaced(4, 4)), SOURCE)) == 6


def test_a_file_that_is_only_named_aims_at_its_named_functions() -> None:
    assert [aim.depth for aim in aims(file(), SOURCE)] == [Depth.FUNCTION] * 6
    assert len(aims(file(symbols=()), SOURCE)) == 7


def test_lines_that_run_on_loading_are_no_evidence() -> None:
    """Whatever test imports the file first runs its top level."""
    executed = seen({UNIT[0]: [1, 4, 13], UNIT[1]: [5, 6, 7]}, replaced(7, 7))
    assert executed.evidence("tests/test_cart.py") == ()


def test_evidence_says_which_changed_lines_a_file_ran() -> None:
    executed = seen({UNIT[0]: [5, 6, 7]}, replaced(6, 9))
    [piece] = executed.evidence("tests/test_cart.py")
    assert (piece.source, piece.reason, piece.names) == (Source.EXECUTED, "ran-changed", (PATH, "test_cart"))
    assert (piece.count, piece.of, piece.lines) == (2, 4, (Span(6, 7),))


def test_where_nobody_ran_the_lines_the_function_counts() -> None:
    executed = seen({UNIT[0]: [5, 6, 7, 8, 10]}, replaced(9, 9))
    assert [piece.reason for piece in executed.evidence("tests/test_cart.py")] == ["ran-function"]


def test_a_statement_ran_if_any_of_its_lines_did() -> None:
    source = SOURCE.replace(b"    found = 0\n", b"    found = sum([\n        0,\n    ])\n")
    executed = Executed([file(replaced(6, 6))], {PATH: source}, view({UNIT[0]: [5]}), TestFiles(FILES))
    assert [piece.lines for piece in executed.evidence("tests/test_cart.py")] == [(Span(6, 6),)]


def test_the_one_test_that_ran_it_comes_first_and_is_named() -> None:
    best = weigh(EVEN, seen({UNIT[2]: [5, 6, 7]}, replaced(7, 7)), trusted=True)[0]
    assert (best.test.path, best.id) == ("tests/test_user.py", "test_user")
    assert best.score > 0.6


def test_of_the_tests_of_a_file_the_one_that_runs_the_most_of_the_change_is_named() -> None:
    ran = {"tests/test_cart.py::test_a": [6, 9], "tests/test_cart.py::test_b": [6], UNIT[0]: [5, 6, 7, 8, 9, 10]}
    assert seen(ran, replaced(6, 9)).best_test("tests/test_cart.py") == "test_cart"
    assert seen(ran, replaced(9, 9)).best_test("tests/test_cart.py") == "test_a"


def test_where_every_test_runs_it_nothing_moves() -> None:
    before = ranked(0.3, 0.1, 0.25, 0.05, 0.2)
    after = weigh(before, seen({name: [5, 6, 7] for name in TESTS}, replaced(7, 7)), trusted=True)
    scores = {test.test.path: test.score for test in after}
    assert scores == pytest.approx({test.test.path: test.score for test in before}, abs=0.03)
    assert [test.score for test in after] == sorted(scores.values(), reverse=True)


def test_running_what_all_run_does_not_speak_against_a_test_file() -> None:
    assert log_ratios(list(FILES), seen({name: [5, 6, 7] for name in TESTS}, replaced(7, 7))) == [0.0] * 5


def test_who_ran_the_change_leads_a_likelier_file_that_never_came_near() -> None:
    likely = ranked(0.85, 0.12, 0.01, 0.0, 0.0)
    after = weigh(likely, seen({UNIT[1]: [5, 6, 7], WIDE: [5, 6, 7], UNIT[0]: [14]}, replaced(7, 7)), trusted=True)
    assert [test.test.path for test in after[:2]] == ["tests/test_mail.py", "tests/test_cart.py"]


def test_who_did_not_run_a_small_part_of_the_fix_loses_little() -> None:
    """The regression test may be about the other file, of which nobody ran a line that changed."""
    grown = file(added(40), path="shop/stock.py", old_path="shop/stock.py")
    lone = seen({UNIT[2]: [5, 6, 7]}, replaced(7, 7))
    both = Executed([file(replaced(7, 7)), grown], {PATH: SOURCE}, view({UNIT[2]: [5, 6, 7]}), TestFiles(FILES))
    [alone], [beside] = (log_ratios(["tests/test_cart.py"], each) for each in (lone, both))
    assert alone < 2 * beside < 0


def test_files_that_the_fix_adds_take_nothing_from_the_evidence() -> None:
    new = file(Hunk(None, Span(1, 400), 0), path="shop/stock.py", old_path=None, status=Status.ADDED)
    lone = seen({UNIT[2]: [5, 6, 7]}, replaced(7, 7))
    both = Executed([file(replaced(7, 7)), new], {PATH: SOURCE}, view({UNIT[2]: [5, 6, 7]}), TestFiles(FILES))
    assert log_ratios(list(FILES), lone) == log_ratios(list(FILES), both)


def test_a_hint_is_shown_and_moves_nothing() -> None:
    after = weigh(EVEN, seen({UNIT[2]: [5, 6, 7]}, replaced(7, 7)), trusted=False)
    assert [(test.test.path, test.score) for test in after] == [(test.test.path, test.score) for test in EVEN]
    assert after[2].ran


def test_alike_gains_keep_the_scores_and_no_score_leaves_its_range() -> None:
    assert posterior([0.5, 0.3, 0.2], [1.0, 1.0, 1.0]) == pytest.approx([0.5, 0.3, 0.2], abs=0.01)
    assert all(0 <= score < 1 for score in posterior([1.0, 0.9, 0.0], [9.0, 9.0, -9.0]))
    assert posterior([], []) == []


def test_the_numbers_count_tests_and_lines() -> None:
    ran = tally(seen({UNIT[0]: [6, 7], WIDE: [6], "tests/test_cart.py::test_v[1]": [7]}, replaced(6, 9)), EVEN)
    assert ran is not None
    assert (ran.depth, ran.tests, ran.integration, ran.lines, ran.of) == ("changed", 3, 1, 2, 4)


def test_variants_of_a_test_count_once() -> None:
    ran = tally(seen({f"tests/test_cart.py::test_v[{n}]": [7] for n in range(5)}, replaced(7, 7)), EVEN)
    assert ran is not None
    assert ran.tests == 1


def test_a_skipped_test_is_no_cover_and_is_named_if_it_touches_the_change() -> None:
    results = (TestResult(UNIT[0], Ended.SKIPPED, "flaky"), TestResult(UNIT[1], Ended.EXPECTED_FAILURE))
    executed = seen({UNIT[0]: [7]}, replaced(7, 7), results=results)
    importing = replace(EVEN[0], evidence=(Evidence(Source.IMPORTS, "imports"),))
    ran = tally(executed, [importing, *EVEN[1:]])
    assert ran is not None
    assert (ran.lines, ran.skipped) == (0, (UNIT[0],))


def test_tests_that_were_red_already_are_counted() -> None:
    ran = tally(seen({UNIT[0]: [7], UNIT[1]: [7]}, replaced(7, 7), results=(TestResult(UNIT[0], Ended.FAILED),)), EVEN)
    assert ran is not None
    assert (ran.tests, ran.failed) == (2, 1)


def test_never_run_lines_are_a_gap_with_their_symbol() -> None:
    gaps = list(run_gaps([file(replaced(6, 9))], seen({UNIT[0]: [5, 6, 7, 8, 10]}, replaced(6, 9)), EVEN))
    assert next((gap.symbol, gap.lines, gap.missing) for gap in gaps) == ("total", (Span(9, 9),), "never")


def test_comments_and_blank_lines_are_no_gap() -> None:
    gaps = run_gaps([file(replaced(10, 14))], seen({}, replaced(10, 14)), EVEN)
    assert {line for gap in gaps for span in gap.lines for line in (span.start, span.end)} == {10, 14}


def test_lines_that_the_tool_leaves_out_are_no_gap() -> None:
    executed = seen({UNIT[0]: [5, 6, 7]}, replaced(9, 9), code=lines_of([5, 6, 7, 8, 10]))
    assert executed.aims == ()


def test_lines_that_changed_since_the_map_say_nothing() -> None:
    executed = seen({UNIT[0]: [5, 6]}, replaced(7, 7), unknown=(7,))
    assert tally(executed, EVEN) is None
    spots = blind_spots([file(replaced(7, 7))], view({UNIT[0]: [5, 6]}, unknown=(7,)), executed, FILES, EVEN)
    assert [spot.reason for spot in spots] == [Blind.LINES_CHANGED]


def test_what_ran_outside_of_any_test_is_not_called_never_run() -> None:
    executed = seen({UNIT[0]: [5]}, replaced(7, 7), outside=[7])
    assert list(run_gaps([file(replaced(7, 7))], executed, EVEN)) == []
    spots = blind_spots([file(replaced(7, 7))], view({}), executed, FILES, EVEN)
    assert [spot.reason for spot in spots] == [Blind.RAN_OUTSIDE]


@pytest.mark.parametrize(
    ("path", "paths", "reason"),
    [
        ("web/cart.ts", {PATH}, Blind.FILE_TYPE),
        ("shop/page.py", {PATH}, Blind.NOT_MEASURED),
    ],
)
def test_a_file_that_is_not_in_the_map_says_why(path: str, paths: set[str], reason: Blind) -> None:
    one = file(replaced(7, 7), path=path, old_path=path)
    mapped = view({})
    spots = blind_spots([one], mapped, Executed([one], {}, mapped, TestFiles(FILES)), FILES, EVEN)
    assert [(spot.reason, spot.names) for spot in spots] == [(reason, (path,))]


def test_a_file_that_tests_start_as_a_process_may_have_run() -> None:
    executed = seen({}, replaced(7, 7))
    tests = {"tests/test_cart.py": b"import subprocess\nsubprocess.run(['python', '-m', 'shop.cart'])\n"}
    assert [spot.reason for spot in blind_spots([file(replaced(7, 7))], view({}), executed, tests, EVEN)] == [Blind.OTHER_PROCESS]


def test_a_suite_without_single_tests_counts_as_one_that_ran() -> None:
    executed = seen({"integration": [7]}, replaced(7, 7), grain=Grain.SUITE)
    ran = tally(executed, EVEN)
    assert ran is not None
    assert (ran.tests, ran.suites, ran.integration, ran.lines) == (0, ("integration",), 1, 1)
    assert executed.evidence("tests/test_cart.py") == ()


def test_of_a_later_commits_map_only_tests_that_were_there_count() -> None:
    later = view({UNIT[0]: [7]})
    later = replace(later, use=replace(later.use, ahead=True))
    files = {**FILES, "tests/test_cart.py": b"def test_other(): pass"}
    executed = Executed([file(replaced(7, 7))], {PATH: SOURCE}, later, TestFiles(files))
    assert not any(executed.ran(aim) for aim in executed.aims)


def test_of_a_later_commits_suite_nobody_knows_which_of_its_tests_were_there() -> None:
    later = view({"ci": [7]}, grain=Grain.SUITE)
    later = replace(later, use=replace(later.use, ahead=True))
    executed = Executed([file(replaced(7, 7))], {PATH: SOURCE}, later, TestFiles(FILES))
    assert tally(executed, EVEN) is None
    assert [spot.reason for spot in blind_spots([file(replaced(7, 7))], later, executed, {}, EVEN)] == [Blind.LATER_SUITE]


def test_what_not_even_a_later_commits_suite_ran_was_never_run() -> None:
    later = view({"ci": [5]}, grain=Grain.SUITE)
    later = replace(later, use=replace(later.use, ahead=True))
    ran = tally(Executed([file(replaced(7, 7))], {PATH: SOURCE}, later, TestFiles(FILES)), EVEN)
    assert ran is not None
    assert (ran.lines, ran.of, ran.suites) == (0, 1, ())
