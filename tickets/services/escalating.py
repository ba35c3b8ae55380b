"""A defect turns out to be an emergency: an incident beside it (D32)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets import policies
from tickets.incident_desk import incident_desk
from tickets.models import Defect
from tickets.services.inputs import require
from tickets.services.letters import tell
from workflow.errors import InvalidInput
from workflow.steps import step

SEVERITIES = ("S1", "S2")


def escalate(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    severity: str,
    impact: str,
    incident: str = "",
    version: int | None = None,
) -> Defect:
    """Report an incident for the defect, or join it to an open one of its system (D32).

    ``severity`` "S1" claims the wording of R20, "S2" a serious fault; ``impact`` says what shows
    it. The defect keeps its state. T0 of a new incident is ``now`` (UTC): the defect's own, older
    time was of a minor matter. Raises ``NotAllowed``, ``WrongState``, ``InvalidInput``.
    """
    require([("impact", impact)])
    if severity not in SEVERITIES:
        raise InvalidInput({"severity": _("Only S1 and S2 are emergencies.")})
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.escalate",
        policy=policies.can_escalate, now=now, version=version, opinion=impact.strip(),
        public=True,
    ) as work:  # fmt: skip
        record = work.record
        desk = incident_desk()
        if incident and incident not in [
            each.number for each in desk.open_on(record.managed_object)
        ]:
            raise InvalidInput({"incident": _("Choose an open incident of the same system.")})
        record.incident_number = incident or desk.report(
            record, impact=impact.strip(), claimed_down=severity == "S1", actor=actor, now=now
        )
        desk.note_defect(record.incident_number, record, actor=actor, now=now)
        work.data.update(incident=record.incident_number, severity=severity)
        tell(
            [record.reporter, record.owner, record.assignee], record, event="escalated", now=now,
            subject=_("%(number)s is handled as an emergency"),
            body=_("An incident has been opened for “%(title)s”; the defect goes on beside it."),
        )  # fmt: skip
    return work.record
