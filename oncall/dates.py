"""Which dates can be meant at all."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 2000, 2100
WRONG_YEAR = _("This year cannot be right.")


def sensible(day: date) -> bool:
    """Within the years that exist for a roster; others only come of slips, and some overflow."""
    return FIRST_YEAR <= day.year <= LAST_YEAR
