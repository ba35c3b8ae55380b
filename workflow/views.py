"""The page of one action: show its form, take it, say what happened."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from workflow.actions import Action, ActionSet
from workflow.authority import decide
from workflow.errors import InvalidInput, NotAllowed, Refusal, StaleVersion, WrongState
from workflow.forms import ActionForm
from workflow.models import FlowRecord
from workflow.steps import note_refusal


class ActionView(SignedInMixin, View):
    """GET shows the form of an action, POST does it.

    Answers: 200/302 · 403 not this person · 404 out of scope · 409 wrong state or stale version,
    with the text kept · 422 input errors beside their fields.
    """

    actions: ClassVar[ActionSet]

    def find(self, key: str) -> FlowRecord:
        """The visible record, or 404. Subclasses implement it."""
        raise NotImplementedError

    def record_url(self, record: FlowRecord) -> str:
        """Where the person goes afterwards."""
        raise NotImplementedError

    def context(self, record: FlowRecord, action: Action) -> dict[str, Any]:
        """More for the template."""
        return {}

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the action; the record is found once we know who asks."""
        super().setup(request, *args, **kwargs)
        action = self.actions.get(kwargs["action"])
        if action is None:
            raise Http404
        self.action = action

    def get(self, request: HttpRequest, key: str, action: str) -> HttpResponse:
        """Show the form, or the reason why not."""
        record = self.find(key)
        who, decision = decide(self.action.policy, self.person, record)
        if not decision:
            raise _refusal(NotAllowed(decision))
        return self._page(record, self.action.form(actor=who, record=record))

    def post(self, request: HttpRequest, key: str, action: str) -> HttpResponse:
        """Do it. Who may not, or not now, is told so before the form is looked at."""
        record = self.find(key)
        who, decision = decide(self.action.policy, self.person, record)
        if not decision:
            return self._refuse(key, request, record, _refusal(NotAllowed(decision)))
        form = self.action.form(request.POST, request.FILES, actor=who, record=record)
        if not form.is_valid():
            return self._page(record, form, status=422)
        try:
            done = self.action.run(
                record, actor=self.person, now=timezone.now(), **form.service_arguments()
            )
        except InvalidInput as refusal:
            for name, message in refusal.fields.items():
                form.add_error(name if name in form.fields else None, str(message))
            return self._page(record, form, status=422)
        except (StaleVersion, WrongState) as refusal:
            return self._conflict(key, request, refusal)
        text = self.action.done or _("Done: %(act)s") % {"act": self.action.label}
        messages.success(request, f"{done.label} · {text}", extra_tags="clear-draft")
        return redirect(self.record_url(done))

    def _refuse(
        self, key: str, request: HttpRequest, record: FlowRecord, refusal: Refusal
    ) -> HttpResponse:
        note_refusal(record, self.person, f"{self.actions.name}.{self.action.code}", refusal)
        if isinstance(refusal, NotAllowed):
            raise refusal
        return self._conflict(key, request, refusal)

    def _conflict(self, key: str, request: HttpRequest, refusal: Refusal) -> HttpResponse:
        """Show the record as it is now, with the person's words still in the form (I14)."""
        record = self.find(key)
        words = request.POST.copy()
        words["version"] = str(record.row_version)
        form = self.action.form(words, actor=self.person, record=record)
        return self._page(record, form, status=409, refusal=refusal)

    def _page(
        self,
        record: FlowRecord,
        form: ActionForm,
        *,
        status: int = 200,
        refusal: Refusal | None = None,
    ) -> HttpResponse:
        who, decision = decide(self.action.policy, self.person, record)
        page = {
            "record": record,
            "on_behalf_of": who.on_behalf_of,
            "action": self.action,
            "form": form,
            "decision": decision,
            "refusal": refusal,
            "record_url": self.record_url(record),
            **self.context(record, self.action),
        }
        return render(self.request, self.action.template, page, status=status)


def _refusal(refusal: NotAllowed) -> Refusal:
    """A state refusal is a conflict (409), everything else is forbidden (403)."""
    decision = refusal.decision
    if decision.kind in ("state", "pending"):
        return WrongState(decision.message, decision.code)
    return refusal
