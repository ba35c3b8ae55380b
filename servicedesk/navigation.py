"""The left navigation: which doors there are, and who sees them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

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
    """One page. ``roles``: holders of any of them see it; ``quick``: first on phones;
    ``delegable``: also those who act for a holder (I15).
    """

    label: str | Promise
    url_name: str
    icon: str
    roles: frozenset[str] = EVERYBODY
    quick: bool = False
    delegable: bool = False


@dataclass(frozen=True)
class Section:
    """Pages behind one door, told apart by tabs; who may open only one meets it as a door."""

    label: str | Promise
    icon: str
    pages: tuple[Item, ...]
    quick: bool = False


@dataclass(frozen=True)
class Group:
    """Doors that belong together."""

    label: str | Promise
    items: tuple[Item | Section, ...]


@dataclass(frozen=True)
class Door:
    """An item as one person meets it on one page; ``tabs``: the pages behind it."""

    label: str | Promise
    url: str
    icon: str
    active: bool
    quick: bool
    tabs: tuple[Door, ...] = ()


@dataclass(frozen=True)
class DoorGroup:
    """The doors of a group that the person may open."""

    label: str | Promise
    items: list[Door]


def _of(*roles: Role) -> frozenset[str]:
    return frozenset(role.value for role in roles)


STAFF = BUSINESS - _of(Role.REPORTER)
WATCHERS = _of(Role.MANAGER, Role.SUPERVISOR, Role.SUPPORT, Role.SUPERIOR)

NAVIGATION: tuple[Group, ...] = (
    Group(
        "",
        (
            Item(_("Home"), "home", "home", quick=True),
            Item(
                _("Call console"), "hotline:console", "headset", _of(Role.AGENT, Role.SUPPORT),
                quick=True,
            ),
            Item(
                _("Sign-off inbox"), "tickets:signoff_inbox", "signature", _of(Role.SUPERVISOR),
                quick=True, delegable=True,
            ),
        ),
    ),
    Group(
        _("Records"),
        (
            Item(_("Defects"), "tickets:defect_list", "bug", BUSINESS, quick=True),
            Section(
                _("Consultations"), "messages",
                (
                    Item(_("Consultations"), "tickets:consultation_list", "messages", BUSINESS),
                    Item(
                        _("Form of the consultation record"), "tickets:record_form", "file-text",
                        _of(Role.SUPERVISOR),
                    ),
                ),
                quick=True,
            ),
            Item(_("Incidents"), "incidents:list", "urgent", BUSINESS, quick=True),
            Item(
                _("Machine-room reports"), "hotline:machine_room_list", "server-2",
                DESK | _of(Role.MONITOR),
            ),
            Item(_("Contact records"), "hotline:contact_list", "phone-incoming", DESK),
            Item(_("Knowledge base"), "tickets:knowledge_list", "book", BUSINESS),
        ),
    ),
    Group(
        _("On duty"),
        (
            Item(_("Roster"), "oncall:roster", "calendar-user", STAFF),
            Section(
                _("Call-outs"), "bell-ringing",
                (
                    Item(_("Call-outs"), "oncall:page_list", "bell-ringing", DESK),
                    Item(
                        _("Escalation ladders"), "oncall:ladders", "arrow-up",
                        DESK | _of(Role.SYSADMIN),
                    ),
                    Item(
                        _("Telephone provider"), "oncall:provider", "phone",
                        _of(Role.SUPERVISOR, Role.MANAGER, Role.SYSADMIN),
                    ),
                ),
            ),
            Item(_("My phone"), "oncall:phone", "device-mobile", DESK),
            Section(
                _("Preparedness"), "lifebuoy",
                (
                    Item(_("Emergency plans"), "readiness:plan_list", "lifebuoy", STAFF),
                    Item(_("Drills"), "readiness:drill_list", "flame", STAFF),
                    Item(_("Risk register"), "readiness:risk_list", "alert-triangle", STAFF),
                ),
            ),
        ),
    ),
    Group(
        _("Overview"),
        (
            Section(
                _("Dashboard"), "chart-bar",
                (
                    Item(_("Dashboard"), "reports:dashboard", "chart-bar", WATCHERS),
                    Item(_("Availability"), "reports:availability", "activity", WATCHERS),
                ),
                quick=True,
            ),
            Section(
                _("Service levels"), "clock-check",
                (
                    Item(
                        _("Service agreements"), "sla:agreements", "clock-check",
                        DESK | _of(Role.SYSADMIN, Role.SUPERIOR),
                    ),
                    Item(_("Working calendar"), "calendars:index", "calendar", BUSINESS),
                ),
            ),
            Section(
                _("Basic data"), "stack-2",
                (
                    Item(
                        _("Managed objects"), "operations:object_list", "stack-2",
                        DESK | _of(Role.SYSADMIN),
                    ),
                    Item(_("Units"), "accounts:units", "building", _of(Role.SYSADMIN)),
                    Item(
                        _("Project groups"), "tickets:group_list", "id-badge-2",
                        _of(Role.SUPPORT, Role.SYSADMIN),
                    ),
                    Item(
                        _("Canned phrases"), "teamwork:phrases", "blockquote",
                        DESK | _of(Role.SUPERIOR),
                    ),
                ),
            ),
            Section(
                _("People"), "users",
                (
                    Item(
                        _("People and roles"), "accounts:people", "users",
                        _of(Role.SYSADMIN, Role.SECADMIN),
                    ),
                    Item(
                        _("Who acts for whom"), "teamwork:delegations", "user-share",
                        BUSINESS | _of(Role.SECADMIN, Role.AUDITOR),
                    ),
                    Item(
                        _("Hand open work over"), "teamwork:colleagues", "users-group",
                        _of(Role.SUPERVISOR),
                    ),
                ),
            ),
            Item(_("Health"), "health", "heartbeat", DESK | _of(Role.SYSADMIN)),
            Item(_("Audit trail"), "audit:events", "shield-check", _of(Role.AUDITOR), quick=True),
        ),
    ),
)  # fmt: skip


def pages() -> list[Item]:
    """Every page that the navigation leads to."""
    return [
        page
        for group in NAVIGATION
        for item in group.items
        for page in (item.pages if isinstance(item, Section) else (item,))
    ]


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
    urls = {
        page.url_name: url
        for page in pages()
        if (held | (received if page.delegable else frozenset())) & page.roles
        and (url := address(page.url_name))
    }
    here = max((url for url in urls.values() if _inside(path, url)), key=len, default="")
    groups = [
        DoorGroup(
            group.label,
            [door for item in group.items if (door := _door(item, urls, here)) is not None],
        )
        for group in NAVIGATION
    ]
    return [group for group in groups if group.items]


def _door(item: Item | Section, urls: dict[str, str], here: str) -> Door | None:
    """As the person meets it; None without anything they may open."""
    if isinstance(item, Item):
        url = urls.get(item.url_name)
        return Door(item.label, url, item.icon, url == here, item.quick) if url else None
    tabs = tuple(door for page in item.pages if (door := _door(page, urls, here)) is not None)
    if len(tabs) < 2:
        return replace(tabs[0], quick=item.quick) if tabs else None
    active = any(tab.active for tab in tabs)
    return Door(item.label, tabs[0].url, item.icon, active, item.quick, tabs)


def tabs_at(groups: Iterable[DoorGroup], path: str) -> tuple[Door, ...]:
    """The pages beside the one at ``path``; none on the page of a single record."""
    return next(
        (
            door.tabs
            for group in groups
            for door in group.items
            if any(tab.url == path for tab in door.tabs)
        ),
        (),
    )


def bottom_bar(groups: Iterable[DoorGroup]) -> list[Door]:
    """At most four doors for the bar of phones."""
    return [door for group in groups for door in group.items if door.quick][:4]


def _inside(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
