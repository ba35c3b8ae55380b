"""Emergency plans are written, approved by another person, reviewed, retired (R51)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from operations.models import ManagedObject
from readiness.letters import tell
from readiness.models import EmergencyPlan, PlanStep, PlanVersion
from readiness.phases import Phase
from readiness.policies import plans as policies
from readiness.sections import OPTIONAL, SECTIONS
from readiness.services.times import check_review_day, morning_of
from workflow.decisions import Text
from workflow.errors import InvalidInput, NotAllowed, WrongState
from workflow.steps import step
from workflow.texts import says_something


@dataclass(frozen=True)
class PlanText:
    """What a version says: sections by code, and steps by phase as (text, English text)."""

    title: str
    scenario: str
    title_en: str = ""
    objects: Iterable[ManagedObject] = ()
    rto_minutes: int | None = None
    rpo_minutes: int | None = None
    sections: dict[str, str] = field(default_factory=dict)
    sections_en: dict[str, str] = field(default_factory=dict)
    steps: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    changes: str = ""


def create(*, actor: User, now: datetime, number: str, text: PlanText) -> EmergencyPlan:
    """A new plan with its first draft. Raises ``NotAllowed``, ``InvalidInput``."""
    if not (decision := policies.can_create(actor)):
        raise NotAllowed(decision)
    try:
        with audit.unit_of_work():
            plan = EmergencyPlan(number=number.strip().upper(), created_at=now, state_since=now)
            plan.write()
            plan.held_by(Role.TECH, actor)
            plan.title, plan.scenario = text.title, text.scenario
            plan.save()
            _write_draft(plan, actor, now, text)
            audit.record(
                actor=actor, action="emergency_plan.create", target=plan, label=plan.number,
                happened_at=now, to_state=plan.state,
            )  # fmt: skip
    except IntegrityError:
        raise InvalidInput({"number": _("This code is taken already.")}) from None
    return plan


def write(
    plan: EmergencyPlan, *, actor: User, now: datetime, text: PlanText, version: int | None = None
) -> EmergencyPlan:
    """Go on with the draft, or begin the next version; the effective one stays in force."""
    with step(
        EmergencyPlan.objects.visible_to(actor), plan, actor=actor, action="emergency_plan.write",
        policy=policies.can_write, now=now, version=version,
    ) as work:  # fmt: skip
        work.record.write()
        work.record.held_by(Role.TECH, actor)
        work.data["version"] = _write_draft(work.record, actor, now, text).version
    return work.record


def submit(
    plan: EmergencyPlan, *, actor: User, now: datetime, version: int | None = None
) -> EmergencyPlan:
    """Send the draft to the supervisors; refused while a section or a phase is empty."""
    with step(
        EmergencyPlan.objects.visible_to(actor), plan, actor=actor, action="emergency_plan.submit",
        policy=policies.can_submit, now=now, version=version,
    ) as work:  # fmt: skip
        draft = _draft(work.record)
        if missing := missing_parts(draft):
            raise WrongState(
                _("Still to be written: %(parts)s") % {"parts": "; ".join(map(str, missing))},
                "incomplete",
            )
        work.record.submit()
        work.record.held_by(Role.SUPERVISOR)
        work.data["version"] = draft.version
        tell(User.objects.holding(Role.SUPERVISOR), work.record, now, "submitted",
              gettext_lazy("Emergency plan %(number)s waits for approval"))  # fmt: skip
    return work.record


def approve(
    plan: EmergencyPlan,
    *,
    actor: User,
    now: datetime,
    next_review_on: date,
    opinion: str = "",
    version: int | None = None,
) -> EmergencyPlan:
    """The draft comes into force, the version before it goes out of force (R51)."""
    check_review_day(next_review_on, now=now, field="next_review_on")
    with step(
        EmergencyPlan.objects.visible_to(actor), plan, actor=actor,
        action="emergency_plan.approve", policy=policies.can_approve, now=now, version=version,
        opinion=opinion,
    ) as work:  # fmt: skip
        record, draft = work.record, _draft(work.record)
        record.approve()
        record.held_by(Role.TECH)
        record.next_review_on, record.remind_at = next_review_on, morning_of(next_review_on)
        record.versions.filter(state=PlanVersion.State.EFFECTIVE).update(
            state=PlanVersion.State.SUPERSEDED
        )
        draft.state, draft.approved_by, draft.approved_at = "effective", actor, now
        draft.save(update_fields=["state", "approved_by", "approved_at"])
        work.data.update(version=draft.version, next_review_on=next_review_on)
        tell(draft.authors.all(), record, now, "approved",
              gettext_lazy("Emergency plan %(number)s is in force"))  # fmt: skip
    return work.record


def send_back(
    plan: EmergencyPlan, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> EmergencyPlan:
    """The draft goes back to its authors with an opinion."""
    with step(
        EmergencyPlan.objects.visible_to(actor), plan, actor=actor,
        action="emergency_plan.send_back", policy=policies.can_send_back, now=now,
        version=version, opinion=opinion,
    ) as work:  # fmt: skip
        work.record.send_back()
        authors = list(_draft(work.record).authors.all())
        work.record.held_by(Role.TECH, authors[0] if authors else None)
        tell(authors, work.record, now, "sent_back",
              gettext_lazy("Emergency plan %(number)s was sent back"))  # fmt: skip
    return work.record


def confirm_review(
    plan: EmergencyPlan,
    *,
    actor: User,
    now: datetime,
    next_review_on: date,
    opinion: str,
    version: int | None = None,
) -> EmergencyPlan:
    """Reviewed and still right: a new review day, and what was looked at."""
    check_review_day(next_review_on, now=now, field="next_review_on")
    with step(
        EmergencyPlan.objects.visible_to(actor), plan, actor=actor,
        action="emergency_plan.confirm_review", policy=policies.can_confirm_review, now=now,
        version=version, opinion=opinion,
    ) as work:  # fmt: skip
        work.data.update(before=work.record.next_review_on, after=next_review_on)
        work.record.next_review_on = next_review_on
        work.record.remind_at = morning_of(next_review_on)
    return work.record


def retire(
    plan: EmergencyPlan, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> EmergencyPlan:
    """Out of use, with a reason; incidents that used it keep it."""
    with step(
        EmergencyPlan.objects.visible_to(actor), plan, actor=actor, action="emergency_plan.retire",
        policy=policies.can_retire, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        work.record.retire()
        work.record.remind_at = None
    return work.record


def missing_parts(draft: PlanVersion) -> list[Text]:
    """Sections without words and phases without a step."""
    missing: list[Text] = [
        name
        for code, name in SECTIONS.items()
        if code not in OPTIONAL and not says_something(str(draft.sections.get(code, "")))
    ]
    present = set(draft.steps.values_list("phase", flat=True))
    missing += [
        _("a step for “%(phase)s”") % {"phase": phase.label}
        for phase in Phase
        if phase.value not in present
    ]
    return missing


def _draft(plan: EmergencyPlan) -> PlanVersion:
    draft = policies.draft_of(plan)
    if draft is None:
        raise WrongState(_("There is no draft yet: write it first."), "no_draft")
    return draft


def _write_draft(plan: EmergencyPlan, actor: User, now: datetime, text: PlanText) -> PlanVersion:
    plan.title, plan.title_en, plan.scenario = text.title, text.title_en, text.scenario
    plan.save(update_fields=["title", "title_en", "scenario"])
    plan.objects_covered.set(text.objects)
    draft = policies.draft_of(plan)
    if draft is None:
        last = plan.versions.aggregate(last=models.Max("version"))["last"] or 0
        draft = PlanVersion.objects.create(plan=plan, version=last + 1, written_at=now)
    draft.sections = {code: text.sections.get(code, "").strip() for code in SECTIONS}
    draft.sections_en = {code: text.sections_en.get(code, "").strip() for code in SECTIONS}
    draft.rto_minutes, draft.rpo_minutes = text.rto_minutes, text.rpo_minutes
    draft.changes, draft.written_at = text.changes, now
    draft.save()
    draft.authors.add(actor)
    draft.steps.all().delete()
    lines = [(phase, line) for phase in Phase for line in text.steps.get(phase.value, [])]
    PlanStep.objects.bulk_create(
        PlanStep(version=draft, position=at, phase=phase, text=line[0], text_en=line[1])
        for at, (phase, line) in enumerate(lines, start=1)
    )
    return draft
