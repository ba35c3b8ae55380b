"""The working calendar as it is loaded now, and loading a year of it."""

from __future__ import annotations

from datetime import date, datetime

from audit import services as audit
from calendars.arithmetic import SHANGHAI, Hours, WorkingCalendar, is_working_time
from calendars.arrangements import ArrangedDay, Arrangement
from calendars.errors import ArrangementError, CalendarMissing
from calendars.models import CalendarDay, CalendarYear, WorkingHours

Marks = dict[date, tuple[str, str, str, str]]
# The State Council publishes next year's arrangement between October and December.
_WARN_FROM_MONTH = 11


def current_calendar() -> WorkingCalendar:
    """The loaded years, days and hours as one value (R11).

    Two small queries and no cache, so that a freshly loaded year holds at once in every process.
    Whoever computes for many rows takes the value once and passes it on.
    """
    rows = list(CalendarYear.objects.values_list("year", "days__date", "days__kind"))
    return WorkingCalendar(
        years=frozenset(year for year, _, _ in rows),
        holidays=frozenset(day for _, day, kind in rows if kind == CalendarDay.Kind.HOLIDAY),
        makeup_days=frozenset(day for _, day, kind in rows if kind == CalendarDay.Kind.MAKEUP),
        hours=tuple(
            Hours(row.start, row.end, row.valid_from, row.valid_to)
            for row in WorkingHours.objects.all()
        ),
    )


def is_after_hours(instant: datetime) -> bool:
    """True when ``instant`` (UTC) lies outside working hours; computed, never typed (R15).

    In a year whose calendar is missing every minute counts as after hours: the on-call mobile
    answers then, and a call can still be logged.
    """
    try:
        return not is_working_time(current_calendar(), instant)
    except CalendarMissing:
        return True


def missing_years(now: datetime) -> list[int]:
    """Years to load by now: this one, and from 1 November (local date) the next one too (R11)."""
    today = now.astimezone(SHANGHAI).date()
    wanted = {today.year}
    if today.month >= _WARN_FROM_MONTH:
        wanted.add(today.year + 1)
    loaded = CalendarYear.objects.filter(year__in=wanted).values_list("year", flat=True)
    return sorted(wanted - set(loaded))


def changes(arrangement: Arrangement) -> list[str]:
    """What loading ``arrangement`` would change, one line a day, ``+`` new and ``-`` taken out.

    Raises ``ArrangementError`` when a day already belongs to another year's arrangement.
    """
    foreign = CalendarDay.objects.exclude(year=arrangement.year).filter(
        date__in=[day.date for day in arrangement.days]
    )
    for taken in foreign[:1]:
        raise ArrangementError(f"{taken.date} belongs to the arrangement of {taken.year_id}")
    before, after = _loaded(arrangement.year), _marks(arrangement.days)
    lines = []
    for day in sorted(before.keys() | after.keys()):
        if before.get(day) != after.get(day):
            lines += [f"- {day} {' '.join(before[day])}"] if day in before else []
            lines += [f"+ {day} {' '.join(after[day])}"] if day in after else []
    return lines


def load_arrangement(
    *, arrangement: Arrangement, actor: audit.Actor, now: datetime
) -> CalendarYear:
    """Put a year's arrangement in place of what is loaded for it, as a whole or not at all (R11).

    Raises ``ArrangementError`` when a day already belongs to another year's arrangement.
    """
    with audit.unit_of_work():
        lines = changes(arrangement)
        year, created = CalendarYear.objects.update_or_create(
            year=arrangement.year, defaults={"notice": arrangement.notice, "loaded_at": now}
        )
        year.days.all().delete()
        CalendarDay.objects.bulk_create(
            CalendarDay(
                date=day.date,
                year=year,
                kind=day.kind,
                name=day.name,
                name_en=day.name_en,
                notice=day.notice,
                entered_by=actor.audit_name,
            )
            for day in arrangement.days
        )
        audit.record(
            actor=actor,
            action="calendar.loaded" if created else "calendar.replaced",
            target=year,
            label=str(year),
            happened_at=now,
            data={"notice": arrangement.notice, "changes": lines},
        )
    return year


def _loaded(year: int) -> Marks:
    rows = CalendarDay.objects.filter(year=year)
    return {row.date: (row.kind, row.name, row.name_en, row.notice) for row in rows}


def _marks(days: tuple[ArrangedDay, ...]) -> Marks:
    return {day.date: (day.kind, day.name, day.name_en, day.notice) for day in days}
