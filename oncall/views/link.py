"""The signed link of a text message or e-mail: take a page without signing in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.views import View

from oncall import links
from oncall.models import Page
from oncall.services.pages import acknowledge
from workflow.errors import Refusal


class LinkView(View):
    """GET shows what it is about and changes nothing; POST takes the page for the link's person."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """What is calling, and a button."""
        return self.show(token)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Take it, once; afterwards the page says who has."""
        opened = self.opened(token)
        if not opened.is_current or opened.page.state != Page.State.OPEN:
            return redirect(request.path)
        try:
            acknowledge(page=opened.page, person=opened.person, via="link", now=timezone.now())
        except Refusal as refusal:
            return self.show(token, refusal)
        return redirect(request.path)

    def opened(self, token: str) -> links.Opened:
        """The page and person of the link; 404 when it is forged or too old."""
        found = links.open_link(token)
        if found is None:
            raise Http404
        return found

    def show(self, token: str, refusal: Refusal | None = None) -> HttpResponse:
        """In the language of the link's person, kept nowhere on the way."""
        opened = self.opened(token)
        with translation.override(opened.person.language):
            page = {
                "opened": opened,
                "page": opened.page,
                "words": opened.page.texts[opened.person.language],
                "may_take": opened.is_current and opened.page.state == Page.State.OPEN,
                "refusal": refusal.message if refusal else "",
                "drill": opened.page.is_drill,
            }
            status = refusal.status if refusal else 200
            response = render(self.request, "oncall/link.html", page, status=status)
        add_never_cache_headers(response)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Content-Language"] = opened.person.language
        return response
