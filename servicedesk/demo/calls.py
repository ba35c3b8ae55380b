"""The sample calls: answered on the spot, or referred elsewhere."""

from __future__ import annotations

from typing import Any

from hotline.services.calls import Call, Handling, log_call
from servicedesk.demo.knowledge import propose_from_calls
from servicedesk.demo.people import person, person_named
from servicedesk.demo.stories import Sample, at, samples, stories
from servicedesk.demo.systems import system
from tickets.models import Consultation

NIGHT, DAY = "wanglei", "zhoujing"


def replay_calls() -> None:
    """Log every sample call (C1, R12), and keep what is worth knowing (C8)."""
    for story in stories()["calls"]:
        _answered(story, samples()[story["sample"]])
    _referred(stories()["out_of_scope"])
    propose_from_calls()


def _answered(story: dict[str, Any], sample: Sample) -> None:
    caller = person_named(sample["reporter_name"])
    by_night = sample["channel"] == Consultation.Channel.ON_CALL_MOBILE
    log_call(
        actor=person(NIGHT if by_night else DAY),
        now=at(story["ended"]),
        call=Call(
            channel=sample["channel"],
            caller=caller,
            caller_name=caller.name,
            caller_phone=sample["phone"],
            unit=caller.organisation,
            managed_object=system(sample["system"]),
            category=story["category"],
            place=caller.organisation.name if sample["channel"] == "on_site" else "",
            question=f"{sample['title']}\n{sample['description']}",
            started_at=at(story["started"]),
            ended_at=at(story["ended"]),
        ),
        handling=Handling(result="solved", answer=sample["resolution"]),
        is_demo=True,
    )


def _referred(story: dict[str, Any]) -> None:
    """A merchant on the internal hotline: outside the scope, no ticket (R12)."""
    sample = samples()[story["sample"]]
    log_call(
        actor=person(DAY),
        now=at(story["ended"]),
        call=Call(
            channel=sample["channel"],
            caller_name=sample["reporter_name"],
            caller_phone=sample["phone"],
            question=f"{sample['title']}\n{sample['description']}",
            started_at=at(story["started"]),
            ended_at=at(story["ended"]),
        ),
        handling=Handling(result="out_of_scope", referral=story["referral"]),
        is_demo=True,
    )
