"""Opening reports upward, and how long their silence may last (R47, D11, D12)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import translation

from calendars.arithmetic import add_working_days
from calendars.errors import CalendarMissing
from calendars.services import current_calendar
from numbering.services import SUPERIOR_REPORT, allocate
from tickets import current
from tickets.models import Defect, SuperiorReport, Unsolvable

SILENT_AFTER_WORKING_DAYS = 5


def open_report(defect: Defect, now: datetime) -> SuperiorReport:
    """The report that falls due when a defect is confirmed; one is enough (D11)."""
    report = current.report_upward(defect)
    return report or SuperiorReport.objects.create(
        defect=defect, number=allocate(SUPERIOR_REPORT, now=now), opened_at=now
    )


def open_decision_report(defect: Defect, statement: Unsolvable, now: datetime) -> SuperiorReport:
    """The report that asks for a decision (D12): a new one, unless one is still to be sent.

    Service support finds it filled in with the statement, in the language of the desk.
    """
    report = current.report_upward(defect)
    if report is None or report.is_sent:
        report = SuperiorReport(
            defect=defect, number=allocate(SUPERIOR_REPORT, now=now), opened_at=now
        )
    report.asks_for_decision = True
    report.content = draft_of(statement)
    report.save()
    return report


def draft_of(statement: Unsolvable) -> str:
    """The statement as the text of a report."""
    parts = ["cause", "why", "alternatives", "workaround"]
    labels = {field.name: field.verbose_name for field in Unsolvable._meta.concrete_fields}
    with translation.override(settings.LANGUAGE_CODE):
        lines = [f"{labels[part]}：{getattr(statement, part)}" for part in parts]
        return "\n".join(lines)


def silent_at(sent_at: datetime) -> datetime | None:
    """Close of the fifth working day after ``sent_at`` (UTC); None while the year is unknown."""
    try:
        return add_working_days(current_calendar(), sent_at, SILENT_AFTER_WORKING_DAYS)
    except CalendarMissing:
        return None
