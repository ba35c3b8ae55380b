"""What changed between two versions, readable in Chinese and in English (R43)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from tests.tickets.journey import Journey
from tickets.differences import Piece, difference
from tickets.services import signoff


def _marked(before: str, after: str) -> str:
    signs = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(signs[piece.kind].format(piece.text) for piece in difference(before, after))


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("将连接池由 20 调整为 60", "将连接池由 20 调整为 80", "将连接池由 20 调整为 [-60-][+80+]"),
        ("重启应用并观察", "分批重启应用并观察", "[+分批+]重启应用并观察"),
        ("set maxPool=60 now", "set maxPool=80 now", "set [-maxPool=60-][+maxPool=80+] now"),
        ("一样的文字", "一样的文字", "一样的文字"),
        ("", "新写的内容", "[+新写的内容+]"),
        ("全部删去", "", "[-全部删去-]"),
        ("第一行\n第二行", "第一行\n第三行", "第一行\n第[-二-][+三+]行"),
    ],
)
def test_changes_are_marked_by_character_in_chinese_and_by_word_in_latin(
    before: str, after: str, marked: str
) -> None:
    assert _marked(before, after) == marked


def test_islands_between_changes_are_joined() -> None:
    """One struck-out run and one new one instead of a chequered line."""
    assert _marked("甲的乙", "丙的丁") == "[-甲的乙-][+丙的丁+]"


@given(st.text(alphabet="甲乙丙 ab1\n", max_size=40), st.text(alphabet="甲乙丙 ab1\n", max_size=40))
def test_nothing_is_lost(before: str, after: str) -> None:
    """Without the added runs it is the old text, without the removed ones the new one."""
    pieces = difference(before, after)
    assert "".join(each.text for each in pieces if each.kind != "added") == before
    assert "".join(each.text for each in pieces if each.kind != "removed") == after


def test_long_texts_are_compared_by_line() -> None:
    lines = [f"第{number}步：检查并记录结果，确认无误后继续下一步" for number in range(200)]
    changed = [*lines[:100], "中间新加一步", *lines[100:]]
    pieces = difference("\n".join(lines), "\n".join(changed))
    assert [each for each in pieces if each.kind != "same"] == [Piece("added", "中间新加一步\n")]


@pytest.mark.django_db
def test_the_signer_and_the_ticket_show_the_difference(
    journey: Journey, signed_in: Callable[[User], Client]
) -> None:
    supervisor = journey.cast.supervisor
    defect = signoff.send_back(
        journey.pending_signoff(), actor=supervisor, now=journey.later(), opinion="回退方案不够具体"
    )
    defect = journey.pending_signoff(defect, rollback_plan="恢复原参数文件并分批重启应用")
    browser = signed_in(supervisor)
    for url in (defect.get_absolute_url(), f"{defect.get_absolute_url()}do/approve/", "/sign-off/"):
        page = browser.get(url).content.decode()
        assert "<ins>" in page, url
        assert "分批</ins>" in page, url
    assert (
        "分批"
        not in signed_in(journey.cast.reporter).get(defect.get_absolute_url()).content.decode()
    )
