"""The page of one act around a record; the record's own page holds its forms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.roles import DESK_ROLES
from teamwork.acts import ACTS
from teamwork.mentions import suggestions
from teamwork.records import kind_named
from workflow.authority import decide
from workflow.errors import InvalidInput, insist


class AroundView(SignedInMixin, View):
    """GET shows the form, POST does it: 403 not this person, 404 out of scope, 409 not now."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Which act, on which kind of record."""
        super().setup(request, *args, **kwargs)
        kind, act = kind_named(kwargs["kind"]), ACTS.get(kwargs["act"])
        if kind is None or act is None:
            raise Http404
        self.kind, self.act = kind, act

    def get(self, request: HttpRequest, kind: str, key: str, act: str) -> HttpResponse:
        """The form, or the reason why not."""
        record, now = self.kind.find(self.person, key), timezone.now()
        _who, decision = decide(
            lambda user, row: self.act.policy(self.kind, user, row, now), self.person, record
        )
        insist(decision)
        return self._page(record, self.act.form(actor=self.person, record=record))

    def post(self, request: HttpRequest, kind: str, key: str, act: str) -> HttpResponse:
        """Do it."""
        record = self.kind.find(self.person, key)
        form = self.act.form(request.POST, actor=self.person, record=record)
        if not form.is_valid():
            return self._page(record, form, status=422)
        try:
            self.act.run(
                self.kind, record, actor=self.person, now=timezone.now(), **form.cleaned_data
            )
        except InvalidInput as refusal:
            for name, message in refusal.fields.items():
                form.add_error(name if name in form.fields else None, str(message))
            return self._page(record, form, status=422)
        messages.success(request, f"{record.label} · {self.act.done}", extra_tags="clear-draft")
        return redirect(self.kind.url(record))

    def _page(self, record: Any, form: Any, status: int = 200) -> HttpResponse:
        page = {
            "record": record,
            "act": self.act,
            "form": form,
            "record_url": self.kind.url(record),
        }
        return render(self.request, "teamwork/act.html", page, status=status)


class MentionsView(SignedInMixin, View):
    """Colleagues for what was typed after @."""

    roles = tuple(sorted(DESK_ROLES))

    def get(self, request: HttpRequest) -> HttpResponse:
        """A handful, by name, pinyin or staff number."""
        begun = request.GET.get("q", "").strip()[:40]
        people = suggestions(begun) if begun else []
        rows = [
            {"name": each.name, "staff_no": each.staff_no, "roles": " · ".join(each.role_labels)}
            for each in people
        ]
        return JsonResponse({"people": rows})
