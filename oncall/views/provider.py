"""Which telephone provider is live, and whether it works. Never shows a secret."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.models import User
from accounts.roles import DESK_ROLES, Role
from notifications import robots
from notifications.models import GroupPost
from oncall import providers
from oncall.models import Attempt
from oncall.numbers import warnings_for
from oncall.services.trials import latest_trial

READERS = (Role.SUPERVISOR.value, Role.MANAGER.value, Role.SYSADMIN.value)


class ProviderView(SignedInMixin, View):
    """Provider, what is set, last successful call, numbers that it cannot reach."""

    roles = READERS

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        name = settings.PHONE_PROVIDER
        done = Attempt.objects.filter(provider=name, placed_at__isnull=False)
        failed = Attempt.objects.filter(provider=name, state=Attempt.State.FAILED)
        page = {
            "provider": name,
            "known": sorted(providers.PROVIDERS),
            "facts": _facts(name),
            "last_good": done.select_related("person", "page").order_by("-placed_at").first(),
            "last_bad": failed.select_related("person", "page").order_by("-ended_at").first(),
            "doubtful": _doubtful(),
            "trial": latest_trial(timezone.now()),
        }
        return render(request, "oncall/provider.html", page)


def _facts(name: str) -> list[tuple[str, str]]:
    """What is set, with secrets only as set or missing."""
    yes, no, none = _("set"), _("missing"), _("none")
    budget = settings.PHONE_BUDGET or _("without limit")
    groups = ", ".join(str(GroupPost.Robot(each.name).label) for each in robots.configured())
    facts = [
        (_("Calls to one number per minute/hour/day"), budget),
        (_("Chat groups with a robot"), groups or none),
    ]
    if name == "twilio":
        facts += [
            (_("Account"), yes if settings.TWILIO_ACCOUNT_SID else no),
            (_("Token"), yes if settings.TWILIO_AUTH_TOKEN else no),
            (_("Second token while rotating"), yes if settings.TWILIO_AUTH_TOKEN_OLD else none),
            (_("Calling number"), settings.TWILIO_FROM),
            (_("Callbacks come to"), settings.PUBLIC_BASE_URL),
            (_("Address of the API"), settings.TWILIO_BASE_URL or _("Twilio's own")),
        ]
    if name == "aliyun":
        facts += [
            (_("Access key"), yes if settings.ALIYUN_ACCESS_KEY_SECRET else no),
            (_("Calling number"), settings.ALIYUN_SHOW_NUMBER),
            (_("Secret of the receipts' address"), yes if settings.ALIYUN_RECEIPT_SECRET else no),
        ]
    return facts


def _doubtful() -> list[dict[str, Any]]:
    """People of the desk whom the provider will not reach."""
    people = User.objects.holding(*DESK_ROLES)
    found = [{"person": person, "warnings": warnings_for(person.phone)} for person in people]
    return [row for row in found if row["warnings"]]
