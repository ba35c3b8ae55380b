"""An S1 alert that nobody has acknowledged goes to the people on call again (section 2.4)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from incidents import alerts
from incidents.models import Incident
from incidents.scope import visible_incidents
from oncall.models import Page
from sla.models import Alert, Clock
from sla.panels import LABELS, milestone_label
from sla.services import acknowledge_alert


def repeated(alert: Alert, now: datetime) -> None:
    """Ring the on-call ladder about the alert; while that page calls, it goes on by itself."""
    incident = Incident.objects.select_related("managed_object").get(commitment=alert.commitment_id)

    def to_do() -> str:
        facts = {
            "clock": LABELS[Clock.Kind(alert.clock.kind)],
            "what": milestone_label(alert.code),
        }
        return _("Nobody has acknowledged this alert yet. %(clock)s: %(what)s.") % facts

    alerts.page_on_call(incident, reason=alerts.REPEATED, to_do=to_do, now=now)


def seen(page: Page, person: User, now: datetime) -> None:
    """Handler of answered pages: whoever answers any page of the incident has seen its alert."""
    incident = visible_incidents(person).filter(number=page.subject).first()
    if incident is not None and incident.commitment is not None:
        acknowledge_alert(incident.commitment, person=person, now=now)
