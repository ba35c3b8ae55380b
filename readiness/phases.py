"""The basic emergency flow: nine phases, from discovery to review (R55)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Phase(models.TextChoices):
    """In the order in which they are gone through."""

    DISCOVER = "discover", _("Discover")
    REPORT = "report", _("Report")
    ASSESS = "assess", _("Assess")
    ACTIVATE = "activate", _("Activate")
    HANDLE = "handle", _("Handle")
    RECOVER = "recover", _("Recover")
    CONFIRM = "confirm", _("Confirm")
    SUMMARISE = "summarise", _("Fault report")
    REVIEW = "review", _("Review")


# What happens in each phase, for the flow page.
DUTIES = {
    Phase.DISCOVER: _("Monitors, users or alarms notice something; time and phenomenon are noted."),
    Phase.REPORT: _("The hotline, the on-call mobile or the machine-room form; on-call is paged."),
    Phase.ASSESS: _("The on-call person takes over and judges severity and scope."),
    Phase.ACTIVATE: _("System down is declared; the emergency plan is opened and clocks run."),
    Phase.HANDLE: _("Data is protected first, then the fault is handled step by step."),
    Phase.RECOVER: _("Business runs again, by workaround or by the fix; gaps are re-entered."),
    Phase.CONFIRM: _("Business staff or the bank confirm recovery, never the fixer."),
    Phase.SUMMARISE: _("The fault report is approved and delivered within 24 hours of the fix."),
    Phase.REVIEW: _("Root cause, improvement items, and whether the plan was usable."),
}
