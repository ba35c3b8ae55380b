"""Proposing and deciding versions of the service plan (R56). Running clocks are never touched."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from notifications.services import Letter, notify
from sla import policies, schedule, terms
from sla.models import Agreement, Clock
from sla.moving import t0_of
from sla.terms import Terms
from workflow.durations import stamp
from workflow.errors import NotAllowed, WrongState
from workflow.steps import step
from workflow.texts import says_something

LOOKED_AT = 200


@dataclass(frozen=True)
class Untouched:
    """A running clock that the new version would have treated differently, and won't touch."""

    clock: Clock
    due_at: datetime
    would_be: datetime
    same_milestones: bool


@dataclass(frozen=True)
class Preview:
    """What a version would mean for what is open now; ``more``: not all were looked at."""

    changes: list[tuple[str, str, str]]
    untouched: list[Untouched]
    running: int
    more: bool


def preview(wanted: Terms, *, now: datetime) -> Preview:
    """Differences to the version in force at that time, and the open records that keep theirs.

    Raises ``InvalidInput`` when the parameters can't be. ``now`` UTC.
    """
    terms.check(wanted, now=now)
    return look(wanted)


def look(wanted: Terms, *, but: Agreement | None = None) -> Preview:
    """The same without judging the parameters; ``but``: the version on record itself."""
    others = Agreement.objects.exclude(pk=but.pk) if but else Agreement.objects.all()
    replaced = others.in_force_at(wanted.effective_from)
    running = Clock.objects.filter(state=Clock.State.RUNNING, commitment__is_drill=False)
    clocks = list(running.select_related("commitment__agreement").order_by("due_at")[:LOOKED_AT])
    total = running.count() if len(clocks) == LOOKED_AT else len(clocks)
    return Preview(
        changes=terms.changes(Terms.of(replaced), wanted) if replaced else [],
        untouched=[found for clock in clocks if (found := _untouched(clock, wanted))],
        running=total,
        more=total > len(clocks),
    )


def _untouched(clock: Clock, wanted: Terms) -> Untouched | None:
    """What would be different, had the record been opened under ``wanted``."""
    own, seconds = clock.commitment.agreement, clock.commitment.hour_seconds
    origin = clock.origin
    if clock.kind == Clock.Kind.PLAN and own.plan_clock_origin != wanted.plan_clock_origin:
        t0 = t0_of(clock.commitment) or clock.origin
        origin = schedule.plan_origin(t0, wanted, seconds)  # type: ignore[arg-type]
    would_be = schedule.due(clock.kind, origin, wanted, seconds)  # type: ignore[arg-type]
    same = own.warnings.get(clock.kind) == wanted.warnings.get(clock.kind)
    if would_be == clock.due_at and same:
        return None
    return Untouched(clock, clock.due_at, would_be, same)


def propose(*, actor: User, now: datetime, wanted: Terms) -> Agreement:
    """Write down a new version for a supervisor to confirm. ``now`` UTC.

    Raises ``NotAllowed``, ``WrongState`` when another one waits, ``InvalidInput``.
    """
    decision = policies.can_propose(actor)
    if not decision:
        if decision.kind == "pending":
            raise WrongState(decision.message, decision.code)
        raise NotAllowed(decision)
    terms.check(wanted, now=now)
    try:
        with audit.unit_of_work():
            last = Agreement.objects.aggregate(last=Max("version"))["last"] or 0
            agreement = Agreement(
                **asdict(wanted), version=last + 1, proposed_by=actor, created_at=now,
                state_since=now,
            )  # fmt: skip
            agreement.propose()
            agreement.held_by(Role.SUPERVISOR)
            agreement.save()
            audit.record(
                actor=actor, action="agreement.propose", target=agreement, label=agreement.label,
                happened_at=now, to_state=agreement.state, opinion=wanted.reason,
                data={"changes": [list(each) for each in look(wanted, but=agreement).changes]},
            )  # fmt: skip
            _tell(list(User.objects.holding(Role.SUPERVISOR)), agreement, "proposed", now)
    except IntegrityError:
        raise WrongState(_("Another version waits for its confirmation.")) from None
    return agreement


def confirm(
    agreement: Agreement,
    *,
    actor: User,
    now: datetime,
    opinion: str = "",
    version: int | None = None,
) -> Agreement:
    """Put a version into force from its date on, never before (R56). Raises what steps raise."""
    with step(
        Agreement.objects.visible_to(actor), agreement, actor=actor, action="agreement.confirm",
        policy=policies.can_decide, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        record = work.record
        if record.effective_from <= now:
            raise WrongState(
                _("Its date has passed while it waited: reject it and have it proposed anew."),
                "too_late",
            )
        terms.check(Terms.of(record), now=now)
        record.confirm()
        _decide(record, actor, opinion, now)
        people = list(User.objects.holding(Role.SUPERVISOR, Role.MANAGER))
        _tell([*people, *_proposer(record)], record, "confirmed", now)
    return work.record


def reject(
    agreement: Agreement, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Agreement:
    """Turn a version down, saying why; it stays readable."""
    with step(
        Agreement.objects.visible_to(actor), agreement, actor=actor, action="agreement.reject",
        policy=policies.can_decide, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        work.record.reject()
        _decide(work.record, actor, opinion, now)
        _tell(_proposer(work.record), work.record, "rejected", now)
    return work.record


def take_back(
    agreement: Agreement, *, actor: User, now: datetime, opinion: str, version: int | None = None
) -> Agreement:
    """The system administrator withdraws what nobody has decided yet."""
    with step(
        Agreement.objects.visible_to(actor), agreement, actor=actor, action="agreement.take_back",
        policy=policies.can_take_back, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        work.record.reject()
        _decide(work.record, actor, opinion, now)
    return work.record


def in_force(now: datetime) -> Agreement | None:
    """The version that new commitments would follow at ``now`` (UTC)."""
    return Agreement.objects.in_force_at(now)


def _decide(agreement: Agreement, actor: User, opinion: str, now: datetime) -> None:
    agreement.decided_by, agreement.decided_at = actor, now
    agreement.decision_opinion = opinion.strip() if says_something(opinion) else ""


def _proposer(agreement: Agreement) -> list[User]:
    return [agreement.proposed_by] if agreement.proposed_by else []


def _tell(people: list[User], agreement: Agreement, event: str, now: datetime) -> None:
    def write(_person: User) -> Letter:
        facts = {"version": agreement.label, "date": stamp(agreement.effective_from)}
        subjects = {
            "proposed": _("Service agreement %(version)s waits for confirmation"),
            "confirmed": _("Service agreement %(version)s is confirmed"),
            "rejected": _("Service agreement %(version)s is rejected"),
        }
        body = _("It takes effect at %(date)s. Clocks that run keep the version they started with.")
        if event == "rejected":
            body = _("The version in force stays. The reason stands on its page.")
        return Letter(subjects[event] % facts, body % facts)

    notify(
        recipients=people,
        key=f"agreement:{agreement.version}:{event}",
        write=write,
        url=reverse("sla:agreement", args=[agreement.version]),
        now=now,
    )
