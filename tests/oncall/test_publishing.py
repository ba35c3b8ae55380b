"""Rotations are put in force in versions, previewed, and published as shifts (R11, R14)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from accounts.models import Organisation, User
from accounts.roles import Role
from audit.models import Event
from calendars.models import CalendarYear
from oncall.models import Roster, RotationVersion, Shift
from oncall.proposal import Change, Proposal
from oncall.rota import on_call
from oncall.rotation import Layer
from oncall.services.publishing import preview, publish
from oncall.services.replacing import replace_on_shift
from oncall.services.rotations import change_rotations, rotations_in_force
from oncall.services.shifts import add_shift
from workflow.errors import InvalidInput, NotAllowed, StaleVersion

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
WHY = "十二月起三人轮班"
FIRST, LAST = date(2026, 11, 30), date(2026, 12, 27)
SignIn = Callable[[User], Client]


def beijing(text: str) -> datetime:
    """``2026-11-23 09:00`` in Beijing, as UTC."""
    return (datetime.fromisoformat(text) - 8 * HOUR).replace(tzinfo=UTC)


@pytest.fixture
def third(make_person: Callable[..., User], company: Organisation) -> User:
    """The third of the rotation."""
    return make_person("huanghai", "黄海", company, Role.TECH)


@pytest.fixture
def weekly(tech: User, tech2: User, third: User, supervisor: User, now: datetime) -> Layer:
    """A week each from Monday 9:00, in force as version 1."""
    layer = Layer("周轮班", (tech.pk, tech2.pk, third.pk), date(2026, 11, 23))
    put_in_force(supervisor, now, layer)
    return layer


def put_in_force(
    supervisor: User, now: datetime, *layers: Layer, roster: str = Roster.ON_CALL
) -> RotationVersion:
    """Put layers in force as the next version."""
    version, _present = rotations_in_force(roster)
    return change_rotations(
        actor=supervisor, roster=roster, version=version, layers=layers, reason=WHY, now=now
    )


def publish_all(supervisor: User, now: datetime, **changes: Any) -> Proposal:
    """Publish four weeks of the mobile."""
    given: dict[str, Any] = {"roster": Roster.ON_CALL, "first": FIRST, "last": LAST, **changes}
    return publish(actor=supervisor, now=now, **given)


def kinds(found: Proposal) -> dict[str, int]:
    """The counts that are not nought."""
    return {kind: number for kind, number in found.counts.items() if number}


def test_a_version_says_who_when_and_why(weekly: Layer, supervisor: User, now: datetime) -> None:
    row = RotationVersion.objects.get()
    assert (row.version, row.reason, row.created_at) == (1, WHY, now)
    assert row.created_by_name == supervisor.audit_name
    assert Event.objects.get(action="oncall.rotations_changed").opinion == WHY
    put_in_force(supervisor, now, replace(weekly, every_days=1))

    assert rotations_in_force(Roster.ON_CALL)[0] == 2
    assert RotationVersion.objects.count() == 2


def test_the_faster_one_wins(weekly: Layer, supervisor: User, now: datetime) -> None:
    with pytest.raises(StaleVersion):
        change_rotations(
            actor=supervisor, roster=Roster.ON_CALL, version=0, layers=(weekly,), reason=WHY,
            now=now,
        )  # fmt: skip


def test_what_cannot_be_put_in_force(
    weekly: Layer, supervisor: User, tech: User, now: datetime
) -> None:
    alone = replace(weekly, people=(tech.pk,))
    for layers, reason, field in (
        ((alone,), WHY, "layers-0-people"),
        ((weekly, replace(weekly, people=(tech.pk, 0))), WHY, "layers-1-people"),
        ((weekly,), "…", "reason"),
    ):
        with pytest.raises(InvalidInput) as refused:
            change_rotations(
                actor=supervisor, roster=Roster.ON_CALL, version=1, layers=layers, reason=reason,
                now=now,
            )  # fmt: skip
        assert set(refused.value.fields) == {field}
    with pytest.raises(NotAllowed):
        change_rotations(
            actor=tech, roster=Roster.ON_CALL, version=1, layers=(weekly,), reason=WHY, now=now
        )


def test_a_month_is_published_from_a_rotation(
    weekly: Layer, supervisor: User, tech2: User, third: User, now: datetime
) -> None:
    looked = preview(roster=Roster.ON_CALL, first=FIRST, last=LAST, now=now)
    assert not Shift.objects.exists()
    done = publish_all(supervisor, now, fingerprint=looked.fingerprint)

    # The turn that runs on Monday morning, and four that begin in the period, to their ends.
    assert kinds(done) == {"new": 5}
    assert done.gaps == []
    last = Shift.objects.order_by("starts_at").last()
    assert last is not None
    assert (last.ends_at, last.planned_version) == (beijing("2026-12-28 09:00"), 1)
    found = on_call(beijing("2026-11-30 09:00"))
    assert found is not None
    assert (found.primary, found.backup) == (tech2, third)


def test_the_trail_keeps_the_version_and_what_was_written(
    weekly: Layer, supervisor: User, now: datetime
) -> None:
    publish_all(supervisor, now)
    event = Event.objects.get(action="oncall.roster_published")

    assert (event.data["version"], event.data["new"], event.data["kept"]) == (1, 5, 0)
    assert len(event.data["written"]) == 5
    assert event.data["minutes_uncovered"] == 0


def test_publishing_twice_changes_nothing(weekly: Layer, supervisor: User, now: datetime) -> None:
    publish_all(supervisor, now)
    keys = set(Shift.objects.values_list("pk", flat=True))
    again = publish_all(supervisor, now)

    assert (kinds(again), again.changes_something) == ({"same": 5}, False)
    assert set(Shift.objects.values_list("pk", flat=True)) == keys
    assert Event.objects.filter(action="oncall.roster_published").count() == 1


def test_a_new_version_changes_only_what_differs(
    weekly: Layer, supervisor: User, tech: User, tech2: User, third: User, now: datetime
) -> None:
    publish_all(supervisor, now)
    put_in_force(supervisor, now, replace(weekly, people=(tech.pk, tech2.pk, third.pk, tech2.pk)))
    found = publish_all(supervisor, now)

    assert kinds(found) == {"same": 2, "changed": 3}
    assert set(Shift.objects.values_list("planned_version", flat=True)) == {1, 2}


def test_a_stretch_by_hand_is_kept_unless_the_planner_says_otherwise(
    weekly: Layer, supervisor: User, support: User, now: datetime
) -> None:
    publish_all(supervisor, now)
    shift = Shift.objects.of(Roster.ON_CALL).at(beijing("2026-12-02 12:00")).get()
    replace_on_shift(
        shift=shift, lane="primary", person=support, starts_at=beijing("2026-12-02 09:00"),
        ends_at=beijing("2026-12-03 09:00"), actor=supervisor, reason=WHY, now=now,
    )  # fmt: skip
    kept = publish_all(supervisor, now)
    found = on_call(beijing("2026-12-02 12:00"))
    assert found is not None
    assert found.primary == support
    assert [each.primary for each in kept.kept] == [support]

    publish_all(supervisor, now, by_hand_too=True)
    found = on_call(beijing("2026-12-02 12:00"))
    assert found is not None
    assert found.primary != support
    assert Shift.objects.count() == 5


def test_nothing_that_has_begun_changes(
    weekly: Layer, supervisor: User, third: User, tech: User, now: datetime
) -> None:
    publish_all(supervisor, now)
    later = beijing("2026-12-02 12:00")
    before = on_call(later)
    put_in_force(supervisor, later, replace(weekly, people=(third.pk, tech.pk)))
    found = publish_all(supervisor, later)

    assert on_call(later) == before
    assert found.start > later
    assert all(line.starts_at >= beijing("2026-12-07 09:00") for line in found.lines)
    with pytest.raises(InvalidInput):
        publish_all(supervisor, beijing("2027-01-02 12:00"))


def test_people_who_cannot_stand_leave_a_gap(
    weekly: Layer, supervisor: User, third: User, now: datetime
) -> None:
    User.objects.filter(pk=third.pk).update(phone="")
    found = publish_all(supervisor, now)

    # Only the turns of 张伟 with 刘强 can be published.
    assert kinds(found) == {"new": 2, "left_out": 3}
    assert found.minutes_uncovered == sum(
        gap.minutes for gap in preview(
            roster=Roster.ON_CALL, first=FIRST, last=LAST, now=now).gaps
    )  # fmt: skip
    left = [line for line in found.lines if line.problems]
    assert all("黄海" in str(why) for line in left for why in line.problems)


def test_who_stands_at_the_hotline_then_is_a_clash(
    weekly: Layer, supervisor: User, tech2: User, now: datetime
) -> None:
    add_shift(
        actor=supervisor, roster=Roster.HOTLINE, starts_at=beijing("2026-12-01 09:00"),
        ends_at=beijing("2026-12-01 17:00"), primary=tech2, backup=None,
    )  # fmt: skip
    found = publish_all(supervisor, now)
    (left,) = [line for line in found.lines if line.change == Change.LEFT_OUT]

    assert left.primary == tech2
    assert "热线" in str(left.problems[0])


def test_a_month_of_the_hotline(
    supervisor: User, agent: User, support: User, now: datetime
) -> None:
    seats = Layer("坐席", (agent.pk, support.pk), date(2026, 11, 23), every_days=1)
    put_in_force(supervisor, now, seats, roster=Roster.HOTLINE)
    done = publish_all(supervisor, now, roster=Roster.HOTLINE)

    assert kinds(done) == {"new": 20}
    assert done.gaps == []


def test_the_hotline_of_a_year_without_a_calendar(
    supervisor: User, agent: User, now: datetime
) -> None:
    put_in_force(
        supervisor, now, Layer("坐席", (agent.pk,), date(2026, 11, 23)), roster=Roster.HOTLINE
    )
    CalendarYear.objects.all().delete()
    done = publish_all(supervisor, now, roster=Roster.HOTLINE)

    assert done.unknown
    assert not Shift.objects.exists()


def test_a_preview_that_is_out_of_date_is_not_published(
    weekly: Layer, supervisor: User, now: datetime
) -> None:
    looked = preview(roster=Roster.ON_CALL, first=FIRST, last=LAST, now=now)
    put_in_force(supervisor, now, replace(weekly, every_days=1))
    with pytest.raises(StaleVersion):
        publish_all(supervisor, now, fingerprint=looked.fingerprint)

    assert not Shift.objects.exists()


@pytest.mark.parametrize(
    ("first", "last"), [(LAST, FIRST), (FIRST, date(2027, 8, 1)), (date(2026, 1, 1), FIRST - (
        FIRST - date(2026, 11, 1)))],
)  # fmt: skip
def test_periods_that_are_refused(
    weekly: Layer, supervisor: User, now: datetime, first: date, last: date
) -> None:
    with pytest.raises(InvalidInput):
        publish_all(supervisor, now, first=first, last=last)


def test_only_supervisors_publish(weekly: Layer, tech: User, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        publish_all(tech, now)


def layer_form(people: str, **changes: str) -> dict[str, str]:
    """One layer typed into the page."""
    return {
        "layers-TOTAL_FORMS": "2", "layers-INITIAL_FORMS": "0", "layers-0-name": "周轮班",
        "layers-0-people": people, "layers-0-turn": "7", "layers-0-first_day": "2026-11-23",
        "layers-0-handover": "09:00", "layers-0-zone": "Asia/Shanghai", "layers-0-ORDER": "1",
        "reason": WHY, "version": "0", **changes,
    }  # fmt: skip


def test_by_the_pages_from_names_to_shifts(
    supervisor: User, tech: User, tech2: User, third: User, signed_in: SignIn, now: datetime
) -> None:
    with time_machine.travel(now, tick=False):
        client = signed_in(supervisor)
        assert client.get("/roster/rotations/on_call/").status_code == 200
        wrong = client.post("/roster/rotations/on_call/", layer_form("张伟、某人"))
        assert wrong.status_code == 422
        assert "某人" in wrong.content.decode()
        alone = client.post("/roster/rotations/on_call/", layer_form("张伟"))
        assert alone.status_code == 422
        assert RotationVersion.objects.count() == 0

        saved = client.post("/roster/rotations/on_call/", layer_form("张伟、刘强, 黄海"))
        assert saved.status_code == 302
        assert "周轮班" in client.get("/roster/rotations/").content.decode()
        query = "roster=on_call&first=2026-11-30&last=2026-12-27"
        soup = BeautifulSoup(client.get(f"/roster/publish/?{query}").content, "html.parser")
        sent = {
            field["name"]: field["value"] for field in soup.select("form[method=post] input[name]")
        }
        assert client.post("/roster/publish/", sent).status_code == 302
        assert Shift.objects.count() == 5
        month = client.get("/roster/?view=month&from=2026-12-01").content.decode()

    # The last week ends on the 28th at nine; nothing is published after it.
    assert "5220 分钟无人值班" in month
    assert len(BeautifulSoup(month, "html.parser").select(".month-grid [data-day]")) == 35


def test_the_preview_is_in_the_order_of_time_and_says_when_it_proposes_nothing(
    weekly: Layer, supervisor: User, third: User, tech: User, signed_in: SignIn, now: datetime
) -> None:
    add_shift(
        actor=supervisor, starts_at=beijing("2026-12-09 00:00"),
        ends_at=beijing("2026-12-10 00:00"), primary=third, backup=tech,
    )  # fmt: skip
    CalendarYear.objects.all().delete()
    seats = Layer("坐席", (third.pk,), FIRST, every_days=1)
    put_in_force(supervisor, now, seats, roster=Roster.HOTLINE)
    with time_machine.travel(now, tick=False):
        client = signed_in(supervisor)

        def shown(roster: str) -> BeautifulSoup:
            query = f"roster={roster}&first=2026-11-30&last=2026-12-27"
            return BeautifulSoup(client.get(f"/roster/publish/?{query}").content, "html.parser")

        rows = shown("on_call").select(".proposal-rows tbody tr")
        nothing = shown("hotline")

    starts = [row.select("td")[1].get_text(strip=True) for row in rows]
    assert starts == sorted(starts)
    kept = [row.select("td")[1].get_text(strip=True) for row in rows if "保留" in row.get_text()]
    assert kept == ["2026-12-09 00:00"]
    assert kept[0] not in (starts[0], starts[-1])
    assert nothing.select(".proposal-rows") == []
    assert "无排班建议" in nothing.select_one("form.form-acts").get_text()  # type: ignore[union-attr]


def test_only_planners_see_the_forms(tech: User, signed_in: SignIn) -> None:
    client = signed_in(tech)

    assert client.get("/roster/rotations/").status_code == 200
    assert client.get("/roster/rotations/on_call/").status_code == 403
    assert client.get("/roster/publish/").status_code == 403
