"""A row as it is now, for the one who may change it."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models

from accounts.actors import SystemActor
from accounts.models import User
from workflow.errors import NotFound

Row = TypeVar("Row", bound=models.Model)


def locked_row(row: Row, actor: User | SystemActor, *related: str) -> Row:
    """The same row read again and locked, with ``related`` rows; inside a unit of work.

    Raises ``NotFound`` when it is gone by now, or out of the actor's scope.
    """
    manager: Any = type(row)._default_manager
    rows = manager.visible_to(actor).select_for_update(of=("self",))
    found: Row | None = rows.select_related(*related).filter(pk=row.pk).first()
    if found is None:
        raise NotFound
    return found
