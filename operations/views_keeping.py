"""Entering, changing and retiring what is operated."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.roles import Role
from operations import services
from operations.forms import ObjectForm, RetireForm
from operations.models import ManagedObject
from operations.views import object_page
from workflow.errors import InvalidInput


class ObjectFormView(SignedInMixin, View):
    """A new one, or one to change."""

    roles = (Role.TECH, Role.SYSADMIN)

    def get(self, request: HttpRequest, code: str = "") -> HttpResponse:
        """The form."""
        thing = self._find(code)
        return self._page(request, thing, ObjectForm(instance=thing))

    def post(self, request: HttpRequest, code: str = "") -> HttpResponse:
        """Save it."""
        thing = self._find(code)
        form = ObjectForm(request.POST, instance=self._find(code))
        if not form.is_valid():
            return self._page(request, thing, form, status=422)
        try:
            saved = services.save_object(actor=self.person, thing=thing, **form.cleaned_data)
        except InvalidInput as refusal:
            form.add_error("code", str(refusal.message))
            return self._page(request, thing, form, status=422)
        messages.success(request, _("%(name)s has been saved.") % {"name": saved.label})
        return redirect("operations:object", code=saved.code)

    def _find(self, code: str) -> ManagedObject | None:
        return get_object_or_404(ManagedObject, code=code) if code else None

    def _page(
        self, request: HttpRequest, thing: ManagedObject | None, form: ObjectForm, status: int = 200
    ) -> HttpResponse:
        page = {"object": thing, "form": form}
        return render(request, "operations/object_form.html", page, status=status)


class ProposeView(SignedInMixin, View):
    """Propose to retire one."""

    roles = (Role.TECH, Role.SYSADMIN)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """With a reason; a supervisor decides."""
        thing = get_object_or_404(ManagedObject, code=code)
        form = RetireForm(request.POST)
        if not form.is_valid():
            return object_page(request, self.person, thing, form, status=422)
        services.propose_retirement(
            thing, actor=self.person, now=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("Proposed. A supervisor decides."))
        return redirect("operations:object", code=code)


class DecideView(SignedInMixin, View):
    """A supervisor decides on the proposal."""

    roles = (Role.SUPERVISOR,)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Retire it, or keep it."""
        thing = get_object_or_404(ManagedObject, code=code)
        approve = "approve" in request.POST
        services.decide_retirement(thing, actor=self.person, now=timezone.now(), approve=approve)
        text = _("%(name)s is retired.") if approve else _("%(name)s stays in service.")
        messages.success(request, text % {"name": thing.label})
        return redirect("operations:object", code=code)
