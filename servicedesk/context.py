"""What the frame of every page needs: who, where to, is everything running."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.acting import passed_roles
from accounts.models import User
from engine.health import engine_health
from oncall.policies import PHONE_OWNERS
from servicedesk import navigation
from servicedesk.engine_names import engine_label


class Shell:
    """The frame around a page, worked out only when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.now = timezone.now()
        user = getattr(request, "user", None)
        self.person = user if isinstance(_unwrapped(user), User) else None
        self.navigation = navigation.doors(
            self.person.roles if self.person else (),
            request.path_info,
            passed_roles(self.person) if self.person else (),
        )
        self.bottom = navigation.bottom_bar(self.navigation)
        self.tabs = navigation.tabs_at(self.navigation, request.path_info)
        self.home_url = navigation.address("home") or "/"
        self.language_url = navigation.address("accounts:set_language")
        self.logout_url = navigation.address("accounts:logout")
        self.profile_url = navigation.address("accounts:profile")
        self.inbox_url = navigation.address("notifications:inbox")
        self.unread_url = navigation.address("notifications:unread")
        self.on_call_url = navigation.address("oncall:now")
        self.phone_url = navigation.address("oncall:phone") if self.has_phone else ""
        self.search_url = navigation.address("search") or navigation.address("tickets:search")
        self.health_url = navigation.address("health") if self.is_staff else ""
        self.styleguide_url = (
            navigation.address("styleguide") if settings.DEBUG or settings.DEMO else ""
        )

    @property
    def is_staff(self) -> bool:
        """One of the provider's people or an administrator."""
        return self.person is not None and (self.person.is_desk or self.person.is_admin)

    @property
    def has_phone(self) -> bool:
        """One of those whom the desk may ring."""
        return self.person is not None and self.person.has_role(*PHONE_OWNERS)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``shell`` (lazy), ``stale_engines`` (lazy, staff only), ``demo``."""
    frame = SimpleLazyObject(lambda: Shell(request))
    return {
        "shell": frame,
        "stale_engines": SimpleLazyObject(lambda: _stale_engines(frame)),
        "demo": settings.DEMO,
    }


def _stale_engines(frame: Any) -> list[str]:
    """Names of engines that stopped, for those who can do something about it (I17)."""
    if not frame.is_staff:
        return []
    return [engine_label(engine.name) for engine in engine_health(frame.now) if engine.stale]


def _unwrapped(user: object) -> object:
    """The user behind Django's lazy wrapper."""
    if user is not None and hasattr(user, "_wrapped"):
        bool(user)
        return user._wrapped
    return user
