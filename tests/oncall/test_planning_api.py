"""Reading and planning the rosters over the API (R11, R14)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from oncall.models import Roster, Shift
from oncall.rotation import Layer
from oncall.services.rotations import change_rotations

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PERIOD = "roster=on_call&first=2026-11-30&last=2026-12-06"
JSON = "application/json"


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


def test_shifts_are_read_by_those_who_read_the_roster(
    rostered: object, agent: User, reporter: User, signed_in: SignIn
) -> None:
    url = "/api/v1/oncall/shifts/?first=2026-11-23"
    (shift,) = signed_in(agent).get(url).json()

    assert (shift["roster"], shift["primary"]["name"]) == ("on_call", "张伟")
    assert signed_in(reporter).get(url).json() == []
    assert signed_in(agent).get("/api/v1/oncall/shifts/").status_code == 400
    assert signed_in(agent).get(f"{url}&last=2026-11-01").status_code == 400


@pytest.mark.parametrize(
    ("period", "place", "words"),
    [
        ("first=2026-11-23&last=2027-12-28", "last", "截止日期不得早于起始日期,且不超过 400 天。"),
        ("first=2026-11-23&last=2026-11-22", "last", "截止日期不得早于起始日期,且不超过 400 天。"),
        ("first=9999-12-31", "first", "年份有误。"),
        ("first=2026-11-23&last=9999-12-31", "last", "年份有误。"),
        ("first=0001-01-01", "first", "年份有误。"),
    ],
)
def test_periods_that_cannot_be_are_refused_in_the_persons_language(
    agent: User, signed_in: SignIn, period: str, place: str, words: str
) -> None:
    answer = signed_in(agent).get(
        f"/api/v1/oncall/shifts/?{period}", headers={"Accept-Language": "zh-CN"}
    )

    assert answer.status_code == 400
    (told,) = answer.json()["error"]["fields"][place]
    assert told.startswith(words)


def test_a_stretch_is_filled_by_planners(
    tech: User, tech2: User, supervisor: User, signed_in: SignIn
) -> None:
    body = {
        "starts_at": "2026-11-25T09:00:00+08:00", "ends_at": "2026-11-26T09:00:00+08:00",
        "primary": tech.pk, "backup": tech2.pk,
    }  # fmt: skip
    url = "/api/v1/oncall/shifts/"
    assert signed_in(tech).post(url, body, content_type=JSON).status_code == 403
    client = signed_in(supervisor)
    refused = client.post(url, {**body, "backup": tech.pk}, content_type=JSON)
    assert refused.status_code == 400
    assert "backup" in refused.content.decode()
    (written,) = client.post(url, body, content_type=JSON).json()

    assert written["planned_version"] is None
    assert Shift.objects.count() == 1


def test_preview_and_publish(
    tech: User, tech2: User, supervisor: User, signed_in: SignIn, now: datetime
) -> None:
    change_rotations(
        actor=supervisor, roster=Roster.ON_CALL, version=0, reason="十二月起两人轮班", now=now,
        layers=(Layer("周轮班", (tech.pk, tech2.pk), date(2026, 11, 23)),),
    )  # fmt: skip
    url = "/api/v1/oncall/publish/"
    assert signed_in(tech).get(f"{url}?{PERIOD}").status_code == 403
    client = signed_in(supervisor)
    looked = client.get(f"{url}?{PERIOD}").json()
    assert (looked["version"], looked["counts"]["new"], looked["gaps"]) == (1, 2, [])
    assert not Shift.objects.exists()
    body = {"first": "2026-11-30", "last": "2026-12-06", "fingerprint": "another"}
    assert client.post(url, body, content_type=JSON).status_code == 409
    body["fingerprint"] = looked["fingerprint"]
    assert client.post(url, body, content_type=JSON).status_code == 200

    assert Shift.objects.filter(planned_version=1).count() == 2
    (mobile, hotline) = signed_in(tech).get("/api/v1/oncall/rotations/").json()
    assert mobile["layers"][0]["people"] == [tech.pk, tech2.pk]
    assert (hotline["version"], hotline["layers"]) == (0, [])


def test_findings_of_both_rosters(agent: User, reporter: User, signed_in: SignIn) -> None:
    found = signed_in(agent).get("/api/v1/oncall/findings/").json()

    assert {each["kind"] for each in found} == {"gap", "hotline_gap"}
    assert signed_in(reporter).get("/api/v1/oncall/findings/").status_code == 403
