"""Reading leave calendars: days, zones, series, and files that are no good (R14)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from oncall.ics import MOST_BYTES, BadCalendar, read_calendar
from tests.conftest import NOW
from tests.oncall.calendars import TRIP, calendar, event


def times(*events: str) -> list[tuple[str, str]]:
    """(from, to) in UTC of what is taken."""
    read = read_calendar(calendar(*events), NOW)
    return [(f"{each.starts_at:%m-%d %H:%M}", f"{each.ends_at:%m-%d %H:%M}") for each in read.times]


def refusal(content: bytes) -> str:
    """Why a file is not taken."""
    with translation.override("en"), pytest.raises(BadCalendar) as refused:
        read_calendar(content, NOW)
    return str(refused.value)


def test_whole_days_are_beijing_days() -> None:
    (away,) = read_calendar(calendar(TRIP), NOW).times

    assert away.starts_at == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert away.ends_at == datetime(2026, 12, 2, 16, tzinfo=UTC)
    assert (away.uid, away.occurrence, away.note) == ("trip-1", "", "年休假")


def test_one_day_without_an_end() -> None:
    assert times(event("UID:a", "DTSTART;VALUE=DATE:20261201")) == [("11-30 16:00", "12-01 16:00")]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("DTSTART:20261201T010000Z", "DTEND:20261201T040000Z"),
        ("DTSTART:20261201T090000", "DTEND:20261201T120000"),
        ("DTSTART;TZID=Asia/Shanghai:20261201T090000", "DTEND;TZID=Asia/Shanghai:20261201T120000"),
        ("DTSTART;TZID=China Standard Time:20261201T090000", "DURATION:PT3H"),
        ("DTSTART;TZID=America/New_York:20261130T200000", "DURATION:PT3H"),
        ("DTSTART;TZID=Europe/Berlin:20261201T020000", "DTEND:20261201T040000Z"),
    ],
)
def test_one_instant_in_every_way_of_writing_it(start: str, end: str) -> None:
    assert times(event("UID:a", start, end)) == [("12-01 01:00", "12-01 04:00")]


def test_a_zone_that_the_file_brings_with_it() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Office\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\nEND:STANDARD\r\nEND:VTIMEZONE"
    )
    one = event("UID:a", "DTSTART;TZID=Office:20261201T090000", "DURATION:PT3H")
    (away,) = read_calendar(calendar(one, head=zone), NOW).times

    assert away.starts_at == datetime(2026, 12, 1, 1, tzinfo=UTC)


def test_a_series_stays_at_its_hour_over_summer_time() -> None:
    found = read_calendar(
        calendar(
            event(
                "UID:a", "DTSTART;TZID=Europe/Berlin:20270322T090000", "DURATION:PT1H",
                "RRULE:FREQ=WEEKLY;COUNT=2",
            )
        ),
        NOW,
    ).times  # fmt: skip

    # Summer time begins on 28 March 2027.
    assert [f"{each.starts_at:%m-%d %H:%M}" for each in found] == ["03-22 08:00", "03-29 07:00"]


def test_a_series_with_an_exception_a_move_and_a_day_more() -> None:
    series = event(
        "UID:a", "SUMMARY:陪护假", "DTSTART;VALUE=DATE:20261204", "DTEND;VALUE=DATE:20261205",
        "RRULE:FREQ=WEEKLY;UNTIL=20261225", "EXDATE;VALUE=DATE:20261211",
        "RDATE;VALUE=DATE:20261230",
    )  # fmt: skip
    moved = event(
        "UID:a", "RECURRENCE-ID;VALUE=DATE:20261218", "DTSTART;VALUE=DATE:20261217",
        "DTEND;VALUE=DATE:20261218",
    )  # fmt: skip
    read = read_calendar(calendar(series, moved), NOW)

    days = [(each.starts_at + timedelta(hours=8)).day for each in read.times]
    assert days == [4, 17, 25, 30]
    assert len({each.occurrence for each in read.times}) == 4


def test_a_cancelled_event_of_a_series_takes_nothing() -> None:
    series = event("UID:a", "DTSTART;VALUE=DATE:20261204", "RRULE:FREQ=DAILY;COUNT=3")
    without = event(
        "UID:a", "RECURRENCE-ID;VALUE=DATE:20261205", "DTSTART;VALUE=DATE:20261205",
        "STATUS:CANCELLED",
    )  # fmt: skip

    assert times(series, without) == [
        ("12-03 16:00", "12-04 16:00"), ("12-05 16:00", "12-06 16:00"),
    ]  # fmt: skip


def test_a_series_without_end_is_taken_to_the_horizon_only() -> None:
    read = read_calendar(
        calendar(event("UID:a", "DTSTART;VALUE=DATE:20200106", "RRULE:FREQ=WEEKLY")), NOW
    )

    assert read.times[0].ends_at > NOW
    assert read.times[-1].starts_at < NOW + timedelta(days=400)
    assert (len(read.times), read.over > 300) == (58, True)


def test_what_is_over_and_what_is_far_away_is_left_out() -> None:
    old = event("UID:a", "DTSTART;VALUE=DATE:20261101")
    far = event("UID:b", "DTSTART;VALUE=DATE:20281101")
    read = read_calendar(calendar(old, TRIP, far), NOW)

    assert [each.uid for each in read.times] == ["trip-1"]
    assert (read.over, read.too_far) == (1, 1)


def test_a_reminder_without_length_is_no_leave() -> None:
    assert times(event("UID:a", "DTSTART:20261201T010000Z"), TRIP) == [
        ("11-30 16:00", "12-02 16:00")
    ]


def test_notes_are_one_line_without_card_numbers() -> None:
    named = event("UID:a", "SUMMARY:去 6222021234567890128\\n办事", "DTSTART;VALUE=DATE:20261201")
    (away,) = read_calendar(calendar(named), NOW).times

    assert "6222021234567890128" not in away.note
    assert "\n" not in away.note


@pytest.mark.parametrize(
    "content",
    [
        b"", b"hello", b"\xff\xfe\x00", b"PK\x03\x04", b"<html></html>", b"BEGIN:VCALENDAR\r\n",
        b"BEGIN:VTODO\r\nEND:VTODO\r\n", "BEGIN:VCALENDAR\r\n假".encode("gbk"),
        calendar(event("UID:a\0", "DTSTART;VALUE=DATE:20261201")),
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n",
    ],
)  # fmt: skip
def test_what_is_no_calendar_is_refused(content: bytes) -> None:
    assert "This is not a calendar file" in refusal(content)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["DTSTART;VALUE=DATE:20261201"], "it has no UID"),
        (["UID:a"], "its dates cannot be read"),
        (["UID:a", "DTSTART:2026-12-01"], "its dates cannot be read"),
        (["UID:a", "DTSTART:20261201T090000", "DTEND:2026"], "its dates cannot be read"),
        (["UID:a", "DTSTART;VALUE=DATE:20261202", "DTEND;VALUE=DATE:20261201"], "cannot be taken"),
        (["UID:a", "DTSTART;TZID=Mars/Base:20261201T090000", "DURATION:PT1H"], "Mars/Base"),
        (["UID:a", "DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20290101"], "longer than 400"),
        (["UID:a", "DTSTART:20261201T090000", "DURATION:PT1H", "RRULE:FREQ=HOURLY"], "daily"),
        (["UID:a", "DTSTART:20261201T090000", "DURATION:PT1H", "RRULE:FREQ=SECONDLY"], "daily"),
        (["UID:a", "DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;INTERVAL=0"], "cannot be read"),
        (
            ["UID:a", "DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;BYMONTHDAY=30;BYMONTH=2"],
            "of a kind that is not taken",
        ),
        (["UID:a", "DTSTART;VALUE=DATE:19000101", "RRULE:FREQ=DAILY"], "repeats too often"),
        (["UID:a", "DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=NEVER"], "cannot be"),
    ],
)
def test_an_event_that_cannot_be_understood_is_named(lines: list[str], why: str) -> None:
    assert why in refusal(calendar(event(*lines)))


def test_files_that_are_too_much() -> None:
    many = [event(f"UID:{n}", "DTSTART;VALUE=DATE:20261201") for n in range(1001)]
    series = event("UID:a", "DTSTART;VALUE=DATE:20261123", "RRULE:FREQ=DAILY")
    more = event("UID:b", "DTSTART;VALUE=DATE:20261123", "RRULE:FREQ=DAILY")

    assert "1000 events" in refusal(calendar(*many))
    assert "500 times" in refusal(calendar(series, more))
    assert "1 MB" in refusal(b" " * (MOST_BYTES + 1))
    assert "50 series" in refusal(
        calendar(
            *(
                event(f"UID:{n}", "DTSTART;VALUE=DATE:20261123", "RRULE:FREQ=YEARLY")
                for n in range(51)
            )
        )
    )
