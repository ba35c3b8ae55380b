"""What the page of an emergency plan shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from readiness.actions import PLAN_ACTIONS
from readiness.labels import PLAN_LABELS
from readiness.models import EmergencyPlan, PlanStep, PlanVersion
from readiness.phases import Phase
from readiness.sections import SECTIONS
from workflow.durations import stamp
from workflow.timeline import entries


@dataclass(frozen=True)
class PhaseSteps:
    """The steps of one phase."""

    phase: Phase
    steps: list[PlanStep]


def by_phase(version: PlanVersion) -> list[PhaseSteps]:
    """The checklist in order."""
    rows = groupby(version.steps.all(), key=lambda step: step.phase)
    return [PhaseSteps(Phase(phase), list(steps)) for phase, steps in rows]


def is_overdue(plan: EmergencyPlan, today: date) -> bool:
    """True when the review day has passed (R51)."""
    live = plan.state != EmergencyPlan.State.RETIRED
    return live and plan.next_review_on is not None and plan.next_review_on <= today


def with_versions(plans: QuerySet[EmergencyPlan]) -> QuerySet[EmergencyPlan]:
    """For lists: the versions beside each plan, in one query."""
    versions = PlanVersion.objects.order_by("version")
    return plans.select_related("holder").prefetch_related(
        Prefetch("versions", versions), "objects_covered"
    )


def version_shown(plan: EmergencyPlan, wanted: str, user: User) -> PlanVersion | None:
    """The version asked for, else the one in force, else the draft; drafts are the desk's."""
    rows = plan.versions.select_related("approved_by").prefetch_related("authors", "steps")
    if not user.is_desk:
        rows = rows.exclude(state=PlanVersion.State.DRAFT)
    if wanted.isdecimal() and len(wanted) < 5:
        return rows.filter(version=int(wanted)).first()
    return rows.filter(state=PlanVersion.State.EFFECTIVE).first() or rows.last()


def page(
    plan: EmergencyPlan, user: User, now: datetime, wanted: str, url: Callable[[str], str]
) -> dict[str, Any]:
    """Everything for the template; ``now`` UTC."""
    version = version_shown(plan, wanted, user)
    rows = plan.versions.order_by("-version").select_related("approved_by")
    if not user.is_desk:
        rows = rows.exclude(state=PlanVersion.State.DRAFT)
    drills = plan.drills.select_related("incident").order_by("-planned_at")
    return {
        "plan": plan,
        "offers": PLAN_ACTIONS.offers(user, plan, url),
        "version": version,
        "sections": [(name, version.text(code)) for code, name in SECTIONS.items()]
        if version
        else [],
        "checklist": by_phase(version) if version else [],
        "versions": list(rows.prefetch_related("authors")),
        "overdue": is_overdue(plan, timezone.localdate(now)),
        "facts": facts(plan, version),
        "drills": list(drills[:10]),
        "risks": list(plan.risk_set.order_by("-created_at")[:10]),
        "moments": entries(plan, user=user, labels=PLAN_LABELS),
        "can_drill": version is not None and version.state == PlanVersion.State.EFFECTIVE,
    }


def facts(plan: EmergencyPlan, version: PlanVersion | None) -> list[tuple[str, Any]]:
    """The head of the plan."""
    rows: list[tuple[str, Any]] = [
        (_("Scenario"), plan.get_scenario_display()),
        (_("Systems covered"), "、".join(each.label for each in plan.objects_covered.all())),
        (_("Next review on"), stamp(plan.next_review_on, "date") if plan.next_review_on else ""),
    ]
    if version:
        rows += [
            (_("RTO, minutes"), version.rto_minutes),
            (_("RPO, minutes"), version.rpo_minutes),
            (_("Written by"), "、".join(each.name for each in version.authors.all())),
            (_("Approved by"), version.approved_by.name if version.approved_by else ""),
            (_("In force since"), stamp(version.approved_at) if version.approved_at else ""),
        ]
    return rows
