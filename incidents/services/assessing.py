"""E2–E5: take over, then decide what it is."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from incidents import alerts, policies
from incidents.models import Incident
from incidents.scope import visible_incidents
from incidents.services.steps import on_incident
from oncall.models import Page
from oncall.services import pages
from operations.models import ManagedObject
from sla import services as clocks
from workflow.errors import InvalidInput, NotAllowed


def acknowledge(
    incident: Incident, *, actor: User, now: datetime, version: int | None = None
) -> Incident:
    """Take the incident over (E2) and stop the ringing about it; ``now`` UTC.

    The page is answered first and takes the incident with it, in the same order as a keypad does:
    so a button and a telephone never wait for each other.
    """
    page = Page.objects.filter(
        key=f"incident:{incident.number}:reported", state=Page.State.OPEN
    ).first()
    if page is None or not policies.can_acknowledge(actor, incident):
        return take_over(incident, actor=actor, now=now, version=version)
    pages.acknowledge(page=page, person=actor, via="browser", now=now)
    return visible_incidents(actor).get(pk=incident.pk)


def take_over(
    incident: Incident, *, actor: User, now: datetime, version: int | None = None
) -> Incident:
    """E2 itself. Raises ``NotAllowed``, ``WrongState``, ``StaleVersion``."""
    with on_incident(
        incident, "acknowledge", policies.can_acknowledge,
        actor=actor, now=now, version=version,
    ) as work:  # fmt: skip
        work.record.acknowledge()
        work.record.acknowledged_at, work.record.acknowledged_by = now, actor
        work.record.held_by("oncall", actor)
    return work.record


def page_answered(page: Page, person: User, now: datetime) -> None:
    """Handler of answered pages: whoever answers the first call takes the incident over (E2).

    Refuses (``NotAllowed``, so that the page goes on calling) when that is the person who reported
    it. Later pages, and answers of people who never take incidents over, change nothing here.
    """
    incident = visible_incidents(person).filter(number=page.subject).first()
    if incident is None or incident.state != Incident.State.REPORTED:
        return
    decision = policies.can_acknowledge(person, incident)
    if decision:
        take_over(incident, actor=person, now=now)
    elif decision.kind == "person":
        raise NotAllowed(decision)


def declare_s1(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    business_impact: str,
    system_down: bool,
    managed_object: ManagedObject,
    version: int | None = None,
) -> Incident:
    """Declare “系统瘫痪,业务系统不能运转” (E3, R20): the contract clocks start at T0.

    ``system_down`` must be said explicitly. Raises ``InvalidInput`` and what every step raises.
    """
    with on_incident(
        incident, "declare_s1", policies.can_declare,
        actor=actor, now=now, version=version, opinion=business_impact,
    ) as work:  # fmt: skip
        if not system_down:
            raise InvalidInput({"system_down": _("Please confirm that the system is down.")})
        _declare(work.record, Incident.Severity.S1, actor=actor, now=now)
        work.record.business_impact, work.record.managed_object = business_impact, managed_object
        begin_clocks(work.record, actor=actor, now=now)
        work.data = {"severity": "S1", "t0": work.record.first_contact_at}
        tell_declared(work.record, now)
    return work.record


def declare_lower(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    severity: str,
    assessment: str,
    version: int | None = None,
) -> Incident:
    """Set S2, S3 or S4 with a reason (E4): no contract clocks run."""
    with on_incident(
        incident, "declare_lower", policies.can_declare,
        actor=actor, now=now, version=version, opinion=assessment,
    ) as work:  # fmt: skip
        if severity not in ("S2", "S3", "S4"):
            raise InvalidInput({"severity": _("Please choose S2, S3 or S4.")})
        _declare(work.record, severity, actor=actor, now=now)
        work.record.assessment = assessment
        work.data = {"severity": severity}
    return work.record


def dismiss(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    evidence: str,
    version: int | None = None,
) -> Incident:
    """False alarm, with evidence, by a supervisor who is neither reporter nor on-call (E5)."""
    with on_incident(
        incident, "dismiss", policies.can_dismiss,
        actor=actor, now=now, version=version, opinion=evidence,
    ) as work:  # fmt: skip
        work.record.dismiss()
        work.record.assessment, work.record.closed_at = evidence, now
        pages.close_pages(subject=work.record.number, now=now)
    return work.record


def _declare(incident: Incident, severity: str, *, actor: User, now: datetime) -> None:
    incident.declare()
    incident.severity = severity
    incident.declared_at, incident.declared_by = now, actor
    # Into the hands of whoever is at work on it and may resolve it; otherwise of all technicians.
    fixers = [
        person
        for person in (incident.acknowledged_by, actor)
        if person and person.has_role(*policies.FIXERS)
    ]
    incident.held_by(Role.TECH, fixers[0] if fixers else None)


def begin_clocks(incident: Incident, *, actor: User, now: datetime) -> None:
    """Start FIX and PLAN at the incident's T0 (R20); the caller saves the incident."""
    incident.commitment = clocks.open_commitment(
        subject=incident.number,
        url=alerts.room_url(incident),
        title=incident.title,
        t0=incident.first_contact_at,
        now=now,
        is_drill=incident.is_drill,
        is_demo=incident.is_demo,
        hour_seconds=incident.hour_seconds,
        actor=actor,
    )


def tell_declared(incident: Incident, now: datetime) -> None:
    """Tell everybody who must know that the system is down."""

    def write() -> tuple[str, str]:
        facts = {"number": incident.number, "title": incident.title}
        return (
            _("%(number)s: system down") % facts,
            _("%(title)s. The system has been declared down; the contract clocks run.") % facts,
        )

    people = list(User.objects.holding(Role.SUPERVISOR, Role.TECH, Role.BIZ, Role.MANAGER))
    alerts.tell(incident, people, key="declared", write=write, now=now, urgent=True)
