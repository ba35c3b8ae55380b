"""The next version of a setting that is kept in versions, unless somebody was faster."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, models, transaction

from workflow.errors import StaleVersion


def newest_of(rows: models.QuerySet[Any]) -> Any:
    """The version in force among the versions of one setting, None while there is none."""
    return rows.order_by("-version").first()


def save_next(row: Any, *, over: models.QuerySet[Any], seen: int) -> None:
    """Keep ``row`` as the version after ``seen``, the one the person's page showed (I14).

    ``over`` are the versions of the same setting, ``seen`` 0 when there was none. Call it in a
    unit of work. Raises ``StaleVersion`` when another version is in force by now, also when two
    are saved in the same moment: the database keeps one of a number.
    """
    present = newest_of(over)
    if (present.version if present else 0) != seen:
        raise StaleVersion
    row.version = seen + 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise StaleVersion from None
