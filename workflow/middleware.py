"""Turns refusals into pages, and tells scripts that send files where to go next."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from workflow.errors import Refusal

REDIRECTS = frozenset({301, 302, 303})


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


class UploadMiddleware:
    """A form sent by script with ``Upload-Progress: 1`` gets its next page as ``Upload-Next``.

    A script cannot see a redirect: it would be followed unseen, and the next page's messages
    would be used up before anybody has read them. Forms sent by the browser see no difference.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.headers.get("Upload-Progress") == "1" and response.status_code in REDIRECTS:
            response.headers["Upload-Next"] = response.headers["Location"]
            del response.headers["Location"]
            response.status_code = 200
        return response
