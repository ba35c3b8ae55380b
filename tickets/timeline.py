"""What happened to a defect, told from the audit trail."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.shown import shown_name
from audit.models import Event
from tickets.models import Defect, DefectLink, GroupOpinion, SuperiorDecision
from workflow.timeline import told_to

# Event → what it is called, and its icon.
EVENTS: dict[str, tuple[Any, str]] = {
    "defect.save": (_("Draft saved"), "device-floppy"),
    "defect.submit": (_("Submitted"), "send"),
    "defect.accept": (_("Accepted"), "check"),
    "defect.return": (_("Returned for information"), "arrow-back"),
    "defect.classify_technical": (_("Judged a technical issue"), "tools"),
    "defect.classify_business": (_("Judged a business issue"), "building-bank"),
    "defect.convert": (_("Explained and converted to a consultation"), "messages"),
    "defect.reclassify": (_("Change of side proposed"), "switch-horizontal"),
    "defect.reclassify_agree": (_("Changed sides"), "switch-horizontal"),
    "defect.reclassify_refuse": (_("Change of side refused"), "ban"),
    "defect.ask_groups": (_("Project groups asked"), "message-question"),
    "defect.answer_group": (_("A project group answered"), "message-check"),
    "defect.remove_group": (_("Question to a group taken back"), "x"),
    "defect.save_plan": (_("Plan kept as a draft"), "device-floppy"),
    "defect.unsolvable": (_("Stated that it cannot be solved"), "circle-x"),
    "defect.unsolvable_agree": (_("Co-signed: it cannot be solved"), "signature"),
    "defect.unsolvable_refuse": (_("Not agreed that it cannot be solved"), "arrow-back-up"),
    "defect.recall": (_("Taken back before the signature"), "arrow-back"),
    "defect.release_emergency": (_("Released in an emergency"), "alarm"),
    "defect.sign_emergency": (_("Emergency implementation signed"), "signature"),
    "defect.emergency_overdue": (_("24 hours without a written signature"), "alert-triangle"),
    "defect.change_plan": (_("Plan to be changed, signature void"), "file-pencil"),
    "defect.decide": (_("Decided by the superior department"), "rubber-stamp"),
    "defect.resume": (_("Resumed"), "player-play"),
    "defect.record_acknowledgement": (
        _("Acknowledgement outside the desk recorded"),
        "clipboard-check",
    ),
    "defect.reopen_after_objection": (_("Reopened after an objection"), "arrow-back"),
    "defect.back_to_triage": (_("Sent back to triage"), "arrow-back"),
    "defect.not_confirmed": (_("Found not to be a defect"), "circle-x"),
    "defect.send_for_sign_off": (_("Confirmed and sent for sign-off"), "signature"),
    "defect.approve": (_("Approved and signed"), "signature"),
    "defect.send_back": (_("Plan sent back"), "arrow-back-up"),
    "defect.start": (_("Implementation started"), "player-play"),
    "defect.finish": (_("Implementation done"), "checks"),
    "defect.fail": (_("Implementation failed and rolled back"), "alert-triangle"),
    "defect.verify_solved": (_("Verified as solved"), "circle-check"),
    "defect.verify_unsolved": (_("Verified as not solved"), "circle-x"),
    "defect.report_upward": (_("Reported to the superior department"), "arrow-narrow-up"),
    "defect.acknowledge_report": (_("Report acknowledged"), "clipboard-check"),
    "defect.reply": (_("Replied"), "message-reply"),
    "defect.close": (_("Reply accepted, closed"), "checks"),
    "defect.remind": (_("Reminder to accept the reply"), "bell"),
    "defect.auto_close": (_("Closed automatically"), "checks"),
    "defect.stays_open": (_("Could not be closed automatically yet"), "clock-off"),
    "defect.reopen": (_("Reopened"), "refresh"),
    "defect.follow_reopen": (_("The work on its cause goes on"), "refresh"),
    "defect.receive": (_("Reply received"), "checks"),
    "defect.correct": (_("Correction appended"), "note"),
    "defect.confirm_correction": (_("Correction decided"), "clipboard-check"),
    "defect.rate": (_("Rated"), "star"),
    "defect.withdraw": (_("Withdrawn"), "x"),
    "defect.ask_withdraw": (_("The reporter asks to withdraw it"), "help"),
    "defect.agree_withdraw": (_("Withdrawn by agreement"), "x"),
    "defect.decline_withdraw": (_("Withdrawal declined"), "arrow-back"),
    "defect.ask_void": (_("To be voided: a supervisor is asked"), "help"),
    "defect.confirm_void": (_("Voided"), "ban"),
    "defect.decline_void": (_("Voiding declined"), "arrow-back"),
    "defect.merge": (_("Merged into another defect"), "git-merge"),
    "defect.take_in": (_("Another defect was merged into this one"), "git-merge"),
    "defect.unmerge": (_("Split off from the other defect"), "transfer"),
    "defect.split_off": (_("A merged defect was split off"), "transfer"),
    "defect.escalate": (_("Escalated to an incident"), "urgent"),
    "defect.link": (_("Linked to another defect"), "link"),
    "defect.linked": (_("Another defect was linked to it"), "link"),
    "defect.unlink": (_("Link taken away"), "unlink"),
    "defect.unlinked": (_("Link taken away"), "unlink"),
    "defect.attach": (_("Files added"), "paperclip"),
    "defect.nudge": (_("Nudged"), "bell-plus"),
    "defect.add_watcher": (_("A follower was added"), "eye"),
    "defect.remove_watcher": (_("A follower was taken off"), "eye-off"),
    "defect.internal_note": (_("Internal note"), "note"),
    "defect.comment": (_("Something added"), "message-plus"),
    "defect.hand_over": (_("Handed over to a colleague"), "users-group"),
}
_BACKWARDS = {
    "defect.return", "defect.send_back", "defect.fail", "defect.verify_unsolved",
    "defect.back_to_triage", "defect.reopen", "defect.follow_reopen", "defect.stays_open",
    "defect.change_plan", "defect.emergency_overdue",
    "defect.unsolvable_refuse", "defect.reclassify_refuse",
    "defect.reopen_after_objection",
}  # fmt: skip


# Values of an event that are told as they are.
_TOLD = (
    "group", "outside_the_desk", "authoriser", "incident", "consultation", "change_record",
    "report", "reply", "parent", "child", "target",
)  # fmt: skip


def entries(defect: Defect, user: User) -> list[dict[str, Any]]:
    """Entries for ``{% timeline %}``, newest first; the bank sees only the public ones."""
    return [_entry(event, user) for event in told_to(user, defect)]


def _entry(event: Event, user: User) -> dict[str, Any]:
    title, icon = EVENTS.get(event.action, (event.action, ""))
    return {
        "at": event.happened_at,
        "title": title,
        "person": shown_name(event.actor_key, event.actor_name, event.on_behalf_of),
        "text": "\n".join(line for line in (event.opinion, _detail(event.data)) if line),
        "internal": user.is_desk and not event.public,
        "tone": "warn" if event.action in _BACKWARDS else "",
        "icon": icon,
    }


def _detail(data: dict[str, Any]) -> str:
    parts = []
    if version := data.get("version"):
        parts.append(_("Version %(version)s") % {"version": version})
    if assignee := data.get("assignee"):
        parts.append(_("Assigned to %(name)s") % {"name": assignee})
    if kind := data.get("kind"):
        parts.append(str(DefectLink.Kind(kind).label) if kind in DefectLink.Kind else "")
    if rating := data.get("rating"):
        parts.append(_("Rating %(rating)s of 5") % {"rating": rating})
    if watcher := data.get("watcher"):
        parts.append(str(watcher))
    if handed := data.get("handed_from"):
        parts.append(f"{handed} → {data.get('handed_to') or '—'}")
    parts += [str(name) for name in data.get("groups", [])]
    if choice := data.get("decision"):
        parts.append(str(dict(SuperiorDecision.Decision.choices).get(choice, choice)))
    if answer := data.get("answer"):
        parts.append(str(dict(GroupOpinion.Answer.choices).get(answer, answer)))
    parts += [str(data[name]) for name in _TOLD if data.get(name)]
    parts += [str(name) for name in data.get("files", [])]
    return " · ".join(parts)
