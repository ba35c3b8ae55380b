"""Alerts that wait to be seen, as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from incidents.models import Incident
from incidents.policies.rules import ON_THE_INCIDENT
from incidents.scope import visible_incidents
from sla.alerts import alert_mark
from sla.models import Alert, Clock
from sla.panels import LABELS, milestone_label
from workflow.durations import stamp

MOST = 5


@dataclass(frozen=True)
class WaitingAlert:
    """What it is about, how often it was repeated, and where one says that it was seen."""

    number: str
    title: str
    text: str
    repeats: str
    next_at: datetime | None
    mark: str
    url: str
    is_drill: bool


def in_room(incident: Incident) -> WaitingAlert | None:
    """The alert that waits in an incident's room."""
    return next(iter(_shown([incident])), None)


def last_seen(incident: Incident) -> str:
    """ "Fix: half of the time is gone, seen by 张伟 at …" of the latest alert that was seen."""
    if incident.commitment_id is None:
        return ""
    seen = (
        Alert.objects.filter(commitment=incident.commitment_id, acknowledged_at__isnull=False)
        .select_related("clock", "acknowledged_by")
        .order_by("-acknowledged_at")
        .first()
    )
    if seen is None or seen.acknowledged_by is None:
        return ""
    return _("%(what)s: seen by %(name)s at %(time)s") % {
        "what": _text(seen),
        "name": seen.acknowledged_by.name,
        "time": stamp(seen.acknowledged_at, "s"),
    }


def for_home(person: User) -> list[WaitingAlert]:
    """Alerts of all incidents that ``person`` may say to have seen; the oldest first, a few."""
    if not person.has_role(*ON_THE_INCIDENT):
        return []
    waiting = Alert.objects.filter(
        ended_at=None, commitment__in=visible_incidents(person).values("commitment")
    ).order_by("opened_at")
    found = list(waiting.values_list("commitment", flat=True)[:MOST])
    rows = visible_incidents(person).filter(commitment__in=found).select_related("commitment")
    return _shown(rows)


def _shown(incidents: Iterable[Incident]) -> list[WaitingAlert]:
    by_commitment = {each.commitment_id: each for each in incidents if each.commitment_id}
    alerts = Alert.objects.filter(commitment__in=by_commitment, ended_at=None)
    return [
        _view(alert, by_commitment[alert.commitment_id])
        for alert in alerts.select_related("clock").order_by("opened_at")
    ]


def _view(alert: Alert, incident: Incident) -> WaitingAlert:
    return WaitingAlert(
        number=incident.number or "",
        title=incident.title,
        text=_text(alert),
        repeats=ngettext("repeated %(count)s time", "repeated %(count)s times", alert.repeats)
        % {"count": alert.repeats}
        if alert.repeats
        else "",
        next_at=alert.next_repeat_at,
        mark=alert_mark(alert),
        url=reverse("incidents:act", args=[incident.number, "see_alert"]),
        is_drill=incident.is_drill,
    )


def _text(alert: Alert) -> str:
    facts = {"clock": LABELS[Clock.Kind(alert.clock.kind)], "what": milestone_label(alert.code)}
    return _("%(clock)s: %(what)s") % facts
