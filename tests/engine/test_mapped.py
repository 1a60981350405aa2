"""The nearest map and its lines at the fix's parent, on real repositories."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.lines import lines_of, spans_of
from app.domain.testmap import FileCover, Grain, Origin, Segment
from app.engine.mapped import Found, MapLimits, Mapped, find_map, missing_shards
from app.git.objects import read_tree
from app.git.repository import open_repository
from tests.build import WorkingCopy, working_copy
from tests.maps import MemoryMap, MemoryMaps, cover

TEN = "".join(f"line {n}\n" for n in range(1, 11))


@pytest.fixture
def copy(tmp_path: Path) -> WorkingCopy:
    return working_copy(tmp_path / "repo")


def covered(copy: WorkingCopy, commit: str, ran: dict[str, dict[str, list[int]]]) -> MemoryMap:
    tests = sorted({test for lines in ran.values() for test in lines})
    return MemoryMap(
        commit, [cover(path, copy.git("rev-parse", f"{commit}:{path}"), tests, lines) for path, lines in ran.items()]
    )


def look(copy: WorkingCopy, base: str, *maps: MemoryMap, limits: MapLimits | None = None) -> Found:
    repository = open_repository(copy.path)
    return find_map(repository, base, read_tree(repository, base), MemoryMaps(maps), limits or MapLimits())


def mapped(found: Found) -> Mapped:
    assert found.mapped is not None
    return found.mapped


def test_the_closest_ancestor_is_used_and_its_distance_said(copy: WorkingCopy) -> None:
    first, second = copy.commit("1", {"a.py": TEN}), copy.commit("2")
    copy.commit("3")
    base = copy.commit("4")
    use = mapped(look(copy, base, covered(copy, first, {"a.py": {"t": [1]}}), covered(copy, second, {"a.py": {"t": [1]}}))).use
    assert (use.commit, use.distance, use.age_days, use.ahead, use.trusted) == (second, 2, 2.0, False, True)


def test_ancestry_decides_and_not_dates(copy: WorkingCopy) -> None:
    first = copy.commit("1", {"a.py": TEN})
    base = copy.commit("2")
    copy.git("checkout", "-q", "-b", "side", first)
    copy.day = 0  # the side branch has the base's own date and is nearer by the clock
    side = copy.commit("3")
    use = mapped(look(copy, base, covered(copy, first, {"a.py": {"t": [1]}}), covered(copy, side, {"a.py": {"t": [1]}}))).use
    assert use.commit == first


def test_without_an_ancestor_the_closest_descendant_is_used_and_said(copy: WorkingCopy) -> None:
    base = copy.commit("1", {"a.py": TEN})
    copy.commit("2")
    later, latest = copy.commit("3"), copy.commit("4")
    use = mapped(look(copy, base, covered(copy, latest, {"a.py": {"t": [1]}}), covered(copy, later, {"a.py": {"t": [1]}}))).use
    assert (use.commit, use.distance, use.ahead) == (later, 2, True)


def test_a_commit_that_is_not_there_is_passed_over_and_said(copy: WorkingCopy) -> None:
    base = copy.commit("1", {"a.py": TEN})
    found = look(copy, base, MemoryMap("f" * 40, []), covered(copy, base, {"a.py": {"t": [1]}}))
    assert mapped(found).use.commit == base
    assert [(item.reason, item.names) for item in found.unchecked] == [("map-commit-unknown", ("f" * 10,))]


def test_a_map_of_an_unrelated_history_is_none_and_said(copy: WorkingCopy) -> None:
    base = copy.commit("1", {"a.py": TEN})
    copy.git("checkout", "-q", "--orphan", "other")
    other = copy.commit("2")
    found = look(copy, base, covered(copy, other, {"a.py": {"t": [1]}}))
    assert found.mapped is None
    assert [item.reason for item in found.unchecked] == ["map-unrelated"]


@pytest.mark.parametrize("limits", [MapLimits(max_distance=1), MapLimits(max_age_days=1.5)])
def test_beyond_a_limit_the_map_is_only_a_hint(copy: WorkingCopy, limits: MapLimits) -> None:
    first = copy.commit("1", {"a.py": TEN})
    copy.commit("2")
    base = copy.commit("3")
    assert not mapped(look(copy, base, covered(copy, first, {"a.py": {"t": [1]}}), limits=limits)).use.trusted


def test_lines_follow_edits_and_a_rename(copy: WorkingCopy) -> None:
    first = copy.commit("1", {"a.py": TEN})
    copy.commit("2", {"a.py": None, "b.py": "new\n" + TEN.replace("line 4\n", "other 4\n")})
    base = copy.commit("3")
    known = mapped(look(copy, base, covered(copy, first, {"a.py": {"t": [3, 4, 5]}}))).covers(["b.py"])["b.py"]
    assert [(c.cover.path, c.cover.covered, c.unknown, c.changed) for c in known] == [
        ("b.py", lines_of([4, 6]), lines_of([1, 5]), lines_of([4]))
    ]


def test_a_cover_of_other_contents_than_the_commits_is_not_believed(copy: WorkingCopy) -> None:
    first = copy.commit("1", {"a.py": TEN})
    base = copy.commit("2")
    found = mapped(look(copy, base, MemoryMap(first, [cover("a.py", "e" * 40, ["t"], {"t": [1]})])))
    assert found.covers(["a.py"]) == {}
    assert found.use.uncarried == ("a.py",)


def test_a_file_that_git_cannot_compare_is_named(copy: WorkingCopy) -> None:
    first = copy.commit("1", {"a.py": TEN + "\0"})
    base = copy.commit("2", {"a.py": "x\n" + TEN + "\0"})
    found = mapped(look(copy, base, covered(copy, first, {"a.py": {"t": [1]}})))
    assert found.covers(["a.py"]) == {}
    assert found.use.uncarried == ("a.py",)


def test_a_file_that_no_segment_knows_is_left_out_silently(copy: WorkingCopy) -> None:
    base = copy.commit("1", {"a.py": TEN, "b.py": TEN})
    found = mapped(look(copy, base, covered(copy, base, {"a.py": {"t": [1]}})))
    assert set(found.covers(["a.py", "b.py", "gone.py"])) == {"a.py"}
    assert found.use.uncarried == ()


def test_missing_shards_are_named() -> None:
    there = [Segment(Origin("c" * 40, suite="unit", shard=n, shards=4), Grain.TEST, ()) for n in (1, 3)]
    assert missing_shards(there) == ("unit 2 of 4", "unit 4 of 4")


def test_a_suite_that_was_split_anew_is_whole() -> None:
    origins = [Origin("c" * 40, shard=1, shards=4), Origin("c" * 40, shard=1, shards=2), Origin("c" * 40, shard=2, shards=2)]
    assert missing_shards(Segment(origin, Grain.TEST, ()) for origin in origins) == ()


Files = dict[str, list[str]]
EDITS = st.lists(st.tuples(st.sampled_from("idrmxnc"), *[st.integers(0, 99)] * 4), min_size=1, max_size=6)


class History:
    """Files of lines that are told apart by their text; now and then a line that many files have many times."""

    def __init__(self) -> None:
        self.files: Files = {}
        self._made = 0
        for name in ("a.py", "b.py", "d/c.py"):
            self.files[name] = self._lines(24)

    def _lines(self, count: int) -> list[str]:
        made = []
        for _ in range(count):
            self._made += 1
            made.append("}\n" if self._made % 7 == 0 else f"unique {self._made}\n")
        return made

    def edit(self, what: str, file: int, at: int, size: int, to: int) -> None:
        """Inserts, deletes, replaces, moves within a file, moves to another file, renames, or copies a file."""
        path = sorted(self.files)[file % len(self.files)]
        lines = self.files[path]
        at, size = at % (len(lines) + 1), size % 6 + 1
        block = lines[at : at + size]
        match what:
            case "i":
                lines[at:at] = self._lines(size)
            case "d":
                del lines[at : at + size]
            case "r":
                lines[at : at + size] = self._lines(size)
            case "m":
                del lines[at : at + size]
                to %= len(lines) + 1
                lines[to:to] = block
            case "x":
                del lines[at : at + size]
                other = self.files[sorted(self.files)[to % len(self.files)]]
                other[to % (len(other) + 1) : 0] = block
            case "n":
                self.files[f"moved/{to}-{len(self.files)}-{path.rpartition('/')[2]}"] = self.files.pop(path)
            case "c":
                self.files[f"copied-{to}-{len(self.files)}.py"] = list(lines)

    def commit(self, copy: WorkingCopy) -> str:
        there = {str(one.relative_to(copy.path)) for one in copy.path.rglob("*.py")}
        gone = dict.fromkeys(there - self.files.keys())
        return copy.commit("edit", {**gone, **{path: "".join(lines) for path, lines in self.files.items()}})


def obvious(before: Files, ran: dict[str, dict[int, set[str]]]) -> dict[str, set[str]]:
    """Which tests ran each unique line, by its text alone."""
    return {line: ran[path].get(n, set()) for path, lines in before.items() for n, line in enumerate(lines, 1)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(EDITS, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_a_map_never_lies(commits: list[list[tuple[str, int, int, int, int]]], random: "st.random.Random") -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy, history = working_copy(Path(folder) / "repo"), History()
        first = history.commit(copy)
        before = {path: list(lines) for path, lines in history.files.items()}
        ran = {
            path: {n: {t for t in "uvw" if random.random() < 0.5} for n in range(1, len(lines) + 1)}
            for path, lines in before.items()
        }
        covers = [_as_cover(copy, first, path, tests) for path, tests in ran.items()]
        for edits in commits:
            for edit in edits:
                history.edit(*edit)
            base = history.commit(copy)
        found = mapped(look(copy, base, MemoryMap(first, covers)))
        expected, texts = obvious(before, ran), {path: set(lines) for path, lines in before.items()}
        for path, carried in found.covers(sorted(history.files)).items():
            for one in carried:
                told = one.cover.ran(lines_of(range(1, len(history.files[path]) + 9)))
                for number, line in enumerate(history.files[path], 1):
                    tests = {one.cover.tests[index] for index, lines in told.items() if lines >> number & 1}
                    if one.unknown >> number & 1:
                        assert not tests, "nothing is said of a line that changed"
                    elif line != "}\n":
                        assert tests == expected[line], "a line that was carried is the line that was covered"
                assert not one.cover.covered >> len(history.files[path]) + 1, "nothing lies behind the end"
        if all(what in "idrn" for edits in commits for what, *_ in edits):
            _every_line_that_stayed_is_known(found, history.files, texts)


def _as_cover(copy: WorkingCopy, commit: str, path: str, tests: dict[int, set[str]]) -> FileCover:
    ran = {test: [n for n, by in tests.items() if test in by] for test in "uvw"}
    return cover(path, copy.git("rev-parse", f"{commit}:{path}"), "uvw", ran)


def _every_line_that_stayed_is_known(found: Mapped, after: Files, before: dict[str, set[str]]) -> None:
    """Where nothing was moved about, carrying loses no line: the map is not only true but complete."""
    old = set().union(*before.values()) - {"}\n"}
    for path, carried in found.covers(sorted(after)).items():
        for one in carried:
            unknown = {after[path][n - 1] for span in spans_of(one.unknown) for n in range(span.start, span.end + 1)}
            assert not unknown & old
