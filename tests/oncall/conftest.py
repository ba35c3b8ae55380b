"""A rostered team, a page that calls, and a telephone provider that tells what it was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.actors import SETUP
from accounts.models import User
from calendars.arithmetic import SHANGHAI
from calendars.services import current_calendar
from engine import registry
from oncall import handlers, providers
from oncall.coverage import coverage
from oncall.models import Attempt, Page, Roster, SimulatedCall
from oncall.providers.base import CallRequest, Found, Inquiry, LineState, Placed
from oncall.services.pages import start_page
from oncall.services.shifts import add_shift


@dataclass
class Exchange:
    """A provider in the test's hand: what it was asked, and what it answers."""

    name: str = "exchange"
    placed: list[CallRequest] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    texts: list[CallRequest] = field(default_factory=list)
    known: dict[str, LineState] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    before: Callable[[CallRequest], None] | None = None
    after: Callable[[CallRequest], None] | None = None
    lookup_fails: Exception | None = None
    cancel_fails: Exception | None = None

    def place_call(self, request: CallRequest) -> Placed:
        """Take the call, or fail as ``before`` (not taken) or ``after`` (taken) says."""
        if self.before:
            self.before(request)
        self.placed.append(request)
        self.known[request.reference] = LineState.RINGING
        self.ids[request.reference] = f"id-{len(self.placed)}"
        if self.after:
            self.after(request)
        return Placed(self.ids[request.reference], LineState.RINGING)

    def send_text(self, request: CallRequest) -> Placed:
        """Take a text message, which arrives at once."""
        if self.before:
            self.before(request)
        self.texts.append(request)
        self.ids[request.reference] = f"sms-{len(self.texts)}"
        return Placed(self.ids[request.reference], LineState.DELIVERED)

    def lookup(self, inquiry: Inquiry) -> Found | None:
        """What it knows."""
        if self.lookup_fails:
            raise self.lookup_fails
        state = self.known.get(inquiry.reference)
        return Found(self.ids[inquiry.reference], state) if state else None

    def cancel(self, inquiry: Inquiry) -> None:
        """Note the wish."""
        if self.cancel_fails:
            raise self.cancel_fails
        self.cancelled.append(inquiry.reference)


@pytest.fixture
def exchange(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Exchange:
    """Calls go to the test instead of the simulator."""
    desk = Exchange()
    settings.PHONE_PROVIDER = "exchange"
    monkeypatch.setattr(providers, "named", lambda _name: desk)
    return desk


@pytest.fixture
def rostered(tech: User, tech2: User, supervisor: User, now: datetime) -> tuple[User, User, User]:
    """Primary, backup and supervisor; the shift lasts the day."""
    add_shift(
        actor=supervisor,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=23),
        primary=tech,
        backup=tech2,
    )
    return tech, tech2, supervisor


@pytest.fixture
def staffed_hotline(agent: User, now: datetime) -> User:
    """The agent answers the hotline on every working day of two weeks."""
    first = now.astimezone(SHANGHAI).replace(hour=0, minute=0)
    span = (first, first + timedelta(days=14))
    for starts_at, ends_at in coverage(Roster.HOTLINE, *span, current_calendar()).wanted:
        add_shift(
            actor=SETUP, roster=Roster.HOTLINE, starts_at=starts_at, ends_at=ends_at,
            primary=agent, backup=None,
        )  # fmt: skip
    return agent


@pytest.fixture
def alarm(rostered: object, now: datetime) -> Page:
    """A page that has just been started."""
    return begin(now)


def begin(now: datetime, **more: Any) -> Page:
    """Start a page about an incident."""
    given = {
        "key": "test:GZ-20261123-0001:reported",
        "subject": "GZ-20261123-0001",
        "title": "收单数据库无响应",
        "write": lambda: "收单数据库无响应",
        "url": "/incidents/GZ-20261123-0001/",
    }
    return start_page(now=now, **{**given, **more})


def run(now: datetime, *engines: str) -> None:
    """Let engines do what is due, as the worker would."""
    for name in engines or ("pages", "calls"):
        registry.run(name, now)


def attempts(page: Page) -> list[tuple[int, str, str]]:
    """(rung, user name, state) of the page's calls, in order."""
    rows = page.attempts.filter(channel="voice").order_by("rung", "person__username")
    return [(row.rung, row.person.username, row.state) for row in rows.select_related("person")]


def attempt_of(page: Page, person: User) -> Attempt:
    """The newest call to a person."""
    return page.attempts.filter(person=person, channel="voice").latest("pk")


def call_of(person: User) -> SimulatedCall:
    """The newest call to a person's simulated telephone."""
    found: SimulatedCall = SimulatedCall.objects.filter(person=person).latest("pk")
    return found


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Page, User]]:
    """What the handlers of the prefix ``test`` were told."""
    told: list[tuple[Page, User]] = []
    monkeypatch.setattr(handlers, "_handlers", {})
    handlers.on_acknowledged("test", lambda page, person, _now: told.append((page, person)))
    return told
