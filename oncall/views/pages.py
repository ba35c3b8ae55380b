"""Pages: the list, one page, and the panel that other rooms include by its address."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from oncall.models import Page
from oncall.page_story import rungs_of
from oncall.policies import DESK, can_acknowledge
from oncall.services.pages import acknowledge
from workflow.keyset import keyset_page
from workflow.timeline import entries

# Rungs and calls stand in the ladder already.
LABELS = {
    "oncall.page_started": gettext_lazy("Calling started"),
    "oncall.page_acknowledged": gettext_lazy("Taken"),
    "oncall.page_closed": gettext_lazy("Calling stopped"),
    "oncall.page_given_up": gettext_lazy("Nobody answered"),
    "oncall.page_rearmed": gettext_lazy("Calls again"),
    "oncall.page_exported": gettext_lazy("Exported"),
}


class PageListView(SignedInMixin, View):
    """All pages, newest first; ``?state=open`` shows those that are calling."""

    roles = DESK

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        visible = Page.objects.visible_to(self.person).select_related("acknowledged_by")
        calling = visible.filter(state=Page.State.OPEN)
        only_calling = request.GET.get("state") == Page.State.OPEN
        page = {
            "pages": keyset_page(
                calling if only_calling else visible, request.GET, by="started_at"
            ),
            "tabs": [
                {"label": _("All"), "url": "?", "active": not only_calling},
                {
                    "label": _("Calling"),
                    "url": "?state=open",
                    "active": only_calling,
                    "count": calling.count(),
                    "tone": "late",
                },
            ],
        }
        return render(request, "oncall/page_list.html", page)


class PageView(SignedInMixin, View):
    """One page."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ladder, attempts, words; only the ladder when htmx asks for it."""
        page = get_object_or_404(_visible(self), pk=pk)
        context = {**_story(page, self), "drill": page.is_drill}
        if request.headers.get("HX-Request"):
            return render(request, "oncall/page_ladder.html", context)
        context["may_export"] = self.person.is_desk
        context["crumbs"] = _crumbs(self)
        context["words"] = page.texts.get(get_language() or "", "")
        context["history"] = entries(page, user=self.person, labels=LABELS)
        return render(request, "oncall/page.html", context)


class AcknowledgeView(SignedInMixin, View):
    """I take it."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the page, then back to where the button stood."""
        page = get_object_or_404(_visible(self), pk=pk)
        taken = acknowledge(page=page, person=self.person, via="browser", now=timezone.now())
        if taken.acknowledged_by_id == self.person.pk:
            messages.success(request, _("Recorded: you have taken it."))
        elif taken.acknowledged_by:
            name = taken.acknowledged_by.name
            messages.info(request, _("%(person)s has already taken it.") % {"person": name})
        else:
            messages.info(request, _("This is over; nobody is needed any more."))
        target = request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(target, {request.get_host()}):
            return redirect(target)
        return redirect("oncall:page", pk=pk)


class PanelView(SignedInMixin, View):
    """The pages about one record, for its own page: ``hx-get`` with ``data-poll``."""

    roles = DESK

    def get(self, request: HttpRequest, subject: str) -> HttpResponse:
        """The latest three pages with their ladders; nothing when there is none."""
        found = _visible(self).filter(subject=subject)[:3]
        context = {
            "stories": [_story(page, self) for page in found],
            "subject": subject,
            "next": request.headers.get("HX-Current-URL", ""),
        }
        return render(request, "oncall/page_panel.html", context)


def _crumbs(view: SignedInMixin) -> list[dict[str, Any]]:
    """Back to the list, for those who have one."""
    if not view.person.is_desk:
        return []
    return [{"label": _("Call-outs"), "url": reverse("oncall:page_list")}]


def _visible(view: SignedInMixin) -> Any:
    return Page.objects.visible_to(view.person).select_related("acknowledged_by")


def _story(page: Page, view: SignedInMixin) -> dict[str, Any]:
    """A page with what this person may do about it."""
    return {
        "page": page,
        "rungs": rungs_of(page),
        "may_take": bool(can_acknowledge(view.person, page)),
        "calling": page.state == Page.State.OPEN,
    }
