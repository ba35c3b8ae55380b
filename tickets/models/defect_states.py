"""The states of a defect (domain section 2.1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DefectState(models.TextChoices):
    """From the first word written to the end."""

    NEW = "new", _("New")
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned for information")
    TRIAGING = "triaging", _("Triage")
    TECH_PROCESSING = "tech_processing", _("Technical processing")
    BIZ_PROCESSING = "biz_processing", _("Business processing")
    PENDING_SIGNOFF = "pending_signoff", _("Awaiting sign-off")
    APPROVED = "approved", _("Approved")
    IMPLEMENTING = "implementing", _("Implementing")
    VERIFYING = "verifying", _("Verifying")
    RESOLVED = "resolved", _("Resolved, reply due")
    AWAITING_SUPERIOR = "awaiting_superior", _("Awaiting superior's decision")
    DEFERRED = "deferred", _("Deferred")
    REPLIED = "replied", _("Replied")
    CLOSED = "closed", _("Closed")
    CONVERTED = "converted", _("Converted to consultation")
    MERGED = "merged", _("Merged")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    VOIDED = "voided", _("Voided")


S = DefectState
PROCESSING = [S.TECH_PROCESSING, S.BIZ_PROCESSING]
TERMINAL = [S.CLOSED, S.CONVERTED, S.MERGED, S.WITHDRAWN, S.VOIDED]
