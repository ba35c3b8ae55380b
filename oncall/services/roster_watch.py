"""Looking ahead in the roster, and warning of what is wrong before it is too late (R14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import PAGING_ENGINE
from accounts.models import User
from audit import services as audit
from calendars.arithmetic import WorkingCalendar
from calendars.services import current_calendar
from notifications.services import Letter, notify
from oncall.absence import leave_between
from oncall.addresses import roster_at
from oncall.findings import Finding, Kind, findings, two_places
from oncall.models import Leave, Roster, RosterAlert, RosterLook, Shift
from oncall.rota import managers, supervisors
from oncall.services.looks import take_look
from workflow.durations import stamp

ENGINE = "roster"
EVERY = timedelta(minutes=10)
# A shift that is not filled this long before it begins is warned of.
ALERT_AHEAD = timedelta(hours=24)
# What the page shows, and further when the roster is planned further.
LOOK_AHEAD = timedelta(days=7)


def roster_findings(
    now: datetime, ahead: timedelta | None = None, *, rosters: Sequence[str] = tuple(Roster)
) -> list[Finding]:
    """What is wrong from ``now`` (UTC): seven days ahead and to the end of each roster (R11, R14).

    With ``ahead`` no further than that. The number of queries does not grow with the rosters.
    """
    ends = {
        row["roster"]: row["last"]
        for row in Shift.objects.order_by().values("roster").annotate(last=Max("ends_at"))
    }
    until = {
        roster: max(now + LOOK_AHEAD, ends.get(roster, now)) if ahead is None else now + ahead
        for roster in rosters
    }
    shifts = with_people(
        list(Shift.objects.touching(now, max(until.values())).order_by("starts_at", "pk"))
    )
    calendar = current_calendar() if Roster.HOTLINE in rosters else None
    leaves = leave_between(now, max(until.values()))
    found: dict[str, Finding] = {}
    for roster in rosters:
        for each in _of_roster(roster, shifts, now, until[roster], calendar, leaves):
            found.setdefault(f"{each.key}@{each.starts_at}", each)
    for each in two_places(shifts, now, max(until.values()), Roster.ON_CALL):
        if len(rosters) > 1:
            found.setdefault(f"{each.key}@{each.starts_at}", each)
    return sorted(found.values(), key=lambda each: (each.starts_at, each.kind, each.key))


def _of_roster(
    roster: str,
    shifts: list[Shift],
    now: datetime,
    end: datetime,
    calendar: WorkingCalendar | None,
    leaves: list[Leave],
) -> list[Finding]:
    before = Shift.objects.of(roster).filter(ends_at__lte=now).order_by("-ends_at")
    return findings(
        [shift for shift in shifts if shift.roster == roster], now, end,
        covered_until=before.values_list("ends_at", flat=True).first(),
        roster=roster, calendar=calendar, leaves=leaves,
    )  # fmt: skip


def with_people(shifts: list[Shift]) -> list[Shift]:
    """Every person once, with roles, however many shifts they stand."""
    wanted = {pk for shift in shifts for pk in (shift.primary_id, shift.backup_id) if pk}
    people = {
        person.pk: person
        for person in User.objects.filter(pk__in=wanted).prefetch_related("grants")
    }
    for person in people.values():
        person.roles = frozenset(grant.role for grant in person.grants.all())
    for shift in shifts:
        shift.primary, shift.backup = people[shift.primary_id], people.get(shift.backup_id)
    return shifts


def watch_due(now: datetime) -> int:
    """Engine "roster": look at the coming day when a look is due at ``now`` (UTC)."""
    with audit.unit_of_work():
        taken = take_look(RosterLook, now, EVERY)
        if taken:
            _look(now)
    return int(taken)


def looks_waiting(now: datetime) -> int:
    """How many looks are due at ``now`` (UTC) and not done yet (I17)."""
    return RosterLook.objects.filter(next_at__lte=now).count()


def _look(now: datetime) -> None:
    wrong: dict[str, Finding] = {}
    # Looked at further than warned of, so that a gap is told with all its minutes.
    for each in roster_findings(now, LOOK_AHEAD):
        if each.starts_at < now + ALERT_AHEAD:
            wrong.setdefault(each.key, each)  # one uncovered run over two days is one warning
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
        url=roster_at(finding.roster, timezone.localdate(finding.starts_at)),
        now=now,
        urgent=True,
    )


def _letter(finding: Finding) -> Letter:
    values = {
        "what": finding.kind.label, "start": stamp(finding.starts_at),
        "end": stamp(finding.ends_at), "person": finding.person, "minutes": finding.minutes,
    }  # fmt: skip
    if finding.kind == Kind.HOTLINE_GAP:
        body = _(
            "Nobody answers the hotline from %(start)s to %(end)s (%(minutes)s working min). "
            "Please fill the shift."
        )
    elif finding.kind == Kind.NO_CALENDAR:
        body = _(
            "The working calendar is not loaded from %(start)s on: nobody can say who must answer "
            "the hotline. Please have the year's arrangement loaded."
        )
    elif finding.kind == Kind.GAP:
        body = _(
            "Nobody is on call from %(start)s to %(end)s (%(minutes)s min). Please fill the shift."
        )
    else:
        body = _(
            "%(what)s: %(person)s, on call from %(start)s to %(end)s. "
            "Please put somebody else in this place."
        )
    subject = _("Roster, from %(start)s: %(what)s")
    return Letter(subject % values, body % values)
