"""Pages of long lists by key: as fast on the last page as on the first, and stable while rows come.

A cursor names the row at the edge of the page (its time and its id), never an offset.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import Q

SIZES = (20, 50, 100)


@dataclass(frozen=True)
class KeysetPage:
    """The rows of one page, newest first, with cursors for ``{% pagination %}``."""

    rows: list[Any] = field(default_factory=list)
    total: int = 0
    prev: str = ""
    next: str = ""

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def keyset_page(
    queryset: models.QuerySet[Any], params: Mapping[str, str], *, by: str, size: int = 20
) -> KeysetPage:
    """The page of ``queryset`` that ``params`` (``after``, ``before``, ``size``) ask for.

    ``by`` is a datetime column that is never empty; rows come newest first, ties by id. Two
    queries: one counts, one reads. A cursor that is none means the first page.
    """
    size = _size(params.get("size", ""), size)
    total = queryset.count()
    backwards = _cursor(params.get("before", ""))
    forwards = None if backwards else _cursor(params.get("after", ""))
    if backwards:
        ordered = queryset.filter(_beyond(by, "gt", backwards)).order_by(by, "pk")
    else:
        ordered = queryset.order_by(f"-{by}", "-pk")
        if forwards:
            ordered = ordered.filter(_beyond(by, "lt", forwards))
    found = list(ordered[: size + 1])
    more, rows = len(found) > size, found[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return KeysetPage(total=total)
    has_prev = more if backwards else bool(forwards)
    has_next = True if backwards else more
    return KeysetPage(
        rows=rows,
        total=total,
        prev=_name(rows[0], by) if has_prev else "",
        next=_name(rows[-1], by) if has_next else "",
    )


def _beyond(by: str, comparison: str, cursor: tuple[datetime, int]) -> Q:
    at, pk = cursor
    return Q(**{f"{by}__{comparison}": at}) | Q(**{by: at, f"pk__{comparison}": pk})


def _name(row: Any, by: str) -> str:
    at: datetime = getattr(row, by).astimezone(UTC)
    return f"{at:%Y%m%d%H%M%S%f}.{row.pk}"


def _cursor(text: str) -> tuple[datetime, int] | None:
    at, dot, pk = text.partition(".")
    if not dot or not pk.isdecimal() or len(pk) > 18:
        return None
    try:
        return datetime.strptime(at, "%Y%m%d%H%M%S%f").replace(tzinfo=UTC), int(pk)
    except ValueError:
        return None


def _size(text: str, default: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 and int(text) in SIZES else default
