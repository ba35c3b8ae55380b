"""Machine-room reports: filed by a monitor, rung through to the on-call people, judged (R16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.phones import normalise
from audit import services as audit
from hotline import policies
from hotline.models import MachineRoomReport
from incidents.models import Incident
from incidents.services import report_incident
from numbering.services import MACHINE_ROOM_REPORT, allocate
from oncall.models import Page, Urgency
from oncall.services.pages import start_page
from operations.models import ManagedObject
from tickets.services.consultations import SAY_MORE, first_line
from workflow.decisions import Text
from workflow.errors import InvalidInput, NotAllowed
from workflow.texts import says_something, visible

Outcome = MachineRoomReport.Outcome


@dataclass(frozen=True)
class Alarm:
    """What the monitor saw (document 5.7). ``alarm_at`` is UTC."""

    phone: str
    location: str
    managed_object: ManagedObject
    alarm_at: datetime
    phenomenon: str
    alarm_value: str = ""
    measures_taken: str = ""
    how_notified: str = ""
    system_down: bool = False


def file_report(
    *,
    actor: User,
    now: datetime,
    reporter: User,
    alarm: Alarm,
    token: UUID | None = None,
    is_demo: bool = False,
) -> MachineRoomReport:
    """File a report (JF-…) and call the people on call (R16).

    ``reporter`` is the monitor; ``actor`` may file for them. With ``alarm.system_down`` an
    incident is reported at once and its page calls, otherwise the report's own page. The same
    ``token`` gives the first report back. Raises ``NotAllowed``, ``InvalidInput``.
    """
    if not (decision := policies.can_report(actor)):
        raise NotAllowed(decision)
    _check(alarm, now)
    try:
        with audit.unit_of_work():
            report = _unsaved(reporter, alarm, now)
            report.submission_token, report.is_demo = token, is_demo
            report.save()
            audit.record(
                actor=actor, action="machine_room.report", target=report, label=report.number,
                happened_at=now, opinion=report.phenomenon, public=True,
                data={"reporter": reporter.audit_name, "system_down": report.system_down},
            )  # fmt: skip
            _call_somebody(report, actor=actor, now=now)
    except IntegrityError:
        reports = MachineRoomReport.objects.filter(reporter=reporter)
        first: MachineRoomReport | None = reports.filter(submission_token=token).first()
        if token is None or first is None:
            raise
        return first
    return report


def page_acknowledged(page: Page, person: User, now: datetime) -> None:
    """Handler of pages: whoever takes the page has taken the report (R16).

    The report's own page may not be taken by its reporter: ``NotAllowed``, and it calls on. A page
    of the incident it became has its own rules there and is only noted here.
    """
    report = _of_page(page)
    if report is None or report.acknowledged_at is not None:
        return
    own_page = page.key.startswith("machine-room:")
    decision = policies.not_the_reporter(person, report)
    if not decision:
        if own_page:
            raise NotAllowed(decision)
        return
    report.acknowledged_by, report.acknowledged_at = person, now
    report.save(update_fields=["acknowledged_by", "acknowledged_at"])
    audit.record(
        actor=person, action="machine_room.acknowledge", target=report, label=report.number,
        happened_at=now, public=True,
    )  # fmt: skip


def _of_page(page: Page) -> MachineRoomReport | None:
    reports = MachineRoomReport.objects.select_for_update(of=("self",))
    if page.key.startswith("machine-room:"):
        return reports.filter(number=page.subject).first()
    return reports.filter(incident__number=page.subject).first()


def _unsaved(reporter: User, alarm: Alarm, now: datetime) -> MachineRoomReport:
    return MachineRoomReport(
        number=allocate(MACHINE_ROOM_REPORT, now=now),
        reporter=reporter,
        unit=reporter.organisation,
        phone=alarm.phone,
        location=alarm.location.strip(),
        managed_object=alarm.managed_object,
        alarm_at=alarm.alarm_at,
        reported_at=now,
        phenomenon=alarm.phenomenon.strip(),
        alarm_value=alarm.alarm_value.strip(),
        measures_taken=alarm.measures_taken.strip(),
        how_notified=alarm.how_notified,
        system_down=alarm.system_down,
    )


def _call_somebody(report: MachineRoomReport, *, actor: User, now: datetime) -> None:
    if report.system_down:
        report.incident = open_incident(report, actor=actor, now=now, claimed_down=True)
        report.outcome, report.outcome_at = Outcome.TO_INCIDENT, now
        report.page = Page.objects.filter(subject=report.incident.number).order_by("pk").first()
    else:
        report.page = start_page(
            key=f"machine-room:{report.number}",
            subject=report.number,
            title=f"{report.number} {report.location} {first_line(report.phenomenon)}",
            write=lambda: _spoken(report),
            url=reverse("hotline:machine_room", args=[report.number]),
            now=now,
            is_demo=report.is_demo,
            urgency=Urgency.ROUTINE,
        )
    report.save(update_fields=["page", "incident", "outcome", "outcome_at"])


def open_incident(
    report: MachineRoomReport, *, actor: User, now: datetime, claimed_down: bool
) -> Incident:
    """The incident a report becomes; its first contact is the report (T0)."""
    return report_incident(
        actor=actor, now=now, title=f"{report.location} {first_line(report.phenomenon)}"[:120],
        phenomenon=report.phenomenon, managed_object=report.managed_object,
        unit=report.unit, reporter=report.reporter, reporter_name=report.reporter.name,
        reporter_phone=report.phone, occurred_at=report.alarm_at,
        first_contact_at=report.reported_at, claimed_down=claimed_down, is_demo=report.is_demo,
    )  # fmt: skip


def _spoken(report: MachineRoomReport) -> str:
    return _("Machine-room report %(number)s. Place: %(place)s. System: %(system)s. %(what)s") % {
        "number": report.number,
        "place": report.location,
        "system": report.managed_object.label,
        "what": first_line(report.phenomenon),
    }


def _check(alarm: Alarm, now: datetime) -> None:
    wrong: dict[str, Text] = {}
    if alarm.alarm_at > now:
        wrong["alarm_at"] = _("The alarm cannot lie in the future.")
    if not visible(alarm.location):
        wrong["location"] = _("Where is it? Room, rack, device.")
    if not says_something(alarm.phenomenon):
        wrong["phenomenon"] = SAY_MORE
    try:
        normalise(alarm.phone)
    except ValueError:
        wrong["phone"] = _("A phone number at which the reporter can be reached, please.")
    if wrong:
        raise InvalidInput(wrong)
