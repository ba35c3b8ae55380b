"""Records a person acted on, read from the audit trail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Max, QuerySet

from audit.models import Event
from hotline.models import MachineRoomReport
from incidents.models import Incident
from servicedesk.work import lines
from servicedesk.work.items import LIMIT, Asker, Item
from tickets.models import Consultation, Defect

WINDOW = timedelta(days=90)
Line = Callable[[Any, Asker], Item]

_KINDS: dict[str, tuple[Callable[[Asker], QuerySet[Any]], Line]] = {
    "tickets.defect": (
        lambda asker: Defect.objects.visible_to(asker.person).select_related(
            "holder__organisation"
        ),
        lines.defect,
    ),
    "tickets.consultation": (
        lambda asker: Consultation.objects.visible_to(asker.person).select_related(
            "holder__organisation"
        ),
        lines.consultation,
    ),
    "incidents.incident": (
        lambda asker: (
            Incident.objects.visible_to(asker.person)
            .select_related("holder__organisation", "commitment")
            .prefetch_related("commitment__clocks")
        ),
        lines.incident,
    ),
    "hotline.machineroomreport": (
        lambda asker: MachineRoomReport.objects.visible_to(asker.person).select_related(
            "acknowledged_by__organisation"
        ),
        lines.machine_room,
    ),
}


def _touched(asker: Asker) -> Any:
    """One row for each record the person acted on within the window, the latest act first."""
    return (
        Event.objects.filter(
            actor_key=asker.person.audit_key,
            outcome=Event.Outcome.DONE,
            target_type__in=list(_KINDS),
            entered_at__gte=asker.now - WINDOW,
        )
        .order_by()
        .values("target_type", "target_id")
        .annotate(last=Max("seq"))
        .order_by("-last")
    )


def done_count(asker: Asker) -> int:
    """How many records the person acted on in the last 90 days."""
    return int(_touched(asker).count())


def done_items(asker: Asker) -> list[Item]:
    """The latest of them; one query for each kind of record."""
    touched = list(_touched(asker)[:LIMIT])
    found = dict(_found(touched, asker))
    keys = [(row["target_type"], row["target_id"]) for row in touched]
    return [found[key] for key in keys if key in found]


def _found(
    touched: Iterable[dict[str, Any]], asker: Asker
) -> Iterable[tuple[tuple[str, str], Item]]:
    ids: dict[str, list[int]] = defaultdict(list)
    for row in touched:
        ids[row["target_type"]].append(int(row["target_id"]))
    for kind, (rows, line) in _KINDS.items():
        for record in rows(asker).filter(pk__in=ids[kind]):
            yield (kind, str(record.pk)), line(record, asker)
