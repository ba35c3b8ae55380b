"""The risk matrix and the page of one risk (R53, R54)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from readiness.actions import RISK_ACTIONS
from readiness.labels import RISK_LABELS
from readiness.models import Level, Risk, level_of
from readiness.policies.risks import why_not_accepted
from workflow.durations import stamp
from workflow.timeline import entries

TONES = {Level.LOW: "ok", Level.MEDIUM: "info", Level.HIGH: "warn", Level.EXTREME: "late"}


@dataclass(frozen=True)
class Cell:
    """One field of the matrix: how many risks stand there."""

    likelihood: int
    impact: int
    level: Level
    count: int

    @property
    def tone(self) -> str:
        """Its colour; the level's word stands beside it."""
        return TONES[self.level]


@dataclass(frozen=True)
class MatrixRow:
    """All fields of one likelihood."""

    likelihood: int
    cells: list[Cell]


def matrix(risks: QuerySet[Risk]) -> list[MatrixRow]:
    """Five by five, the likeliest on top; open risks only, as they are before the measures."""
    pairs: list[tuple[int, int]] = list(risks.values_list("likelihood", "impact"))
    counts = Counter(pairs)
    return [
        MatrixRow(
            likelihood,
            [
                Cell(likelihood, impact, level_of(likelihood, impact), counts[likelihood, impact])
                for impact in range(1, 6)
            ],
        )
        for likelihood in range(5, 0, -1)
    ]


def is_overdue(risk: Risk, today: date) -> bool:
    """True when the review day has passed."""
    return risk.state != Risk.State.CLOSED and risk.review_on <= today


def page(risk: Risk, user: User, now: datetime, url: Callable[[str], str]) -> dict[str, Any]:
    """Everything for the template; ``now`` UTC."""
    today = timezone.localdate(now)
    missing = why_not_accepted(risk)
    return {
        "risk": risk,
        "offers": RISK_ACTIONS.offers(user, risk, url),
        "level_tone": TONES[Level(risk.level)],
        "residual_tone": TONES[Level(risk.residual_level)],
        "measures": list(risk.measures.select_related("owner", "done_by")),
        "overdue": is_overdue(risk, today),
        "missing": "" if missing or risk.state != Risk.State.DRAFT else missing.message,
        "today": today,
        "facts": [
            (_("Scenario"), risk.get_scenario_display()),
            (_("System"), risk.managed_object.label if risk.managed_object else ""),
            (_("Owner"), risk.owner.name),
            (_("Assessed by"), risk.author.name),
            (_("Accepted by"), risk.accepted_by.name if risk.accepted_by else ""),
            (_("Next review on"), stamp(risk.review_on, "date")),
        ],
        "moments": entries(risk, user=user, labels=RISK_LABELS),
    }
