"""Calendar feeds: making and revoking one, and what calendar programs read."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views import View
from rest_framework.throttling import SimpleRateThrottle

from accounts.mixins import SignedInMixin
from notifications.services import absolute
from oncall.ics_feed import calendar_of
from oncall.models import RosterFeed, Shift
from oncall.policies import ROSTER_READERS
from oncall.services.feeds import make_feed, note_read, open_feed, revoke_feed, shifts_of

CACHE_SECONDS = 300


class FeedThrottle(SimpleRateThrottle):
    """A calendar program asks a few times an hour; somebody who guesses asks more often."""

    scope = "feed"
    rate = "60/min"

    def get_cache_key(self, request: Any, view: Any) -> str:
        """By address of the caller."""
        return f"throttle_feed_{self.get_ident(request)}"


class FeedView(View):
    """What a calendar program reads, without a log-in."""

    def get(self, request: HttpRequest, key: UUID, token: str) -> HttpResponse:
        """404 for every address that is not good, without saying why."""
        throttle: Any = FeedThrottle()
        if not throttle.allow_request(request, self):
            return HttpResponse(
                status=429, headers={"Retry-After": str(int(throttle.wait() or 60))}
            )
        feed, now = open_feed(key, token), timezone.now()
        if feed is None:
            raise Http404
        note_read(feed, now)
        shifts = shifts_of(feed, now)
        mark = _mark(feed, shifts)
        response: HttpResponse
        if request.headers.get("If-None-Match") == mark:
            response = HttpResponseNotModified()
        else:
            owner = feed.owner if feed.scope == RosterFeed.Scope.MINE else None
            with translation.override(feed.owner.language):
                title = str(feed.get_scope_display())
                body = calendar_of(shifts, owner=owner, title=title, now=now)
            response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
            response.headers["Content-Disposition"] = 'inline; filename="roster.ics"'
        response.headers["ETag"] = mark
        response.headers["Cache-Control"] = f"private, max-age={CACHE_SECONDS}"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        patch_vary_headers(response, ["Accept-Encoding"])
        return response


def _mark(feed: RosterFeed, shifts: list[Shift]) -> str:
    """Changes with the shifts, their people, and the owner's language."""
    told = [
        (s.pk, s.sequence, s.starts_at, s.ends_at, s.primary.name, s.backup and s.backup.name)
        for s in shifts
    ]
    text = repr((feed.pk, feed.owner.language, told))
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


class FeedsView(SignedInMixin, View):
    """My addresses; a new one is shown once."""

    roles = ROSTER_READERS

    def get(self, request: HttpRequest) -> HttpResponse:
        """Without their secrets."""
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make an address, or a new one in place of the old."""
        scope = request.POST.get("scope", "")
        feed, token = make_feed(scope=scope, actor=self.person, now=timezone.now())
        response = self.page(
            made=feed, address=absolute(reverse("oncall:feed", args=[feed.key, token]))
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    def page(self, **more: Any) -> HttpResponse:
        """Every kind of feed, whether there is one or not."""
        rows = RosterFeed.objects.visible_to(self.person).standing()
        known = {feed.scope: feed for feed in rows}
        kinds = [(scope, known.get(scope.value)) for scope in RosterFeed.Scope]
        return render(self.request, "oncall/feeds.html", {"kinds": kinds, **more})


class RevokeFeedView(SignedInMixin, View):
    """Makes an address stop working."""

    roles = ROSTER_READERS

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One's own only."""
        feed = get_object_or_404(RosterFeed.objects.visible_to(self.person), pk=pk)
        revoke_feed(feed, actor=self.person, now=timezone.now())
        messages.success(request, _("The address no longer works."))
        return redirect("oncall:feeds")
