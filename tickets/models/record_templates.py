"""The form of a consultation record, in versions: a change never touches earlier records (R30)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class RecordTemplate(models.Model):
    """One version of document 5.5: which lines are printed, in which order, under which names.

    Version 1 is shipped with the product (``tickets/record_form.py``) and has no row.
    """

    version = models.PositiveSmallIntegerField(_("version"), unique=True)
    # [{"code": "question", "zh": "问题描述", "en": "Question"}, …]
    lines = models.JSONField(_("lines"))
    reason = models.TextField(_("reason"))
    written_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("written by"), related_name="+"
    )
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("form of the consultation record")
        verbose_name_plural = _("forms of the consultation record")
        ordering: ClassVar = ["-version"]

    def __str__(self) -> str:
        return f"v{self.version}"
