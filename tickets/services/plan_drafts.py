"""An assignee's plan before it is sent: kept on the server, seen by the desk (D8, D11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets import current, policies
from tickets.models import Defect, SolutionDraft
from workflow.errors import InvalidInput
from workflow.steps import step


def save_plan(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    content: Mapping[str, Any],
    version: int | None = None,
) -> Defect:
    """Keep what has been written of the plan so far; ``content`` is JSON, empty parts allowed."""
    written = {name: value for name, value in content.items() if value not in ("", None, [])}
    if not written:
        raise InvalidInput({"measures": _("There is nothing to keep yet.")})
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.save_plan",
        policy=policies.can_process, now=now, version=version,
    ) as work:  # fmt: skip
        record = work.record
        draft = current.plan_draft(record) or SolutionDraft(defect=record)
        draft.author, draft.route = actor, record.state
        draft.content, draft.saved_at = written, now
        draft.save()
    return work.record
