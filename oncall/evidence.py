"""A page as evidence: every attempt with its times, as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from oncall.models import Page
from oncall.page_letters import written

# A cell that begins like this would be run as a formula.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    "rung", "person", "channel", "phone", "provider", "provider_id", "queued_at", "sent_at",
    "placed_at", "answered_at", "ended_at", "result", "digits", "tries", "error", "text",
)  # fmt: skip


def rows(page: Page) -> list[dict[str, Any]]:
    """One row per attempt and message, in order, with everything that is known of it."""
    found = sorted([*_attempts(page), *_letters(page)], key=lambda row: row["queued_at"])
    return [{"number": index + 1, **row} for index, row in enumerate(found)]


def _attempts(page: Page) -> list[dict[str, Any]]:
    return [
        {
            "rung": attempt.rung + 1,
            "person": attempt.person.audit_name,
            "channel": attempt.get_channel_display(),
            "phone": attempt.number,
            "provider": attempt.provider,
            "provider_id": attempt.provider_id,
            "queued_at": attempt.created_at,
            "sent_at": attempt.sent_at,
            "placed_at": attempt.placed_at,
            "answered_at": attempt.answered_at,
            "ended_at": attempt.ended_at,
            "result": attempt.get_state_display(),
            "digits": attempt.digits,
            "tries": attempt.tries,
            "error": attempt.error,
            "text": attempt.text,
        }
        for attempt in page.attempts.select_related("person").order_by("created_at", "pk")
    ]


def _letters(page: Page) -> list[dict[str, Any]]:
    """They have no telephone and no provider's id."""
    return [
        {
            **dict.fromkeys(COLUMNS),
            "rung": each.rung + 1,
            "person": each.who,
            "channel": each.channel,
            "queued_at": each.created_at,
            "sent_at": each.sent_at,
            "result": each.result,
            "tries": each.tries,
            "error": each.error,
            "text": each.text,
        }
        for each in written(page)
    ]


def as_csv(page: Page) -> str:
    """The rows with a head, in the reader's language; begins with a byte-order mark for Excel."""
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(
        [
            _("No."), _("Rung"), _("Person"), _("Channel"), _("Phone"), _("Provider"),
            _("Provider id"), _("Queued at"), _("Sent at"), _("Placed at"), _("Picked up at"),
            _("Ended at"), _("Result"), _("Digits"), _("Tries"), _("Error"), _("Text"),
        ]
    )  # fmt: skip
    for row in rows(page):
        writer.writerow([_cell(value) for value in row.values()])
    return "\ufeff" + output.getvalue()


def _cell(value: Any) -> str:
    """Times in Beijing time with seconds; a text can never be taken for a formula."""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_DANGEROUS) else text
