"""The style guide: every component in every state, for those who build pages."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from servicedesk import styleguide_samples as samples
from servicedesk.engine_names import engine_label


class SampleForm(forms.Form):
    """One control of every kind."""

    title = forms.CharField(label=_("Title"), max_length=80, help_text=_("One sentence."))
    found_at = forms.DateTimeField(
        label=_("Found at"), required=False, help_text=_("For example 2026-11-23 09:05.")
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", "—"), ("technical", _("Technical")), ("biz", _("Business"))]
    )
    urgent = forms.ChoiceField(
        label=_("Does it stop the work?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )
    told = forms.BooleanField(label=_("The unit has been told"), required=False)
    text = forms.CharField(
        label=_("What happened"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you did, what you saw, what you expected."),
    )


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show it to signed-in people while DEBUG or DEMO is on; otherwise there is no such page."""
    if not (settings.DEBUG or settings.DEMO) or not request.user.is_authenticated:
        raise Http404
    theme = request.GET.get("theme", "")
    page = {
        **samples.everything(timezone.now()),
        "theme": theme if theme in ("light", "dark") else "",
        "form": SampleForm(),
        "form_wrong": SampleForm({"title": "", "found_at": "32", "urgent": "no"}, auto_id="w_%s"),
        "drill": "drill" in request.GET,
    }
    if "stale" in request.GET:
        page["stale_engines"] = [engine_label("clocks"), engine_label("pages")]
    if "messages" in request.GET:
        number = "QX-20261123-0007"
        messages.success(request, f"{number} · " + _("Accepted"), extra_tags="undo:/styleguide/")
        messages.error(request, _("The reason is missing."))
    return render(request, "styleguide/index.html", page)
