"""Document 5.6: the form on paper has all its areas, filled from the record (R46, R50)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from tests.tickets.journey import Journey
from tickets.models import Defect
from tickets.services import attachments

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
AREAS = ["提交区", "研判区", "处理区", "签字区", "实施区", "确认区", "上报区", "回复区"]


def test_every_area_is_filled_for_the_desk(journey: Journey, signed_in: SignIn) -> None:
    defect = journey.closed()
    page = signed_in(journey.cast.support).get(f"/defects/{defect.key}/form/").content.decode()
    for area in AREAS:
        assert f"<h2>{area}" in page, area
    for words in (
        str(defect.number), "日志显示连接池耗尽", "☑ 技术问题", "□ 业务问题", "恢复原参数文件",
        "☑ 参数", "□ 程序", "陈明", "CHG-20261123-0001", "连续查询十次",
        "已扩大查询连接池", "SB-20261123-0001", "HF-20261123-0001", "☑ 5", "□ 4", "张丽",
    ):  # fmt: skip
        assert words in page, words


def test_a_fresh_one_has_blank_areas(journey: Journey, signed_in: SignIn) -> None:
    defect = journey.submitted()
    page = signed_in(journey.cast.support).get(f"/defects/{defect.key}/form/").content.decode()
    for area in AREAS:
        assert f"<h2>{area}" in page, area
    assert "□ 技术问题" in page
    assert "☑ 技术问题" not in page


def test_the_bank_gets_its_own_areas(journey: Journey, signed_in: SignIn, outsider: User) -> None:
    defect = journey.resolved()
    for name, internal in (("核查日志.txt", True), ("给用户的说明.txt", False)):
        attachments.attach(
            defect, actor=journey.cast.support, now=journey.later(), internal=internal,
            files=[SimpleUploadedFile(name, name.encode())],
        )  # fmt: skip
    defect = journey.replied(Defect.objects.get(pk=defect.pk))
    url = f"/defects/{defect.key}/form/"
    page = signed_in(journey.cast.reporter).get(url).content.decode()
    for words in ("提交区", "已扩大查询连接池", "HF-20261123-0001", "给用户的说明.txt"):
        assert words in page
    for hidden in (
        "日志显示连接池耗尽",
        "恢复原参数文件",
        "连续查询十次",
        "CHG-",
        "SB-",
        "核查日志",
    ):
        assert hidden not in page
    assert signed_in(outsider).get(url).status_code == 404
