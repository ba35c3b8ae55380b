"""Drills: planned, started from a plan, reported, filed (R51; documents 5.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from incidents.models import Incident
from incidents.services import start_drill as report_drill
from numbering import services as numbering
from operations.models import ManagedObject
from readiness.letters import tell
from readiness.models import Drill, DrillReport, EmergencyPlan
from readiness.policies import drills as policies
from readiness.policies.plans import effective
from readiness.services.checklists import open_plan
from workflow.decisions import Text
from workflow.errors import InvalidInput, NotAllowed, WrongState
from workflow.steps import step
from workflow.texts import says_something


@dataclass(frozen=True)
class DrillEntry:
    """A line of the drill calendar (document 5.3). ``planned_at`` UTC, ``budget`` yuan."""

    plan: EmergencyPlan
    title: str
    purpose: str
    mode: str
    planned_at: datetime
    departments: str
    process: str = ""
    budget: Decimal | None = None


def plan_drill(*, actor: User, now: datetime, entry: DrillEntry) -> Drill:
    """Enter a drill into the calendar; whoever planned it is reminded on the day."""
    if not (decision := policies.can_plan(actor)):
        raise NotAllowed(decision)
    if entry.planned_at < now:
        raise InvalidInput({"planned_at": _("This time is in the past.")})
    with audit.unit_of_work():
        return _enter(entry, actor, now, remind_at=entry.planned_at)


def start(
    drill: Drill,
    *,
    actor: User,
    now: datetime,
    managed_object: ManagedObject,
    scenario: str,
    hour_seconds: int,
    version: int | None = None,
) -> Drill:
    """Hold a planned drill: an incident in drill mode begins and the plan is opened on it."""
    with step(
        Drill.objects.visible_to(actor), drill, actor=actor, action="drill.start",
        policy=policies.can_start, now=now, version=version,
    ) as work:  # fmt: skip
        incident = report_drill(
            actor=actor, now=now, managed_object=managed_object, scenario=scenario,
            hour_seconds=hour_seconds,
        )  # fmt: skip
        _begin(work.record, incident, actor, now)
        work.data.update(incident=incident.number, hour_seconds=hour_seconds)
    return work.record


def start_from_plan(
    plan: EmergencyPlan,
    *,
    actor: User,
    now: datetime,
    managed_object: ManagedObject,
    scenario: str,
    hour_seconds: int,
    token: UUID | None = None,
) -> Drill:
    """One page, one button: a drill of this plan, now. The same ``token`` starts one drill."""
    if not (decision := policies.can_plan(actor)):
        raise NotAllowed(decision)
    if effective(plan) is None:
        raise WrongState(_("The plan has no effective version to drill."), "no_plan")
    with audit.unit_of_work():
        incident = report_drill(
            actor=actor, now=now, managed_object=managed_object, scenario=scenario,
            hour_seconds=hour_seconds, token=token,
        )  # fmt: skip
        first: Drill | None = Drill.objects.filter(incident=incident).first()
        if first is not None:
            return first
        entry = DrillEntry(
            plan=plan, title=plan.title, purpose=scenario, mode=Drill.Mode.LIVE, planned_at=now,
            departments=actor.organisation.name,
        )  # fmt: skip
        drill = _enter(entry, actor, now, remind_at=None)
        _begin(drill, incident, actor, now)
        drill.save()
        audit.record(
            actor=actor, action="drill.start", target=drill, label=drill.number, happened_at=now,
            from_state=Drill.State.PLANNED, to_state=drill.state,
            data={"incident": incident.number, "hour_seconds": hour_seconds},
        )  # fmt: skip
    return drill


def note_held(
    drill: Drill, *, actor: User, now: datetime, held_at: datetime, version: int | None = None
) -> Drill:
    """It was held at a table or on site, without the product; ``held_at`` UTC."""
    if held_at > now:
        raise InvalidInput({"held_at": _("The time lies in the future.")})
    with step(
        Drill.objects.visible_to(actor), drill, actor=actor, action="drill.note_held",
        policy=policies.can_note_held, now=now, version=version,
    ) as work:  # fmt: skip
        _hold(work.record, actor, held_at)
    return work.record


def report(
    drill: Drill, *, actor: User, now: datetime, version: int | None = None, **parts: str
) -> Drill:
    """The drill report, complete, to the supervisors; each submission is a version."""
    wrong: dict[str, Text] = {
        name: _("Please say it in words, at least 5 characters.")
        for name in DrillReport.PARTS
        if not says_something(parts.get(name, ""))
    }
    if wrong:
        raise InvalidInput(wrong)
    with step(
        Drill.objects.visible_to(actor), drill, actor=actor, action="drill.report",
        policy=policies.can_report, now=now, version=version,
    ) as work:  # fmt: skip
        last = policies.last_report(work.record)
        written = DrillReport.objects.create(
            drill=work.record, version=last.version + 1 if last else 1, author=actor,
            written_at=now, **{name: parts[name].strip() for name in DrillReport.PARTS},
        )  # fmt: skip
        work.record.submit()
        work.record.held_by(Role.SUPERVISOR)
        work.record.remind_at = None
        work.data["version"] = written.version
        tell(User.objects.holding(Role.SUPERVISOR), work.record, now, "report",
              gettext_lazy("Drill report %(number)s waits for approval"))  # fmt: skip
    return work.record


def approve(
    drill: Drill, *, actor: User, now: datetime, opinion: str = "", version: int | None = None
) -> Drill:
    """A supervisor who did not write the report files the drill."""
    with step(
        Drill.objects.visible_to(actor), drill, actor=actor, action="drill.approve",
        policy=policies.can_approve, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        work.record.file()
        last = policies.last_report(work.record)
        if last is None:
            raise WrongState(_("Nothing has been written yet."))
        last.approved_by, last.approved_at = actor, now
        last.save(update_fields=["approved_by", "approved_at"])
    return work.record


def send_back(
    drill: Drill, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Drill:
    """The report must be written anew."""
    with step(
        Drill.objects.visible_to(actor), drill, actor=actor, action="drill.send_back",
        policy=policies.can_send_back, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        work.record.send_back()
        last = policies.last_report(work.record)
        author = last.author if last else None
        work.record.held_by(Role.SUPPORT, author)
        if author:
            tell([author], work.record, now, "sent_back",
                  gettext_lazy("Drill report %(number)s was sent back"))  # fmt: skip
    return work.record


def cancel(
    drill: Drill, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Drill:
    """It will not be held, with a reason."""
    with step(
        Drill.objects.visible_to(actor), drill, actor=actor, action="drill.cancel",
        policy=policies.can_cancel, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        work.record.cancel()
        work.record.remind_at = None
    return work.record


def _enter(entry: DrillEntry, actor: User, now: datetime, *, remind_at: datetime | None) -> Drill:
    drill = Drill(
        number=numbering.allocate(numbering.DRILL, now=now), plan=entry.plan, title=entry.title,
        purpose=entry.purpose, mode=entry.mode, planned_at=entry.planned_at,
        departments=entry.departments, process=entry.process, budget=entry.budget,
        planned_by=actor, created_at=now, state_since=now, remind_at=remind_at,
    )  # fmt: skip
    drill.enter()
    drill.held_by(Role.SUPPORT, actor)
    drill.save()
    audit.record(
        actor=actor, action="drill.plan", target=drill, label=drill.number, happened_at=now,
        to_state=drill.state, data={"plan": entry.plan.number},
    )  # fmt: skip
    return drill


def _begin(drill: Drill, incident: Incident, actor: User, now: datetime) -> None:
    use = open_plan(incident, actor=actor, now=now, plan=drill.plan)
    drill.version, drill.incident = use.version, incident
    _hold(drill, actor, now)


def _hold(drill: Drill, actor: User, at: datetime) -> None:
    drill.hold()
    drill.held_at, drill.held_by_person, drill.remind_at = at, actor, None
    drill.held_by(Role.SUPPORT, actor)
