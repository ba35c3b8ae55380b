"""The reporter's receipt for a reply and the rating that goes with it (R49)."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets import policies
from tickets.models import Defect, Reply
from workflow.errors import InvalidInput
from workflow.steps import step

RATINGS = range(1, 6)


def check_rating(rating: int | None) -> None:
    """1 to 5, or none; raises ``InvalidInput``."""
    if rating is not None and rating not in RATINGS:
        raise InvalidInput({"rating": _("A rating is a number from 1 to 5.")})


def note_receipt(
    defect: Defect, *, actor: User, now: datetime, rating: int | None, comment: str
) -> None:
    """The reply that stands has been received, in the transaction of the act. ``now`` UTC."""
    defect.rating = rating
    Reply.objects.filter(defect=defect, superseded_at=None).update(
        received_by=actor, received_at=now, rating=rating, rating_comment=comment.strip()
    )


def receive(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    rating: int | None = None,
    comment: str = "",
    version: int | None = None,
) -> Defect:
    """The reporter of a merged defect signs for the reply of his unit (R49)."""
    check_rating(rating)
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.receive",
        policy=policies.can_receive, now=now, version=version, opinion=comment.strip(),
        public=True,
    ) as work:  # fmt: skip
        note_receipt(work.record, actor=actor, now=now, rating=rating, comment=comment)
        work.data["rating"] = rating
    return work.record


def rate(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    rating: int | None,
    comment: str = "",
    version: int | None = None,
) -> Defect:
    """A rating after the end, once, within seven days (R49)."""
    if rating is None:
        raise InvalidInput({"rating": _("A rating is a number from 1 to 5.")})
    check_rating(rating)
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.rate",
        policy=partial(policies.can_rate, now=now), now=now, version=version,
        opinion=comment.strip(), public=True,
    ) as work:  # fmt: skip
        work.record.rating = rating
        Reply.objects.filter(defect=work.record, superseded_at=None).update(
            rating=rating, rating_comment=comment.strip()
        )
        work.data["rating"] = rating
    return work.record
