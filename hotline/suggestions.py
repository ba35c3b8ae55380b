"""Similar questions that have been answered before, while the agent is typing (R28)."""

from __future__ import annotations

import re
import unicodedata
from functools import reduce
from operator import or_

from django.db.models import Q

from accounts.models import User
from tickets.models import Consultation

LIMIT = 5
CANDIDATES = 200
MAX_PIECES = 16
_HAN = re.compile(r"[㐀-鿿豈-﫿]+")
_WORD = re.compile(r"[a-z0-9]{3,}")
# Pairs that stand in nearly every question.
_COMMON = {
    "怎么", "如何", "什么", "为何", "请问", "可以", "能否", "问题", "我们", "一个", "没有", "这个",
    "the", "and", "how",
}  # fmt: skip


def pieces(text: str) -> list[str]:
    """Overlapping pairs of Chinese characters, and Latin words of three letters and more."""
    text = unicodedata.normalize("NFKC", text).lower()
    found: dict[str, None] = {}
    for run in _HAN.findall(text):
        for start in range(len(run) - 1):
            found[run[start : start + 2]] = None
    for word in _WORD.findall(text):
        found[word] = None
    return [piece for piece in found if piece not in _COMMON]


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
