"""Input of the review, its items and the end (E17, E18)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import DESK_ROLES, Role
from incidents import policies
from incidents.forms.fields import Instant, rows
from incidents.models import ImprovementItem, Incident, Review
from workflow.forms import ActionForm, RequiredText

DESK = tuple(role for role in Role if role in DESK_ROLES)


class People(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several people by name."""

    def label_from_instance(self, obj: User) -> str:
        """Name and staff number."""
        return f"{obj.name} {obj.staff_no}"


class ReviewForm(ActionForm):
    """E17."""

    participants = People(
        label=_("Participants"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    root_cause = RequiredText(label=_("Root cause"), widget=rows(4))
    plan_use = forms.ChoiceField(
        label=_("Could the emergency plan be used?"),
        choices=Review.PlanUse.choices,
        widget=forms.RadioSelect,
    )
    plan_remark = forms.CharField(
        label=_("What the emergency plan lacked"),
        required=False,
        max_length=2000,
        widget=rows(2),
        help_text=_("Needed when it could be used in part only, or not at all."),
    )

    def prepare(self) -> None:
        """The desk's people; those who were at work on it are ticked."""
        here = self.record
        assert isinstance(here, Incident)
        people = User.objects.holding(*DESK).select_related("organisation")
        self.fields["participants"].queryset = people  # type: ignore[attr-defined]
        at_work = {here.acknowledged_by_id, here.declared_by_id, here.resolved_by_id}
        self.initial.setdefault("participants", [pk for pk in at_work if pk])
        report = policies.last_report(here)
        if report is not None:
            self.initial.setdefault("root_cause", report.root_cause)


class ImprovementForm(ActionForm):
    """E17: one item."""

    text = RequiredText(label=_("What is to become better"), widget=rows(3))
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none())
    due_at = Instant(label=_("Due"))

    def prepare(self) -> None:
        """Anybody on the desk."""
        self.fields["owner"].queryset = User.objects.holding(*DESK)  # type: ignore[attr-defined]


class ItemChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Items by their text."""

    def label_from_instance(self, obj: ImprovementItem) -> str:
        """Text and owner."""
        return f"{obj.text[:80]} · {obj.owner.name}"


class FinishImprovementForm(ActionForm):
    """An item is done."""

    item = ItemChoice(label=_("Improvement item"), queryset=ImprovementItem.objects.none())
    result = RequiredText(label=_("Result"), widget=rows(3))

    def prepare(self) -> None:
        """Those this person may report as done; the only one is chosen."""
        here = self.record
        assert isinstance(here, Incident)
        items = policies.open_items(here)
        if not self.actor.has_role(Role.SUPERVISOR):
            items = items.filter(owner__staff_no=self.actor.staff_no)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        if len(items) == 1:
            self.initial.setdefault("item", items[0].pk)


class CloseForm(ActionForm):
    """E18."""

    no_items_reason = forms.CharField(
        label=_("Why nothing needs to be improved"),
        required=False,
        max_length=2000,
        widget=rows(3),
        help_text=_("Only when the review has led to no improvement item."),
    )

    def prepare(self) -> None:
        """With items there is nothing to ask."""
        here = self.record
        assert isinstance(here, Incident)
        if here.improvements.exists():
            self.fields["no_items_reason"].widget = forms.HiddenInput()
