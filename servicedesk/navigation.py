"""The left navigation: which doors there are, and who sees them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import ADMIN_ROLES, DESK_ROLES, Role

EVERYBODY = frozenset(Role.values)
DESK = frozenset(role.value for role in DESK_ROLES)
ADMINS = frozenset(role.value for role in ADMIN_ROLES)
BUSINESS = EVERYBODY - ADMINS


@dataclass(frozen=True)
class Item:
    """One door. ``roles``: holders of any of them see it; ``quick``: first on phones;
    ``delegable``: also those who act for a holder (I15).
    """

    label: str | Promise
    url_name: str
    icon: str
    roles: frozenset[str] = EVERYBODY
    quick: bool = False
    delegable: bool = False


@dataclass(frozen=True)
class Group:
    """Doors that belong together."""

    label: str | Promise
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Door:
    """An item as one person meets it on one page."""

    label: str | Promise
    url: str
    icon: str
    active: bool
    quick: bool


@dataclass(frozen=True)
class DoorGroup:
    """The doors of a group that the person may open."""

    label: str | Promise
    items: list[Door]


def _of(*roles: Role) -> frozenset[str]:
    return frozenset(role.value for role in roles)


NAVIGATION: tuple[Group, ...] = (
    Group(
        "",
        (
            Item(_("Home"), "home", "home", quick=True),
            Item(
                _("Call console"),
                "hotline:console",
                "headset",
                _of(Role.AGENT, Role.SUPPORT),
                quick=True,
            ),
            Item(
                _("Sign-off inbox"),
                "tickets:signoff_inbox",
                "signature",
                _of(Role.SUPERVISOR),
                quick=True,
                delegable=True,
            ),
        ),
    ),
    Group(
        _("Records"),
        (
            Item(_("Defects"), "tickets:defect_list", "bug", BUSINESS, quick=True),
            Item(
                _("Consultations"),
                "tickets:consultation_list",
                "messages",
                BUSINESS,
                quick=True,
            ),
            Item(_("Incidents"), "incidents:list", "urgent", BUSINESS, quick=True),
            Item(_("Knowledge base"), "tickets:knowledge_list", "book", BUSINESS),
            Item(
                _("Form of the consultation record"),
                "tickets:record_form",
                "file-text",
                _of(Role.SUPERVISOR),
            ),
            Item(
                _("Machine-room reports"),
                "hotline:machine_room_list",
                "server-2",
                DESK | _of(Role.MONITOR),
            ),
            Item(_("Contact records"), "hotline:contact_list", "phone-incoming", DESK),
        ),
    ),
    Group(
        _("On duty"),
        (
            Item(_("Roster"), "oncall:roster", "calendar-user", BUSINESS - _of(Role.REPORTER)),
            Item(_("Call-outs"), "oncall:page_list", "bell-ringing", DESK),
            Item(
                _("Escalation ladders"),
                "oncall:ladders",
                "arrow-up",
                DESK | _of(Role.SYSADMIN),
            ),
            Item(
                _("Telephone provider"),
                "oncall:provider",
                "phone",
                _of(Role.SUPERVISOR, Role.MANAGER, Role.SYSADMIN),
            ),
            Item(_("My phone"), "oncall:phone", "device-mobile", DESK),
            Item(
                _("Who acts for whom"),
                "teamwork:delegations",
                "user-share",
                BUSINESS | _of(Role.SECADMIN, Role.AUDITOR),
            ),
            Item(_("Working calendar"), "calendars:index", "calendar", BUSINESS),
        ),
    ),
    Group(
        _("Preparedness"),
        (
            Item(
                _("Emergency plans"),
                "readiness:plan_list",
                "lifebuoy",
                BUSINESS - _of(Role.REPORTER),
            ),
            Item(_("Drills"), "readiness:drill_list", "flame", BUSINESS - _of(Role.REPORTER)),
            Item(
                _("Risk register"),
                "readiness:risk_list",
                "alert-triangle",
                BUSINESS - _of(Role.REPORTER),
            ),
        ),
    ),
    Group(
        _("Overview"),
        (
            Item(
                _("Dashboard"),
                "reports:dashboard",
                "chart-bar",
                _of(Role.MANAGER, Role.SUPERVISOR, Role.SUPPORT, Role.SUPERIOR),
                quick=True,
            ),
            Item(
                _("Availability"),
                "reports:availability",
                "activity",
                _of(Role.MANAGER, Role.SUPERVISOR, Role.SUPPORT, Role.SUPERIOR),
            ),
            Item(
                _("Service agreements"),
                "sla:agreements",
                "clock-check",
                DESK | _of(Role.SYSADMIN, Role.SUPERIOR),
            ),
            Item(
                _("Managed objects"),
                "operations:object_list",
                "stack-2",
                DESK | _of(Role.SYSADMIN),
            ),
            Item(_("Units"), "accounts:units", "building", _of(Role.SYSADMIN)),
            Item(
                _("Project groups"),
                "tickets:group_list",
                "id-badge-2",
                _of(Role.SUPPORT, Role.SYSADMIN),
            ),
            Item(
                _("People and roles"),
                "accounts:people",
                "users",
                _of(Role.SYSADMIN, Role.SECADMIN),
                quick=True,
            ),
            Item(
                _("Canned phrases"),
                "teamwork:phrases",
                "blockquote",
                DESK | _of(Role.SUPERIOR),
            ),
            Item(
                _("Hand open work over"), "teamwork:colleagues", "users-group", _of(Role.SUPERVISOR)
            ),
            Item(_("Health"), "health", "heartbeat", DESK | _of(Role.SYSADMIN)),
            Item(_("Audit trail"), "audit:events", "shield-check", _of(Role.AUDITOR), quick=True),
        ),
    ),
)


def address(url_name: str) -> str:
    """URL of a name without arguments, "" when there is no such page (yet)."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def doors(roles: Iterable[str], path: str, passed: Iterable[str] = ()) -> list[DoorGroup]:
    """The navigation of a person with ``roles`` who is at ``path``; the longest match is active.

    ``passed``: roles in which the person acts for others.
    """
    held, received = frozenset(roles), frozenset(passed)
    found = [
        (group, item, url)
        for group in NAVIGATION
        for item in group.items
        if (held | (received if item.delegable else frozenset())) & item.roles
        and (url := address(item.url_name))
    ]
    here = max((url for _g, _i, url in found if _inside(path, url)), key=len, default="")
    groups: list[DoorGroup] = []
    for group in NAVIGATION:
        items = [
            Door(item.label, url, item.icon, url == here, item.quick)
            for owner, item, url in found
            if owner is group
        ]
        if items:
            groups.append(DoorGroup(group.label, items))
    return groups


def bottom_bar(groups: Iterable[DoorGroup]) -> list[Door]:
    """At most four doors for the bar of phones."""
    return [door for group in groups for door in group.items if door.quick][:4]


def _inside(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
