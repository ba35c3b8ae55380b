"""What a person gets besides the calls, for each urgency (R14)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import services as audit
from oncall import ladder
from oncall.models import Reach, Urgency
from oncall.policies import can_try_phone
from workflow.errors import InvalidInput, insist


def reach_of(person: User) -> dict[str, list[str]]:
    """The wishes of a person: channels by urgency, none where nothing was asked for."""
    rows = {row.urgency: row.channels for row in Reach.objects.filter(person=person)}
    return {urgency: list(rows.get(urgency, [])) for urgency in Urgency.values}


def set_reach(
    *, actor: User, wishes: Mapping[str, Collection[str]], now: datetime
) -> dict[str, list[str]]:
    """Keep what the person wants on every rung besides the call; calls are never less (R14).

    ``wishes`` holds channels (``oncall.ladder.WISHES``) by urgency; an urgency that is not named
    stays as it is. Raises ``NotAllowed`` for people who are never called, ``InvalidInput`` for
    names that do not exist. Returns the wishes as they stand. ``now`` UTC.
    """
    insist(can_try_phone(actor))
    for urgency, channels in wishes.items():
        if urgency not in Urgency.values or set(channels) - set(ladder.WISHES):
            raise InvalidInput({"wishes": _("There is no such urgency or channel.")})
    with audit.unit_of_work():
        for urgency, channels in wishes.items():
            kept = [each for each in ladder.WISHES if each in channels]
            row, _created = Reach.objects.update_or_create(
                person=actor, urgency=urgency, defaults={"channels": kept}
            )
            audit.record(
                actor=actor, action="oncall.reach_changed", target=row, label=actor.audit_name,
                happened_at=now, data={"urgency": urgency, "channels": kept},
            )  # fmt: skip
    return reach_of(actor)
