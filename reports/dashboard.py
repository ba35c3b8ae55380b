"""What the dashboard shows: numbers that are links, and shares that are honest about nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, Count, F, QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reports.figures import AGES, FIGURES, OPEN_STATES, Scope, backlog, clocks, count_of
from sla.models import Clock, Target
from sla.panels import NOT_AGREED, clock_view
from workflow.decisions import Text
from workflow.durations import NOTHING, length

TOP = 6


@dataclass(frozen=True)
class Number:
    """One number with its link; ``note`` compares it with the month before."""

    label: Text
    value: str
    url: str
    tone: str = ""
    note: str = ""
    share: int = 0


def dashboard(scope: Scope) -> dict[str, Any]:
    """The context of the page: a fixed number of queries."""
    return {
        "clock_numbers": _clock_numbers(scope),
        "next_clocks": _next_clocks(scope),
        "targets": _targets(scope) if scope.person.is_desk else [],
        "not_agreed": NOT_AGREED if scope.person.is_desk and not Target.objects.exists() else "",
        "flow": _flow(scope),
        "kpis": _kpis(scope),
        "states": _states(scope),
        "ages": _ages(scope),
        "units": _by(scope, "unit", "unit__name", "unit__name_en"),
        "objects": _by(scope, "managed_object", "managed_object__name", "managed_object__name_en"),
    }


def figure_url(code: str, scope: Scope, **more: Any) -> str:
    """Where exactly these rows are listed."""
    query: dict[str, Any] = {"demo": int(scope.demo), **more}
    if FIGURES[code].monthly:
        query["month"] = str(scope.month)
    return f"{reverse('reports:figure', args=[code])}?{urlencode(query)}"


def count(code: str, scope: Scope) -> int:
    """How many rows a figure has."""
    return count_of(FIGURES[code], scope)


def percentage(part: int, whole: int) -> str:
    """``87 %``, and a dash instead of 0 % or 100 % of nothing (R05)."""
    return f"{part / whole * 100:.0f} %" if whole else NOTHING


def _number(code: str, scope: Scope, tone: str = "", *, compared: bool = False) -> Number:
    value = count(code, scope)
    note = ""
    if compared:
        note = str(_("Month before: %(count)s")) % {"count": count(code, scope.before())}
    return Number(
        FIGURES[code].label, str(value), figure_url(code, scope), tone if value else "", note
    )


def _clock_numbers(scope: Scope) -> list[Number]:
    met, over = _number("clocks_met", scope, "ok"), _number("clocks_missed", scope, "late")
    kept = Number(
        _("Kept in time"),
        percentage(int(met.value), int(met.value) + int(over.value)),
        figure_url("clocks_judged", scope),
    )
    return [
        kept,
        met,
        over,
        _number("clocks_on_track", scope, "ok"),
        _number("clocks_due_soon", scope, "warn"),
        _number("clocks_overdue", scope, "late"),
    ]


def _next_clocks(scope: Scope) -> list[dict[str, Any]]:
    """The running clocks that fall due first, or have fallen due."""
    rows = clocks(scope).filter(state=Clock.State.RUNNING).order_by("due_at")[:4]
    return [
        {
            "number": clock.commitment.subject,
            "title": clock.commitment.title,
            "url": reverse("incidents:room", args=[clock.commitment.subject]),
            "clock": clock_view(clock, scope.now),
        }
        for clock in rows
    ]


def _targets(scope: Scope) -> list[Number]:
    """Internal targets, apart from the contract's clocks."""
    met, over = _number("targets_met", scope, "ok"), _number("targets_missed", scope, "late")
    kept = percentage(int(met.value), int(met.value) + int(over.value))
    share = Number(_("Targets kept"), kept, figure_url("targets_met", scope),
                   note=_of(int(met.value), int(met.value) + int(over.value)))  # fmt: skip
    return [
        share,
        met,
        over,
        _number("targets_running", scope),
        _number("targets_overdue", scope, "late"),
    ]


def _flow(scope: Scope) -> list[Number]:
    return [
        _number("defects_in", scope, compared=True),
        _number("defects_out", scope, compared=True),
        _number("backlog", scope),
        _number("incidents_in", scope, compared=True),
        _number("incidents_open", scope, "late"),
    ]


def _kpis(scope: Scope) -> list[Number]:
    on_spot, ended = count("consultations_on_spot", scope), count("consultations_ended", scope)
    back, signed = count("sign_offs_sent_back", scope), count("sign_offs", scope)
    return [
        Number(
            _("Solved on the spot"),
            percentage(on_spot, ended),
            figure_url("consultations_on_spot", scope),
            note=_of(on_spot, ended),
        ),
        Number(
            _("Sent back at sign-off"),
            percentage(back, signed),
            figure_url("sign_offs_sent_back", scope),
            note=_of(back, signed),
        ),
        _mean("defects_accepted", "accepted_at", _("Until accepted, mean"), scope),
        _mean("defects_replied", "replied_at", _("Until replied, mean"), scope),
        _rating(scope),
    ]


def _mean(code: str, column: str, label: Text, scope: Scope) -> Number:
    rows = FIGURES[code].rows(scope)
    found = rows.aggregate(mean=Avg(F(column) - F("submitted_at")), number=Count("pk"))
    mean: timedelta | None = found["mean"]
    value = NOTHING if mean is None else length(mean, scope.now)
    note = str(_("%(count)s defects")) % {"count": found["number"]}
    return Number(label, value, figure_url(code, scope), note=note)


def _rating(scope: Scope) -> Number:
    """Mean of the ratings (1 to 5) that reporters gave the replies to defects closed in the month.

    A dash where nobody has rated; the link lists the defects behind it.
    """
    rows = FIGURES["replies_rated"].rows(scope)
    found = rows.aggregate(mean=Avg("rating"), number=Count("pk"))
    value = NOTHING if found["mean"] is None else f"{found['mean']:.1f}"
    note = str(_("%(count)s defects rated, of 5")) % {"count": found["number"]}
    return Number(_("Satisfaction, mean"), value, figure_url("replies_rated", scope), note=note)


def _of(part: int, whole: int) -> str:
    return str(_("%(part)s of %(whole)s")) % {"part": part, "whole": whole}


def _states(scope: Scope) -> list[Number]:
    """Backlog by state in the order of the flow, with its share of the largest for the bar."""
    counts = dict(backlog(scope).order_by().values_list("state").annotate(Count("pk")))
    return _bars(
        [(f"state_{state.value}", counts.get(state.value, 0)) for state in OPEN_STATES], scope
    )


def _ages(scope: Scope) -> list[Number]:
    return _bars([(f"age_{age}", count(f"age_{age}", scope)) for age in AGES], scope)


def _bars(values: list[tuple[str, int]], scope: Scope) -> list[Number]:
    largest = max((value for _code, value in values), default=0) or 1
    return [
        Number(FIGURES[code].label, str(value), figure_url(code, scope),
               share=round(value / largest * 100))
        for code, value in values
    ]  # fmt: skip


def _by(scope: Scope, column: str, name: str, english: str) -> list[dict[str, Any]]:
    """Where the backlog stands, and what came in this month: the first few."""
    waiting = _grouped(backlog(scope), column, name, english)
    came = {
        row[column]: row["number"]
        for row in _grouped(FIGURES["defects_in"].rows(scope), column, name, english)
    }
    in_english = (get_language() or "").startswith("en")
    parameter = "object" if column == "managed_object" else column
    return [
        {
            "name": (row[english] if in_english else "") or row[name] or NOTHING,
            "backlog": row["number"],
            "backlog_url": figure_url("backlog", scope, **{parameter: row[column] or 0}),
            "in": came.get(row[column], 0),
            "in_url": figure_url("defects_in", scope, **{parameter: row[column] or 0}),
        }
        for row in waiting[:TOP]
    ]


def _grouped(rows: QuerySet[Any], *columns: str) -> Any:
    return (
        rows.order_by()
        .values(*columns)
        .annotate(number=Count("pk"))
        .order_by("-number", columns[0])
    )
