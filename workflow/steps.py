"""One step of a record: the skeleton that every state-changing service uses.

    transaction → visible row under lock → version → policy → transition → save → audit event

Clocks and outbox rows are written by the service inside the same block. A refusal is itself noted
in the trail, after everything else has been rolled back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import models
from django_fsm import TransitionNotAllowed

from accounts.acting import note_act
from accounts.actors import SystemActor
from accounts.models import User
from audit import services as audit
from audit.models import Event
from workflow.authority import Policy, decide
from workflow.decisions import decide as ask
from workflow.errors import NotFound, Refusal, StaleVersion, WrongState, insist
from workflow.models import FlowRecord

RecordT = TypeVar("RecordT", bound=FlowRecord)
ActorT = User | SystemActor
_after_public: list[Callable[[Any, str], None]] = []


def after_public_step(handler: Callable[[Any, str], None]) -> None:
    """Call ``handler(step, action)`` in the transaction of every public step."""
    _after_public.append(handler)


# Called with the step: its locked record, actor, instant and opinion.
Follower = Callable[[Any], None]

_followers: dict[str, list[Follower]] = {}


def after_step(model_label: str, follower: Follower) -> None:
    """Call ``follower(step)`` at the end of every step of a kind of record.

    It runs inside the step's transaction, after the record was saved and before its audit event.
    ``model_label`` such as ``tickets.defect``. A room registers its own followers in ``ready``.
    """
    listed = _followers.setdefault(model_label, [])
    if follower not in listed:
        listed.append(follower)


@dataclass
class Step(Generic[RecordT]):
    """The locked record, and what the audit event will say about it."""

    record: RecordT
    actor: ActorT
    now: datetime
    opinion: str = ""
    role: str = ""
    public: bool = False
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def on_behalf_of(self) -> User | None:
        """The person in whose place it is done (I15)."""
        return self.actor.on_behalf_of if isinstance(self.actor, User) else None


@contextmanager
def step(
    queryset: models.QuerySet[Any],
    record: RecordT,
    *,
    actor: ActorT,
    action: str,
    policy: Policy,
    now: datetime,
    version: int | None = None,
    opinion: str = "",
    public: bool = False,
    touches: bool = True,
) -> Iterator[Step[RecordT]]:
    """Lock ``record`` out of ``queryset``, let the block change it, save it and write its event.

    ``queryset`` is what the actor may see (``visible_to``). ``now`` is UTC. ``version`` is the row
    version the person's page was made from. Raises ``NotFound`` (404), ``StaleVersion`` (409),
    ``NotAllowed`` (403) or ``WrongState`` (409); then nothing has changed except one audit event
    with outcome ``refused``. ``touches`` False: the act changes nothing of the record itself, so
    that nobody else's page becomes stale by it.
    """
    try:
        with audit.unit_of_work():
            locked = _lock(queryset, record)
            who, role = _check(locked, actor, policy, version, now)
            work = Step(locked, who, now, opinion=opinion, role=role, public=public)
            before = _values(locked)
            yield work
            _finish(work, action, before, touches)
    except (Refusal, TransitionNotAllowed) as refusal:
        reason = refusal if isinstance(refusal, Refusal) else WrongState(_not_now(refusal))
        if not isinstance(reason, NotFound):
            note_refusal(record, actor, action, reason)
        if reason is refusal:
            raise
        raise reason from refusal


def _lock(queryset: models.QuerySet[Any], record: RecordT) -> RecordT:
    try:
        locked: RecordT = queryset.select_for_update(of=("self",)).get(pk=record.pk)
    except queryset.model.DoesNotExist:
        raise NotFound from None
    return locked


def _check(
    record: FlowRecord, actor: ActorT, policy: Policy, version: int | None, now: datetime
) -> tuple[ActorT, str]:
    """Who acts, and the role that allows it: the actor, or the actor in another's place (I15).

    Roles and delegations are read again: one may have gone since the page was shown.
    """
    if version is not None and record.row_version != version:
        raise StaleVersion
    who = as_stored(actor)
    if isinstance(who, User):
        who, decision = decide(policy, who, record, now)
    else:
        decision = ask(policy, who, record)
    insist(decision)
    return who, decision.role


def as_stored(actor: ActorT) -> ActorT:
    """The actor as the database knows him now (I04)."""
    if isinstance(actor, SystemActor):
        return actor
    stored: User = User.objects.get(pk=actor.pk)
    return stored


def _values(record: FlowRecord) -> dict[str, Any]:
    return {each.attname: getattr(record, each.attname) for each in record._meta.concrete_fields}


def _finish(work: Step[RecordT], action: str, before: dict[str, Any], touches: bool) -> None:
    record = work.record
    after = _state(record)
    if after != before["state"]:
        record.state_since = work.now
    record.row_version += touches
    # Only what the step changed is written: a whole-row save would undo neighbours' columns.
    record.save(
        update_fields=[name for name, value in _values(record).items() if value != before[name]]
    )
    for follower in _followers.get(record._meta.label_lower, ()):
        follower(work)
    for_whom = work.on_behalf_of
    if isinstance(work.actor, User) and for_whom is not None:
        note_act(work.actor, record=record, label=record.label, action=action, now=work.now)
    audit.record(
        actor=work.actor,
        action=action,
        target=record,
        label=record.label,
        on_behalf_of=for_whom.audit_name if for_whom else "",
        happened_at=work.now,
        from_state=before["state"],
        to_state=after,
        role=work.role,
        opinion=work.opinion,
        data=work.data,
        public=work.public,
    )
    for handler in _after_public if work.public else []:
        handler(work, action)


def note_refusal(record: FlowRecord, actor: ActorT, action: str, reason: Refusal) -> None:
    """Write down in the trail that somebody tried what he may not, or may not now."""
    with audit.unit_of_work():
        audit.record(
            actor=actor,
            action=action,
            target=record,
            label=record.label,
            from_state=_state(record),
            data={"code": reason.code},
            outcome=Event.Outcome.REFUSED,
        )


def _state(record: FlowRecord) -> str:
    return str(record.state)  # type: ignore[attr-defined]


def _not_now(refusal: TransitionNotAllowed) -> Any:
    from workflow.decisions import deny_state

    return deny_state().message
