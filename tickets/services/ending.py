"""Defects that end early: withdrawn by the reporter, or voided as a mistake (D29, D33)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import policies
from tickets.models import Defect, EndRequest
from tickets.services import follow_ups
from tickets.services.inputs import require
from tickets.services.letters import tell
from workflow.errors import InvalidInput, WrongState
from workflow.steps import step

WITHDRAW, VOID = EndRequest.Kind.WITHDRAW, EndRequest.Kind.VOID


def withdraw(
    defect: Defect, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Defect:
    """The reporter takes it back before anybody works on it (D29). The number is kept."""
    require([("opinion", opinion)])
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.withdraw",
        policy=policies.can_withdraw, now=now, version=version, opinion=opinion, public=True,
    ) as work:  # fmt: skip
        owner = work.record.owner
        work.record.withdraw()
        follow_ups.settle(work.record, now=now)
        tell(
            [owner], work.record, event="withdrawn", now=now,
            subject=_("%(number)s has been withdrawn"),
            body=_("The reporter has withdrawn “%(title)s”."),
        )  # fmt: skip
    return work.record


def ask_withdrawal(
    defect: Defect, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Defect:
    """The reporter asks to take back what is being processed; support answers (D29)."""
    require([("opinion", opinion)])
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.ask_withdraw",
        policy=policies.can_ask_withdrawal, now=now, version=version, opinion=opinion, public=True,
    ) as work:  # fmt: skip
        record = work.record
        _ask(record, WITHDRAW, actor, now, opinion)
        tell(
            [record.owner, record.assignee], record, event="ask_withdraw", now=now,
            subject=_("%(number)s: the reporter asks to withdraw it"),
            body=_("The reporter asks to withdraw “%(title)s”. Please agree or decline."),
        )  # fmt: skip
    return work.record


def agree_withdrawal(
    defect: Defect, *, actor: User, now: datetime, opinion: str = "", version: int | None = None
) -> Defect:
    """Service support agrees: the defect is withdrawn (D29)."""
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.agree_withdraw",
        policy=policies.can_agree_withdrawal, now=now, version=version, opinion=opinion,
        public=True,
    ) as work:  # fmt: skip
        record = work.record
        assignee = record.assignee
        request = _decide(record, WITHDRAW, actor, now, opinion, EndRequest.State.AGREED)
        record.withdraw_by_agreement()
        tell(
            [request.asked_by, assignee], record, event="withdrawn", now=now,
            subject=_("%(number)s has been withdrawn"),
            body=_("“%(title)s” has been withdrawn as its reporter asked."),
        )  # fmt: skip
    return work.record


def decline_withdrawal(
    defect: Defect, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Defect:
    """Service support says why the defect goes on (D29)."""
    require([("opinion", opinion)])
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.decline_withdraw",
        policy=policies.can_decline_withdrawal, now=now, version=version, opinion=opinion,
        public=True,
    ) as work:  # fmt: skip
        request = _decide(work.record, WITHDRAW, actor, now, opinion, EndRequest.State.DECLINED)
        tell(
            [request.asked_by], work.record, event="not_withdrawn", now=now,
            subject=_("%(number)s goes on"),
            body=_("Service support did not agree to withdraw “%(title)s”. Please read why."),
        )  # fmt: skip
    return work.record


def ask_void(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    cause: str,
    opinion: str,
    version: int | None = None,
) -> Defect:
    """Service support asks a supervisor to void a test or a wrong entry (D33)."""
    require([("opinion", opinion)])
    if cause not in EndRequest.Cause.values:
        raise InvalidInput({"cause": _("Only a test or a wrong entry can be voided.")})
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.ask_void",
        policy=policies.can_ask_void, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        _ask(work.record, VOID, actor, now, opinion, cause)
        tell(
            [each for each in User.objects.holding(Role.SUPERVISOR) if each.pk != actor.pk],
            work.record, event="ask_void", now=now,
            subject=_("%(number)s is to be voided"),
            body=_("“%(title)s” was entered by mistake or as a test. Please confirm or decline."),
        )  # fmt: skip
    return work.record


def confirm_void(
    defect: Defect, *, actor: User, now: datetime, opinion: str = "", version: int | None = None
) -> Defect:
    """A supervisor other than the asker confirms: voided, never deleted (D33)."""
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.confirm_void",
        policy=policies.can_confirm_void, now=now, version=version, opinion=opinion, public=True,
    ) as work:  # fmt: skip
        record = work.record
        request = _decide(record, VOID, actor, now, opinion, EndRequest.State.AGREED)
        record.void()
        follow_ups.settle(record, now=now)
        work.data.update(cause=request.cause, asked_by=request.asked_by.name)
        tell(
            [record.reporter, record.filed_by, request.asked_by], record, event="voided", now=now,
            subject=_("%(number)s has been voided"),
            body=_("“%(title)s” was entered by mistake or as a test; it is kept, but void."),
        )  # fmt: skip
    return work.record


def decline_void(
    defect: Defect, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Defect:
    """A supervisor says why it stays (D33)."""
    require([("opinion", opinion)])
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.decline_void",
        policy=policies.can_decline_void, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        request = _decide(work.record, VOID, actor, now, opinion, EndRequest.State.DECLINED)
        tell(
            [request.asked_by], work.record, event="not_voided", now=now,
            subject=_("%(number)s is not voided"),
            body=_("A supervisor did not agree to void “%(title)s”. Please read why."),
        )  # fmt: skip
    return work.record


def _ask(
    defect: Defect, kind: str, actor: User, now: datetime, reason: str, cause: str = ""
) -> None:
    EndRequest.objects.create(
        defect=defect, kind=kind, cause=cause, reason=reason.strip(), asked_by=actor, asked_at=now
    )


def _decide(
    defect: Defect, kind: str, actor: User, now: datetime, opinion: str, state: str
) -> EndRequest:
    request = policies.open_request(defect, kind)
    if request is None:
        raise WrongState(_("Nothing of that kind has been asked for."))
    request.state, request.opinion = state, opinion.strip()
    request.decided_by, request.decided_at = actor, now
    request.save(update_fields=["state", "opinion", "decided_by", "decided_at"])
    return request
