"""Posts into chat groups through the vendors' robots, over a real socket (I08, R14)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from notifications import groups
from notifications.models import GroupPost
from notifications.robots import base
from tests.doubles.robots import KEY, SECRET, RobotsDouble

pytestmark = pytest.mark.django_db
VENDORS = ("wecom", "dingtalk", "feishu")
SECOND = timedelta(seconds=1)


@pytest.fixture
def chats(settings: Any) -> Iterator[RobotsDouble]:
    """All three robots are set up and post to the double."""
    double = RobotsDouble()
    address = double.start()
    settings.ROBOT_WECOM_URL = f"{address}/wecom?key={KEY}"
    settings.ROBOT_DINGTALK_URL = f"{address}/dingtalk?access_token={KEY}"
    settings.ROBOT_DINGTALK_SECRET = SECRET
    settings.ROBOT_FEISHU_URL = f"{address}/feishu"
    settings.ROBOT_FEISHU_SECRET = SECRET
    settings.PUBLIC_BASE_URL = "https://desk.example.com"
    yield double
    double.stop()


@pytest.fixture
def wecom(chats: RobotsDouble, settings: Any) -> RobotsDouble:
    """Only the robot of WeCom is set up."""
    settings.ROBOT_DINGTALK_URL = settings.ROBOT_FEISHU_URL = ""
    return chats


def write(now: datetime, key: str = "k", text: str = "GZ-1", **more: Any) -> None:
    """A post with its cause."""
    with transaction.atomic():
        groups.post_to_groups(key=key, write=lambda: text, url="/pages/1/", now=now, **more)


def work(now: datetime) -> None:
    """The engine, until nothing is due."""
    while groups.post_due(now):
        pass


def states() -> list[str]:
    """Of all posts, by robot."""
    return list(GroupPost.objects.order_by("robot", "pk").values_list("state", flat=True))


def test_without_an_address_nothing_is_written(now: datetime) -> None:
    """Off by default."""
    write(now)

    assert GroupPost.objects.count() == groups.post_due(now) == 0


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_vendor_takes_its_own_format_and_signature(chats: RobotsDouble, vendor: str) -> None:
    now = timezone.now()
    write(now)
    work(now)

    assert states() == ["sent"] * 3
    assert chats.texts(vendor) == ["GZ-1 https://desk.example.com/pages/1/"]


def test_people_are_mentioned_where_the_vendor_can(chats: RobotsDouble, tech: User) -> None:
    now = timezone.now()
    write(now, mentions=[tech])
    work(now)

    bodies = dict(chats.posts)
    assert bodies["wecom"]["text"]["mentioned_mobile_list"] == [tech.phone]
    assert bodies["dingtalk"]["at"] == {"atMobiles": [tech.phone], "isAtAll": False}
    assert tech.phone not in str(bodies["feishu"])


def test_the_same_cause_is_posted_once(wecom: RobotsDouble, now: datetime) -> None:
    write(now)
    work(now)
    write(now)
    work(now)

    assert len(wecom.posts) == 1


def test_several_posts_that_wait_go_out_as_one(wecom: RobotsDouble, now: datetime) -> None:
    for number in range(4):
        write(now, key=f"k{number}", text=f"GZ-{number}")
    work(now)

    assert [text.count("GZ-") for text in wecom.texts("wecom")] == [4]
    assert states() == ["sent"] * 4


def test_no_post_is_longer_than_the_vendor_takes(wecom: RobotsDouble, now: datetime) -> None:
    for number in range(5):
        write(now, key=f"k{number}", text="故障" * 200)
    work(now)

    assert states() == ["sent"] * 5
    assert max(len(text.encode()) for text in wecom.texts("wecom")) <= 2048


def test_a_group_gets_no_more_posts_a_minute_than_its_vendor_takes(
    wecom: RobotsDouble, now: datetime
) -> None:
    for number in range(25):
        write(now + number * SECOND, key=f"k{number}")
        work(now + number * SECOND)
    assert len(wecom.posts) == 18
    work(now + timedelta(seconds=85))

    assert len(wecom.posts) == 19
    assert states() == ["sent"] * 25


@pytest.mark.parametrize(
    ("vendor", "code", "state"),
    [
        ("wecom", 45009, "queued"),
        ("wecom", -1, "queued"),
        ("wecom", 93000, "failed"),
        ("wecom", 40058, "failed"),
        ("dingtalk", 130101, "queued"),
        ("dingtalk", 410100, "queued"),
        ("dingtalk", 310000, "failed"),
        ("dingtalk", 400101, "failed"),
        ("feishu", 11232, "queued"),
        ("feishu", 19021, "failed"),
        ("feishu", 19001, "failed"),
    ],
)
def test_the_vendors_codes_say_whether_another_try_helps(
    chats: RobotsDouble, now: datetime, vendor: str, code: int, state: str
) -> None:
    chats.code = code
    write(now)
    work(now)

    post = GroupPost.objects.get(robot=vendor)
    assert (post.state, post.tries) == (state, 1)
    assert f"{code}: told {code}" in post.last_error


def test_a_wrong_secret_is_refused_by_the_vendor(chats: RobotsDouble, settings: Any) -> None:
    settings.ROBOT_DINGTALK_SECRET = settings.ROBOT_FEISHU_SECRET = "another"
    now = timezone.now()
    write(now)
    work(now)

    assert states() == ["failed", "failed", "sent"]


@pytest.mark.parametrize(("status", "state"), [(429, "queued"), (502, "queued"), (404, "failed")])
def test_a_server_that_is_unwell_is_tried_again(
    wecom: RobotsDouble, now: datetime, status: int, state: str
) -> None:
    wecom.status, wecom.raw = status, "<html>"
    write(now)
    work(now)

    assert states() == [state]


def test_tries_are_spaced_and_end(wecom: RobotsDouble, now: datetime) -> None:
    wecom.code = -1
    write(now)
    work(now)
    work(now + 9 * SECOND)
    assert GroupPost.objects.get().tries == 1
    for minute in range(1, 120):
        work(now + timedelta(minutes=minute))

    assert (states(), GroupPost.objects.get().tries) == (["failed"], 10)


def test_no_error_tells_the_address(
    wecom: RobotsDouble, settings: Any, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    """Silence, a closed port and an address that is none: the key stays out of everything."""
    for number, address in enumerate(("http://127.0.0.1:1/wecom", "http://[/wecom", "nonsense")):
        settings.ROBOT_WECOM_URL = f"{address}?key={KEY}"
        write(now, key=f"k{number}")
        work(now)

    told = " ".join(GroupPost.objects.values_list("last_error", flat=True)) + caplog.text
    assert GroupPost.objects.exclude(last_error="").count() == 3
    assert KEY not in told


def test_a_silent_vendor_is_not_waited_for_for_long(
    wecom: RobotsDouble, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "TIME_OUTS", (0.2, 0.2))
    wecom.silent_seconds = 0.6
    write(now)
    work(now)

    post = GroupPost.objects.get()
    assert (post.state, post.last_error) == ("queued", "TryLater: ReadTimeout")


def test_a_robot_that_was_taken_away_leaves_its_posts_waiting(
    wecom: RobotsDouble, settings: Any, now: datetime
) -> None:
    write(now)
    settings.ROBOT_WECOM_URL = ""
    work(now)

    assert (states(), groups.unposted(now)) == (["queued"], 0)


def test_card_numbers_are_masked_and_drills_say_so(wecom: RobotsDouble, now: datetime) -> None:
    write(now, text="卡号 4111111111111111", is_drill=True)
    work(now)

    [text] = wecom.texts("wecom")
    assert text.startswith("【演练】")
    assert "4111111111111111" not in text


def test_what_did_not_go_out_is_seen_and_can_be_sent_again(
    wecom: RobotsDouble, now: datetime, supervisor: User, signed_in: Callable[[User], Client]
) -> None:
    wecom.code = 93000
    write(now)
    work(now)
    desk = signed_in(supervisor)
    page = desk.get("/messages/undelivered/").content.decode()
    assert "93000" in page
    assert KEY not in page

    wecom.code = 0
    post = GroupPost.objects.get()
    answer = desk.post("/messages/undelivered/", {"post": post.pk})
    work(timezone.now())

    assert answer.status_code == 302
    assert states() == ["sent"]


def test_who_may_not_see_what_failed_cannot_send_it_again(
    wecom: RobotsDouble, now: datetime, agent: User, signed_in: Callable[[User], Client]
) -> None:
    wecom.code = 93000
    write(now)
    work(now)

    answer = signed_in(agent).post("/messages/undelivered/", {"post": GroupPost.objects.get().pk})

    assert answer.status_code == 403
    assert states() == ["failed"]
