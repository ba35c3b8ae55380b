"""Finding knowledge by words, and while an agent is typing (C8)."""

from __future__ import annotations

import unicodedata

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from tickets.models import KnowledgeArticle, KnowledgeGram
from workflow.grams import grams

MOST_GRAMS = 12
SUGGESTED = 3
# Pieces that stand in nearly every question.
COMMON = frozenset(
    [
        "怎么",
        "如何",
        "什么",
        "为何",
        "请问",
        "可以",
        "能否",
        "问题",
        "我们",
        "一个",
        "没有",
        "这个",
        "哪里",
        "哪个",
        "the",
        "and",
        "how",
    ]
)


def write_grams(article: KnowledgeArticle) -> None:
    """Index the texts of ``article`` as they stand; runs in the caller's transaction."""
    KnowledgeGram.objects.filter(article=article).delete()
    text = " ".join([article.title, article.keywords, article.question, article.answer])
    KnowledgeGram.objects.bulk_create(
        KnowledgeGram(article=article, gram=gram) for gram in grams(text)
    )


def matching(rows: QuerySet[KnowledgeArticle], text: str) -> QuerySet[KnowledgeArticle]:
    """The rows that hold every piece of ``text``, a number, or a single character in the title."""
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        return rows
    wanted = grams(text)[:MOST_GRAMS]
    if not wanted:
        return rows.filter(Q(title__icontains=text) | Q(number__icontains=text))
    found = rows
    for gram in wanted:
        found = found.filter(pk__in=KnowledgeGram.objects.filter(gram=gram).values("article"))
    by_number = rows.filter(number__icontains=text)
    return found | by_number if len(text) >= 3 and text.upper().startswith("ZS") else found


def suggest(text: str, *, actor: User, limit: int = SUGGESTED) -> list[KnowledgeArticle]:
    """At most ``limit`` published articles that share most pieces with ``text``, best first."""
    wanted = [each for each in grams(text) if each not in COMMON][:MOST_GRAMS]
    if not wanted:
        return []
    shared = Count("grams", filter=Q(grams__gram__in=wanted))
    rows = KnowledgeArticle.objects.visible_to(actor).published().annotate(shared=shared)
    enough = min(2, len(wanted))
    return list(rows.filter(shared__gte=enough).order_by("-shared", "-published_at")[:limit])
