"""T0 was another instant than was thought: earlier by one person, later by two (domain 2.4)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from incidents import alerts, policies
from incidents.models import Incident, T0Change
from incidents.services.steps import on_incident
from incidents.services.times import earliest_deed
from sla.moving import move_t0
from sla.schedule import to_second
from workflow.durations import stamp
from workflow.errors import InvalidInput, WrongState


def move_t0_earlier(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    t0: datetime,
    reason: str,
    occurred_at: datetime | None = None,
    version: int | None = None,
) -> Incident:
    """An earlier report has come to light: T0 moves back to ``t0`` (UTC), with a reason.

    ``occurred_at`` must be given when the fault is on record as having begun after ``t0``. The
    contract clocks count from there at once; what falls due by it is told.
    """
    with on_incident(
        incident, "move_t0_earlier", policies.can_move_t0_earlier,
        actor=actor, now=now, version=version, opinion=reason,
    ) as work:  # fmt: skip
        record, at = work.record, to_second(t0)
        if at >= record.first_contact_at:
            raise InvalidInput({"t0": _("This is not earlier. Later needs a supervisor as well.")})
        began = to_second(occurred_at) if occurred_at else record.occurred_at
        if began and began > at:
            raise InvalidInput(
                {"occurred_at": _("It cannot have happened after it was first reported.")}
            )
        record.occurred_at = began
        work.data = {"t0_before": record.first_contact_at, "t0": at}
        note_t0(record, at, cause=T0Change.Cause.CORRECTION, reason=reason, actor=actor, now=now)
    return record


def ask_t0_later(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    t0: datetime,
    reason: str,
    version: int | None = None,
) -> Incident:
    """Ask that T0 be moved later; nothing changes before another person confirms it."""
    with on_incident(
        incident, "ask_t0_later", policies.can_ask_t0_later,
        actor=actor, now=now, version=version, opinion=reason, public=False,
    ) as work:  # fmt: skip
        record, at = work.record, to_second(t0)
        if at <= record.first_contact_at:
            raise InvalidInput({"t0": _("This is not later than the present T0.")})
        _check_room(record, at, now)
        work.data = {"t0_before": record.first_contact_at, "asked": at}
        T0Change.objects.create(
            incident=record, before=record.first_contact_at, after=at, reason=reason,
            state=T0Change.State.ASKED, asked_by=actor, asked_at=now,
        )  # fmt: skip
        _tell_asked(record, at, now)
    return record


def confirm_t0_later(
    incident: Incident, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Incident:
    """A supervisor who neither asked nor declared agrees: T0 moves. Breaches on record stay."""
    with on_incident(
        incident, "confirm_t0_later", policies.can_decide_t0_later,
        actor=actor, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        record, change = work.record, _asked(work.record)
        _check_room(record, change.after, now)
        work.data = {"t0_before": record.first_contact_at, "t0": change.after}
        _decide(change, T0Change.State.IN_FORCE, actor, opinion, now)
        _move(record, change.after, change.reason, actor, now)
    return record


def refuse_t0_later(
    incident: Incident, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Incident:
    """The supervisor does not agree: T0 stays where it is."""
    with on_incident(
        incident, "refuse_t0_later", policies.can_decide_t0_later,
        actor=actor, now=now, version=version, opinion=opinion, public=False,
    ) as work:  # fmt: skip
        _decide(_asked(work.record), T0Change.State.REFUSED, actor, opinion, now)
    return work.record


def note_t0(
    incident: Incident, t0: datetime, *, cause: str, reason: str, actor: User, now: datetime
) -> None:
    """Move T0 of the locked ``incident`` and keep both values on record; the caller saves it."""
    T0Change.objects.create(
        incident=incident, cause=cause, before=incident.first_contact_at, after=t0,
        reason=reason, asked_by=actor, asked_at=now,
    )  # fmt: skip
    _move(incident, t0, reason, actor, now)


def _move(incident: Incident, t0: datetime, reason: str, actor: User, now: datetime) -> None:
    incident.first_contact_at = t0
    if incident.commitment is not None:
        move_t0(incident.commitment, t0=t0, now=now, actor=actor, reason=reason)


def _check_room(incident: Incident, t0: datetime, now: datetime) -> None:
    """T0 lies before everything that was done about the fault."""
    if t0 > now:
        raise InvalidInput({"t0": _("This time lies in the future.")})
    done = earliest_deed(incident)
    if done is not None and t0 > done:
        raise InvalidInput(
            {"t0": _("Something was done already at %(time)s.") % {"time": stamp(done, "s")}}
        )


def _asked(incident: Incident) -> T0Change:
    change = incident.t0_changes.filter(state=T0Change.State.ASKED).first()
    if change is None:
        raise WrongState(_("Nobody has asked to move T0."))
    return change


def _decide(change: T0Change, state: str, actor: User, opinion: str, now: datetime) -> None:
    change.state, change.opinion = state, opinion
    change.decided_by, change.decided_at = actor, now
    change.save(update_fields=["state", "opinion", "decided_by", "decided_at"])


def _tell_asked(incident: Incident, t0: datetime, now: datetime) -> None:
    def write() -> tuple[str, str]:
        facts = {"number": incident.number, "time": stamp(t0, "s")}
        return (
            _("%(number)s: please decide on T0") % facts,
            _("Somebody asks to move T0 of %(number)s later, to %(time)s.") % facts,
        )

    people = alerts.recipients(incident, level=2, now=now)
    alerts.tell(incident, people, key=f"t0:{now:%Y%m%d%H%M%S}", write=write, now=now)
