"""Handover sheets: prepared ahead, written, acknowledged, and asked about when they are not."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import PAGING_ENGINE
from accounts.models import User
from audit import services as audit
from calendars.services import current_calendar
from engine.due import backlog, claim_due
from notifications.services import Letter, notify
from oncall.boundaries import Boundary, boundaries
from oncall.models import HandoverLook, HandoverSheet, Shift
from oncall.open_items import open_items
from oncall.policies_handover import can_acknowledge_sheet, can_write_sheet
from oncall.rota import managers, supervisors
from oncall.services.locking import locked_row
from oncall.services.looks import take_look
from workflow.durations import stamp
from workflow.errors import insist

ENGINE = "handovers"
EVERY = timedelta(minutes=5)
# A sheet can be written this long before duty passes on.
OPEN_AHEAD = timedelta(hours=2)
# Nobody has acknowledged it this long after: both and the supervisors are told.
ASK_AFTER = timedelta(minutes=15)
BATCH = 20


def handovers_due(now: datetime) -> int:
    """Engine "handovers": prepare sheets, and ask about those nobody acknowledged. ``now`` UTC."""
    with audit.unit_of_work():
        taken = take_look(HandoverLook, now, EVERY)
        if taken:
            prepare(now)
        rows = HandoverSheet.objects.select_related("leaver", "taker")
        sheets = claim_due(rows, now=now, due_field="remind_at", limit=BATCH)
        for sheet in sheets:
            _ask(sheet, now)
    return int(taken) + len(sheets)


def waiting(now: datetime) -> int:
    """Sheets to be asked about, and looks that are due (I17)."""
    asks = backlog(HandoverSheet.objects.all(), now=now, due_field="remind_at")
    return asks + HandoverLook.objects.filter(next_at__lte=now).count()


def prepare(now: datetime) -> list[HandoverSheet]:
    """Sheets of the coming two hours follow the roster as it is at ``now`` (UTC); idempotent.

    A boundary that the roster does not have any more loses its sheet, unless a note is in it.
    """
    until = now + OPEN_AHEAD
    rows = Shift.objects.touching(now - timedelta(seconds=2), until + timedelta(seconds=1))
    shifts: list[Shift] = list(rows.select_related("primary", "backup"))
    wanted = {
        (each.at, each.kind): each for each in boundaries(shifts, current_calendar(), now, until)
    }
    known = HandoverSheet.objects.select_for_update(of=("self",)).filter(
        at__gte=now, at__lt=until, frozen_at=None
    )
    for sheet in known:
        found = wanted.pop((sheet.at, sheet.kind), None)
        if found is None and not sheet.note:
            sheet.delete()
        elif found is not None:
            _follow(sheet, found)
    return [_make(each) for each in wanted.values() if not _exists(each)]


def _exists(each: Boundary) -> bool:
    return HandoverSheet.objects.filter(at=each.at, kind=each.kind).exists()


def _follow(sheet: HandoverSheet, found: Boundary) -> None:
    if (sheet.leaver, sheet.taker) != (found.leaver, found.taker):
        sheet.leaver, sheet.taker = found.leaver, found.taker
        sheet.save(update_fields=["leaver", "taker"])


def _make(each: Boundary) -> HandoverSheet:
    made: HandoverSheet = HandoverSheet.objects.create(
        at=each.at, kind=each.kind, leaver=each.leaver, taker=each.taker,
        remind_at=each.at + ASK_AFTER,
    )  # fmt: skip
    return made


def write_note(sheet: HandoverSheet, *, note: str, actor: User, now: datetime) -> HandoverSheet:
    """The one who leaves writes what the next one must know; it can be changed until it is taken.

    Raises ``NotFound``, ``NotAllowed``, and ``WrongState`` once it was acknowledged.
    """
    with audit.unit_of_work():
        locked = locked_row(sheet, actor, "leaver", "taker")
        insist(can_write_sheet(actor, locked))
        locked.note, locked.noted_by, locked.noted_at = note.strip(), actor, now
        locked.save(update_fields=["note", "noted_by", "noted_at"])
        audit.record(
            actor=actor, action="oncall.handover_written", target=locked, label=str(locked),
            happened_at=now, opinion=locked.note,
        )  # fmt: skip
    return locked


def acknowledge_sheet(sheet: HandoverSheet, *, actor: User, now: datetime) -> HandoverSheet:
    """The one who takes over has read it (``now`` UTC); what is open at this moment is kept.

    A second click changes nothing. Raises ``NotFound``, ``NotAllowed``, and ``WrongState`` when
    another has acknowledged it, or before the hour while there is no note.
    """
    with audit.unit_of_work():
        locked = locked_row(sheet, actor, "leaver", "taker")
        if locked.acknowledged_at and locked.acknowledged_by_id == actor.pk:
            return locked
        insist(can_acknowledge_sheet(actor, locked, now))
        _freeze(locked, now)
        locked.acknowledged_by, locked.acknowledged_at, locked.remind_at = actor, now, None
        locked.save(
            update_fields=["acknowledged_by", "acknowledged_at", "remind_at", "items", "frozen_at"]
        )
        audit.record(
            actor=actor, action="oncall.handover_acknowledged", target=locked, label=str(locked),
            happened_at=now, data={"open": len(locked.items), "with_note": bool(locked.note)},
        )  # fmt: skip
    return locked


def _freeze(sheet: HandoverSheet, now: datetime) -> None:
    if sheet.frozen_at is None:
        sheet.items = [each.as_row() for each in open_items(now)]
        sheet.frozen_at = now


def _ask(sheet: HandoverSheet, now: datetime) -> None:
    """Not acknowledged in time: freeze what was open, and tell both and the supervisors."""
    _freeze(sheet, now)
    sheet.remind_at, sheet.reminded_at = None, now
    sheet.save(update_fields=["remind_at", "reminded_at", "items", "frozen_at"])
    audit.record(
        actor=PAGING_ENGINE, action="oncall.handover_not_acknowledged", target=sheet,
        label=str(sheet), happened_at=now, data={"open": len(sheet.items)},
    )  # fmt: skip
    people = [each for each in (sheet.leaver, sheet.taker) if each is not None]

    def write(_person: User) -> Letter:
        nobody = _("nobody")
        values = {
            "at": stamp(sheet.at), "kind": sheet.get_kind_display(), "open": len(sheet.items),
            "leaver": sheet.leaver.name if sheet.leaver else nobody,
            "taker": sheet.taker.name if sheet.taker else nobody,
        }  # fmt: skip
        subject = _("Handover of %(at)s is not acknowledged")
        body = _(
            "%(kind)s: from %(leaver)s to %(taker)s, %(open)s open items. Whoever takes over reads "
            "the sheet and acknowledges it."
        )
        return Letter(subject % values, body % values)

    notify(
        recipients=[*people, *(supervisors() or managers())], key=f"handover:{sheet.pk}:late",
        write=write, url=reverse("oncall:handover", args=[sheet.pk]), now=now, urgent=True,
    )  # fmt: skip


def waiting_for(person: User, now: datetime) -> list[HandoverSheet]:
    """Sheets this person has to write or to acknowledge now."""
    mine = Q(leaver=person, note="") | Q(taker=person)
    rows = HandoverSheet.objects.visible_to(person).filter(mine, acknowledged_at=None)
    return list(rows.filter(at__gt=now - timedelta(hours=12)).order_by("at"))
