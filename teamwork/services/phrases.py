"""Keeping words ready for the texts one writes every day (常用语)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from audit import services as audit
from teamwork.models import Phrase
from teamwork.policies import phrases as policies
from workflow.errors import InvalidInput, NotAllowed
from workflow.texts import says_something


def visible_phrases(user: User) -> QuerySet[Phrase]:
    """One's own and the shared ones."""
    return Phrase.objects.filter(Q(owner=user) | Q(owner=None))


def keep_phrase(
    *, actor: User, now: datetime, kind: str, text: str, shared: bool = False
) -> Phrase:
    """Keep a phrase for oneself, or for all (``shared``). ``now`` UTC.

    Raises ``NotAllowed``, and ``InvalidInput`` for words that say nothing or are there already.
    """
    decision = policies.can_share(actor) if shared else policies.can_keep(actor)
    if not decision:
        raise NotAllowed(decision)
    text = " ".join(text.split())
    if not says_something(text):
        raise InvalidInput({"text": _("Please say it in words, at least 5 characters.")})
    if visible_phrases(actor).filter(kind=kind, text=text).exists():
        raise InvalidInput({"text": _("That phrase is there already.")})
    with audit.unit_of_work():
        row: Phrase = Phrase.objects.create(
            owner=None if shared else actor, kind=kind, text=text, made_by=actor, made_at=now
        )
        _note(row, actor, "teamwork.phrase_kept", now)
    return row


def remove_phrase(phrase: Phrase, *, actor: User, now: datetime) -> None:
    """Take one away; what was written with it stays. ``now`` UTC. Raises ``NotAllowed``."""
    decision = policies.can_remove(actor, phrase)
    if not decision:
        raise NotAllowed(decision)
    with audit.unit_of_work():
        _note(phrase, actor, "teamwork.phrase_removed", now)
        phrase.delete()


def _note(row: Phrase, actor: User, action: str, now: datetime) -> None:
    audit.record(
        actor=actor, action=action, target=row, label=row.text[:120], happened_at=now,
        data={"kind": row.kind, "shared": row.owner_id is None},
    )  # fmt: skip
