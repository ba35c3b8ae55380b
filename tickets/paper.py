"""Document 5.6: the submission form of a defect on A4 paper, with all its areas."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from tickets.dossier import Dossier
from tickets.models import Attachment, Defect, Implementation, SignOff, Triage
from tickets.services.inputs import CHANGE_KINDS
from workflow.durations import stamp

Row = tuple[str, str]


@dataclass(frozen=True)
class Area:
    """One area of the form: rows of label and text, then who signs for it."""

    title: str
    rows: list[Row] = field(default_factory=list)


def areas(dossier: Dossier) -> list[Area]:
    """The areas in the order of the paper; a bank reader gets those meant for him."""
    found = [_submission(dossier)]
    if dossier.sees_internal:
        found += [
            _triage(dossier.triages[0] if dossier.triages else None),
            _processing(dossier),
            _signing(dossier),
            _implementation(dossier),
        ]
    found.append(_verification(dossier))
    if dossier.sees_internal or dossier.report:
        found.append(_upward(dossier))
    found.append(_reply(dossier))
    return found


def box(ticked: bool, label: Any) -> str:
    """☑ or □ before a word."""
    return f"{'☑' if ticked else '□'} {label}"


def boxes(choices: list[tuple[Any, Any]], chosen: Any) -> str:
    """All choices in a line, those chosen ticked."""
    picked = chosen if isinstance(chosen, list) else [chosen]
    return "  ".join(box(value in picked, label) for value, label in choices)


def _submission(dossier: Dossier) -> Area:
    defect = dossier.defect
    files = Attachment.objects.visible_to(dossier.user).filter(defect=defect)
    filer = defect.filed_by.name if defect.filed_by_id != defect.reporter_id else ""
    where = " / ".join(filter(None, [str(defect.managed_object or ""), defect.module]))
    return Area(
        _("Submission area"),
        [
            (_("Submitting unit"), defect.unit.label),
            (_("Reporter"), defect.reporter.name),
            (_("Contact phone"), dossier.contact_phone),
            (_("Submitted at"), stamp(defect.submitted_at)),
            (_("Filed by"), filer),
            (_("Assigning customer"), defect.assigning_customer),
            (_("System / module"), where),
            (_("Found at"), stamp(defect.found_at)),
            (_("Title"), defect.title),
            (_("What happens"), defect.phenomenon),
            (_("Steps that lead to it"), defect.operation_steps),
            (_("What should happen"), defect.expected_result),
            (_("What happens instead"), defect.actual_result),
            (_("Who and how many are affected"), defect.impact),
            (_("Can it be repeated?"), defect.reproducible),
            (_("Terminal, browser, version"), defect.environment),
            (_("Urgency"), boxes(list(Defect.Urgency.choices), defect.urgency)),
            (_("Attachments"), ", ".join(each.name for each in files)),
        ],
    )


def _triage(triage: Triage | None) -> Area:
    people = list(triage.participants.all()) if triage else []
    return Area(
        _("Triage area"),
        [
            (_("Participants"), ", ".join(each.name for each in people)),
            (
                _("Issue type"),
                boxes(list(Defect.IssueType.choices), triage.issue_type if triage else ""),
            ),
            (_("Conclusion and basis"), triage.basis if triage else ""),
            (_("Decided by"), _signed(triage.decided_by, triage.decided_at) if triage else ""),
        ],
    )


def _processing(dossier: Dossier) -> Area:
    defect, latest = dossier.defect, dossier.latest
    judged = True if latest else None
    if defect.result == Defect.Result.NOT_A_DEFECT:
        judged = False
    confirmed = boxes([(True, _("Yes")), (False, _("No"))], judged)
    plan = latest.solution if latest else None
    merged = ", ".join(str(each.number) for each in dossier.children)
    if defect.merged_into:
        merged = f"→ {defect.merged_into.number}"
    texts = ("cause", "measures", "impact", "risk", "rollback_plan", "testing")
    labels = (
        _("Cause"), _("Advice and measures"), _("Impact"), _("Risk"), _("Rollback plan"),
        _("Testing"),
    )  # fmt: skip
    return Area(
        _("Processing area"),
        [
            (_("Is it a defect?"), confirmed),
            (_("Merged"), merged),
            *[
                (label, getattr(plan, name, "") or "")
                for label, name in zip(labels, texts, strict=True)
            ],
            (_("Changes needed"), boxes(list(CHANGE_KINDS.items()), _kinds(plan))),
            (_("Planned for"), stamp(plan.planned_at) if plan else ""),
            (_("Handled by"), _signed(plan.author, plan.created_at) if plan else ""),
        ],
    )


def _kinds(plan: Any) -> list[str]:
    return list(plan.change_kinds) if plan else []


def _signing(dossier: Dossier) -> Area:
    signs: list[SignOff] = dossier.latest.sign_offs if dossier.latest else []
    last = signs[-1] if signs else None
    choices = [
        (SignOff.Decision.APPROVED, _("Approved")),
        (SignOff.Decision.SENT_BACK, _("Sent back")),
    ]
    return Area(
        _("Signature area"),
        [
            (_("Supervisor's opinion"), boxes(choices, last.decision if last else "")),
            (_("Opinion"), last.opinion if last else ""),
            (_("Signed by"), _signed(last.supervisor, last.signed_at) if last else ""),
            (_("Fingerprint of the version"), last.solution_hash[:16] if last else ""),
        ],
    )


def _implementation(dossier: Dossier) -> Area:
    done: Implementation | None = dossier.implementations[0] if dossier.implementations else None
    change = done.change_record if done else None
    return Area(
        _("Implementation area"),
        [
            (_("Implementer"), done.implementer.name if done else ""),
            (_("From – to"), f"{stamp(done.started_at)} – {stamp(done.ended_at)}" if done else ""),
            (_("Backup before the change"), done.backup if done else ""),
            (_("Steps carried out"), done.steps if done else ""),
            (_("Result"), done.result if done else ""),
            (_("Change record"), change.number if change else ""),
            (_("Nothing was changed"), done.no_change_reason if done else ""),
        ],
    )


def _verification(dossier: Dossier) -> Area:
    check = dossier.verifications[0] if dossier.verifications else None
    rows: list[Row] = [
        (
            _("Is it solved?"),
            boxes([(True, _("Yes")), (False, _("No"))], check.solved if check else None),
        ),
        (_("How it was solved"), check.method if check else ""),
    ]
    if dossier.sees_internal:
        rows.append((_("Evidence"), check.evidence if check else ""))
    rows.append((_("Verified by"), _signed(check.verifier, check.verified_at) if check else ""))
    return Area(_("Verification area"), rows)


def _upward(dossier: Dossier) -> Area:
    report = dossier.report
    number = report.number if report else _("Not due")
    sent = report and report.is_sent
    return Area(
        _("Report area"),
        [
            (_("Number"), number),
            (_("Content"), report.content if report else ""),
            (_("Reported by"), _signed(report.sent_by, report.sent_at) if report and sent else ""),
            (
                _("Acknowledged by"),
                _signed(report.acknowledged_by, report.acknowledged_at)
                if report and report.acknowledged_at
                else "",
            ),
            (_("Superior's opinion"), report.opinion if report else ""),
        ],
    )


def _reply(dossier: Dossier) -> Area:
    reply = next((each for each in dossier.replies if each.superseded_at is None), None)
    if reply is None:
        names = [
            _("Number"), _("Solution"), _("Analysis"), _("Cause"), _("Reply to"), _("Sent by"),
            _("Received by the reporter"), _("Rating"),
        ]  # fmt: skip
        return Area(_("Reply area"), [(name, "") for name in names])
    whom = reply.customer or (reply.unit.label if reply.unit else "")
    rated = [(n, str(n)) for n in range(1, 6)]
    return Area(
        _("Reply area"),
        [
            (_("Number"), reply.number),
            (_("Solution"), reply.solution),
            (_("Analysis"), reply.analysis),
            (_("Cause"), reply.cause),
            (
                _("Reply to"),
                f"{reply.get_recipient_kind_display()}: {whom} · {reply.get_channel_display()}",
            ),
            (_("Sent by"), _signed(reply.sent_by, reply.sent_at)),
            (
                _("Received by the reporter"),
                _signed(reply.received_by, reply.received_at) if reply.received_at else "",
            ),
            (_("Rating"), boxes(rated, reply.rating)),
        ],
    )


def _signed(person: Any, at: Any) -> str:
    return f"{person.name if person else ''}  {stamp(at)}"
