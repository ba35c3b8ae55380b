"""Emergency implementation: word first, signature within 24 hours, or a red flag (D26)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import RoleGrant, User
from accounts.roles import Role
from audit.models import Event
from engine import registry
from incidents.models import Incident
from operations.models import ChangeRecord
from tests.conftest import PASSWORD
from tests.tickets.journey import Journey
from tests.tickets.situations import Situations
from tickets import current
from tickets.models import EmergencyRelease, SignOff
from tickets.policies import why_not_closed
from tickets.services import emergency, execution
from workflow.errors import InvalidInput, NotAllowed, StaleVersion, WrongState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _switched_on(settings: Any) -> None:
    settings.EMERGENCY_IMPLEMENTATION = True


def _sign(situations: Situations, actor: User, at: datetime | None = None) -> Any:
    release = EmergencyRelease.objects.get()
    return emergency.sign_emergency(
        release.defect, actor=actor, now=at or situations.journey.later(),
        solution_hash=release.solution_hash,
    )  # fmt: skip


def test_it_is_off_unless_switched_on(situations: Situations, settings: Any) -> None:
    settings.EMERGENCY_IMPLEMENTATION = False
    with pytest.raises(WrongState) as refusal:
        situations.released()
    assert refusal.value.code == "emergency_off"
    assert not EmergencyRelease.objects.exists()


def test_only_for_a_running_system_down_incident(situations: Situations, journey: Journey) -> None:
    """No incident, a lower severity, a drill or a resolved one: refused."""
    defect = situations.emergency_wanted()
    for changes in ({"severity": "S2"}, {"is_drill": True}, {"state": "resolved"}):
        usual = {"severity": "S1", "is_drill": False, "state": "declared"}
        Incident.objects.update(**{**usual, **changes})
        with pytest.raises(WrongState) as refusal:
            situations.released(defect)
        assert refusal.value.code == "no_live_incident"
    Incident.objects.update(severity="S1", is_drill=False, state="declared")
    assert situations.released(defect).state == "approved"


def test_word_then_work_then_signature_by_somebody_else(
    situations: Situations, journey: Journey, supervisor2: User
) -> None:
    """The whole way: who gave the word, the change record is an emergency one, then signed."""
    defect = situations.released()
    release = EmergencyRelease.objects.get()
    assert (release.authoriser_name, release.authoriser_phone) == ("何志远", "13800138000")
    assert release.sign_due_at == release.authorised_at + timedelta(hours=24)
    assert release.incident.startswith("GZ-")
    assert not SignOff.objects.exists()
    defect = journey.verifying(journey.implementing(defect))
    record = ChangeRecord.objects.get()
    assert (record.level, record.approved_by) == ("emergency", None)
    assert why_not_closed(defect).code == "unacknowledged"
    journey.acknowledge(journey.report_upward(defect))
    assert why_not_closed(defect).code == "emergency_unsigned"
    _sign(situations, supervisor2)
    release.refresh_from_db()
    record.refresh_from_db()
    assert (release.signed_late, record.approved_by) == (False, supervisor2)
    assert SignOff.objects.get().solution_hash == release.solution_hash
    assert why_not_closed(defect)


def test_who_recorded_the_release_does_not_sign_it(
    situations: Situations, journey: Journey, supervisor2: User
) -> None:
    situations.released()
    with pytest.raises(NotAllowed) as refusal:
        _sign(situations, journey.cast.supervisor)
    assert refusal.value.code == "four_eyes_recorder"
    RoleGrant.objects.create(user=journey.cast.tech, role=Role.SUPERVISOR)
    with pytest.raises(NotAllowed) as refusal:
        _sign(situations, User.objects.get(pk=journey.cast.tech.pk))
    assert refusal.value.code == "four_eyes_author"


def test_the_one_who_recorded_the_release_does_not_implement(
    situations: Situations, journey: Journey
) -> None:
    defect = situations.released()
    defect.__class__.objects.filter(pk=defect.pk).update(implementer=journey.cast.supervisor)
    RoleGrant.objects.create(user=journey.cast.supervisor, role=Role.IMPLEMENTER)
    both = User.objects.get(pk=journey.cast.supervisor.pk)
    with pytest.raises(NotAllowed) as refusal:
        execution.start(defect, actor=both, now=journey.later(), backup="已备份到运维机")
    assert refusal.value.code == "four_eyes_signer"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"authoriser_name": "陈明"}, "authoriser_name"),
        ({"authorised_at": timedelta(minutes=5)}, "authorised_at"),
        ({"authorised_at": timedelta(hours=-25)}, "authorised_at"),
        ({"reason": "紧急"}, "reason"),
    ],
)
def test_the_word_is_somebody_elses_and_recent(
    situations: Situations, journey: Journey, changes: dict[str, Any], field: str
) -> None:
    defect, now = situations.emergency_wanted(), journey.later()
    words: dict[str, Any] = {
        "authoriser_name": "何志远", "authoriser_phone": "13800138000", "authorised_at": now,
        "reason": "全行收单中断，须立即调整", **changes,
    }  # fmt: skip
    if isinstance(words["authorised_at"], timedelta):
        words["authorised_at"] += now
    with pytest.raises(InvalidInput) as refusal:
        emergency.release_emergency(
            defect, actor=journey.cast.supervisor, now=now,
            solution_hash=defect.solutions.get().content_hash, **words,
        )  # fmt: skip
    assert set(refusal.value.fields) == {field}


def test_the_red_flag_comes_after_24_hours_once_and_stays(
    situations: Situations, signed_in: Callable[[User], Client], supervisor2: User
) -> None:
    """D26: the engine claims the due row; a late signature does not take the flag away."""
    situations.released()
    release = EmergencyRelease.objects.get()
    assert registry.run("reviews", release.sign_due_at - timedelta(seconds=1)) == 0
    assert registry.run("reviews", release.sign_due_at) == 1
    assert registry.run("reviews", release.sign_due_at + timedelta(hours=1)) == 0
    release.refresh_from_db()
    assert (release.overdue_at, release.next_check_at) == (release.sign_due_at, None)
    page = signed_in(supervisor2).get(release.defect.get_absolute_url()).content.decode()
    assert "起缺书面签字" in page
    flagged = Event.objects.filter(action="defect.emergency_overdue")
    assert [event.actor_kind for event in flagged] == ["system"]
    _sign(situations, supervisor2, at=release.sign_due_at + timedelta(hours=2))
    release.refresh_from_db()
    assert release.signed_late
    assert release.overdue_at is not None


def test_a_signed_one_is_never_flagged(situations: Situations, supervisor2: User) -> None:
    situations.released()
    _sign(situations, supervisor2)
    due = EmergencyRelease.objects.get().sign_due_at
    assert registry.run("reviews", due + timedelta(days=1)) == 0
    assert EmergencyRelease.objects.get().overdue_at is None


def test_a_changed_plan_ends_the_release_and_unused_it_needs_no_signature(
    situations: Situations, journey: Journey
) -> None:
    defect = execution.change_plan(
        situations.released(), actor=journey.cast.tech, now=journey.later(),
        opinion="现场参数与方案不符，需改方案",
    )  # fmt: skip
    release = EmergencyRelease.objects.get()
    assert (release.lapsed, release.next_check_at) == (True, None)
    assert current.unsigned_emergency(defect) is None
    assert current.valid_emergency(defect) is None


def test_what_was_begun_on_it_is_still_to_be_signed(
    situations: Situations, journey: Journey, supervisor2: User
) -> None:
    defect = execution.fail(
        journey.implementing(situations.released()), actor=journey.cast.implementer,
        now=journey.later(), opinion="重启失败，已恢复原参数文件",
    )  # fmt: skip
    assert current.valid_emergency(defect) is None
    assert current.unsigned_emergency(defect) is not None
    _sign(situations, supervisor2)
    sign_off = SignOff.objects.get()
    assert sign_off.voided_at is not None
    assert current.valid_sign_off(defect) is None


def test_only_the_version_that_was_released_is_signed(
    situations: Situations, journey: Journey, supervisor2: User
) -> None:
    defect = situations.released()
    with pytest.raises(StaleVersion):
        emergency.sign_emergency(
            defect, actor=supervisor2, now=journey.later(), solution_hash="0" * 64
        )
    defect.solutions.update(risk="放行之后改过的风险")
    with pytest.raises(WrongState):
        _sign(situations, supervisor2)


def test_on_the_page_with_the_password(
    situations: Situations, journey: Journey, signed_in: Callable[[User], Client], supervisor2: User
) -> None:
    """The form asks for the password; home and page show the missing signature to who may sign."""
    defect = situations.emergency_wanted()
    url = f"{defect.get_absolute_url()}do/release_emergency/"
    form = {
        "version": defect.row_version, "authoriser_name": "何志远",
        "authoriser_phone": "13800138000", "authorised_at": "2026-11-23T14:00",
        "reason": "全行收单中断，须立即调整", "password": "wrong",
        "solution_hash": defect.solutions.get().content_hash,
    }  # fmt: skip
    browser = signed_in(journey.cast.supervisor)
    assert defect.solutions.get().content_hash in browser.get(url).content.decode()
    assert browser.post(url, form).status_code == 422
    assert browser.post(url, {**form, "password": PASSWORD}).status_code == 302
    other = signed_in(supervisor2)
    assert "待补签字" in other.get("/").content.decode()
    page = other.get(defect.get_absolute_url()).content.decode()
    assert "请补办紧急实施的书面签字" in page
    assert "何志远" in page
    sign = f"{defect.get_absolute_url()}do/sign_emergency/"
    assert defect.solutions.get().content_hash in other.get(sign).content.decode()
