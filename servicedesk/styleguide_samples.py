"""Invented records for the style guide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language


@dataclass(frozen=True)
class Unit:
    """A unit as the person tag reads it."""

    label: str


@dataclass(frozen=True)
class Person:
    """A person as the person tag reads it."""

    name: str
    organisation: Unit


def _say(chinese: str, english: str) -> str:
    return english if (get_language() or "").startswith("en") else chinese


def everything(now: datetime) -> dict[str, Any]:
    """Context of the style guide at ``now`` (UTC)."""
    clocks = _clocks(now)
    return {
        "tones": ["ok", "warn", "late", "info", "idle", "accent", "internal"],
        "clocks": clocks,
        "big_clocks": _big_clocks(clocks),
        "record": {
            "holder": Person("王建国", Unit(_say("运维一组", "Operations group 1"))),
            "holder_role": "tech",
            "state_since": now - timedelta(hours=3, minutes=5),
        },
        "unheld": {"holder": None, "holder_role": "support", "state_since": now},
        "states": _states(),
        "offers": _offers(),
        "steps": _steps(now),
        "entries": _entries(now),
        "facts": _facts(),
        "cards": _cards(clocks),
        "tabs": _tabs(),
        "rows": _rows(clocks),
        "keyset": {"prev": "", "next": "abc", "total": 128},
        "title": _say(
            "商户日终对账文件缺少 3 笔退货交易", "Merchant day-end file lacks 3 refund transactions"
        ),
    }


def _clocks(now: datetime) -> dict[str, dict[str, Any]]:
    def clock(state: str, **left: float) -> dict[str, Any]:
        return {"state": state, "due_at": now + timedelta(**left), "now": now}

    return {
        "ok": clock("running", hours=9, minutes=12, seconds=30),
        "warn": clock("running", minutes=48, seconds=20),
        "late": clock("running", hours=-1, minutes=-5),
        "missed": clock("missed", hours=-20) | {"stopped_at": now - timedelta(hours=18)},
        "met": clock("met", hours=2),
        "lapsed": clock("lapsed", hours=2),
        "voided": clock("voided", hours=2),
        "none": {"state": "none", "due_at": None},
    }


def _big_clocks(clocks: dict[str, dict[str, Any]]) -> list[tuple[dict[str, Any], str, str]]:
    return [
        (clocks["ok"], _say("解决 12 小时", "Resolve, 12 h"), _say("自首次联系起", "from T0")),
        (clocks["warn"], _say("应急方案 16 小时", "Contingency plan, 16 h"), ""),
        (clocks["late"], _say("故障处理报告 24 小时", "Fault report, 24 h"), ""),
        (clocks["met"], _say("解决 12 小时", "Resolve, 12 h"), ""),
        (clocks["lapsed"], _say("应急方案 16 小时", "Contingency plan, 16 h"), ""),
        (clocks["none"], _say("故障处理报告 24 小时", "Fault report, 24 h"), ""),
    ]


def _states() -> list[tuple[str, str]]:
    return [
        ("draft", _say("草稿", "Draft")),
        ("submitted", _say("已提交待受理", "Submitted")),
        ("triaging", _say("分析研判中", "Triage")),
        ("returned", _say("退回补充", "Returned for information")),
        ("pending_signoff", _say("待主管签字", "Awaiting sign-off")),
        ("implementing", _say("实施中", "Implementing")),
        ("replied", _say("已回复", "Replied")),
        ("declared", _say("已宣布/处置中", "Declared")),
        ("closed", _say("已关闭", "Closed")),
    ]


def _offers() -> list[dict[str, Any]]:
    return [
        {
            "label": _say("确认并送签", "Confirm and send for sign-off"),
            "url": "#acts",
            "icon": "send",
            "key": "s",
        },
        {"label": _say("退回研判", "Back to triage"), "dialog": "sample-dialog"},
        {
            "label": _say("签字同意", "Approve"),
            "enabled": False,
            "reason": _say(
                "需他人签字：您是方案作者", "Someone else must sign: you wrote the plan"
            ),
        },
        {"label": _say("作废", "Void"), "url": "#acts", "tone": "danger", "icon": "trash"},
    ]


def _steps(now: datetime) -> list[dict[str, Any]]:
    hour = timedelta(hours=1)
    return [
        {"label": _say("提交", "Submit"), "state": "done", "who": "张丽", "when": now - 6 * hour},
        {"label": _say("分析", "Analyse"), "state": "done", "who": "李强", "when": now - 4 * hour},
        {
            "label": _say("确认解决", "Confirm and solve"),
            "state": "current",
            "detail": _say("待主管签字", "Awaiting sign-off"),
        },
        {"label": _say("上报", "Report upward"), "state": "skipped"},
        {"label": _say("回复", "Reply"), "state": "todo"},
    ]


def _entries(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "at": now - timedelta(minutes=12),
            "title": _say("送主管签字", "Sent for sign-off"),
            "person": "王建国",
            "icon": "signature",
            "tone": "accent",
        },
        {
            "at": now - timedelta(hours=2),
            "title": _say("内部说明", "Internal note"),
            "person": "李强",
            "text": _say(
                "前置机 02 的批处理队列在日切时堵塞。", "The batch queue on front end 02 jams."
            ),
            "internal": True,
            "icon": "lock",
            "tone": "internal",
        },
        {
            "at": now - timedelta(days=1, hours=3),
            "title": _say("受理", "Accepted"),
            "person": "李强",
            "text": _say("已核对商户号与交易日期。", "Merchant number and date checked."),
        },
    ]


def _facts() -> list[tuple[str, str]]:
    return [
        (_say("提交单位", "Submitting unit"), _say("沈阳分行", "Shenyang branch")),
        (_say("运维对象", "Managed object"), _say("对账批处理", "Reconciliation batch")),
        (_say("商户号", "Merchant no."), "898210053110001"),
        (_say("复现", "Reproducible"), ""),
    ]


def _cards(clocks: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "number": "GZ-20261123-0002",
            "title": _say("收单前置无响应，全辖无法消费", "Acquiring front end does not answer"),
            "url": "#cards",
            "clock": clocks["late"],
            "next": _say("提交故障处理报告", "Submit the fault report"),
        },
        {
            "number": "QX-20261123-0007",
            "title": _say("日终对账文件缺少 3 笔退货", "Day-end file lacks 3 refunds"),
            "url": "#cards",
            "clock": clocks["warn"],
            "next": _say("主管签字", "Supervisor's sign-off"),
        },
    ]


def _tabs() -> list[dict[str, Any]]:
    return [
        {"label": _say("待办", "To do"), "url": "#t", "count": 12, "active": True, "tone": "warn"},
        {"label": _say("已办", "Done"), "url": "#t", "count": 340},
        {"label": _say("我提交的", "Submitted by me"), "url": "#t", "count": 0},
    ]


def _rows(clocks: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    titles = [
        ("GZ-20261123-0002", _say("收单前置无响应", "Front end does not answer"), "declared"),
        ("QX-20261123-0007", _say("日终对账文件缺少退货", "Day-end file"), "pending_signoff"),
        ("QX-20261122-0019", _say("返佣金额小数位有误", "Rebate decimals"), "implementing"),
        ("ZX-20261121-0041", _say("签到失败如何处理", "Terminal sign-on fails"), "closed"),
    ]
    kinds = ["late", "warn", "ok", "none"]
    names = dict(_states())
    return [
        {
            "number": number,
            "title": title,
            "state": state,
            "label": names[state],
            "clock": clocks[kind],
            "mark": f"row-{kind}" if kind in ("late", "warn") else "",
            "phone": "13800138000",
        }
        for (number, title, state), kind in zip(titles, kinds, strict=True)
    ]
