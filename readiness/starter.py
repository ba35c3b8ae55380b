"""The starter set: a plan for each of the thirteen usual scenes, in both languages (R51)."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from accounts.models import User
from operations.models import ManagedObject
from readiness.models import EmergencyPlan
from readiness.phases import Phase
from readiness.policies.plans import can_create
from readiness.services.plans import PlanText, create
from workflow.errors import NotAllowed

DATA = Path(__file__).parent / "data" / "starter_plans.json"
# Sections that every scene says in its own words.
OWN = ("overview", "risks", "monitoring", "playbook")
# Which kinds of systems a scene is about; the others are offered on every incident.
KINDS = {
    "hardware": ("storage", "database"), "os": ("os",), "software": ("application", "pos"),
    "line": ("network",), "power": ("facility",),
}  # fmt: skip


def load(*, author: User, now: datetime, only: list[str] | None = None) -> list[EmergencyPlan]:
    """Drafts of those plans that are not there yet; each is adapted and approved like any other.

    ``only``: codes such as ``YA-POWER``. Raises ``NotAllowed``.
    """
    if not (decision := can_create(author)):
        raise NotAllowed(decision)
    data = json.loads(DATA.read_text("utf-8"))
    taken = set(EmergencyPlan.objects.values_list("number", flat=True))
    return [
        create(actor=author, now=now, number=scene["number"], text=_text(data, scene))
        for scene in data["scenes"]
        if scene["number"] not in taken and (only is None or scene["number"] in only)
    ]


def _text(data: dict[str, Any], scene: dict[str, Any]) -> PlanText:
    sections = {code: texts[0].format(**scene) for code, texts in data["common"].items()}
    english = {code: texts[1].format(**scene) for code, texts in data["common"].items()}
    for code in OWN:
        sections[code], english[code] = scene[code]
    sections["recovery"] = "\n".join(line[0] for line in scene["recover"])
    english["recovery"] = "\n".join(line[1] for line in scene["recover"])
    steps = {**data["phases"], Phase.HANDLE: scene["handle"], Phase.RECOVER: scene["recover"]}
    return PlanText(
        title=scene["title"], title_en=scene["title_en"], scenario=scene["scenario"],
        rto_minutes=scene["rto"], rpo_minutes=scene["rpo"], sections=sections,
        sections_en=english, steps={
            str(phase): [(line[0], line[1]) for line in lines] for phase, lines in steps.items()
        },
        objects=ManagedObject.objects.filter(kind__in=KINDS.get(scene["scenario"], ())),
    )  # fmt: skip
