"""What the incident room shows to one person at one moment."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from incidents import fault_types, panels, policies, waiting_alerts
from incidents.actions import INCIDENT_ACTIONS, TIMELINE_LABELS
from incidents.alerts import room_url
from incidents.documents import documents_of
from incidents.duties import next_duty
from incidents.models import Incident, RecoveryDocument
from incidents.moment_line import moment_line
from oncall.models import Page
from oncall.rota import on_call
from sla.models import Alert, Clock, Milestone
from sla.panels import LABELS, clock_view, milestone_label
from sla.schedule import BREACH, DUTY_OPENED
from workflow.actions import Offer
from workflow.durations import stamp
from workflow.timeline import Entry, entries

# Acts at the head of the page; the others stand with what they are about.
HEAD = (
    "acknowledge", "declare_s1", "declare_lower", "dismiss", "resolve", "mitigate",
    "lose_mitigation", "raise_to_s1", "confirm", "reject_recovery", "begin_review", "close",
    "downgrade", "merge", "recur",
)  # fmt: skip
PLAN_ACTS = ("write_plan", "release_plan", "deliver_plan", "accept_plan", "return_plan")
REPORT_ACTS = (
    "write_report", "release_report", "deliver_report", "accept_report", "return_report",
)  # fmt: skip
RECOVERY_ACTS = ("issue_recovery",)
IMPACT_ACTS = ("record_impact", "decide_grade")
T0_ACTS = (
    "move_t0_earlier", "ask_t0_later", "confirm_t0_later", "refuse_t0_later", "note_outside_time",
)  # fmt: skip
UPWARD_ACTS = ("report_upward", "acknowledge_upward")
REVIEW_ACTS = ("add_improvement", "finish_improvement")
PROTECTION_ACTS = ("protect_data", "waive_protection")


@dataclass(frozen=True)
class Tile:
    """One of the three big countdowns; ``clock`` None: it has not begun, or was never promised."""

    title: str
    clock: dict[str, Any] | None
    note: str
    still: str = ""


def latest_clocks(incident: Incident) -> dict[str, Clock]:
    """The incident's clocks by kind, of several REPORT runs the last."""
    if incident.commitment is None:
        return {}
    rows = incident.commitment.clocks.select_related("commitment__agreement").order_by("run")
    return {clock.kind: clock for clock in rows}


def live(incident: Incident, user: User, now: datetime, act_url: Callable[[str], str]) -> Any:
    """Everything in the room that changes while people look at it; ``now`` UTC."""
    clocks = latest_clocks(incident)
    offers = {
        offer.action.code: offer for offer in INCIDENT_ACTIONS.offers(user, incident, act_url)
    }
    pages = calls(incident) if user.is_desk else []
    return {
        "incident": incident,
        "drill": incident.is_drill,
        "tiles": tiles(incident, clocks, now),
        "line": moment_line(incident, clocks.values(), now),
        "duty": (duty := next_duty(incident, clocks, now)),
        "duty_offer": offers.get(duty.action),
        # The next duty is the first act at the head too.
        "offers": _pick(offers, dict.fromkeys((duty.action, *HEAD))),
        "plan_offers": _pick(offers, PLAN_ACTS),
        "report_offers": _pick(offers, REPORT_ACTS),
        "protection_offers": _pick(offers, PROTECTION_ACTS),
        "recovery_offers": _pick(offers, RECOVERY_ACTS),
        "impact_offers": _pick(offers, IMPACT_ACTS),
        "t0_offers": _pick(offers, T0_ACTS),
        "upward_offers": _pick(offers, UPWARD_ACTS),
        "review_offers": _pick(offers, REVIEW_ACTS),
        "alert": waiting_alerts.in_room(incident) if user.is_desk else None,
        "alert_offer": offers.get("see_alert"),
        "alert_seen": waiting_alerts.last_seen(incident) if user.is_desk else "",
        "note_offer": offers.get("note"),
        "calls": pages,
        "duty_people": on_call(now) if user.is_desk else None,
        "moments": moments(incident, user),
        "plans": documents_of(incident.contingencyplans, user),
        "reports": documents_of(incident.faultreports, user, resolved_at=incident.resolved_at),
        "protections": _protections(incident) if user.is_desk else [],
        "recoveries": recoveries(incident) if user.is_desk else [],
        "facts": facts(incident),
        "impact": panels.impact(incident),
        "grade": panels.grade(incident, now),
        "t0_changes": panels.t0_changes(incident) if user.is_desk else [],
        "outside": panels.outside(incident),
        "upward": policies.upward_report(incident),
        "review": panels.review(incident, now) if user.is_desk else None,
        "links": panels.links(incident, user),
        "poll_seconds": 2 if incident.is_drill else 3,
        "seen": fingerprint(incident, now),
    }


def chips(incident: Incident, now: datetime) -> list[dict[str, Any] | None]:
    """The clocks for the holder line of an act's page."""
    return [clock_view(clock, now) for clock in latest_clocks(incident).values()]


def _pick(offers: dict[str, Offer], codes: Iterable[str]) -> list[Offer]:
    return [offers[code] for code in codes if code in offers]


def fingerprint(incident: Incident, now: datetime) -> str:
    """Changes when the room has something new to show, and once a minute for its relative times."""
    pages = Page.objects.filter(subject=incident.number)
    parts: list[object] = [
        get_language(),
        incident.row_version,
        int(now.timestamp()) // 60,
        list(pages.order_by("pk").values_list("pk", "state")),
        list(pages.order_by("attempts__pk").values_list("attempts__pk", "attempts__state")),
    ]
    if incident.commitment_id:
        clocks = Clock.objects.filter(commitment_id=incident.commitment_id)
        parts += [
            list(clocks.order_by("pk").values_list("pk", "state", "breached_at")),
            Milestone.objects.filter(clock__commitment_id=incident.commitment_id).count(),
            list(
                Alert.objects.filter(commitment_id=incident.commitment_id)
                .order_by("pk")
                .values_list("pk", "code", "repeats", "ended_at")
            ),
        ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def tiles(incident: Incident, clocks: dict[str, Clock], now: datetime) -> list[Tile]:
    """FIX, PLAN and REPORT, also before they begin."""
    return [
        _tile(kind, incident, clocks.get(kind), now)
        for kind in (Clock.Kind.FIX, Clock.Kind.PLAN, Clock.Kind.REPORT)
    ]


def _tile(kind: Clock.Kind, incident: Incident, clock: Clock | None, now: datetime) -> Tile:
    title = str(LABELS[kind])
    if incident.is_drill:
        title = _("Drill") + f" · {title}"
    if clock is not None:
        return Tile(title, clock_view(clock, now), _clock_note(clock))
    if incident.commitment_id or not incident.severity:
        if kind == Clock.Kind.REPORT:
            return Tile(title, None, _("24 hours from the resolution"), _("Not begun"))
        if incident.state in (Incident.State.REPORTED, Incident.State.ASSESSING):
            note = _("Begins with the declaration of S1 and counts from T0")
            return Tile(title, None, note, _("Not begun"))
    return Tile(title, None, _("The contract sets limits for system down (S1) only"))


def _clock_note(clock: Clock) -> str:
    times = {"time": stamp(clock.stopped_at or clock.opened_at or clock.origin, "s")}
    if clock.state == Clock.State.RUNNING:
        if clock.kind == Clock.Kind.PLAN:
            return _("Duty since %(time)s") % times if clock.opened_at else _("Owed if not fixed")
        return _("Counts from %(time)s") % times
    if clock.state in (Clock.State.MET, Clock.State.MISSED):
        return _("Stopped at %(time)s") % times
    return _("No longer needed since %(time)s") % times


# --- who was called ---------------------------------------------------------------------------
def calls(incident: Incident) -> list[dict[str, Any]]:
    """Pages about the incident with every attempt to reach somebody, newest page first."""
    reasons = {
        "reported": _("First call"),
        "fix_breach": _("Fix overdue"),
        "plan_duty": _("Contingency plan owed"),
        "plan_breach": _("Contingency plan overdue"),
    }
    pages = (
        Page.objects.filter(subject=incident.number)
        .select_related("acknowledged_by")
        .prefetch_related("attempts__person")
    )
    return [
        {
            "page": page,
            "reason": reasons.get(page.key.rpartition(":")[2], page.title),
            "attempts": list(page.attempts.all()),
        }
        for page in pages
    ]


# --- timeline ---------------------------------------------------------------------------------
def moments(incident: Incident, user: User) -> list[Entry]:
    """Acts, milestones and, for the desk, rows of the recovery document; newest first."""
    told = entries(incident, user=user, labels=TIMELINE_LABELS)
    told += _milestones(incident)
    if user.is_desk:
        told += [
            Entry(
                at=row.happened_at,
                title=row.action,
                person=row.operator.name,
                text=row.result,
                internal=True,
            )
            for row in incident.recovery_entries.select_related("operator")
        ]
    return sorted(told, key=lambda entry: entry.at, reverse=True)


def _milestones(incident: Incident) -> list[Entry]:
    if incident.commitment_id is None:
        return []
    rows = Milestone.objects.filter(clock__commitment_id=incident.commitment_id)
    tones = {BREACH: "late", DUTY_OPENED: "warn"}
    return [
        Entry(
            at=row.due_at,
            title=_("%(clock)s: %(what)s")
            % {"clock": LABELS[Clock.Kind(row.clock.kind)], "what": milestone_label(row.code)},
            person=_("Clock"),
            text=_("Told late, at %(time)s") % {"time": stamp(row.fired_at, "s")}
            if row.late
            else "",
            tone=tones.get(row.code, "info"),
        )
        for row in rows.select_related("clock")
    ]


# --- facts ------------------------------------------------------------------------------------
def facts(incident: Incident) -> list[tuple[str, Any]]:
    """What is known, with the times to the second."""
    rows: list[tuple[str, Any]] = [
        (_("System"), incident.managed_object.label),
        (_("Reporting unit"), incident.unit.label),
        (_("Reported by"), incident.reporter_name),
        (_("Occurred at"), _time(incident.occurred_at)),
        (_("First reported at (T0)"), _time(incident.first_contact_at)),
        (_("Taken over"), _who(incident.acknowledged_by, incident.acknowledged_at)),
        (_("Declared"), _who(incident.declared_by, incident.declared_at)),
        (_("Business impact"), incident.business_impact or incident.assessment),
    ]
    if incident.mitigated_at:
        rows += [
            (_("Business restored since"), _time(incident.mitigated_at)),
            (_("Workaround"), incident.mitigation_method),
            (_("Limits of the workaround"), incident.mitigation_limits),
        ]
    if incident.resolved_at:
        rows += _resolution(incident)
    return rows


def _resolution(incident: Incident) -> list[tuple[str, Any]]:
    return [
        (_("Resolved"), _who(incident.resolved_by, incident.resolved_at)),
        (_("Resolution method"), incident.resolution_method),
        (_("Fault type"), fault_types.label(incident.fault_type)),
        (_("Fault point"), _time(incident.fault_point_at)),
        (_("Restored to the state of"), _time(incident.restored_to_at)),
        (_("Data gap, minutes"), incident.data_gap_minutes),
        (_("Recovery result"), incident.get_recovery_result_display()),
        (_("Recovery confirmed"), _who(incident.confirmed_by, incident.confirmed_at)),
    ]


def recoveries(incident: Incident) -> list[RecoveryDocument]:
    """Versions of the recovery document with their files, latest first."""
    rows = incident.recovery_documents.select_related("author").prefetch_related("files")
    return list(rows.order_by("-version"))


def _protections(incident: Incident) -> list[Any]:
    return list(incident.data_protections.select_related("operator", "verified_by"))


def _time(value: datetime | None) -> str:
    return stamp(value, "s") if value else ""


def _who(person: User | None, at: datetime | None) -> str:
    if at is None:
        return ""
    return f"{person.name} · {_time(at)}" if person else _time(at)


__all__ = [
    "calls",
    "chips",
    "facts",
    "fingerprint",
    "latest_clocks",
    "live",
    "moments",
    "room_url",
    "tiles",
]
