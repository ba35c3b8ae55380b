"""What the desk does by itself: remind, close, delete old drafts (D1, D24). The engine "defects".

1. In one transaction, claim due rows: their due time moves to the end of a lease.
2. Each row's work is one transaction that locks the defect first, as people's acts do, and then
   ticks the row off if the lease is still ours: two engines at once do everything once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import DEFECT_ENGINE
from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from calendars.arithmetic import WorkingCalendar, add_working_days
from calendars.errors import CalendarMissing
from calendars.services import current_calendar
from engine.due import claim_due
from tickets import policies
from tickets.models import Attachment, Defect, EndRequest, FollowUp
from tickets.models.defect_states import DefectState
from tickets.services.letters import tell
from workflow.decisions import Decision, Text
from workflow.errors import Refusal
from workflow.steps import step

ENGINE = "defects"
BATCH = 20
LEASE = timedelta(seconds=60)
LOOK_AGAIN = timedelta(hours=1)
Kind = FollowUp.Kind
WORKING_DAYS = {Kind.REMIND: "DEFECT_REMIND_WORKING_DAYS", Kind.CLOSE: "DEFECT_CLOSE_WORKING_DAYS"}


class LeaseLost(Exception):
    """Another engine has the row by now, or a person was faster."""


def plan_closing(defect: Defect, *, now: datetime) -> None:
    """After a reply at ``now`` (UTC): a reminder on day 3, the end on day 5 (D24)."""
    calendar = current_calendar()
    for kind in WORKING_DAYS:
        due = _due(calendar, kind, now)
        FollowUp.objects.create(
            defect=defect, kind=kind, cycle=defect.cycle, due_at=due or now + LOOK_AGAIN,
            obstacle="" if due else FollowUp.NO_CALENDAR,
        )  # fmt: skip


def plan_discarding(defect: Defect, *, now: datetime) -> None:
    """A draft written at ``now`` (UTC) is deleted when nobody touches it for 30 days (D1)."""
    FollowUp.objects.update_or_create(
        defect=defect, kind=Kind.DISCARD, cycle=defect.cycle,
        defaults={"due_at": now + timedelta(days=settings.DEFECT_DRAFT_DAYS)},
    )  # fmt: skip


def settle(defect: Defect, *, now: datetime) -> None:
    """Somebody acted: nothing is left for the engine to do."""
    FollowUp.objects.filter(defect=defect, done_at=None).update(done_at=now)


def hasten(defect: Defect, *, now: datetime) -> None:
    """What stood in the way of closing may be gone: look at once."""
    closing = FollowUp.objects.filter(defect=defect, kind=Kind.CLOSE, done_at=None)
    closing.exclude(obstacle__in=["", FollowUp.NO_CALENDAR]).update(due_at=now)


def act_on_due(now: datetime) -> int:
    """Do what is due at ``now`` (UTC), one batch; returns how many rows were claimed."""
    with transaction.atomic():
        unfinished = FollowUp.objects.filter(done_at=None)
        rows = claim_due(unfinished, now=now, due_field="due_at", limit=BATCH, lease=LEASE)
    failures: list[Exception] = []
    for row in rows:
        try:
            _act_on(row, now)
        except (LeaseLost, Refusal):
            continue
        except Exception as failure:  # one bad row must not hold up those behind it
            failures.append(failure)
    if failures:
        raise failures[0]
    return len(rows)


def waiting(now: datetime) -> int:
    """How many follow-ups are due at ``now`` (UTC) and not done, for the health page."""
    return FollowUp.objects.filter(done_at=None, due_at__lte=now).count()


def _act_on(row: FollowUp, now: datetime) -> None:
    defect = Defect.objects.get(pk=row.defect_id)
    wanted = DefectState.DRAFT if row.kind == Kind.DISCARD else DefectState.REPLIED
    if defect.state != wanted or defect.cycle != row.cycle:
        _finish(row, now)
    elif row.obstacle == FollowUp.NO_CALENDAR:
        _plan_again(row, defect, now)
    elif row.kind == Kind.REMIND:
        _remind(row, defect, now)
    elif row.kind == Kind.DISCARD:
        _discard(row, defect, now)
    elif (why_not := _obstacle(defect)) is not None:
        _wait(row, defect, why_not, now)
    else:
        _close(row, defect, now)


def _due(calendar: WorkingCalendar, kind: str, since: datetime) -> datetime | None:
    """Close of work on the working day; None when the year is not loaded: never guessed (R11)."""
    try:
        return add_working_days(calendar, since, getattr(settings, WORKING_DAYS[Kind(kind)]))
    except CalendarMissing:
        return None


def _obstacle(defect: Defect) -> Decision | None:
    decision = policies.can_auto_close(DEFECT_ENGINE, defect)
    return None if decision else decision


def _change(row: FollowUp, **values: object) -> None:
    """Compare and set: only while the row is as this engine claimed it."""
    mine = FollowUp.objects.filter(pk=row.pk, due_at=row.due_at, done_at=None)
    if not mine.update(**values):
        raise LeaseLost


def _finish(row: FollowUp, now: datetime) -> None:
    _change(row, done_at=now)


def _plan_again(row: FollowUp, defect: Defect, now: datetime) -> None:
    due = _due(current_calendar(), row.kind, defect.replied_at or now)
    if due:
        _change(row, due_at=due, obstacle="")
        return
    with audit.unit_of_work():
        locked = _locked(row, defect)
        _change(row, due_at=now + LOOK_AGAIN)
        _tell_owner(
            locked, "no_calendar", now,
            _("The working calendar of the year is missing, so no day for closing can be set."),
        )  # fmt: skip


def _wait(row: FollowUp, defect: Defect, why_not: Decision, now: datetime) -> None:
    """It may not be closed yet: the owner is told once for each reason, and it is tried again."""
    with audit.unit_of_work():
        locked = _locked(row, defect)
        _change(row, due_at=now + LOOK_AGAIN, obstacle=why_not.code)
        if row.obstacle == why_not.code:
            return
        _tell_owner(locked, f"stays_open:{why_not.code}", now, why_not.message)
        _note(locked, "defect.stays_open", now, {"code": why_not.code})


def _remind(row: FollowUp, defect: Defect, now: datetime) -> None:
    with audit.unit_of_work():
        locked = _locked(row, defect)
        _finish(row, now)
        tell(
            [locked.reporter], locked, event="remind", now=now,
            subject=_("Please accept the reply to %(number)s"),
            body=_("“%(title)s” has been answered. It closes by itself unless you object."),
        )  # fmt: skip
        _note(locked, "defect.remind", now, {}, public=True)


def _close(row: FollowUp, defect: Defect, now: datetime) -> None:
    with step(
        Defect.objects.visible_to(DEFECT_ENGINE), defect, actor=DEFECT_ENGINE,
        action="defect.auto_close", policy=policies.can_auto_close, now=now, public=True,
    ) as work:  # fmt: skip
        record = work.record
        _finish(row, now)
        record.close()
        record.closed_at, record.close_reason = now, Defect.CloseReason.AUTO
        tell(
            [record.reporter, record.owner], record, event="auto_closed", now=now,
            subject=_("%(number)s has been closed"),
            body=_("Nobody objected to the reply to “%(title)s” within the time set."),
        )  # fmt: skip


def _discard(row: FollowUp, defect: Defect, now: datetime) -> None:
    """A draft without a number goes with its files, and with what was asked about it (D1, D33).

    The trail keeps what it was and who asked.
    """
    with audit.unit_of_work():
        locked = _locked(row, defect)
        _finish(row, now)
        data = {"title": locked.title, "reporter": locked.reporter.name}
        _note(locked, "defect.discard", now, data)
        tell(
            [locked.filed_by], locked, event="discarded", now=now,
            url=reverse("tickets:defect_list"),
            subject=_("An old draft has been deleted"),
            body=_("Nobody wrote on in the draft “%(title)s”, so it has been deleted."),
        )  # fmt: skip
        files = list(Attachment.objects.filter(defect=locked))
        for each in files:
            transaction.on_commit(lambda file=each.file: file.delete(save=False))  # type: ignore[misc]
        Attachment.objects.filter(defect=locked).delete()
        EndRequest.objects.filter(defect=locked).delete()
        locked.delete()


def _locked(row: FollowUp, defect: Defect) -> Defect:
    """The defect under lock, if it is still as the row expects it."""
    rows = Defect.objects.select_for_update(of=("self",))
    locked: Defect | None = rows.filter(pk=defect.pk, state=defect.state, cycle=row.cycle).first()
    if locked is None:
        raise LeaseLost
    return locked


def _tell_owner(defect: Defect, event: str, now: datetime, why: Text) -> None:
    people: list[User | None] = [defect.owner]
    if defect.owner is None:
        people = list(User.objects.holding(Role.SUPPORT))
    tell(
        people, defect, event=event, now=now, subject=_("%(number)s cannot be closed yet"),
        body=why,
    )  # fmt: skip


def _note(
    defect: Defect, action: str, now: datetime, data: dict[str, str], public: bool = False
) -> None:
    audit.record(
        actor=DEFECT_ENGINE, action=action, target=defect, label=defect.label, happened_at=now,
        from_state=defect.state, to_state=defect.state, data=data, public=public,
    )  # fmt: skip
