"""Looking ahead in the roster, and warning of what is wrong before it is too late (R14)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import PAGING_ENGINE
from accounts.models import User
from audit import services as audit
from engine.due import claim_due
from notifications.services import Letter, notify
from oncall.absence import leave_between
from oncall.findings import Finding, Kind, findings
from oncall.models import RosterAlert, RosterLook, Shift
from oncall.rota import managers, supervisors
from workflow.durations import stamp

ENGINE = "roster"
EVERY = timedelta(minutes=10)
# A shift that is not filled this long before it begins is warned of.
ALERT_AHEAD = timedelta(hours=24)
# What the page shows, and further when the roster is planned further.
LOOK_AHEAD = timedelta(days=7)


def roster_findings(now: datetime, ahead: timedelta | None = None) -> list[Finding]:
    """What is wrong from ``now`` (UTC): seven days ahead and to the end of the roster (R14).

    With ``ahead`` no further than that. Six queries however long the roster is.
    """
    last = Shift.objects.order_by("-ends_at").values_list("ends_at", flat=True).first()
    end = now + (ahead or LOOK_AHEAD)
    if ahead is None and last is not None:
        end = max(end, last)
    before = Shift.objects.filter(ends_at__lte=now).order_by("-ends_at")
    return findings(
        _with_people(list(Shift.objects.touching(now, end).order_by("starts_at"))), now, end,
        covered_until=before.values_list("ends_at", flat=True).first(),
        leaves=leave_between(now, end),
    )  # fmt: skip


def _with_people(shifts: list[Shift]) -> list[Shift]:
    """Every person once, with roles, however many shifts they stand."""
    wanted = {shift.primary_id for shift in shifts} | {shift.backup_id for shift in shifts}
    people = {
        person.pk: person
        for person in User.objects.filter(pk__in=wanted).prefetch_related("grants")
    }
    for person in people.values():
        person.roles = frozenset(grant.role for grant in person.grants.all())
    for shift in shifts:
        shift.primary, shift.backup = people[shift.primary_id], people[shift.backup_id]
    return shifts


def watch_due(now: datetime) -> int:
    """Engine "roster": look at the coming day when a look is due at ``now`` (UTC)."""
    if not RosterLook.objects.exists():
        RosterLook.objects.get_or_create(pk=1, defaults={"next_at": now})
    with audit.unit_of_work():
        rows = claim_due(RosterLook.objects.all(), now=now, due_field="next_at", limit=1)
        for row in rows:
            row.next_at = now + EVERY
            row.save(update_fields=["next_at"])
            _look(now)
    return len(rows)


def looks_waiting(now: datetime) -> int:
    """How many looks are due at ``now`` (UTC) and not done yet (I17)."""
    return RosterLook.objects.filter(next_at__lte=now).count()


def _look(now: datetime) -> None:
    wrong = {each.key: each for each in roster_findings(now, ALERT_AHEAD)}
    known = {alert.key: alert for alert in RosterAlert.objects.filter(settled_at=None)}
    for key, alert in known.items():
        if key not in wrong:
            alert.settled_at = now
            alert.save(update_fields=["settled_at"])
    for key, finding in wrong.items():
        if key not in known:
            _warn(finding, now)


def _warn(finding: Finding, now: datetime) -> None:
    alert = RosterAlert.objects.create(
        key=finding.key, kind=finding.kind.value, person=finding.person,
        starts_at=finding.starts_at, raised_at=now,
    )  # fmt: skip
    audit.record(
        actor=PAGING_ENGINE, action="oncall.roster_alert", target=alert, label=finding.key[:120],
        happened_at=now,
        data={"kind": finding.kind.value, "from": finding.starts_at, "to": finding.ends_at},
    )  # fmt: skip
    notify(
        recipients=supervisors() or managers(),
        key=f"roster-alert:{alert.pk}",
        write=lambda _person: _letter(finding),
        url=reverse("oncall:roster"),
        now=now,
        urgent=True,
    )


def _letter(finding: Finding) -> Letter:
    values = {
        "what": finding.kind.label, "start": stamp(finding.starts_at),
        "end": stamp(finding.ends_at), "person": finding.person, "minutes": finding.minutes,
    }  # fmt: skip
    if finding.kind == Kind.GAP:
        body = _("Nobody is on call from %(start)s (%(minutes)s min). Please fill the shift.")
    else:
        body = _(
            "%(what)s: %(person)s, on call from %(start)s to %(end)s. "
            "Please put somebody else in this place."
        )
    subject = _("Roster, from %(start)s: %(what)s")
    return Letter(subject % values, body % values)
