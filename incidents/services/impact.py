"""What the fault did, which grade the bank gives it, and which time others answer for."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import User
from incidents import grading, policies
from incidents.models import Grade, GradeDecision, Incident, OutsideTime
from incidents.services.steps import on_incident
from incidents.services.times import event_time
from workflow.errors import InvalidInput

FIGURES = (
    "provinces", "merchants", "terminals", "failed_transactions", "failed_amount", "complaints",
)  # fmt: skip


def record_impact(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    business_impact: str,
    provinces: int | None = None,
    institutions: str = "",
    merchants: int | None = None,
    terminals: int | None = None,
    failed_transactions: int | None = None,
    failed_amount: Decimal | None = None,
    complaints: int | None = None,
    version: int | None = None,
) -> Incident:
    """Write down the scope of the impact as it is known now (document 5.2 part 2).

    Figures are zero or more, None is "not known yet"; the amount is in yuan with two decimals.
    """
    figures = dict(
        zip(
            FIGURES,
            (provinces, merchants, terminals, failed_transactions, failed_amount, complaints),
            strict=True,
        )
    )
    with on_incident(
        incident, "record_impact", policies.can_record_impact,
        actor=actor, now=now, version=version, opinion=business_impact,
    ) as work:  # fmt: skip
        for name, value in figures.items():
            if value is not None and value < 0:
                raise InvalidInput({name: _("This cannot be less than zero.")})
            setattr(work.record, name, value)
        work.record.business_impact, work.record.institutions = business_impact, institutions
        work.data = {name: str(value) for name, value in figures.items() if value is not None}
    return work.record


def decide_grade(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    grade: str,
    reason: str,
    version: int | None = None,
) -> Incident:
    """The bank decides on the regulator's grade; what was suggested at that moment is kept."""
    with on_incident(
        incident, "decide_grade", policies.can_decide_grade,
        actor=actor, now=now, version=version, opinion=reason,
    ) as work:  # fmt: skip
        if grade not in Grade.values:
            raise InvalidInput({"grade": _("Please choose a grade from the list.")})
        suggested = grading.suggestion(work.record, now).grade
        GradeDecision.objects.create(
            incident=work.record, grade=grade, suggested=suggested, reason=reason,
            decided_by=actor, decided_at=now,
        )  # fmt: skip
        work.data = {"grade": grade, "suggested": suggested}
    return work.record


def note_outside_time(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    from_at: datetime,
    to_at: datetime,
    party: str,
    reason: str,
    version: int | None = None,
) -> Incident:
    """Time others are answerable for (非我方责任): annotated, never taken off a clock (2.4)."""
    with on_incident(
        incident, "note_outside_time", policies.can_note_outside_time,
        actor=actor, now=now, version=version, opinion=reason,
    ) as work:  # fmt: skip
        start = event_time(work.record, from_at, field="from_at", now=now)
        end = event_time(work.record, to_at, field="to_at", now=now)
        if end <= start:
            raise InvalidInput({"to_at": _("It must end after it began.")})
        OutsideTime.objects.create(
            incident=work.record, from_at=start, to_at=end, party=party, reason=reason,
            recorded_by=actor, recorded_at=now,
        )  # fmt: skip
        work.data = {"from": start, "to": end, "party": party}
    return work.record
