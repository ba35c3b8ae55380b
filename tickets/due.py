"""The engine "reviews": review dates, missing signatures, a superior who stays silent.

Three kinds of rows with a due column (D26, D28, R47); each is claimed, handled and closed in one
transaction, so that nothing is done twice or lost.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from engine.due import claim_due
from tickets.models import Defect, EmergencyRelease, SuperiorReport
from tickets.services.deferring import resume_by_date
from tickets.services.emergency import flag_unsigned
from tickets.services.letters import tell
from tickets.services.reports import silent_at

ENGINE = "reviews"
BATCH = 20
# While the working calendar of the year is missing, five working days cannot be counted.
LOOK_AGAIN = timedelta(hours=6)


def run_due(now: datetime) -> int:
    """Handle one batch of each kind due at ``now`` (UTC); return how many rows."""
    return resume_deferred(now) + flag_missing_signatures(now) + note_silence(now)


def waiting(now: datetime) -> int:
    """How many rows are due at ``now`` (UTC) and not handled yet, for the health page (I17)."""
    return (
        Defect.objects.filter(state=Defect.State.DEFERRED, review_at__lte=now).count()
        + EmergencyRelease.objects.filter(next_check_at__lte=now).count()
        + SuperiorReport.objects.filter(
            state=SuperiorReport.State.SENT, next_check_at__lte=now
        ).count()
    )


def resume_deferred(now: datetime) -> int:
    """Defects whose review date has come go back to their assignee (D28)."""
    with audit.unit_of_work():
        deferred = Defect.objects.filter(state=Defect.State.DEFERRED)
        rows = claim_due(deferred, now=now, due_field="review_at", limit=BATCH)
        for defect in rows:
            resume_by_date(defect, now=now)
    return len(rows)


def flag_missing_signatures(now: datetime) -> int:
    """Emergency releases unsigned after 24 hours get their red flag (D26)."""
    with audit.unit_of_work():
        releases = EmergencyRelease.objects.select_related("defect")
        rows = claim_due(releases, now=now, due_field="next_check_at", limit=BATCH)
        for release in rows:
            flag_unsigned(release, now)
    return len(rows)


def note_silence(now: datetime) -> int:
    """Supervisors learn once that the superior has been silent for five working days (R47)."""
    with audit.unit_of_work():
        reports = SuperiorReport.objects.filter(state=SuperiorReport.State.SENT)
        reports = reports.select_related("defect")
        rows = claim_due(reports, now=now, due_field="next_check_at", limit=BATCH)
        for report in rows:
            _look_at(report, now)
    return len(rows)


def _look_at(report: SuperiorReport, now: datetime) -> None:
    sent_at = report.sent_at or now
    report.silent_at = report.silent_at or silent_at(sent_at)
    if report.silent_at is None:
        report.next_check_at = now + LOOK_AGAIN
    elif report.silent_at > now:
        report.next_check_at = report.silent_at
    else:
        report.next_check_at = None
        tell(
            User.objects.holding(Role.SUPERVISOR), report.defect, event="silent", now=now,
            subject=_("The superior department is silent about %(number)s"),
            body=_(
                "The report on “%(title)s” was not acknowledged within five working days. "
                "What was acknowledged outside the desk may now be recorded."
            ),
        )  # fmt: skip
    report.save(update_fields=["silent_at", "next_check_at"])
