"""What a question may be about; consultations and knowledge share the list."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    """Categories of questions (document 5.5)."""

    QUERY = "query", _("How to find or query")
    OPERATION = "operation", _("How to operate")
    RULE = "rule", _("Business rule")
    ACCOUNT = "account", _("Account and password")
    TERMINAL = "terminal", _("Terminal")
    OTHER = "other", _("Other")
