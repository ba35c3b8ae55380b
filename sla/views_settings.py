"""Pages of internal targets and of the regulator's milestones."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sla import policies, target_settings
from sla.forms import TargetsForm
from sla.models import RegulatorMilestone
from sla.models.targets import TargetLevel, TargetStep
from sla.views_agreements import AgreementPage, section_tabs
from workflow.errors import NotAllowed, StaleVersion

LAST_MINUTE = 60 * 24 * 60


class TargetsView(AgreementPage):
    """A step a row, an urgency a column; the system administrator sets them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The table."""
        return self._page(self._form())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set them; clocks that run keep theirs."""
        self._check()
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        hours: dict[target_settings.Cell, Decimal | None] = {
            (step, level): form.cleaned_data[f"{step}_{level}"]
            for step in TargetStep.values
            for level in TargetLevel.values
        }
        try:
            changed = target_settings.set_targets(
                actor=self.person, now=timezone.now(), hours=hours, known=form.cleaned_data["known"]
            )
        except StaleVersion as refusal:
            return self._page(self._fresh(request), status=409, refusal=refusal)
        text = ngettext("%(count)d target changed.", "%(count)d targets changed.", changed)
        messages.success(request, text % {"count": changed})
        return redirect("sla:targets")

    def _check(self) -> None:
        decision = policies.can_set_targets(self.person)
        if not decision:
            raise NotAllowed(decision)

    def _form(self, data: object = None) -> TargetsForm:
        known = target_settings.known_targets()
        return TargetsForm(
            data,
            cells={
                f"{step}_{level}": target_settings.in_hours(minutes)
                for (step, level), minutes in known.items()
            },
            known=target_settings.fingerprint(known),
            steps=TargetStep.choices,
            levels=TargetLevel.choices,
        )

    def _fresh(self, request: HttpRequest) -> TargetsForm:
        """The person's numbers over the newest state (I14)."""
        data = request.POST.copy()
        data["known"] = target_settings.fingerprint(target_settings.known_targets())
        return self._form(data)

    def _page(
        self, form: TargetsForm, *, status: int = 200, refusal: object = None
    ) -> HttpResponse:
        page = {
            "form": form,
            "levels": TargetLevel.labels,
            "may_set": bool(policies.can_set_targets(self.person)),
            "refusal": refusal,
            "tabs": section_tabs("targets"),
        }
        return render(self.request, "sla/targets.html", page, status=status)


class RegulatorView(AgreementPage):
    """What regulations ask of the bank, for information on the incident's line."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        page = {
            "rows": RegulatorMilestone.objects.visible_to(self.person),
            "may_set": bool(policies.can_set_targets(self.person)),
            "tabs": section_tabs("regulator"),
        }
        return render(request, "sla/regulator.html", page)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set minutes and which are shown."""
        decision = policies.can_set_targets(self.person)
        if not decision:
            raise NotAllowed(decision)
        minutes = {}
        for row in RegulatorMilestone.objects.all():
            typed = request.POST.get(f"minutes_{row.code}", "")
            if not (typed.isdecimal() and len(typed) < 6 and 1 <= int(typed) <= LAST_MINUTE):
                messages.error(request, _("%(name)s: whole minutes, please.") % {"name": row.label})
                return redirect("sla:regulator")
            minutes[row.code] = int(typed)
        changed = target_settings.set_regulator(
            actor=self.person, now=timezone.now(), minutes=minutes,
            shown=set(request.POST.getlist("shown")),
        )  # fmt: skip
        text = ngettext("%(count)d milestone changed.", "%(count)d milestones changed.", changed)
        messages.success(request, text % {"count": changed})
        return redirect("sla:regulator")
