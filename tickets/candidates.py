"""Finding the other defect of a merge or a link: number, title, reporter, pinyin (D30, R41)."""

from __future__ import annotations

import unicodedata

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from accounts.models import User
from accounts.pinyin import fold, readings_of_text
from tickets.models import Defect

SHOWN = 20
# Titles are read in pinyin only for this many, the newest: the rest is found by number or words.
READ_IN_PINYIN = 500


def for_merging(child: Defect, user: User, text: str) -> list[Defect]:
    """What may take ``child`` in, the same module first, then the newest."""
    rows = Defect.objects.visible_to(user).able_to_take_in(child)
    alike = Case(
        When(module=child.module, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return _found(rows.order_by(alike, "-created_at", "-pk"), text)


def for_linking(defect: Defect, user: User, text: str) -> list[Defect]:
    """Any other numbered defect, those of the same system first."""
    rows = Defect.objects.visible_to(user).filter(number__isnull=False).exclude(pk=defect.pk)
    alike = Case(
        When(managed_object=defect.managed_object_id, then=Value(0)), default=Value(1),
        output_field=IntegerField(),
    )  # fmt: skip
    return _found(rows.order_by(alike, "-created_at", "-pk"), text)


def _found(rows: QuerySet[Defect], text: str) -> list[Defect]:
    rows = rows.select_related("unit", "reporter")
    wanted = unicodedata.normalize("NFKC", text).strip()[:60]
    if not wanted:
        return list(rows[:SHOWN])
    words = (
        Q(number__icontains=wanted)
        | Q(title__icontains=wanted)
        | Q(reporter__search__contains=fold(wanted))
    )
    if wanted.isascii() and any(letter.isalpha() for letter in wanted):
        words |= Q(pk__in=_titles_read_as(fold(wanted), rows))
    return list(rows.filter(words)[:SHOWN])


def _titles_read_as(letters: str, rows: QuerySet[Defect]) -> list[int]:
    newest = rows.order_by("-created_at").values_list("pk", "title")[:READ_IN_PINYIN]
    return [pk for pk, title in newest if any(letters in each for each in readings_of_text(title))]
