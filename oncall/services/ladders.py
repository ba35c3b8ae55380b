"""Which ladder is in force, and writing a new version of one."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import services as audit
from oncall import ladder
from oncall.models import LadderVersion
from oncall.policies import can_change_ladders
from oncall.services.versions import newest_of, save_next
from workflow.decisions import Text
from workflow.errors import InvalidInput, insist
from workflow.texts import says_something

_FAULTS: dict[str, Text] = {
    "length": _("A ladder has one to eight steps."),
    "target": _("Please say whom each step calls."),
    "wait": _("A step waits between one second and a day."),
    "channels": _("Every step calls by telephone; the other ways come on top."),
    "last": _("The last step is repeated: it calls more than one named person."),
    "limit": _("Only the ladder of machine-room reports may come to an end."),
    "negative": _("Please enter a number that is not negative."),
}


def in_force(urgency: str) -> tuple[int, ladder.Ladder]:
    """Version and ladder for an urgency; version 0 is the one that ships."""
    newest: LadderVersion | None = newest_of(LadderVersion.objects.filter(urgency=urgency))
    if newest is None:
        return 0, ladder.DEFAULTS[urgency]
    return newest.version, newest.ladder


def change_ladder(
    *,
    actor: User,
    urgency: str,
    version: int,
    new: ladder.Ladder,
    reason: str,
    now: datetime,
) -> LadderVersion:
    """Put a new version of a ladder in force; pages that are calling keep theirs (R16).

    ``version`` is the one the person's page showed. Raises ``NotAllowed`` unless a supervisor or
    a system administrator asks, ``StaleVersion`` when somebody was faster, ``InvalidInput`` for a
    ladder on which somebody could be forgotten. ``now`` UTC.
    """
    insist(can_change_ladders(actor))
    wrong: dict[str, Text] = {}
    if not says_something(reason):
        wrong["reason"] = _("Please say why it is changed.")
    if found := ladder.faults(new, urgency):
        wrong["steps"] = _FAULTS[found[0]]
    if any(
        step.person is not None
        and not User.objects.active().exclude(phone="").filter(pk=step.person).exists()
        for step in new.steps
    ):
        wrong["steps"] = _("A named person must be active and have a phone number.")
    if wrong:
        raise InvalidInput(wrong)
    with audit.unit_of_work():
        row = LadderVersion(
            urgency=urgency, steps=new.as_rows(), rounds=new.rounds,
            rearm_seconds=new.rearm_seconds, reason=reason.strip(), created_at=now,
            created_by=actor,
        )  # fmt: skip
        save_next(row, over=LadderVersion.objects.filter(urgency=urgency), seen=version)
        audit.record(
            actor=actor, action="oncall.ladder_changed", target=row, label=str(row),
            happened_at=now, opinion=row.reason, data={"steps": row.steps, "rounds": row.rounds},
        )  # fmt: skip
    return row
