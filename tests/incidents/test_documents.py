"""E11 and E16: written, released by somebody else, delivered; only delivery stops the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from incidents import services
from incidents.models import ContingencyPlan, FaultReport
from tests.incidents.conftest import PLAN_PARTS, REPORT_PARTS, Story, after
from workflow.errors import WrongState

Begin = Callable[..., Story]
PLAN_FORM = {**PLAN_PARTS, "expected_recovery_at": "2026-11-23T15:00:00"}
TEXTS = [name for name in PLAN_PARTS if name != "expected_recovery_at"]


def post(browser: Client, story: Story, code: str, form: Mapping[str, object]) -> int:
    """Send an act's form; returns the status."""
    url = f"/incidents/{story.fresh().number}/do/{code}/"
    return browser.post(url, {**form, "version": story.incident.row_version}).status_code


@pytest.mark.parametrize("part", TEXTS)
def test_no_section_of_the_plan_stays_empty(
    part: str, story: Begin, people: dict[str, User],
    signed_in: Callable[[User], Client],
) -> None:  # fmt: skip
    told = story().declare()
    browser = signed_in(people["tech"])

    for words in ("", "暂无", "见附件", "短"):
        assert post(browser, told, "write_plan", {**PLAN_FORM, part: words}) == 422, words
    assert not ContingencyPlan.objects.exists()


def test_the_way_of_a_plan(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = story().declare()
    tech, supervisor = signed_in(people["tech"]), signed_in(people["supervisor"])

    assert post(tech, told, "write_plan", PLAN_FORM) == 302
    assert post(tech, told, "deliver_plan", {"delivered_to": "运营部"}) == 409
    assert post(tech, told, "release_plan", {}) == 403
    assert post(supervisor, told, "release_plan", {}) == 302
    assert told.clocks()["plan"] == "running"
    typed = {"delivered_to": "总行运营管理部", "delivered_at": "2026-11-23T13:00:00"}
    assert post(tech, told, "deliver_plan", typed) == 302

    plan = ContingencyPlan.objects.get()
    assert plan.released_by == people["supervisor"]
    assert plan.delivered_at is not None
    # The server's time, whatever was typed.
    assert abs((timezone.now() - plan.delivered_at).total_seconds()) < 60


def test_the_author_does_not_release_even_as_a_supervisor(
    story: Begin, people: dict[str, User], make_person: Callable[..., User],
    signed_in: Callable[[User], Client],
) -> None:  # fmt: skip
    told = story().declare()
    both = make_person("zhaogang", "赵刚", people["tech"].organisation, "tech", "supervisor")
    browser = signed_in(both)

    assert post(browser, told, "write_plan", PLAN_FORM) == 302
    assert post(browser, told, "release_plan", {}) == 403
    page = browser.get(f"/incidents/{told.incident.number}/").content.decode()
    assert "act-blocked" in page


def test_a_new_version_needs_its_own_release(story: Begin) -> None:
    told = story().declare().plan(after(1), delivered=False).plan(after(2), released=False)

    with pytest.raises(WrongState) as refusal:
        services.deliver_plan(
            told.incident, actor=told.people["tech"], now=after(3), delivered_to="总行运营管理部"
        )
    assert refusal.value.code == "unreleased"
    assert [plan.version for plan in ContingencyPlan.objects.order_by("version")] == [1, 2]


def test_a_second_delivery_does_not_move_the_clock(story: Begin) -> None:
    told = story().declare().plan(after(5)).plan(after(6))
    commitment = told.incident.commitment
    assert commitment is not None

    assert commitment.clocks.get(kind="plan").stopped_at == after(5)


def test_no_plan_after_the_resolution(story: Begin) -> None:
    told = story().declare().protect().resolve(after(13))

    with pytest.raises(WrongState):
        told.plan(after(13.5))
    assert told.clocks()["plan"] == "lapsed"


@pytest.mark.parametrize("part", ["direct_cause", "root_cause", "method", "loss"])
def test_the_report_says_all_four_things(
    part: str, story: Begin, people: dict[str, User],
    signed_in: Callable[[User], Client],
) -> None:  # fmt: skip
    told = story().declare().protect().resolve(after(5))
    browser = signed_in(people["tech"])

    for words in ("", " \u3000", "无", "暂无", "同上", "……"):
        assert post(browser, told, "write_report", {**REPORT_PARTS, part: words}) == 422, words
    assert not FaultReport.objects.exists()


@pytest.mark.parametrize("words", ["无损失", "无损失。", "经核对未造成资金损失"])
def test_no_loss_is_said_in_words(
    words: str, story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = story().declare().protect().resolve(after(5))
    form = {**REPORT_PARTS, "loss": words}

    assert post(signed_in(people["tech"]), told, "write_report", form) == 302


def test_the_fault_type_comes_from_the_list(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = story().declare().protect().resolve(after(5))
    form = {**REPORT_PARTS, "fault_type": "自由文本"}

    assert post(signed_in(people["tech"]), told, "write_report", form) == 422


def test_no_report_before_the_resolution(story: Begin) -> None:
    with pytest.raises(WrongState):
        story().declare().report(after(1))


def test_drafting_and_approving_do_not_stop_the_report_clock(story: Begin) -> None:
    told = story().declare().protect().resolve(after(5)).report(after(6), delivered=False)

    assert told.clocks()["report"] == "running"


def test_an_unapproved_report_is_not_delivered(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = story().declare().protect().resolve(after(5)).report(after(6), released=False)

    form: dict[str, object] = {"delivered_to": "总行运营管理部"}
    assert post(signed_in(people["tech"]), told, "deliver_report", form) == 409


def test_after_a_rejected_recovery_the_old_report_is_interim_and_a_new_one_is_owed(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = story().declare().protect().resolve(after(5)).report(after(6))
    told.reject(after(7)).resolve(after(8))

    assert told.clocks()["report"] == "running"
    told.report(after(9))
    assert told.clocks()["report"] == "met"
    page = signed_in(people["tech"]).get(f"/incidents/{told.incident.number}/")
    interim = [each.interim for each in page.context["reports"]]
    assert interim == [False, True]


def test_the_bank_sees_what_was_delivered_and_nothing_before(
    story: Begin, people: dict[str, User], signed_in: Callable[[User], Client]
) -> None:
    told = story().declare().plan(after(1), delivered=False)
    browser = signed_in(people["reporter"])
    url = f"/incidents/{told.incident.number}/"
    assert PLAN_PARTS["interim_operation"] not in browser.get(url).content.decode()
    told.plan(after(2))

    assert PLAN_PARTS["interim_operation"] in browser.get(url).content.decode()
