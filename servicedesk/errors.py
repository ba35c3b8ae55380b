"""Error pages: what happened, what to do next, where to go. The 500 page needs no database."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template import loader

from workflow.api import envelope


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request could not be understood."""
    return render(request, "errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: visible, but not for this person to do."""
    return render(request, "errors/403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: it does not exist, or lies outside the person's scope; the page doesn't say which."""
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: rendered without request and context processors, so a dead database can't break it."""
    if request.path_info.startswith("/api/"):
        return envelope.server_error()
    return HttpResponseServerError(loader.render_to_string("errors/500.html"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when the form's token is too old: the log-in changed in another window, as a rule."""
    return render(
        request, "errors/expired.html", {"came_from": request.get_full_path()}, status=403
    )
