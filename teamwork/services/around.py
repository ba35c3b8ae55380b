"""What people do around a record without moving it: nudge, follow, note, comment.

None of it changes the record's version: whoever is writing on its page is not disturbed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from notifications.services import Letter, notify
from teamwork import mentions
from teamwork.models import Nudge, Watch, about
from teamwork.policies import around as policies
from teamwork.records import RecordKind, kind_of
from workflow.authority import decide
from workflow.decisions import Decision, Text
from workflow.errors import InvalidInput, NotFound, Refusal, insist
from workflow.models import FlowRecord
from workflow.steps import Step, note_refusal
from workflow.texts import says_something

ASK_SUPERVISOR_FROM = 3
SAY_MORE = gettext_lazy("Please say it in words, at least 5 characters.")
Policy = Callable[[RecordKind, User, Any, datetime], Decision]


@dataclass
class Act:
    """The locked record and what its event will say."""

    record: Any
    who: User
    data: dict[str, Any]


@contextmanager
def _act(
    kind: RecordKind,
    record: FlowRecord,
    policy: Policy,
    *,
    code: str,
    actor: User,
    now: datetime,
    opinion: str = "",
    public: bool = False,
) -> Iterator[Act]:
    action = f"{kind.name}.{code}"
    try:
        with audit.unit_of_work():
            locked = (
                kind.visible(actor).select_for_update(of=("self",)).filter(pk=record.pk).first()
            )
            if locked is None:
                raise NotFound
            who, decision = decide(lambda u, r: policy(kind, u, r, now), actor, locked, now)
            insist(decision)
            act = Act(locked, who, {})
            yield act
            audit.record(
                actor=who, action=action, target=locked, label=locked.label, happened_at=now,
                on_behalf_of=who.on_behalf_of.audit_name if who.on_behalf_of else "",
                opinion=opinion, data=act.data, public=public,
            )  # fmt: skip
    except Refusal as refusal:
        if not isinstance(refusal, NotFound | InvalidInput):
            note_refusal(record, actor, action, refusal)
        raise


def nudge(
    kind: RecordKind, record: FlowRecord, *, actor: User, now: datetime, opinion: str = ""
) -> int:
    """Ask the present holder to hurry (催办); returns how often it was done in this state.

    Once per person, record and ``NUDGE_HOURS``. From the third on the supervisors are told too.
    ``now`` UTC. Raises ``NotAllowed``, ``WrongState``.
    """
    with _act(
        kind, record, policies.can_nudge, code="nudge", actor=actor, now=now, opinion=opinion,
        public=True,
    ) as act:  # fmt: skip
        row = act.record
        Nudge.objects.create(**about(row), person=actor, at=now)
        times = nudged(row)
        people = kind.holders(row, now)
        if times >= ASK_SUPERVISOR_FROM:
            people = [*people, *User.objects.holding(Role.SUPERVISOR)]
        act.data["times"] = times
        subject = gettext_lazy("Please hurry: %(number)s (nudged %(times)s times)")
        _tell(
            kind, row, [each for each in people if each.pk != actor.pk], subject=subject,
            body=opinion or kind.title(row), key=f"nudge:{times}:{now.timestamp()}", now=now,
            urgent=True, times=times, as_role=row.holder_role,
        )  # fmt: skip
    return times


def nudged(record: FlowRecord) -> int:
    """How often the holder was nudged since the record is in its state."""
    return Nudge.objects.filter(**about(record), at__gte=record.state_since).count()


def watch(kind: RecordKind, record: FlowRecord, *, actor: User, now: datetime) -> None:
    """Follow a record: its public steps are told. Raises ``WrongState``."""
    with _act(kind, record, policies.can_watch, code="watch", actor=actor, now=now) as act:
        Watch.objects.create(**about(act.record), person=actor, added_by=actor, added_at=now)


def unwatch(kind: RecordKind, record: FlowRecord, *, actor: User, now: datetime) -> None:
    """Follow it no more. Raises ``WrongState``."""
    with _act(kind, record, policies.can_unwatch, code="unwatch", actor=actor, now=now) as act:
        Watch.objects.filter(**about(act.record), person=actor).delete()


def add_watcher(
    kind: RecordKind, record: FlowRecord, *, actor: User, now: datetime, person: User
) -> None:
    """Let another follow it (抄送). Nobody's scope grows: whoever may not see it is refused.

    Raises ``NotAllowed``, ``InvalidInput``.
    """
    with _act(
        kind, record, policies.can_add_watcher, code="add_watcher", actor=actor, now=now
    ) as act:
        if not policies.may_see(kind, person, act.record):
            raise InvalidInput({"person": _("This person may not see the record.")})
        if policies.is_watching(person, act.record):
            raise InvalidInput({"person": _("This person follows it already.")})
        Watch.objects.create(**about(act.record), person=person, added_by=actor, added_at=now)
        act.data["watcher"] = person.audit_name
        subject = gettext_lazy("%(actor)s lets you follow %(number)s")
        _tell(
            kind, act.record, [person], subject=subject, body=kind.title(act.record),
            key=f"watch:{now.timestamp()}", now=now, actor=actor.name,
        )  # fmt: skip


def remove_watcher(
    kind: RecordKind, record: FlowRecord, *, actor: User, now: datetime, person: User
) -> None:
    """Take a follower off. Raises ``NotAllowed``, ``InvalidInput``."""
    with _act(
        kind, record, policies.can_remove_watcher, code="remove_watcher", actor=actor, now=now
    ) as act:
        gone, _rows = Watch.objects.filter(**about(act.record), person=person).delete()
        if not gone:
            raise InvalidInput({"person": _("This person does not follow it.")})
        act.data["watcher"] = person.audit_name


def note(kind: RecordKind, record: FlowRecord, *, actor: User, now: datetime, opinion: str) -> None:
    """An internal note; people named with @ get a message. The bank never sees it.

    Raises ``NotAllowed``, and ``InvalidInput`` for a name that is nobody's, that several people
    have, or of somebody who may not see the record.
    """
    _require(opinion)
    with _act(
        kind,
        record,
        policies.can_note,
        code="internal_note",
        actor=actor,
        now=now,
        opinion=opinion.strip(),
    ) as act:
        named = mentions.people_named(opinion)
        for person in named:
            if not person.is_desk or not policies.may_see(kind, person, act.record):
                raise InvalidInput(
                    {"opinion": _("%(name)s may not see this note.") % {"name": person.name}}
                )
        act.data["mentioned"] = [person.audit_name for person in named]
        subject = gettext_lazy("%(actor)s mentioned you in %(number)s")
        _tell(
            kind, act.record, [each for each in named if each.pk != actor.pk], subject=subject,
            body=opinion.strip(), key=f"mention:{now.timestamp()}", now=now, actor=actor.name,
        )  # fmt: skip


def comment(
    kind: RecordKind, record: FlowRecord, *, actor: User, now: datetime, opinion: str
) -> None:
    """Something to add (补充说明), read by both sides: the other one and the watchers are told.

    Raises ``NotAllowed``, ``WrongState`` after the end, ``InvalidInput``.
    """
    _require(opinion)
    with _act(
        kind, record, policies.can_comment, code="comment", actor=actor, now=now,
        opinion=opinion.strip(), public=True,
    ) as act:  # fmt: skip
        row = act.record
        asker = kind.asker(row)
        other = [asker] if actor.is_desk and asker else kind.holders(row, now)
        people = [each for each in [*other, *watchers(kind, row)] if each.pk != actor.pk]
        subject = gettext_lazy("%(actor)s added to %(number)s")
        _tell(
            kind, row, people, subject=subject, body=opinion.strip(),
            key=f"comment:{now.timestamp()}", now=now, actor=actor.name,
        )  # fmt: skip


def watchers(kind: RecordKind, record: FlowRecord) -> list[User]:
    """Who follows the record and may still see it."""
    rows = Watch.objects.filter(**about(record)).select_related("person__organisation")
    people = [row.person for row in rows]
    return [person for person in people if policies.may_see(kind, person, record)]


def tell_watchers(work: Step[Any], action: str) -> None:
    """After a public step: whoever follows the record is told, except the one who did it."""
    kind = kind_of(work.record)
    label: Text = kind.labels().get(action, "") if kind else ""
    if kind is None or not label or not Watch.objects.filter(**about(work.record)).exists():
        return
    mine = work.actor.pk if isinstance(work.actor, User) else None
    _tell(
        kind, work.record, [each for each in watchers(kind, work.record) if each.pk != mine],
        subject=gettext_lazy("%(number)s: %(act)s"), body=kind.title(work.record),
        key=f"step:{work.record.row_version}", now=work.now, act=label,
    )  # fmt: skip


def _require(text: str) -> None:
    if not says_something(text):
        raise InvalidInput({"opinion": SAY_MORE})


def _tell(
    kind: RecordKind,
    record: FlowRecord,
    people: Iterable[User],
    *,
    subject: Text,
    body: str,
    key: str,
    now: datetime,
    urgent: bool = False,
    as_role: str = "",
    **values: Any,
) -> None:
    def write(person: User) -> Letter:
        shown = {name: str(value) for name, value in values.items()}
        return Letter(str(subject) % {"number": record.label, **shown}, body)

    notify(
        recipients=people, key=f"{kind.name}:{record.pk}:{key}", write=write, url=kind.url(record),
        now=now, urgent=urgent, as_role=as_role, is_drill=bool(getattr(record, "is_drill", False)),
    )  # fmt: skip
