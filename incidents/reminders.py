"""Reminding of improvement items that are overdue: due rows, claimed by an engine."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accounts.actors import IMPROVEMENT_ENGINE
from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from engine.due import claim_due
from incidents import alerts
from incidents.models import ImprovementItem

BATCH = 50
AGAIN = timedelta(days=7)


def remind_due(now: datetime) -> int:
    """Engine "improvements": one batch of overdue items at ``now`` (UTC); returns how many.

    The owner and the supervisors are told on the day it falls due, then every seven days until it
    is done. After a standstill one reminder is sent, not one for every week missed.
    """
    due = ImprovementItem.objects.filter(done_at__isnull=True)
    if not due.filter(next_reminder_at__lte=now).exists():
        return 0
    with audit.unit_of_work():
        items = claim_due(
            due.select_related("incident", "owner"),
            now=now,
            due_field="next_reminder_at",
            limit=BATCH,
        )
        for item in items:
            _remind(item, now)
    return len(items)


def overdue(now: datetime) -> int:
    """Reminders due at ``now`` (UTC) and not sent, for the health page."""
    return ImprovementItem.objects.filter(done_at=None, next_reminder_at__lte=now).count()


def _remind(item: ImprovementItem, now: datetime) -> None:
    item.reminders += 1
    weeks = (now - item.due_at) // AGAIN + 1
    item.next_reminder_at = item.due_at + weeks * AGAIN
    item.save(update_fields=["reminders", "next_reminder_at"])
    audit.record(
        actor=IMPROVEMENT_ENGINE,
        action="incident.improvement_overdue",
        target=item.incident,
        label=item.incident.number,
        happened_at=now,
        opinion=item.text,
        data={"owner": item.owner.audit_name, "due": item.due_at, "reminder": item.reminders},
    )

    def write() -> tuple[str, str]:
        facts = {"number": item.incident.number, "what": item.text, "name": item.owner.name}
        return (
            _("%(number)s: an improvement item is overdue") % facts,
            _("%(what)s. Owner: %(name)s. Please finish it and report it as done.") % facts,
        )

    people = [item.owner, *User.objects.holding(Role.SUPERVISOR)]
    key = f"item:{item.pk}:overdue:{item.reminders}"
    alerts.tell(item.incident, people, key=key, write=write, now=now, urgent=True)
