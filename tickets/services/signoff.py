"""The supervisor's signature on exactly one solution version (D14, D15, R43)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from audit import context
from tickets import current, policies
from tickets.models import Defect, SignOff, Solution
from tickets.models.defects import DefectState
from tickets.services.inputs import require
from tickets.services.letters import tell
from workflow.errors import StaleVersion, WrongState
from workflow.steps import Step, step

ROUTE_ROLE = {DefectState.TECH_PROCESSING: Role.TECH, DefectState.BIZ_PROCESSING: Role.BIZ}


def approve(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    solution_hash: str,
    opinion: str = "",
    version: int | None = None,
) -> Defect:
    """Sign the version whose hash the supervisor was shown (D14).

    Raises ``StaleVersion`` when ``solution_hash`` is not the current one, ``NotAllowed`` for
    four-eyes. The caller has made sure of the password.
    """
    actor = _as_stored(actor)
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.approve",
        policy=policies.can_approve, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        record = work.record
        solution = _shown(record, solution_hash)
        record.approve()
        record.implementer = solution.planned_implementer
        record.held_by(Role.IMPLEMENTER, record.implementer)
        _sign(solution, actor, work, SignOff.Decision.APPROVED)
        work.data.update(version=solution.version, hash=solution.content_hash)
        tell(
            [record.implementer], record, event="implement", now=now,
            subject=_("%(number)s is signed and waits for you"),
            body=_("The solution for “%(title)s” has been signed. Please implement it."),
        )  # fmt: skip
        tell(
            [record.reporter], record, event="solution", now=now,
            subject=_("There is a solution for %(number)s"),
            body=_("The solution for “%(title)s” has been approved and is being carried out."),
        )  # fmt: skip
    return work.record


def send_back(
    defect: Defect, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Defect:
    """Refuse the version with an opinion; its author writes the next one (D15)."""
    require([("opinion", opinion)])
    actor = _as_stored(actor)
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.send_back",
        policy=policies.can_send_back, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        record = work.record
        solution = current.latest_solution(record)
        if solution is None:
            raise WrongState(_("There is no solution to sign."))
        return_to_assignee(record)
        _sign(solution, actor, work, SignOff.Decision.SENT_BACK)
        work.data.update(version=solution.version, hash=solution.content_hash)
        tell(
            [record.assignee], record, event="sent_back", now=now,
            subject=_("The plan for %(number)s was sent back"),
            body=_("The supervisor sent the plan for “%(title)s” back with an opinion."),
        )  # fmt: skip
    return work.record


def return_to_assignee(defect: Defect) -> None:
    """Back to the technical or business side from which it came (D15, D20, D21b)."""
    defect.back_to_processing()
    defect.implementer = None
    defect.held_by(ROUTE_ROLE[DefectState(defect.state)], defect.assignee)


def void_signatures(defect: Defect, *, reason: str, now: datetime) -> None:
    """Signatures no longer count; they stay on record (D20, D21b). ``reason`` is kept as given."""
    SignOff.objects.filter(
        defect=defect, decision=SignOff.Decision.APPROVED, voided_at=None
    ).update(voided_at=now, void_reason=reason[:200])


def _as_stored(actor: User) -> User:
    """The person as the database knows him now: a role may have gone since the page was shown."""
    stored: User = User.objects.get(pk=actor.pk)
    return stored


def _shown(defect: Defect, solution_hash: str) -> Solution:
    solution = current.latest_solution(defect)
    if solution is None or solution.content_hash != solution_hash:
        raise StaleVersion
    if solution.compute_hash() != solution.content_hash:
        raise WrongState(_("The solution was changed after it was sent. It must be sent again."))
    return solution


def _sign(solution: Solution, actor: User, work: Step[Defect], decision: str) -> None:
    SignOff.objects.create(
        defect=work.record, solution=solution, solution_hash=solution.content_hash,
        decision=decision, opinion=work.opinion.strip(), supervisor=actor,
        on_behalf_of=work.on_behalf_of, signed_at=work.now, ip=context.current.get().ip,
    )  # fmt: skip
