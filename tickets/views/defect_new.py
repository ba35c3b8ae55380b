"""A new defect: by a bank user, or by the desk on behalf of one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.models import User
from accounts.roles import Role
from tickets import policies
from tickets.forms.submission import NewDefectForm
from tickets.models import Defect
from tickets.services import defects
from tickets.services.defects import FORM_FIELDS
from workflow.errors import InvalidInput, NotAllowed

FOUND = 20


class DefectNewView(SignedInMixin, View):
    """GET shows the form (the desk first says who reports), POST keeps a draft or submits."""

    @cached_property
    def reporter(self) -> User | None:
        """Oneself, or the person found by the desk; None while nobody has been chosen."""
        chosen = self.request.POST.get("reporter") or self.request.GET.get("reporter", "")
        if chosen.isdecimal() and len(chosen) < 18:
            people = User.objects.holding(Role.REPORTER)
            found: User | None = people.filter(pk=int(chosen)).first()
            return found
        return self.person if self.person.has_role(Role.REPORTER) else None

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        self._check()
        if self.reporter is None:
            return self._who(request)
        words = {**self._earlier(request.GET.get("recurrence_of", "")), "token": uuid4()}
        return self._page(NewDefectForm(reporter=self.reporter, reader=self.person, initial=words))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Submit, or keep as a draft."""
        self._check()
        if self.reporter is None:
            return self._who(request)
        draft = "save" in request.POST
        form = NewDefectForm(
            request.POST, request.FILES, reporter=self.reporter, reader=self.person, draft=draft
        )
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            defect = self._keep(form, self.reporter, draft=draft)
        except InvalidInput as refusal:
            for name, message in refusal.fields.items():
                form.add_error(name if name in form.fields else None, str(message))
            return self._page(form, status=422)
        return self._thank(request, defect)

    def _earlier(self, number: str) -> dict[str, Any]:
        """What an earlier defect said, when this one is its recurrence (D25)."""
        rows = Defect.objects.visible_to(self.person).filter(number=number) if number else None
        earlier = rows.first() if rows is not None else None
        if earlier is None:
            return {}
        told = {name: getattr(earlier, name) for name in FORM_FIELDS if name != "found_at"}
        return {**told, "recurrence_of": earlier.number}

    def _check(self) -> None:
        decision = policies.can_file(self.person, self.reporter)
        if not decision:
            raise NotAllowed(decision)

    def _keep(self, form: NewDefectForm, reporter: User, *, draft: bool) -> Defect:
        service = defects.save_draft if draft else defects.submit_new
        return service(
            actor=self.person,
            now=timezone.now(),
            reporter=reporter,
            form=form.defect_input(),
            files=form.cleaned_data["files"],
            token=form.cleaned_data["token"],
            recurrence_of=form.cleaned_data["recurrence_of"],
        )

    def _thank(self, request: HttpRequest, defect: Defect) -> HttpResponse:
        tags = "clear-draft:defect-new"
        if defect.number is None:
            messages.success(request, _("The draft has been saved."), extra_tags=tags)
            return redirect(defect)
        text = _("%(number)s has been submitted.") % {"number": defect.number}
        messages.success(request, text, extra_tags=tags)
        return redirect("tickets:defect_receipt", defect.key)

    def _page(self, form: NewDefectForm, status: int = 200) -> HttpResponse:
        page = {
            "form": form,
            "reporter": self.reporter,
            "on_behalf": self.reporter != self.person,
        }
        return render(self.request, "tickets/defect_form.html", page, status=status)

    def _who(self, request: HttpRequest) -> HttpResponse:
        """The desk looks the bank user up by phone, name or pinyin."""
        text = request.GET.get("q", "").strip()[:60]
        people = User.objects.holding(Role.REPORTER).matching(text) if text else User.objects.none()
        page = {"q": text, "people": people.select_related("organisation")[:FOUND]}
        return render(request, "tickets/defect_who.html", page)
