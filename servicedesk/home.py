"""Home: what waits for me."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from accounts.mixins import SignedInMixin


class HomeView(SignedInMixin, View):
    """Three tabs: to do, done, submitted by me."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the tab asked for."""
        return render(request, "home/home.html")
