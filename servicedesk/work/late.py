"""At most three contract clocks that are over or about to be."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from incidents.models import Incident
from servicedesk.work.items import Asker, Item
from sla.models import Clock
from sla.panels import clock_view
from workflow.deadlines import deadline

CARDS = 3
_LOOKED_AT = 30  # running clocks, the first to fall due first
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
            state=Clock.State.RUNNING, commitment__in=incidents.values("commitment")
        )
        .select_related("commitment")
        .order_by("due_at")[:_LOOKED_AT]
    )
    cards = [_card(clock, asker) for clock in clocks]
    return [card for card in cards if deadline(card.clock, asker.now).kind in ("warn", "late")][
        :CARDS
    ]


def _card(clock: Clock, asker: Asker) -> Item:
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
        clock=clock_view(clock, asker.now),
        next=_NEXT[Clock.Kind(clock.kind)],
    )
