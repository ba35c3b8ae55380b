"""Input of impact, grade, time outside our responsibility, and the report upward."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.fields import Instant, rows
from incidents.models import Grade, Incident
from incidents.services.impact import FIGURES
from workflow.forms import ActionForm, RequiredText


def _count(label: Any, most: int = 1_000_000_000) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=most, required=False)


class ImpactForm(ActionForm):
    """The scope of the impact as it is known now."""

    business_impact = RequiredText(label=_("Business impact"), widget=rows(3))
    provinces = _count(_("Provinces affected"), 34)
    institutions = forms.CharField(label=_("Institutions"), max_length=200, required=False)
    merchants = _count(_("Merchants affected"))
    terminals = _count(_("Terminals affected"))
    failed_transactions = _count(_("Failed transactions"))
    failed_amount = forms.DecimalField(
        label=_("Amount of failed transactions, yuan"),
        min_value=0,
        max_digits=16,
        decimal_places=2,
        required=False,
    )
    complaints = _count(_("Complaints"))

    def prepare(self) -> None:
        """Start from what is known already."""
        for name in ("business_impact", "institutions", *FIGURES):
            self.initial.setdefault(name, getattr(self.record, name))


class GradeForm(ActionForm):
    """The bank's decision on the grade."""

    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices, widget=forms.RadioSelect)
    reason = RequiredText(label=_("Reason"), widget=rows(3))


class OutsideTimeForm(ActionForm):
    """Time others are answerable for."""

    from_at = Instant(label=_("From"))
    to_at = Instant(label=_("To"))
    party = forms.CharField(label=_("Who is answerable"), max_length=120)
    reason = RequiredText(label=_("What for"), widget=rows(2))


class UpwardForm(ActionForm):
    """The report to the superior department."""

    content = RequiredText(label=_("Content"), widget=rows(6))

    def prepare(self) -> None:
        """Start from what is known."""
        here = self.record
        assert isinstance(here, Incident)
        known = [here.title, here.phenomenon, here.business_impact, here.resolution_method]
        self.initial.setdefault("content", "\n".join(text for text in known if text))


class UpwardReceiptForm(ActionForm):
    """The superior department's receipt."""

    opinion = forms.CharField(label=_("Opinion"), required=False, max_length=2000, widget=rows(3))
