"""The parameters of a version as people type, compare and read them (R56)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sla import schedule
from sla.models import Agreement
from workflow.decisions import Text
from workflow.durations import stamp
from workflow.errors import InvalidInput
from workflow.texts import says_something

MOST_WARNINGS = 8
LAST_HOUR = 240
TELL: dict[int, Text] = {
    schedule.HANDLERS: gettext_lazy("handlers"),
    schedule.SUPERVISORS: gettext_lazy("handlers, supervisors"),
    schedule.MANAGERS: gettext_lazy("handlers, supervisors, managers"),
    schedule.SUPERIORS: gettext_lazy("handlers, supervisors, managers, superior department"),
}
_AT = re.compile(r"(\d{1,2})%|(\d{1,5})m")
_MINUTES = re.compile(r"(分钟|分|minutes|minute|mins|min)$")


@dataclass(frozen=True)
class Terms:
    """What one version says. Hours are elapsed hours, ``effective_from`` is UTC."""

    effective_from: datetime
    fix_hours: int
    plan_hours: int
    report_hours: int
    plan_clock_origin: str
    warnings: Mapping[str, list[dict[str, Any]]]
    alert_repeat_minutes: int
    report_for_s2: bool
    source: str = ""
    reason: str = ""

    @classmethod
    def of(cls, agreement: Agreement) -> Terms:
        """Those of a version on record."""
        return cls(**{each.name: getattr(agreement, each.name) for each in fields(cls)})


def check(terms: Terms, *, now: datetime) -> None:
    """Raise ``InvalidInput`` beside every field that can't be."""
    wrong: dict[str, Text] = {}
    for name in ("fix_hours", "plan_hours", "report_hours", "alert_repeat_minutes"):
        if not 1 <= getattr(terms, name) <= LAST_HOUR:
            wrong[name] = _("A whole number from 1 to 240, please.")
    if terms.plan_clock_origin not in Agreement.PlanOrigin.values:
        wrong["plan_clock_origin"] = _("Please choose one of the two.")
    elif terms.plan_clock_origin == "t0" and terms.plan_hours <= terms.fix_hours:
        wrong["plan_hours"] = _("Counted from T0, the plan is due after the fix.")
    if terms.effective_from <= now:
        wrong["effective_from"] = _("A version takes effect in the future, never in the past.")
    elif _taken(terms.effective_from):
        wrong["effective_from"] = _("Another version takes effect at that very moment.")
    if not says_something(terms.reason):
        wrong["reason"] = _("Please say in words why it is changed.")
    wrong |= _check_warnings(terms)
    if wrong:
        raise InvalidInput(wrong)


def _taken(instant: datetime) -> bool:
    rows = Agreement.objects.filter(state=Agreement.State.CONFIRMED, effective_from=instant)
    return rows.exists()


def _check_warnings(terms: Terms) -> dict[str, Text]:
    spans = {
        schedule.FIX: terms.fix_hours,
        schedule.PLAN: terms.plan_hours
        - (terms.fix_hours if terms.plan_clock_origin == "t0" else 0),
        schedule.REPORT: terms.report_hours,
    }
    wrong: dict[str, Text] = {}
    for kind, span in spans.items():
        rows = terms.warnings.get(kind, [])
        named = [row["at"] for row in rows]
        minutes = [int(at[:-1]) for at in named if at.endswith("m")]
        if len(named) != len(set(named)):
            wrong[f"{kind}_warnings"] = _("The same milestone stands there twice.")
        elif max(minutes, default=0) >= span * 60 > 0:
            wrong[f"{kind}_warnings"] = _("A milestone lies before the clock even starts.")
        elif schedule.BREACH not in named:
            wrong[f"{kind}_warnings"] = _("A breach is always told.")
    return wrong


def read_at(text: str) -> str:
    """``50%`` or ``60m`` from what was typed (``５０％``, ``60 min``, ``60 分钟``).

    Raises ``ValueError``.
    """
    plain = unicodedata.normalize("NFKC", text).lower().replace(" ", "")
    plain = _MINUTES.sub("m", plain)
    found = _AT.fullmatch(plain)
    if not found or int(found[1] or found[2]) == 0:
        raise ValueError(text)
    return f"{int(found[1])}%" if found[1] else f"{int(found[2])}m"


def moment_label(at: str) -> str:
    """A milestone in the reader's words."""
    if at == schedule.DUTY_OPENED:
        return _("when the duty begins")
    if at == schedule.BREACH:
        return _("at the breach")
    if at.endswith("%"):
        return _("at %(share)s of the time") % {"share": at}
    minutes = int(at[:-1])
    text = ngettext(
        "%(minutes)d minute before the end", "%(minutes)d minutes before the end", minutes
    )
    return text % {"minutes": minutes}


def rows(terms: Terms) -> list[tuple[str, str]]:
    """Every parameter with its value, in words."""
    origin = Agreement.PlanOrigin(terms.plan_clock_origin).label
    found = [
        (_("Effective from"), stamp(terms.effective_from)),
        (_("Fix within"), _hours(terms.fix_hours)),
        (_("Contingency plan within"), f"{_hours(terms.plan_hours)} · {origin}"),
        (_("Fault report within"), _hours(terms.report_hours)),
        (_("Unacknowledged S1 alerts repeat every"), _minutes(terms.alert_repeat_minutes)),
        (_("S2 needs a fault report"), _("yes") if terms.report_for_s2 else _("no")),
    ]
    names = {
        schedule.FIX: _("Milestones of the fix"),
        schedule.PLAN: _("Milestones of the contingency plan"),
        schedule.REPORT: _("Milestones of the fault report"),
    }
    for kind, name in names.items():
        told = [f"{moment_label(row['at'])} → {TELL[row['tell']]}" for row in terms.warnings[kind]]
        found.append((name, "; ".join(told)))
    return [*found, (_("Source"), terms.source), (_("Reason"), terms.reason)]


def changes(before: Terms, after: Terms) -> list[tuple[str, str, str]]:
    """What differs between two versions: name, before, after; source and reason are no change."""
    old = dict(rows(before)[:-2])
    return [(name, old[name], value) for name, value in rows(after)[:-2] if old[name] != value]


def _hours(count: int) -> str:
    return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}


def _minutes(count: int) -> str:
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}
