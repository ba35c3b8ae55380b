"""Who is on call: planning it, reading it, the banner (R11, R14)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Organisation, User
from accounts.roles import Role
from audit.models import Event
from oncall.models import Shift
from oncall.rota import on_call
from oncall.services.shifts import add_shift, remove_shift
from workflow.errors import InvalidInput, NotAllowed, WrongState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]
SignIn = Callable[[User], Client]
HOUR = timedelta(hours=1)


@pytest.fixture
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def planner(supervisor: User, signed_in: SignIn) -> Client:
    """The supervisor's browser, in English."""
    supervisor.language = "en"
    supervisor.save()
    return signed_in(supervisor)


def typed(primary: User, backup: User, **changes: str) -> dict[str, str]:
    """The form, filled in for the coming night."""
    return {
        "starts_at": "2026-11-24T09:00",
        "ends_at": "2026-11-25T09:00",
        "primary": str(primary.pk),
        "backup": str(backup.pk),
        **changes,
    }


def wrong(client: Client, data: dict[str, str]) -> str:
    """The words beside the fields of a refused form."""
    response = client.post("/roster/", data)
    assert response.status_code == 422
    assert not Shift.objects.filter(starts_at=datetime(2026, 11, 24, 1, tzinfo=UTC)).exists()
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def test_the_shift_of_this_minute(rostered: tuple[User, User, User], now: datetime) -> None:
    found = on_call(now)

    assert found is not None
    assert (found.primary, found.backup) == rostered[:2]
    assert found.until == now + 23 * HOUR


def test_the_hand_over_is_sharp(rostered: object, now: datetime) -> None:
    assert on_call(now - HOUR) is not None
    assert on_call(now - HOUR - timedelta(microseconds=1)) is None
    assert on_call(now + 23 * HOUR) is None


def test_a_supervisor_adds_a_shift(planner: Client, tech: User, tech2: User) -> None:
    response = planner.post("/roster/", typed(tech, tech2))

    assert response.status_code == 302
    shift = Shift.objects.get()
    assert shift.starts_at == datetime(2026, 11, 24, 1, tzinfo=UTC)
    assert Event.objects.get(action="oncall.shift_added").data["primary"] == tech.audit_name


def test_primary_and_backup_are_two_people(planner: Client, tech: User) -> None:
    assert "Primary and backup must be two people." in wrong(planner, typed(tech, tech))


def test_two_accounts_of_one_human_are_one_person(
    planner: Client, tech: User, make_person: Callable[..., User], company: Organisation
) -> None:
    twin = make_person("zhangwei2", "张伟", company, Role.TECH, staff_no=tech.staff_no)

    assert "Primary and backup must be two people." in wrong(planner, typed(tech, twin))


@pytest.mark.parametrize("phone", ["", "12", "电话"])
def test_who_has_no_valid_phone_cannot_be_on_call(
    planner: Client, tech: User, tech2: User, phone: str
) -> None:
    User.objects.filter(pk=tech2.pk).update(phone=phone)

    assert "This person has no valid phone number." in wrong(planner, typed(tech, tech2))


def test_who_has_left_cannot_be_on_call(
    supervisor: User, tech: User, tech2: User, now: datetime
) -> None:
    tech2.is_active = False
    with pytest.raises(InvalidInput) as refused:
        add_shift(actor=supervisor, starts_at=now, ends_at=now + HOUR, primary=tech, backup=tech2)

    assert set(refused.value.fields) == {"backup"}


def test_a_bank_user_cannot_be_on_call(planner: Client, tech: User, reporter: User) -> None:
    wrong(planner, typed(tech, reporter))


def test_the_end_comes_after_the_start(planner: Client, tech: User, tech2: User) -> None:
    words = wrong(planner, typed(tech, tech2, ends_at="2026-11-24T09:00"))

    assert "The end must come after the start." in words


@pytest.mark.parametrize(
    ("starts", "ends"),
    [("2026-11-23T20:00", "2026-11-24T09:00"), ("2026-11-23T09:30", "2026-11-23T10:00")],
)
def test_shifts_do_not_overlap(
    rostered: tuple[User, User, User], planner: Client, starts: str, ends: str
) -> None:
    words = wrong(planner, typed(rostered[0], rostered[1], starts_at=starts, ends_at=ends))

    assert "Overlaps with the shift of 张伟." in words


def test_the_next_shift_begins_where_one_ends(
    rostered: tuple[User, User, User], planner: Client
) -> None:
    data = typed(rostered[1], rostered[0], starts_at="2026-11-24T08:05")

    assert planner.post("/roster/", data).status_code == 302


@pytest.mark.parametrize("name", ["agent", "support", "tech", "manager"])
def test_only_supervisors_plan(
    name: str, tech: User, tech2: User, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(name)

    assert signed_in(person).post("/roster/", typed(tech, tech2)).status_code == 403
    assert not Shift.objects.exists()


def test_a_shift_to_come_can_be_taken_back(
    supervisor: User, planner: Client, tech: User, tech2: User, now: datetime
) -> None:
    shift = add_shift(
        actor=supervisor, starts_at=now + HOUR, ends_at=now + 2 * HOUR, primary=tech, backup=tech2
    )
    assert planner.post(f"/roster/shifts/{shift.pk}/remove/").status_code == 302

    assert not Shift.objects.exists()
    assert Event.objects.filter(action="oncall.shift_removed").exists()


@pytest.mark.parametrize(
    ("query", "back"),
    [
        ("", "/roster/?roster=on_call&from=2026-12-24"),
        ("?view=month", "/roster/?roster=on_call&view=month&from=2026-12-24"),
    ],
)
def test_after_an_act_one_is_back_where_it_was_done(
    supervisor: User, planner: Client, tech: User, tech2: User, query: str, back: str
) -> None:
    start = datetime(2026, 12, 24, 1, tzinfo=UTC)
    shift = add_shift(
        actor=supervisor, starts_at=start, ends_at=start + HOUR, primary=tech, backup=tech2
    )
    page = planner.get(f"/roster/shifts/{shift.pk}/replace/{query}").content
    cancel = BeautifulSoup(page, "html.parser").select_one(".form-acts a")

    assert cancel is not None
    assert cancel["href"] == back
    assert planner.post(f"/roster/shifts/{shift.pk}/remove/{query}").headers["Location"] == back


def test_a_shift_that_has_begun_stays_on_record(
    rostered: tuple[User, User, User], now: datetime
) -> None:
    with pytest.raises(WrongState):
        remove_shift(Shift.objects.get(), actor=rostered[2], now=now)

    assert Shift.objects.exists()


def test_nobody_else_takes_a_shift_back(rostered: object, tech: User, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        remove_shift(Shift.objects.get(), actor=tech, now=now - 2 * HOUR)


def test_the_page_shows_gaps_with_their_minutes(rostered: object, planner: Client) -> None:
    text = BeautifulSoup(planner.get("/roster/").content, "html.parser").get_text(" ", strip=True)

    # Monday to Sunday is 10 080 minutes, and one day of them is covered.
    assert "8640 minutes uncovered" in text
    assert "2026-11-24 08:05" in text


def test_a_covered_week_says_so(
    supervisor: User, planner: Client, tech: User, tech2: User, now: datetime
) -> None:
    add_shift(
        actor=supervisor,
        starts_at=now - timedelta(days=3),
        ends_at=now + timedelta(days=10),
        primary=tech,
        backup=tech2,
    )

    assert "Every minute is covered" in planner.get("/roster/").content.decode()


@pytest.mark.parametrize(
    ("query", "days"),
    [("", 7), ("?view=month", 30), ("?from=2026-02-10&view=month", 28), ("?from=nonsense", 7)],
)
def test_a_week_or_a_month(rostered: object, planner: Client, query: str, days: int) -> None:
    soup = BeautifulSoup(planner.get(f"/roster/{query}").content, "html.parser")

    assert len(soup.select(".roster-date")) == days


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("agent", 200), ("monitor", 200), ("superior", 200), ("manager", 200),
        ("reporter", 403), ("sysadmin", 403), ("secadmin", 403), ("auditor", 403),
    ],
)  # fmt: skip
def test_who_reads_the_roster(
    name: str, status: int, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    assert signed_in(request.getfixturevalue(name)).get("/roster/").status_code == status


def test_the_banner_names_both_with_masked_numbers(
    rostered: object, reporter: User, signed_in: SignIn
) -> None:
    text = signed_in(reporter).get("/roster/now/").content.decode()

    assert "张伟" in text
    assert "刘强" in text
    assert "138****8000" in text
    assert "13800138000" not in text


def test_the_banner_says_loudly_that_there_is_nobody(reporter: User, signed_in: SignIn) -> None:
    reporter.language = "en"
    reporter.save()

    assert "Nobody is on call now" in signed_in(reporter).get("/roster/now/").content.decode()


def test_the_database_refuses_one_person_twice(tech: User, now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.create(starts_at=now, ends_at=now + HOUR, primary=tech, backup=tech)
