"""What happens when a contract clock of an incident reaches a milestone (R21–R24)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.translation import gettext as _

from incidents import alerts
from incidents.models import Incident
from sla.handlers import Fired
from sla.models import Clock
from sla.panels import LABELS, milestone_label
from sla.schedule import BREACH, DUTY_OPENED, audience
from workflow.durations import stamp

# The incidents of the milestones that are told together, by their commitment.
_at_hand: ContextVar[dict[int | None, Incident] | None] = ContextVar(
    "incidents_at_hand", default=None
)


def reached(fired: Fired) -> None:
    """Tell the people whom the milestone concerns, and ring the on-call ladder at the worst."""
    incident = _of(fired.clock)
    _tell(incident, fired)
    page = _PAGES.get((fired.clock.kind, fired.code))
    if page is not None:
        reason, to_do = page
        alerts.page_on_call(incident, reason=reason, to_do=to_do, now=fired.now)


@contextmanager
def together(fired: Sequence[Fired]) -> Iterator[None]:
    """Around many calls of ``reached``: incidents are read, and letters and pages are written,
    together."""
    rows = Incident.objects.select_related(
        "managed_object", "holder", "acknowledged_by", "declared_by", "resolved_by"
    ).filter(commitment__in={each.clock.commitment_id for each in fired})
    token = _at_hand.set({row.commitment_id: row for row in rows})
    try:
        with alerts.together():
            yield
    finally:
        _at_hand.reset(token)


def _of(clock: Clock) -> Incident:
    at_hand = _at_hand.get()
    if at_hand is not None:
        return at_hand[clock.commitment_id]
    found: Incident = Incident.objects.select_related("managed_object").get(
        commitment_id=clock.commitment_id
    )
    return found


def _tell(incident: Incident, fired: Fired) -> None:
    clock = fired.clock

    def write() -> tuple[str, str]:
        facts = {
            "number": incident.number,
            "clock": LABELS[Clock.Kind(clock.kind)],
            "what": milestone_label(fired.code),
            "title": incident.title,
            "due": stamp(clock.due_at, "s"),
        }
        subject = _("%(number)s %(clock)s: %(what)s") % facts
        body = _("%(title)s. %(clock)s is due at %(due)s: %(what)s.") % facts
        if fired.late:
            body += " " + _("This reminder was sent late.")
        return subject, body

    level = audience(clock.kind, fired.code, clock.commitment.agreement)
    again = f":{fired.due_at:%Y%m%d%H%M%S}" if fired.again else ""
    alerts.tell(
        incident,
        alerts.recipients(incident, level=level, now=fired.now),
        key=f"{clock.kind}{clock.run}:{fired.code}{again}",
        write=write,
        now=fired.now,
        urgent=level >= 2,
    )


def _fix_breached() -> str:
    return _(
        "The time to fix has passed and the fault is not resolved. Go on repairing, "
        "and write the contingency plan."
    )


def _plan_owed() -> str:
    return _("A contingency plan is now owed to the bank. Write it, have it released, deliver it.")


def _plan_breached() -> str:
    return _("The contingency plan is overdue. Deliver it to the bank now.")


_PAGES: dict[tuple[str, str], tuple[str, Callable[[], str]]] = {
    (Clock.Kind.FIX.value, BREACH): ("fix_breach", _fix_breached),
    (Clock.Kind.PLAN.value, DUTY_OPENED): ("plan_duty", _plan_owed),
    (Clock.Kind.PLAN.value, BREACH): ("plan_breach", _plan_breached),
}
