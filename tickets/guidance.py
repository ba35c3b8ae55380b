"""The next step of a defect, said to each reader: what is mine to do, else for whom it waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets import current
from tickets.models import Defect
from tickets.models.defect_states import DefectState
from workflow.actions import Offer
from workflow.decisions import Text
from workflow.durations import stamp

S = DefectState


@dataclass(frozen=True)
class NextStep:
    """``mine``: the reader can do it now. ``also``: duties beside the steps.

    ``flag`` says that an emergency implementation is unsigned; ``late`` that it is so too long.
    """

    text: Text
    mine: bool = False
    also: list[Text] = field(default_factory=list)
    flag: Text = ""
    late: bool = False


@dataclass(frozen=True)
class _Saying:
    """Acts that are the step, what their doer is told, and what everybody else is told."""

    acts: tuple[str, ...]
    doer: Text
    others: Text


_PROCESSING = _Saying(
    ("send_for_sign_off",),
    _("Write the solution and send it for sign-off; or say why there is none."),
    _("The assignee works out a solution and sends it for sign-off."),
)
_SAYINGS: dict[str, _Saying] = {
    S.DRAFT: _Saying(
        ("submit",), _("Complete the form and submit it."),
        _("It has not been submitted yet."),
    ),
    S.SUBMITTED: _Saying(
        ("accept",), _("Accept it, or return it when something is missing."),
        _("Service support accepts it in working hours."),
    ),
    S.RETURNED: _Saying(
        ("submit",), _("Add what is missing and submit it again."),
        _("The reporter adds what is missing and submits it again."),
    ),
    S.TRIAGING: _Saying(
        ("classify_technical",),
        _("Decide whether it is a technical, a business or an operation issue."),
        _("Service support analyses it and decides who goes on."),
    ),
    S.TECH_PROCESSING: _PROCESSING,
    S.BIZ_PROCESSING: _PROCESSING,
    S.PENDING_SIGNOFF: _Saying(
        ("approve",), _("Read the solution, then sign it or send it back."),
        _("A supervisor who had no part in it signs the solution or sends it back."),
    ),
    S.APPROVED: _Saying(
        ("start",), _("Start the implementation at the planned time."),
        _("The named implementer carries the signed solution out."),
    ),
    S.IMPLEMENTING: _Saying(
        ("finish",), _("Report it done with its change record; or failed and rolled back."),
        _("The implementer reports it done, or failed and rolled back."),
    ),
    S.VERIFYING: _Saying(
        ("verify_solved",), _("Check whether it is solved, and say how you know."),
        _("Somebody other than the implementer checks whether it is solved."),
    ),
    S.RESOLVED: _Saying(
        ("reply",), _("Reply with solution, analysis and cause."),
        _("Service support replies to the submitting unit."),
    ),
    S.REPLIED: _Saying(
        ("close",), _("Read the reply. When you are content, accept it."),
        _("The reporter reads the reply and accepts it."),
    ),
}  # fmt: skip
_DECIDED_ABOVE = _Saying(
    ("decide",), _("Read the report and decide how to go on."),
    _("The superior department decides how to go on."),
)  # fmt: skip
_TO_REPORT = _Saying(
    ("report_upward",), _("Send the report to the superior department, which then decides."),
    _("Service support reports it to the superior department, which then decides."),
)  # fmt: skip
_REPORT_FIRST = _Saying(
    ("report_upward",), _("Report to the superior department first, then reply."),
    _("Service support reports it upward, then replies."),
)  # fmt: skip
_TO_EXPLAIN = _Saying(
    ("reply",), _("Reply with the explanation the superior department decided on."),
    _("Service support replies with an explanation."),
)  # fmt: skip
_REFUTED = _Saying(
    ("reply",), _("Reply that it is no defect, or explain it as an operation issue."),
    _("Service support replies, or explains it as an operation issue."),
)  # fmt: skip
_RELEASED = _Saying(
    ("start",), _("Start the implementation at once: it is released in an emergency."),
    _("The named implementer carries out what was released in an emergency."),
)  # fmt: skip
_SIDE = _Saying(
    ("reclassify_agree",), _("Decide whether it changes sides."),
    _("Service support decides whether it changes sides."),
)  # fmt: skip
_SIDE_THIRD = _Saying(
    ("reclassify_agree",), _("Rule for the third time on which side it stands."),
    _("A supervisor rules on which side it stands."),
)  # fmt: skip
_COSIGN = _Saying(
    ("unsolvable_agree", "unsolvable_refuse"),
    _("Read why it cannot be solved, then co-sign or refuse."),
    _("A supervisor co-signs that it cannot be solved, or refuses."),
)  # fmt: skip
_ANSWER = _Saying(
    ("answer_group",), _("Give the opinion of your group."),
    _("The project groups that were asked give their opinions."),
)  # fmt: skip
# Duties beside the steps, with the act that does them.
_BESIDE: dict[str, Text] = {
    "answer_group": _("Your group is asked for its opinion."),
    "report_upward": _("The report to the superior department is to be sent."),
    "acknowledge_report": _("The report upward waits for your acknowledgement."),
    "sign_emergency": _("The emergency implementation waits for your written signature."),
    "record_acknowledgement": _(
        "The superior department has been silent for five working days: what it acknowledged "
        "outside the desk may be recorded."
    ),
}


def next_step(defect: Defect, user: User, offers: Iterable[Offer]) -> NextStep:
    """What happens next with ``defect``, said to ``user``, to whom ``offers`` are offered."""
    step = _next_step(defect, user, offers)
    release = current.unsigned_emergency(defect) if user.is_desk else None
    if release is None:
        return step
    late = release.overdue_at is not None
    flag = (
        _("Released in an emergency: the written signature has been missing since %(at)s.")
        if late
        else _("Released in an emergency, not signed: the written signature is due by %(at)s.")
    )
    return replace(step, flag=flag % {"at": stamp(release.sign_due_at)}, late=late)


def _next_step(defect: Defect, user: User, offers: Iterable[Offer]) -> NextStep:
    able = {offer.action.code for offer in offers if offer.enabled}
    if defect.state == S.DEFERRED:
        return _deferred(defect, able)
    saying = _saying(defect)
    if saying is None:
        return NextStep(_("Nothing more is to be done."), also=_beside(able, ()))
    mine = not able.isdisjoint(saying.acts)
    text: Text = saying.doer if mine else saying.others
    also = _beside(able, saying.acts)
    if saying is _ANSWER and user.is_desk and not mine:
        names = ", ".join(row.group.label for row in current.pending_opinions(defect))
        text = _("Waits for the opinion of: %(names)s.") % {"names": names}
    return NextStep(text, mine, also)


def _deferred(defect: Defect, able: set[str]) -> NextStep:
    values = {"day": stamp(defect.review_at)}
    if "resume" in able:
        text = _("Deferred until %(day)s; you may resume it earlier.") % values
    else:
        text = _("Deferred until %(day)s; then it is taken up again by itself.") % values
    return NextStep(text, "resume" in able, _beside(able, ()))


def _saying(defect: Defect) -> _Saying | None:
    if defect.state == S.AWAITING_SUPERIOR:
        return _above(defect)
    if defect.state in (S.TECH_PROCESSING, S.BIZ_PROCESSING):
        return _processing(defect)
    if defect.state == S.TRIAGING and defect.result == Defect.Result.NOT_A_DEFECT:
        return _ANSWER if current.pending_opinions(defect) else _REFUTED
    if defect.state == S.APPROVED and current.valid_sign_off(defect) is None:
        return _RELEASED
    if defect.state == S.RESOLVED:
        report = current.report_upward(defect)
        if report and not report.is_sent:
            return _REPORT_FIRST
    return _SAYINGS.get(str(defect.state))


def _above(defect: Defect) -> _Saying:
    if defect.result == Defect.Result.EXPLAINED:
        return _TO_EXPLAIN
    report = current.report_upward(defect)
    return _DECIDED_ABOVE if report and report.is_sent else _TO_REPORT


def _processing(defect: Defect) -> _Saying:
    proposal = current.pending_reclassification(defect)
    if proposal:
        return _SIDE_THIRD if proposal.needs_supervisor else _SIDE
    if current.pending_unsolvable(defect):
        return _COSIGN
    return _ANSWER if current.pending_opinions(defect) else _PROCESSING


def _beside(able: set[str], said: Iterable[str]) -> list[Text]:
    return [text for code, text in _BESIDE.items() if code in able and code not in said]
