"""What waits for somebody after an incident: receipts of reports upward, improvement items."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import Role
from incidents.models import ImprovementItem, Incident, UpwardReport
from servicedesk.work import lines
from servicedesk.work.items import Asker, Source


def after_incidents(person: User) -> list[Source]:
    """The sources of a person with these roles."""
    found = []
    if person.has_role(Role.SUPERIOR):
        found.append(Source(incidents_reported_upward, lines.incident_upward))
    if person.is_desk:
        found.append(Source(my_improvements, lines.improvement))
    return found


def incidents_reported_upward(asker: Asker) -> QuerySet[UpwardReport]:
    """Incidents the superior department must acknowledge."""
    rows = UpwardReport.objects.filter(
        state=UpwardReport.State.SENT, incident__in=Incident.objects.visible_to(asker.person)
    )
    return rows.select_related("incident").order_by("sent_at", "pk")


def my_improvements(asker: Asker) -> QuerySet[ImprovementItem]:
    """Improvement items of mine that are not done, the first due first (E17)."""
    rows = ImprovementItem.objects.filter(
        owner=asker.person,
        done_at__isnull=True,
        incident__in=Incident.objects.visible_to(asker.person),
    )
    return rows.select_related("incident", "owner__organisation").order_by("due_at", "pk")
