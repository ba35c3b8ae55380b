"""Proposing, publishing, revising and retiring knowledge (C8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from notifications.services import Letter, notify
from numbering.services import KNOWLEDGE, allocate
from operations.models import ManagedObject
from tickets import policies_knowledge as policies
from tickets.knowledge_search import write_grams
from tickets.models import Consultation, KnowledgeArticle, KnowledgeOpinion, KnowledgeVersion
from tickets.models.categories import Category
from tickets.services.inputs import require
from workflow.decisions import same_person
from workflow.errors import InvalidInput, NotAllowed
from workflow.steps import step

V = KnowledgeVersion.State
BODY = _("Knowledge: “%(title)s”.")


@dataclass(frozen=True)
class Wording:
    """The texts of one version."""

    title: str
    question: str
    answer: str
    keywords: str = ""
    public: bool = False


def propose(
    *,
    actor: User,
    now: datetime,
    wording: Wording,
    category: str = Category.OTHER,
    managed_object: ManagedObject | None = None,
    source: Consultation | None = None,
    token: UUID | None = None,
    is_demo: bool = False,
) -> KnowledgeArticle:
    """A new article (ZS-…), from a consultation or from scratch; support is told (C8).

    The same person and ``token`` give the first one back. Raises ``NotAllowed``, ``InvalidInput``.
    """
    if not (decision := policies.can_propose(actor)):
        raise NotAllowed(decision)
    _check(wording)
    try:
        with audit.unit_of_work():
            article = KnowledgeArticle(
                number=allocate(KNOWLEDGE, now=now), category=category, author=actor,
                managed_object=managed_object, source=source, created_at=now, state_since=now,
                submission_token=token, is_demo=is_demo, **asdict(wording),
            )  # fmt: skip
            article.propose()
            article.held_by(Role.SUPPORT)
            article.save()
            _write_version(article, 1, wording, actor, now)
            write_grams(article)
            audit.record(
                actor=actor, action="knowledge.propose", target=article, label=article.number,
                happened_at=now, to_state=str(article.state),
                data={"source": source.number if source else ""},
            )  # fmt: skip
    except IntegrityError:
        mine = KnowledgeArticle.objects.filter(author=actor, submission_token=token)
        first: KnowledgeArticle | None = mine.first()
        if token is None or first is None:
            raise
        return first
    return article


def revise(
    article: KnowledgeArticle,
    *,
    actor: User,
    now: datetime,
    wording: Wording,
    version: int | None = None,
) -> KnowledgeArticle:
    """Write the next version; the present one counts until the new one is published."""
    _check(wording)
    with step(
        KnowledgeArticle.objects.visible_to(actor), article, actor=actor,
        action="knowledge.revise", policy=policies.can_revise, now=now, version=version,
    ) as work:  # fmt: skip
        record: KnowledgeArticle = work.record
        latest = record.versions.order_by("-version").first()
        if latest and all(getattr(latest, k) == v for k, v in asdict(wording).items()):
            raise InvalidInput({"answer": _("Nothing has been changed.")})
        number = (latest.version if latest else 0) + 1
        if record.state == KnowledgeArticle.State.DECLINED:
            record.propose()
        record.held_by(Role.SUPPORT)
        _write_version(record, number, wording, actor, now)
        work.data = {"version": number}
    return record


def publish(
    article: KnowledgeArticle, *, actor: User, now: datetime, version: int | None = None
) -> KnowledgeArticle:
    """The waiting version counts from now on; never by its own author (C8)."""
    with step(
        KnowledgeArticle.objects.visible_to(actor), article, actor=actor,
        action="knowledge.publish", policy=policies.can_decide, now=now, version=version,
        public=True,
    ) as work:  # fmt: skip
        record: KnowledgeArticle = work.record
        waiting = _decide(record, V.PUBLISHED, actor, now)
        before = record.versions.filter(state=V.PUBLISHED).exclude(pk=waiting.pk)
        before.update(state=V.SUPERSEDED)
        record.title, record.question, record.answer = (
            waiting.title, waiting.question, waiting.answer,
        )  # fmt: skip
        record.keywords, record.public = waiting.keywords, waiting.public
        record.version, record.published_at = waiting.version, now
        record.publish()
        write_grams(record)
        work.data = {"version": waiting.version, "public": waiting.public}
        _tell([waiting.author], record, "published", _("%(number)s has been published"), now)
    return record


def decline(
    article: KnowledgeArticle,
    *,
    actor: User,
    now: datetime,
    opinion: str,
    version: int | None = None,
) -> KnowledgeArticle:
    """The waiting version is not published, with the reason; its author is told."""
    require([("opinion", opinion)])
    with step(
        KnowledgeArticle.objects.visible_to(actor), article, actor=actor,
        action="knowledge.decline", policy=policies.can_decide, now=now, version=version,
        opinion=opinion.strip(),
    ) as work:  # fmt: skip
        record: KnowledgeArticle = work.record
        waiting = _decide(record, V.DECLINED, actor, now, opinion.strip())
        if record.state == KnowledgeArticle.State.PROPOSED:
            record.decline()
        record.held_by_nobody()
        work.data = {"version": waiting.version}
        _tell([waiting.author], record, "declined", _("%(number)s has not been published"), now)
    return record


def retire(
    article: KnowledgeArticle,
    *,
    actor: User,
    now: datetime,
    opinion: str,
    version: int | None = None,
) -> KnowledgeArticle:
    """It no longer holds: kept for the records that name it, suggested no more."""
    require([("opinion", opinion)])
    with step(
        KnowledgeArticle.objects.visible_to(actor), article, actor=actor,
        action="knowledge.retire", policy=policies.can_retire, now=now, version=version,
        opinion=opinion.strip(),
    ) as work:  # fmt: skip
        work.record.retired_because = opinion.strip()
        work.record.retire()
    return work.record


def judge(article: KnowledgeArticle, *, actor: User, now: datetime, useful: bool) -> None:
    """It helped, or it did not: one word per reader, which may be changed.

    Raises ``NotAllowed`` when it is not published.
    """
    if not (decision := policies.can_judge(actor, article)):
        raise NotAllowed(decision)
    KnowledgeOpinion.objects.update_or_create(
        article=article, reader=actor, defaults={"useful": useful, "said_at": now}
    )


def _check(wording: Wording) -> None:
    if not wording.title.strip():
        raise InvalidInput({"title": _("A title, please.")})
    require([("question", wording.question), ("answer", wording.answer)])


def _write_version(
    article: KnowledgeArticle, number: int, wording: Wording, author: User, now: datetime
) -> None:
    KnowledgeVersion.objects.create(
        article=article, version=number, author=author, written_at=now, **asdict(wording)
    )
    able = [
        person for person in User.objects.holding(Role.SUPPORT) if not same_person(person, author)
    ]
    _tell(able, article, f"v{number}", _("%(number)s waits to be published"), now)


def _decide(
    article: KnowledgeArticle, state: str, actor: User, now: datetime, opinion: str = ""
) -> KnowledgeVersion:
    waiting = policies.pending_version(article)
    assert waiting is not None, "the policy asked for it"
    waiting.state, waiting.decided_by, waiting.decided_at = state, actor, now
    waiting.opinion = opinion
    waiting.save(update_fields=["state", "decided_by", "decided_at", "opinion"])
    return waiting


def _tell(
    people: Iterable[User], article: KnowledgeArticle, event: str, subject: object, now: datetime
) -> None:
    def write(_person: User) -> Letter:
        values = {"number": article.number, "title": article.title}
        return Letter(str(subject) % values, str(BODY) % values)

    notify(
        recipients=people, key=f"knowledge:{article.pk}:{event}:{article.row_version}",
        write=write, url=article.get_absolute_url(), now=now,
    )  # fmt: skip
