"""A page whose ladder has an end, and has come to it."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import PAGING_ENGINE
from audit import services as audit
from notifications.services import Letter, notify
from oncall import rota
from oncall.models import Page
from oncall.services.attempts import stop_calling


def give_up(page: Page, *, now: datetime) -> None:
    """Stop calling; supervisors and managers are told that nobody answered. The page is locked."""
    page.state, page.closed_at, page.next_step_at = Page.State.CLOSED, now, None
    page.save(update_fields=["state", "closed_at", "next_step_at"])
    stop_calling(page, now=now)
    audit.record(
        actor=PAGING_ENGINE, action="oncall.page_given_up", target=page, label=page.subject,
        happened_at=now, from_state=Page.State.OPEN, to_state=page.state,
    )  # fmt: skip
    if page.kind == Page.Kind.TEST:
        return
    notify(
        recipients=[*rota.supervisors(), *rota.managers()],
        key=f"page:{page.pk}:given-up:{page.step_index}",
        write=lambda _person: Letter(
            _("Nobody answered: %(title)s") % {"title": page.title},
            _("The ladder was climbed to its end. Please see to it yourself."),
        ),
        url=reverse("oncall:page", args=[page.pk]),
        now=now,
        urgent=True,
        is_drill=page.is_drill,
    )
