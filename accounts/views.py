"""Log-in, log-out, language, own profile."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import kept as kept_posts
from accounts.demo import demo_people
from accounts.forms import LoginForm
from accounts.models import User


class LoginView(auth_views.LoginView):
    """Sign in. Afterwards, words kept from an expired log-in come back first."""

    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the demonstration people while the demo flag is on."""
        return super().get_context_data(
            demo_people=demo_people() if settings.DEMO else [],
            kept=kept_posts.peek(self.request),
            **kwargs,
        )

    def get_success_url(self) -> str:
        """Home, the page asked for, or the kept words."""
        if kept_posts.peek(self.request):
            return reverse("accounts:kept")
        return super().get_success_url()


class LogoutView(auth_views.LogoutView):
    """Sign out (POST); the session is wiped."""


def session_ended(request: HttpRequest) -> HttpResponse:
    """Answer to a request without a log-in: to the log-in page, keeping what was posted."""
    login = reverse("accounts:login")
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = f"{login}?next={_came_from(request)}"
        return response
    if request.method == "POST":
        kept_posts.keep(request)
        return redirect(f"{login}?expired=1")
    return redirect(f"{login}?next={request.get_full_path()}")


def kept(request: HttpRequest) -> HttpResponse:
    """Show the words kept from before the log-in, ready to be sent again or dropped."""
    if not request.user.is_authenticated:
        return session_ended(request)
    post = kept_posts.peek(request)
    if post is None:
        return redirect("home")
    if request.method == "POST":
        kept_posts.drop(request)
        return redirect("home")
    return render(
        request, "accounts/kept.html", {"post": post, "sent_again": kept_posts.SENT_AGAIN}
    )


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language of the person, or of the visitor's browser."""
    language = request.POST.get("language", "")
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}):
        target = reverse("home")
    response = HttpResponseRedirect(target)
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 86400,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite="Lax",
            httponly=True,
        )
        if isinstance(request.user, User):
            request.user.language = language
            request.user.save(update_fields=["language"])
    return response


def locked_out(request: HttpRequest, credentials: Any = None, *args: Any) -> HttpResponse:
    """Too many wrong passwords: say so without saying whether the account exists."""
    messages.error(request, _("Too many failed log-ins. Try again in 30 minutes."))
    page = {"form": LoginForm(request), "locked": True}
    return render(request, "accounts/login.html", page, status=429)


def _came_from(request: HttpRequest) -> str:
    """Path of the page an htmx request came from."""
    current = request.headers.get("HX-Current-URL", "")
    path = current.split(request.get_host(), 1)[-1] if request.get_host() in current else "/"
    return path if path.startswith("/") else "/"
