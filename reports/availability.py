"""Availability per managed object and month (R02): 1 − outage ÷ agreed service time.

The outage is the union of system-down intervals, each from the fault (or, when that is unknown,
from its first report) to its resolution; what is unresolved counts up to now. A workaround does
not end an outage. The agreed service time is every second of the month, up to now in the present
one. Pure arithmetic below, the database only in ``of_month``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from incidents.models import Incident
from operations.models import ManagedObject
from reports.figures import Scope

Interval = tuple[datetime, datetime]
S = Incident.State


@dataclass(frozen=True)
class Line:
    """One object in one month."""

    thing: ManagedObject
    agreed: timedelta
    outage: timedelta
    incidents: list[Incident] = field(default_factory=list)

    @property
    def percent(self) -> str:
        """``99.954``, cut and never rounded up: 100.000 is said only when nothing was lost.

        "—" when no service time was agreed (an object not in service that month).
        """
        if self.agreed <= timedelta(0):
            return "—"
        thousandths = int((self.agreed - self.outage) / self.agreed * 100_000)
        return f"{thousandths // 1000}.{thousandths % 1000:03d}"


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time without overlaps, in order; empty intervals vanish."""
    merged: list[Interval] = []
    for start, end in sorted(interval for interval in intervals if interval[1] > interval[0]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def within(interval: Interval, start: datetime, end: datetime) -> Interval:
    """The part of an interval that lies in ``[start, end]``; an empty one when there is none."""
    first, last = max(interval[0], start), min(interval[1], end)
    return (first, max(first, last))


def outage(intervals: Iterable[Interval], start: datetime, end: datetime) -> timedelta:
    """Length of the union of ``intervals`` within a period."""
    parts = union(within(interval, start, end) for interval in intervals)
    return sum((last - first for first, last in parts), timedelta(0))


def of_month(scope: Scope) -> list[Line]:
    """Every object that was in service during the month, worst first."""
    start, end = scope.month.start, min(scope.month.end, scope.now)
    downs: dict[int, list[Incident]] = defaultdict(list)
    for incident in system_down(scope):
        downs[incident.managed_object_id].append(incident)
    lines = []
    for thing in ManagedObject.objects.filter(_in_service(scope)).order_by("code"):
        first = max(start, _midnight(thing.in_service_from, start))
        last = min(end, _midnight(thing.retired_on, end))
        mine = downs.get(thing.pk, [])
        lost = outage((interval(each, scope.now) for each in mine), first, last)
        lines.append(Line(thing, max(last - first, timedelta(0)), lost, mine))
    return sorted(lines, key=lambda line: (-line.outage, line.thing.code))


def system_down(scope: Scope) -> QuerySet[Incident]:
    """System-down incidents that touch the month, in the person's scope (I18)."""
    rows: QuerySet[Incident] = Incident.objects.visible_to(scope.person)
    rows = rows.filter(severity=Incident.Severity.S1, is_drill=False)
    rows = rows.exclude(state__in=[S.FALSE_ALARM, S.DOWNGRADED])
    if not scope.demo:
        rows = rows.filter(is_demo=False)
    begun = Q(occurred_at__lt=scope.month.end) | Q(
        occurred_at=None, first_contact_at__lt=scope.month.end
    )
    lasted = Q(resolved_at=None) | Q(resolved_at__gt=scope.month.start)
    return rows.filter(begun & lasted).select_related("managed_object").order_by("created_at")


def interval(incident: Incident, now: datetime) -> Interval:
    """From the fault to its resolution, or to ``now``."""
    return (incident.occurred_at or incident.first_contact_at, incident.resolved_at or now)


def _in_service(scope: Scope) -> Q:
    first = timezone.localdate(scope.month.start)
    last = timezone.localdate(scope.month.end - timedelta(seconds=1))
    begun = Q(in_service_from=None) | Q(in_service_from__lte=last)
    return begun & (Q(retired_on=None) | Q(retired_on__gt=first))


def _midnight(day: date | None, default: datetime) -> datetime:
    """The first instant of a day on the product's wall calendar."""
    if day is None:
        return default
    return timezone.make_aware(datetime.combine(day, time.min))
