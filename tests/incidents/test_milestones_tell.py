"""Who hears of a milestone, and when the telephones ring again (domain section 2.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from notifications.models import Message
from oncall.models import Page
from sla.services import fire_due
from tests.incidents.conftest import Story, after

Begin = Callable[..., Story]


def tick(at: datetime) -> None:
    """The engine runs at ``at`` until nothing is due."""
    while fire_due(at):
        pass


def heard(ending: str) -> set[str]:
    """User names of those who got the message whose key ends so."""
    rows = Message.objects.filter(dedupe_key__endswith=ending, channel="in_app")
    return {message.recipient.username for message in rows}


@pytest.mark.parametrize(
    ("hours", "ending", "names"),
    [
        (6, "fix1:half", {"zhangwei"}),
        (9, "fix1:three_quarters", {"zhangwei", "chenming"}),
        (11, "fix1:last_hour", {"zhangwei", "chenming", "gaojie"}),
        (11.5, "fix1:last_half_hour", {"zhangwei", "chenming", "gaojie"}),
        (12.01, "fix1:breach", {"zhangwei", "chenming", "gaojie", "hezhiyuan"}),
        (12, "plan1:duty_opened", {"zhangwei", "chenming"}),
        (16.01, "plan1:breach", {"zhangwei", "chenming", "gaojie", "hezhiyuan"}),
    ],
)
def test_more_people_hear_of_it_the_later_it_gets(
    story: Begin, hours: float, ending: str, names: set[str]
) -> None:
    story().acknowledge().declare()
    tick(after(hours))

    assert heard(ending) == names


def test_a_message_is_in_the_language_of_its_reader(story: Begin) -> None:
    told = story().acknowledge()
    told.people["tech"].language = "en"
    told.people["tech"].save()
    told.declare()
    tick(after(6))

    message = Message.objects.get(dedupe_key__endswith="fix1:half", channel="in_app")
    assert "half of the time is gone" in message.subject
    assert told.incident.number in message.subject


def test_the_telephones_ring_again_at_the_breach_and_when_the_plan_is_owed(story: Begin) -> None:
    told = story().acknowledge().declare()
    number = told.incident.number
    assert Page.objects.filter(state="open").count() == 0
    tick(after(11.9))
    assert Page.objects.filter(state="open").count() == 0
    tick(after(12, 1))

    ringing = set(Page.objects.filter(state="open").values_list("key", flat=True))
    assert ringing == {f"incident:{number}:fix_breach", f"incident:{number}:plan_duty"}
    tick(after(16, 1))
    assert Page.objects.filter(key=f"incident:{number}:plan_breach", state="open").exists()


def test_the_report_has_its_own_warnings(story: Begin) -> None:
    told = story().acknowledge().declare().protect().resolve(after(2))
    tick(after(26, 1))

    assert heard("report1:half") == {"zhangwei"}
    assert heard("report1:last_four_hours") == {"zhangwei", "chenming"}
    assert "hezhiyuan" in heard("report1:breach")
    assert told.clocks()["report"] == "running"


def test_drills_never_reach_the_superior_department(story: Begin) -> None:
    told = story(is_drill=True, hour_seconds=3600).acknowledge().declare()
    tick(after(16.01))

    assert "gaojie" in heard("fix1:breach")
    assert "hezhiyuan" not in heard("fix1:breach")
    assert set(Page.objects.values_list("is_drill", flat=True)) == {True}
    for page in Page.objects.all():
        assert page.title.startswith("演练 / Drill")
        assert "rill" in page.texts["en"].split(told.incident.number)[0]
    assert not Message.objects.filter(is_drill=False, dedupe_key__contains=":fix1:").exists()
