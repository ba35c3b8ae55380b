"""Reading the trail, and proving it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.roles import Role
from accounts.shown import shown_name
from audit import services as audit
from audit.models import ChainHead, Event
from audit.verify import verify_chain
from servicedesk.trail.filters import TrailFilter, TrailPage, trail_page
from servicedesk.trail.labels import ACTION_LABELS, KIND_LABELS

VERIFIED = "audit.verified"


def last_verified() -> Event | None:
    """The event of the latest verification of the trail, if it was ever verified."""
    found: Event | None = Event.objects.filter(action=VERIFIED).order_by("-seq").first()
    return found


class TrailView(SignedInMixin, View):
    """The events, for the audit administrator and nobody else."""

    roles = (Role.AUDITOR,)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Narrowed by the filter, newest first."""
        form = TrailFilter(request.GET)
        page = trail_page(form.narrow(Event.objects.all()), request.GET)
        head = ChainHead.objects.filter(pk=1).first()
        context = {
            "form": form,
            "page": page,
            "rows": _readable(page),
            "head": head.seq if head else 0,
            "verified": last_verified(),
        }
        return render(request, "audit/events.html", context)


class VerifyView(SignedInMixin, View):
    """Recompute the chain now; the result goes into the trail itself."""

    roles = (Role.AUDITOR,)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Say what was found."""
        verdict = verify_chain()
        head, _created = ChainHead.objects.get_or_create(pk=1)
        with audit.unit_of_work():
            audit.record(
                actor=self.person,
                action=VERIFIED,
                target=head,
                label=f"1 – {verdict.checked}",
                data={"intact": verdict.intact, "broken_seq": verdict.broken_seq},
            )
        if verdict.intact:
            text = _("The trail is intact: %(count)s rows checked.")
            messages.success(request, text % {"count": verdict.checked})
        else:
            text = _("The trail is broken at row %(row)s. Tell the security administrator at once.")
            messages.error(request, text % {"row": verdict.broken_seq})
        return redirect("audit:events")


def _readable(page: TrailPage) -> list[dict[str, object]]:
    return [
        {
            "event": event,
            "who": shown_name(event.actor_key, event.actor_name, event.on_behalf_of),
            "act": ACTION_LABELS.get(event.action, event.action),
            "kind": KIND_LABELS.get(event.target_type, ""),
        }
        for event in page
    ]
