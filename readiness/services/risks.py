"""The risk register: assessed, given measures, accepted by another person (R53, R54)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from numbering import services as numbering
from operations.models import ManagedObject
from readiness.letters import tell
from readiness.models import EmergencyPlan, Risk, RiskMeasure
from readiness.policies import risks as policies
from readiness.services.times import check_review_day, morning_of
from workflow.decisions import Text
from workflow.errors import InvalidInput, NotAllowed
from workflow.steps import step


@dataclass(frozen=True)
class Assessment:
    """What may happen and how bad it would be; grades 1–5, before and after the measures."""

    title: str
    scenario: str
    cause: str
    consequence: str
    likelihood: int
    impact: int
    residual_likelihood: int
    residual_impact: int
    owner: User
    review_on: date
    managed_object: ManagedObject | None = None
    plan: EmergencyPlan | None = None


FIELDS = (
    "title", "scenario", "cause", "consequence", "likelihood", "impact", "residual_likelihood",
    "residual_impact", "owner", "review_on", "managed_object", "plan",
)  # fmt: skip


def create(*, actor: User, now: datetime, assessment: Assessment) -> Risk:
    """Enter a risk; its level is computed (R53). Raises ``NotAllowed``, ``InvalidInput``."""
    if not (decision := policies.can_create(actor)):
        raise NotAllowed(decision)
    _check(assessment, now)
    with audit.unit_of_work():
        risk = Risk(
            number=numbering.allocate(numbering.RISK, now=now), created_at=now, state_since=now
        )
        _fill(risk, assessment, actor)
        risk.save()
        audit.record(
            actor=actor, action="risk.create", target=risk, label=risk.number, happened_at=now,
            to_state=risk.state, data=_grades(risk),
        )  # fmt: skip
    return risk


def assess(
    risk: Risk, *, actor: User, now: datetime, assessment: Assessment, version: int | None = None
) -> Risk:
    """Assess it anew: a supervisor has to accept it again. The trail keeps the old grades."""
    _check(assessment, now)
    with step(
        Risk.objects.visible_to(actor), risk, actor=actor, action="risk.assess",
        policy=policies.can_assess, now=now, version=version,
    ) as work:  # fmt: skip
        before = _grades(work.record)
        _fill(work.record, assessment, actor)
        work.record.accepted_by = work.record.accepted_at = None
        work.data.update(before=before, after=_grades(work.record))
    return work.record


def add_measure(
    risk: Risk,
    *,
    actor: User,
    now: datetime,
    kind: str,
    text: str,
    owner: User,
    due_on: date,
    version: int | None = None,
) -> Risk:
    """A measure with owner and due day (R54); its owner is told."""
    if due_on < timezone.localdate(now):
        raise InvalidInput({"due_on": _("This day is in the past.")})
    with step(
        Risk.objects.visible_to(actor), risk, actor=actor, action="risk.add_measure",
        policy=policies.can_add_measure, now=now, version=version, opinion=text,
    ) as work:  # fmt: skip
        RiskMeasure.objects.create(
            risk=work.record, kind=kind, text=text.strip(), owner=owner, due_on=due_on,
            remind_at=morning_of(due_on),
        )  # fmt: skip
        work.data.update(kind=kind, owner=owner.name, due_on=due_on)
        tell([owner], work.record, now, "measure", gettext_lazy("A measure of %(number)s is yours"))
    return work.record


def finish_measure(
    risk: Risk,
    *,
    actor: User,
    now: datetime,
    measure: RiskMeasure,
    result: str,
    version: int | None = None,
) -> Risk:
    """A measure is done, with its result."""
    with step(
        Risk.objects.visible_to(actor), risk, actor=actor, action="risk.finish_measure",
        policy=policies.can_finish_measure, now=now, version=version, opinion=result,
    ) as work:  # fmt: skip
        found = work.record.measures.filter(pk=measure.pk, done_on=None).first()
        if found is None:
            raise InvalidInput({"measure": _("This measure is done already.")})
        found.done_on, found.done_by, found.result = timezone.localdate(now), actor, result
        found.remind_at = None
        found.save(update_fields=["done_on", "done_by", "result", "remind_at"])
        work.data["measure"] = found.text
    return work.record


def accept(
    risk: Risk, *, actor: User, now: datetime, opinion: str = "", version: int | None = None
) -> Risk:
    """Into the register, by a supervisor who did not assess it."""
    with step(
        Risk.objects.visible_to(actor), risk, actor=actor, action="risk.accept",
        policy=policies.can_accept, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        work.record.accept()
        work.record.accepted_by, work.record.accepted_at = actor, now
        work.record.held_by(Role.TECH, work.record.owner)
        work.data.update(_grades(work.record))
    return work.record


def close(
    risk: Risk, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Risk:
    """It can no longer happen, with a reason."""
    with step(
        Risk.objects.visible_to(actor), risk, actor=actor, action="risk.close",
        policy=policies.can_close, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        work.record.close()
        work.record.remind_at = None
        work.record.measures.update(remind_at=None)
    return work.record


def _check(assessment: Assessment, now: datetime) -> None:
    check_review_day(assessment.review_on, now=now, field="review_on")
    wrong: dict[str, Text] = {}
    for name in ("likelihood", "impact"):
        before, after = getattr(assessment, name), getattr(assessment, f"residual_{name}")
        if not 1 <= before <= 5:
            wrong[name] = _("A grade from 1 to 5.")
        elif not 1 <= after <= before:
            wrong[f"residual_{name}"] = _("Not above the grade before the measures.")
    if wrong:
        raise InvalidInput(wrong)


def _fill(risk: Risk, assessment: Assessment, actor: User) -> None:
    risk.assess()
    for name in FIELDS:
        setattr(risk, name, getattr(assessment, name))
    risk.author, risk.remind_at = actor, morning_of(assessment.review_on)
    risk.held_by(Role.SUPERVISOR)
    risk.rate()


def _grades(risk: Risk) -> dict[str, object]:
    names = ("likelihood", "impact", "level", "residual_likelihood", "residual_impact",
             "residual_level")  # fmt: skip
    return {name: getattr(risk, name) for name in names}
