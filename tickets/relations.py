"""What ties a defect to others, what is asked about it, and what it will do by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from tickets import policies
from tickets.incident_desk import LinkedIncident, incident_of
from tickets.models import Defect, DefectCorrection, DefectLink, EndRequest, FollowUp
from tickets.models.defect_states import DefectState
from workflow.decisions import Text, same_person

S = DefectState


@dataclass(frozen=True)
class Tie:
    """A link as this defect tells it: the words, and the other defect."""

    words: Text
    other: Defect


class Relations:
    """For one reader: other units' defects are left out for people of the bank."""

    def __init__(self, defect: Defect, user: User, now: datetime) -> None:
        self.defect, self.user, self.now = defect, user, now

    @cached_property
    def ties(self) -> list[Tie]:
        """Links of both directions to defects the reader may see (R41)."""
        seen = Defect.objects.visible_to(self.user).filter(number__isnull=False)
        out = DefectLink.objects.filter(defect=self.defect, target__in=seen)
        back = DefectLink.objects.filter(target=self.defect, defect__in=seen)
        found = [
            Tie(DefectLink.Kind(row.kind).label, row.target)
            for row in out.select_related("target__unit")
        ]
        return found + [
            Tie(DefectLink.BACK[DefectLink.Kind(row.kind)], row.defect)
            for row in back.select_related("defect__unit")
        ]

    @cached_property
    def incident(self) -> LinkedIncident | None:
        """The incident it was escalated to (D32)."""
        return incident_of(self.defect)

    @cached_property
    def requests(self) -> list[EndRequest]:
        """Asked to withdraw or to void, newest first; voiding is the desk's own business."""
        rows = EndRequest.objects.filter(defect=self.defect)
        if not self.user.is_desk:
            rows = rows.filter(kind=EndRequest.Kind.WITHDRAW)
        return list(rows.select_related("asked_by", "decided_by").order_by("-asked_at"))

    @cached_property
    def corrections(self) -> list[DefectCorrection]:
        """Notes on a closed defect; the bank reads those that count."""
        rows = DefectCorrection.objects.filter(defect=self.defect)
        if not self.user.is_desk:
            rows = rows.filter(state=DefectCorrection.State.CONFIRMED)
        return list(rows.select_related("written_by", "decided_by"))

    @cached_property
    def next_step(self) -> FollowUp | None:
        """What the engine does next, and when; an unknown day has the obstacle "calendar"."""
        if self.defect.state not in (S.REPLIED, S.DRAFT):
            return None
        rows = FollowUp.objects.filter(defect=self.defect, cycle=self.defect.cycle, done_at=None)
        wanted = [FollowUp.Kind.CLOSE, FollowUp.Kind.DISCARD]
        return rows.filter(kind__in=wanted).first()

    @cached_property
    def recurrence_url(self) -> str:
        """Where the reporter files the problem again, once it can no longer be reopened (D25)."""
        defect = self.defect
        merged = defect.state == S.MERGED and defect.replied_at is not None
        over = defect.state in (S.REPLIED, S.CLOSED) and not policies.can_reopen(
            self.user, defect, self.now
        )
        if not (merged or over):
            return ""
        own = self.user.has_role(Role.REPORTER) and same_person(self.user, defect.reporter)
        if own:
            return f"{reverse('tickets:defect_new')}?recurrence_of={defect.number}"
        if policies.can_file(self.user, defect.reporter, self.now) and self.user.is_desk:
            return (
                f"{reverse('tickets:defect_new')}?recurrence_of={defect.number}"
                f"&reporter={defect.reporter_id}"
            )
        return ""
