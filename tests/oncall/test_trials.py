"""Trial calls: one's own telephone, and once a week the whole chain; evidence; the board token."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from audit.models import Event
from notifications.models import Message
from oncall import board
from oncall.models import Attempt, Canary, LadderVersion, Page, Reach
from oncall.numbers import is_mainland, warnings_for
from oncall.services.reach import reach_of, set_reach
from oncall.services.trials import call_myself, canary_due, latest_trial, next_trial
from tests.oncall.conftest import Exchange, attempts, begin, run
from workflow.errors import NotAllowed

SignIn = Callable[[User], Client]
MINUTE = timedelta(minutes=1)
WHY = "夜间人手减少,直接全员呼叫"


@given(st.integers(min_value=0, max_value=20 * 365 * 24 * 60))
def test_the_next_trial_is_the_coming_wednesday_at_ten(minutes: int) -> None:
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    found = next_trial(now)

    assert now < found <= now + timedelta(days=7)
    assert (found.weekday(), found.hour, found.minute) == (2, 10, 0)
    assert found.utcoffset() == timedelta(hours=8)


@pytest.mark.django_db
def test_the_trial_goes_out_once_and_its_latency_is_kept(
    rostered: object, tech: User, now: datetime, exchange: Exchange
) -> None:
    """I17: Wednesday 10:00, once, however often the engine runs and though it stood still."""
    assert canary_due(now) == 0
    due = Canary.objects.get().next_at
    assert due == datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    Canary.objects.update(next_at=now)
    assert [canary_due(now), canary_due(now)] == [1, 0]
    run(now)
    run(now + timedelta(seconds=1))

    trial = latest_trial(now)
    assert trial is not None
    assert (trial.placed_after, trial.answered_after, trial.late) == (timedelta(0), None, False)
    assert attempts(trial.page) == [(0, "zhangwei", "ringing")]
    assert Page.objects.filter(kind="canary").count() == 1


@pytest.mark.django_db
def test_a_trial_that_nobody_answers_tells_the_supervisors_and_ends(
    rostered: object, supervisor: User, now: datetime, exchange: Exchange
) -> None:
    Canary.objects.create(pk=1, next_at=now)
    canary_due(now)
    for minute in range(0, 8, 2):
        Attempt.objects.update(state="no_answer", ended_at=now, next_try_at=None)
        run(now + minute * MINUTE)

    page = Page.objects.get(kind="canary")
    assert (page.state, page.step_index) == ("closed", 2)
    assert Message.objects.filter(recipient=supervisor, channel="in_app").count() == 1


@pytest.mark.django_db
def test_it_can_be_turned_off(now: datetime, settings: object) -> None:
    settings.PHONE_CANARY = False  # type: ignore[attr-defined]
    Canary.objects.create(pk=1, next_at=now)

    assert canary_due(now) == 0


@pytest.mark.django_db
def test_a_test_call_rings_its_own_telephone_only_and_once_at_a_time(
    rostered: object, tech2: User, now: datetime, exchange: Exchange
) -> None:
    page = call_myself(actor=tech2, now=now)
    assert call_myself(actor=tech2, now=now) == page
    run(now)

    assert attempts(page) == [(0, "liuqiang", "ringing")]
    assert (page.kind, page.rounds) == ("test", 1)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["reporter", "superior", "sysadmin", "auditor"])
def test_people_who_are_never_called_cannot_try(
    name: str, now: datetime, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        call_myself(actor=request.getfixturevalue(name), now=now)


@pytest.mark.django_db
def test_without_a_number_the_button_says_why(tech: User, signed_in: SignIn) -> None:
    User.objects.filter(pk=tech.pk).update(phone="")
    browser = signed_in(tech)

    assert "disabled" in browser.get("/my-line/").content.decode()
    assert browser.post("/my-line/test-call/").status_code == 409
    assert not Page.objects.exists()


@pytest.mark.django_db
def test_what_i_want_besides_calls_is_kept_and_audited(tech: User, signed_in: SignIn) -> None:
    set_reach(actor=tech, wishes={"drill": ["robot"]}, now=timezone.now())
    browser = signed_in(tech)
    browser.post("/my-line/reach/", {"urgent": ["sms", "email"], "routine": "message"})

    # Without a robot the page offers no mention: what was wished for earlier stays.
    assert reach_of(tech) == {
        "urgent": ["sms", "email"], "routine": ["message"], "drill": ["robot"],
    }  # fmt: skip
    events = Event.objects.filter(action="oncall.reach_changed")
    assert {event.actor_name for event in events} == {tech.audit_name}
    assert {"urgency": "urgent", "channels": ["sms", "email"]} in [event.data for event in events]
    page = browser.get("/my-line/").content.decode()
    assert page.count(" checked") == 3


@pytest.mark.django_db
def test_a_channel_that_does_not_exist_is_refused(tech: User, signed_in: SignIn) -> None:
    response = signed_in(tech).post("/my-line/reach/", {"urgent": ["pigeon"]})

    assert response.status_code == 400
    assert not Reach.objects.exists()


@pytest.mark.django_db
def test_evidence_tells_every_attempt_and_is_noted(
    alarm: Page, agent: User, now: datetime, exchange: Exchange, signed_in: SignIn
) -> None:
    run(now)
    Attempt.objects.update(error="=HYPERLINK(1)")
    response = signed_in(agent).get(f"/pages/{alarm.pk}/evidence/?format=csv")

    head, row = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(head) == len(row) == 17
    assert row[2] == "张伟 (T001)"
    assert row[6] == "id-1"
    assert "收单数据库无响应" in row[16]
    assert row[15] == "'=HYPERLINK(1)"
    event = Event.objects.get(action="oncall.page_exported")
    assert (event.actor_name, event.data) == (agent.audit_name, {"format": "csv"})


@pytest.mark.django_db
def test_evidence_is_for_the_desk(alarm: Page, reporter: User, signed_in: SignIn) -> None:
    assert signed_in(reporter).get(f"/pages/{alarm.pk}/evidence/").status_code == 403
    assert not Event.objects.filter(action="oncall.page_exported").exists()


@pytest.mark.django_db
def test_the_telephone_rings_on_after_its_log_in_has_ended(
    alarm: Page, tech: User, now: datetime, client: Client
) -> None:
    run(now)
    html = client.get(f"/phone/board/{board.token(tech)}/").content.decode()

    assert 'data-mode="ringing"' in html
    assert "收单数据库无响应" not in html
    assert "<form" not in html


@pytest.mark.django_db
def test_a_board_token_ends_with_the_account_and_the_password(tech: User, client: Client) -> None:
    address = f"/phone/board/{board.token(tech)}/"
    tech.set_password("Another-horse-8-battery")
    tech.save()
    assert client.get(address).status_code == 404
    address = f"/phone/board/{board.token(tech)}/"
    User.objects.filter(pk=tech.pk).update(is_active=False)
    assert client.get(address).status_code == 404
    assert client.get("/phone/board/forged/").status_code == 404


@pytest.mark.parametrize(
    ("number", "mainland"),
    [
        ("13800138000", True),
        ("+86 138 0013 8000", True),
        ("008613800138000", True),
        ("+85251234567", False),
        ("02422851234", False),
    ],
)
def test_mainland_numbers_are_known(number: str, mainland: bool) -> None:
    assert is_mainland(number) == mainland


@pytest.mark.parametrize(
    ("provider", "number", "count"),
    [
        ("simulator", "13800138000", 0),
        ("simulator", "", 1),
        ("twilio", "+8613800138000", 1),
        ("twilio", "51234567", 1),
        ("twilio", "+85251234567", 0),
        ("aliyun", "+85251234567", 1),
        ("aliyun", "13800138000", 0),
    ],
)
def test_what_the_provider_will_not_reach_is_warned_of(
    provider: str, number: str, count: int, settings: object
) -> None:
    settings.PHONE_PROVIDER = provider  # type: ignore[attr-defined]

    assert len(warnings_for(number)) == count


def form(**more: str) -> dict[str, str]:
    """The form of a ladder with one step."""
    rows = {"step-TOTAL_FORMS": "8", "step-INITIAL_FORMS": "0"}
    first = {"step-0-target": "everybody", "step-0-wait_seconds": "120", "step-0-extra": "sms"}
    rest = {
        "rounds": "0",
        "rearm_minutes": "20",
        "reason": "夜间人手减少,直接全员呼叫",
        "version": "0",
    }
    return {**rows, **first, **rest, **more}


@pytest.mark.django_db
def test_a_supervisor_puts_a_ladder_in_force(supervisor: User, signed_in: SignIn) -> None:
    browser = signed_in(supervisor)
    assert browser.get("/ladders/urgent/").status_code == 200
    assert browser.post("/ladders/urgent/", form()).status_code == 302

    row = LadderVersion.objects.get()
    assert row.steps == [
        {"target": "everybody", "wait_seconds": 120, "channels": ["voice", "sms"], "person": None}
    ]
    assert (row.rearm_seconds, row.created_by) == (1200, supervisor)
    assert browser.post("/ladders/urgent/", form()).status_code == 409
    assert LadderVersion.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"step-0-target": ""},
        {"step-0-wait_seconds": ""},
        {"step-0-target": "person"},
        {"rounds": "3"},
        {"reason": "…"},
        {"rearm_minutes": "x"},
        {"step-TOTAL_FORMS": "x"},
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    supervisor: User, signed_in: SignIn, wrong: dict[str, str]
) -> None:
    assert signed_in(supervisor).post("/ladders/urgent/", form(**wrong)).status_code == 422
    assert not LadderVersion.objects.exists()


@pytest.mark.django_db
def test_there_is_no_fourth_ladder(supervisor: User, signed_in: SignIn) -> None:
    assert signed_in(supervisor).get("/ladders/other/").status_code == 404


@pytest.mark.django_db
def test_the_provider_page_shows_no_secret(
    supervisor: User, signed_in: SignIn, settings: object
) -> None:
    settings.PHONE_PROVIDER = "twilio"  # type: ignore[attr-defined]
    settings.TWILIO_AUTH_TOKEN = "very-secret"  # type: ignore[attr-defined]
    html = signed_in(supervisor).get("/telephony/").content.decode()

    assert "very-secret" not in html
    assert "+86" in html
    assert supervisor.name in html


@pytest.mark.django_db
def test_pages_over_the_api(
    alarm: Page, agent: User, reporter: User, now: datetime, exchange: Exchange, signed_in: SignIn
) -> None:
    run(now)
    browser = signed_in(agent)
    [row] = browser.get("/api/v1/pages/?state=open").json()["results"]
    assert (row["subject"], row["urgency"]) == (alarm.subject, "urgent")
    one = browser.get(f"/api/v1/pages/{alarm.pk}/").json()
    assert one["attempts"][0]["number"] == "138****8000"
    taken = browser.post(f"/api/v1/pages/{alarm.pk}/acknowledge/").json()
    assert (taken["state"], taken["acknowledged_by"]) == ("acknowledged", agent.name)
    stranger = signed_in(reporter)
    assert stranger.get("/api/v1/pages/").json()["results"] == []
    assert stranger.post(f"/api/v1/pages/{alarm.pk}/acknowledge/").status_code == 404


@pytest.mark.django_db
def test_ladders_over_the_api(agent: User, reporter: User, signed_in: SignIn) -> None:
    rows = signed_in(agent).get("/api/v1/ladders/").json()

    assert [row["urgency"] for row in rows] == ["urgent", "routine", "drill"]
    assert signed_in(reporter).get("/api/v1/ladders/").status_code == 404


@pytest.mark.django_db
def test_a_page_without_any_call_can_be_printed(
    alarm: Page, agent: User, now: datetime, signed_in: SignIn
) -> None:
    begin(now, key="test:b")
    assert signed_in(agent).get(f"/pages/{alarm.pk}/evidence/").status_code == 200
