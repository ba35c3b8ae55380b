"""What speaks against a shift."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from calendars.services import current_calendar
from oncall.absence import absent, refusal
from oncall.coverage import coverage
from oncall.fitness import unfit
from oncall.models import LANES, Roster, Shift
from workflow.decisions import Text, same_person
from workflow.durations import stamp


def problems(
    roster: str, starts_at: datetime, ends_at: datetime, primary: User, backup: User | None
) -> dict[str, Text]:
    """Why these people cannot stand from one instant to another (UTC), by field (R11, R14)."""
    wrong = people_problems(roster, primary, backup)
    if ends_at <= starts_at:
        return {"ends_at": _("The end must come after the start."), **wrong}
    if reason := _outside_working_time(roster, starts_at, ends_at):
        wrong.setdefault("starts_at", reason)
    if wrong:
        return wrong
    if other := Shift.objects.of(roster).touching(starts_at, ends_at).first():
        words = _("Overlaps with the shift of %(person)s.") % {"person": other.primary.name}
        return {"starts_at": words}
    return clashes({"primary": primary, "backup": backup}, starts_at, ends_at)


def people_problems(roster: str, primary: User, backup: User | None) -> dict[str, Text]:
    """Two people for the mobile, one or two for the hotline, each of whom can be called."""
    wrong: dict[str, Text] = {}
    if backup is None and roster == Roster.ON_CALL:
        wrong["backup"] = _("The on-call mobile needs a backup.")
    if same_person(primary, backup):
        wrong["backup"] = _("Primary and backup must be two people.")
    for lane, person in (("primary", primary), ("backup", backup)):
        if lane not in wrong and person is not None and (problem := unfit(person)):
            wrong[lane] = problem.label
    return wrong


def clashes(
    people: Mapping[str, User | None], starts_at: datetime, ends_at: datetime, *, but: int = 0
) -> dict[str, Text]:
    """Who of them is on leave, or stands in another shift then of either roster, by lane (R11).

    ``but`` is the primary key of the shift that does not count.
    """
    found: dict[str, Text] = {}
    for lane, person in people.items():
        if person is not None and (leave := absent(person, starts_at, ends_at)):
            found[lane] = refusal(person, leave)
    others = Shift.objects.touching(starts_at, ends_at).exclude(pk=but)
    for other in others.select_related("primary", "backup").order_by("starts_at"):
        for lane in LANES:
            person = people.get(lane)
            if any(same_person(person, another) for another in other.people):
                found.setdefault(lane, clash_words(other))
    return found


def clash_words(other: Shift) -> Text:
    """That somebody already stands in ``other``."""
    return _("Already in a shift then: %(roster)s, %(start)s – %(end)s.") % {
        "roster": other.get_roster_display(),
        "start": stamp(other.starts_at),
        "end": stamp(other.ends_at),
    }


def _outside_working_time(roster: str, starts_at: datetime, ends_at: datetime) -> Text | None:
    if roster != Roster.HOTLINE:
        return None
    wanted = coverage(roster, starts_at, ends_at, current_calendar())
    if wanted.unknown:
        return _("Calendar missing: nobody can say what is working time on %(day)s.") % {
            "day": stamp(wanted.unknown[0][0], "date")
        }
    outside = wanted.outside((starts_at, ends_at))
    if not outside:
        return None
    words = _("The hotline is staffed in working time only; not working time: %(start)s – %(end)s.")
    return words % {"start": stamp(outside[0][0]), "end": stamp(outside[0][1])}
