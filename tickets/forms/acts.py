"""Forms of the desk's own acts: triage, verification, reports, reply."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.roles import DESK_ROLES, Role
from tickets import current
from tickets.forms.controls import (
    DefectForm,
    PeopleField,
    PersonField,
    fill_people,
)
from tickets.models import Reply
from workflow.files.controls import FilesField
from workflow.forms import RequiredText

RATINGS = [
    (5, _("5 – very satisfied")), (4, _("4 – satisfied")), (3, _("3 – acceptable")),
    (2, _("2 – dissatisfied")), (1, _("1 – very dissatisfied")),
]  # fmt: skip


class OpinionForm(DefectForm):
    """An act that needs a reason in words. ``phrases`` are canned ones for the page."""

    opinion = RequiredText(label=_("Opinion"))
    phrases: tuple[Any, ...] = ()


class ReturnForm(OpinionForm):
    """What is missing (D4)."""

    opinion = RequiredText(label=_("What is missing"), phrase_kind="return")
    phrases = (
        _("Please add a screenshot of the error."),
        _("Please describe the steps that lead to it."),
        _("Please name the merchants or terminals concerned."),
    )


class ReasonForm(OpinionForm):
    """Why."""

    opinion = RequiredText(label=_("Reason"))


class EvidenceForm(OpinionForm):
    """Why it is no defect (D13)."""

    opinion = RequiredText(
        label=_("Evidence"), help_text=_("What was checked, and what shows that it works.")
    )


class RollbackForm(OpinionForm):
    """How the roll-back went (D20)."""

    opinion = RequiredText(
        label=_("What failed and how it was rolled back"),
        help_text=_("State in which the system is now."),
    )


class StillFailsForm(OpinionForm):
    """What still fails (D21b)."""

    opinion = RequiredText(label=_("What still fails"))


class ClassifyForm(DefectForm):
    """Who analysed it, with which result, and who goes on (D5, D6)."""

    assignee_role = Role.TECH

    participants = PeopleField(
        *[role.value for role in DESK_ROLES], label=_("Participants"),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    basis = RequiredText(label=_("Conclusion and basis"))
    module = forms.CharField(label=_("Module concerned"), max_length=80)
    assignee = PersonField(label=_("Assignee"))

    def prepare(self) -> None:
        """People by role; the module as the reporter named it."""
        cast("PersonField", self.fields["assignee"]).roles = (self.assignee_role.value,)
        fill_people(self)
        self.fields["module"].initial = getattr(self.record, "module", "")
        self.fields["participants"].initial = [self.actor.pk]


class ClassifyBusinessForm(ClassifyForm):
    """To business staff (D6)."""

    assignee_role = Role.BIZ


class ConvertForm(DefectForm):
    """Who explained what (D7)."""

    explainer = PersonField(*[role.value for role in DESK_ROLES], label=_("Explained by"))
    explanation = RequiredText(
        label=_("Explanation"), help_text=_("The reporter reads this as the answer.")
    )
    later = forms.BooleanField(
        label=_("Not explained yet: the consultation stays open until it is"), required=False
    )

    def prepare(self) -> None:
        """Whoever converts usually explained it."""
        fill_people(self)
        self.fields["explainer"].initial = self.actor.pk


class SolvedForm(DefectForm):
    """It is solved: how we know, and how it was done (D21a)."""

    evidence = RequiredText(label=_("Evidence"), help_text=_("Internal: how it was checked."))
    method = RequiredText(
        label=_("How it was solved"), help_text=_("The reporter reads this on the form.")
    )
    files = FilesField()  # type: ignore[assignment]


class ReportForm(DefectForm):
    """The report to the superior department (R47)."""

    content = RequiredText(label=_("Content of the report"))

    def prepare(self) -> None:
        """What cannot be solved is written already: the statement that was co-signed (D12)."""
        report = current.report_upward(self.record)
        self.fields["content"].initial = report.content if report else ""


class AcknowledgeForm(DefectForm):
    """The superior department has it (R47)."""

    opinion = forms.CharField(
        label=_("Opinion"), required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("If you have one."),
    )  # fmt: skip


class ReplyForm(DefectForm):
    """The formal answer: solution, analysis, cause (D22)."""

    recipient_kind = forms.ChoiceField(
        label=_("Reply to"), choices=Reply.RecipientKind.choices, widget=forms.RadioSelect,
        initial=Reply.RecipientKind.SUBMITTING_UNIT,
    )  # fmt: skip
    customer = forms.CharField(label=_("Assigning customer"), max_length=80, required=False)
    channel = forms.ChoiceField(label=_("How"), choices=Reply.Channel.choices)
    solution = RequiredText(label=_("Solution"), phrase_kind="reply")
    analysis = RequiredText(label=_("Analysis"))
    cause = RequiredText(label=_("Cause"))
    files = FilesField()  # type: ignore[assignment]

    def prepare(self) -> None:
        """The customer stands on the form already."""
        self.fields["customer"].initial = getattr(self.record, "assigning_customer", "")


class AcceptForm(DefectForm):
    """The reporter is content (D23)."""

    rating = forms.TypedChoiceField(
        label=_("How satisfied are you?"), required=False, coerce=int, empty_value=None,
        widget=forms.RadioSelect, choices=RATINGS,
    )  # fmt: skip
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class AttachForm(DefectForm):
    """More files (I06)."""

    files = FilesField(required=True)  # type: ignore[assignment]
    internal = forms.BooleanField(
        label=_("Internal: the bank does not see it"), required=False, initial=True
    )

    def prepare(self) -> None:
        """A bank user's files are never hidden from the bank."""
        if not self.actor.is_desk:
            del self.fields["internal"]
