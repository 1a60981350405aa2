"""Test maps as JSON between a server and the command: what `recall map show` and `query` ask for, and no more.

    a map     {"segments": [{"origin": {...}, "grain": "test", "tests": [names]}], "paths": [...]}
    a cover   {"path", "blob", "tests": [names], "groups": [[lines, tests]], "outside", "code"}

Sets are hexadecimal numbers, as in `app.domain.lines`; the tests of a cover are only those that ran something of the file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from app.analysis.testmap.mapfile import read_head
from app.domain.errors import TellUser
from app.domain.lines import MAX_LINE
from app.domain.testmap import FileCover, Segment, TestMap, TestSet, members

Json = Mapping[str, Any]

_LONGEST = MAX_LINE // 4 + 1


def map_json(test_map: TestMap) -> Json:
    """What `recall map show` needs: the segments without their results, and the paths."""
    segments = [
        {"origin": asdict(segment.origin), "grain": segment.grain.value, "tests": list(segment.tests)}
        for segment in test_map.segments
    ]
    return {"segments": segments, "paths": sorted(test_map.paths)}


def read_map(given: Json) -> tuple[tuple[Segment, ...], frozenset[str]]:
    """The segments and the paths. Raises TellUser where it is not what `map_json` makes."""
    try:
        segments = tuple(
            Segment(*read_head({**each["origin"], "grain": each["grain"]}), tuple(map(str, each["tests"])))
            for each in given["segments"]
        )
        return segments, frozenset(map(str, given["paths"]))
    except (KeyError, TypeError, ValueError):
        raise _odd() from None


def covers_json(covers: Iterable[FileCover]) -> list[Json]:
    """What `recall map query` needs of one file."""
    return [_cover_json(cover) for cover in covers]


def read_covers(given: object) -> tuple[FileCover, ...]:
    """The covers of one file. Raises TellUser where it is not what `covers_json` makes."""
    if not isinstance(given, list):
        raise _odd()
    try:
        return tuple(_read_cover(each) for each in given)
    except (KeyError, TypeError, ValueError):
        raise _odd() from None


def _cover_json(cover: FileCover) -> Json:
    used = list(members(cover.running))
    place = {index: position for position, index in enumerate(used)}
    return {
        "path": cover.path,
        "blob": cover.blob,
        "tests": [cover.tests[index] for index in used],
        "groups": [[f"{lines:x}", f"{_moved(tests, place):x}"] for lines, tests in cover.groups],
        "outside": f"{cover.outside:x}",
        "code": None if cover.code is None else f"{cover.code:x}",
    }


def _read_cover(given: Json) -> FileCover:
    tests = tuple(map(str, given["tests"]))
    groups = tuple((_number(lines, _LONGEST), _number(ran, len(tests) // 4 + 1)) for lines, ran in given["groups"])
    if any(ran.bit_length() > len(tests) for _, ran in groups):
        raise ValueError
    code = given["code"]
    outside = _number(given["outside"], _LONGEST)
    return FileCover(
        str(given["path"]), str(given["blob"]), tests, groups, outside, None if code is None else _number(code, _LONGEST)
    )


def _moved(tests: TestSet, place: Mapping[int, int]) -> TestSet:
    found = 0
    for index in members(tests):
        found |= 1 << place[index]
    return found


def _number(text: str, longest: int) -> int:
    if len(text) > longest:
        raise ValueError
    return int(text, 16)


def _odd() -> TellUser:
    return TellUser("The server's answer is not a test map; is it a recall server, and is this recall as new as it is?")
