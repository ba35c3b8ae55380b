"""Demonstration of what people do around the roster: a swap that waits, leave, a handover."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from oncall.models import HandoverSheet, Leave, Roster, Shift, Swap
from oncall.services.handovers import write_note
from oncall.services.leave import add_leave
from oncall.services.swap_endings import Duty
from oncall.services.swaps import offer_swap
from workflow.errors import Refusal

DAY = timedelta(days=1)
NOTE = (
    "收单数据库夜间批处理比平时慢约 20 分钟,已通知数据库组观察;"
    "沈阳分行有两台 POS 待复机,上午会来电确认。"
)


def add_people_around_roster(now: datetime) -> None:
    """Once, on a desk where nobody has done any of it yet (R11, R14). ``now`` UTC."""
    if Swap.objects.exists() or Leave.objects.exists():
        return
    shifts = list(
        Shift.objects.of(Roster.ON_CALL).filter(starts_at__gt=now)
        .select_related("primary", "backup").order_by("starts_at")[:4]
    )  # fmt: skip
    if len(shifts) < 4:
        return
    _swap(shifts[0], shifts, now)
    _leave(shifts[3], now)
    _handover(now)


def _swap(shift: Shift, shifts: list[Shift], now: datetime) -> None:
    """The next primary asks somebody who is free to take a Saturday."""
    starts = shift.starts_at + 5 * DAY
    duty = Duty(shift.roster, "primary", starts, min(starts + DAY, shift.ends_at))
    for other in shifts[1:]:
        try:
            offer_swap(
                duty=duty, colleague=other.backup or other.primary, back=None,
                note="周六家里有事,想请您代值一天,谢谢!", actor=shift.primary, now=now,
            )  # fmt: skip
        except Refusal:
            continue
        return


def _leave(shift: Shift, now: datetime) -> None:
    """Leave that meets a shift, so that its finding can be seen."""
    person = shift.primary
    add_leave(
        person=person, starts_at=shift.starts_at + DAY, ends_at=shift.starts_at + 3 * DAY,
        note="年休假", actor=person, now=now,
    )  # fmt: skip


def _handover(now: datetime) -> None:
    """The last change of the mobile, written and not acknowledged yet."""
    change = Shift.objects.of(Roster.ON_CALL).at(now).select_related("primary").first()
    before = change and Shift.objects.of(Roster.ON_CALL).filter(
        Q(ends_at=change.starts_at)
    ).select_related("primary").first()  # fmt: skip
    if change is None or before is None or before.primary_id == change.primary_id:
        return
    sheet: HandoverSheet = HandoverSheet.objects.create(
        at=change.starts_at, kind=HandoverSheet.Kind.SHIFT, leaver=before.primary,
        taker=change.primary,
    )  # fmt: skip
    write_note(sheet, note=NOTE, actor=before.primary, now=now)
