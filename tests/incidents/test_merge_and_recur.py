"""E19 and E20: the same fault again, and several reports of one fault."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from incidents import services
from incidents.models import Incident
from notifications.models import Message
from oncall.models import Page
from tests.incidents.conftest import Story, after
from workflow.errors import InvalidInput, WrongState

Begin = Callable[..., Story]


def merge(child: Story, main: Story, at: float, who: str = "supervisor") -> Story:
    child._do(
        services.merge, who, after(at), main=main.fresh(), reason="同一存储故障引起的两次报告"
    )
    main.fresh()
    return main


def test_e20_the_main_incident_keeps_the_earliest_t0(story: Begin) -> None:
    """Walk-through 8: two reports of 22:58 and 23:10 have the T0 22:58."""
    main, early = story().declare(after(0.5)), story(first_contact_at=after(-0.2))

    merge(early, main, 1)

    assert main.incident.first_contact_at == after(-0.2)
    commitment = main.incident.commitment
    assert commitment is not None
    assert commitment.clocks.get(kind="fix").due_at == after(11.8)
    assert (early.incident.state, early.incident.merged_into) == ("merged", main.incident)
    change = main.incident.t0_changes.get()
    assert (change.cause, change.before, change.after) == ("merge", after(0), after(-0.2))


def test_e20_a_later_report_moves_nothing(story: Begin) -> None:
    main, late = story().declare(after(1)), story(first_contact_at=after(0.5), now=after(0.5))
    merge(late, main, 1)

    assert main.incident.first_contact_at == after(0)
    assert not main.incident.t0_changes.exists()


def test_e20_of_three_the_earliest_counts(story: Begin) -> None:
    main = story().declare(after(0.5))
    for hours in (-0.1, -0.3, -0.2):
        merge(story(first_contact_at=after(hours)), main, 1)
    assert main.incident.first_contact_at == after(-0.3)


def test_e20_the_merged_ones_clocks_and_pages_end(story: Begin) -> None:
    main, child = story().declare(), story().declare()
    assert Page.objects.filter(subject=child.incident.number, state="open").exists()

    merge(child, main, 1)

    assert child.clocks() == {"fix": "voided", "plan": "voided"}
    assert not Page.objects.filter(subject=child.incident.number, state="open").exists()
    assert main.clocks() == {"fix": "running", "plan": "running"}
    assert child.fresh().holder is None
    told = Message.objects.filter(recipient=child.people["reporter"], dedupe_key__contains="merged")
    assert told.exists()


def test_e20_one_set_below_s1_does_not_move_the_t0_of_a_system_down(story: Begin) -> None:
    """An older minor fault never described the down condition (domain 2.4)."""
    main, minor = story().declare(after(0.5)), story(first_contact_at=after(-20))
    minor.acknowledge()
    minor._do(services.declare_lower, "tech", after(0), severity="S3", assessment="个别终端签到慢")

    merge(minor, main, 1)

    assert main.incident.first_contact_at == after(0)


def test_e20_the_occurrence_fits_the_new_t0(story: Begin) -> None:
    main = story(occurred_at=after(-0.1)).declare(after(0.5))
    merge(story(first_contact_at=after(-0.2), occurred_at=after(-0.4)), main, 1)
    assert main.incident.occurred_at == after(-0.4)


@pytest.mark.parametrize("case", ["itself", "resolved", "drill", "not down", "demo"])
def test_e20_is_refused(case: str, story: Begin) -> None:
    child = story().declare()
    main = {
        "itself": lambda: child,
        "resolved": lambda: story().declare().protect().resolve(after(0.5)),
        "drill": lambda: story(is_drill=True, hour_seconds=5).declare(),
        "not down": lambda: story(),
        "demo": lambda: story(is_demo=True).declare(),
    }[case]()

    with pytest.raises(InvalidInput) as refusal:
        merge(child, main, 1)
    assert "main" in refusal.value.fields
    assert child.fresh().state == "declared"


def test_e20_one_that_has_taken_others_in_is_not_merged_itself(story: Begin) -> None:
    main, other = story().declare(), story().declare()
    merge(story(), main, 1)
    with pytest.raises(WrongState):
        merge(main, other, 1)


def test_e20_the_form_offers_only_what_fits(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    child, main = story(), story().declare()
    drill = story(is_drill=True, hour_seconds=5).declare()
    page = signed_in(people["supervisor"]).get(f"/incidents/{child.incident.number}/do/merge/")

    choices = page.context["form"].fields["main"].queryset
    assert main.incident in choices
    assert drill.incident not in choices
    url = f"/incidents/{child.incident.number}/do/merge/"
    form = {"main": drill.incident.pk, "reason": "同一存储故障引起的两次报告"}
    assert signed_in(people["supervisor"]).post(url, form).status_code == 422
    assert signed_in(people["tech"]).post(url, form).status_code == 403


def done(story: Begin) -> Story:
    """Resolved and confirmed at hour 3."""
    return story().declare().protect().resolve(after(2)).confirm(after(3))


def test_e19_is_a_new_incident_with_its_own_clock(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    old = done(story)
    number = old.incident.number
    form = {
        "phenomenon": "存储再次离线交易失败",
        "claimed_down": "on",
        "reporter_name": "张丽",
        "reporter_phone": "13800138000",
    }
    answer = signed_in(people["tech"]).post(f"/incidents/{number}/do/recur/", form)

    again = Incident.objects.exclude(pk=old.incident.pk).get()
    assert answer["Location"] == f"/incidents/{again.number}/"
    assert (again.recurrence_of, again.state) == (old.incident, "reported")
    assert again.first_contact_at > after(9)
    assert Page.objects.filter(subject=again.number, state="open").exists()
    told = Story(again, people).declare(after(10.5), who="tech2")
    assert told.incident.commitment != old.fresh().commitment
    assert old.fresh().state == "confirmed"
    room = signed_in(people["tech"]).get(f"/incidents/{again.number}/").content.decode()
    assert number in room


def test_e19_before_the_confirmation_the_recovery_is_rejected_instead(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = story().declare().protect().resolve(after(2))
    url = f"/incidents/{told.incident.number}/do/recur/"
    form = {"phenomenon": "存储再次离线交易失败", "reporter_name": "张丽", "reporter_phone": "8012"}

    assert signed_in(people["tech"]).post(url, form).status_code == 409
    assert Incident.objects.count() == 1


def test_e19_cannot_have_been_reported_before_the_confirmation(story: Begin) -> None:
    old = done(story)
    with pytest.raises(InvalidInput) as refusal:
        services.recur(
            old.incident, actor=old.people["tech"], now=after(5), phenomenon="存储再次离线",
            reporter_name="张丽", reporter_phone="13800138000", first_contact_at=after(2.5),
        )  # fmt: skip
    assert "first_contact_at" in refusal.value.fields


def test_e19_of_a_drill_stays_a_drill(story: Begin) -> None:
    old = story(is_drill=True, hour_seconds=5).declare().protect()
    old.resolve(after(0.01)).confirm(after(0.02))
    again = services.recur(
        old.incident, actor=old.people["tech"], now=after(0.03), phenomenon="存储再次离线",
        reporter_name="张丽", reporter_phone="13800138000",
    )  # fmt: skip
    assert (again.is_drill, again.hour_seconds) == (True, 5)
    assert not Incident.objects.real().exists()
