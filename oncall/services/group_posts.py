"""What chat groups read about a page: number, step and names; never what was reported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from notifications import robots
from notifications.groups import post_to_groups
from notifications.models import GroupPost
from oncall.models import Page
from oncall.page_letters import key_of


def post_calling(page: Page, rung: int, named: Sequence[User], *, now: datetime) -> None:
    """A rung was taken on which ``named`` are mentioned in the groups. ``now`` UTC."""
    if named:
        post_to_groups(
            key=key_of(page, rung),
            write=lambda: _("%(subject)s calls for a human, step %(step)s: %(people)s") % {
                "subject": page.subject,
                "step": rung + 1,
                "people": _(", ").join(person.name for person in named),
            },
            url=reverse("oncall:page", args=[page.pk]),
            now=now,
            mentions=named,
            is_drill=page.is_drill,
        )  # fmt: skip


def post_taken(page: Page, person: User, *, now: datetime) -> None:
    """Somebody took the page: groups that read of it learn who. ``now`` UTC."""
    if not robots.configured():
        return
    calls = [key_of(page, rung) for rung in range(page.step_index)]
    if not GroupPost.objects.filter(dedupe_key__in=calls).exists():
        return
    post_to_groups(
        key=f"page:{page.pk}:taken:{len(page.starts)}",
        write=lambda: _("%(subject)s was taken by %(person)s") % {
            "subject": page.subject, "person": person.name,
        },
        url=reverse("oncall:page", args=[page.pk]),
        now=now,
        is_drill=page.is_drill,
    )  # fmt: skip
