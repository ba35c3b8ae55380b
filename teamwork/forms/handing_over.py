"""Handing open work over: one choice for each thing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.open_work import OpenWork
from teamwork.services.handing_over import QUEUE
from workflow.forms import CardAwareForm, RequiredText


class HandOverForm(CardAwareForm):
    """Who takes what over, and why. A thing without a choice stays where it is."""

    reason = RequiredText(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, works: list[OpenWork], person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.works = works
        people = list(User.objects.active().exclude(pk=person.pk).prefetch_related("grants"))
        self._people = {str(each.pk): each for each in people}
        self._roles = {each.pk: {grant.role for grant in each.grants.all()} for each in people}
        for work in works:
            self.fields[work.key] = forms.ChoiceField(
                label=f"{work.number} · {work.part}", required=False, choices=self._choices(work)
            )

    def _choices(self, work: OpenWork) -> list[tuple[str, Any]]:
        wanted = set(work.roles)
        able = [
            (key, each.audit_name)
            for key, each in self._people.items()
            if wanted & self._roles[each.pk]
        ]
        queue = [(QUEUE, _("Leave it to the role: nobody named"))] if work.queue else []
        return [("", _("Choose…")), *queue, *able]

    def rows(self) -> list[tuple[OpenWork, forms.BoundField]]:
        """Each thing with its choice."""
        return [(work, self[work.key]) for work in self.works]

    def choices(self) -> dict[str, User | str]:
        """Key of the work → the person, or ``QUEUE``; what was left out is not there."""
        given = {work.key: self.cleaned_data[work.key] for work in self.works}
        return {key: self._people.get(value, value) for key, value in given.items() if value}
