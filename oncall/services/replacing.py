"""Somebody else stands in for part or all of a shift."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from audit import services as audit
from oncall.fitness import unfit
from oncall.models import LANES, Shift
from oncall.services.locking import locked_row
from oncall.services.shift_checks import clashes
from oncall.services.shifts import check_planner, note, one_planner_at_a_time
from oncall.services.swap_endings import end_broken_offers
from workflow.decisions import Text, same_person
from workflow.errors import InvalidInput
from workflow.texts import says_something


def replace_on_shift(
    *,
    shift: Shift,
    lane: str,
    person: User,
    starts_at: datetime,
    ends_at: datetime,
    actor: User,
    reason: str,
    now: datetime,
) -> Shift:
    """A supervisor puts somebody else in one place of a shift; returns the part that changed (R14).

    For all of it or for a part: what was before and after stays, as shifts of their own. Times UTC.
    Raises ``NotAllowed`` unless a supervisor asks, ``NotFound`` when the shift is gone, and
    ``InvalidInput`` for time that is past or outside the shift, somebody who cannot be called, one
    human in both places or in two shifts at once, and a missing reason.
    """
    check_planner(actor)
    with audit.unit_of_work():
        one_planner_at_a_time()
        return stand_in(
            shift=shift, lane=lane, person=person, starts_at=starts_at, ends_at=ends_at,
            actor=actor, reason=reason, now=now,
        )  # fmt: skip


def stand_in(
    *,
    shift: Shift,
    lane: str,
    person: User,
    starts_at: datetime,
    ends_at: datetime,
    actor: User,
    reason: str,
    now: datetime,
    action: str = "oncall.shift_replaced",
) -> Shift:
    """As ``replace_on_shift``, for services that have asked a policy of their own.

    Call it in a unit of work, after ``one_planner_at_a_time``. ``action`` names the audit event.
    """
    if lane not in LANES:
        raise InvalidInput({"lane": _("Please choose primary or backup.")})
    try:
        return put_in(
            shift=shift, people={lane: person}, starts_at=starts_at, ends_at=ends_at, actor=actor,
            reason=reason, now=now, action=action,
        )  # fmt: skip
    except InvalidInput as refusal:
        named = {"person" if key in LANES else key: why for key, why in refusal.fields.items()}
        raise InvalidInput(named) from None


def put_in(
    *,
    shift: Shift,
    people: Mapping[str, User],
    starts_at: datetime,
    ends_at: datetime,
    actor: User,
    reason: str,
    now: datetime,
    action: str = "oncall.shift_replaced",
) -> Shift:
    """As ``stand_in``, for one place or both at once: ``people`` by lane, which names a fault."""
    return put_in_locked(
        locked_row(shift, actor), people=people, starts_at=starts_at, ends_at=ends_at, actor=actor,
        reason=reason, now=now, action=action,
    )  # fmt: skip


def put_in_locked(
    locked: Shift,
    *,
    people: Mapping[str, User],
    starts_at: datetime,
    ends_at: datetime,
    actor: User,
    reason: str,
    now: datetime,
    action: str,
) -> Shift:
    """As ``put_in``, for a row that the caller has locked and may change."""
    wrong = _time_problems(locked, starts_at, ends_at, now) or _people_problems(
        locked, people, starts_at, ends_at
    )
    if not says_something(reason):
        wrong["reason"] = _("Please say why somebody else stands in.")
    if wrong:
        raise InvalidInput(wrong)
    whole = (locked.starts_at, locked.ends_at)
    before = {lane: getattr(locked, lane) for lane in people}
    changed = _cut_out(locked, starts_at, ends_at, now)
    for lane, person in people.items():
        setattr(changed, lane, person)
    changed.planned_version = None
    changed.keep(now, *people, "planned_version")
    note(
        changed, action, actor, opinion=reason.strip(), part=", ".join(people),
        shift_from=whole[0], shift_to=whole[1], handed_from=_names(before.values()),
        handed_to=_names(people.values()),
    )  # fmt: skip
    end_broken_offers(now)
    return changed


def _names(people: Iterable[User | None]) -> str:
    return ", ".join(person.audit_name for person in people if person)


def _people_problems(
    shift: Shift, people: Mapping[str, User], starts_at: datetime, ends_at: datetime
) -> dict[str, Text]:
    after = {lane: people.get(lane, getattr(shift, lane)) for lane in LANES}
    wrong: dict[str, Text] = {}
    for lane, person in people.items():
        if same_person(person, getattr(shift, lane)):
            wrong[lane] = _("This person already stands there.")
        elif same_person(after["primary"], after["backup"]):
            wrong[lane] = _("Primary and backup must be two people.")
        elif problem := unfit(person):
            wrong[lane] = problem.label
    return wrong or clashes(people, starts_at, ends_at, but=shift.pk)


def _time_problems(
    shift: Shift, starts_at: datetime, ends_at: datetime, now: datetime
) -> dict[str, Text]:
    if ends_at <= starts_at:
        return {"ends_at": _("The end must come after the start.")}
    if starts_at < shift.starts_at:
        return {"starts_at": _("The shift begins later than this.")}
    if ends_at > shift.ends_at:
        return {"ends_at": _("The shift ends earlier than this.")}
    if starts_at < now:
        return {"starts_at": _("Who was on call stays on record: please choose a time to come.")}
    return {}


def _cut_out(shift: Shift, starts_at: datetime, ends_at: datetime, now: datetime) -> Shift:
    """Shorten ``shift`` to what is left of it before, and give back the part in between.

    A shift that is not shortened at its beginning is itself the part: its key stays.
    """
    if ends_at < shift.ends_at:
        _copy(shift, ends_at, shift.ends_at, now)
        shift.ends_at = ends_at
        shift.keep(now, "ends_at")
    if starts_at == shift.starts_at:
        return shift
    shift.ends_at = starts_at
    shift.keep(now, "ends_at")
    return _copy(shift, starts_at, ends_at, now)


def _copy(shift: Shift, starts_at: datetime, ends_at: datetime, now: datetime) -> Shift:
    made: Shift = Shift.objects.create(
        roster=shift.roster, starts_at=starts_at, ends_at=ends_at, primary=shift.primary,
        backup=shift.backup, planned_version=shift.planned_version, changed_at=now,
    )  # fmt: skip
    return made
