"""Forms of the acts that end a defect, open it again, or tie it to others (D25-D33, R41, R49)."""

from __future__ import annotations

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.forms.acts import RATINGS, OpinionForm
from tickets.forms.controls import DefectForm, DefectNumberField, model_choice
from tickets.incident_desk import incident_desk
from tickets.models import DefectLink, EndRequest
from workflow.forms import RequiredText


class MergeForm(DefectForm):
    """Into which other defect (D30)."""

    parent = DefectNumberField(label=_("Merge into"), help_text=_("Number of a defect."))
    opinion = forms.CharField(
        label=_("Remark"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def prepare(self) -> None:
        """Within the person's scope."""
        self.fields["parent"].reader = self.actor  # type: ignore[attr-defined]


class LinkForm(DefectForm):
    """How it belongs to which other defect (R41)."""

    kind = forms.ChoiceField(
        label=_("This defect is"), choices=DefectLink.Kind.choices, widget=forms.RadioSelect,
        initial=DefectLink.Kind.RELATED,
    )  # fmt: skip
    target = DefectNumberField(label=_("The other defect"), help_text=_("Number of a defect."))

    def prepare(self) -> None:
        """Within the person's scope."""
        self.fields["target"].reader = self.actor  # type: ignore[attr-defined]


class UnlinkForm(DefectForm):
    """Which link goes (R41)."""

    tie = forms.ModelChoiceField(
        label=_("Link"), queryset=DefectLink.objects.none(), widget=forms.RadioSelect,
        empty_label=None,
    )  # fmt: skip

    def prepare(self) -> None:
        """The links of this defect, from either side."""
        field = model_choice(self, "tie")
        ties = self.record.links.all() | self.record.links_back.all()
        field.queryset = ties.select_related("defect", "target").distinct()
        field.label_from_instance = self._told  # type: ignore[method-assign, assignment]

    def _told(self, tie: DefectLink) -> str:
        if tie.defect_id == self.record.pk:
            return f"{tie.get_kind_display()} {tie.target.number} {tie.target.title}"
        word = DefectLink.BACK[DefectLink.Kind(tie.kind)]
        return f"{word} {tie.defect.label} {tie.defect.title}"


class SplitForm(OpinionForm):
    """Why it has a cause of its own (D31)."""

    opinion = RequiredText(label=_("Reason"))


class SymptomForm(OpinionForm):
    """What still happens after the reply (D25)."""

    opinion = RequiredText(
        label=_("What happens again"), help_text=_("What you see, and since when.")
    )


class AgreeForm(DefectForm):
    """Agreement, with a remark if one likes."""

    opinion = forms.CharField(
        label=_("Remark"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class VoidForm(OpinionForm):
    """What was entered by mistake (D33)."""

    cause = forms.ChoiceField(
        label=_("What is it?"), choices=EndRequest.Cause.choices, widget=forms.RadioSelect
    )
    opinion = RequiredText(label=_("Reason"))
    field_order = ("version", "cause", "opinion")


class RateForm(DefectForm):
    """A rating after the end (R49)."""

    rating = forms.TypedChoiceField(
        label=_("How satisfied are you?"), coerce=int, widget=forms.RadioSelect, choices=RATINGS
    )
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class EscalateForm(DefectForm):
    """How bad it is, and whether an incident is open already (D32)."""

    severity = forms.ChoiceField(
        label=_("What is the matter?"), widget=forms.RadioSelect,
        choices=[
            ("S1", _("S1: the system is down, business cannot run")),
            ("S2", _("S2: a main function fails or many units are affected")),
        ],
    )  # fmt: skip
    impact = RequiredText(
        label=_("What shows it"), help_text=_("Who and how many are affected, since when.")
    )
    incident = forms.ChoiceField(
        label=_("Incident"), required=False, choices=[("", _("Open a new incident"))],
        help_text=_("Or join one that is open on the same system."),
    )  # fmt: skip

    def prepare(self) -> None:
        """Open incidents of the system."""
        found = incident_desk().open_on(self.record.managed_object)
        field = cast("forms.ChoiceField", self.fields["incident"])
        field.choices = [
            ("", _("Open a new incident")),
            *[(each.number, f"{each.number} {each.title}") for each in found],
        ]
