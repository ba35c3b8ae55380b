"""What is wrong with the roster is found when saving, ahead of time, and warned of once (R14)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation, User
from accounts.roles import Role
from audit.models import Event
from notifications.models import Message
from oncall.findings import Kind, findings
from oncall.models import RosterAlert, Shift
from oncall.services.roster_watch import looks_waiting, roster_findings, watch_due
from oncall.services.shifts import add_shift, remove_shift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("staffed_hotline")]
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SignIn = Callable[[User], Client]


@pytest.fixture
def planned(supervisor: User, tech: User, tech2: User, now: datetime) -> Shift:
    """Ten days covered, from an hour ago."""
    return add_shift(
        actor=supervisor, starts_at=now - HOUR, ends_at=now + 10 * DAY, primary=tech, backup=tech2
    )


def kinds(now: datetime) -> set[Kind]:
    """What is found from ``now`` on."""
    return {each.kind for each in roster_findings(now)}


def alerts() -> list[str]:
    """Subjects of the messages in the desk."""
    messages = Message.objects.filter(dedupe_key__startswith="roster-alert:", channel="in_app")
    return list(messages.values_list("subject", flat=True))


def test_a_covered_roster_has_nothing_wrong(planned: Shift, now: datetime) -> None:
    assert roster_findings(now) == []


def test_a_gap_within_seven_days_is_found_with_its_minutes(
    supervisor: User, tech: User, tech2: User, now: datetime
) -> None:
    add_shift(actor=supervisor, starts_at=now, ends_at=now + 2 * DAY, primary=tech, backup=tech2)
    (gap,) = roster_findings(now)

    assert gap.kind == Kind.GAP
    assert (gap.starts_at, gap.ends_at) == (now + 2 * DAY, now + 7 * DAY)
    assert gap.minutes == 5 * 24 * 60


def test_a_gap_is_found_to_the_end_of_the_roster(
    planned: Shift, supervisor: User, now: datetime
) -> None:
    add_shift(
        actor=supervisor, starts_at=now + 20 * DAY, ends_at=now + 21 * DAY,
        primary=planned.primary, backup=planned.backup,
    )  # fmt: skip
    (gap,) = roster_findings(now)

    assert (gap.starts_at, gap.ends_at) == (now + 10 * DAY, now + 20 * DAY)


def test_who_has_been_disabled_since_is_found(planned: Shift, now: datetime) -> None:
    User.objects.filter(pk=planned.backup_id).update(is_active=False)

    assert kinds(now) == {Kind.NOT_IN_SERVICE}


def test_whose_phone_is_gone_since_is_found(planned: Shift, now: datetime) -> None:
    User.objects.filter(pk=planned.primary_id).update(phone="12")

    assert kinds(now) == {Kind.NO_PHONE}


def test_primary_and_backup_who_turn_out_to_be_one_human(planned: Shift, now: datetime) -> None:
    User.objects.filter(pk=planned.backup_id).update(staff_no=planned.primary.staff_no)
    assert planned.primary.staff_no

    assert kinds(now) == {Kind.ONE_PERSON}


def test_one_person_in_two_shifts_at_once(
    planned: Shift, now: datetime, make_person: Callable[..., User], company: Organisation
) -> None:
    third = make_person("sunli", "孙丽", company, Role.TECH, phone="13800138077")
    other = Shift(
        pk=planned.pk + 1, starts_at=now + DAY, ends_at=now + 2 * DAY,
        primary=third, backup=planned.primary,
    )  # fmt: skip
    (found,) = findings([planned, other], now, now + 7 * DAY, covered_until=None)

    assert (found.kind, found.person) == (Kind.TWO_PLACES, planned.primary.name)
    assert (found.starts_at, found.ends_at) == (now + DAY, now + 2 * DAY)


def test_supervisors_are_warned_once_a_day_before_a_gap(
    supervisor: User, tech: User, tech2: User, now: datetime
) -> None:
    add_shift(actor=supervisor, starts_at=now, ends_at=now + 2 * DAY, primary=tech, backup=tech2)
    watch_due(now)
    assert alerts() == []
    assert watch_due(now + DAY) == 1
    assert RosterAlert.objects.count() == 0

    for minutes in (10, 20, 60, 26 * 60):
        watch_due(now + DAY + timedelta(minutes=minutes))

    assert len(alerts()) == 1
    assert Message.objects.filter(urgent=True, recipient=supervisor, channel="in_app").count() == 1
    assert Event.objects.filter(action="oncall.roster_alert").count() == 1


def test_the_warning_tells_the_whole_gap_and_leads_to_its_days(
    supervisor: User, tech: User, tech2: User, now: datetime
) -> None:
    for begins, ends in ((0, 20), (50, 80)):
        add_shift(
            actor=supervisor, starts_at=now + begins * HOUR, ends_at=now + ends * HOUR,
            primary=tech, backup=tech2,
        )  # fmt: skip
    supervisor.language = "en"
    supervisor.save()
    watch_due(now)

    letter = Message.objects.get(recipient=supervisor, channel="in_app", urgent=True)
    assert "from 2026-11-24 05:05 to 2026-11-25 11:05 (1800 min)" in letter.body
    assert letter.url == "/roster/?roster=on_call&from=2026-11-24"


def test_looking_again_waits_ten_minutes(planned: Shift, now: datetime) -> None:
    assert watch_due(now) == 1
    assert watch_due(now + timedelta(minutes=9)) == 0
    assert looks_waiting(now + timedelta(minutes=10)) == 1
    assert watch_due(now + timedelta(minutes=10)) == 1


def test_a_gap_that_was_filled_and_opens_again_is_a_new_warning(
    supervisor: User, tech: User, tech2: User, now: datetime
) -> None:
    add_shift(actor=supervisor, starts_at=now, ends_at=now + 2 * HOUR, primary=tech, backup=tech2)
    watch_due(now)
    filled = add_shift(
        actor=supervisor, starts_at=now + 2 * HOUR, ends_at=now + 3 * DAY,
        primary=tech, backup=tech2,
    )  # fmt: skip
    watch_due(now + timedelta(minutes=10))
    assert RosterAlert.objects.get().settled_at == now + timedelta(minutes=10)

    remove_shift(filled, actor=supervisor, now=now + timedelta(minutes=15))
    watch_due(now + timedelta(minutes=20))

    assert len(alerts()) == 2


def test_an_empty_roster_is_warned_of_once(supervisor: User, now: datetime) -> None:
    for minutes in (0, 10, 20):
        watch_due(now + timedelta(minutes=minutes))

    assert len(alerts()) == 1


def test_the_page_lists_what_is_wrong(
    planned: Shift, supervisor: User, signed_in: SignIn, now: datetime
) -> None:
    supervisor.language = "en"
    supervisor.save()
    User.objects.filter(pk=planned.backup_id).update(phone="")
    with time_machine.travel(now, tick=False):
        page = signed_in(supervisor).get("/roster/").content

    text = BeautifulSoup(page, "html.parser").get_text(" ", strip=True)
    assert planned.backup is not None
    assert f"No valid phone number On-call mobile · {planned.backup.name}" in text


def test_the_look_ahead_costs_the_same_for_many_shifts(
    supervisor: User, tech: User, tech2: User, now: datetime
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            roster_findings(now)
        return len(queries)

    add_shift(actor=supervisor, starts_at=now, ends_at=now + DAY, primary=tech, backup=tech2)
    one = cost()
    for day in range(1, 12):
        add_shift(
            actor=supervisor, starts_at=now + day * DAY, ends_at=now + (day + 1) * DAY,
            primary=tech, backup=tech2,
        )  # fmt: skip

    assert cost() == one


def test_the_api_says_who_is_on_call(
    planned: Shift, reporter: User, signed_in: SignIn, now: datetime
) -> None:
    with time_machine.travel(now, tick=False):
        answer: dict[str, Any] = signed_in(reporter).get("/api/v1/oncall/now/").json()

    assert answer["primary"] == {"name": "张伟", "phone": "138****8000"}
    assert answer["backup"]["name"] == "刘强"
    assert datetime.fromisoformat(answer["until"]).astimezone(UTC) == planned.ends_at


def test_the_api_says_that_there_is_nobody(reporter: User, signed_in: SignIn) -> None:
    answer = signed_in(reporter).get("/api/v1/oncall/now/").json()

    del answer["hotline"]
    assert answer == {"primary": None, "backup": None, "until": None}


def test_who_is_on_call_is_not_told_to_strangers(client: Client) -> None:
    assert client.get("/api/v1/oncall/now/").status_code in (401, 403)
