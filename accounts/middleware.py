"""Session limits and the person's language."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

View = Callable[[HttpRequest], HttpResponse]

SEEN = "last_seen"
STARTED = "signed_in_at"
WRITE_EVERY = 30  # seconds: the session row is not written on every click


class SessionLimitsMiddleware:
    """Signs a person out after ``SESSION_IDLE_SECONDS`` without an act (GB/T 22239 8.1.4.1 b).

    Requests that a page makes by itself carry ``X-Poll`` and do not count as an act. The absolute
    limit, ``SESSION_COOKIE_AGE``, counts from the log-in.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now().timestamp()
            started = request.session.setdefault(STARTED, now)
            idle = now - request.session.setdefault(SEEN, now)
            if idle > settings.SESSION_IDLE_SECONDS or now - started > settings.SESSION_COOKIE_AGE:
                person = request.user.pk
                auth.logout(request)
                # Words kept from this request go back to nobody else.
                request.expired_person = person  # type: ignore[attr-defined]
            elif idle > WRITE_EVERY and not request.headers.get("X-Poll"):
                request.session[SEEN] = now
        response = self.get_response(request)
        # Both limits count from the log-in itself, which has just happened in this request.
        if auth.SESSION_KEY in request.session and STARTED not in request.session:
            request.session[STARTED] = request.session[SEEN] = timezone.now().timestamp()
        return response


class LanguageMiddleware:
    """Chinese unless the person, or a visitor's cookie, says otherwise."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            language = request.user.language
        else:
            language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response
