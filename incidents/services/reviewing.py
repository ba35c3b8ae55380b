"""E17 and E18: the review, what is to become better, and the end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from incidents import alerts, policies
from incidents.models import ImprovementItem, Incident, Review
from incidents.services.steps import on_incident
from oncall.services import pages
from workflow.errors import InvalidInput
from workflow.texts import says_something


def begin_review(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    participants: Iterable[User],
    root_cause: str,
    plan_use: str,
    plan_remark: str = "",
    version: int | None = None,
) -> Incident:
    """A supervisor chairs the review (E17): participants, root cause, was the plan usable?"""
    with on_incident(
        incident, "begin_review", policies.can_begin_review,
        actor=actor, now=now, version=version, opinion=root_cause, public=False,
    ) as work:  # fmt: skip
        people = list(participants)
        _check_plan(people, plan_use, plan_remark)
        work.record.begin_review()
        work.record.held_by(Role.SUPERVISOR, actor)
        review = Review.objects.create(
            incident=work.record, chair=actor, held_at=now, root_cause=root_cause,
            plan_use=plan_use, plan_remark=plan_remark,
        )  # fmt: skip
        review.participants.set(people)
        work.data = {"participants": [person.audit_name for person in people]}
    return work.record


def _check_plan(people: list[User], plan_use: str, remark: str) -> None:
    if not people:
        raise InvalidInput({"participants": _("Name at least one participant.")})
    if plan_use not in Review.PlanUse.values:
        raise InvalidInput({"plan_use": _("Please choose from the list.")})
    lacking = plan_use in (Review.PlanUse.PARTLY, Review.PlanUse.UNUSABLE)
    if lacking and not says_something(remark):
        raise InvalidInput({"plan_remark": _("Please say what the emergency plan lacked.")})


def add_improvement(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    text: str,
    owner: User,
    due_at: datetime,
    version: int | None = None,
) -> Incident:
    """An improvement item with its owner and its day (E17); the owner is told."""
    with on_incident(
        incident, "add_improvement", policies.can_add_improvement,
        actor=actor, now=now, version=version, opinion=text, public=False,
    ) as work:  # fmt: skip
        if due_at <= now:
            raise InvalidInput({"due_at": _("This time lies in the past.")})
        item = ImprovementItem.objects.create(
            incident=work.record, text=text, owner=owner, due_at=due_at,
            created_by=actor, created_at=now, next_reminder_at=due_at,
        )  # fmt: skip
        work.data = {"owner": owner.audit_name, "due": due_at}
        _tell_owner(work.record, item, now)
    return work.record


def finish_improvement(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    item: ImprovementItem,
    result: str,
    version: int | None = None,
) -> Incident:
    """The owner, or a supervisor, reports an item as done; also after the incident is closed."""
    with on_incident(
        incident, "finish_improvement", policies.can_finish_improvement,
        actor=actor, now=now, version=version, opinion=result, public=False,
    ) as work:  # fmt: skip
        found = policies.open_items(work.record).filter(pk=item.pk).select_for_update().first()
        if found is None or not policies.may_finish(actor, found):
            raise InvalidInput({"item": _("Please choose one of your open items.")})
        found.done_at, found.done_by, found.result = now, actor, result
        found.next_reminder_at = None
        found.save(update_fields=["done_at", "done_by", "result", "next_reminder_at"])
        work.data = {"item": found.text, "due": found.due_at}
    return work.record


def close(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    no_items_reason: str = "",
    version: int | None = None,
) -> Incident:
    """The end (E18). Without improvement items a reason is needed; the other guards stand in
    ``policies.can_close``."""
    with on_incident(
        incident, "close", policies.can_close,
        actor=actor, now=now, version=version, opinion=no_items_reason,
    ) as work:  # fmt: skip
        if not work.record.improvements.exists():
            if not says_something(no_items_reason):
                raise InvalidInput(
                    {"no_items_reason": _("No improvement item: please say why none is needed.")}
                )
            review = Review.objects.get(incident=work.record)
            review.no_items_reason = no_items_reason
            review.save(update_fields=["no_items_reason"])
        work.record.close()
        work.record.closed_at = now
        pages.close_pages(subject=work.record.number, now=now)
    return work.record


def _tell_owner(incident: Incident, item: ImprovementItem, now: datetime) -> None:
    def write() -> tuple[str, str]:
        facts = {"number": incident.number, "what": item.text}
        return (
            _("%(number)s: an improvement item is yours") % facts,
            _("From the review of %(number)s: %(what)s") % facts,
        )

    alerts.tell(incident, [item.owner], key=f"item:{item.pk}", write=write, now=now)
