"""The ledger as evidence: a table for a file, and the event that says who took it (I03, I10)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from io import StringIO

from django.utils.translation import gettext as _

from accounts.models import User
from audit import services as audit
from sla.evidence import Ledger
from sla.ledger import Day
from sla.panels import NOT_AGREED
from workflow.durations import stamp

EXPORTED = "sla.ledger_exported"
FORMATS = ("csv", "print")
# A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_ledger(ledger: Ledger, *, actor: User, now: datetime, form: str) -> None:
    """Note in the trail who exports the ledger in which form; ``now`` UTC."""
    with audit.unit_of_work():
        audit.record(
            actor=actor,
            action=EXPORTED,
            target=ledger.about or actor,
            label=ledger.subject,
            happened_at=now,
            data={"form": form},
        )


def as_csv(ledger: Ledger, *, actor: User, now: datetime) -> bytes:
    """The table, with the byte order mark spreadsheets need; who and when stands at its end."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerows([safe(cell) for cell in row] for row in _rows(ledger))
    mark = _("Exported by %(name)s at %(time)s") % {"name": actor.name, "time": stamp(now, "s")}
    writer.writerow([safe(mark)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def safe(cell: str) -> str:
    """The cell, never a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _rows(ledger: Ledger) -> Iterator[list[str]]:
    yield [
        _("Record"), _("Clock"), _("Time"), _("Entered at"), _("Course of the clock"), _("Person"),
        _("Reason"), _("Row of the trail"), _("Hash"),
    ]  # fmt: skip
    if not ledger.accounts:
        yield [ledger.subject, "", "", "", str(NOT_AGREED), "", "", "", ""]
    for account in ledger.accounts:
        head = [ledger.subject, account.title]
        yield [*head, "", "", account.why, "", "", "", ""]
        for line in account.lines:
            yield [
                *head, stamp(line.at, "s"), stamp(line.entered_at, "s"), line.sentence, line.person,
                line.reason, str(line.seq or ""), line.hash,
            ]  # fmt: skip
        for line in account.to_come:
            still = _("To come: %(what)s") % {"what": line.sentence}
            yield [*head, stamp(line.at, "s"), "", still, "", "", "", ""]
        for day in account.days:
            yield [*head, stamp(day.date), "", _day(day), "", "", "", ""]


def _day(day: Day) -> str:
    if not day.hours:
        return _("%(what)s: nothing counts") % {"what": day.what}
    text = _("%(what)s: %(hours)s counts, %(counted)s; %(total)s so far")
    return text % {
        "what": day.what, "hours": day.hours, "counted": day.counted, "total": day.total,
    }  # fmt: skip
