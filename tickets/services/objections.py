"""The reporter objects to a conversion; a supervisor rules on the second objection (C6)."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import policies_afterwards as policies
from tickets.models import Consultation, Defect, Objection
from tickets.services.inputs import require
from tickets.services.letters import tell
from workflow.decisions import ALLOW, Decision, deny_state
from workflow.errors import InvalidInput
from workflow.steps import step

LAST_ROUND = 2


def object_to_conversion(
    consultation: Consultation,
    *,
    actor: User,
    now: datetime,
    opinion: str,
    version: int | None = None,
) -> Consultation:
    """The first objection reopens the defect; the second waits for a supervisor (C6). ``now`` UTC.

    Raises ``NotAllowed``, ``WrongState``, ``InvalidInput``.
    """
    require([("opinion", opinion)])
    with step(
        Consultation.objects.visible_to(actor), consultation, actor=actor,
        action="consultation.object", policy=partial(policies.can_object, now=now), now=now,
        version=version, opinion=opinion.strip(), public=True,
    ) as work:  # fmt: skip
        record: Consultation = work.record
        defect = _defect_of(record)
        number = defect.objections.count() + 1
        first = number < LAST_ROUND
        outcome = Objection.Outcome.REOPENED if first else Objection.Outcome.PENDING
        Objection.objects.create(
            consultation=record, defect=defect, round=number, text=opinion.strip(),
            raised_by=actor, raised_at=now, outcome=outcome,
        )  # fmt: skip
        work.data = {"round": number, "defect": defect.number}
        if first:
            record.void()
            _reopen(defect, actor, now, opinion.strip(), record)
        else:
            record.held_by(Role.SUPERVISOR)
            _ask_supervisors(record, defect, now)
    return record


def rule_on_objection(
    consultation: Consultation,
    *,
    actor: User,
    now: datetime,
    decision: str,
    opinion: str,
    version: int | None = None,
) -> Consultation:
    """A supervisor's ruling: ``reopened`` or ``upheld``, final either way (C6).

    Raises ``NotAllowed`` (who had a part in the conversion may not), ``WrongState``,
    ``InvalidInput``.
    """
    require([("opinion", opinion)])
    if decision not in (Objection.Outcome.REOPENED, Objection.Outcome.UPHELD):
        raise InvalidInput({"decision": _("Choose one of the two rulings.")})
    with step(
        Consultation.objects.visible_to(actor), consultation, actor=actor,
        action="consultation.rule", policy=policies.can_rule, now=now, version=version,
        opinion=opinion.strip(), public=True,
    ) as work:  # fmt: skip
        record: Consultation = work.record
        objection: Objection = record.objection
        objection.outcome, objection.ruling = decision, opinion.strip()
        objection.ruled_by, objection.ruled_at = actor, now
        objection.save(update_fields=["outcome", "ruling", "ruled_by", "ruled_at"])
        work.data = {"decision": decision, "defect": objection.defect.number}
        if decision == Objection.Outcome.REOPENED:
            record.void()
            _reopen(objection.defect, actor, now, opinion.strip(), record)
        else:
            _let_stand(record, objection, now)
    return record


def _let_stand(record: Consultation, objection: Objection, now: datetime) -> None:
    if record.state == Consultation.State.OPEN:
        record.held_by(Role.AGENT, record.agent)
    else:
        record.held_by_nobody()
    tell(
        [objection.raised_by], objection.defect, event=f"upheld-{objection.pk}", now=now,
        subject=_("%(number)s: the conversion stands"),
        body=_("A supervisor has ruled on your objection about “%(title)s”. The ruling is final."),
    )  # fmt: skip


def _reopen(
    defect: Defect, actor: User, now: datetime, opinion: str, consultation: Consultation
) -> None:
    """Back to triage under its old number; the owner at the time goes on with it."""
    with step(
        Defect.objects.all(), defect, actor=actor, action="defect.reopen_after_objection",
        policy=_still_converted, now=now, opinion=opinion, public=True,
    ) as work:  # fmt: skip
        record = work.record
        record.reopen_after_objection()
        owner = record.owner if record.owner and record.owner.is_active else None
        record.held_by(Role.SUPPORT, owner)
        work.data["consultation"] = consultation.number
        support = [owner] if owner else list(User.objects.holding(Role.SUPPORT))
        tell(
            [record.reporter, *support], record, event="reopened", now=now,
            subject=_("%(number)s is back in triage after an objection"),
            body=_("“%(title)s” is analysed again as a defect."),
        )  # fmt: skip


def _still_converted(actor: User, defect: Defect) -> Decision:
    return ALLOW if defect.state == Defect.State.CONVERTED else deny_state()


def _ask_supervisors(consultation: Consultation, defect: Defect, now: datetime) -> None:
    able = [
        person
        for person in User.objects.holding(Role.SUPERVISOR)
        if policies.can_rule(person, consultation)
    ]
    tell(
        able, defect, event=f"objection-{consultation.pk}", now=now,
        subject=_("%(number)s: a second objection waits for your ruling"),
        body=_("The reporter of “%(title)s” objects again to its conversion."),
        url=reverse("tickets:consultation", args=[consultation.number]),
    )  # fmt: skip


def _defect_of(consultation: Consultation) -> Defect:
    defect = consultation.source_defect
    assert defect is not None, "the policy asked for it"
    return defect
