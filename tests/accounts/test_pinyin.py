"""People and units are found by pinyin in every reading (domain section 6)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import Organisation, User
from accounts.pinyin import readings
from accounts.roles import Role


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("张丽", "zhangli"),
        ("张丽", "zl"),
        ("单丽华", "shanlihua"),
        ("曾志伟", "zengzhiwei"),
        ("仇海燕", "qiuhaiyan"),
        ("解晓东", "xiexiaodong"),
        ("朴成浩", "piaochenghao"),
        ("尉迟峰", "yuchifeng"),
        ("中山支行", "zhihang"),
        ("总行", "zonghang"),
        ("沈阳分行", "fenhang"),
        ("买买提·艾力", "maimaitiaili"),
    ],
)
def test_a_name_is_found_by_what_people_type(name: str, typed: str) -> None:
    assert any(typed in reading for reading in readings(name))


@pytest.mark.parametrize("typed", ["张丽", "zhangli", "ZL", "8012", "w777", "shenyang", "沈阳 zl"])
def test_search_by_name_pinyin_phone_staff_number_and_unit(
    typed: str,
    make_person: Callable[..., User],
    card_unit: Organisation,
    other_branch: Organisation,
) -> None:
    wanted = make_person("a1", "张丽", card_unit, Role.REPORTER, phone="8012", staff_no="W777")
    make_person("a2", "王强", other_branch, Role.REPORTER, phone="8021", staff_no="W778")
    assert list(User.objects.active().matching(typed)) == [wanted]


def test_people_sort_by_pinyin(make_person: Callable[..., User], card_unit: Organisation) -> None:
    for number, name in enumerate(["张丽", "白洁", "王䶮", "李娜"]):
        make_person(f"p{number}", name, card_unit, Role.REPORTER)
    assert [user.name for user in User.objects.all()] == ["白洁", "李娜", "王䶮", "张丽"]
