"""Who proposes, publishes and retires knowledge (C8): never the same person for one version."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from tickets.models import KnowledgeArticle, KnowledgeVersion
from tickets.policies_consultations import can_take_calls
from workflow.decisions import (
    ALLOW,
    Decision,
    deny_person,
    deny_role,
    deny_state,
    same_person,
)

S = KnowledgeArticle.State


def can_propose(user: User) -> Decision:
    """Whoever takes calls, and technical and business staff."""
    return ALLOW if user.has_role(Role.TECH, Role.BIZ) else can_take_calls(user)


def pending_version(article: KnowledgeArticle) -> KnowledgeVersion | None:
    """The version that waits to be published."""
    rows = article.versions.filter(state=KnowledgeVersion.State.PENDING)
    return rows.select_related("author").first()


def can_revise(user: User, article: KnowledgeArticle) -> Decision:
    """A new version, while none waits; a declined article may be proposed again."""
    decision = can_propose(user)
    if not decision:
        return decision
    if article.state not in (S.PUBLISHED, S.DECLINED) or pending_version(article):
        return deny_state(_("A version of it waits to be published, or it has been retired."))
    return ALLOW


def can_decide(user: User, article: KnowledgeArticle) -> Decision:
    """Service support publishes or declines what somebody else wrote."""
    if not user.has_role(Role.SUPPORT):
        return deny_role()
    waiting = pending_version(article)
    if waiting is None:
        return deny_state(_("No version waits to be published."))
    if same_person(user, waiting.author):
        return deny_person("four_eyes_author", _("Someone else must publish it: you wrote it."))
    return ALLOW


def can_retire(user: User, article: KnowledgeArticle) -> Decision:
    """Service support, with a reason; nothing of it may be waiting."""
    if not user.has_role(Role.SUPPORT):
        return deny_role()
    if article.state != S.PUBLISHED or pending_version(article):
        return deny_state()
    return ALLOW


def can_judge(user: User, article: KnowledgeArticle) -> Decision:
    """Everybody who may read a published article says whether it helped."""
    return ALLOW if article.state == S.PUBLISHED else deny_state()
