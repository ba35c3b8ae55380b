"""The control for several files."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflow.errors import InvalidInput
from workflow.files.inspection import inspect


class ManyFiles(forms.ClearableFileInput):
    """A file control that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each looked into before it is taken (I06); the value is a list."""

    widget = ManyFiles
    default_error_messages: ClassVar = {"required": _("Choose at least one file.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("label", _("Attachments"))
        kwargs.setdefault("template_name", "workflow/files.html")
        kwargs.setdefault("help_text", lazy(_help, str)())
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The uploaded files, or a sentence for the first that cannot be taken."""
        given = data if isinstance(data, list | tuple) else [data]
        files = [each for each in given if isinstance(each, UploadedFile)]
        if self.required and not files:
            raise ValidationError(self.error_messages["required"], code="required")
        for file in files:
            try:
                inspect(file)
            except InvalidInput as refusal:
                raise ValidationError(str(refusal.message), code="file") from None
        return files


def _help() -> str:
    """How to add files, and the limits, in words; read when it is shown."""
    how = gettext("Choose several, drop them here, or paste a screenshot with Ctrl+V.")
    limits = gettext(
        "At most %(count)s files a record, each up to %(each)s, all together up to %(total)s."
    ) % {
        "count": settings.ATTACHMENT_MAX_COUNT,
        "each": filesizeformat(settings.ATTACHMENT_MAX_BYTES),
        "total": filesizeformat(settings.ATTACHMENT_MAX_TOTAL_BYTES),
    }
    return f"{how} {limits}"
