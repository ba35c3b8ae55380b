"""The supervisor's signature on exactly one solution version (D14–D16, R43)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from audit import context
from tickets import current, policies
from tickets.models import Defect, SignOff, Solution
from tickets.services.emergency import void_releases
from tickets.services.inputs import require
from tickets.services.letters import tell
from tickets.services.routes import return_to_assignee
from workflow.errors import StaleVersion, WrongState
from workflow.steps import Step, step


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


def recall(
    defect: Defect, *, actor: User, now: datetime, opinion: str = "", version: int | None = None
) -> Defect:
    """The author takes the version back before anybody has decided; the next one is new (D16)."""
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.recall",
        policy=policies.can_recall, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        record = work.record
        solution = current.latest_solution(record)
        return_to_assignee(record)
        work.data["version"] = solution.version if solution else None
        tell(
            User.objects.holding(Role.SUPERVISOR), record, event="recalled", now=now,
            subject=_("%(number)s need not be signed for the present"),
            body=_("The author has taken the solution for “%(title)s” back."),
        )  # fmt: skip
    return work.record


def void_signatures(defect: Defect, *, reason: str, now: datetime) -> None:
    """Signatures no longer count; they stay on record (D18, D20, D21b). ``reason`` is kept."""
    void_releases(defect, now)
    SignOff.objects.filter(
        defect=defect, decision=SignOff.Decision.APPROVED, voided_at=None
    ).update(voided_at=now, void_reason=reason[:200])


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
