"""Engine "readiness": reviews, measures and drills that fall due are told, once each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from engine.due import claim_due
from notifications.services import Letter, notify
from readiness.models import Drill, EmergencyPlan, Risk, RiskMeasure

ENGINE = "readiness"
BATCH = 50


def remind_due(now: datetime) -> int:
    """Tell everything that is due at ``now`` (UTC); returns the number of reminders."""
    return sum(_remind(*each, now=now) for each in _KINDS)


def reminders_waiting(now: datetime) -> int:
    """How many reminders are due at ``now`` (UTC) and not told yet (I17)."""
    return sum(
        model._default_manager.filter(remind_at__lte=now).count() for model, _write, _who in _KINDS
    )


def _remind(
    model: type[models.Model], write: Callable[[Any], Letter], people: Any, *, now: datetime
) -> int:
    if not model._default_manager.filter(remind_at__lte=now).exists():
        return 0
    with audit.unit_of_work():
        rows: list[Any] = claim_due(
            model._default_manager.all(), now=now, due_field="remind_at", limit=BATCH
        )
        for row in rows:
            about = row.risk if isinstance(row, RiskMeasure) else row
            notify(
                recipients=people(row),
                key=f"{model._meta.model_name}:{row.pk}:due:{row.remind_at.isoformat()}",
                write=lambda _person, row=row: write(row),  # type: ignore[misc]
                url=about.get_absolute_url(),
                now=now,
            )
            row.remind_at = None
            row.save(update_fields=["remind_at"])
    return len(rows)


def _supervisors_and(*people: User) -> Iterable[User]:
    return [*people, *User.objects.holding(Role.SUPERVISOR)]


def _writers(plan: EmergencyPlan) -> Iterable[User]:
    latest = plan.versions.order_by("version").last()
    return _supervisors_and(*(latest.authors.all() if latest else []))


_KINDS: tuple[tuple[type[models.Model], Callable[[Any], Letter], Any], ...] = (
    (
        EmergencyPlan,
        lambda row: Letter(
            _("Emergency plan %(number)s is due for review") % {"number": row.number}, row.name
        ),
        _writers,
    ),
    (
        Risk,
        lambda row: Letter(_("Risk %(number)s is due for review") % {"number": row.number},
                           row.title),
        lambda row: _supervisors_and(row.owner),
    ),
    (
        RiskMeasure,
        lambda row: Letter(
            _("A measure of risk %(number)s is due") % {"number": row.risk.number}, row.text
        ),
        lambda row: [row.owner, row.risk.owner],
    ),
    (
        Drill,
        lambda row: Letter(_("Drill %(number)s is due") % {"number": row.number}, row.title),
        lambda row: _supervisors_and(row.planned_by),
    ),
)  # fmt: skip
