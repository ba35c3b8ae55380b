"""Who may open a page at all."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.mixins import AccessMixin
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

from accounts import kept
from accounts.acting import may_enter
from accounts.models import User
from accounts.views import session_ended


class SignedInMixin(AccessMixin):
    """Pages for people who have signed in; ``roles``, when set, narrows them (403 otherwise).

    An expired log-in keeps what was posted and gives it back after signing in again.
    """

    roles: ClassVar[tuple[str, ...]] = ()
    # Whoever acts for a holder of ``roles`` may open it too (I15).
    delegable: ClassVar[bool] = False
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check the person, then go on."""
        if not request.user.is_authenticated:
            return session_ended(request)
        if request.method == "POST" and kept.SENT_AGAIN in request.POST:
            kept.drop(request)
        if self.roles and not self._has_entry():
            return self.forbidden()
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def _has_entry(self) -> bool:
        if self.delegable:
            return may_enter(self.person, self.roles)
        return self.person.has_role(*self.roles)

    def forbidden(self) -> HttpResponse:
        """403 with the error page."""
        from django.core.exceptions import PermissionDenied

        raise PermissionDenied

    @cached_property
    def person(self) -> User:
        """The signed-in person."""
        assert isinstance(self.request.user, User)
        return self.request.user
