"""The form in which a supervisor changes the form of the consultation record."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.record_form import FIRST, KEPT, current_version, lines_of
from tickets.services.record_templates import LABEL_LENGTH
from workflow.forms import CardAwareForm, RequiredText


class RecordFormForm(CardAwareForm):
    """For each line: its place (0 leaves it out) and its two names."""

    base = forms.IntegerField(widget=forms.HiddenInput)
    reason = RequiredText(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = current_version()
        self.fields["base"].initial = version
        present = {line["code"]: (place, line) for place, line in enumerate(lines_of(version), 1)}
        for code, zh, en in FIRST:
            place, line = present.get(code, (0, {"zh": zh, "en": en}))
            self.fields[f"place_{code}"] = forms.IntegerField(
                label=_("Place"), min_value=1 if code in KEPT else 0, max_value=99, initial=place
            )
            for language, text in (("zh", line["zh"]), ("en", line["en"])):
                self.fields[f"{language}_{code}"] = forms.CharField(
                    label=_("Name"), max_length=LABEL_LENGTH, initial=text
                )

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Place, Chinese name, English name of every line."""
        return [
            (self[f"place_{code}"], self[f"zh_{code}"], self[f"en_{code}"])
            for code, _zh, _en in FIRST
        ]

    def lines(self) -> list[dict[str, str]]:
        """The lines in their order."""
        told = self.cleaned_data
        placed = sorted(
            (told[f"place_{code}"], index, code)
            for index, (code, _zh, _en) in enumerate(FIRST)
            if told[f"place_{code}"]
        )
        return [
            {"code": code, "zh": told[f"zh_{code}"].strip(), "en": told[f"en_{code}"].strip()}
            for _place, _index, code in placed
        ]
