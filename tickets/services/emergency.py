"""Emergency implementation: released by word of mouth, signed within 24 hours (D26)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.actors import TICKET_ENGINE
from accounts.models import User
from accounts.roles import Role
from audit import context
from operations.models import ChangeRecord
from tickets import current, policies
from tickets.emergencies import live_emergency
from tickets.models import Defect, EmergencyRelease, Implementation, SignOff
from tickets.services.inputs import require
from tickets.services.letters import tell
from workflow.decisions import ALLOW, Decision
from workflow.errors import InvalidInput, StaleVersion, WrongState
from workflow.steps import step

SIGN_WITHIN = timedelta(hours=24)


def release_emergency(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    authoriser_name: str,
    authoriser_phone: str,
    authorised_at: datetime,
    reason: str,
    solution_hash: str,
    version: int | None = None,
) -> Defect:
    """Let the implementer begin on somebody's word (D26). ``authorised_at`` UTC, not later.

    The written signature falls due 24 hours after the word was given.
    """
    require([("reason", reason)])
    _check_word(actor, authoriser_name, authorised_at, now)
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.release_emergency",
        policy=policies.can_release_emergency, now=now, version=version, opinion=reason,
    ) as work:  # fmt: skip
        record = work.record
        solution = current.latest_solution(record)
        if solution is None or solution.content_hash != solution_hash:
            raise StaleVersion
        due = authorised_at + SIGN_WITHIN
        release = EmergencyRelease.objects.create(
            defect=record, solution=solution, solution_hash=solution.content_hash,
            cycle=record.cycle, authoriser_name=authoriser_name.strip(),
            authoriser_phone=authoriser_phone.strip(), authorised_at=authorised_at,
            reason=reason.strip(), incident=live_emergency(record), recorded_by=actor,
            recorded_at=now, sign_due_at=due, next_check_at=due,
        )  # fmt: skip
        record.approve()
        record.implementer = solution.planned_implementer
        record.held_by(Role.IMPLEMENTER, record.implementer)
        work.data.update(
            version=solution.version, hash=solution.content_hash, incident=release.incident,
            authoriser=release.authoriser_name, authorised_at=authorised_at,
        )  # fmt: skip
        _announce(record, now)
    return work.record


def sign_emergency(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    solution_hash: str,
    opinion: str = "",
    version: int | None = None,
) -> Defect:
    """The written signature on the version that was released (D26, R43); late ones stay flagged."""
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.sign_emergency",
        policy=policies.can_sign_emergency, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        release = current.unsigned_emergency(work.record)
        if release is None:
            raise WrongState(_("No emergency implementation waits for a signature."))
        solution = release.solution
        if solution_hash != release.solution_hash:
            raise StaleVersion
        if solution.compute_hash() != release.solution_hash:
            raise WrongState(_("The solution was changed after it was released."))
        release.sign_off = SignOff.objects.create(
            defect=work.record, solution=solution, solution_hash=release.solution_hash,
            decision=SignOff.Decision.APPROVED, opinion=opinion.strip(), supervisor=actor,
            on_behalf_of=work.on_behalf_of,
            signed_at=now, ip=context.current.get().ip, voided_at=release.voided_at,
            void_reason="released version no longer current" if release.voided_at else "",
        )  # fmt: skip
        release.next_check_at = None
        release.save(update_fields=["sign_off", "next_check_at"])
        _sign_change_record(release, actor)
        work.data.update(version=solution.version, late=release.signed_late)
    return work.record


def void_releases(defect: Defect, now: datetime) -> None:
    """The plan changed or failed: a release allows nothing more (D18, D20, D21b).

    What was done on the strength of it is still to be signed; where nothing was done, nothing is.
    """
    for release in EmergencyRelease.objects.filter(defect=defect, voided_at=None):
        release.voided_at = now
        used = Implementation.objects.filter(defect=defect, solution=release.solution).exists()
        if not used and release.sign_off_id is None:
            release.lapsed, release.next_check_at = True, None
        release.save(update_fields=["voided_at", "lapsed", "next_check_at"])


def flag_unsigned(release: EmergencyRelease, now: datetime) -> None:
    """24 hours have passed without a signature: the red flag, once and for good (D26)."""
    release.overdue_at, release.next_check_at = now, None
    release.save(update_fields=["overdue_at", "next_check_at"])
    with step(
        Defect.objects.all(), release.defect, actor=TICKET_ENGINE,
        action="defect.emergency_overdue", policy=_engine_may, now=now,
    ) as work:  # fmt: skip
        work.data["authoriser"] = release.authoriser_name
        people = [*User.objects.holding(Role.SUPERVISOR), *User.objects.holding(Role.MANAGER)]
        tell(
            people, work.record, event="emergency_overdue", now=now, urgent=True,
            subject=_("%(number)s: the written signature is missing"),
            body=_("“%(title)s” was released in an emergency; nobody has signed within 24 hours."),
        )  # fmt: skip


def _engine_may(actor: object, defect: Defect) -> Decision:
    return ALLOW


def _check_word(actor: User, name: str, at: datetime, now: datetime) -> None:
    if name.strip() == actor.name:
        raise InvalidInput(
            {"authoriser_name": _("The one who authorises it is somebody other than you.")}
        )
    if at > now:
        raise InvalidInput({"authorised_at": _("This time is in the future.")})
    if at < now - SIGN_WITHIN:
        raise InvalidInput({"authorised_at": _("This was more than 24 hours ago.")})


def _sign_change_record(release: EmergencyRelease, actor: User) -> None:
    """The change record of the emergency names who approved it in writing."""
    ChangeRecord.objects.filter(
        approved_by=None,
        pk__in=Implementation.objects.filter(
            defect=release.defect, solution=release.solution, change_record__isnull=False
        ).values("change_record"),
    ).update(approved_by=actor)


def _announce(defect: Defect, now: datetime) -> None:
    tell(
        [defect.implementer], defect, event="implement", now=now, urgent=True,
        subject=_("%(number)s is released for emergency implementation"),
        body=_("“%(title)s” may be implemented at once; the written signature follows."),
    )  # fmt: skip
    tell(
        User.objects.holding(Role.SUPERVISOR), defect, event="emergency", now=now, urgent=True,
        subject=_("%(number)s needs a written signature within 24 hours"),
        body=_("“%(title)s” was released by word of mouth. Somebody else must sign for it."),
    )  # fmt: skip
