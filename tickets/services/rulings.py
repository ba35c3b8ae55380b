"""What the assignee proposes and somebody else rules on: change of side, not solvable (D8, D12)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets import current, policies
from tickets.models import Defect, Reclassification, SolutionDraft, Unsolvable
from tickets.models.defect_states import DefectState
from tickets.services.inputs import require
from tickets.services.letters import tell
from tickets.services.reports import open_decision_report
from tickets.services.routes import ROUTE_ROLE, hold_by_assignee
from workflow.errors import InvalidInput, WrongState
from workflow.steps import step

S = DefectState
# From this change of side on, service support and staff no longer agree between themselves.
SUPERVISOR_RULES_FROM = 3


def reclassify(
    defect: Defect, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Defect:
    """Propose that the other side, technical or business, takes it (D8).

    Service support decides; the third change of side is ruled on by a supervisor.
    """
    require([("opinion", opinion)])
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.reclassify",
        policy=policies.can_reclassify, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        record = work.record
        before = Reclassification.objects.filter(
            defect=record, outcome=Reclassification.Outcome.AGREED
        ).count()
        third = before + 1 >= SUPERVISOR_RULES_FROM
        Reclassification.objects.create(
            defect=record, cycle=record.cycle, from_route=record.state, to_route=_other(record),
            reason=opinion.strip(), needs_supervisor=third, proposed_by=actor, proposed_at=now,
        )  # fmt: skip
        if third:
            record.held_by(Role.SUPERVISOR)
        else:
            record.held_by(Role.SUPPORT, record.owner)
        work.data["to"] = _other(record)
        tell(
            User.objects.holding(Role.SUPERVISOR) if third else [record.owner],
            record, event="reclassify", now=now,
            subject=_("A change of side is proposed for %(number)s"),
            body=_("The assignee proposes that the other side takes “%(title)s”. Please decide."),
        )  # fmt: skip
    return work.record


def agree_to_reclassify(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    assignee: User,
    opinion: str = "",
    version: int | None = None,
) -> Defect:
    """It changes sides and gets a new assignee; drafts of the old one stay, read-only (D8)."""
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.reclassify_agree",
        policy=policies.can_rule_on_reclassification, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        record = work.record
        proposal = _proposal(record)
        role = ROUTE_ROLE[S(proposal.to_route)]
        if not (assignee.is_active and assignee.has_role(role)):
            raise InvalidInput({"assignee": _("This person does not have the role needed.")})
        _close(proposal, actor, now, opinion, Reclassification.Outcome.AGREED)
        SolutionDraft.objects.filter(defect=record, frozen_at=None).update(frozen_at=now)
        if proposal.to_route == S.BIZ_PROCESSING:
            record.reclassify_business()
        else:
            record.reclassify_technical()
        record.assignee = assignee
        hold_by_assignee(record)
        work.data.update(assignee=assignee.name, reason=proposal.reason)
        tell(
            [assignee, proposal.proposed_by], record, event="reclassified", now=now,
            subject=_("%(number)s has changed sides"),
            body=_("“%(title)s” has been handed to the other side."),
        )  # fmt: skip
    return work.record


def refuse_to_reclassify(
    defect: Defect, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Defect:
    """It stays where it is (D8)."""
    require([("opinion", opinion)])
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.reclassify_refuse",
        policy=policies.can_rule_on_reclassification, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        _close(_proposal(work.record), actor, now, opinion, Reclassification.Outcome.REFUSED)
        hold_by_assignee(work.record)
        _tell_refused(work.record, now)
    return work.record


def state_unsolvable(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    cause_class: str,
    module: str,
    cause: str,
    why: str,
    alternatives: str,
    workaround: str,
    version: int | None = None,
) -> Defect:
    """Confirmed, but it cannot be solved; a supervisor co-signs before it goes up (D12, R41)."""
    require([("cause", cause), ("why", why), ("alternatives", alternatives),
             ("workaround", workaround)])  # fmt: skip
    check_class(cause_class, module)
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.unsolvable",
        policy=policies.can_state_unsolvable, now=now, version=version, opinion=why,
    ) as work:  # fmt: skip
        record = work.record
        Unsolvable.objects.create(
            defect=record, cycle=record.cycle, cause=cause.strip(), why=why.strip(),
            alternatives=alternatives.strip(), workaround=workaround.strip(),
            proposed_by=actor, proposed_at=now,
        )  # fmt: skip
        record.cause_class, record.module = cause_class, module.strip()
        record.held_by(Role.SUPERVISOR)
        if not any(policies.can_cosign_unsolvable(each, record) for each in _supervisors()):
            raise WrongState(
                _("No supervisor may co-sign this. Please tell the system administrator."),
                "no_signer",
            )
        tell(
            _supervisors(), record, event="cosign", now=now,
            subject=_("%(number)s waits for your co-signature"),
            body=_("The assignee states that “%(title)s” cannot be solved. Please decide."),
        )  # fmt: skip
    return work.record


def cosign_unsolvable(
    defect: Defect, *, actor: User, now: datetime, opinion: str = "", version: int | None = None
) -> Defect:
    """The supervisor co-signs: the report upward is opened and must be sent (D12, R47)."""
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.unsolvable_agree",
        policy=policies.can_cosign_unsolvable, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        record = work.record
        statement = _statement(record)
        _close(statement, actor, now, opinion, Unsolvable.Outcome.AGREED)
        record.to_superior()
        record.confirmed_at = record.confirmed_at or now
        # Until it is sent the ball is with service support.
        record.held_by(Role.SUPPORT, record.owner)
        work.data["report"] = open_decision_report(record, statement, now).number
        tell(
            [record.owner, statement.proposed_by], record, event="report_due", now=now,
            subject=_("%(number)s is to be reported upward"),
            body=_("“%(title)s” cannot be solved: the report asks the superior for a decision."),
        )  # fmt: skip
    return work.record


def refuse_unsolvable(
    defect: Defect, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Defect:
    """The supervisor does not agree; the assignee goes on (D12)."""
    require([("opinion", opinion)])
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.unsolvable_refuse",
        policy=policies.can_refuse_unsolvable, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        _close(_statement(work.record), actor, now, opinion, Unsolvable.Outcome.REFUSED)
        hold_by_assignee(work.record)
        _tell_refused(work.record, now)
    return work.record


def check_class(cause_class: str, module: str) -> None:
    """A confirmed defect names its root-cause class and the module (R31, R41)."""
    if cause_class not in Defect.CauseClass.values:
        raise InvalidInput({"cause_class": _("Choose the class of the root cause.")})
    if not module.strip():
        raise InvalidInput({"module": _("Name the module concerned.")})


def _other(defect: Defect) -> DefectState:
    return S.BIZ_PROCESSING if defect.state == S.TECH_PROCESSING else S.TECH_PROCESSING


def _supervisors() -> list[User]:
    return list(User.objects.holding(Role.SUPERVISOR))


def _proposal(defect: Defect) -> Reclassification:
    proposal = current.pending_reclassification(defect)
    if proposal is None:
        raise WrongState(_("No change of side has been proposed."))
    return proposal


def _statement(defect: Defect) -> Unsolvable:
    statement = current.pending_unsolvable(defect)
    if statement is None:
        raise WrongState(_("Nobody has stated that it cannot be solved."))
    return statement


def _close(
    row: Reclassification | Unsolvable, actor: User, now: datetime, opinion: str, outcome: str
) -> None:
    row.outcome, row.opinion = outcome, opinion.strip()
    row.decided_by, row.decided_at = actor, now
    row.save(update_fields=["outcome", "opinion", "decided_by", "decided_at"])


def _tell_refused(defect: Defect, now: datetime) -> None:
    tell(
        [defect.assignee], defect, event="refused", now=now,
        subject=_("Your proposal on %(number)s was not accepted"),
        body=_("“%(title)s” stays with you; please read the opinion and go on."),
    )  # fmt: skip
