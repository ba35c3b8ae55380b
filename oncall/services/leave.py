"""Leave: entering it, withdrawing it, and telling when it meets a shift."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from audit import services as audit
from notifications.services import Letter, notify
from oncall.absence import shifts_during
from oncall.models import Leave
from oncall.policies import can_enter_leave
from oncall.rota import managers, supervisors
from workflow.decisions import deny_role
from workflow.durations import stamp
from workflow.errors import InvalidInput, NotAllowed, WrongState, insist

LONGEST = timedelta(days=400)


def add_leave(
    *, person: User, starts_at: datetime, ends_at: datetime, note: str, actor: User, now: datetime
) -> Leave:
    """``person`` is away from one instant to another, UTC (R14).

    Somebody who falls ill during a shift is away all the same: that is taken, and supervisors are
    told. Raises ``NotAllowed``, and ``InvalidInput`` for an end before the start, a time that is
    over, more than 400 days, or leave that is entered already.
    """
    check_may_enter(actor, person)
    with audit.unit_of_work():
        User.objects.select_for_update(of=("self",)).get(pk=person.pk)
        if ends_at <= starts_at:
            raise InvalidInput({"last_day": _("The end must come after the start.")})
        if ends_at <= now:
            raise InvalidInput({"last_day": _("This time is over.")})
        if ends_at - starts_at > LONGEST:
            raise InvalidInput({"last_day": _("Leave lasts 400 days at most.")})
        known = Leave.objects.standing().of(person).touching(starts_at, ends_at).first()
        if known:
            text = _("Leave from %(start)s to %(end)s is entered already.")
            values = {"start": stamp(known.starts_at), "end": stamp(known.ends_at)}
            raise InvalidInput({"first_day": text % values})
        leave = Leave.objects.create(
            person=person, starts_at=starts_at, ends_at=ends_at, note=note,
            entered_by=actor, entered_at=now,
        )  # fmt: skip
        note_leave(leave, "oncall.leave_entered", actor, now)
        tell_of_clashes([leave], actor=actor, now=now)
    return leave


def withdraw_leave(leave: Leave, *, actor: User, now: datetime) -> Leave:
    """Take leave back that is not over (``now`` UTC); the person is told when another does it.

    Raises ``NotAllowed``, and ``WrongState`` when it is over or withdrawn already.
    """
    check_may_enter(actor, leave.person)
    with audit.unit_of_work():
        locked: Leave = (
            Leave.objects.select_for_update(of=("self",)).select_related("person").get(pk=leave.pk)
        )
        if locked.withdrawn_at:
            raise WrongState(_("This leave has been withdrawn already."))
        if locked.ends_at <= now:
            raise WrongState(_("This leave is over."))
        take_back(locked, actor, now)
    return locked


def take_back(leave: Leave, actor: User, now: datetime) -> None:
    """Withdraw a locked row, with its event and letter."""
    leave.withdrawn_at, leave.withdrawn_by = now, actor
    leave.save(update_fields=["withdrawn_at", "withdrawn_by"])
    note_leave(leave, "oncall.leave_withdrawn", actor, now)
    if actor.pk == leave.person_id:
        return

    def write(_person: User) -> Letter:
        subject = _("Your leave from %(start)s to %(end)s was withdrawn by %(actor)s")
        values = {"start": stamp(leave.starts_at), "end": stamp(leave.ends_at), "actor": actor.name}
        return Letter(subject % values, _("You can be planned on call in this time again."))

    url = reverse("oncall:leave")
    key = f"leave-withdrawn:{leave.pk}:{now:%Y%m%d%H%M%S}"
    notify(recipients=[leave.person], key=key, write=write, url=url, now=now)


def check_may_enter(actor: User, person: User) -> None:
    """Raise ``NotAllowed`` unless it is one's own or a supervisor asks; the desk's people only."""
    insist(can_enter_leave(actor, person))
    if not person.is_desk:
        raise NotAllowed(deny_role(_("Only people of the service desk have leave here.")))


def note_leave(leave: Leave, action: str, actor: User, now: datetime) -> None:
    """One event of the trail; the note stays out of it: it may tell of an illness."""
    audit.record(
        actor=actor, action=action, target=leave, label=str(leave)[:120], happened_at=now,
        data={
            "person": leave.person.audit_name, "from": leave.starts_at, "to": leave.ends_at,
            "imported": bool(leave.uid),
        },
    )  # fmt: skip


def tell_of_clashes(leaves: list[Leave], *, actor: User, now: datetime) -> None:
    """Supervisors learn at once, not a day before, that a shift needs somebody else (R14)."""
    met = shifts_during(leaves)
    for leave in leaves:
        shifts = met[leave.pk]
        if not shifts:
            continue
        values = {
            "person": leave.person.name, "start": stamp(leave.starts_at),
            "end": stamp(leave.ends_at), "shift": stamp(shifts[0].starts_at),
        }  # fmt: skip

        def write(_person: User, values: dict[str, str] = values) -> Letter:
            subject = _("%(person)s is on leave and on call from %(shift)s")
            body = _(
                "Leave from %(start)s to %(end)s meets a shift. A supervisor lets the next in the "
                "order stand in or puts somebody else in; %(person)s may also swap it."
            )
            return Letter(subject % values, body % values)

        told = [each for each in supervisors() or managers() if each.pk != actor.pk]
        key = f"leave-clash:{leave.pk}:{leave.starts_at:%Y%m%d%H%M}:{leave.ends_at:%Y%m%d%H%M}"
        notify(
            recipients=[*told, leave.person], key=key, write=write,
            url=reverse("oncall:leave"), now=now,
        )  # fmt: skip
