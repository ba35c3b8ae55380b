"""Forms around a record."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import BUSINESS_ROLES
from teamwork.forms.delegation import PersonChoice
from workflow.forms import CardAwareForm, RequiredText


class AroundForm(CardAwareForm):
    """Nothing but the wish."""

    def __init__(self, *args: Any, actor: User, record: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.record = actor, record
        self.prepare()

    def prepare(self) -> None:
        """Hook: narrow choices."""


class NudgeForm(AroundForm):
    """Ask for speed, with a word if there is one."""

    opinion = forms.CharField(
        label=_("What makes it urgent"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class NoteForm(AroundForm):
    """For the desk alone."""

    opinion = RequiredText(
        label=_("Internal note"), phrase_kind="note",
        widget=forms.Textarea(attrs={"rows": 3, "data-mentions": "/mentions/"}),
        help_text=_("The bank does not see it. @ names a colleague, who gets a message."),
    )  # fmt: skip


class CommentForm(AroundForm):
    """For both sides."""

    opinion = RequiredText(
        label=_("Something to add"), phrase_kind="reply",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Bank and desk both read it."),
    )  # fmt: skip


class WatcherForm(AroundForm):
    """One person: the desk, and people of the record's unit."""

    person = PersonChoice(
        label=_("Who follows it"), queryset=User.objects.none(), empty_label=_("Choose…")
    )

    def prepare(self) -> None:
        """Whoever may see it at all is decided by the service again."""
        field = self.fields["person"]
        assert isinstance(field, PersonChoice)
        field.queryset = User.objects.holding(*BUSINESS_ROLES).order_by("sort_key", "pk")
