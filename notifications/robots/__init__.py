"""Group robots of WeCom, DingTalk and Feishu: which are set up. All are off by default (I08)."""

from __future__ import annotations

from django.conf import settings

from notifications.robots.base import Robot
from notifications.robots.dingtalk import DingTalk
from notifications.robots.feishu import Feishu
from notifications.robots.wecom import WeCom


def configured() -> list[Robot]:
    """The robots whose webhook address the environment gives."""
    found: list[Robot] = []
    if settings.ROBOT_WECOM_URL:
        found.append(WeCom(settings.ROBOT_WECOM_URL))
    if settings.ROBOT_DINGTALK_URL:
        found.append(DingTalk(settings.ROBOT_DINGTALK_URL, settings.ROBOT_DINGTALK_SECRET))
    if settings.ROBOT_FEISHU_URL:
        found.append(Feishu(settings.ROBOT_FEISHU_URL, settings.ROBOT_FEISHU_SECRET))
    return found


def named(name: str) -> Robot | None:
    """The robot of that name; None when it is not set up any more."""
    return next((robot for robot in configured() if robot.name == name), None)
