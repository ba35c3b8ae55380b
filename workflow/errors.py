"""Refusals. Every room raises these; pages and the API turn them into answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from workflow.decisions import Decision, Text


class Refusal(Exception):
    """The product says no, in words the person understands. Nothing has changed."""

    status: ClassVar[int] = 400
    code: str = "refused"

    def __init__(self, message: Text, code: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        if code:
            self.code = code


class NotAllowed(Refusal):
    """The policy says this person may not (403)."""

    status = 403
    code = "not_allowed"

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.message, decision.code)
        self.decision = decision


class WrongState(Refusal):
    """The record is not in a state that allows the act (409)."""

    status = 409
    code = "state"


class StaleVersion(Refusal):
    """Somebody else changed the record since the page was opened (409, I14)."""

    status = 409
    code = "stale"

    def __init__(self) -> None:
        super().__init__(
            _("Somebody changed this record while you were writing. Your text is kept below.")
        )


class InvalidInput(Refusal):
    """The input cannot be taken as it is (400); ``fields`` maps field names to messages."""

    status = 400
    code = "invalid"

    def __init__(self, fields: Mapping[str, Text]) -> None:
        super().__init__(next(iter(fields.values()), _("Please check your input.")))
        self.fields = dict(fields)


class NotFound(Refusal):
    """The record does not exist, or is outside the person's scope (404)."""

    status = 404
    code = "not_found"

    def __init__(self) -> None:
        super().__init__(_("There is no such record, or it is not yours to see."))


def insist(decision: Decision) -> None:
    """Nothing when ``decision`` allows; else ``WrongState`` when another time would do (409), and
    ``NotAllowed`` when it is the person (403).
    """
    if decision:
        return
    if decision.kind in ("state", "pending"):
        raise WrongState(decision.message, decision.code)
    raise NotAllowed(decision)
