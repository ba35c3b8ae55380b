"""Defects that fall due soon, for the handover sheet of whoever goes off duty (R11)."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.urls import reverse

from oncall.open_items import MOST_OF_A_KIND, ItemKind, OpenItem, in_languages
from sla.models import TargetClock
from tickets import targets


def due_soon(now: datetime, until: datetime) -> list[OpenItem]:
    """Running internal targets that end before ``until`` (UTC), overdue ones first."""
    rows = TargetClock.objects.filter(
        kind=targets.KIND, state=TargetClock.State.RUNNING, due_at__lt=until
    ).order_by("due_at")
    return [
        OpenItem(
            ItemKind.TICKET, clock.subject,
            in_languages(partial(_words, clock)),
            clock.url or reverse("tickets:defect", args=[clock.subject]), clock.due_at,
        )
        for clock in rows[:MOST_OF_A_KIND]
    ]  # fmt: skip


def _words(clock: TargetClock) -> str:
    return f"{clock.title} · {clock.get_step_display()}"
