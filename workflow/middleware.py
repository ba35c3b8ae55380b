"""Turns refusals into pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from workflow.errors import Refusal


class RefusalMiddleware:
    """A refusal that no view handled becomes the error page of its status, with its sentence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """400, 403, 404 or 409 with the reason."""
        if not isinstance(exception, Refusal):
            return None
        page = {"refusal": exception}
        return render(request, f"errors/{exception.status}.html", page, status=exception.status)
