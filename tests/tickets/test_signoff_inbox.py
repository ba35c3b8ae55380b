"""The inbox of decisions: plans and co-signatures, for oneself and in another's place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from teamwork.services.delegation import delegate
from tests.tickets.journey import Journey
from tickets.services import ending, rulings

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
WHY = "厂商已停止维护该组件,无法修改"


def _numbers(client: Client) -> list[str]:
    cards = client.get("/sign-off/").context["cards"]
    return [card["defect"].number for card in cards]


def test_a_statement_to_cosign_is_a_card_with_its_words(
    journey: Journey, agent: User, signed_in: SignIn
) -> None:
    """D12: cause, why and alternatives; also for whoever acts for the supervisor."""
    plan, statement = journey.pending_signoff(), journey.tech_processing()
    rulings.state_unsolvable(
        statement, actor=journey.cast.tech, now=journey.later(), cause_class="program",
        module="交易查询", cause=WHY, why=WHY,
        alternatives="更换为新组件", workaround="人工导出后补录",
    )  # fmt: skip
    boss = signed_in(journey.cast.supervisor)
    assert _numbers(boss) == [plan.number, statement.number]
    page = boss.get("/sign-off/").content.decode()
    assert WHY in page
    assert f"/defects/{statement.key}/do/unsolvable_agree/" in page
    now = timezone.now()
    delegate(
        actor=journey.cast.supervisor, giver=journey.cast.supervisor, receiver=agent, role="",
        now=now, starts_at=now, ends_at=now + timedelta(days=1), reason="年休假三天",
    )  # fmt: skip
    cards = signed_in(agent).get("/sign-off/").context["cards"]
    assert {card["on_behalf_of"] for card in cards} == {journey.cast.supervisor}


def test_a_void_to_confirm_is_a_card(journey: Journey, signed_in: SignIn) -> None:
    """D33."""
    defect = journey.submitted()
    ending.ask_void(
        defect, actor=journey.cast.support, now=journey.later(), cause="test",
        opinion="培训时录入的测试单据",
    )  # fmt: skip
    page = signed_in(journey.cast.supervisor).get("/sign-off/")
    assert [card["defect"] for card in page.context["cards"]] == [defect]
    assert "培训时录入的测试单据" in page.content.decode()
    assert f"/defects/{defect.key}/do/confirm_void/" in page.content.decode()


def test_the_inbox_is_empty_when_everything_is_decided(journey: Journey, signed_in: SignIn) -> None:
    journey.approved()
    page = signed_in(journey.cast.supervisor).get("/sign-off/")
    assert page.context["cards"] == []
    assert "empty-state" in page.content.decode()
