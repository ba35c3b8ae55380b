"""Every number of the dashboard as a queryset: the number counts it, its link lists it (R05).

Each starts at what the person may see. Drills are never counted, demonstration records only on
request (I18), voided and merged ones not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.models import Incident
from reports.periods import Month
from sla.models import Clock, TargetClock
from sla.panels import clock_view
from tickets.models import Consultation, Defect, SignOff
from tickets.targets import visible_clocks
from workflow.deadlines import deadline
from workflow.decisions import Text

S = Defect.State
RUNNING = [TargetClock.State.RUNNING, TargetClock.State.PAUSED]
ENDED = [S.CLOSED, S.CONVERTED, S.WITHDRAWN]
NOT_COUNTED = [S.NEW, S.DRAFT, S.MERGED, S.VOIDED]
INCIDENTS_ENDED = [Incident.State.CLOSED, Incident.State.FALSE_ALARM]
OPEN_STATES = [state for state in S if state not in (*ENDED, *NOT_COUNTED)]
# Ages of the backlog in days: from, to.
AGES: dict[str, tuple[int, int | None]] = {
    "1": (0, 1),
    "3": (1, 3),
    "7": (3, 7),
    "older": (7, None),
}


@dataclass(frozen=True)
class Scope:
    """Who looks, when (UTC), at which month, with or without demonstration records."""

    person: User
    now: datetime
    month: Month
    demo: bool

    def before(self) -> Scope:
        """The same for the previous month."""
        return replace(self, month=self.month.previous)

    def during(self, column: str) -> Q:
        """Rows whose ``column`` lies in the month."""
        return Q(**{f"{column}__gte": self.month.start, f"{column}__lt": self.month.end})


Rows = Callable[[Scope], QuerySet[Any]]


@dataclass(frozen=True)
class Figure:
    """One number: what it is called, what kind of rows it counts, by which time they are listed."""

    code: str
    label: Text
    kind: str
    rows: Rows
    by: str = "created_at"
    monthly: bool = True


def count_of(figure: Figure, scope: Scope) -> int:
    """The number itself."""
    return figure.rows(scope).count()


def defects(scope: Scope) -> QuerySet[Any]:
    """Defects that count."""
    rows = Defect.objects.visible_to(scope.person).exclude(state__in=NOT_COUNTED)
    rows = rows.select_related("unit", "holder")
    return rows if scope.demo else rows.real()


def consultations(scope: Scope) -> QuerySet[Any]:
    """Consultations that count."""
    rows = Consultation.objects.visible_to(scope.person).exclude(
        state__in=[Consultation.State.NEW, Consultation.State.VOIDED]
    )
    rows = rows.select_related("unit", "holder")
    return rows if scope.demo else rows.real()


def incidents(scope: Scope) -> QuerySet[Any]:
    """Incidents that count."""
    rows = Incident.objects.visible_to(scope.person).filter(is_drill=False)
    rows = rows.exclude(state__in=[Incident.State.NEW, Incident.State.MERGED])
    rows = rows.select_related("unit", "holder")
    return rows if scope.demo else rows.real()


def clocks(scope: Scope) -> QuerySet[Any]:
    """Contract clocks of incidents that count."""
    return Clock.objects.filter(
        commitment__is_drill=False, commitment__in=incidents(scope).values("commitment")
    ).select_related("commitment")


def running(scope: Scope, *kinds: str) -> QuerySet[Any]:
    """Running clocks whose chip now says one of ``kinds`` (ok, warn, late): the same words as the
    chip, so that number and list agree with every other page."""
    rows = clocks(scope).filter(state=Clock.State.RUNNING)
    chosen = [
        clock.pk for clock in rows
        if deadline(clock_view(clock, scope.now), scope.now).kind in kinds
    ]  # fmt: skip
    return clocks(scope).filter(pk__in=chosen)


def missed(scope: Scope) -> QuerySet[Any]:
    """Clocks whose time limit passed in the month, stopped since or still running."""
    over = Q(state=Clock.State.MISSED) | Q(state=Clock.State.RUNNING, due_at__lt=scope.now)
    return clocks(scope).filter(over, scope.during("due_at"))


def met(scope: Scope) -> QuerySet[Any]:
    """Clocks stopped in time in the month."""
    return clocks(scope).filter(scope.during("stopped_at"), state=Clock.State.MET)


def judged(scope: Scope) -> QuerySet[Any]:
    """Met or missed in the month: what the share of kept promises is of."""
    over = Q(state=Clock.State.MISSED) | Q(state=Clock.State.RUNNING, due_at__lt=scope.now)
    kept = scope.during("stopped_at") & Q(state=Clock.State.MET)
    return clocks(scope).filter(kept | (over & scope.during("due_at")))


def internal(scope: Scope) -> QuerySet[Any]:
    """Internal clocks of defects that count: the desk's own goals, never the contract's."""
    rows = visible_clocks(scope.person).exclude(state=TargetClock.State.VOIDED)
    return rows if scope.demo else rows.filter(is_demo=False)


def internal_missed(scope: Scope) -> QuerySet[Any]:
    """Internal clocks whose target passed in the month, whether or not an engine has seen it."""
    over = Q(state=TargetClock.State.MISSED) | Q(state__in=RUNNING, due_at__lt=scope.now)
    return internal(scope).filter(over, scope.during("due_at"))


def sign_offs(scope: Scope) -> QuerySet[Any]:
    """Decisions of supervisors in the month."""
    return SignOff.objects.filter(
        scope.during("signed_at"), defect__in=defects(scope)
    ).select_related("defect__unit", "solution", "supervisor")


def backlog(scope: Scope) -> QuerySet[Any]:
    """Defects not at their end now."""
    return defects(scope).filter(state__in=OPEN_STATES)


def _aged(age: str) -> Rows:
    """Backlog submitted between so and so many days ago."""
    first, last = AGES[age]

    def rows(scope: Scope) -> QuerySet[Any]:
        found = backlog(scope).filter(created_at__lte=scope.now - timedelta(days=first))
        if last is not None:
            found = found.filter(created_at__gt=scope.now - timedelta(days=last))
        return found

    return rows


def _in_state(state: str) -> Rows:
    return lambda scope: backlog(scope).filter(state=state)


_ALL = [
    Figure("clocks_met", _("Met"), "clock", met, "due_at"),
    Figure("clocks_judged", _("Kept in time"), "clock", judged, "due_at"),
    Figure("clocks_missed", _("Missed"), "clock", missed, "due_at"),
    Figure(
        "clocks_on_track", _("On track"), "clock",
        lambda scope: running(scope, "ok"), "due_at", monthly=False,
    ),
    Figure(
        "clocks_due_soon", _("Due soon"), "clock",
        lambda scope: running(scope, "warn"), "due_at", monthly=False,
    ),
    Figure(
        "clocks_overdue", _("Overdue"), "clock",
        lambda scope: running(scope, "late"), "due_at", monthly=False,
    ),
    Figure(
        "clocks_running", _("Running clocks"), "clock",
        lambda scope: running(scope, "ok", "warn", "late"), "due_at", monthly=False,
    ),
    Figure(
        "incidents_in", _("Incidents reported"), "incident",
        lambda scope: incidents(scope).filter(scope.during("first_contact_at")),
    ),
    Figure(
        "incidents_open", _("Incidents open"), "incident",
        lambda scope: incidents(scope).exclude(state__in=INCIDENTS_ENDED), monthly=False,
    ),
    Figure(
        "defects_in", _("Defects in"), "defect",
        lambda scope: defects(scope).filter(scope.during("submitted_at")),
    ),
    Figure(
        "defects_out", _("Defects out"), "defect",
        lambda scope: defects(scope).filter(scope.during("state_since"), state__in=ENDED),
    ),
    Figure("backlog", _("Backlog"), "defect", backlog, monthly=False),
    Figure(
        "defects_accepted", _("Accepted defects"), "defect",
        lambda scope: defects(scope).filter(
            scope.during("accepted_at"), submitted_at__isnull=False
        ),
    ),
    Figure(
        "defects_replied", _("Replied defects"), "defect",
        lambda scope: defects(scope).filter(scope.during("replied_at"), submitted_at__isnull=False),
    ),
    Figure(
        "targets_met", _("Targets met"), "target",
        lambda scope: internal(scope).filter(
            scope.during("stopped_at"), state=TargetClock.State.MET
        ), "origin",
    ),
    Figure("targets_missed", _("Targets missed"), "target", internal_missed, "origin"),
    Figure(
        "targets_running", _("Steps with a target under way"), "target",
        lambda scope: internal(scope).filter(state__in=RUNNING), "origin", monthly=False,
    ),
    Figure(
        "targets_overdue", _("Of these, overdue"), "target",
        lambda scope: internal(scope).filter(state__in=RUNNING, due_at__lt=scope.now), "origin",
        monthly=False,
    ),
    Figure(
        "replies_rated", _("Rated replies"), "defect",
        lambda scope: defects(scope).filter(scope.during("closed_at"), rating__isnull=False),
    ),
    Figure("sign_offs", _("Sign-offs"), "sign_off", sign_offs, "signed_at"),
    Figure(
        "sign_offs_sent_back", _("Sent back"), "sign_off",
        lambda scope: sign_offs(scope).filter(decision=SignOff.Decision.SENT_BACK), "signed_at",
    ),
    Figure(
        "consultations_ended", _("Consultations ended"), "consultation",
        lambda scope: consultations(scope).filter(
            scope.during("state_since"),
            state__in=[Consultation.State.CLOSED, Consultation.State.CONVERTED],
        ),
    ),
    Figure(
        "consultations_on_spot", _("Solved on the spot"), "consultation",
        lambda scope: consultations(scope).filter(
            scope.during("state_since"), state=Consultation.State.CLOSED, solved_on_spot=True
        ),
    ),
    *[
        Figure(f"state_{state.value}", state.label, "defect", _in_state(state), monthly=False)
        for state in OPEN_STATES
    ],
    Figure("age_1", _("Under 1 day"), "defect", _aged("1"), monthly=False),
    Figure("age_3", _("1 to 3 days"), "defect", _aged("3"), monthly=False),
    Figure("age_7", _("3 to 7 days"), "defect", _aged("7"), monthly=False),
    Figure("age_older", _("Over 7 days"), "defect", _aged("older"), monthly=False),
]  # fmt: skip

FIGURES = {figure.code: figure for figure in _ALL}
