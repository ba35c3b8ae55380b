"""E1: an incident is reported, and somebody is called."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from audit import services as audit
from incidents import alerts, policies
from incidents.models import Incident
from incidents.scope import visible_incidents
from incidents.services.times import check_report_times
from numbering import services as numbering
from operations.models import ManagedObject
from sla.schedule import HOUR, to_second
from tickets.models import Defect
from workflow.errors import InvalidInput, NotAllowed, NotFound
from workflow.texts import visible


def report_incident(
    *,
    actor: User,
    now: datetime,
    title: str,
    phenomenon: str,
    managed_object: ManagedObject,
    unit: Organisation,
    reporter: User | None,
    reporter_name: str,
    reporter_phone: str,
    occurred_at: datetime | None = None,
    first_contact_at: datetime | None = None,
    claimed_down: bool = False,
    is_drill: bool = False,
    hour_seconds: int = HOUR,
    is_demo: bool = False,
    source_defect: Defect | None = None,
    recurrence_of: Incident | None = None,
    token: UUID | None = None,
) -> Incident:
    """Open an incident and ring the on-call ladder (E1, R16).

    ``first_contact_at`` (UTC, now by default) is T0: when the down condition was first reported.
    ``recurrence_of``: the confirmed incident whose fault is back (E19). ``hour_seconds`` shortens
    the contract hour, in drills only. The same ``token`` gives the incident of the first call.
    Raises ``NotAllowed``, ``InvalidInput``.
    """
    decision = policies.can_report(actor)
    if not decision:
        raise NotAllowed(decision)
    t0 = to_second(first_contact_at or now)
    occurred = to_second(occurred_at) if occurred_at else None
    check_report_times(t0=t0, occurred_at=occurred, now=now)
    _check_words(title, phenomenon)
    try:
        with audit.unit_of_work():
            incident = Incident(
                number=numbering.allocate(numbering.INCIDENT, now=now),
                title=title,
                phenomenon=phenomenon,
                managed_object=managed_object,
                unit=unit,
                reporter=reporter,
                reporter_name=reporter_name,
                reporter_phone=reporter_phone,
                occurred_at=occurred,
                first_contact_at=t0,
                claimed_down=claimed_down,
                is_drill=is_drill,
                hour_seconds=hour_seconds,
                is_demo=is_demo,
                source_defect=source_defect,
                recurrence_of=recurrence_of,
                submission_token=token,
                created_at=now,
                state_since=now,
            )
            _open(incident, actor=actor, now=now)
    except IntegrityError:
        return _first_of(token, actor)
    return incident


def _open(incident: Incident, *, actor: User, now: datetime) -> None:
    incident.report()
    incident.held_by("oncall")
    incident.save()
    audit.record(
        actor=actor,
        action="incident.report",
        target=incident,
        label=incident.number,
        happened_at=now,
        from_state=Incident.State.NEW,
        to_state=incident.state,
        opinion=incident.phenomenon,
        data={"t0": incident.first_contact_at, "drill": incident.is_drill},
        public=True,
    )
    alerts.page_on_call(incident, reason="reported", to_do=_take_over, now=now)


def _take_over() -> str:
    return _("Take it over, then decide whether the system is down.")


def _first_of(token: UUID | None, actor: User) -> Incident:
    """The incident an earlier call with this token made, when the person may see it."""
    if token is None:
        raise NotFound
    first = visible_incidents(actor).filter(submission_token=token).first()
    if first is None:
        raise NotFound
    return first


def _check_words(title: str, phenomenon: str) -> None:
    wrong = {}
    if not visible(title):
        wrong["title"] = _("Please give it a title.")
    if not visible(phenomenon):
        wrong["phenomenon"] = _("Please say what happens.")
    if wrong:
        raise InvalidInput(wrong)
