"""What can be done around a record, listed once for pages and API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from teamwork.forms import around as forms
from teamwork.policies import around as policies
from teamwork.services import around as services
from workflow.decisions import Text


@dataclass(frozen=True)
class AroundAct:
    """``policy(kind, user, record, now)``, ``run(kind, record, actor=, now=, **cleaned)``."""

    code: str
    label: Text
    done: Text
    policy: services.Policy
    run: Callable[..., Any]
    form: type[forms.AroundForm] = forms.AroundForm
    icon: str = ""


ACTS = {
    act.code: act
    for act in (
        AroundAct(
            "nudge", _("Nudge"), _("The holder has been told."), policies.can_nudge,
            services.nudge, forms.NudgeForm, "bell-plus",
        ),
        AroundAct(
            "watch", _("Follow"), _("You are told of every step."), policies.can_watch,
            services.watch, icon="eye",
        ),
        AroundAct(
            "unwatch", _("Follow no more"), _("You are no longer told."), policies.can_unwatch,
            services.unwatch, icon="eye-off",
        ),
        AroundAct(
            "add_watcher", _("Let somebody follow"), _("The person has been told."),
            policies.can_add_watcher, services.add_watcher, forms.WatcherForm, "user-plus",
        ),
        AroundAct(
            "remove_watcher", _("Take a follower off"), _("The person is no longer told."),
            policies.can_remove_watcher, services.remove_watcher, forms.WatcherForm, "user-minus",
        ),
        AroundAct(
            "note", _("Internal note"), _("The note is kept."), policies.can_note, services.note,
            forms.NoteForm, "note",
        ),
        AroundAct(
            "comment", _("Add something"), _("It is added; the other side has been told."),
            policies.can_comment, services.comment, forms.CommentForm, "message-plus",
        ),
    )
}  # fmt: skip

# Names of these moments in a history, by the end of the event's name.
MOMENTS: dict[str, Text] = {
    "nudge": _("Nudged"),
    "add_watcher": _("A follower was added"),
    "remove_watcher": _("A follower was taken off"),
    "internal_note": _("Internal note"),
    "comment": _("Something added"),
}


def moments(kind: str) -> dict[str, Text]:
    """``{"defect.nudge": "Nudged", …}`` for a kind's timeline."""
    return {f"{kind}.{code}": label for code, label in MOMENTS.items()}
