"""The twenty sample tickets are in, through the services, at their true times (I18)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from audit.models import Event
from audit.verify import verify_chain
from hotline.models import Contact
from incidents.models import Incident
from oncall.models import Page
from servicedesk.demo.load import load_people, load_samples
from sla.models import Clock, Milestone
from tickets.models import Consultation, Defect

LOADED_AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Demonstration people and samples, loaded once for this file and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_people(LOADED_AT)
        load_samples()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(_loaded: None, db: None) -> None:
    """What was loaded, in a test's own transaction."""


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.usefixtures("demo")
def test_all_twenty_samples_reach_the_end_their_resolution_tells() -> None:
    states = dict(Defect.objects.values_list("title", "state"))
    assert states == {
        "返佣批次重复计算导致 27 户商户多返佣": "closed",
        "返佣批次重复计算(与沈阳分行问题相同)": "merged",
        "对账文件 22:00 后上传的分行缺失 1 天": "closed",
        "优惠费率商户计费标准与合同不一致": "closed",
        "渠道分润比例修改后当月未生效": "closed",
        "批量导入商户提示“第 1 行格式错误”": "converted",
        "商户查询页面在旧版浏览器下按钮不显示": "closed",
        "数据库表空间使用率超过 92% 告警": "replied",
        "操作系统安全补丁安装后清算服务未随机自启": "resolved",
    }
    assert Consultation.objects.filter(state="closed").count() == 7  # six calls, one converted
    assert Contact.objects.filter(result="out_of_scope", consultation=None).count() == 1
    assert sorted(Incident.objects.values_list("severity", "state")) == [
        ("", "false_alarm"),
        ("S1", "confirmed"),
        ("S1", "reviewing"),
        ("S3", "confirmed"),
    ]


@pytest.mark.usefixtures("demo")
def test_the_night_that_missed_twelve_hours_has_its_true_clocks() -> None:
    clocks = {
        clock.kind: clock for clock in Clock.objects.filter(commitment__subject="GZ-20261017-0001")
    }
    fix, plan, report = clocks["fix"], clocks["plan"], clocks["report"]
    assert (fix.origin, fix.due_at) == (_utc(2026, 10, 16, 18), _utc(2026, 10, 17, 6))
    assert (fix.state, fix.breached_at) == ("missed", _utc(2026, 10, 17, 6, 0, 1))
    assert (plan.state, plan.stopped_at) == ("met", _utc(2026, 10, 17, 7, 10))
    assert (report.state, report.stopped_at) == ("met", _utc(2026, 10, 18, 3, 20))
    assert not Milestone.objects.filter(late=True).exists()


@pytest.mark.usefixtures("demo")
def test_the_night_that_was_fixed_in_time_was_paged_and_answered_by_a_human() -> None:
    incident = Incident.objects.get(number="GZ-20261120-0001")
    assert incident.first_contact_at == _utc(2026, 11, 20, 15, 10)
    assert incident.resolved_at == _utc(2026, 11, 20, 22, 30)
    fix = Clock.objects.get(commitment=incident.commitment, kind="fix")
    assert (fix.state, fix.due_at) == ("met", _utc(2026, 11, 21, 3, 10))
    page = Page.objects.get(subject=incident.number)
    assert page.acknowledged_at == _utc(2026, 11, 20, 15, 18)
    assert page.acknowledged_by is not None


@pytest.mark.usefixtures("demo")
def test_a_solution_was_sent_back_once_and_signed_in_its_second_version() -> None:
    defect = Defect.objects.get(number="QX-20261102-0001")
    decisions = list(defect.sign_offs.values_list("solution__version", "decision"))
    assert decisions == [(1, "sent_back"), (2, "approved")]
    signed = defect.sign_offs.get(decision="approved")
    assert signed.solution_hash == signed.solution.compute_hash()
    child = Defect.objects.get(state="merged")
    assert child.merged_into == defect
    assert child.replies.count() == defect.replies.count() == 1


@pytest.mark.usefixtures("demo")
def test_event_times_are_the_true_ones_and_the_trail_holds() -> None:
    accepted = Event.objects.get(action="defect.accept", target_label="QX-20261102-0001")
    assert accepted.happened_at == _utc(2026, 11, 2, 1, 34)
    assert accepted.entered_at > accepted.happened_at
    assert verify_chain().intact


@pytest.mark.usefixtures("demo")
def test_samples_are_marked_and_counted_nowhere_but_on_request() -> None:
    assert not Defect.objects.real().exists()
    assert not Incident.objects.real().exists()
    assert not Consultation.objects.real().exists()
