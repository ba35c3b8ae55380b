"""What holds for a defect at this moment: the latest of its versions, signatures and reports."""

from __future__ import annotations

from accounts.models import User
from tickets.models import Defect, Implementation, SignOff, Solution, SuperiorReport


def latest_solution(defect: Defect) -> Solution | None:
    """The newest version of the solution, the only one that can be signed."""
    return (
        Solution.objects.filter(defect=defect)
        .select_related("author", "planned_implementer")
        .order_by("-version")
        .first()
    )


def authors(defect: Defect) -> list[User | None]:
    """Everybody who wrote a version of the solution in the present cycle (R43)."""
    versions = Solution.objects.filter(defect=defect, cycle=defect.cycle).select_related("author")
    return [version.author for version in versions]


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
    """Everybody whose approval stands in the present cycle."""
    signed = SignOff.objects.filter(
        defect=defect, decision=SignOff.Decision.APPROVED, voided_at=None
    ).select_related("supervisor")
    return [sign_off.supervisor for sign_off in signed]


def report_upward(defect: Defect) -> SuperiorReport | None:
    """The duty to report upward; None when the defect was never confirmed (R47)."""
    return (
        SuperiorReport.objects.filter(defect=defect)
        .select_related("sent_by", "acknowledged_by")
        .first()
    )


def latest_implementation(defect: Defect) -> Implementation | None:
    """The newest attempt to carry the solution out."""
    return (
        Implementation.objects.filter(defect=defect)
        .select_related("implementer", "change_record")
        .last()
    )


def implementers(defect: Defect) -> list[User | None]:
    """Everybody who worked on the implementation in the present cycle (R45)."""
    attempts = Implementation.objects.filter(defect=defect, cycle=defect.cycle).select_related(
        "implementer"
    )
    return [attempt.implementer for attempt in attempts]


def needs_backup(solution: Solution) -> bool:
    """Programs and data are backed up before they are changed (D17)."""
    return not {"program", "data"}.isdisjoint(solution.change_kinds)


def change_is_recorded(defect: Defect) -> bool:
    """The finished implementation has its change record, or the reason for none (R48)."""
    done = latest_implementation(defect)
    if done is None:
        return defect.result != Defect.Result.SOLVED
    return done.change_record_id is not None or bool(done.no_change_reason)
