"""Opinions of project groups on a defect (D10, R33)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets import current, policies
from tickets.models import Defect, GroupOpinion, ProjectGroup
from tickets.services.inputs import SAY_MORE, require
from tickets.services.letters import tell
from workflow.errors import InvalidInput
from workflow.steps import step
from workflow.texts import says_something


def ask_groups(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    groups: Iterable[ProjectGroup],
    question: str,
    version: int | None = None,
) -> Defect:
    """Ask groups for their opinion; until they have answered nothing is sent for sign-off (D10).

    A group is asked once in a cycle. Raises ``InvalidInput`` for a group without members.
    """
    require([("question", question)])
    chosen = list(groups)
    _check_groups(chosen)
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.ask_groups",
        policy=policies.can_ask_groups, now=now, version=version, opinion=question,
    ) as work:  # fmt: skip
        record = work.record
        _check_new(record, chosen)
        GroupOpinion.objects.bulk_create(
            GroupOpinion(
                defect=record, group=group, cycle=record.cycle, question=question.strip(),
                asked_by=actor, asked_at=now,
            )
            for group in chosen
        )  # fmt: skip
        work.data["groups"] = [group.name for group in chosen]
        tell(
            _members(chosen), record, event="opinion", now=now,
            subject=_("The opinion of your group on %(number)s is asked for"),
            body=_("Please say whether “%(title)s” concerns your group."),
        )  # fmt: skip
    return work.record


def answer_group(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    group: GroupOpinion,
    answer: str,
    opinion: str = "",
    version: int | None = None,
) -> Defect:
    """One member answers for the group, once and for good (D10). An opinion must be in words."""
    if answer not in GroupOpinion.Answer.values:
        raise InvalidInput({"answer": _("Say what your group answers.")})
    if answer != GroupOpinion.Answer.CONFIRMED and not says_something(opinion):
        raise InvalidInput({"opinion": SAY_MORE})
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.answer_group",
        policy=policies.can_answer_group, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        row = current.opinions_awaited_from(actor, work.record).filter(pk=group.pk).first()
        if row is None:
            raise InvalidInput({"group": _("This group is not yours, or has answered already.")})
        row.answer, row.opinion = answer, opinion.strip()
        row.answered_by, row.answered_at = actor, now
        row.save(update_fields=["answer", "opinion", "answered_by", "answered_at"])
        work.data.update(group=row.group.name, answer=answer)
        _tell_answered(work.record, row, now)
    return work.record


def remove_group(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    group: GroupOpinion,
    opinion: str,
    version: int | None = None,
) -> Defect:
    """Take a question back that has not been answered (D10); what was answered stays (R33)."""
    require([("opinion", opinion)])
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.remove_group",
        policy=policies.can_remove_group, now=now, version=version, opinion=opinion,
    ) as work:  # fmt: skip
        row = next((e for e in current.pending_opinions(work.record) if e.pk == group.pk), None)
        if row is None:
            raise InvalidInput({"group": _("A group that has answered stays.")})
        row.removed_by, row.removed_at, row.remove_reason = actor, now, opinion.strip()
        row.save(update_fields=["removed_by", "removed_at", "remove_reason"])
        work.data["group"] = row.group.name
    return work.record


def _check_groups(groups: list[ProjectGroup]) -> None:
    if not groups:
        raise InvalidInput({"groups": _("Choose at least one group.")})
    for group in groups:
        if not group.is_active or not group.members.filter(is_active=True).exists():
            raise InvalidInput(
                {"groups": _("%(name)s has nobody who could answer.") % {"name": group.label}}
            )


def _check_new(defect: Defect, groups: list[ProjectGroup]) -> None:
    asked = GroupOpinion.objects.filter(
        defect=defect, cycle=defect.cycle, removed_at=None, group__in=groups
    ).select_related("group")
    for row in asked:
        raise InvalidInput(
            {"groups": _("%(name)s has been asked already.") % {"name": row.group.label}}
        )


def _members(groups: list[ProjectGroup]) -> list[User]:
    return list(
        User.objects.filter(
            pk__in=ProjectGroup.members.through.objects.filter(projectgroup__in=groups).values(
                "user"
            ),
            is_active=True,
        )
    )


def _tell_answered(defect: Defect, row: GroupOpinion, now: datetime) -> None:
    tell(
        [row.asked_by, defect.assignee], defect, event=f"answered{row.pk}", now=now,
        subject=_("A group has answered on %(number)s"),
        body=_("A project group has given its opinion on “%(title)s”."),
    )  # fmt: skip
