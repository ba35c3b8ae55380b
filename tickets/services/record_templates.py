"""A new version of the form of the consultation record (R30)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from tickets.models import RecordTemplate
from tickets.record_form import FIRST, KEPT, current_version, lines_of
from tickets.services.inputs import require
from workflow.decisions import ALLOW, Decision, deny_role
from workflow.errors import InvalidInput, NotAllowed, StaleVersion

LABEL_LENGTH = 40


def can_change_form(user: User) -> Decision:
    """The supervisor answers for the forms of the desk."""
    return ALLOW if user.has_role(Role.SUPERVISOR) else deny_role()


def publish_form(
    *, actor: User, now: datetime, lines: list[dict[str, str]], reason: str, base: int
) -> RecordTemplate:
    """Records written from ``now`` (UTC) on use the new version; earlier ones keep theirs.

    ``base`` is the version the change began from. Raises ``NotAllowed``, ``InvalidInput``,
    ``StaleVersion``.
    """
    if not (decision := can_change_form(actor)):
        raise NotAllowed(decision)
    require([("reason", reason)])
    _check(lines)
    if base != current_version():
        raise StaleVersion
    if lines == lines_of(base):
        raise InvalidInput({"reason": _("Nothing has been changed.")})
    try:
        with audit.unit_of_work():
            form = RecordTemplate.objects.create(
                version=base + 1, lines=lines, reason=reason.strip(), written_by=actor,
                published_at=now,
            )  # fmt: skip
            audit.record(
                actor=actor, action="consultation_form.publish", target=form, label=str(form),
                happened_at=now, opinion=reason.strip(), data={"lines": lines},
            )  # fmt: skip
    except IntegrityError:
        raise StaleVersion from None
    return form


def _check(lines: list[dict[str, str]]) -> None:
    codes = [line["code"] for line in lines]
    known = {code for code, _zh, _en in FIRST}
    if len(set(codes)) != len(codes) or not set(codes) <= known:
        raise InvalidInput({"reason": _("The form has a line that records do not know.")})
    if not set(codes) >= KEPT:
        raise InvalidInput({"reason": _("Number, time, caller, unit, question, answer and agent "
                                        "must stay on the form.")})  # fmt: skip
    for line in lines:
        for language in ("zh", "en"):
            if not 0 < len(line[language].strip()) <= LABEL_LENGTH:
                raise InvalidInput({f"{language}_{line['code']}": _("A name, please.")})
