"""What can go wrong with the working calendar."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflow.errors import Refusal


class CalendarMissing(Refusal):
    """No holiday arrangement is loaded for a year: nobody may guess its working days (R11)."""

    status = 409
    code = "calendar_missing"

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(
            _("Calendar missing: the working days of %(year)s have not been loaded.")
            % {"year": year}
        )


class ArrangementError(ValueError):
    """A holiday arrangement cannot be taken as it is; the message names the line at fault."""
