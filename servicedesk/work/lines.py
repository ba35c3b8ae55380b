"""How each kind of record becomes a line."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hotline.models import MachineRoomReport
from incidents.models import ImprovementItem, Incident, UpwardReport
from oncall.models import Page
from servicedesk.work.items import Asker, Item
from sla.models import Clock
from sla.panels import clock_view
from tickets.models import (
    Consultation,
    Defect,
    EmergencyRelease,
    EndRequest,
    GroupOpinion,
    SuperiorReport,
)
from workflow.decisions import Text
from workflow.durations import stamp


def defect(row: Defect, asker: Asker) -> Item:
    """A defect."""
    return Item(
        kind=_("Defect"),
        icon="bug",
        number=row.label,
        title=row.title,
        url=reverse("tickets:defect", args=[row.key]),
        state=str(row.state),
        state_label=row.get_state_display(),
        since=row.state_since,
        holder=row.holder,
        holder_role=row.holder_role,
        clock=getattr(row, "target", None),
        next=_deferred(row),
        urgent=row.urgency == Defect.Urgency.S2,
        on_behalf_of=asker.acts_for(row),
    )


def _deferred(row: Defect) -> Text:
    if row.review_at is None:
        return ""
    return format_lazy(_("Review on {day}"), day=stamp(row.review_at, "date"))


def consultation(row: Consultation, asker: Asker) -> Item:
    """A consultation."""
    return Item(
        kind=_("Consultation"),
        icon="messages",
        number=row.number,
        title=row.title,
        url=reverse("tickets:consultation", args=[row.number]),
        state=str(row.state),
        state_label=row.get_state_display(),
        since=row.state_since,
        holder=row.holder,
        holder_role=row.holder_role,
    )


def incident(row: Incident, asker: Asker) -> Item:
    """An incident with the clock that runs out first."""
    return Item(
        kind=_("Incident"),
        icon="urgent",
        number=row.number,
        title=row.title,
        url=reverse("incidents:room", args=[row.number]),
        state=str(row.state),
        state_label=row.get_state_display(),
        since=row.state_since,
        holder=row.holder,
        holder_role=row.holder_role,
        clock=clock_view(next_clock(row), asker.now),
        urgent=row.state in ("reported", "assessing", "declared", "mitigated"),
        drill=row.is_drill,
        on_behalf_of=asker.acts_for(row),
    )


def next_clock(row: Incident) -> Clock | None:
    """The running clock of an incident that is due first; clocks must be prefetched."""
    if row.commitment is None:
        return None
    running = [clock for clock in row.commitment.clocks.all() if clock.state == "running"]
    for clock in running:
        clock.commitment = row.commitment
    return min(running, key=lambda clock: clock.due_at, default=None)


def machine_room(row: MachineRoomReport, asker: Asker) -> Item:
    """A machine-room report."""
    return Item(
        kind=_("Machine-room report"),
        icon="server-2",
        number=row.number,
        title=f"{row.location} · {row.phenomenon}"[:120],
        url=reverse("hotline:machine_room", args=[row.number]),
        state=row.outcome,
        state_label=row.get_outcome_display(),
        since=row.reported_at,
        holder=row.acknowledged_by,
        holder_role="" if row.outcome_at else "oncall",
        urgent=row.outcome == MachineRoomReport.Outcome.PENDING,
        drill=row.is_drill,
    )


def incident_upward(row: UpwardReport, asker: Asker) -> Item:
    """An incident reported upward, waiting in its room for the receipt."""
    return Item(
        kind=_("Report upward"),
        icon="arrow-up",
        number=row.number,
        title=row.incident.title,
        url=reverse("incidents:room", args=[row.incident.number]),
        state=row.state,
        state_label=row.get_state_display(),
        since=row.sent_at,
        holder_role="superior",
        next=_("Acknowledge the report"),
        urgent=True,
    )


def improvement(row: ImprovementItem, asker: Asker) -> Item:
    """An improvement item of a review."""
    late = row.due_at < asker.now
    return Item(
        kind=_("Improvement item"),
        icon="list-check",
        number=row.incident.number,
        title=row.text[:120],
        url=reverse("incidents:room", args=[row.incident.number]),
        state="overdue" if late else "open",
        state_label=_("Overdue") if late else _("Not done yet"),
        since=row.created_at,
        holder=row.owner,
        next=_("Report it as done"),
        urgent=late,
        drill=row.incident.is_drill,
    )


def superior_report(row: SuperiorReport, asker: Asker) -> Item:
    """A report upward, on the page of its defect."""
    return Item(
        kind=_("Report upward"),
        icon="arrow-up",
        number=row.number,
        title=row.defect.title,
        url=reverse("tickets:defect", args=[row.defect.key]),
        state=row.state,
        state_label=row.get_state_display(),
        since=row.sent_at or row.opened_at,
        holder_role="superior" if row.sent_at else "support",
        next=_report_next(row),
        urgent=row.asks_for_decision,
    )


def _report_next(row: SuperiorReport) -> Text:
    if not row.sent_at:
        return _("Report it upward")
    return _("Decide on it") if row.asks_for_decision else _("Acknowledge the report")


def silent_report(row: SuperiorReport, asker: Asker) -> Item:
    """A report upward that nobody has acknowledged for five working days."""
    return Item(
        kind=_("Report upward"),
        icon="arrow-up",
        number=row.number,
        title=row.defect.title,
        url=reverse("tickets:defect", args=[row.defect.key]),
        state="unacknowledged",
        state_label=_("Not acknowledged"),
        since=row.silent_at or row.opened_at,
        holder_role="superior",
        next=_("Remind the superior, or record an acknowledgement outside the desk"),
    )


def group_opinion(row: GroupOpinion, asker: Asker) -> Item:
    """An opinion that a group owes, on the page of the defect."""
    return Item(
        kind=_("Group opinion"),
        icon="message-question",
        number=row.defect.label,
        title=row.defect.title,
        url=reverse("tickets:defect_action", args=[row.defect.key, "answer_group"]),
        state="asked",
        state_label=_("Opinion asked for"),
        since=row.asked_at,
        next=format_lazy(_("Answer for {group}"), group=row.group.label),
    )


def emergency(row: EmergencyRelease, asker: Asker) -> Item:
    """An emergency implementation without its written signature."""
    missing = row.overdue_at is not None
    return Item(
        kind=_("Emergency implementation"),
        icon="alarm",
        number=row.defect.label,
        title=row.defect.title,
        url=reverse("tickets:defect", args=[row.defect.key]),
        state="overdue" if missing else "pending_signoff",
        state_label=_("Signature missing") if missing else _("Signature due"),
        since=row.recorded_at,
        holder_role="supervisor",
        clock={"due_at": row.sign_due_at, "state": "missed" if missing else "running"},
        next=_("Sign it in writing"),
        urgent=True,
    )


def end_request(row: EndRequest, asker: Asker) -> Item:
    """Somebody asks to withdraw or to void a defect."""
    withdraw = row.kind == EndRequest.Kind.WITHDRAW
    return Item(
        kind=row.get_kind_display(),
        icon="message-question",
        number=row.defect.label,
        title=row.defect.title,
        url=reverse("tickets:defect", args=[row.defect.key]),
        state=row.state,
        state_label=row.get_state_display(),
        since=row.asked_at,
        holder_role="support" if withdraw else "supervisor",
        next=_("Agree or decline to withdraw") if withdraw else _("Confirm or decline to void"),
    )


def page(row: Page, asker: Asker) -> Item:
    """A call that nobody has answered yet."""
    return Item(
        kind=_("Page"),
        icon="bell-ringing",
        number=row.subject,
        title=row.title,
        url=reverse("oncall:page", args=[row.pk]),
        state=row.state,
        state_label=row.get_state_display(),
        since=row.started_at,
        holder_role="oncall",
        next=_("Answer the call"),
        urgent=True,
        drill=row.is_drill,
    )


def document(row: Any, asker: Asker) -> Item:
    """A contingency plan or fault report that waits for its release."""
    return Item(
        kind=row._meta.verbose_name,
        icon="file-text",
        number=row.incident.number,
        title=row.incident.title,
        url=reverse("incidents:room", args=[row.incident.number]),
        state="pending_signoff",
        state_label=_("Awaiting release"),
        since=row.written_at,
        holder_role="supervisor",
        clock=clock_view(next_clock(row.incident), asker.now),
        next=_("Release the document"),
        drill=row.incident.is_drill,
    )
