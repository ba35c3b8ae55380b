"""Finding the caller, and similar questions, while the phone is at the ear."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, User
from hotline.suggestions import pieces, similar_solved


@pytest.fixture
def find(agent: User, signed_in: Callable[[User], Client]) -> Callable[[str], str]:
    """What the live search shows for some letters."""
    client = signed_in(agent)

    def search(letters: str) -> str:
        page = client.get(reverse("hotline:caller_search"), {"q": letters})
        assert page.status_code == 200
        return page.content.decode()

    return search


@pytest.mark.parametrize(
    "letters", ["张丽", "zl", "zhangli", "ZhangLi", "1380013", "银行卡部", "yhkb"]
)
def test_a_person_is_found(letters: str, find: Callable[[str], str], reporter: User) -> None:
    assert "张丽" in find(letters)


@pytest.mark.parametrize("letters", ["", "z", "1", "   "])
def test_one_letter_finds_nobody(letters: str, find: Callable[[str], str], reporter: User) -> None:
    assert "张丽" not in find(letters)


def test_our_own_people_and_leavers_are_no_callers(
    find: Callable[[str], str], agent: User, reporter: User
) -> None:
    assert "周静" not in find("周静")
    reporter.is_active = False
    reporter.save()
    assert "张丽" not in find("张丽")


def test_a_unit_is_found_but_the_company_is_not(
    find: Callable[[str], str], card_unit: Organisation, company: Organisation
) -> None:
    assert "沈阳分行银行卡部" in find("银行卡部")
    assert "辽宁微云" not in find("微云")


def test_an_earlier_caller_without_account_is_found(
    find: Callable[[str], str], at_console: Any, call: Any
) -> None:
    at_console(call(caller="", caller_name="新来的小李", caller_phone="13900139000"))
    assert "新来的小李" in find("小李")
    assert "139****9000" in find("13900139000")


def test_the_card_shows_last_contacts_and_open_records(
    agent: User, reporter: User, at_console: Any, call: Any, signed_in: Callable[[User], Client]
) -> None:
    for number in range(4):
        at_console(call(question=f"第{number}个问题怎么处理"))
    at_console(call(result="to_defect", why="需要技术人员查看后台日志"))

    page = signed_in(agent).get(reverse("hotline:caller_card"), {"caller": reporter.pk})

    text = page.content.decode()
    assert text.count("LX-20261123-") == 3
    assert "QX-20261123-0001" in text
    assert 'value="张丽"' in text


@pytest.mark.parametrize("query", ["caller=999999", "unit=999999", "contact=LX-20261123-9999"])
def test_an_unknown_caller_is_404(
    query: str, agent: User, signed_in: Callable[[User], Client]
) -> None:
    assert signed_in(agent).get(f"{reverse('hotline:caller_card')}?{query}").status_code == 404


def test_without_script_the_same_page_answers(
    agent: User, reporter: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(agent)
    found = client.get(reverse("hotline:console"), {"q": "zl"}).content.decode()
    assert f"?caller={reporter.pk}" in found
    chosen = client.get(reverse("hotline:console"), {"caller": reporter.pk}).content.decode()
    assert 'value="张丽"' in chosen


def test_the_console_costs_few_queries(
    agent: User,
    reporter: User,
    at_console: Any,
    call: Any,
    signed_in: Callable[[User], Client],
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(6):
        at_console(call(question=f"第{number}个问题怎么处理"))
    client = signed_in(agent)
    with django_assert_max_num_queries(35):
        client.get(reverse("hotline:console"), {"caller": reporter.pk})


def test_similar_solved_questions_come_best_first(at_console: Any, call: Any, agent: User) -> None:
    at_console(call(question="商户综合查询结果如何导出"))
    at_console(call(question="商户号查询在哪个菜单里"))
    at_console(call(question="终端签到失败怎么办"))
    at_console(call(question="商户号查询还没有解答", act="keep_open"))

    found = [each.question for each in similar_solved("商户号在哪里查询", actor=agent)]

    assert found[0] == "商户号查询在哪个菜单里"
    assert "终端签到失败怎么办" not in found
    assert "商户号查询还没有解答" not in found


def test_at_most_five_and_no_doubles(at_console: Any, call: Any, agent: User) -> None:
    for number in range(7):
        at_console(call(question=f"商户号查询第{number}问"))
    at_console(call(question="商户号查询第1问"))

    found = [each.question for each in similar_solved("商户号查询", actor=agent)]

    assert len(found) == len(set(found)) == 5


def test_pieces_are_pairs_and_words() -> None:
    assert pieces("POS 签到失败,怎么办") == ["pos", "签到", "到失", "失败", "么办"]
    assert pieces("?") == []
