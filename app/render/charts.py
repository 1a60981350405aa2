"""Draws the digest's charts: as Mermaid, which GitHub shows in an issue, and as measures for a drawing in SVG.

Labels of Mermaid are recall's own words alone; whatever else a label holds is taken out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.digest import Week
from app.render.words import Written

HEIGHT = 100
"""Of a drawing, in its own units; a column is `COLUMN` of them wide, with a gap to the next."""

COLUMN, _GAP = 10, 2

_COLOURS = '%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "#9ec5f8, #cf222e"}}}}%%'
"""Mermaid's own are too pale to be told apart from GitHub's white; these two are seen on its black as well."""

_NO_LABEL = re.compile(r"[^\w ,.:()'-]")


@dataclass(frozen=True, slots=True)
class Bar:
    """One upright bar of a drawing."""

    x: int
    y: float
    width: int
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """One week: a bar for all escapes, and before it one for those uncaught."""

    week: Week
    all: Bar
    uncaught: Bar


def columns(weeks: Sequence[Week]) -> tuple[Column, ...]:
    """The weeks side by side, the tallest bar as high as the drawing."""
    most = max((week.all for week in weeks), default=0) or 1
    return tuple(
        Column(week, _bar(place, week.all / most), _bar(place, week.uncaught / most)) for place, week in enumerate(weeks)
    )


def _bar(place: int, share: float) -> Bar:
    height = round(HEIGHT * share, 2)
    return Bar(place * COLUMN + _GAP // 2, round(HEIGHT - height, 2), COLUMN - _GAP, height)


def mermaid_trend(weeks: Sequence[Week], title: str) -> Written:
    """Bars for all escapes, a line for those uncaught; empty for fewer than two weeks."""
    if len(weeks) < 2:
        return Written()
    most = max(1, *(week.all for week in weeks))
    return _lines(
        "xychart-beta",
        f'title "{_label(title)}"',
        f"x-axis [{', '.join(_quoted(week.day[5:]) for week in weeks)}]",
        f"y-axis 0 --> {most}",
        f"bar [{', '.join(str(week.all) for week in weeks)}]",
        f"line [{', '.join(str(week.uncaught) for week in weeks)}]",
    )


def mermaid_bars(values: Sequence[tuple[str, int]], title: str) -> Written:
    """A bar a label; empty where nothing was counted."""
    most = max((number for _, number in values), default=0)
    if not most:
        return Written()
    return _lines(
        "xychart-beta horizontal",
        f'title "{_label(title)}"',
        f"x-axis [{', '.join(_quoted(label) for label, _ in values)}]",
        f"y-axis 0 --> {most}",
        f"bar [{', '.join(str(number) for _, number in values)}]",
    )


def _lines(first: str, *rest: str) -> Written:
    return Written("\n".join([_COLOURS, first, *(f"    {line}" for line in rest)]))


def _quoted(label: str) -> str:
    return f'"{_label(label)}"'


def _label(label: str) -> str:
    return _NO_LABEL.sub("", label)
