"""When the weekly digest is due: the moments of a schedule on the clocks of its zone; waiting for them is left to others."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.configuration import Weekly


def next_due(weekly: Weekly, after: datetime) -> datetime:
    """The first moment of the schedule later than `after`, in UTC.

    Where the zone's clocks are put forward over the time of day, it is as much later as they are put forward; where they are put
    back and show it twice, it is the first of the two. An unknown zone is read as UTC. Source: PEP 495 on `fold`.
    """
    return min(moment for moment in _around(weekly, after) if moment > after)


def last_due(weekly: Weekly, now: datetime) -> datetime:
    """The last moment of the schedule that is not later than `now`, in UTC."""
    return max(moment for moment in _around(weekly, now) if moment <= now)


def _around(weekly: Weekly, when: datetime) -> Iterator[datetime]:
    """The schedule's moments in the weeks about `when`; counted in days, since a week can be longer or shorter than 168 hours."""
    zone = zone_of(weekly)
    local = when.astimezone(zone).date()
    for weeks in range(-2, 3):
        day = local + timedelta(days=weekly.day - local.weekday() + 7 * weeks)
        yield datetime(day.year, day.month, day.day, weekly.hour, weekly.minute, tzinfo=zone).astimezone(UTC)


def zone_of(weekly: Weekly) -> ZoneInfo:
    """The zone whose clocks count."""
    try:
        return ZoneInfo(weekly.zone)
    except (ValueError, OSError, LookupError):
        return ZoneInfo("UTC")
