"""At most three contract clocks that are over or about to be."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from incidents.models import Incident
from servicedesk.work.items import Asker, Item
from sla.models import Clock
from workflow.deadlines import WARN_HOURS

_NEXT = {
    Clock.Kind.FIX: _("Resolve the fault"),
    Clock.Kind.PLAN: _("Deliver the contingency plan"),
    Clock.Kind.REPORT: _("Deliver the fault report"),
}


def late_cards(asker: Asker) -> list[Item]:
    """Running clocks, drills apart, that are overdue or due soon; the first to fall due first."""
    incidents = Incident.objects.visible_to(asker.person).open().filter(is_drill=False)
    clocks = (
        Clock.objects.filter(
            state=Clock.State.RUNNING,
            commitment__in=incidents.values("commitment"),
            due_at__lte=asker.now + timedelta(hours=WARN_HOURS),
        )
        .select_related("commitment")
        .order_by("due_at")[:3]
    )
    return [_card(clock) for clock in clocks]


def _card(clock: Clock) -> Item:
    number = clock.commitment.subject
    return Item(
        kind=clock.get_kind_display(),
        icon="urgent",
        number=number,
        title=clock.commitment.title,
        url=reverse("incidents:room", args=[number]),
        state=clock.state,
        state_label=clock.get_state_display(),
        since=clock.origin,
        clock=clock,
        next=_NEXT.get(Clock.Kind(clock.kind), ""),
    )
