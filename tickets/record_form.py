"""The consultation record as a form on paper (R30, document 5.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tickets.models import Consultation, RecordTemplate
from workflow.durations import clock_face, local, stamp

# Version 1: code → Chinese name, English name. Every line of document 5.5.
FIRST = (
    ("number", "编号", "Number"),
    ("received", "来电/受理时间", "Received at"),
    ("channel", "渠道", "Channel"),
    ("after_hours", "是否非工作时间", "After hours"),
    ("caller", "提出人姓名", "Caller"),
    ("unit", "单位/部门", "Unit"),
    ("phone", "联系电话", "Telephone"),
    ("system", "所属系统/模块", "System and module"),
    ("category", "问题类别", "Category"),
    ("question", "问题描述", "Question"),
    ("answer", "解答内容", "Answer"),
    ("on_spot", "是否当场解决", "Solved on the spot"),
    ("times", "开始/结束/用时", "Start, end, duration"),
    ("agent", "受理人", "Handled by"),
    ("place", "现场地点", "Place on site"),
    ("source", "来源", "Source"),
    ("knowledge", "知识库引用", "Knowledge used"),
    ("satisfaction", "满意度", "Satisfaction"),
    ("remarks", "备注", "Remarks"),
)
# Without these a record says nothing: no version may leave them out.
KEPT = frozenset({"number", "received", "caller", "unit", "question", "answer", "agent"})
LONG = frozenset({"question", "answer", "remarks"})


@dataclass(frozen=True)
class Line:
    """A name and what stands beside it; ``long`` lines take the whole width."""

    label: str
    text: str
    long: bool


def current_version() -> int:
    """The version that new records are written on."""
    newest: int | None = RecordTemplate.objects.aggregate(newest=Max("version"))["newest"]
    return newest or 1


def lines_of(version: int) -> list[dict[str, str]]:
    """Lines of one version of the form."""
    if version > 1:
        found = RecordTemplate.objects.filter(version=version).first()
        if found is not None:
            return list(found.lines)
    return [{"code": code, "zh": zh, "en": en} for code, zh, en in FIRST]


def filled(consultation: Consultation, *, phone: str) -> list[Line]:
    """The record on the version of the form it was written on, in the reader's language.

    ``phone`` is what this reader may see of the number.
    """
    english = (get_language() or "").startswith("en")
    texts = _texts(consultation, phone)
    return [
        Line(line["en" if english else "zh"], texts.get(line["code"], ""), line["code"] in LONG)
        for line in lines_of(consultation.template_version)
    ]


def paper_date(value: datetime | None) -> str:
    """``2026年11月23日 09:05`` on Chinese paper, ``2026-11-23 09:05`` on English."""
    if value is None:
        return ""
    if (get_language() or "").startswith("en"):
        return stamp(value)
    at = local(value)
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


def _texts(record: Consultation, phone: str) -> dict[str, Any]:
    lasted = clock_face(record.ended_at - record.started_at) if record.ended_at else ""
    boxes = "☑ {yes}　□ {no}" if record.solved_on_spot else "□ {yes}　☑ {no}"
    source = record.source_defect
    return {
        "number": record.number,
        "received": paper_date(record.started_at),
        "channel": str(record.get_channel_display()),
        "after_hours": _("Yes") if record.after_hours else _("No"),
        "caller": record.caller_name,
        "unit": record.unit.label,
        "phone": phone,
        "system": " / ".join(each for each in (record.managed_object.label, record.module) if each),
        "category": str(record.get_category_display()),
        "question": record.question,
        "answer": record.answer,
        "on_spot": boxes.format(yes=_("Yes"), no=_("No")),
        "times": f"{paper_date(record.started_at)} — {paper_date(record.ended_at)}  {lasted}",
        "agent": record.agent.name,
        "place": record.place,
        "source": f"{_('Converted from the defect')} {source.number}" if source else _("Direct"),
        "knowledge": f"{record.knowledge.number} v{record.knowledge_version}"
        if record.knowledge
        else "",
        "satisfaction": f"{record.satisfaction} / 5" if record.satisfaction else "",
        "remarks": record.remarks,
    }
