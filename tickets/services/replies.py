"""The formal reply and its acceptance (D22, D23, R49, R50)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from numbering.services import REPLY, allocate
from tickets import policies
from tickets.models import Defect, Reply
from tickets.services import follow_ups
from tickets.services.attachments import keep
from tickets.services.inputs import require
from tickets.services.letters import tell
from tickets.services.receipts import check_rating, note_receipt
from workflow.errors import InvalidInput
from workflow.files.antivirus import check_clean
from workflow.steps import step


@dataclass(frozen=True)
class _Words:
    recipient_kind: str
    customer: str
    channel: str
    solution: str
    analysis: str
    cause: str


def reply(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    recipient_kind: str,
    solution: str,
    analysis: str,
    cause: str,
    customer: str = "",
    channel: str = Reply.Channel.DESK,
    files: Sequence[UploadedFile[Any]] = (),
    version: int | None = None,
) -> Defect:
    """Answer with solution, analysis and cause; merged children each get their own reply (D22).

    From here on the defect closes by itself unless somebody objects (D24).
    """
    require([("solution", solution), ("analysis", analysis), ("cause", cause)])
    words = _Words(recipient_kind, customer.strip(), channel, solution, analysis, cause)
    _check_recipient(words)
    check_clean(files, actor=actor)
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.reply",
        policy=policies.can_reply, now=now, version=version, public=True,
    ) as work:  # fmt: skip
        record = work.record
        record.reply()
        record.replied_at, record.review_at = now, None
        record.held_by(Role.REPORTER, record.reporter)
        work.data["reply"] = _write(record, words, actor, now).number
        keep(record, files, actor=actor, now=now)
        _tell_reporter(record, now)
        follow_ups.plan_closing(record, now=now)
        # Under lock: one that is split off at this moment gets no reply (D31).
        children = record.merged_children.select_for_update(of=("self",)).order_by("pk")
        for child in children.select_related("reporter", "unit"):
            _reply_to_child(child, words, actor, now)
    return work.record


def accept_reply(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    rating: int | None = None,
    comment: str = "",
    version: int | None = None,
) -> Defect:
    """The reporter is content: the defect is closed (D23). ``rating`` 1 to 5, or none."""
    check_rating(rating)
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.close",
        policy=policies.can_accept_reply, now=now, version=version, opinion=comment.strip(),
        public=True,
    ) as work:  # fmt: skip
        record = work.record
        record.close()
        record.closed_at = now
        note_receipt(record, actor=actor, now=now, rating=rating, comment=comment)
        follow_ups.settle(record, now=now)
        record.close_reason = Defect.CloseReason.ACCEPTED
        work.data["rating"] = rating
        tell(
            [record.owner], record, event="closed", now=now,
            subject=_("%(number)s is closed"),
            body=_("The reporter has accepted the reply to “%(title)s”."),
        )  # fmt: skip
    return work.record


def _check_recipient(words: _Words) -> None:
    if words.recipient_kind not in Reply.RecipientKind.values:
        raise InvalidInput({"recipient_kind": _("Say to whom the reply goes.")})
    if words.recipient_kind == Reply.RecipientKind.ASSIGNING_CUSTOMER and not words.customer:
        raise InvalidInput({"customer": _("Name the assigning customer.")})
    if words.channel not in Reply.Channel.values:
        raise InvalidInput({"channel": _("Say how the reply is given.")})


def _write(defect: Defect, words: _Words, actor: User, now: datetime) -> Reply:
    Reply.objects.filter(defect=defect, superseded_at=None).update(superseded_at=now)
    return Reply.objects.create(
        number=allocate(REPLY, now=now), defect=defect, cycle=defect.cycle,
        recipient_kind=words.recipient_kind, unit=defect.unit, customer=words.customer,
        channel=words.channel, solution=words.solution.strip(), analysis=words.analysis.strip(),
        cause=words.cause.strip(), sent_by=actor, sent_at=now,
    )  # fmt: skip


def _reply_to_child(child: Defect, words: _Words, actor: User, now: datetime) -> None:
    """The child stays merged; its unit gets a reply with a number of its own (R49)."""
    own = _Words(
        Reply.RecipientKind.SUBMITTING_UNIT, "", words.channel,
        words.solution, words.analysis, words.cause,
    )  # fmt: skip
    answer = _write(child, own, actor, now)
    child.replied_at = now
    child.row_version += 1
    child.save(update_fields=["replied_at", "row_version"])
    audit.record(
        actor=actor, action="defect.reply", target=child, label=child.label, happened_at=now,
        from_state=child.state, to_state=child.state, data={"reply": answer.number}, public=True,
    )  # fmt: skip
    _tell_reporter(child, now)


def _tell_reporter(defect: Defect, now: datetime) -> None:
    tell(
        [defect.reporter], defect, event="replied", now=now,
        subject=_("Reply to %(number)s"),
        body=_("“%(title)s” has been answered. Please read the reply and accept it."),
    )  # fmt: skip
