"""Keeps the client's address for the events of a request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from audit import context


class RequestContextMiddleware:
    """Sets ``audit.context.current`` while a request is handled."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = context.current.set(
            context.RequestContext(ip=request.META.get("REMOTE_ADDR", "")[:45])
        )
        try:
            return self.get_response(request)
        finally:
            context.current.reset(token)
