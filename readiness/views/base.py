"""Who opens the pages of this room, and pages that enter something new."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.roles import BUSINESS_ROLES, Role
from workflow.decisions import Decision
from workflow.errors import InvalidInput, NotAllowed
from workflow.models import FlowRecord


class ReadinessView(SignedInMixin, View):
    """The desk, monitors and the superior department; bank users have no business here."""

    roles = tuple(role for role in BUSINESS_ROLES if role != Role.REPORTER)


class EnterView(ReadinessView):
    """A form that enters one record: 403 before anything is typed, 422 beside the fields."""

    template = ""

    def decision(self) -> Decision:
        """May this person?"""
        raise NotImplementedError

    def form(self, data: Any = None) -> Any:
        """The form, empty or with what was posted."""
        raise NotImplementedError

    def save(self, form: Any) -> FlowRecord:
        """Do it."""
        raise NotImplementedError

    def page(self) -> dict[str, Any]:
        """More for the template."""
        return {}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """403 for those who may not."""
        inside = request.user.is_authenticated and self.person.has_role(*self.roles)
        if inside and not (decision := self.decision()):
            raise NotAllowed(decision)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The empty form."""
        return render(request, self.template, {"form": self.form(), **self.page()})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Enter it and go to its page."""
        form = self.form(request.POST)
        if form.is_valid():
            try:
                record = self.save(form)
            except InvalidInput as refusal:
                for name, message in refusal.fields.items():
                    form.add_error(name if name in form.fields else None, str(message))
            else:
                said = _("%(number)s has been entered.") % {"number": record.label}
                messages.success(request, said, extra_tags="clear-draft")
                return redirect(record.get_absolute_url())  # type: ignore[attr-defined]
        return render(request, self.template, {"form": form, **self.page()}, status=422)


def fresh_token() -> dict[str, uuid.UUID]:
    """A token that makes a form once only."""
    return {"token": uuid.uuid4()}
