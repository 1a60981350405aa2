"""When a digest is due: every week at the same time of day of its zone, whatever the clocks there are put to."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.calendar import last_due, next_due
from app.domain.configuration import Weekly

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca"]
WEEKLIES = st.builds(
    Weekly,
    day=st.integers(0, 6),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    zone=st.sampled_from(ZONES),
)
MOMENTS = st.integers(1_340_000_000, 2_050_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(WEEKLIES, MOMENTS)
def test_the_next_moment_is_later_and_about_a_week_away_at_most(weekly: Weekly, after: datetime) -> None:
    due = next_due(weekly, after)
    assert after < due <= after + timedelta(days=7, hours=25)
    assert due.tzinfo is UTC


@given(WEEKLIES, MOMENTS)
def test_the_day_is_always_the_one_that_was_asked_for_and_the_time_too_where_the_zone_has_it(
    weekly: Weekly, after: datetime
) -> None:
    local = next_due(weekly, after).astimezone(ZoneInfo(weekly.zone))
    there = local.replace(hour=weekly.hour, minute=weekly.minute, fold=0)
    exists = there.astimezone(UTC).astimezone(ZoneInfo(weekly.zone)).replace(tzinfo=None) == there.replace(tzinfo=None)
    assert not exists or (local.weekday(), local.hour, local.minute) == (weekly.day, weekly.hour, weekly.minute)


@given(WEEKLIES, MOMENTS)
def test_nothing_lies_between_the_last_moment_and_the_next(weekly: Weekly, now: datetime) -> None:
    last = last_due(weekly, now)
    assert last <= now < next_due(weekly, last) == next_due(weekly, now)


@given(WEEKLIES, MOMENTS)
def test_at_the_moment_itself_it_is_the_last_and_the_next_is_a_week_later(weekly: Weekly, now: datetime) -> None:
    due = next_due(weekly, now)
    assert last_due(weekly, due) == due
    assert timedelta(days=5, hours=22) < next_due(weekly, due) - due < timedelta(days=8, hours=2)


@pytest.mark.parametrize(
    ("after", "due"),
    [
        ("2026-03-23T08:00:00", "2026-03-30T07:00:00"),  # summer time began on the 29th
        ("2026-10-19T07:00:00", "2026-10-26T08:00:00"),  # and ended on the 25th
        ("2026-11-23T07:59:59", "2026-11-23T08:00:00"),
        ("2026-11-23T08:00:00", "2026-11-30T08:00:00"),
    ],
)
def test_the_clocks_of_the_zone_decide(after: str, due: str) -> None:
    assert next_due(Weekly(day=0, hour=9, zone="Europe/Berlin"), utc(after)) == utc(due)


def test_a_time_that_the_clocks_leave_out_is_as_much_later() -> None:
    weekly = Weekly(day=6, hour=2, minute=30, zone="Europe/Berlin")
    assert next_due(weekly, utc("2026-03-28T12:00:00")) == utc("2026-03-29T01:30:00")


def test_a_time_that_the_clocks_show_twice_is_the_first() -> None:
    weekly = Weekly(day=6, hour=2, minute=30, zone="Europe/Berlin")
    assert next_due(weekly, utc("2026-10-24T12:00:00")) == utc("2026-10-25T00:30:00")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "a\0b"])
def test_an_unknown_zone_is_utc(zone: str) -> None:
    assert next_due(Weekly(hour=9, zone=zone), utc("2026-11-23T00:00:00")) == utc("2026-11-23T09:00:00")
