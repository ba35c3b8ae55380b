"""A person has seen the alert: it is not repeated any more, and nothing else stops."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from incidents import policies
from incidents.alerts import REPEATED, page_key
from incidents.models import Incident
from incidents.services.steps import on_incident
from oncall.services.pages import close_pages
from sla.alerts import acknowledge_alert, alert_mark, waiting_alert
from workflow.errors import WrongState


def see_alert(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    alert: str = "",
    version: int | None = None,
) -> Incident:
    """Say that the waiting alert was seen (section 2.4): who and when is on record; ``now`` UTC.

    Ends the repetition and the call it started; clocks, other calls and messages go on. ``alert``
    is the mark of the alert the person saw (``sla.alerts.alert_mark``): a further milestone since
    then has not been seen, and raises ``WrongState``. The incident itself does not change, so
    ``version`` does not matter and nobody's open page becomes stale.
    """
    with on_incident(
        incident, "see_alert", policies.can_see_alert,
        actor=actor, now=now, public=False, touches=False,
    ) as work:  # fmt: skip
        commitment = work.record.commitment
        waiting = waiting_alert(commitment) if commitment else None
        if commitment is None or waiting is None:
            raise WrongState(_("No alert waits to be seen."), "no_alert")
        if alert and alert != alert_mark(waiting):
            raise WrongState(
                _("A further alert has come since. Read it, then say that you have seen it."),
                "newer_alert",
            )
        acknowledge_alert(commitment, person=actor, now=now)
        close_pages(subject=work.record.number, key=page_key(work.record, REPEATED), now=now)
        work.data.update(clock=waiting.clock.kind, code=waiting.code, repeats=waiting.repeats)
    return work.record
