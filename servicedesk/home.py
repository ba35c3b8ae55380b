"""Home: what waits for me, what I did, what I submitted."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import View

from accounts.acting import stand_ins
from accounts.mixins import SignedInMixin
from accounts.models import User
from accounts.roles import Role
from incidents import waiting_alerts
from servicedesk.navigation import address
from servicedesk.work.done import done_count, done_items
from servicedesk.work.items import Asker, Item, count, newest_order, todo_order
from servicedesk.work.late import late_cards
from servicedesk.work.sources import SUBMITTED, held_for_others, todo_sources

TABS: dict[str, Promise] = {
    "todo": _("To do"),
    "done": _("Done"),
    "submitted": _("Submitted by me"),
}
# Label, address, icon, and who is offered it first.
QUICK: list[tuple[Promise, str, str, frozenset[str]]] = [
    (_("Log a call"), "hotline:console", "headset", frozenset({Role.AGENT})),
    (
        _("Submit a defect"),
        "tickets:defect_new",
        "bug",
        frozenset({Role.REPORTER, Role.AGENT, Role.SUPPORT}),
    ),
    (
        _("Report an emergency"),
        "hotline:machine_room_new",
        "alert-triangle",
        frozenset({Role.MONITOR}),
    ),
    (_("Sign-off inbox"), "tickets:signoff_inbox", "signature", frozenset({Role.SUPERVISOR})),
    (
        _("Dashboard"),
        "reports:dashboard",
        "chart-bar",
        frozenset({Role.MANAGER, Role.SUPERVISOR, Role.SUPERIOR}),
    ),
    (_("Start a drill"), "incidents:drill_new", "flag", frozenset({Role.SUPERVISOR, Role.SUPPORT})),
    (_("Audit trail"), "audit:events", "shield-check", frozenset({Role.AUDITOR})),
    (_("People and roles"), "accounts:people", "users", frozenset({Role.SECADMIN, Role.SYSADMIN})),
    (_("Health"), "health", "heartbeat", frozenset({Role.SYSADMIN})),
]


class HomeView(SignedInMixin, View):
    """Three tabs: to do, done, submitted by me."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the tab asked for."""
        asker = Asker(self.person, timezone.now())
        chosen = request.GET.get("tab", "todo")
        chosen = chosen if chosen in TABS else "todo"
        page: dict[str, Any] = {
            "tab": chosen,
            "tabs": _tabs(asker, chosen),
            "items": _items(asker, chosen),
            "alerts": waiting_alerts.for_home(self.person),
            "cards": late_cards(asker),
            "offers": _quick(self.person),
            "acts_for": [each.on_behalf_of for each in stand_ins(self.person)],
            "held_for_others": held_for_others(asker) if stand_ins(self.person) else 0,
        }
        return render(request, "home/home.html", page)


def _tabs(asker: Asker, chosen: str) -> list[dict[str, Any]]:
    counts = {
        "todo": count(todo_sources(asker), asker),
        "done": done_count(asker),
        "submitted": count(SUBMITTED, asker),
    }
    return [
        {"label": label, "url": f"?tab={code}", "count": counts[code], "active": code == chosen}
        for code, label in TABS.items()
    ]


def _items(asker: Asker, chosen: str) -> list[Item]:
    if chosen == "done":
        return done_items(asker)
    if chosen == "submitted":
        return newest_order(item for source in SUBMITTED for item in source.items(asker))
    sources = todo_sources(asker)
    return todo_order(item for source in sources for item in source.items(asker))


def _quick(person: User) -> list[dict[str, Any]]:
    """What this person most often starts from here."""
    return [
        {"label": label, "url": url, "icon": icon}
        for label, name, icon, roles in QUICK
        if person.has_role(*roles) and (url := address(name))
    ]
