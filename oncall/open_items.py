"""What is open when duty passes on: each room tells its own (R11, R14).

A room registers a finder when it starts; the on-call room knows nothing of their records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from oncall.findings import Finding
from oncall.models import Page
from oncall.services.roster_watch import roster_findings
from workflow.decisions import Text

# What falls due within this time is the next one's business.
AHEAD = timedelta(hours=8)
FINDINGS_AHEAD = timedelta(hours=48)
MOST_OF_A_KIND = 50


class ItemKind(models.TextChoices):
    """Kinds of open items, in the order of the sheet."""

    INCIDENT = "incident", _("Live incidents")
    PAGE = "page", _("Call-outs nobody has closed")
    TICKET = "ticket", _("Due within the next hours")
    FINDING = "finding", _("To be put right in the roster")


@dataclass(frozen=True)
class OpenItem:
    """One thing that is open: ``due_at`` (UTC) is its next deadline, ``texts`` by language."""

    kind: str
    number: str
    texts: dict[str, str]
    url: str = ""
    due_at: datetime | None = None

    def as_row(self) -> dict[str, Any]:
        """For a frozen sheet."""
        due = self.due_at.isoformat() if self.due_at else None
        return {
            "kind": self.kind, "number": self.number, "texts": self.texts, "url": self.url,
            "due_at": due,
        }  # fmt: skip

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> OpenItem:
        """From a frozen sheet."""
        due = row["due_at"] and parse_datetime(row["due_at"])
        return cls(row["kind"], row["number"], row["texts"], row["url"], due)

    @property
    def text(self) -> str:
        """In the reader's language."""
        own = self.texts.get(translation.get_language() or "")
        return own or self.texts[settings.LANGUAGE_CODE]


# Finder(now, until) → what is open at ``now``, or due before ``until`` (both UTC).
Finder = Callable[[datetime, datetime], Iterable[OpenItem]]
_finders: dict[str, Finder] = {}


def register(name: str, finder: Finder) -> None:
    """Add a finder; called from ``AppConfig.ready``."""
    _finders[name] = finder


def in_languages(write: Callable[[], Text]) -> dict[str, str]:
    """What ``write`` says, in every language of the product: a sheet is read by both."""
    texts = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            texts[code] = str(write())
    return texts


def open_items(now: datetime) -> list[OpenItem]:
    """Everything open at ``now`` (UTC): by kind, then by the next deadline."""
    order = {kind.value: place for place, kind in enumerate(ItemKind)}
    far = now + timedelta(days=36500)
    found = [each for finder in _finders.values() for each in finder(now, now + AHEAD)]
    return sorted(found, key=lambda each: (order[each.kind], each.due_at or far, each.number))


def grouped(items: Iterable[OpenItem]) -> list[tuple[ItemKind, list[OpenItem]]]:
    """For a page: every kind with what is open of it, also when that is nothing."""
    rows = list(items)
    return [(kind, [each for each in rows if each.kind == kind]) for kind in ItemKind]


def open_pages(now: datetime, until: datetime) -> list[OpenItem]:
    """Call-outs that ring, or were taken and not closed within the last day."""
    recent = models.Q(state=Page.State.ACKNOWLEDGED, acknowledged_at__gt=now - timedelta(days=1))
    rows = Page.objects.filter(models.Q(state=Page.State.OPEN) | recent, kind=Page.Kind.ALARM)
    rows = rows.filter(is_drill=False).select_related("acknowledged_by").order_by("started_at")
    return [
        OpenItem(
            ItemKind.PAGE, page.subject, in_languages(partial(_page_words, page)),
            reverse("oncall:page", args=[page.pk]),
        )
        for page in rows[:MOST_OF_A_KIND]
    ]  # fmt: skip


def _page_words(page: Page) -> str:
    taker: User | None = page.acknowledged_by
    if taker is None:
        return f"{page.title} · {page.get_state_display()}"
    return f"{page.title} · {page.get_state_display()}: {taker.name}"


def roster_faults(now: datetime, until: datetime) -> list[OpenItem]:
    """What is wrong with the roster in the coming two days."""
    found = roster_findings(now, FINDINGS_AHEAD)[:MOST_OF_A_KIND]
    return [
        OpenItem(
            ItemKind.FINDING, "", in_languages(partial(_finding_words, each)),
            reverse("oncall:roster"), each.starts_at,
        )
        for each in found
    ]  # fmt: skip


def _finding_words(each: Finding) -> str:
    return " · ".join(filter(None, [each.roster_label, str(each.kind.label), each.person]))
