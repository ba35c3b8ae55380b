"""What is operated, as people enter it (R01)."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from operations.models import ManagedObject
from operations.services import FIELDS
from workflow.forms import CardAwareForm, RequiredText


class ObjectForm(forms.ModelForm):  # type: ignore[type-arg]
    """Code, names, kind, and what is known of it; the code is given once."""

    class Meta:
        model = ManagedObject
        fields: ClassVar = list(FIELDS)
        widgets: ClassVar = {"in_service_from": forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]
        else:
            self.fields["code"].validators.append(
                RegexValidator(
                    r"^[A-Z][A-Z0-9-]{1,29}$", _("Capital letters, digits and dashes: ACQ-DB-01.")
                )
            )
        unit = self.fields["owner_unit"]
        assert isinstance(unit, forms.ModelChoiceField)
        unit.queryset = Organisation.objects.filter(is_active=True).order_by("path")


class RetireForm(CardAwareForm):
    """Why it is to be retired."""

    reason = RequiredText(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))
