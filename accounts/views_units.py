"""Pages of the units, for the system administrator."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from accounts import services_units as services
from accounts.errors import StillInUse
from accounts.forms import UnitForm
from accounts.mixins import SignedInMixin
from accounts.models import Organisation
from accounts.roles import Role


class UnitsPage(SignedInMixin, View):
    """For the system administrator."""

    roles = (Role.SYSADMIN,)


class UnitsView(UnitsPage):
    """All of them, as a tree read from top to bottom."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Each below what it is part of."""
        rows = Organisation.objects.select_related("parent").order_by("path")
        units = [{"unit": row, "depth": row.path.count("/") - 2} for row in rows]
        return render(request, "accounts/units.html", {"units": units})


class UnitView(UnitsPage):
    """Enter a new one, or change one."""

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """The form."""
        unit = self._find(pk)
        return self._page(request, unit, UnitForm(instance=unit))

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Save it."""
        unit = self._find(pk)
        form = UnitForm(request.POST, instance=self._find(pk))
        if not form.is_valid():
            return self._page(request, unit, form, status=422)
        try:
            saved = services.save_unit(actor=self.person, unit=unit, **form.cleaned_data)
        except StillInUse as refusal:
            form.add_error("parent", str(refusal))
            return self._page(request, unit, form, status=422)
        messages.success(request, _("%(name)s has been saved.") % {"name": saved.label})
        return redirect("accounts:units")

    def _find(self, pk: int | None) -> Organisation | None:
        return get_object_or_404(Organisation, pk=pk) if pk else None

    def _page(
        self, request: HttpRequest, unit: Organisation | None, form: UnitForm, status: int = 200
    ) -> HttpResponse:
        return render(request, "accounts/unit.html", {"unit": unit, "form": form}, status=status)


class UnitSwitchView(UnitsPage):
    """Close one, or open it again."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Refused in words while it is in use."""
        unit = get_object_or_404(Organisation, pk=pk)
        try:
            services.close_unit(unit, actor=self.person, in_use=not unit.is_active)
        except StillInUse as refusal:
            page = {"unit": unit, "form": UnitForm(instance=unit), "refusal": str(refusal)}
            return render(request, "accounts/unit.html", page, status=409)
        text = _("%(name)s is closed.") if unit.is_active else _("%(name)s is open again.")
        messages.success(request, text % {"name": unit.label})
        return redirect("accounts:units")
