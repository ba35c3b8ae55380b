"""Filling a stretch of a roster by hand, whatever stands in it already."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from audit import services as audit
from calendars.services import current_calendar
from oncall.coverage import coverage
from oncall.gaps import Gap
from oncall.models import LANES, Roster, Shift
from oncall.services.replacing import put_in
from oncall.services.shifts import add_shift, check_planner, one_planner_at_a_time
from workflow.decisions import Text
from workflow.durations import stamp
from workflow.errors import InvalidInput
from workflow.texts import says_something


def fill_stretch(
    *,
    actor: User,
    roster: str,
    starts_at: datetime,
    ends_at: datetime,
    primary: User | None,
    backup: User | None,
    reason: str,
    now: datetime,
) -> list[Shift]:
    """Put people on a roster for a stretch (UTC): override what is there, fill what is open.

    Whoever is not named stays. On the hotline only working time is filled. Raises ``NotAllowed``
    unless a supervisor asks, and ``InvalidInput`` by field for a stretch that is past or empty, a
    gap for which not everybody is named, an override without a reason, and all that speaks against
    a shift (R11, R14). All of it or nothing.
    """
    check_planner(actor)
    named = {lane: who for lane, who in (("primary", primary), ("backup", backup)) if who}
    if wrong := _problems(named, starts_at, ends_at, now):
        raise InvalidInput(wrong)
    with audit.unit_of_work():
        one_planner_at_a_time()
        there = list(
            Shift.objects.visible_to(actor).of(roster).touching(starts_at, ends_at)
            .select_related("primary", "backup").order_by("starts_at")
        )  # fmt: skip
        empty = _open(roster, starts_at, ends_at, there)
        if wrong := _cannot(roster, there, empty, named, reason):
            raise InvalidInput(wrong)
        written = [
            put_in(
                shift=shift, people=others, starts_at=max(starts_at, shift.starts_at),
                ends_at=min(ends_at, shift.ends_at), actor=actor, reason=reason, now=now,
            )
            for shift in there
            if (others := _others(shift, named))
        ]  # fmt: skip
        written += [
            add_shift(
                actor=actor, roster=roster, starts_at=gap.starts_at, ends_at=gap.ends_at,
                primary=named["primary"], backup=backup,
            )
            for gap in empty
        ]  # fmt: skip
        if not written:
            raise InvalidInput({"starts_at": _("They already stand there.")})
    return written


def _problems(
    named: dict[str, User], starts_at: datetime, ends_at: datetime, now: datetime
) -> dict[str, Text]:
    if not named:
        return {"primary": _("Please name somebody.")}
    if ends_at <= starts_at:
        return {"ends_at": _("The end must come after the start.")}
    if starts_at < now:
        return {"starts_at": _("Who was on call stays on record: please choose a time to come.")}
    return {}


def _open(roster: str, starts_at: datetime, ends_at: datetime, there: list[Shift]) -> list[Gap]:
    """What of the stretch must be covered and is not."""
    calendar = current_calendar() if roster == Roster.HOTLINE else None
    wanted = coverage(roster, starts_at, ends_at, calendar)
    if wanted.unknown:
        words = _("Calendar missing: nobody can say what is working time on %(day)s.")
        raise InvalidInput({"starts_at": words % {"day": stamp(wanted.unknown[0][0], "date")}})
    if not wanted.wanted and not there:
        raise InvalidInput({"starts_at": _("There is no working time in this stretch.")})
    return wanted.gaps([(shift.starts_at, shift.ends_at) for shift in there])


def _cannot(
    roster: str, there: list[Shift], empty: list[Gap], named: dict[str, User], reason: str
) -> dict[str, Text]:
    if there and not says_something(reason):
        words = _("Overlaps with the shift of %(person)s.") % {"person": there[0].primary.name}
        return {"reason": f"{words} {_('Please say why somebody else stands in.')}"}
    needed = LANES if roster == Roster.ON_CALL else LANES[:1]
    missing = [lane for lane in needed if lane not in named]
    if empty and missing:
        words = _("Nobody is rostered from %(start)s to %(end)s: please name somebody here too.")
        span = {"start": stamp(empty[0].starts_at), "end": stamp(empty[0].ends_at)}
        return {missing[0]: words % span}
    return {}


def _others(shift: Shift, named: dict[str, User]) -> dict[str, User]:
    """Those named who do not stand there already."""
    return {
        lane: person for lane, person in named.items() if getattr(shift, f"{lane}_id") != person.pk
    }
