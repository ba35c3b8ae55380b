"""Similar questions that have been answered before, while the agent is typing (R28)."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q

from accounts.models import User
from tickets.knowledge_search import COMMON
from tickets.models import Consultation
from workflow.grams import grams

LIMIT = 5
CANDIDATES = 200
MAX_PIECES = 16


def pieces(text: str) -> list[str]:
    """Overlapping pairs of Chinese characters, and Latin words of three letters and more."""
    return [
        piece
        for piece in grams(text)
        if piece not in COMMON and (len(piece) > 2 or not piece.isascii())
    ]


def similar_solved(text: str, *, actor: User) -> list[Consultation]:
    """At most five closed consultations whose title or question shares most with ``text``."""
    wanted = pieces(text)[:MAX_PIECES]
    if not wanted:
        return []
    touching = reduce(
        or_, (Q(title__icontains=each) | Q(question__icontains=each) for each in wanted)
    )
    closed = Consultation.objects.visible_to(actor).filter(state="closed").filter(touching)
    scored = [(_score(each, wanted), each) for each in closed[:CANDIDATES]]
    enough = min(2, len(wanted))
    best = sorted(
        (pair for pair in scored if pair[0] >= enough), key=lambda pair: (-pair[0], -pair[1].pk)
    )
    different = {(each.title, each.answer): each for _points, each in reversed(best)}
    return list(reversed(different.values()))[:LIMIT]


def _score(consultation: Consultation, wanted: list[str]) -> int:
    title, question = consultation.title.lower(), consultation.question.lower()
    return sum((each in title) + (each in question) for each in wanted)
