"""The people around a record, on its page: ``{% load around %}{% around record %}``."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from teamwork.acts import ACTS, AroundAct
from teamwork.records import RecordKind, kind_of
from teamwork.services.around import nudged, watchers
from workflow.authority import decide
from workflow.models import FlowRecord

register = template.Library()


@register.inclusion_tag("teamwork/around.html", takes_context=True)
def around(context: Context, record: FlowRecord) -> dict[str, Any]:
    """Nudges, followers and the forms to add a note or a word; nothing for other kinds."""
    request = context["request"]
    user, kind = request.user, kind_of(record)
    if kind is None or not isinstance(user, User):
        return {}
    offers = {code: _offer(act, kind, user, record) for code, act in ACTS.items()}
    return {
        "csrf_token": context.get("csrf_token"),
        "offers": {code: offer for code, offer in offers.items() if offer},
        "forms": {
            code: ACTS[code].form(actor=user, record=record, auto_id=f"{code}_%s")
            for code in ("note", "comment", "add_watcher")
            if (found := offers[code]) and found["enabled"]
        },
        "drill": bool(getattr(record, "is_drill", False)),
        "nudged": nudged(record),
        "watchers": watchers(kind, record) if user.is_desk else [],
        "sees_watchers": user.is_desk,
    }


def _offer(act: AroundAct, kind: RecordKind, user: User, record: Any) -> dict[str, Any] | None:
    now = timezone.now()
    _who, decision = decide(lambda who, row: act.policy(kind, who, row, now), user, record)
    if decision.kind in ("role", "state"):
        return None
    return {
        "label": act.label,
        "icon": act.icon,
        "url": reverse("teamwork:around", args=[kind.name, _key(record), act.code]),
        "enabled": decision.allowed,
        "reason": decision.message,
        "method": "post",
    }


def _key(record: Any) -> str:
    return str(getattr(record, "key", "") or record.number)
