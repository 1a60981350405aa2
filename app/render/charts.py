"""Draws the digest's charts: as Mermaid, which GitHub shows in an issue, and as the numbers of a drawing in SVG.

Labels of Mermaid are recall's own words alone; whatever else a label holds is taken out.
"""

import re
from collections.abc import Sequence

from app.domain.digest import Week
from app.render.words import Written

_NO_LABEL = re.compile(r"[^\w ,.:()'-]")


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
    return Written("\n".join([first, *(f"    {line}" for line in rest)]))


def _quoted(label: str) -> str:
    return f'"{_label(label)}"'


def _label(label: str) -> str:
    return _NO_LABEL.sub("", label)
