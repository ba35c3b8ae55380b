"""Days on the product's wall calendar, and the instants at which reminders of them fall due."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.errors import InvalidInput

# Reminders come at nine in the morning of the day.
MORNING = time(9)
LONGEST_REVIEW = timedelta(days=2 * 365)


def morning_of(day: date) -> datetime:
    """Nine o'clock Beijing time of ``day``, as UTC."""
    return timezone.make_aware(datetime.combine(day, MORNING)).astimezone(UTC)


def check_review_day(day: date, *, now: datetime, field: str) -> None:
    """After today and within two years; raises ``InvalidInput`` on ``field``."""
    today = timezone.localdate(now)
    if day <= today:
        raise InvalidInput({field: _("The next review lies in the future.")})
    if day > today + LONGEST_REVIEW:
        raise InvalidInput({field: _("At the latest in two years.")})
