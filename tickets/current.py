"""What holds for a defect at this moment: the latest of its versions, signatures and reports."""

from __future__ import annotations

from typing import TypeVar

from django.db import models

from accounts.models import User
from tickets.models import (
    Defect,
    EmergencyRelease,
    GroupOpinion,
    Implementation,
    ProjectGroup,
    Reclassification,
    SignOff,
    Solution,
    SolutionDraft,
    SuperiorDecision,
    SuperiorReport,
    Unsolvable,
)
from tickets.models.defect_states import PROCESSING
from tickets.models.rulings import Ruling

RulingT = TypeVar("RulingT", bound=Ruling)


def latest_solution(defect: Defect) -> Solution | None:
    """The newest version of the solution, the only one that can be signed."""
    return (
        Solution.objects.filter(defect=defect)
        .select_related("author", "planned_implementer")
        .order_by("-version")
        .first()
    )


def authors(defect: Defect, cycle: int | None = None) -> list[User | None]:
    """Everybody who wrote a version of the plan, or why there is none, in this cycle (R43)."""
    cycle = cycle or defect.cycle
    versions = Solution.objects.filter(defect=defect, cycle=cycle).select_related("author")
    statements = Unsolvable.objects.filter(defect=defect, cycle=cycle)
    return [
        *(version.author for version in versions),
        *(statement.proposed_by for statement in statements.select_related("proposed_by")),
    ]


def valid_sign_off(defect: Defect) -> SignOff | None:
    """The signature that allows implementation: on the latest version, as it reads now (R43)."""
    solution = latest_solution(defect)
    if solution is None or solution.compute_hash() != solution.content_hash:
        return None
    return (
        SignOff.objects.filter(
            solution=solution,
            decision=SignOff.Decision.APPROVED,
            voided_at=None,
            solution_hash=solution.content_hash,
        )
        .select_related("supervisor", "solution")
        .last()
    )


def signers(defect: Defect) -> list[User | None]:
    """Everybody who signed, co-signed or released something in the present cycle (R43)."""
    signed = SignOff.objects.filter(
        defect=defect, decision=SignOff.Decision.APPROVED, solution__cycle=defect.cycle
    ).select_related("supervisor")
    agreed = Unsolvable.objects.filter(
        defect=defect, cycle=defect.cycle, outcome=Unsolvable.Outcome.AGREED
    ).select_related("decided_by")
    releases = EmergencyRelease.objects.filter(defect=defect, cycle=defect.cycle)
    return [
        *(sign_off.supervisor for sign_off in signed),
        *(statement.decided_by for statement in agreed),
        *(release.recorded_by for release in releases.select_related("recorded_by")),
    ]


def valid_emergency(defect: Defect) -> EmergencyRelease | None:
    """The release by word of mouth that allows implementation: on the latest version (D26)."""
    solution = latest_solution(defect)
    if solution is None or solution.compute_hash() != solution.content_hash:
        return None
    releases = EmergencyRelease.objects.filter(
        solution=solution, voided_at=None, solution_hash=solution.content_hash
    )
    return releases.select_related("recorded_by", "solution").last()


def unsigned_emergency(defect: Defect) -> EmergencyRelease | None:
    """A release on which something may have been done and which nobody has signed (D26)."""
    releases = EmergencyRelease.objects.filter(defect=defect, sign_off=None, lapsed=False)
    return releases.select_related("recorded_by", "solution").first()


def reports_upward(defect: Defect) -> models.QuerySet[SuperiorReport]:
    """All reports upward, oldest first."""
    return SuperiorReport.objects.filter(defect=defect).select_related(
        "sent_by", "acknowledged_by", "recorded_by", "evidence"
    )


def report_upward(defect: Defect) -> SuperiorReport | None:
    """The duty to report upward that counts; None when the defect was never confirmed (R47)."""
    return reports_upward(defect).last()


def unacknowledged_report(defect: Defect) -> SuperiorReport | None:
    """The first report that the superior department has not acknowledged."""
    return reports_upward(defect).exclude(state=SuperiorReport.State.ACKNOWLEDGED).first()


def senders(defect: Defect) -> list[User | None]:
    """Everybody who sent a report upward."""
    return [report.sent_by for report in reports_upward(defect)]


def acknowledgers(defect: Defect) -> list[User | None]:
    """Everybody who acknowledged a report upward, or decided on it."""
    return [report.acknowledged_by for report in reports_upward(defect)]


def pending_reclassification(defect: Defect) -> Reclassification | None:
    """The proposal to change sides that waits for an answer (D8)."""
    return _proposed(Reclassification.objects.filter(defect=defect), defect)


def pending_unsolvable(defect: Defect) -> Unsolvable | None:
    """The statement that it cannot be solved, waiting for a co-signature (D12)."""
    return _proposed(Unsolvable.objects.filter(defect=defect), defect)


def _proposed(rows: models.QuerySet[RulingT], defect: Defect) -> RulingT | None:
    """A proposal holds only for the state in which it was made."""
    if defect.state not in PROCESSING:
        return None
    waiting = rows.filter(outcome="proposed", proposed_at__gte=defect.state_since)
    return waiting.select_related("proposed_by").last()


def pending_opinions(defect: Defect) -> list[GroupOpinion]:
    """Opinions of project groups that were asked for and not given (D10)."""
    rows = GroupOpinion.objects.filter(defect=defect, answered_at=None, removed_at=None)
    return list(rows.select_related("group"))


def opinions_awaited_from(user: User, defect: Defect) -> models.QuerySet[GroupOpinion]:
    """Opinions this person may give for a group of his."""
    rows = GroupOpinion.objects.filter(defect=defect, answered_at=None, removed_at=None)
    return rows.filter(group__in=groups_of(user)).select_related("group")


def opinions_given_by_groups_of(user: User, defect: Defect) -> bool:
    """True when a group of this person has answered in the present cycle."""
    rows = GroupOpinion.objects.filter(
        defect=defect, cycle=defect.cycle, answered_at__isnull=False, group__in=groups_of(user)
    )
    return rows.exists()


def groups_of(user: User) -> models.QuerySet[ProjectGroup]:
    """Groups for which this human may answer, by any of his accounts."""
    same = models.Q(members=user)
    if user.staff_no:
        same |= models.Q(members__staff_no=user.staff_no)
    return ProjectGroup.objects.filter(same).distinct()


def latest_decision(defect: Defect) -> SuperiorDecision | None:
    """What the superior department decided last (D27)."""
    rows = SuperiorDecision.objects.filter(defect=defect).select_related("decided_by")
    return rows.last()


def plan_draft(defect: Defect) -> SolutionDraft | None:
    """The unsent plan that may still be written on."""
    return SolutionDraft.objects.filter(defect=defect, frozen_at=None).first()


def latest_implementation(defect: Defect) -> Implementation | None:
    """The newest attempt to carry the solution out."""
    return (
        Implementation.objects.filter(defect=defect)
        .select_related("implementer", "change_record")
        .last()
    )


def implementers(defect: Defect, cycle: int | None = None) -> list[User | None]:
    """Everybody who worked on the implementation in the present cycle (R45)."""
    attempts = Implementation.objects.filter(
        defect=defect, cycle=cycle or defect.cycle
    ).select_related("implementer")
    return [attempt.implementer for attempt in attempts]


def needs_backup(solution: Solution) -> bool:
    """Programs and data are backed up before they are changed (D17)."""
    return not {"program", "data"}.isdisjoint(solution.change_kinds)


def change_is_recorded(defect: Defect) -> bool:
    """The finished implementation has its change record, or the reason for none (R48)."""
    done = latest_implementation(defect)
    if done is None or not done.succeeded:
        # What was rolled back or stopped has changed nothing that lasts.
        return defect.result != Defect.Result.SOLVED
    return done.change_record_id is not None or bool(done.no_change_reason)
