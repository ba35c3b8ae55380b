"""Actions: what can be done to a record, described once for pages, API and tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from workflow.authority import decide
from workflow.decisions import Decision, Text
from workflow.forms import ActionForm, BareForm
from workflow.models import FlowRecord


@dataclass(frozen=True)
class Action:
    """One transition or other act on a record.

    ``code`` names it in URLs and in the trail, ``ref`` is its number in the requirements (D14),
    ``run(record, *, actor, now, version, **cleaned)`` is the service.
    """

    code: str
    ref: str
    label: Text
    policy: Callable[[User, Any], Decision]
    run: Callable[..., FlowRecord]
    form: type[ActionForm] = BareForm
    help: Text = ""
    done: Text = ""
    tone: str = "default"
    icon: str = ""
    template: str = "workflow/action.html"


@dataclass(frozen=True)
class Offer:
    """An action as one person meets it on one record: possible, or greyed with the reason."""

    action: Action
    decision: Decision
    url: str = ""
    on_behalf_of: User | None = None

    @property
    def enabled(self) -> bool:
        """May be done now."""
        return self.decision.allowed


class ActionSet:
    """All actions of one kind of record."""

    def __init__(self, name: str, actions: list[Action]) -> None:
        self.name = name
        self._actions = {action.code: action for action in actions}
        if len(self._actions) != len(actions):
            raise ValueError(f"two actions of {name} share a code")

    def __iter__(self) -> Iterator[Action]:
        return iter(self._actions.values())

    def get(self, code: str) -> Action | None:
        """Action by code."""
        return self._actions.get(code)

    def offers(self, user: User, record: FlowRecord, url: Callable[[str], str]) -> list[Offer]:
        """What ``user`` meets on ``record``: possible acts first, then greyed ones.

        Acts of other roles or other states are left out; an act that only this person, or only
        for now, may not do is shown with its reason. What the person may do in another's place is
        offered too, with that name (I15).
        """
        offers = []
        for action in self:
            who, decision = decide(action.policy, user, record)
            if decision.kind in ("ok", "person", "pending"):
                offers.append(Offer(action, decision, url(action.code), who.on_behalf_of))
        return sorted(offers, key=lambda offer: not offer.enabled)
