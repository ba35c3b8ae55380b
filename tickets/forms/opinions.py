"""Forms around the opinions of project groups (D10, R33)."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import DESK_ROLES
from tickets import current
from tickets.forms.acts import OpinionForm
from tickets.forms.controls import DefectForm, PeopleField, fill_people, model_choice
from tickets.models import GroupOpinion, ProjectGroup
from workflow.forms import CardAwareForm, RequiredText


class AskGroupsForm(DefectForm):
    """Which groups, and what they are asked (D10)."""

    groups = forms.ModelMultipleChoiceField(
        label=_("Project groups"), queryset=ProjectGroup.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Until they have answered, nothing is sent for sign-off."),
    )  # fmt: skip
    question = RequiredText(
        label=_("Question to the groups"),
        help_text=_("What each group is to confirm or to give its opinion on."),
    )

    def prepare(self) -> None:
        """Groups in use that have not been asked in this cycle."""
        asked = GroupOpinion.objects.filter(
            defect=self.record, cycle=self.record.cycle, removed_at=None
        ).values("group")
        free = ProjectGroup.objects.filter(is_active=True, members__is_active=True)
        field = cast("forms.ModelMultipleChoiceField[Any]", self.fields["groups"])
        field.queryset = free.exclude(pk__in=asked).distinct()


class AnswerGroupForm(DefectForm):
    """The group's answer, once and for good (D10)."""

    group = forms.ModelChoiceField(
        label=_("On behalf of the group"), queryset=GroupOpinion.objects.none(), empty_label=None
    )
    answer = forms.ChoiceField(
        label=_("Answer"), choices=GroupOpinion.Answer.choices, widget=forms.RadioSelect
    )
    opinion = forms.CharField(
        label=_("Opinion"), required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed unless your group simply confirms. It cannot be changed later."),
    )  # fmt: skip

    def prepare(self) -> None:
        """Only groups of this person that still owe an answer."""
        _fill(self, current.opinions_awaited_from(self.actor, self.record))


class RemoveGroupForm(OpinionForm):
    """Which question is taken back, and why (D10)."""

    group = forms.ModelChoiceField(
        label=_("Project group"), queryset=GroupOpinion.objects.none(), empty_label=None
    )
    opinion = RequiredText(label=_("Reason"))
    field_order = ("group", "opinion")

    def prepare(self) -> None:
        """Only groups that have not answered (R33)."""
        rows = GroupOpinion.objects.filter(defect=self.record, answered_at=None, removed_at=None)
        _fill(self, rows.select_related("group"))


class ProjectGroupForm(CardAwareForm):
    """A group's names and its people (R33)."""

    name = forms.CharField(label=_("Name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    members = PeopleField(
        *[role.value for role in DESK_ROLES], label=_("Members"),
        widget=forms.CheckboxSelectMultiple, help_text=_("Each of them may answer for the group."),
    )  # fmt: skip
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_people(self)


def initial_of(group: ProjectGroup) -> dict[str, Any]:
    """A group as the form shows it."""
    members: list[User] = list(group.members.all())
    return {
        "name": group.name, "name_en": group.name_en, "is_active": group.is_active,
        "members": [person.pk for person in members],
    }  # fmt: skip


def _fill(form: DefectForm, rows: Any) -> None:
    field = model_choice(form, "group")
    field.queryset = rows
    field.label_from_instance = _by_group  # type: ignore[method-assign]
    field.initial = rows.values_list("pk", flat=True).first()


def _by_group(obj: GroupOpinion) -> str:
    return obj.group.label
