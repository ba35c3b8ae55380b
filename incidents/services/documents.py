"""E11, E12 and E16: documents are written, released by somebody else, delivered, and answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from incidents import alerts, fault_types, policies
from incidents.models import Answer, Channel, ContingencyPlan, FaultReport, Incident
from incidents.models.documents import IncidentDocument
from incidents.services.steps import on_incident
from incidents.snapshots import kept_clocks, snapshot
from sla import services as clocks
from sla.models import Commitment
from workflow.authority import Policy
from workflow.errors import InvalidInput, WrongState
from workflow.steps import Step


@dataclass(frozen=True)
class Kind:
    """One of the two documents, and what is special about it."""

    code: str
    model: type[ContingencyPlan] | type[FaultReport]
    latest: Callable[[Incident], IncidentDocument | None]
    write: Policy
    release: Policy
    deliver: Policy
    answer: Policy
    stop: Callable[..., None]


PLAN = Kind(
    "plan", ContingencyPlan, policies.last_plan, policies.can_write_plan,
    policies.can_release_plan, policies.can_deliver_plan, policies.can_answer_plan,
    clocks.deliver_plan,
)  # fmt: skip
REPORT = Kind(
    "report", FaultReport, policies.last_report, policies.can_write_report,
    policies.can_release_report, policies.can_deliver_report, policies.can_answer_report,
    clocks.deliver_report,
)  # fmt: skip


def write_plan(
    incident: Incident, *, actor: User, now: datetime, version: int | None = None, **parts: Any
) -> Incident:
    """A new version of the contingency plan (E11, R22, R23); ``parts`` are its sections."""
    return _write(PLAN, incident, actor=actor, now=now, version=version, parts=parts)


def release_plan(
    incident: Incident, *, actor: User, now: datetime, remark: str = "", version: int | None = None
) -> Incident:
    """A supervisor who did not write it releases the latest plan (E11)."""
    return _release(PLAN, incident, actor=actor, now=now, version=version, remark=remark)


def deliver_plan(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    delivered_to: str,
    channel: str = Channel.DESK,
    receipt: str = "",
    version: int | None = None,
) -> Incident:
    """The plan reaches the bank (E11): PLAN stops at ``now``, which nobody types (R22)."""
    sent = _Sent(delivered_to, channel, receipt)
    return _deliver(PLAN, incident, actor=actor, now=now, version=version, sent=sent)


def accept_plan(
    incident: Incident, *, actor: User, now: datetime, remark: str = "", version: int | None = None
) -> Incident:
    """The bank's manager accepts the plan that was delivered (E12)."""
    return _answer(
        PLAN, Answer.ACCEPTED, incident, actor=actor, now=now, version=version, said=remark
    )


def return_plan(
    incident: Incident, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Incident:
    """The bank's manager sends the plan back (E12): the clock stays stopped by the first
    delivery, and a new version is expected."""
    return _answer(
        PLAN, Answer.RETURNED, incident, actor=actor, now=now, version=version, said=opinion
    )


def write_report(
    incident: Incident, *, actor: User, now: datetime, version: int | None = None, **parts: Any
) -> Incident:
    """A new version of the fault report (E16, R25), with the incident's course as it stands."""
    if parts.get("fault_type") not in fault_types.CODES:
        raise InvalidInput({"fault_type": _("Please choose a fault type from the list.")})
    return _write(REPORT, incident, actor=actor, now=now, version=version, parts=parts)


def release_report(
    incident: Incident, *, actor: User, now: datetime, remark: str = "", version: int | None = None
) -> Incident:
    """A supervisor who did not write it approves the latest report (E16)."""
    return _release(REPORT, incident, actor=actor, now=now, version=version, remark=remark)


def deliver_report(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    delivered_to: str,
    channel: str = Channel.DESK,
    receipt: str = "",
    version: int | None = None,
) -> Incident:
    """The report reaches the bank (E16, R24): REPORT stops at ``now``, which nobody types."""
    sent = _Sent(delivered_to, channel, receipt)
    return _deliver(REPORT, incident, actor=actor, now=now, version=version, sent=sent)


def accept_report(
    incident: Incident, *, actor: User, now: datetime, remark: str = "", version: int | None = None
) -> Incident:
    """The bank's manager accepts the fault report that was delivered."""
    return _answer(
        REPORT, Answer.ACCEPTED, incident, actor=actor, now=now, version=version, said=remark
    )


def return_report(
    incident: Incident, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Incident:
    """The bank's manager sends the fault report back: it is written and delivered once more."""
    return _answer(
        REPORT, Answer.RETURNED, incident, actor=actor, now=now, version=version, said=opinion
    )


@dataclass(frozen=True)
class _Sent:
    to: str
    channel: str
    receipt: str


def _write(
    kind: Kind,
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    version: int | None,
    parts: dict[str, Any],
) -> Incident:
    with on_incident(
        incident, f"write_{kind.code}", kind.write,
        actor=actor, now=now, version=version, public=False,
    ) as work:  # fmt: skip
        last = kind.model.objects.filter(incident=work.record).order_by("version").last()
        number = last.version + 1 if last else 1
        if kind is REPORT:
            parts = {**parts, "snapshot": snapshot(work.record)}
        kind.model.objects.create(
            incident=work.record, version=number, author=actor, written_at=now, **parts
        )
        work.data = {"version": number}
    return work.record


def _release(
    kind: Kind,
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    version: int | None,
    remark: str,
) -> Incident:
    with on_incident(
        incident, f"release_{kind.code}", kind.release,
        actor=actor, now=now, version=version, opinion=remark, public=False,
    ) as work:  # fmt: skip
        document = _there(kind.latest(work.record))
        document.released_by, document.released_at = actor, now
        document.save(update_fields=["released_by", "released_at"])
        work.data = {"version": document.version}
    return work.record


def _deliver(
    kind: Kind,
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    version: int | None,
    sent: _Sent,
) -> Incident:
    with on_incident(
        incident, f"deliver_{kind.code}", kind.deliver, actor=actor, now=now, version=version,
    ) as work:  # fmt: skip
        document = _there(kind.latest(work.record))
        document.delivered_to, document.delivered_at = sent.to, now
        document.channel, document.receipt = sent.channel, sent.receipt
        document.save(update_fields=["delivered_to", "delivered_at", "channel", "receipt"])
        work.data = {"version": document.version, "delivered_to": sent.to}
        commitment: Commitment | None = work.record.commitment
        if commitment is not None:
            kind.stop(commitment, delivered_at=now, now=now, actor=actor)
        if isinstance(document, FaultReport):
            # The form says how the report's own time limit was kept.
            document.snapshot["clocks"] = kept_clocks(work.record)
            document.save(update_fields=["snapshot"])
        if kind is REPORT and work.record.state == Incident.State.CONFIRMED:
            work.record.held_by(Role.SUPERVISOR)
        _ask_for_answer(kind, work, document, now)
    return work.record


def _answer(
    kind: Kind,
    answer: Answer,
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    version: int | None,
    said: str,
) -> Incident:
    verb = "accept" if answer == Answer.ACCEPTED else "return"
    with on_incident(
        incident, f"{verb}_{kind.code}", kind.answer,
        actor=actor, now=now, version=version, opinion=said,
    ) as work:  # fmt: skip
        document = _there(policies.delivered(kind.model, work.record))
        document.answer, document.answer_opinion = answer, said
        document.answered_by, document.answered_at = actor, now
        document.save(update_fields=["answer", "answer_opinion", "answered_by", "answered_at"])
        work.data = {"version": document.version}
        if answer == Answer.RETURNED:
            if kind is REPORT and work.record.state == Incident.State.CONFIRMED:
                work.record.held_by(Role.TECH, document.author)
            _tell_returned(kind, work, document, now)
    return work.record


def _there(document: IncidentDocument | None) -> IncidentDocument:
    """The policy has seen it; this says so to whoever calls without one."""
    if document is None:
        raise WrongState(_("Nothing has been written yet."))
    return document


def _name(kind: Kind) -> str:
    return _("contingency plan") if kind is PLAN else _("fault report")


def _ask_for_answer(
    kind: Kind, work: Step[Incident], document: IncidentDocument, now: datetime
) -> None:
    def write() -> tuple[str, str]:
        facts = {"number": work.record.number, "what": _name(kind), "version": document.version}
        return (
            _("%(number)s: the %(what)s is delivered") % facts,
            _("Version %(version)s was delivered. Please accept it or send it back.") % facts,
        )

    key = f"{kind.code}:{document.version}:delivered"
    alerts.tell(work.record, User.objects.holding(Role.MANAGER), key=key, write=write, now=now)


def _tell_returned(
    kind: Kind, work: Step[Incident], document: IncidentDocument, now: datetime
) -> None:
    def write() -> tuple[str, str]:
        facts = {"number": work.record.number, "what": _name(kind), "why": document.answer_opinion}
        return (
            _("%(number)s: the bank sent the %(what)s back") % facts,
            _("The bank says: %(why)s. A new version is expected.") % facts,
        )

    people = [document.author, *alerts.recipients(work.record, level=2, now=now)]
    key = f"{kind.code}:{document.version}:returned"
    alerts.tell(work.record, people, key=key, write=write, now=now, urgent=True)
