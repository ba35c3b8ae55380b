"""Which rotations are in force, and writing a new version of them."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.actors import SystemActor
from accounts.models import User
from audit import services as audit
from calendars.services import current_calendar
from oncall.dates import WRONG_YEAR
from oncall.models import Roster, RotationVersion
from oncall.rotation import WORKING_DAYS, Configuration, Layer, faults, from_row
from oncall.services.shifts import check_planner
from oncall.services.versions import newest_of, save_next
from workflow.decisions import Text
from workflow.errors import InvalidInput
from workflow.texts import says_something

_FAULTS: dict[str, Text] = {
    "layers": _("A roster has at most eight layers."),
    "people": _("Please name one to thirty people."),
    "two_people": _("The on-call mobile needs two different people at every turn."),
    "every_days": _("A turn lasts from one to sixty days."),
    "every_working_days": _("A turn lasts from one to thirty working days."),
    "counts": _("Please choose which days of a turn count."),
    "first_day": WRONG_YEAR,
    "zone": _("There is no such time zone."),
    "weekdays": _("Please choose at least one day of the week."),
    "times": _("Please give both times of day, or neither."),
    "follow": _("Please choose how it follows the working calendar."),
    "hotline_outside": _("The hotline is staffed in working time only."),
}
# Beside which field of its layer a fault is told.
FIELD_OF_FAULT = {
    "two_people": "people", "times": "from_time", "hotline_outside": "follow",
    "every_working_days": "every_days",
}  # fmt: skip


def rotations_in_force(roster: str) -> tuple[int, Configuration]:
    """Version and layers of a roster; version 0 has none."""
    newest: RotationVersion | None = newest_of(RotationVersion.objects.filter(roster=roster))
    if newest is None:
        return 0, Configuration(roster)
    return newest.version, configuration_of(newest)


def configuration_of(version: RotationVersion) -> Configuration:
    """The layers that a version holds."""
    return Configuration(version.roster, tuple(from_row(row) for row in version.layers))


def change_rotations(
    *,
    actor: User | SystemActor,
    roster: str,
    version: int,
    layers: tuple[Layer, ...],
    reason: str,
    now: datetime,
) -> RotationVersion:
    """Put new rotations in force; published shifts stay until somebody publishes anew (R11, R14).

    ``version`` is the one the person's page showed, ``now`` UTC. Raises ``NotAllowed`` unless a
    supervisor asks, ``StaleVersion`` when somebody was faster, ``InvalidInput`` with keys
    ``reason``, ``layers`` or ``layers-2-people`` (numbers from 0) for rotations that cannot be
    put in force.
    """
    if isinstance(actor, User):
        check_planner(actor)
    if wrong := _problems(Configuration(roster, layers), reason):
        raise InvalidInput(wrong)
    with audit.unit_of_work():
        row = RotationVersion(
            roster=roster, layers=[layer.as_row() for layer in layers], reason=reason.strip(),
            created_at=now, created_by_name=actor.audit_name,
        )  # fmt: skip
        save_next(row, over=RotationVersion.objects.filter(roster=roster), seen=version)
        audit.record(
            actor=actor, action="oncall.rotations_changed", target=row, label=str(row),
            happened_at=now, opinion=row.reason,
            data={"roster": roster, "version": row.version, "layers": row.layers},
        )  # fmt: skip
    return row


def _problems(configuration: Configuration, reason: str) -> dict[str, Text]:
    wrong: dict[str, Text] = {}
    if configuration.roster not in Roster.values:
        wrong["roster"] = _("There is no such roster.")
    if not says_something(reason):
        wrong["reason"] = _("Please say why it is changed.")
    for number, code in faults(configuration):
        field = FIELD_OF_FAULT.get(code, code)
        place = code if code == "layers" else f"layers-{number}-{field}"
        wrong.setdefault(place, _FAULTS[code])
    return {**_unknown_years(configuration), **_unknown_people(configuration), **wrong}


def _unknown_people(configuration: Configuration) -> dict[str, Text]:
    known = set(User.objects.active().filter(pk__in=configuration.people).values_list("pk"))
    words = _("Only active people of the service desk can be on call.")
    return {
        f"layers-{number}-{field}": words
        for number, layer in enumerate(configuration.layers)
        for field, people in (("people", layer.people), ("backups", layer.backups))
        if any((pk,) not in known for pk in people)
    }


def _unknown_years(configuration: Configuration) -> dict[str, Text]:
    """Working days are counted from the first day on: its year must be loaded (R11)."""
    years = current_calendar().years
    words = _("Calendar missing: nobody can say what is working time on %(day)s.")
    return {
        f"layers-{number}-first_day": words % {"day": layer.first_day.isoformat()}
        for number, layer in enumerate(configuration.layers)
        if layer.counts == WORKING_DAYS and layer.first_day.year not in years
    }
