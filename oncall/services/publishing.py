"""Publishing a period of a roster from its rotations."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.actors import SystemActor
from accounts.models import User
from audit import services as audit
from calendars.services import current_calendar
from oncall.absence import leave_between, refusal
from oncall.coverage import DAY, coverage, midnight
from oncall.fitness import unfit
from oncall.models import Leave, RotationVersion, Shift
from oncall.proposal import Change, Line, Proposal, propose, still_open
from oncall.rotation import LONGEST_TURN, Configuration, plan
from oncall.services.roster_watch import with_people
from oncall.services.rotations import rotations_in_force
from oncall.services.shift_checks import clash_words, people_problems
from oncall.services.shifts import check_planner, one_planner_at_a_time
from oncall.spans import joined, within
from oncall.standing_in import Availability, with_stand_ins
from workflow.decisions import same_person
from workflow.errors import InvalidInput, StaleVersion

LONGEST_PERIOD = 190


def preview(
    *, roster: str, first: date, last: date, now: datetime, by_hand_too: bool = False
) -> Proposal:
    """What publishing the Beijing days ``first`` to ``last`` would do at ``now`` (UTC) (R11, R14).

    Nothing that has begun changes; a duty that begins in the period is proposed to its end. For
    people on leave the next in the order stand in. With
    ``by_hand_too`` shifts entered by hand are replaced as well. Raises ``InvalidInput`` for a
    period that is over, the wrong way round, or too long.
    """
    start, end = _period(first, last, now)
    version, configuration = rotations_in_force(roster)
    calendar = current_calendar()
    # Whole turns, so that whoever stands in for somebody does not depend on where one starts.
    since, horizon = start - (LONGEST_TURN + 1) * DAY, end + (LONGEST_TURN + 1) * DAY
    planned = plan(configuration, since, horizon, calendar)
    people, leaves = _people(configuration), leave_between(since, horizon)
    around = with_people(list(Shift.objects.touching(start, horizon).order_by("starts_at", "pk")))
    mine = [shift for shift in around if shift.roster == roster and shift.starts_at < end]
    later = [shift for shift in around if shift.roster == roster and shift.starts_at >= end]
    elsewhere = [shift for shift in around if shift.roster != roster]
    duties = with_stand_ins(planned.duties, configuration, _who_can(people, leaves, elsewhere))
    lines, kept, removed = propose(
        duties, [*mine, *later], people, start=start, end=end, by_hand_too=by_hand_too
    )
    _note_problems(lines, roster, elsewhere)
    _note_leave(lines, leaves)
    for line in lines:
        if line.problems:
            line.replaces, removed = [], [*removed, *line.replaces]
    wanted = coverage(roster, start, end, calendar)
    return Proposal(
        start=start, end=end, version=version, lines=lines,
        kept=[shift for shift in kept if shift.starts_at < end], removed=_once(removed, lines),
        gaps=still_open(lines, kept, wanted),
        unknown=tuple(within(planned.unknown, start, end)),
    )  # fmt: skip


def publish(
    *,
    actor: User | SystemActor,
    roster: str,
    first: date,
    last: date,
    now: datetime,
    fingerprint: str | None = None,
    by_hand_too: bool = False,
) -> Proposal:
    """Make the previewed lines shifts, and take back those they replace (R11, R14).

    ``fingerprint`` is that of the preview the person saw: ``StaleVersion`` when publishing would
    do something else by now. Raises ``NotAllowed`` unless a supervisor asks, ``InvalidInput`` as
    ``preview`` does and when there are no rotations. Lines with problems are left open.
    """
    if isinstance(actor, User):
        check_planner(actor)
    with audit.unit_of_work():
        one_planner_at_a_time()
        found = preview(roster=roster, first=first, last=last, now=now, by_hand_too=by_hand_too)
        if not found.version:
            raise InvalidInput({"first": _("There are no rotations for this roster yet.")})
        if fingerprint is not None and fingerprint != found.fingerprint:
            raise StaleVersion
        if found.changes_something:
            _write(found, roster, actor, now)
    return found


def _write(found: Proposal, roster: str, actor: User | SystemActor, now: datetime) -> None:
    changed = [line for line in found.lines if line.change in (Change.NEW, Change.CHANGED)]
    gone = {shift.pk: shift for shift in found.removed}
    gone |= {shift.pk: shift for line in changed for shift in line.replaces}
    Shift.objects.filter(pk__in=gone).delete()
    Shift.objects.bulk_create(
        Shift(
            roster=roster, starts_at=line.starts_at, ends_at=line.ends_at, primary=line.primary,
            backup=line.backup, planned_version=found.version, changed_at=now,
        )
        for line in changed
    )  # fmt: skip
    audit.record(
        actor=actor, action="oncall.roster_published",
        target=RotationVersion.objects.get(roster=roster, version=found.version),
        label=f"{roster} {found.version}", happened_at=now,
        data={
            "roster": roster, "version": found.version,
            "from": found.start, "to": found.end, **found.counts,
            "kept": len(found.kept), "minutes_uncovered": found.minutes_uncovered,
            "written": [_told(line) for line in changed],
            "taken_back": [_told(shift) for shift in gone.values()],
            "stand_ins": [
                [line.starts_at, line.ends_at, [each.audit_name for each in line.instead_of]]
                for line in changed
                if line.instead_of
            ],
        },
    )  # fmt: skip


def _told(stretch: Line | Shift) -> list[Any]:
    backup = stretch.backup.audit_name if stretch.backup else None
    return [stretch.starts_at, stretch.ends_at, stretch.primary.audit_name, backup]


def _period(first: date, last: date, now: datetime) -> tuple[datetime, datetime]:
    if last < first:
        raise InvalidInput({"last": _("The end must come after the start.")})
    if (last - first).days >= LONGEST_PERIOD:
        raise InvalidInput({"last": _("Please publish at most half a year at once.")})
    soonest = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    start, end = max(midnight(first), soonest), midnight(last + DAY)
    if start >= end:
        raise InvalidInput(
            {"last": _("Who was on call stays on record: please choose a time to come.")}
        )
    return start.astimezone(UTC), end.astimezone(UTC)


def _people(configuration: Configuration) -> dict[int, User]:
    rows = User.objects.filter(pk__in=configuration.people).prefetch_related("grants")
    people = {person.pk: person for person in rows}
    for person in people.values():
        person.roles = frozenset(grant.role for grant in person.grants.all())
    return people


def _who_can(people: dict[int, User], leaves: list[Leave], elsewhere: list[Shift]) -> Availability:
    """When the people of the rotations cannot stand."""
    return Availability(
        away={
            pk: joined(
                (each.starts_at, each.ends_at)
                for each in leaves
                if same_person(person, each.person)
            )
            for pk, person in people.items()
        },
        busy={
            pk: joined(
                (shift.starts_at, shift.ends_at)
                for shift in elsewhere
                if any(same_person(person, each) for each in shift.people)
            )
            for pk, person in people.items()
        },
        unfit=frozenset(pk for pk, person in people.items() if unfit(person)),
        humans={pk: person.staff_no for pk, person in people.items() if person.staff_no},
    )


def _note_problems(lines: list[Line], roster: str, elsewhere: list[Shift]) -> None:
    """Who cannot be called, is one human twice, or stands at the other telephone then."""
    for line in lines:
        found = people_problems(roster, line.primary, line.backup)
        line.problems = [
            f"{line.backup.name if lane == 'backup' and line.backup else line.primary.name}: {why}"
            for lane, why in found.items()
        ]
        for other in elsewhere:
            if other.starts_at < line.ends_at and other.ends_at > line.starts_at:
                line.problems += [
                    f"{person.name}: {clash_words(other)}"
                    for person in (line.primary, line.backup)
                    if person and any(same_person(person, each) for each in other.people)
                ]


def _note_leave(lines: list[Line], leaves: list[Leave]) -> None:
    """Who is away then."""
    for line in lines:
        line.problems += [
            refusal(person, leave)
            for leave in leaves
            for person in (line.primary, line.backup)
            if person
            and leave.starts_at < line.ends_at
            and leave.ends_at > line.starts_at
            and same_person(person, leave.person)
        ]


def _once(removed: list[Shift], lines: list[Line]) -> list[Shift]:
    """Each shift once, and none that a line still replaces."""
    replaced = {shift.pk for line in lines for shift in line.replaces}
    return list({shift.pk: shift for shift in removed if shift.pk not in replaced}.values())
