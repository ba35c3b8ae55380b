"""Setting internal targets and the regulator's milestones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event
from sla.models import RegulatorMilestone, Target
from sla.regulator import info_moments
from tests.sla.conftest import T0, after

SignedIn = Callable[[User], Client]
TARGETS, REGULATOR = "/agreements/targets/", "/agreements/regulator/"


def test_nothing_is_agreed_by_default(signed_in: SignedIn, tech: User) -> None:
    page = signed_in(tech).get(TARGETS)

    assert not Target.objects.exists()
    assert page.status_code == 200
    assert "未约定" in page.content.decode()


def test_the_system_administrator_sets_changes_and_takes_away(
    signed_in: SignedIn, sysadmin: User
) -> None:
    browser = signed_in(sysadmin)
    browser.post(TARGETS, {"accept_S2": "0.5", "accept_S3": "4", "reply_S3": "16"})
    assert {(row.step, row.level): row.minutes for row in Target.objects.all()} == {
        ("accept", "S2"): 30, ("accept", "S3"): 240, ("reply", "S3"): 960,
    }  # fmt: skip
    browser.post(TARGETS, {"accept_S2": "1", "accept_S3": "4"})

    assert {(row.step, row.level): row.minutes for row in Target.objects.all()} == {
        ("accept", "S2"): 60, ("accept", "S3"): 240,
    }  # fmt: skip
    last = Event.objects.filter(action="sla.targets_changed").latest("seq")
    assert last.data == {"accept S2": [30, 60], "reply S3": [960, None]}


@pytest.mark.parametrize("value", ["-1", "0", "many", "801", "1.234"])
def test_no_such_hours(signed_in: SignedIn, sysadmin: User, value: str) -> None:
    answer = signed_in(sysadmin).post(TARGETS, {"accept_S2": value})

    assert answer.status_code == 422
    assert "accept_S2" in answer.context["form"].errors
    assert not Target.objects.exists()


def test_nobody_else_sets_them(
    signed_in: SignedIn, supervisor: User, tech: User, secadmin: User
) -> None:
    for person in (supervisor, tech, secadmin):
        assert signed_in(person).post(TARGETS, {"accept_S2": "1"}).status_code == 403
        assert signed_in(person).post(REGULATOR, {}).status_code == 403
    assert not Target.objects.exists()


def test_two_people_do_not_overwrite_each_other(signed_in: SignedIn, sysadmin: User) -> None:
    """I14: the numbers are kept in the form."""
    browser = signed_in(sysadmin)
    known = browser.get(TARGETS).context["form"]["known"].value()
    browser.post(TARGETS, {"accept_S2": "2"})
    answer = browser.post(TARGETS, {"accept_S2": "5", "known": known})

    assert answer.status_code == 409
    assert 'value="5"' in answer.content.decode()
    assert Target.objects.get().minutes == 120


# --- the regulator's milestones ------------------------------------------------------------------
def test_eight_milestones_stand_on_the_line_after_t0(db: None) -> None:
    """30 and 60 minutes, 2, 3, 4, 6, 12 and 24 hours (sections 2.4 and 4.3)."""
    moments = info_moments(T0, now=after(3.5))

    assert [(each.at - T0) / timedelta(minutes=1) for each in moments] == [
        30, 60, 120, 180, 240, 360, 720, 1440,
    ]  # fmt: skip
    assert [each.passed for each in moments] == [True] * 4 + [False] * 4
    assert not any(hasattr(each, name) for each in moments for name in ("met", "missed", "state"))


def test_they_are_shorter_in_drills(db: None) -> None:
    first = info_moments(T0, now=T0, hour_seconds=60)[0]
    assert first.at == T0 + timedelta(seconds=30)


def test_they_are_data(signed_in: SignedIn, sysadmin: User) -> None:
    rows = list(RegulatorMilestone.objects.all())
    form = {f"minutes_{row.code}": str(row.minutes) for row in rows}
    form |= {"minutes_report_30m": "20", "shown": ["report_30m", "rto_4h"]}  # type: ignore[dict-item]
    signed_in(sysadmin).post(REGULATOR, form)

    moments = info_moments(T0, now=T0)
    assert [each.code for each in moments] == ["report_30m", "rto_4h"]
    assert moments[0].at == T0 + timedelta(minutes=20)
    assert "report_30m" in Event.objects.get(action="sla.regulator_changed").data


@pytest.mark.parametrize("value", ["", "0", "-3", "soon", "99999"])
def test_no_such_minutes(signed_in: SignedIn, sysadmin: User, value: str) -> None:
    form = {f"minutes_{row.code}": str(row.minutes) for row in RegulatorMilestone.objects.all()}
    signed_in(sysadmin).post(REGULATOR, {**form, "minutes_report_30m": value})

    assert RegulatorMilestone.objects.get(code="report_30m").minutes == 30


def test_one_reads_them_in_ones_own_language(signed_in: SignedIn, tech: User) -> None:
    assert "正式书面报告" in signed_in(tech).get(REGULATOR).content.decode()
    tech.language = "en"
    tech.save()
    assert "Formal written report" in signed_in(tech).get(REGULATOR).content.decode()
