"""Knowledge out of the sample calls: two articles published, one that waits (C8)."""

from __future__ import annotations

from datetime import timedelta

from servicedesk.demo.people import person
from tickets.models import Consultation
from tickets.services.knowledge import Wording, propose, publish

PUBLISHED = 2


def propose_from_calls() -> None:
    """From the first three sample calls, by the agent; service support publishes two of them."""
    calls = Consultation.objects.filter(is_demo=True, state="closed", source_defect=None)
    for number, call in enumerate(calls.order_by("started_at")[: PUBLISHED + 1]):
        closed_at = call.closed_at or call.created_at
        article = propose(
            actor=person("zhoujing"), now=closed_at + timedelta(minutes=5), source=call,
            category=call.category, managed_object=call.managed_object, is_demo=True,
            wording=Wording(call.title, call.question, call.answer, public=number == 0),
        )  # fmt: skip
        if number < PUBLISHED:
            publish(article, actor=person("lina"), now=closed_at + timedelta(hours=2))
