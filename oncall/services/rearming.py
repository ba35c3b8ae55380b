"""A page that was taken while nothing was done about its record since calls again."""

from __future__ import annotations

from datetime import datetime

from accounts.actors import PAGING_ENGINE
from audit import services as audit
from audit.models import Event
from engine.due import claim_due
from oncall.models import Page

BATCH = 20
OWN_ACTS = "oncall."


def rearm_due(now: datetime) -> int:
    """Look at the pages whose time to make progress is over at ``now`` (UTC); returns how many."""
    with audit.unit_of_work():
        taken = Page.objects.filter(state=Page.State.ACKNOWLEDGED)
        pages = claim_due(taken, now=now, due_field="rearm_at", limit=BATCH)
        for page in pages:
            page.rearm_at = None
            if not _somebody_acted(page) and not _is_calling(page):
                _call_again(page, now)
            page.save()
    return len(pages)


def _somebody_acted(page: Page) -> bool:
    """Has a human done anything to the record since the page was taken?"""
    taken = Event.objects.about(page).filter(action="oncall.page_acknowledged").last()
    if taken is None:
        return False
    since = Event.objects.filter(seq__gt=taken.seq, target_label=page.subject, actor_kind="person")
    acts = since.filter(outcome=Event.Outcome.DONE).exclude(action__startswith=OWN_ACTS)
    return acts.exists()


def _is_calling(page: Page) -> bool:
    """Another page about the same record calls already."""
    return Page.objects.filter(subject=page.subject, state=Page.State.OPEN).exists()


def _call_again(page: Page, now: datetime) -> None:
    who = page.acknowledged_by
    page.state, page.next_step_at = Page.State.OPEN, now
    page.acknowledged_at = page.acknowledged_by = None
    page.acknowledged_via = ""
    page.starts = [*page.starts, page.step_index]
    audit.record(
        actor=PAGING_ENGINE, action="oncall.page_rearmed", target=page, label=page.subject,
        happened_at=now, from_state=Page.State.ACKNOWLEDGED, to_state=page.state,
        data={"was_taken_by": who.audit_name if who else ""},
    )  # fmt: skip
