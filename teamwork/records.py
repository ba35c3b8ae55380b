"""Kinds of record that people gather around; each room registers its own when it starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import Role
from workflow.decisions import Text
from workflow.models import FlowRecord


def present_holders(record: FlowRecord, now: datetime) -> list[User]:
    """In whose hands it is: the person, or everybody with the role while nobody is named."""
    if record.holder is not None:
        return [record.holder]
    if record.holder_role in Role.values:
        return list(User.objects.holding(record.holder_role))
    return []


@dataclass(frozen=True)
class RecordKind:
    """One kind of record.

    ``name`` begins its events (``defect.nudge``) and stands in addresses. ``visible`` gives the
    rows a person may see; ``asker`` the person outside the desk who asked for it; ``holders`` whom
    a nudge reaches at an instant (UTC); ``labels`` name its public steps.
    """

    name: str
    label: Text
    model: type[FlowRecord]
    visible: Callable[[User], QuerySet[Any]]
    find: Callable[[User, str], Any]
    is_open: Callable[[Any], bool]
    asker: Callable[[Any], User | None]
    title: Callable[[Any], str]
    url: Callable[[Any], str]
    labels: Callable[[], Mapping[str, Text]]
    holders: Callable[[Any, datetime], list[User]] = present_holders


_kinds: dict[str, RecordKind] = {}


def register(kind: RecordKind) -> None:
    """Add a kind; called from ``AppConfig.ready``."""
    _kinds[kind.name] = kind


def kind_named(name: str) -> RecordKind | None:
    """The kind with this name."""
    return _kinds.get(name)


def kind_of(record: FlowRecord) -> RecordKind | None:
    """The kind of this record, when people gather around it."""
    return next((kind for kind in _kinds.values() if isinstance(record, kind.model)), None)
