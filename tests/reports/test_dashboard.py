"""Every number of the dashboard is the length of the list it opens (R05, I18)."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from incidents.models import Incident
from incidents.services import report_incident
from operations.models import ManagedObject
from reports.dashboard import percentage
from reports.figures import FIGURES, Scope, count_of
from reports.periods import Month, read_month
from sla import services as sla
from sla.models import Clock, Target
from tests.tickets.journey import Cast, Journey

SignedIn = Callable[[User], Client]
HOUR = timedelta(hours=1)


@pytest.fixture
def journey(
    now: datetime, reporter: User, support: User, tech: User, supervisor: User,
    implementer: User, agent: User, superior: User, system: ManagedObject,
) -> Iterator[Journey]:  # fmt: skip
    """It is six hours after the first defect."""
    cast = Cast(reporter, support, tech, supervisor, implementer, agent, superior, system)
    with time_machine.travel(now + 6 * HOUR, tick=False):
        yield Journey(cast, now)


@pytest.fixture
def scope(journey: Journey, manager: User, now: datetime) -> Scope:
    """The manager looks at November, six hours on, without demonstration records."""
    return Scope(manager, now + 6 * HOUR, Month(2026, 11), demo=False)


def _down(journey: Journey, t0: datetime, **more: Any) -> Incident:
    """An S1 whose clocks count from ``t0``."""
    incident = report_incident(
        actor=journey.cast.agent, now=t0, title="收单业务中断",
        phenomenon="全部终端提示网络超时,无法交易", managed_object=journey.cast.system,
        unit=journey.cast.reporter.organisation, reporter=journey.cast.reporter,
        reporter_name="张丽", reporter_phone="024-22851234", **more,
    )  # fmt: skip
    incident.commitment = sla.open_commitment(
        subject=incident.number, url="/", title=incident.title, t0=t0, now=t0,
        is_drill=incident.is_drill, is_demo=incident.is_demo, hour_seconds=incident.hour_seconds,
    )  # fmt: skip
    incident.save(update_fields=["commitment"])
    return incident


def _shown(client: Client, address: str = "/dashboard/?demo=0") -> dict[str, tuple[str, str]]:
    """Figure code → (value, address) as the page shows them."""
    page = client.get(address).content.decode()
    links = re.findall(r'<a class="stat-link" href="([^"]+)">(.*?)</a>', page, flags=re.DOTALL)
    found: dict[str, tuple[str, str]] = {}
    for link, inside in links:
        value = re.search(r'stat-value num">([^<]*)', inside)
        assert value is not None
        code = re.search(r"/dashboard/(\w+)/", link)
        if code:
            found.setdefault(code[1], (value[1], html.unescape(link)))
    bars = re.findall(r'<li><a href="([^"]+)"><span class="bar-label">.*?num">(\d+)<', page)
    for link, value in bars:
        code = re.search(r"/dashboard/(\w+)/", link)
        assert code is not None
        found[code[1]] = (value, html.unescape(link))
    return found


def _listed(client: Client, address: str) -> int:
    return len(client.get(address).context["rows"])


def test_every_number_opens_what_it_counts(
    signed_in: SignedIn, journey: Journey, manager: User, now: datetime
) -> None:
    """All of them, with something in most."""
    for state in ("draft", "submitted", "returned", "triaging", "pending_signoff", "closed"):
        journey.at(state)
    _down(journey, now)
    _down(journey, now - 14 * HOUR)
    client = signed_in(manager)
    shown = _shown(client)
    assert shown["defects_in"][0] == "5"
    assert shown["backlog"][0] == "4"
    assert shown["defects_out"][0] == "1"
    assert shown["state_triaging"][0] == "1"
    for code, (value, address) in shown.items():
        if value.isdecimal():
            assert _listed(client, address) == int(value), code


@pytest.mark.parametrize("code", sorted(FIGURES))
def test_every_list_opens(
    signed_in: SignedIn, journey: Journey, manager: User, now: datetime, code: str
) -> None:
    """As long as its figure, for this month and the one before."""
    journey.closed()
    _down(journey, now)
    client = signed_in(manager)
    for month in ("2026-11", "2026-10"):
        scope = Scope(manager, now + 6 * HOUR, read_month(month, date(2026, 11, 23)), demo=False)
        address = f"/dashboard/{code}/?demo=0&month={month}"
        assert _listed(client, address) == count_of(FIGURES[code], scope)


def test_clocks_by_urgency(journey: Journey, scope: Scope, now: datetime) -> None:
    """On track, due soon, overdue: the words of the chips; a missed one counts in its month."""
    seen = scope.now
    _down(journey, seen - 2 * HOUR)
    _down(journey, seen - 10 * HOUR)
    _down(journey, seen - 13 * HOUR)
    while sla.fire_due(seen):
        pass
    counts = {
        code: count_of(FIGURES[code], scope)
        for code in ("clocks_on_track", "clocks_due_soon", "clocks_overdue", "clocks_missed")
    }
    running = Clock.objects.filter(state="running").count()
    assert sum(counts.values()) - counts["clocks_missed"] == running == 6
    assert counts["clocks_overdue"] == counts["clocks_missed"] == 1
    assert counts["clocks_due_soon"] == 1


def test_met(journey: Journey, scope: Scope, now: datetime) -> None:
    """Resolved in time; the plan that was no longer needed is neither met nor missed."""
    incident = _down(journey, now)
    assert incident.commitment is not None
    sla.stop_fix(incident.commitment, resolved_at=now + HOUR, now=now + HOUR)
    assert count_of(FIGURES["clocks_met"], scope) == 1
    assert count_of(FIGURES["clocks_judged"], scope) == 1
    assert count_of(FIGURES["clocks_running"], scope) == 0


def test_drills_never_count(journey: Journey, scope: Scope, now: datetime) -> None:
    """Not even with demonstration records."""
    _down(journey, now, is_drill=True, hour_seconds=10)
    for demo in (True, False):
        seen = Scope(scope.person, scope.now, scope.month, demo)
        assert [code for code in FIGURES if count_of(FIGURES[code], seen)] == []


def test_demonstration_records_only_on_request(
    signed_in: SignedIn, journey: Journey, manager: User, now: datetime, settings: Any
) -> None:
    """Off by default; on by default in a demonstration, with a label that says so."""
    journey.submitted()
    _down(journey, now, is_demo=True)
    client = signed_in(manager)
    assert _shown(client, "/dashboard/")["incidents_open"][0] == "0"
    assert _shown(client, "/dashboard/?demo=1")["incidents_open"][0] == "1"
    settings.DEMO = True
    assert _shown(client, "/dashboard/")["incidents_open"][0] == "1"
    assert client.get("/dashboard/").context["with_demo"] is True
    assert _shown(client, "/dashboard/?demo=0")["incidents_open"][0] == "0"


def test_nothing_is_not_zero_per_cent(signed_in: SignedIn, manager: User) -> None:
    """A dash, neither 0 % nor 100 % (R05)."""
    assert percentage(0, 0) == "—"
    assert percentage(0, 4) == "0 %"
    assert percentage(2, 3) == "67 %"
    shown = _shown(signed_in(manager))
    for code in ("clocks_judged", "consultations_on_spot", "defects_accepted"):
        assert shown[code][0] == "—"


def test_scope(signed_in: SignedIn, journey: Journey, superior: User, reporter: User) -> None:
    """The superior department counts only what was reported to it; bank users see no dashboard."""
    journey.submitted()
    client = signed_in(superior)
    assert _shown(client)["backlog"][0] == "0"
    assert _listed(client, "/dashboard/backlog/?demo=0") == 0
    journey.replied()
    assert _shown(client)["backlog"][0] == "1"
    assert signed_in(reporter).get("/dashboard/").status_code == 403
    assert signed_in(reporter).get("/dashboard/backlog/").status_code == 403


def test_by_unit_and_object(
    signed_in: SignedIn, journey: Journey, manager: User, system: ManagedObject
) -> None:
    """The links of the tables open that unit's, that system's records."""
    journey.submitted()
    client = signed_in(manager)
    unit = journey.cast.reporter.organisation_id
    assert _listed(client, f"/dashboard/backlog/?demo=0&unit={unit}") == 1
    assert _listed(client, f"/dashboard/backlog/?demo=0&object={system.pk}") == 1
    assert _listed(client, "/dashboard/backlog/?demo=0&object=0") == 0
    for bad in ("unit=999999", "object=999999", "unit=x", "unit=" + "9" * 30):
        assert client.get(f"/dashboard/backlog/?{bad}").status_code == 404
    assert client.get("/dashboard/nonsense/").status_code == 404


def test_fixed_number_of_queries(
    signed_in: SignedIn,
    journey: Journey,
    manager: User,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """However many records there are."""
    for _ in range(4):
        journey.submitted()
        _down(journey, now)
    client = signed_in(manager)
    with django_assert_max_num_queries(50):
        client.get("/dashboard/?demo=0")
    with django_assert_max_num_queries(12):
        client.get("/dashboard/backlog/?demo=0")


def test_months() -> None:
    """Beijing months; what is no month, or lies ahead, is this one."""
    today = date(2026, 11, 23)
    assert read_month("2026-10", today) == Month(2026, 10)
    for text in ("", "2026-13", "2026-12", "x", "1999-01", "2026-1"):
        assert read_month(text, today) == Month(2026, 11)
    assert Month(2026, 11).start == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert Month(2026, 12).next == Month(2027, 1)
    assert Month(2026, 1).previous == Month(2025, 12)


def test_mean_satisfaction_opens_the_defects_behind_it(
    journey: Journey, manager: User, signed_in: SignedIn
) -> None:
    """R05: the mean of the ratings of replies; nobody's rating is a dash."""
    User.objects.update(language="en")
    client = signed_in(manager)
    assert _shown(client)["replies_rated"][0] == "—"
    first, second = journey.closed(), journey.closed()
    second.rating = 4
    second.save(update_fields=["rating"])

    value, address = _shown(client)["replies_rated"]
    assert value == "4.5"
    listed = client.get(html.unescape(address)).content.decode()
    assert first.label in listed
    assert second.label in listed


def test_where_no_internal_target_is_set_the_dashboard_says_not_agreed(
    signed_in: SignedIn, support: User
) -> None:
    """未约定: in words, beside the empty numbers; and gone once a target is set."""
    assert "未约定:这些环节没有设定目标" in signed_in(support).get("/dashboard/").content.decode()
    Target.objects.create(step="accept", level="S3", minutes=240)
    assert "未约定:这些环节" not in signed_in(support).get("/dashboard/").content.decode()
