"""A plan is opened on an incident and its steps are ticked as they are done (R51, R55)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import services as audit
from incidents.models import Incident
from incidents.scope import visible_incidents
from readiness.models import EmergencyPlan, PlanStep, PlanUse, StepTick
from readiness.policies import checklists as policies
from readiness.policies.plans import effective
from workflow.errors import InvalidInput, NotFound, WrongState, insist


def open_plan(incident: Incident, *, actor: User, now: datetime, plan: EmergencyPlan) -> PlanUse:
    """Open the plan's effective version on the incident; opening it twice opens it once.

    Raises ``NotFound``, ``NotAllowed``, ``WrongState``.
    """
    with audit.unit_of_work():
        locked = _locked(incident, actor)
        version = effective(plan)
        if version is None:
            raise WrongState(_("This plan has no version in force."), "no_plan")
        use, created = PlanUse.objects.get_or_create(
            incident=locked, version=version, defaults={"opened_by": actor, "opened_at": now}
        )
        if created:
            _note(
                locked, actor, "incident.open_plan", now,
                {"plan": plan.number, "version": version.version},
                opinion=f"{version} {plan.title}",
            )  # fmt: skip
    return use


def tick(
    use: PlanUse,
    *,
    actor: User,
    now: datetime,
    step: PlanStep,
    done: bool = True,
    note: str = "",
    at: datetime | None = None,
) -> StepTick:
    """A step was done at ``at`` (UTC, now by default), or left out with a reason.

    Raises ``InvalidInput`` (in the future, before the first report, no reason), ``WrongState``
    (ticked already).
    """
    when = at or now
    if when > now:
        raise InvalidInput({"at": _("The time lies in the future.")})
    if when < use.incident.first_contact_at:
        raise InvalidInput({"at": _("That is before the first report (T0).")})
    if not done and not note.strip():
        raise InvalidInput({"note": _("Say why the step is left out.")})
    if step.version_id != use.version_id:
        raise NotFound
    with audit.unit_of_work():
        incident = _locked(use.incident, actor)
        try:
            with transaction.atomic():
                ticked = StepTick.objects.create(
                    use=use, step=step, done=done, note=note.strip(), person=actor, ticked_at=when
                )
        except IntegrityError:
            raise WrongState(_("Somebody has ticked this step already."), "ticked") from None
        action = "incident.tick_step" if done else "incident.skip_step"
        said = f"{step.text} — {note.strip()}" if note.strip() else step.text
        _note(incident, actor, action, when, {"step": step.position}, opinion=said)
    return ticked


def untick(ticked: StepTick, *, actor: User, now: datetime) -> StepTick:
    """Take a tick back; it stays on record with who took it back."""
    with audit.unit_of_work():
        incident = _locked(ticked.use.incident, actor)
        changed = StepTick.objects.filter(pk=ticked.pk, undone_at=None).update(
            undone_at=now, undone_by=actor
        )
        if not changed:
            raise WrongState(_("The tick has been taken back already."), "undone")
        _note(
            incident, actor, "incident.untick_step", now, {"step": ticked.step.position},
            opinion=ticked.step.text,
        )  # fmt: skip
    ticked.undone_at, ticked.undone_by = now, actor
    return ticked


def _locked(incident: Incident, actor: User) -> Incident:
    found = visible_incidents(actor).select_for_update(of=("self",)).filter(pk=incident.pk).first()
    if found is None:
        raise NotFound
    insist(policies.can_use(actor, found))
    return found


def _note(
    incident: Incident,
    actor: User,
    action: str,
    at: datetime,
    data: dict[str, str | int],
    opinion: str = "",
) -> None:
    audit.record(
        actor=actor, action=action, target=incident, label=incident.number, happened_at=at,
        from_state=incident.state, to_state=incident.state, data=data, opinion=opinion,
    )  # fmt: skip
